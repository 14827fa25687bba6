"""Lengths, areas, distances and circles on the WGS 84 ellipsoid."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import Geod

Floats = NDArray[np.float64]


def length_m(geometries: Iterable[shapely.Geometry | None]) -> Floats:
    """Metres along each CRS84 geometry: lines, and the rings of areas; 0 for points and nulls."""
    return np.array([_length(geometry) for geometry in geometries], float)


def area_m2(geometries: Iterable[shapely.Geometry | None]) -> Floats:
    """Square metres of each CRS84 geometry, holes left out; 0 for points, lines and nulls.

    Sides are geodesics, as good as straight lines in the map at the size of a district.
    """
    return np.array([_area(geometry) for geometry in geometries], float)


def distance_m(lon_1: ArrayLike, lat_1: ArrayLike, lon_2: ArrayLike, lat_2: ArrayLike) -> Floats:
    """Metres of the shortest way between positions in CRS84 degrees; shapes are broadcast."""
    ends = np.broadcast_arrays(lon_1, lat_1, lon_2, lat_2)
    x_1, y_1, x_2, y_2 = (np.array(end, float) for end in ends)
    _, _, metres = _geod().inv(x_1, y_1, x_2, y_2)
    return np.asarray(metres, float)


def courses(lon: float, lat: float, lons: ArrayLike, lats: ArrayLike) -> tuple[Floats, Floats]:
    """The way from one position to others, CRS84: degrees clockwise from north, and metres."""
    x, y = (np.array(one, float) for one in (lons, lats))
    same = np.ones(x.shape)
    azimuths, _, metres = _geod().inv(same * lon, same * lat, x, y)
    return np.asarray(azimuths, float), np.asarray(metres, float)


def reached(lon: ArrayLike, lat: ArrayLike, azimuths: ArrayLike, m: ArrayLike) -> Floats:
    """Where one comes to that way, as longitude and latitude in the last axis; broadcast."""
    from_x, from_y, ways, metres = (
        np.array(one, float) for one in np.broadcast_arrays(lon, lat, azimuths, m)
    )
    x, y, _ = _geod().fwd(from_x, from_y, ways, metres)
    return np.stack((x, y), axis=-1)


def circle(lon: float, lat: float, radius_m: float, points: int = 64) -> shapely.Geometry:
    """The CRS84 polygon of `points` corners that lie `radius_m` metres from a position.

    Between corners it runs inside the true circle, with 64 by up to 0.12 % of the radius. Raises
    ValueError for a circle over the antimeridian or a pole, which has no single polygon.
    """
    if not (np.isfinite([lon, lat, radius_m]).all() and radius_m > 0 and points >= 4):
        raise ValueError(f"a circle needs a position and a radius above 0 m, not {radius_m} m")
    azimuths = np.linspace(360.0, 0.0, points, endpoint=False)  # counterclockwise
    same = np.ones(points)
    x, y, _ = _geod().fwd(same * lon, same * lat, azimuths, same * radius_m)
    to_pole = distance_m(lon, lat, lon, (90.0, -90.0)).min()
    if to_pole <= radius_m or np.ptp(x) > 180.0:
        raise ValueError(
            f"the circle of {radius_m:g} m around {lon},{lat} crosses the antimeridian or a pole"
        )
    return shapely.polygons(np.column_stack((x, y)))


def _length(geometry: shapely.Geometry | None) -> float:
    lines = (line for part in _simple_parts(geometry) for line in _lines(part))
    return sum(_geod().line_length(*line.xy) for line in lines)


def _area(geometry: shapely.Geometry | None) -> float:
    # shells counterclockwise count up and holes clockwise count down
    polygons = (shapely.orient_polygons(part) for part in _simple_parts(geometry))
    rings = (ring for part in polygons if part.geom_type == "Polygon" for ring in _lines(part))
    return sum(_geod().polygon_area_perimeter(*ring.xy)[0] for ring in rings)


def _simple_parts(geometry: shapely.Geometry | None) -> Iterator[shapely.Geometry]:
    """The points, lines and polygons it consists of; none for null and empty."""
    if geometry is None or geometry.is_empty:
        return
    if not hasattr(geometry, "geoms"):
        yield geometry
        return
    for part in geometry.geoms:
        yield from _simple_parts(part)


def _lines(part: shapely.Geometry) -> list[shapely.Geometry]:
    if part.geom_type == "Polygon":
        return [part.exterior, *part.interiors]
    return [] if part.geom_type == "Point" else [part]


@cache
def _geod() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")

"""Coordinate reference systems: one transform over arrays, between EPSG codes, GCJ-02 and BD-09.

Arrays are always x, y: longitude or easting first, whatever the authority says; degrees for
geographic systems, the unit of the system for projected ones. Where a protocol wants the
authority's order, authority_axis_is_north_first tells when to swap.

CRS84, EPSG:4326 (WGS 84) and EPSG:4490 (CGCS2000) are taken as equal: they differ by centimetres,
and EPSG has no published transformation between them (PROJ offers a ballpark null step only). For
other datums a transformation must be published; PROJ's ballpark guesses are refused.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import datum
from geo.extent import Extent

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

CRS84 = "CRS84"
GCJ02 = "GCJ02"
BD09 = "BD09"
ALLOWED = "CRS84, EPSG:n, GCJ02, BD09 or a WKT definition"
_LATITUDE_FIRST = ("EPSG:4326", "EPSG:4490")
_WGS84 = (CRS84, *_LATITUDE_FIRST)
_OFFSET = (GCJ02, BD09)
_WKT = re.compile(r"(GEOG|GEOD|PROJ|BOUND|COMP)[A-Z_]*\s*\[")
# Definitions made from PROJ strings name an ellipsoid and no datum; of this size CGCS2000 is meant.
_MODERN_AXIS = 6378137.0

# How far a position may be off, there and back, by its size.
_CLOSE = 1e-6

Floats = NDArray[np.float64]


class CRSError(ValueError):
    """A CRS that is not known or cannot be turned to WGS 84, in one sentence."""


def transform(coords: Floats, source: str, target: str) -> Floats:
    """The (n, 2) positions `coords`, x before y, turned from CRS `source` to CRS `target`.

    The result is a new array. A position that has no counterpart in the target, or is not finite,
    becomes (nan, nan); no position raises. An unknown CRS raises CRSError, also for no positions.
    """
    source, target = canonical(source), canonical(target)
    moved = np.array(coords, float).reshape(-1, 2)
    if source != target:
        moved = _from_wgs84(_to_wgs84(moved, source), target)
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved


def transform_geometry(geometry: shapely.Geometry, source: str, target: str) -> shapely.Geometry:
    """One geometry turned, in two dimensions; CRSError when a position has no counterpart."""
    moved = transform_geometries(np.array([geometry], dtype=object), source, target)[0]
    if moved is None:
        raise CRSError(f"the geometry has positions of {source} that do not exist in {target}")
    return moved


def transform_geometries(geometries: NDArray[Any], source: str, target: str) -> NDArray[Any]:
    """An object array of geometries turned, in two dimensions; null stays null.

    A geometry with a position that has no counterpart becomes null: whoever counts or reports
    compares the nulls before and after.
    """
    moved: NDArray[Any] = shapely.transform(
        geometries, lambda coords: transform(coords, source, target)
    )
    coords, index = shapely.get_coordinates(moved, return_index=True)
    moved[index[np.isnan(coords[:, 0])]] = None
    return moved


def transform_extent(box: Extent, source: str) -> Extent | None:
    """A box in CRS84 around all of a box of `source` (x before y); None where that has none.

    Its curved edges are followed at 100 positions each; what bulges between them is well within the
    hundred-thousandth of its size that is added. Across the antimeridian it is all longitudes.
    """
    source = canonical(source)
    west, south, east, north = box
    if source not in _WGS84:
        if source in _OFFSET or not np.isfinite(box).all():
            return None
        edges = _edges(west, south, east, north)
        back = transform(transform(edges, source, CRS84), CRS84, source)
        if not (np.abs(back - edges) <= 1e-6 * (1e4 + np.abs(edges))).all():
            return None  # beyond where the CRS is defined PROJ may well give numbers
        west, south, east, north = _transformer(source).transform_bounds(
            west, south, east, north, densify_pts=99, direction="INVERSE"
        )
        if west > east:
            west, east = -180.0, 180.0
        x, y = (east - west) * 1e-5, (north - south) * 1e-5
        west, south, east, north = west - x, south - y, east + x, north + y
    if not (-181 < west <= east < 181 and -91 < south <= north < 91):
        return None  # also where it is not a number
    return Extent(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))


def _edges(west: float, south: float, east: float, north: float) -> Floats:
    """Positions all along the sides of a box."""
    x, y = np.linspace(west, east, 101), np.linspace(south, north, 101)
    sides = [(x, np.full(101, side)) for side in (south, north)]
    sides += [(np.full(101, side), y) for side in (west, east)]
    return np.hstack(sides).T


def authority_axis_is_north_first(name: str) -> bool:
    """Whether the authority puts northing or latitude first, as for EPSG:4326, 4490 and 4549.

    CRS84 is longitude first by definition; GCJ02 and BD09 have no authority and stay x, y.
    """
    name = canonical(name)
    if name in _WGS84 or name in _OFFSET:
        return name in _LATITUDE_FIRST
    first, second = _crs(name).axis_info[:2]
    if first.direction == second.direction:  # polar: both point to the north, or to the south
        return first.abbrev.startswith("N")
    return first.direction in ("north", "south")


@lru_cache(maxsize=64)
def area_of_use(name: str) -> Extent:
    """Where a CRS is meant to be used, in degrees; the world where its definition does not say."""
    from pyproj import CRS

    area = CRS.from_user_input(name).area_of_use
    return Extent(*area.bounds) if area else Extent(-180.0, -90.0, 180.0, 90.0)


def is_wgs84(name: str) -> bool:
    """Whether positions of a CRS are those of CRS84 as they stand, x before y."""
    return name in _WGS84


@lru_cache(maxsize=64)
def is_geographic(name: str) -> bool:
    """Whether positions in it are degrees of longitude and latitude, also those of GCJ-02."""
    name = canonical(name)
    return is_wgs84(name) or name in _OFFSET or bool(_crs(name).is_geographic)


def there_and_back(coords: Floats, name: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Positions (n, 2) of a CRS, x before y, in CRS84; and which of them are on the globe and come
    back as they were: beyond its domain a projection gives others.
    """
    turned = transform(coords, name, CRS84)
    back = transform(turned, CRS84, name)
    same = (np.abs(back - coords) <= _CLOSE * (1e4 + np.abs(coords))).all(axis=1)
    on_globe = (np.abs(turned) <= (180.0, 90.0)).all(axis=1)
    return turned, np.logical_and(same, on_globe)


@lru_cache(maxsize=64)
def canonical(name: str) -> str:
    """The one spelling of a CRS name, checked to exist; CRSError names what came and is allowed."""
    text = str(name).strip()
    short = text.upper().replace("OGC:", "").replace("-", "")
    if short in _WGS84 or short in _OFFSET:  # answered without loading PROJ
        return short
    if re.fullmatch(r"EPSG:[1-9][0-9]{0,5}", text.upper()):
        text = text.upper()
    elif not _WKT.match(text.upper()):
        raise CRSError(f"CRS {_short(text)} is not known; allowed are {ALLOWED}")
    _crs(text)
    return text


def decimals(name: str) -> int:
    """With how many decimals its positions are written: to a tenth of a millimetre."""
    return 9 if is_geographic(name) else 4


def guess_axis_problem(coords: Floats) -> str | None:
    """What is wrong with (n, 2) positions said to be longitude, latitude; None if all are in range.

    One sentence with the first offending position and, where the numbers tell, the likely mistake.
    Positions must be finite.
    """
    outside = (np.abs(coords) > (180.0, 90.0)).any(axis=1)
    if not outside.any():
        return None
    x, y = coords[int(outside.argmax())].tolist()
    said = f"position {x:.10g},{y:.10g} is outside longitude -180..180, latitude -90..90"
    # beyond two turns nothing is an angle any more
    if np.abs(coords).max() > 720.0:
        return f"{said}: looks like metres, say which CRS"
    if (np.abs(coords) <= (90.0, 180.0)).all():
        return f"{said}: looks like lat,lon, longitude must come first"
    return said


def _to_wgs84(coords: Floats, source: str) -> Floats:
    if source in _WGS84:
        return coords
    if source in _OFFSET:
        lon, lat = coords.T
        if source == BD09:
            lon, lat = datum.bd09_to_gcj02(lon, lat)
        return np.column_stack(datum.gcj02_to_wgs84(lon, lat))
    x, y = _transformer(source).transform(coords[:, 0], coords[:, 1], direction="INVERSE")
    return np.column_stack((x, y))


def _from_wgs84(coords: Floats, target: str) -> Floats:
    if target in _WGS84:
        return coords
    if target in _OFFSET:
        lon, lat = datum.wgs84_to_gcj02(*coords.T)
        if target == BD09:
            lon, lat = datum.gcj02_to_bd09(lon, lat)
        return np.column_stack((lon, lat))
    return np.column_stack(_transformer(target).transform(coords[:, 0], coords[:, 1]))


@lru_cache(maxsize=64)
def _crs(name: str) -> "CRS":
    """The horizontal part of an EPSG code or WKT definition."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError as ProjError

    try:
        crs = CRS.from_user_input(name).to_2d()
    except ProjError as error:
        raise CRSError(f"CRS {_short(name)} is not known; allowed are {ALLOWED}") from error
    if not (crs.is_geographic or crs.is_projected):
        raise CRSError(f"CRS {_short(name)} ({crs.name}) is not geographic or projected")
    return crs


@lru_cache(maxsize=64)
def _transformer(name: str) -> "Transformer":
    """From longitude, latitude of WGS 84 to that CRS, x before y; safe to share between threads."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    crs = _crs(name)
    base = crs.geodetic_crs
    # CGCS2000 systems start from their own latitude and longitude, taken as those of WGS 84
    start = base if base is not None and _is_taken_as_wgs84(base) else "EPSG:4326"
    try:
        return Transformer.from_crs(start, crs, always_xy=True, allow_ballpark=False)
    except ProjError as error:
        raise CRSError(
            f"CRS {_short(name)} ({crs.name}) has no published transformation to WGS 84; "
            "ask for the data in CGCS2000 or WGS 84"
        ) from error


def _is_taken_as_wgs84(base: "CRS") -> bool:
    """CGCS2000, and an unnamed datum on an ellipsoid of that size.

    Only the size is compared: a local system may raise its ellipsoid to the height of its plane
    by some metres, which is no other datum.
    """
    if base.to_2d().to_epsg() == 4490:
        return True
    datum, ellipsoid = base.datum, base.ellipsoid
    unnamed = datum is not None and datum.name.lower().startswith("unknown")
    near = ellipsoid is not None and abs(ellipsoid.semi_major_metre - _MODERN_AXIS) < 100.0
    return unnamed and near


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")

"""Discs on the ellipsoid as CRS84 shapes, wherever they lie: cut at 180 degrees, closed at a pole.

RFC 7946, clause 3.1.9, has what crosses the antimeridian cut there.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.extent import Extent
from geo.geodesic import reached

Floats = NDArray[np.float64]
Shapes = NDArray[Any]

# Metres of a degree on a sphere that is smaller than the ellipsoid everywhere.
SHORTEST_DEGREE = 110_500.0
# A disc that reaches further has no inside and outside that a map could show.
QUARTER = 90 * SHORTEST_DEGREE
WORLD = shapely.box(-180.0, -90.0, 180.0, 90.0)


def discs(lon: Floats, lat: Floats, metres: Floats, corners: int = 64) -> Shapes:
    """The (multi)polygons whose corners lie so many metres, above 0, from positions in degrees.

    Between corners they run inside of the true circles, with 64 by up to 0.12 % of the radius.
    """
    found = np.empty(len(lon), dtype=object)
    if not len(lon):
        return found
    azimuths = np.linspace(360.0, 0.0, corners, endpoint=False)  # counterclockwise
    shorter = np.minimum(metres, QUARTER)
    rings = reached(lon[:, None], lat[:, None], azimuths, shorter[:, None])
    across, up = spread(lat, metres)
    plain = (np.abs(lon) + across < 180) & (np.abs(lat) + up < 90)
    found[plain] = shapely.polygons(rings[plain])
    for place in np.flatnonzero(~plain):
        far = metres[place] >= QUARTER
        found[place] = WORLD if far else on_the_map(rings[place], bool(lat[place] >= 0))
    return found


def spread(lat: Floats, metres: Floats) -> tuple[Floats, Floats]:
    """Degrees of longitude and of latitude in which all lies that is so near; rather too many."""
    up = metres / SHORTEST_DEGREE
    furthest = np.abs(lat) + up
    narrow = np.cos(np.radians(np.minimum(furthest, 90.0)))
    across = np.where(furthest < 89.9, up / np.maximum(narrow, 1e-3), 360.0)
    return np.minimum(across, 360.0), up


def with_room(extent: Extent, metres: float) -> Extent:
    """An extent in which all lies that is so near to this one; it may cross the antimeridian."""
    furthest = max(abs(extent.south), abs(extent.north))
    across, up = (one.item() for one in spread(np.array([furthest]), np.array([metres])))
    south, north = max(extent.south - up, -90.0), min(extent.north + up, 90.0)
    if extent.width + 2 * across >= 360:
        return Extent(-180.0, south, 180.0, north)
    west, east = extent.west - across, extent.east + across
    return Extent(west + 360 * (west < -180), south, east - 360 * (east > 180), north)


def on_the_map(ring: Floats, is_north: bool) -> shapely.Geometry:
    """The (multi)polygon inside a ring of near corners, which may cross 180 degrees.

    One that goes round the globe has a pole inside: the northern or the southern one.
    """
    lon = np.unwrap(ring[:, 0], period=360.0)
    last = np.unwrap([lon[-1], ring[0, 0]], period=360.0)[1]
    corners = np.column_stack((lon, ring[:, 1]))
    if abs(last - lon[0]) > 180:
        pole = 90.0 if is_north else -90.0
        closing = [(last, ring[0, 1]), (last, pole), (lon[0], pole)]
        corners = np.concatenate((corners, closing))
    return wrapped(shapely.polygons(corners))


def wrapped(shape: shapely.Geometry) -> shapely.Geometry:
    """A polygon whose longitudes go on beyond 180 degrees, up to 540, cut and laid on the map."""
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    pieces = []
    for turn in (-360.0, 0.0, 360.0):
        window = shapely.box(turn - 180, -90, turn + 180, 90)
        piece = shapely.intersection(shape, window)
        pieces += [
            shapely.transform(one, lambda at, turn=turn: at - (turn, 0.0))
            for one in shapely.get_parts(piece)
            if one.geom_type == "Polygon"
        ]
    # On a grid of 0.1 mm: turning leaves noise, and pieces that meet would stay apart.
    return shapely.orient_polygons(shapely.union_all(pieces, grid_size=1e-9))

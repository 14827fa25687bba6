"""A plane around a position in which distances from it are true (azimuthal equidistant), in metres.

Near to its middle other distances are as good: 100 km away they are wrong by 0.004 %. It tells
which points of two shapes are nearest; how far apart those are is then measured on the ellipsoid.
"""

from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.discs import on_the_map
from geo.geodesic import courses, distance_m, reached

Floats = NDArray[np.float64]
Shapes = NDArray[Any]

# Degrees: so short, an edge that is straight in the map leaves the plane's by 2 cm.
PIECE = 0.01
MOST_PIECES = 20_000
CORNERS = 90  # of a quarter of a circle


class Plane(NamedTuple):
    """The one that touches the globe at this position, CRS84."""

    lon: float
    lat: float

    @classmethod
    def around(cls, shape: shapely.Geometry) -> "Plane":
        """In the middle of a shape: of its longest part, for it may be cut at 180 degrees."""
        parts = shapely.get_parts(shape)
        longest = parts[int(np.argmax(shapely.length(parts)))]
        middle = shapely.centroid(longest)
        return cls(middle.x, middle.y)

    def flat(self, shapes: Shapes) -> Shapes:
        """CRS84 shapes in the plane, x to the east and y to the north."""
        return np.asarray(shapely.transform(pieces(shapes), self._flat), dtype=object)

    def _flat(self, coords: Floats) -> Floats:
        azimuths, metres = courses(self.lon, self.lat, coords[:, 0], coords[:, 1])
        angles = np.radians(azimuths)
        return np.column_stack((metres * np.sin(angles), metres * np.cos(angles)))

    def round(self, coords: Floats) -> Floats:
        """Positions of the plane as longitude, latitude."""
        azimuths = np.degrees(np.arctan2(coords[:, 0], coords[:, 1]))
        return reached(self.lon, self.lat, azimuths, np.hypot(coords[:, 0], coords[:, 1]))

    def apart_m(self, flat: shapely.Geometry, others: Shapes) -> Floats:
        """Metres of the shortest way on the ellipsoid from a shape of the plane to others."""
        shapely.prepare(flat)
        ways = shapely.get_coordinates(shapely.shortest_line(flat, others))
        ends = self.round(ways).reshape(-1, 2, 2)
        return distance_m(ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 0], ends[:, 1, 1])


def pieces(shapes: Shapes) -> Shapes:
    """The same with many points on long edges."""
    longest = np.maximum(PIECE, shapely.length(shapes) / MOST_PIECES)
    return np.asarray(shapely.segmentize(shapes, longest), dtype=object)


def grown(shape: shapely.Geometry, metres: float) -> shapely.Geometry:
    """All that is so near to a CRS84 shape, as a (multi)polygon; 360 corners make a circle."""
    plane = Plane.around(shape)
    [flat] = plane.flat(np.array([shape], dtype=object))
    wide = shapely.buffer(flat, metres, quad_segs=CORNERS)
    parts = [_round(plane, part) for part in shapely.get_parts(wide)]
    return shapely.orient_polygons(shapely.union_all(parts))


def _round(plane: Plane, part: shapely.Geometry) -> shapely.Geometry:
    shell, *holes = (
        on_the_map(plane.round(shapely.get_coordinates(ring)[:-1]), plane.lat >= 0)
        for ring in (part.exterior, *part.interiors)
    )
    return shapely.difference(shell, shapely.union_all(holes)) if holes else shell

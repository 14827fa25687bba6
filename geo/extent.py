"""Extent: the rectangle that a bbox, a layer or a view covers."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray


class Extent(NamedTuple):
    """West, south, east, north in CRS84 degrees; west > east crosses the antimeridian.

    West > east is read so by RFC 7946 clause 5.2 and by OGC API - Features Core clause 7.15.3.
    """

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, geometries: Sequence[object] | NDArray[Any]) -> "Extent | None":
        """The extent of CRS84 geometries; None when all are null or empty.

        It never crosses the antimeridian: RFC 7946 clause 3.1.9 has geometries cut there.
        """
        bounds = shapely.bounds(np.asarray(geometries, dtype=object))
        bounds = bounds[~np.isnan(bounds[:, 0])]
        if not len(bounds):
            return None
        return cls(*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist())

    @property
    def crosses_antimeridian(self) -> bool:
        """Whether the extent runs from west over 180 degrees to east."""
        return self.west > self.east

    @property
    def width(self) -> float:
        """Degrees of longitude from west to east."""
        return (self.east - self.west) + (360.0 if self.crosses_antimeridian else 0.0)

    @property
    def parts(self) -> "list[Extent]":
        """Itself, or the two extents on either side of the antimeridian; neither crosses it."""
        if not self.crosses_antimeridian:
            return [self]
        return [self._replace(east=180.0), self._replace(west=-180.0)]

    def intersects(self, other: "Extent") -> bool:
        """Whether the two share at least one point; edges count."""
        return any(_overlap(a, b) for a in self.parts for b in other.parts)

    def union(self, other: "Extent") -> "Extent":
        """An extent that covers both.

        Two that do not cross the antimeridian give one that does not cross it either, so a running
        union does not depend on the order; otherwise the narrower way round is taken.
        """
        if self.crosses_antimeridian or other.crosses_antimeridian:
            covers = (_covering(self, other), _covering(other, self))
            west, _, east, _ = min(covers, key=lambda extent: extent.width)
        else:
            west, east = min(self.west, other.west), max(self.east, other.east)
        return Extent(west, min(self.south, other.south), east, max(self.north, other.north))

    @property
    def shape(self) -> shapely.Geometry:
        """All its points; without width or height a line or a point, which is no valid polygon."""
        west, south, east, north = self
        if self.crosses_antimeridian:
            return shapely.union_all([part.shape for part in self.parts])
        if west == east and south == north:
            return shapely.Point(west, south)
        if west == east or south == north:
            return shapely.LineString([(west, south), (east, north)])
        return shapely.box(west, south, east, north)

    def outward(self, decimals: int = 7) -> "Extent":
        """The extent rounded so that it never gets smaller; 7 decimals are 11 mm."""
        return Extent(
            max(-180.0, _round_down(self.west, decimals)),
            max(-90.0, _round_down(self.south, decimals)),
            min(180.0, -_round_down(-self.east, decimals)),
            min(90.0, -_round_down(-self.north, decimals)),
        )


def _overlap(a: Extent, b: Extent) -> bool:
    across = a.west <= b.east and b.west <= a.east
    return across and a.south <= b.north and b.south <= a.north


def _covering(first: Extent, second: Extent) -> Extent:
    """The longitudes from the west of `first` eastwards until both are covered."""
    reach = (second.west - first.west) % 360.0 + second.width
    if max(first.width, reach) >= 360.0:
        return first._replace(west=-180.0, east=180.0)
    return first._replace(east=second.east) if reach > first.width else first


def _round_down(value: float, decimals: int) -> float:
    """The largest number with that many decimals that is not above `value`.

    Rounding to the nearest comes first: floor(value * 10**7) moves many numbers that have seven
    decimals already.
    """
    nearest = round(value, decimals)
    if nearest <= value:
        return nearest
    return math.floor(nearest * 10.0**decimals - 0.5) / 10.0**decimals

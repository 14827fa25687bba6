"""The spatial predicates (DE-9IM) over shapely geometries, exact."""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[Any]
Booleans = NDArray[np.bool_]

_PREDICATES: dict[str, Callable[..., Any]] = {
    "S_INTERSECTS": shapely.intersects,
    "S_EQUALS": shapely.equals,
    "S_DISJOINT": shapely.disjoint,
    "S_TOUCHES": shapely.touches,
    "S_WITHIN": shapely.within,
    "S_OVERLAPS": shapely.overlaps,
    "S_CROSSES": shapely.crosses,
    "S_CONTAINS": shapely.contains,
}
# The same relation seen from the other operand.
SWAPPED = {"S_WITHIN": "S_CONTAINS", "S_CONTAINS": "S_WITHIN"}


def related(op: str, left: Geometries, right: Geometries) -> Booleans:
    """Whether each geometry of `left` is so related to that of `right`; null ones are not."""
    try:
        return np.asarray(_PREDICATES[op](left, right), bool)
    except shapely.GEOSException:  # a stored geometry that GEOS cannot work with: find it
        pairs = zip(*np.broadcast_arrays(left, right), strict=True)
        return np.array([None not in pair and related_pair(op, *pair) for pair in pairs], bool)


def related_to(op: str, geometries: Geometries, literal: shapely.Geometry) -> Booleans:
    """The same of each geometry to one; that is prepared, which helps where it comes first."""
    shapely.prepare(literal)
    alone: Geometries = np.array([literal], dtype=object)
    return related(SWAPPED.get(op, op), alone, geometries)


def related_pair(op: str, left: shapely.Geometry, right: shapely.Geometry) -> bool:
    """Of one to one; what GEOS cannot work with is taken as the nearest valid shape."""
    try:
        return bool(_PREDICATES[op](left, right))
    except shapely.GEOSException:
        return bool(_PREDICATES[op](shapely.make_valid(left), shapely.make_valid(right)))


def placed(geometries: Geometries) -> Booleans:
    """Which have a place at all."""
    nowhere: Booleans = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    return ~nowhere

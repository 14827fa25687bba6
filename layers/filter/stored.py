"""The spatial predicates for one stored geometry at a time, as SQLite asks for them.

Most rows are settled without building a shape: by the envelope in the blob's header, or by the two
numbers of a point. What is left goes the same exact way as a whole column does.
"""

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import shapely

from geo.crs import CRS84, transform_geometries
from layers.filter.spatial import SWAPPED, related_pair
from layers.stores.geopackage_blob import wkb_of

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_READ_ENVELOPE = {order: struct.Struct(f"{order}4d").unpack_from for order in "<>"}
_READ_POINT = struct.Struct("<2d").unpack_from
KINDS = {
    "Point": "point", "MultiPoint": "multipoint", "LineString": "line", "LinearRing": "line",
    "MultiLineString": "line", "Polygon": "area", "MultiPolygon": "area",
}  # fmt: skip
_POINT_BYTES = 29  # header, byte order, type, two numbers
_POINT_START = b"\x01\x01\x00\x00\x00"
_EMPTY = 16
# A shape inside of a rectangle, not touching its edge, is this to it and nothing else.
_INSIDE = ("S_INTERSECTS", "S_WITHIN")

# Relations of a point to a literal that need no shape of the point, and the answer that means yes.
_OF_POINTS: dict[str, tuple[Callable[..., Any], bool]] = {
    "S_INTERSECTS": (shapely.intersects_xy, True),
    "S_DISJOINT": (shapely.intersects_xy, False),
    "S_WITHIN": (shapely.contains_xy, True),
}

Relation = Callable[[str, object, object, str], int | None]
Bounds = tuple[float, float, float, float]


class _Literal(NamedTuple):
    geometry: shapely.Geometry
    bounds: Bounds
    is_rectangle: bool


def related_blobs() -> Relation:
    """Whether a relation holds; each side is a stored blob in `crs` or WKB in CRS84.

    Each connection has one of its own: GEOS works out what it keeps with a prepared geometry when
    it is first asked, and two threads must not ask for it at once.
    """
    literal = lru_cache(maxsize=16)(_literal)

    def related(op: str, left: object, right: object, crs: str) -> int | None:
        if not isinstance(left, bytes) or not isinstance(right, bytes):
            return None
        if right[:2] != b"GP":
            known = literal(right)
            return None if known is None else _related_to_literal(op, left, known, crs)
        if left[:2] != b"GP":
            known = literal(left)
            swapped = SWAPPED.get(op, op)
            return None if known is None else _related_to_literal(swapped, right, known, crs)
        other = _geometry(right, crs)
        return None if other is None else _related(op, _geometry(left, crs), other)

    return related


def _related_to_literal(op: str, stored: bytes, literal: _Literal, crs: str) -> int | None:
    if stored[:2] != b"GP":
        return _related(op, _read(stored), literal.geometry)
    bounds = _bounds(stored) if crs == CRS84 else None
    if bounds is not None:
        west, south, east, north = literal.bounds
        if bounds[0] > east or bounds[2] < west or bounds[1] > north or bounds[3] < south:
            return int(op == "S_DISJOINT")
        if literal.is_rectangle and (
            bounds[0] > west and bounds[2] < east and bounds[1] > south and bounds[3] < north
        ):
            return int(op in _INSIDE)
        if len(stored) == _POINT_BYTES and op in _OF_POINTS:
            predicate, expected = _OF_POINTS[op]
            return int(bool(predicate(literal.geometry, bounds[0], bounds[1])) is expected)
    return _related(op, _geometry(stored, crs), literal.geometry)


def _related(op: str, geometry: shapely.Geometry | None, other: shapely.Geometry) -> int | None:
    if geometry is None:
        return None
    # the literal has been prepared, which helps where it comes first
    return int(related_pair(SWAPPED.get(op, op), other, geometry))


def _read(wkb: bytes) -> shapely.Geometry | None:
    """A literal; or what another program has left where a geometry should be: then nothing."""
    try:
        return shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:  # shapely has no class for a curve, and does not ignore that
        return None


def _literal(wkb: bytes) -> _Literal | None:
    geometry = _read(wkb)
    if geometry is None:
        return None
    shapely.prepare(geometry)
    west, south, east, north = geometry.bounds
    rectangle = shapely.box(west, south, east, north)
    return _Literal(geometry, (west, south, east, north), bool(shapely.equals(geometry, rectangle)))


def _bounds(blob: bytes) -> Bounds | None:
    """Without building the shape; None where the blob does not tell, also for an empty one."""
    if len(blob) == _POINT_BYTES and blob[8:13] == _POINT_START:
        x, y = _READ_POINT(blob, 13)
        return (x, y, x, y) if x == x else None
    if len(blob) < 45 or blob[3] & _EMPTY or not 1 <= blob[3] >> 1 & 7 <= 4:
        return None
    west, east, south, north = _READ_ENVELOPE["<" if blob[3] & 1 else ">"](blob, 8)
    return (west, south, east, north) if west <= east and south <= north else None


def _geometry(blob: bytes, crs: str) -> shapely.Geometry | None:
    """The stored shape in CRS84, unless there is none or it cannot be read."""
    geometry = shapely.from_wkb(wkb_of(blob), on_invalid="ignore")
    if geometry is None or geometry.is_empty:
        return None
    if crs == CRS84:
        return geometry
    return transform_geometries(np.array([geometry], dtype=object), crs, CRS84)[0]


def kind_of(blob: object) -> str | None:
    """Point, multipoint, line or area; None without a geometry and for what mixes them."""
    geometry = _geometry(blob, CRS84) if isinstance(blob, bytes) else None
    return None if geometry is None else KINDS.get(geometry.geom_type)

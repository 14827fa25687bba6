"""Geometries as a GeoPackage keeps them: a header (clause 2.1.3) and WKB, handled in bulk."""

import sqlite3
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.extent import Extent

SRS_ID = 4326
# "GP", version 0, flags: little endian (1), envelope of minx maxx miny maxy (2), empty (16).
_POINT_HEADER = struct.pack("<2sBBi", b"GP", 0, 1, SRS_ID)
_BOX_HEADER = struct.pack("<2sBBi", b"GP", 0, 3, SRS_ID)
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
# A two-dimensional little-endian point as we write it; others mostly do the same.
_POINT = np.dtype([("head", "S8"), ("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])

Geometries = NDArray[Any]
Floats = NDArray[np.float64]


def write_blobs(geometries: Geometries) -> tuple[list[bytes | None], Floats]:
    """The blobs of CRS84 geometries and their bounds (minx, miny, maxx, maxy), nan where null."""
    bounds = shapely.bounds(geometries)
    wkb = shapely.to_wkb(geometries, output_dimension=2, byte_order=1)
    envelopes = np.ascontiguousarray(bounds[:, [0, 2, 1, 3]], "<f8").tobytes()
    are_points = (shapely.get_type_id(geometries) == 0).tolist()
    blobs: list[bytes | None] = []
    for index, (one, is_point) in enumerate(zip(wkb, are_points, strict=True)):
        if one is None:
            blobs.append(None)
        elif is_point:
            blobs.append(_POINT_HEADER + one)
        else:
            blobs.append(_BOX_HEADER + envelopes[index * 32 : index * 32 + 32] + one)
    return blobs, bounds


def wkb_of(blob: bytes | None) -> bytes | None:
    """The WKB of a blob; None where there is no geometry, it is empty, or the blob is not one.

    Curves and surfaces (ISO 13249-3), which nothing here can draw, are as good as none.
    """
    if blob is None or len(blob) < 13:
        return None
    start = _start_of_wkb(blob[:4])
    return blob[start:] if start and _is_simple(blob[start : start + 5]) else None


def only_blobs(values: Sequence[object]) -> Sequence[bytes | None]:
    """None for the texts and numbers that another program may have put where a geometry is due."""
    return [value if isinstance(value, bytes) else None for value in values]


def wkbs_of(blobs: Sequence[bytes | None]) -> list[bytes | None]:
    """The WKB of each. Points begin alike, header and all: then the beginning is looked at once."""
    blobs = only_blobs(blobs)
    found = [blob for blob in blobs if blob is not None]
    beginnings = {blob[:13] for blob in found}
    if len(beginnings) == 1 and len(found) == len(blobs):
        [head] = beginnings
        if _start_of_wkb(head[:4]) == 8 and _is_simple(head[8:]):
            return [blob[8:] for blob in found]
    return [wkb_of(blob) for blob in blobs]


@lru_cache(maxsize=64)
def _is_simple(head: bytes) -> bool:
    """Whether a WKB begins as one of the seven kinds of OGC 06-103r4, with or without Z and M."""
    if len(head) < 5 or head[0] > 1:
        return False
    kind = int.from_bytes(head[1:], "little" if head[0] else "big") & 0x0FFF_FFFF  # without flags
    return 1 <= kind % 1000 <= 7


@lru_cache(maxsize=64)  # nearly all begin alike
def _start_of_wkb(head: bytes) -> int | None:
    code = head[3] >> 1 & 7
    if head[:2] != b"GP" or head[3] & 16 or code > 4:
        return None
    return 8 + _ENVELOPE_BYTES[code]


def geometries_of(blobs: Sequence[bytes | None]) -> Geometries:
    """The shapes of blobs, null where there is none or it cannot be read."""
    wkb = np.array(wkbs_of(blobs), dtype=object)
    return np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)


def touching(geometries: Geometries, parts: Sequence[Extent]) -> NDArray[np.bool_]:
    """Which geometries share a point with one of the boxes, in full float64."""
    found = np.zeros(len(geometries), bool)
    for part in parts:
        box = part.shape
        shapely.prepare(box)
        found |= shapely.intersects(box, geometries)
    return found


def blobs_touching(blobs: Sequence[bytes | None], parts: Sequence[Extent]) -> NDArray[np.bool_]:
    """Which blobs answer a bbox: those that touch it, and features without a geometry (OGC)."""
    joined = b"".join(blob for blob in blobs if blob is not None and len(blob) == _POINT.itemsize)
    if len(joined) == _POINT.itemsize * len(blobs):
        points = np.frombuffer(joined, _POINT)
        if (points["order"] == 1).all() and (points["kind"] == 1).all():
            return _points_touching(points["x"], points["y"], parts)
    found = touching(geometries_of(blobs), parts)
    found |= np.array([blob is None for blob in blobs], bool)
    return found


def _points_touching(x: Floats, y: Floats, parts: Sequence[Extent]) -> NDArray[np.bool_]:
    found = np.zeros(len(x), bool)
    for west, south, east, north in parts:
        found |= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return found


def register_functions(connection: sqlite3.Connection) -> None:
    """The functions the R-tree triggers call (annex F.3); without them nothing can be written."""
    for name, index in (("ST_MinX", 0), ("ST_MinY", 1), ("ST_MaxX", 2), ("ST_MaxY", 3)):
        connection.create_function(name, 1, _bound(index), deterministic=True)
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)


def _bound(index: int) -> Callable[[object], float | None]:
    def bound(blob: object) -> float | None:
        bounds = _bounds(blob)
        return None if bounds is None else bounds[index]

    return bound


def _is_empty(blob: object) -> int | None:
    return None if not isinstance(blob, bytes) else int(_bounds(blob) is None)


def _bounds(blob: object) -> tuple[float, float, float, float] | None:
    if not isinstance(blob, bytes):
        return None
    wkb = wkb_of(blob)
    if wkb is None:
        return None
    bounds = shapely.bounds(shapely.from_wkb(wkb, on_invalid="ignore")).tolist()
    return None if bounds[0] != bounds[0] else (bounds[0], bounds[1], bounds[2], bounds[3])

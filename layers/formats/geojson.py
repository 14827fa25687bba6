"""GeoJSON: a layer as the same kind of file that layers are read from, streamed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from math import isfinite
from struct import Struct
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.geometry import geojson_fragments, point_fragments
from layers.model import Feature, Layer
from layers.schema import layer_document

name = "GeoJSON"
media_type = "application/geo+json"
extensions = ("geojson",)

CHUNK = 1_000
FEW = 4
# A two-dimensional little-endian point: nearly all are.
POINT = np.dtype([("head", "V5"), ("x", "<f8"), ("y", "<f8")])
POINT_HEAD = b"\1\1\0\0\0"
NUMBERS = Struct("<2d")
Geometries = NDArray[Any]


def same(geometries: Geometries) -> Geometries:
    return geometries


def write(layer: Layer, features: Iterable[Feature]) -> Iterator[bytes]:
    """A FeatureCollection with its `layer` member, a feature a line; it reads back as it was."""
    member = orjson.dumps(layer_document(layer))
    yield b'{"type":"FeatureCollection",\n"layer":' + member + b',\n"features":['
    before = b"\n"
    iterator = iter(features)
    while chunk := list(islice(iterator, CHUNK)):
        yield before + b",\n".join(feature_bytes(layer, chunk))
        before = b",\n"
    yield b"\n]}\n"


def feature_bytes(
    layer: Layer, features: Sequence[Feature], turned: Callable[[Geometries], Geometries] = same
) -> list[bytes]:
    """Each feature as the bytes of a GeoJSON Feature; `turned` is what is done to the shapes."""
    wkb = [feature.geometry for feature in features]
    fragments = (_points(wkb) if turned is same else None) or _shapes(wkb, turned)
    dumps = orjson.dumps
    return [
        b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}'
        % (dumps(feature.id), fragment or b"null", dumps(feature.properties))
        for feature, fragment in zip(features, fragments, strict=True)
    ]


def _shapes(
    wkb: Sequence[bytes | None], turned: Callable[[Geometries], Geometries]
) -> Sequence[bytes | None]:
    geometries = shapely.from_wkb(np.array([None, *wkb], dtype=object)[1:], on_invalid="ignore")
    return geojson_fragments(turned(geometries))


def _points(wkb: Sequence[bytes | None]) -> Sequence[bytes | None] | None:
    """Where all are plain points no shapes are built, which halves the work; else None."""
    plain = [one for one in wkb if one is not None and len(one) == POINT.itemsize]
    if not plain or len(plain) < len(wkb):
        return None
    if len(plain) <= FEW:
        few = [_point(one) for one in plain]
        return None if None in few else few
    points = np.frombuffer(b"".join(plain), POINT)
    coords = np.stack([points["x"], points["y"]], axis=1)
    if (points["head"] != np.void(POINT_HEAD)).any() or not np.isfinite(coords).all():
        return None
    return point_fragments(coords)


def _point(wkb: bytes) -> bytes | None:
    """One without the arrays that pay off for many."""
    x, y = NUMBERS.unpack_from(wkb, len(POINT_HEAD))
    if wkb[: len(POINT_HEAD)] != POINT_HEAD or not (isfinite(x) and isfinite(y)):
        return None
    # + 0.0: no negative zero, as the arrays are written
    return b'{"type":"Point","coordinates":%b}' % orjson.dumps(
        [round(x, 7) + 0.0, round(y, 7) + 0.0]
    )

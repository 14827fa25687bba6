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

from geo.geometry import geojson_fragments
from layers.model import Feature, Layer
from layers.schema import layer_document

name = "GeoJSON"
media_type = "application/geo+json"
extensions = ("geojson",)

CHUNK = 1_000
FEW = 4
POINT = Struct("<5s2d")
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
    if turned is same and len(features) <= FEW:
        shapes = [_point(feature.geometry) for feature in features]
        if None not in shapes:
            return [_written(*pair) for pair in zip(features, shapes, strict=True)]
    wkb = np.array([None, *(feature.geometry for feature in features)], dtype=object)[1:]
    fragments = geojson_fragments(turned(shapely.from_wkb(wkb, on_invalid="ignore")))
    return [_written(*pair) for pair in zip(features, fragments, strict=True)]


def _written(feature: Feature, geometry: bytes | None) -> bytes:
    dumps = orjson.dumps
    return b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}' % (
        dumps(feature.id),
        geometry or b"null",
        dumps(feature.properties),
    )


def _point(wkb: bytes | None) -> bytes | None:
    """A point without the arrays that pay off for many; None for all else."""
    if wkb is None or len(wkb) != POINT.size or wkb[:5] != b"\1\1\0\0\0":
        return None
    x, y = POINT.unpack(wkb)[1:]
    if not (isfinite(x) and isfinite(y)):
        return None
    # + 0.0: no negative zero, as the arrays are written
    return b'{"type":"Point","coordinates":%b}' % orjson.dumps(
        [round(x, 7) + 0.0, round(y, 7) + 0.0]
    )

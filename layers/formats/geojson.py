"""GeoJSON: a layer as the same kind of file that layers are read from, streamed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from pathlib import Path
from struct import Struct
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.crs import CRS84, CRSError, canonical, transform_geometry
from geo.geometry import DECIMALS, geojson_fragments, point_fragments
from layers import layerfile
from layers.errors import BadLayerFile
from layers.export.content import Content
from layers.export.fields import without_crs
from layers.export.file_crs import FileCrs
from layers.export.joined import joined
from layers.format import Format, Found
from layers.model import Batch, Layer, NewFeature, Text
from layers.schema import layer_document

FEW = 4
# A two-dimensional little-endian point: nearly all are.
POINT = np.dtype([("head", "V5"), ("x", "<f8"), ("y", "<f8")])
POINT_HEAD = b"\1\1\0\0\0"
NUMBERS = Struct("<2d")
Geometries = NDArray[Any]


def same(geometries: Geometries) -> Geometries:
    return geometries


def write(content: Content) -> Iterator[bytes]:
    """A FeatureCollection with its `layer` member, a feature a line; it reads back as it was.

    In another CRS than WGS 84 it has the `crs` member of GeoJSON 2008, which RFC 7946 took out and
    every GIS reads; positions are x before y all the same, as those programs expect.
    """
    part = joined(content)
    member = orjson.dumps(layer_document(part.layer))
    named = crs_member(content.crs)
    crs = b'"crs":' + orjson.dumps(named) + b",\n" if named else b""
    yield b'{"type":"FeatureCollection",\n' + crs + b'"layer":' + member + b',\n"features":['
    before = b"\n"
    for lines in chunks(part.layer, part.batches(), content.crs):
        yield before + b",\n".join(lines)
        before = b",\n"
    yield b"\n]}\n"


def crs_member(crs: FileCrs) -> dict[str, Any] | None:
    """None for longitude and latitude of WGS 84, and for frames that no authority has listed."""
    if crs.is_offset or crs.definition == CRS84:
        return None
    code = crs.proj.to_epsg()
    # GDAL takes a definition for a name too; GeoJSON 2008 has no member for one.
    name = f"urn:ogc:def:crs:EPSG::{code}" if code else crs.proj.to_wkt()
    return {"type": "name", "properties": {"name": name}}


def chunks(layer: Layer, batches: Iterable[Batch], crs: FileCrs) -> Iterator[list[bytes]]:
    """Features as lines of GeoJSON, a batch at a time."""
    decimals = decimals_of(crs)
    for batch in batches:
        yield batch_bytes(layer, batch, decimals=decimals)


def decimals_of(crs: FileCrs) -> int:
    """A tenth of a millimetre; WGS 84 as everywhere in the house."""
    if crs.is_offset:  # turned back they shall be what they were to a millimetre
        return 9
    return DECIMALS if crs.is_degrees else 4


def batch_bytes(
    layer: Layer,
    batch: Batch,
    turned: Callable[[Geometries], Geometries] = same,
    decimals: int = DECIMALS,
) -> list[bytes]:
    """Each feature as the bytes of a GeoJSON Feature; `turned` is what is done to the shapes.

    Field by field, for a third less than feature by feature (10,000 of eight fields: 13, not 22 ms
    after the rows have been read).
    """
    fragments = _points(batch.geometries, decimals) if turned is same else None
    shapes = fragments or [
        fragment or b"null" for fragment in _shapes(batch.geometries, turned, decimals)
    ]
    lists = {field.name for field in layer.schema.fields if field.type == "list"}
    few = len(batch.ids) <= FEW
    values = (
        [*map(orjson.dumps, column)] if few or name in lists else _each(column)
        for name, column in batch.columns.items()
    )
    rows = zip(map(orjson.dumps, batch.ids), shapes, *values, strict=True)
    return [*map(_template(tuple(batch.columns)).__mod__, rows)]


def _each(scalars: Sequence[object]) -> list[bytes]:
    """Each as JSON, written all at once. Indented, one stands on a line: a text has no line break
    of its own in JSON.
    """
    return orjson.dumps(scalars, option=orjson.OPT_INDENT_2)[4:-2].split(b",\n  ")


@lru_cache(maxsize=256)
def _template(names: tuple[str, ...]) -> bytes:
    """A feature of these fields, to be filled with its id, its geometry and their values."""
    members = b",".join(orjson.dumps(name).replace(b"%", b"%%") + b":%b" for name in names)
    return b'{"type":"Feature","id":%b,"geometry":%b,"properties":{' + members + b"}}"


def _shapes(
    wkb: Sequence[bytes | None], turned: Callable[[Geometries], Geometries], decimals: int
) -> Sequence[bytes | None]:
    geometries = shapely.from_wkb(np.array([None, *wkb], dtype=object)[1:], on_invalid="ignore")
    return geojson_fragments(turned(geometries), decimals)


def _points(wkb: Sequence[bytes | None], decimals: int) -> Sequence[bytes] | None:
    """Where all are plain points no shapes are built, which halves the work; else None."""
    plain = [one for one in wkb if one is not None and len(one) == POINT.itemsize]
    if not plain or len(plain) < len(wkb):
        return None
    if len(plain) <= FEW:
        few = [found for one in plain if (found := _point(one, decimals))]
        return few if len(few) == len(plain) else None
    points = np.frombuffer(b"".join(plain), POINT)
    coords = np.stack([points["x"], points["y"]], axis=1)
    if (points["head"] != np.void(POINT_HEAD)).any() or not np.isfinite(coords).all():
        return None
    return point_fragments(coords, decimals)


def _point(wkb: bytes, decimals: int) -> bytes | None:
    """One without the arrays that pay off for many."""
    x, y = NUMBERS.unpack_from(wkb, len(POINT_HEAD))
    if wkb[: len(POINT_HEAD)] != POINT_HEAD or not (isfinite(x) and isfinite(y)):
        return None
    # + 0.0: no negative zero, as the arrays are written
    return b'{"type":"Point","coordinates":%b}' % orjson.dumps(
        [round(x, decimals) + 0.0, round(y, decimals) + 0.0]
    )


def read(path: Path, _: Mapping[str, Layer]) -> Found:
    """The layer as the file defines it, or as its features look; GCJ-02 and BD-09 turned back."""
    try:
        found = layerfile.survey(path)
    except layerfile.NotALayerFile:
        raise BadLayerFile(path.name, None, "is not a FeatureCollection") from None
    layer, crs_field = without_crs(found.layer)
    features = layerfile.read(found)
    yield layer, features if crs_field is None else _turned_back(path, crs_field, features)


def _turned_back(
    path: Path, crs_field: str, features: Iterator[NewFeature]
) -> Iterator[NewFeature]:
    for number, (public, shape, properties) in enumerate(features, 1):
        rest = dict(properties)
        named = rest.pop(crs_field, None)
        if shape is not None and named is not None:
            try:
                shape = transform_geometry(shape, canonical(str(named)), CRS84)
            except CRSError as error:
                raise BadLayerFile(path.name, public or f"number {number}", str(error)) from error
        yield NewFeature(public, shape, rest)


FORMAT = Format(
    name="GeoJSON",
    purpose=Text("网页与编程", "For web pages and programs"),
    media_type="application/geo+json",
    extensions=("geojson",),
    write=write,
    read=read,
    same_bytes=True,
    offsets=True,
)

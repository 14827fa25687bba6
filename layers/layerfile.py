"""One GeoJSON file as a layer: its definition, then its features one by one, never all at once.

A file is gone through twice. The survey finds the definition, and over all features the schema if
the file brings none, and whether ids must be made: the table needs all its columns before its rows.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import ijson

from geo.crs import CRS84, CRSError, canonical, is_wgs84
from geo.geometry import geometry_from_geojson
from layers.errors import BadDocument, BadLayerFile
from layers.inference import Inference, fitted
from layers.model import GEOMETRY_TYPES, Field, Layer, NewFeature, Schema, Text
from layers.names import Ids, layer_id
from layers.schema import parse_layer

MOST_FIELDS = 1_000
SOURCE_ID = "source_id"
_SOURCE_FIELD = Field(SOURCE_ID, "text", Text("原编号", "Original id"))
_BOM = b"\xef\xbb\xbf"
_CRS_NAME = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:)?(OGC|EPSG):(?:[\w.]*:)?(CRS84|\d+)", re.IGNORECASE
)


class Survey(NamedTuple):
    """What is known of a file before its features are read."""

    path: Path
    layer: Layer
    described: bool  # it has a `layer` member
    crs: str


class NotALayerFile(Exception):
    """JSON, but no FeatureCollection."""


def survey(path: Path) -> Survey:
    """The layer of a file. NotALayerFile if it is other JSON, BadLayerFile if it is broken."""
    with _said(path):
        members = _members(path)
        described = members.get("layer") is not None
        crs = _crs(path, members.get("crs"))
        inference = Inference()
        needs_ids = False
        with closing(Ids()) as ids:
            for number, feature in _raw_features(path):
                inference.add(_geometry_type(feature), _properties(path, number, feature))
                if inference.width > MOST_FIELDS:
                    raise BadLayerFile(path.name, None, f"has more than {MOST_FIELDS} properties")
                with _said_of(path, feature, number):
                    needs_ids |= ids.public(feature, repeats=not described)[1] is not None
        layer = parse_layer(members.get("layer") or {}, layer_id(path.stem), inference.schema())
    if members.get("layer") is None or members["layer"].get("title") is None:
        layer = replace(layer, title=Text(path.stem, path.stem))
    if needs_ids and layer.schema.field(SOURCE_ID) is None:
        fields = (*layer.schema.fields, _SOURCE_FIELD)
        layer = replace(layer, schema=Schema(layer.schema.geometry, fields))
    return Survey(path, layer, described, crs)


def read(found: Survey) -> Iterator[NewFeature]:
    """The features, each with an id that is fit for an address."""
    path, fields = found.path, found.layer.schema.fields
    mixed = [] if found.described else [field for field in fields if field.type == "text"]
    with _said(path), closing(Ids()) as ids:
        for number, feature in _raw_features(path):
            properties = {
                name: None if value == [] else value  # a list of nothing says no more than null
                for name, value in _properties(path, number, feature).items()
            }
            with _said_of(path, feature, number):
                for field in mixed:
                    properties[field.name] = fitted(properties.get(field.name), field)
                public, original = ids.public(feature, repeats=not found.described)
                geometry = geometry_from_geojson(feature.get("geometry"), crs=found.crs)
            if original is not None and properties.get(SOURCE_ID) is None:
                properties[SOURCE_ID] = original
            yield NewFeature(public, geometry, properties)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Whatever is wrong with the file, said with its name."""
    try:
        yield
    except ijson.JSONError as error:
        if _INVALID_BYTES in str(error):
            raise not_utf8(path) from error
        raise BadLayerFile(path.name, None, _json_fault(error)) from error
    except BadDocument as error:
        raise BadLayerFile(path.name, None, str(error)) from error
    except OSError as error:
        raise BadLayerFile(path.name, None, f"cannot be read: {error.strerror}") from error


@contextmanager
def _said_of(path: Path, feature: Mapping[str, Any], number: int) -> Iterator[None]:
    """Whatever is wrong with one feature (a bad geometry too is a ValueError)."""
    try:
        yield
    except ValueError as error:
        raise BadLayerFile(path.name, _label(feature, number), str(error)) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        yield file


def _members(path: Path) -> dict[str, Any]:
    """The members beside `features`, wherever they stand; most files have them in front."""
    members = _front(path)
    for name in ("type", "layer", "crs"):
        if name not in members:
            with _opened(path) as file:
                if name == "type" or _mentions(path, name):
                    members[name] = next(ijson.items(file, name, use_float=True), None)
    if members["type"] != "FeatureCollection" or "features" not in members:
        raise NotALayerFile
    if members["features"] != "start_array":
        raise BadLayerFile(path.name, None, "features must be a list")
    if not isinstance(members.get("layer"), Mapping | None):
        raise BadDocument("layer", "must be an object")
    return members


def _front(path: Path) -> dict[str, Any]:
    """The members before `features`, and the event that this one begins with."""
    members: dict[str, Any] = {}
    with _opened(path) as file:
        events = ijson.basic_parse(file, use_float=True)
        if next(events)[0] != "start_map":
            raise NotALayerFile
        for _, name in events:
            if name is None:  # end_map
                break
            event, value = next(events)
            if name == "features":
                members[name] = event
                break
            builder, depth = ijson.ObjectBuilder(), 0
            while True:
                builder.event(event, value)
                depth += (event in ("start_map", "start_array")) - (
                    event in ("end_map", "end_array")
                )
                if not depth:
                    break
                event, value = next(events)
            members[name] = builder.value
    return members


def _mentions(path: Path, name: str) -> bool:
    """Whether the name stands anywhere in the file; a look at bytes is cheaper than parsing."""
    wanted, rest = b'"' + name.encode() + b'"', b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if wanted in rest + block:
                return True
            rest = block[-len(wanted) :]
    return False


def _raw_features(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with _opened(path) as file:
        number = 0
        try:
            for feature in ijson.items(file, "features.item", use_float=True):
                number += 1
                if not isinstance(feature, dict) or feature.get("type") != "Feature":
                    reason = 'must be an object with "type": "Feature"'
                    raise BadLayerFile(path.name, f"number {number}", reason)
                yield number, feature
        except ijson.JSONError as error:
            if _INVALID_BYTES in str(error):
                raise  # the file's fault, not the feature's
            raise BadLayerFile(path.name, f"number {number + 1}", _json_fault(error)) from error


_JSON_FAULTS = {
    "premature EOF": "the file ends before it is complete",
    "integer overflow": "has a whole number too large for 64 bits",
    "overflow": "has a number too large for a float",
}
_INVALID_BYTES = "invalid bytes in UTF8"


def _json_fault(error: Exception) -> str:
    text = str(error)
    known = (sentence for part, sentence in _JSON_FAULTS.items() if part in text)
    first = text.removeprefix("b'").split("\n")[0].split("\\n")[0].strip()
    return next(known, f"is not valid JSON ({first})")


def not_utf8(path: Path) -> BadLayerFile:
    """Chinese programs that do not write UTF-8 write GBK, or GB 18030, which holds it."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    reason = "is not written in UTF-8; perhaps GBK: save it as UTF-8"
    with path.open("rb") as file:
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            reason = "is not written in UTF-8"
    return BadLayerFile(path.name, None, reason)


def _properties(path: Path, number: int, feature: Mapping[str, Any]) -> Mapping[str, object]:
    properties = feature.get("properties")
    if properties is None:
        return {}
    if not isinstance(properties, dict):
        label = _label(feature, number)
        raise BadLayerFile(path.name, label, "properties must be an object or null")
    return properties


def _geometry_type(feature: Mapping[str, Any]) -> str | None:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    known = (*GEOMETRY_TYPES, "GeometryCollection")
    return kind if isinstance(kind, str) and kind in known else None


def _crs(path: Path, member: object) -> str:
    """The CRS that a file older than RFC 7946 names; x came first there too."""
    if member is None:
        return CRS84
    named = member.get("properties") if isinstance(member, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    found = _CRS_NAME.fullmatch(name) if isinstance(name, str) else None
    try:
        if found is None:  # a definition, as our own files have it; or nothing that is known
            crs = canonical(str(name))
        else:
            crs = canonical(CRS84 if found[1].upper() == "OGC" else f"EPSG:{found[2]}")
    except CRSError as error:
        reason = f"{error}; leave `crs` out for longitude, latitude of WGS 84"
        raise BadLayerFile(path.name, None, reason) from error
    return CRS84 if is_wgs84(crs) else crs


def _label(feature: Mapping[str, Any], number: int) -> str:
    given = feature.get("id")
    named = isinstance(given, str | int) and given != ""
    return f"{str(given)[:80]} (number {number})" if named else f"number {number}"

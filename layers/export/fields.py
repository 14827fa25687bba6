"""The fields of a file: how well a position is known comes before what is said of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import orjson

from layers.export.file_crs import FileCrs
from layers.model import Feature, Field, Layer, Schema, Text

FIRST_ROLES = ("placement", "uncertainty")
LIST_MARK = "；"
NOTHING: Mapping[str, object] = MappingProxyType({})
_COORDINATE_SYSTEM = Text("坐标系", "Coordinate system")


def position_first(layer: Layer, chosen: frozenset[str] | None = None) -> Layer:
    """The layer with its placement and uncertainty before all other fields; only `chosen` ones."""
    fields = [one for one in layer.schema.fields if chosen is None or one.name in chosen]
    fields.sort(key=lambda one: one.role not in FIRST_ROLES)  # stable: the rest keeps its order
    return with_fields(layer, fields)


def with_fields(layer: Layer, fields: Sequence[Field]) -> Layer:
    """The layer with these fields; it is not counted by one that it does not have any more."""
    by = layer.count_as
    known = by is not None and by.field in [one.name for one in fields]
    schema = Schema(layer.schema.geometry, tuple(fields))
    return replace(layer, schema=schema, count_as=by if known else None)


def with_crs(layer: Layer, crs: FileCrs) -> tuple[Layer, str]:
    """The layer with a field that names the CRS of its positions, and that field's name."""
    name = free_name("coordinate_system", [one.name for one in layer.schema.fields])
    return with_fields(layer, [Field(name, "text", _COORDINATE_SYSTEM), *layer.schema.fields]), name


def fitted(
    layer: Layer, features: Iterable[Feature], extra: Mapping[str, object] = NOTHING
) -> Iterator[Feature]:
    """Features with the fields of `layer` and no others, in its order; `extra` is said of each."""
    names = [one.name for one in layer.schema.fields]
    for feature in features:
        value_of = {**feature.properties, **extra}.get if extra else feature.properties.get
        values = {name: value_of(name) for name in names}
        yield Feature(feature.fid, feature.id, feature.geometry, values)


def free_name(name: str, taken: Sequence[str]) -> str:
    """`name`, or with a number behind it when it is taken; letters count alike, large or small."""
    used = {one.lower() for one in taken}
    found, number = name, 1
    while found.lower() in used:
        number += 1
        found = f"{name}_{number}"
    return found


def list_text(members: Sequence[str]) -> str:
    """A list in one cell; as JSON where a member holds the mark that stands between them."""
    if any(LIST_MARK in one for one in members) or (members and members[0].startswith("[")):
        return orjson.dumps(list(members)).decode()
    return LIST_MARK.join(members)

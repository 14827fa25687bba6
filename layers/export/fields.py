"""The fields of a file: how well a position is known comes before what is said of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType

import orjson

from layers.export.file_crs import FileCrs
from layers.model import Batch, Field, Layer, Schema, Text

FIRST_ROLES = ("placement", "uncertainty")
LIST_MARK = "；"
NOTHING: Mapping[str, object] = MappingProxyType({})
CRS_FIELD = "coordinate_system"
_COORDINATE_SYSTEM = Text("坐标系", "Coordinate system")


def position_first(layer: Layer, chosen: frozenset[str] | None = None) -> Layer:
    """The layer with its placement and uncertainty before all other fields; only `chosen` ones."""
    fields = [one for one in layer.schema.fields if chosen is None or one.name in chosen]
    fields.sort(key=lambda one: one.role not in FIRST_ROLES)  # stable: the rest keeps its order
    return with_fields(layer, fields)


def with_fields(layer: Layer, fields: Sequence[Field]) -> Layer:
    """The layer with these fields; it is counted by none that it has not."""
    names = [one.name for one in fields]
    count_as = layer.count_as if layer.count_as and layer.count_as.field in names else None
    return replace(layer, schema=Schema(layer.schema.geometry, tuple(fields)), count_as=count_as)


def with_crs(layer: Layer, crs: FileCrs) -> tuple[Layer, str]:
    """The layer with a field that names the CRS of its positions, and that field's name."""
    name = free_name(CRS_FIELD, [one.name for one in layer.schema.fields])
    return with_fields(layer, [Field(name, "text", _COORDINATE_SYSTEM), *layer.schema.fields]), name


def without_crs(layer: Layer) -> tuple[Layer, str | None]:
    """The way back: the layer without that field, and its name if it had one."""
    for field in layer.schema.fields:
        if field.name.startswith(CRS_FIELD) and field.label == _COORDINATE_SYSTEM:
            return with_fields(layer, [one for one in layer.schema.fields if one != field]), (
                field.name
            )
    return layer, None


def fitted(
    layer: Layer, batches: Iterable[Batch], extra: Mapping[str, object] = NOTHING
) -> Iterator[Batch]:
    """Features with the fields of `layer` and no others, in its order; `extra` is said of each."""
    names = [one.name for one in layer.schema.fields]
    for batch in batches:
        size = len(batch.fids)
        yield batch._replace(
            columns={name: batch.columns.get(name) or [extra.get(name)] * size for name in names}
        )


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
    text = LIST_MARK.join(members)
    if members and (text.count(LIST_MARK) >= len(members) or text[:1] in ("[", "")):
        return orjson.dumps(list(members)).decode()
    return text


def text_list(text: str) -> object:
    """The way back; the text itself where it begins like JSON and is none."""
    if text.startswith("["):
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(text)
        return text
    return text.split(LIST_MARK) if text else []

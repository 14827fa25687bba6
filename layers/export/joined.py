"""Several layers as one, for formats that hold no more than one: who belongs where is a field."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from layers.export.content import Content, Part
from layers.export.fields import FIRST_ROLES, free_name, list_text
from layers.model import Batch, Field, Layer, Schema, Style, Text

_LAYER = Text("图层", "Layer")


def joined(content: Content) -> Part:
    """The one part as it is; of several, all their features with a field that names the layer.

    Fields of one name are one field; where their types differ, it is text. Ids may occur twice,
    in different layers, as they may in the layers themselves.
    """
    if len(content.parts) == 1:
        return content.parts[0]
    layers = [part.layer for part in content.parts]
    fields = united(layers)
    name = free_name("layer", [one.name for one in fields])
    codes = {layer.id: layer.title for layer in layers}
    first = Field(name, "text", _LAYER, codes=codes)
    kinds = {layer.schema.geometry for layer in layers}
    merged = Layer(
        id=content.name,
        title=content.zone.title,
        schema=Schema(kinds.pop() if len(kinds) == 1 else "Geometry", (first, *fields)),
        style=Style("circle", "#4A4F55", "#A9B1BA", automatic=("symbol", "colour", "dark")),
        figures=tuple({one.id: one for layer in layers for one in layer.figures}.values()),
        sources=tuple({one.id: one for layer in layers for one in layer.sources}.values()),
    )
    texts = {one.name for one in fields if one.type == "text"}

    def batches() -> Iterator[Batch]:
        for part in content.parts:
            for batch in part.batches():
                size = len(batch.fids)
                columns: dict[str, Sequence[object]] = {name: [part.layer.id] * size}
                for one in fields:
                    columns[one.name] = batch.columns.get(one.name) or [None] * size
                for text in texts & batch.columns.keys():
                    columns[text] = [*map(as_text, columns[text])]
                yield batch._replace(columns=columns)

    return Part(merged, batches, content.count, content.placeless)


def united(layers: list[Layer]) -> list[Field]:
    """The fields of all, those of the position first; roles only where all that have it agree."""
    found: dict[str, Field] = {}
    for layer in layers:
        for field in layer.schema.fields:
            before = found.setdefault(field.name, field)
            if before != field:
                found[field.name] = agreed(before, field)
    roles = [(one.role, one.lang) for one in found.values()]
    fields = [
        replace(one, role=None) if one.role and roles.count((one.role, one.lang)) > 1 else one
        for one in found.values()
    ]
    return sorted(fields, key=lambda one: one.role not in FIRST_ROLES)


def agreed(one: Field, other: Field) -> Field:
    kind = one.type if one.type == other.type else "text"
    codes = {**(other.codes or {}), **(one.codes or {})} if kind in ("text", "list") else None
    return replace(
        one,
        type=kind,
        codes=codes or None,
        unit=one.unit if one.unit == other.unit else None,
        role=one.role if one.role == other.role and kind == one.type else None,
        expected=one.expected and other.expected,
    )


def as_text(value: object) -> object:
    if isinstance(value, list):
        return list_text(value)
    return value if value is None or isinstance(value, str) else str(value)

"""The `layer` member of a layer file: read into a Layer and written back, with its schema."""

from collections.abc import Mapping
from typing import Any, TypeVar

from layers.document import Node, without_nothing, words_document
from layers.errors import BadDocument
from layers.model import (
    FIELD_ROLES,
    FIELD_TYPES,
    GEOMETRY_TYPES,
    LANGUAGES,
    LAYER_ROLES,
    CountAs,
    CountGroup,
    Field,
    Figure,
    Layer,
    Licence,
    Schema,
    Source,
    Text,
)
from layers.style import parse_style, style_document

One = TypeVar("One", Figure, Source)

SOURCE_STATUS = ("original", "mirror", "not_found", "data", "derived")
# What a role's values must be able to be, so that the page can rely on them.
_ROLE_TYPES = {
    "uncertainty": ("number", "integer"),
    "inferred": ("boolean",),
    "mentioned": ("boolean",),
    "nowhere": ("boolean",),
    "placement": ("text",),
    "sources": ("list", "text"),
    "related": ("list", "text"),
    "district": ("list", "text"),
}
_LAYER_KEYS = (
    "title", "description", "role", "order", "visible", "schema", "style", "count_as", "figures",
    "sources", "licence",
)  # fmt: skip


def parse_layer(document: object, id: str, inferred: Schema | None = None) -> Layer:
    """The layer a `layer` member defines; `inferred` stands in for a schema it does not have."""
    node = Node(document, "layer").members(*_LAYER_KEYS)
    schema = inferred if node["schema"].missing else parse_schema(node["schema"])
    if schema is None:
        node["schema"].fail("an object")
    return Layer(
        id=id,
        title=node["title"].words(Text(id, id)),
        schema=schema,
        style=parse_style(node["style"], id, schema.geometry),
        description=node["description"].words(),
        role=node["role"].one_of(LAYER_ROLES, "sites"),
        order=node["order"].whole(),
        visible=node["visible"].flag(True),
        count_as=_count_as(node["count_as"], schema),
        figures=_unique(node["figures"], [_figure(one) for one in node["figures"]]),
        sources=parse_sources(node["sources"]),
        licence=_licence(node["licence"]),
    )


def layer_document(layer: Layer) -> dict[str, Any]:
    """The `layer` member that gives this layer again."""
    return without_nothing(
        {
            "title": words_document(layer.title),
            "description": words_document(layer.description),
            "role": layer.role,
            "order": layer.order,
            "visible": layer.visible,
            "schema": schema_document(layer.schema),
            "style": style_document(layer.style),
            "count_as": _count_as_document(layer.count_as),
            "figures": [_figure_document(one) for one in layer.figures],
            "sources": [source_document(one) for one in layer.sources],
            "licence": _licence_document(layer.licence),
        }
    )


def parse_schema(node: Node) -> Schema:
    node.members("geometry", "fields")
    fields = tuple(_field(one) for one in node["fields"])
    seen: dict[object, str] = {}
    for index, field in enumerate(fields):
        path = f"{node.path}.fields[{index}]"
        if field.name in seen.values():
            raise BadDocument(f"{path}.name", f"is {field.name!r}, as that of a field before it")
        if field.role and (field.role, field.lang) in seen:
            first = seen[field.role, field.lang]
            raise BadDocument(f"{path}.role", f"is {field.role!r}, which field {first!r} has")
        seen[(field.role, field.lang) if field.role else field.name] = field.name
    return Schema(node["geometry"].one_of(GEOMETRY_TYPES, "Geometry"), fields)


def schema_document(schema: Schema) -> dict[str, Any]:
    return {
        "geometry": schema.geometry,
        "fields": [_field_document(field) for field in schema.fields],
    }


def parse_sources(node: Node) -> tuple[Source, ...]:
    return _unique(node, [_source(one) for one in node])


def source_document(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": words_document(source.title),
        "publisher": words_document(source.publisher),
        "date": source.date,
        "address": source.address,
        "status": source.status,
    }


def _field(node: Node) -> Field:
    node.members("name", "type", "label", "unit", "lang", "codes", "role", "expected")
    name = "" if node["name"].value == "" else node["name"].text()  # JSON allows that name
    lang, role, codes = node["lang"], node["role"], node["codes"]
    field = Field(
        name=name,
        type=node["type"].one_of(FIELD_TYPES, "text"),
        label=node["label"].words(Text(name, name)),
        unit=node["unit"].optional_text(),
        lang=None if lang.missing else lang.one_of(LANGUAGES),
        codes=None if codes.missing else {key: one.words() for key, one in codes.pairs()},
        role=None if role.missing else role.one_of(FIELD_ROLES),
        expected=node["expected"].flag(False),
    )
    if field.codes is not None and field.type not in ("text", "list"):
        codes.fail("left out: only a field of type text or list has codes")
    allowed = _ROLE_TYPES.get(field.role or "", FIELD_TYPES)
    if field.type not in allowed:
        role.fail(f"another one: {field.role} needs a field of type {' or '.join(allowed)}")
    return field


def _field_document(field: Field) -> dict[str, Any]:
    codes: Mapping[str, Text] | None = field.codes
    return without_nothing(
        {
            "name": field.name,
            "type": field.type,
            "lang": field.lang,
            "role": field.role,
            "label": words_document(field.label),
            "unit": field.unit,
            "codes": {code: words_document(text) for code, text in codes.items()}
            if codes
            else None,
            "expected": field.expected or None,
        }
    )


def _figure(node: Node) -> Figure:
    node.members("id", "value", "unit", "qualifier", "label", "text", "members", "source")
    if node["value"].missing and node["text"].missing:
        raise BadDocument(node.path, "must have a value or a text")
    return Figure(
        id=node["id"].text(),
        value=None if node["value"].missing else node["value"].number(),
        unit=node["unit"].optional_text(),
        qualifier=node["qualifier"].optional_text(),
        label=node["label"].words(),
        text=node["text"].words(),
        members=tuple(one.text() for one in node["members"]),
        source=node["source"].optional_text(),
    )


def _figure_document(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "value": figure.value,
        "unit": figure.unit,
        "qualifier": figure.qualifier,
        "label": words_document(figure.label),
        "text": words_document(figure.text),
        "members": list(figure.members),
        "source": figure.source,
    }


def _source(node: Node) -> Source:
    node.members("id", "title", "publisher", "date", "address", "status")
    publisher, status = node["publisher"], node["status"]
    return Source(
        id=node["id"].text(),
        title=node["title"].words(),
        publisher=None if publisher.missing else publisher.words(),
        date=node["date"].date(),
        address=node["address"].address(),
        status=None if status.missing else status.one_of(SOURCE_STATUS),
    )


def _licence(node: Node) -> Licence | None:
    if node.missing:
        return None
    node.members("title", "address")
    return Licence(node["title"].words(), node["address"].address())


def _licence_document(licence: Licence | None) -> dict[str, Any] | None:
    if licence is None:
        return None
    return {"title": words_document(licence.title), "address": licence.address}


def _count_as(node: Node, schema: Schema) -> CountAs | None:
    if node.missing:
        return None
    name = node.members("field", "groups")["field"].text()
    if schema.field(name) is None:
        node["field"].fail("the name of a field in the schema")
    groups = []
    for group in node["groups"]:
        group.members("codes", "label")
        codes = tuple(code.text() for code in group["codes"])
        groups.append(CountGroup(codes, group["label"].words()))
    return CountAs(name, tuple(groups))


def _count_as_document(count_as: CountAs | None) -> dict[str, Any] | None:
    if count_as is None:
        return None
    groups = [
        {"codes": list(group.codes), "label": words_document(group.label)}
        for group in count_as.groups
    ]
    return {"field": count_as.field, "groups": groups}


def _unique(node: Node, found: list[One]) -> tuple[One, ...]:
    ids = [one.id for one in found]
    for n, one in enumerate(ids):
        if one in ids[:n]:
            raise BadDocument(f"{node.path}[{n}].id", f"is {one!r}, as that of one before it")
    return tuple(found)

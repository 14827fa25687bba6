"""JSON Schemas of a layer: its queryables, and what its features are (parts 3 and 5)."""

from typing import Any

import orjson
from fastapi import Response

from layers.filter.queryables import geometry_name, id_name
from layers.model import Field, Layer
from layers.stores.store import Reading
from server import caching
from server.links import Links
from server.params import DOCUMENT, read
from server.queries import instant_field
from server.site import Call, CallDep

JSON, SCHEMA = "application/json", "application/schema+json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "list": {"type": "array", "items": {"type": "string"}},
}


async def queryables(call: CallDep, layer_id: str) -> Response:
    return await answered(call, layer_id, "queryables")


async def schema(call: CallDep, layer_id: str) -> Response:
    return await answered(call, layer_id, "schema")


async def answered(call: Call, layer_id: str, name: str) -> Response:
    given = read(call.query, DOCUMENT)
    call.must_accept(SCHEMA, JSON)
    store, lang = call.store, call.lang(given)

    def document(_: Reading) -> bytes:
        return orjson.dumps(schema_document(store.layer(layer_id), call.links, lang, name))

    body = await call.site.pool.run(document, call.request)
    return caching.answer(call.request, body, SCHEMA, {"Content-Language": lang})


def schema_document(layer: Layer, links: Links, lang: str, name: str) -> dict[str, Any]:
    """`name` is queryables or schema: the same properties, named and ordered alike."""
    properties: dict[str, Any] = {
        id_name(layer): {"type": "string", "title": "id", "x-ogc-role": "id"},
        geometry_name(layer): geometry_schema(layer),
    }
    instant = instant_field(layer)
    for field in layer.schema.fields:
        properties[field.name] = field_schema(field, lang)
        if field == instant:
            properties[field.name]["x-ogc-role"] = "primary-instant"
    if name == "schema":
        for number, one in enumerate(properties.values()):
            one["x-ogc-propertySeq"] = number + 1
        properties[id_name(layer)]["readOnly"] = True
    return {
        "$schema": DIALECT,
        "$id": links.to("collections", layer.id, name),
        "type": "object",
        "title": layer.title.of(lang),
        "description": layer.description.of(lang),
        "properties": properties,
        "additionalProperties": False,
    }


def geometry_schema(layer: Layer) -> dict[str, Any]:
    kind = layer.schema.geometry.lower()
    return {
        "title": "geometry",
        "format": "geometry-any" if kind == "geometry" else f"geometry-{kind}",
        "x-ogc-role": "primary-geometry",
    }


def field_schema(field: Field, lang: str) -> dict[str, Any]:
    found = {"title": field.label.of(lang), **TYPES[field.type]}
    if field.unit:
        found["description"] = f"{field.label.of(lang)} ({field.unit})"
    if field.codes:
        coded = {"type": "string", "enum": list(field.codes)}
        if field.type == "list":
            found["items"] = coded
        elif field.type == "text":
            found.update(coded)
    return found

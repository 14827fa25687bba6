"""JSON Schemas of a layer: its queryables, and what its features are (parts 3 and 5).

The features also as GeoJSON has them: the only schema that GDAL understands. Without it GDAL takes
the types from the first features: what is null in those becomes text, what is whole an integer.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from fastapi import Response

from layers.filter import tree
from layers.filter.queryables import geometry_name, id_name
from layers.model import Feature, Field, Layer, Query, SortKey
from layers.stores.store import Reading, Store
from server import caching, params
from server.links import Links
from server.media import JSON, SCHEMA
from server.params import DOCUMENT, read
from server.queries import instant_field
from server.site import Call, CallDep

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


# GDAL's integers have 32 bits where a schema says integer, whatever else it says.
BITS_32 = 2**31
# What the schema does not name, GDAL takes from so many features (the oldest; newer ones from 20).
LOOKED_AT = 10


async def queryables(call: CallDep, layer_id: str) -> Response:
    lang = call.lang(read(call.query, DOCUMENT))

    def document(layer: Layer) -> dict[str, Any]:
        return schema_document(layer, call.links, lang, "queryables")

    return await answered(call, layer_id, lang, document)


async def schema(call: CallDep, layer_id: str) -> Response:
    given = read(call.query, params.SCHEMA)
    lang = call.lang(given)

    def document(layer: Layer) -> dict[str, Any]:
        if given.get(params.SCHEMA_FORMAT) != "geojson":
            return schema_document(layer, call.links, lang, "schema")
        large = call.site.remembered.get(
            ("large", layer.id), call.store.version(layer.id), lambda: large_ones(call.store, layer)
        )
        return geojson_document(layer, large, call.links, lang)

    return await answered(call, layer_id, lang, document)


async def answered(
    call: Call, layer_id: str, lang: str, made: Callable[[Layer], dict[str, Any]]
) -> Response:
    call.must_accept(SCHEMA, JSON)
    store = call.store

    def document(_: Reading) -> bytes:
        return orjson.dumps(made(store.layer(layer_id)))

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


def geojson_document(
    layer: Layer, large: Mapping[str, bool], links: Links, lang: str
) -> dict[str, Any]:
    properties = {}
    for field in layer.schema.fields:
        # GDAL makes an id itself, takes a slash for a path, and has seen what the first ones show.
        if field.name == "id" or "/" in field.name or large.get(field.name):
            continue
        found = field_schema(field, lang)
        properties[field.name] = {**found, "type": "number"} if field.name in large else found
    return {
        "$schema": DIALECT,
        "$id": links.to("collections", layer.id, "schema", query={"f": "geojson"}),
        "type": "object",
        "title": layer.title.of(lang),
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": geometry_schema(layer),
            "properties": {"type": "object", "properties": properties},
        },
    }


def large_ones(store: Store, layer: Layer) -> dict[str, bool]:
    """Integer fields with more than 32 bits, and whether the first features show it."""
    found = {}
    fields = layer.schema.fields
    first = list(store.features(layer.id, Query(limit=LOOKED_AT)))
    for field in fields:
        if field.type == "integer":
            known = tree.Not(tree.IsNull(tree.Property(field.name, "integer")))
            ends = [
                one
                for descending in (False, True)
                for one in store.features(
                    layer.id, Query(limit=1, filter=known, sort=(SortKey(field.name, descending),))
                )
            ]
            if any(is_large(one, field) for one in ends):
                twins = [one for one in fields if one.name.lower() == field.name.lower()]
                # of two names that differ in case only GDAL sees none that the schema leaves out
                found[field.name] = len(twins) == 1 and any(is_large(one, field) for one in first)
    return found


def is_large(feature: Feature, field: Field) -> bool:
    value = feature.properties.get(field.name)
    return isinstance(value, int) and not -BITS_32 <= value < BITS_32


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

"""The API definition: OpenAPI 3.0, made from the tables that requests are read and routed with."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from fastapi import Response

from layers.model import Layer, Zone
from layers.registry import all_formats
from layers.stores.store import Reading
from server import caching, crs, params
from server.html_pages import PAGES
from server.links import Links
from server.operations import GEOJSON, HTML, JSON, LAYER, OPENAPI, OPERATIONS, Operation
from server.params import DOCUMENT, Parameter, read
from server.queries import property_parameters
from server.settings import Settings
from server.site import CallDep
from server.version import VERSION

BARE_OPENAPI = OPENAPI.partition(";")[0]
# One path for each layer: their property parameters differ.
OF_ONE_LAYER = (f"{LAYER}/items", f"{LAYER}/items/{{feature_id}}")
PATH_PARAMETER = re.compile(r"\{(\w+)\}")
URL = {"type": "string", "format": "uri"}
LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


async def api(call: CallDep) -> Response:
    given = read(call.query, DOCUMENT)
    media = call.must_accept(BARE_OPENAPI, JSON)
    store, lang, settings = call.store, call.lang(given), call.site.settings

    def document(_: Reading) -> bytes:
        return orjson.dumps(api_document(store.zone(), store.layers(), call.links, lang, settings))

    body = await call.site.pool.run(document, call.request)
    media = OPENAPI if media == BARE_OPENAPI else media
    return caching.answer(call.request, body, media, {"Content-Language": lang})


def api_document(
    zone: Zone, layers: Sequence[Layer], links: Links, lang: str, settings: Settings
) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for path, operation in OPERATIONS.items():
        if path not in OF_ONE_LAYER:
            name = PATH_PARAMETER.sub(lambda found: "{" + camel(found[1]) + "}", path)
            paths[name] = path_item(path, operation, operation.parameters, layers, settings)
            continue
        for layer in layers:
            more = property_parameters(layer).values() if path == OF_ONE_LAYER[0] else ()
            own = operation._replace(
                id=f"{operation.id}.{layer.id}",
                summary=f"{layer.title.of(lang)}: {operation.summary}",
            )
            rest = path.removeprefix(LAYER).replace("feature_id", "featureId")
            paths[f"/collections/{layer.id}{rest}"] = path_item(
                path.removeprefix(LAYER), own, (*operation.parameters, *more), layers, settings
            )
    return {
        "openapi": "3.0.3",
        "info": {
            "title": zone.title.of(lang) or zone.id,
            "description": zone.description.of(lang),
            "version": VERSION,
        },
        "servers": [{"url": links.base or "/"}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def path_item(
    path: str,
    operation: Operation,
    parameters: Iterable[Parameter[Any]],
    layers: Sequence[Layer],
    settings: Settings,
) -> dict[str, Any]:
    has_page = path in PAGES or f"{LAYER}{path}" in PAGES
    in_path = [path_parameter(name, layers) for name in PATH_PARAMETER.findall(path)]
    in_query = [query_parameter(one, settings) for one in parameters]
    get = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*in_path, *in_query],
        "responses": {
            str(operation.status): answer(operation, has_page),
            "default": trouble(has_page),
        },
    }
    if not operation.form:
        return {"get": get}
    properties = {one["name"]: one["schema"] for one in in_query}
    form = {"schema": {"type": "object", "properties": properties, "additionalProperties": False}}
    post = {
        **get,
        "operationId": f"{operation.id}.post",
        "parameters": in_path,
        "requestBody": {"content": {"application/x-www-form-urlencoded": form}},
    }
    return {"get": get, "post": post}


def answer(operation: Operation, has_page: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"description": operation.summary}
    content: dict[str, Any] = {}
    for media in (*operation.media, HTML) if has_page else operation.media:
        is_json = media.partition(";")[0].endswith("json")
        named = operation.schema if is_json else None
        plain = TEXT if media == HTML else {}  # {}: nothing is said about what is no JSON
        content[media] = {"schema": reference(named) if named else plain}
    if content:
        found["content"] = content
    if GEOJSON in operation.media:
        found["headers"] = {
            "Content-Crs": {"description": "CRS of the geometries", "schema": {"type": "string"}}
        }
    return found


def trouble(has_page: bool) -> dict[str, Any]:
    content: dict[str, Any] = {"application/problem+json": {"schema": reference("problem")}}
    if has_page:
        content[HTML] = {"schema": TEXT}
    return {"description": "What was wrong", "content": content}


def path_parameter(name: str, layers: Sequence[Layer]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    if name == "layer_id" and layers:
        schema = {"type": "string", "enum": [layer.id for layer in layers]}
    elif name == "extension":
        schema = {"type": "string", "enum": list(all_formats())}
    elif name.startswith("tile_"):
        schema = {"type": "integer", "minimum": 0}
    return {"name": camel(name), "in": "path", "required": True, "schema": schema}


def camel(name: str) -> str:
    """layer_id is collectionId to programs, as the standard has it."""
    first, *others = name.replace("layer_id", "collection_id").split("_")
    return first + "".join(part.title() for part in others)


def query_parameter(one: Parameter[Any], settings: Settings) -> dict[str, Any]:
    schema = dict(one.schema)
    if one is params.LIMIT:
        schema |= {"maximum": settings.max_items, "default": settings.default_items}
    elif one in (params.CRS, params.BBOX_CRS, params.FILTER_CRS):
        schema["enum"] = [crs.uri(name) for name in crs.offered(settings)]
    return {
        "name": one.name,
        "in": "query",
        "required": False,
        "description": one.description or one.allowed,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def reference(name: str) -> Mapping[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"} if name != "object" else {"type": "object"}


def needing(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
GEOMETRY = {**needing("type", type=TEXT), "nullable": True}
SCHEMAS: dict[str, Any] = {
    "link": needing("href", "rel", href=URL, rel=TEXT, type=TEXT, title=TEXT),
    "landingPage": needing("links", title=TEXT, description=TEXT, attribution=TEXT, links=LINKS),
    "conformance": needing("conformsTo", conformsTo={"type": "array", "items": TEXT}),
    "collection": needing(
        "id",
        "links",
        id=TEXT,
        title=TEXT,
        description=TEXT,
        itemType=TEXT,
        crs={"type": "array", "items": TEXT},
        storageCrs=TEXT,
        extent={"type": "object"},
        links=LINKS,
    ),
    "collections": needing(
        "links",
        "collections",
        links=LINKS,
        collections={"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
    ),
    "feature": needing(
        "type",
        "geometry",
        "properties",
        type={"type": "string", "enum": ["Feature"]},
        id=TEXT,
        geometry=GEOMETRY,
        properties={"type": "object"},
        links=LINKS,
    ),
    "features": needing(
        "type",
        "features",
        type={"type": "string", "enum": ["FeatureCollection"]},
        features={"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        links=LINKS,
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched=COUNT,
        numberReturned=COUNT,
    ),
    "problem": needing(
        "type",
        "title",
        "status",
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        parameter=TEXT,
    ),
}

"""The API definition: OpenAPI 3.0, made from the tables that requests are read and routed with."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Response

from layers.filter.queryables import queryables
from layers.model import Layer, Zone
from layers.registry import all_formats
from layers.stores.store import Reading
from server import caching, crs, params, stats_fields
from server.collection import offered
from server.connect import MEDIA_TYPES as FOR_QGIS
from server.connect import WHOLE
from server.html_pages import PAGES
from server.links import Links
from server.media import FORM, GEOJSON, HTML, JSON, OPENAPI, OPENAPI_3_0, PROBLEM
from server.openapi_schemas import A_TEXT, SCHEMAS, TEXT, reference
from server.operations import LAYER, OPERATIONS, WRITES, Operation
from server.params import DOCUMENT, Parameter, read
from server.picture.parameters import LAYERS
from server.queries import items_parameters, property_parameters
from server.settings import Settings
from server.site import CallDep
from server.version import VERSION

# One path for each layer: their property parameters differ.
OF_ONE_LAYER = (f"{LAYER}/items", f"{LAYER}/items/{{feature_id}}")
PATH_PARAMETER = re.compile(r"\{(\w+)\}")


async def api(call: CallDep) -> Response:
    given = read(call.query, DOCUMENT)
    media = call.must_accept(OPENAPI, JSON)
    store, lang, settings = call.store, call.lang(given), call.site.settings

    def document(_: Reading) -> bytes:
        layers = store.layers()
        crs_lists = {layer.id: offered(settings, store, layer) for layer in layers}
        found = api_document(store.zone(), layers, call.links, lang, settings, crs_lists)
        return orjson.dumps(found)

    body = await call.site.pool.run(document, call.request)
    media = OPENAPI_3_0 if media == OPENAPI else media
    return caching.answer(call.request, body, media, {"Content-Language": lang})


def api_document(
    zone: Zone,
    layers: Sequence[Layer],
    links: Links,
    lang: str,
    settings: Settings,
    crs_lists: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for path, operation in OPERATIONS.items():
        if path not in OF_ONE_LAYER:
            item = path_item(path, operation, *parameters(path, operation, zone, layers, settings))
            for (method, of), other in WRITES.items():
                if of == path:
                    given = parameters(path, other, zone, layers, settings)
                    item[method] = described(path, other, *given)
            paths[PATH_PARAMETER.sub(lambda found: "{" + camel(found[1]) + "}", path)] = item
            continue
        for layer in layers:
            of_items = path == OF_ONE_LAYER[0]
            always = items_parameters(layer) if of_items else operation.parameters
            more = property_parameters(layer).values() if of_items else ()
            known = [
                one
                for one in (*always, *more)
                if one is not params.PROPERTIES or names_for(one, layer)
            ]
            own = operation._replace(
                id=f"{operation.id}.{layer.id}",
                summary=f"{layer.title.of(lang)}: {operation.summary}",
            )
            in_path = [path_parameter("feature_id", A_TEXT)] if path == OF_ONE_LAYER[1] else []
            in_query = [query_parameter(one, settings, layer, crs_lists[layer.id]) for one in known]
            rest = path.removeprefix(LAYER).replace("feature_id", "featureId")
            paths[f"/collections/{layer.id}{rest}"] = path_item(path, own, in_path, in_query)
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


def parameters(
    path: str, operation: Operation, zone: Zone, layers: Sequence[Layer], settings: Settings
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those in the path, and those after the question mark."""
    in_path = [
        path_parameter(one, path_schema(one, path, zone, layers))
        for one in PATH_PARAMETER.findall(path)
    ]
    in_query = [query_parameter(one, settings) for one in operation.parameters]
    ids = [layer.id for layer in layers]
    for where, one in enumerate(operation.parameters):
        known = (
            ids
            if one in (params.SEARCHED, params.MATCHED, params.COUNTED, LAYERS)
            else counted_by(one, layers)
        )
        listed = [name for name in known if can_be_listed(name)]
        if listed:
            in_query[where]["schema"]["items"] = params.enumeration(*listed)
    return in_path, in_query


def counted_by(one: Parameter[Any], layers: Sequence[Layer]) -> list[str]:
    """The fields that statistics may name."""
    is_counted = one in (params.GROUP, params.SUM, params.BINS)
    return stats_fields.names_for(one, layers) if is_counted else []


def path_item(
    path: str, operation: Operation, in_path: list[dict[str, Any]], in_query: list[dict[str, Any]]
) -> dict[str, Any]:
    get = described(path, operation, in_path, in_query)
    if not operation.form:
        return {"get": get}
    properties = {one["name"]: one["schema"] for one in in_query}
    form = {"schema": {"type": "object", "properties": properties, "additionalProperties": False}}
    post = {
        **get,
        "operationId": f"{operation.id}.post",
        "parameters": in_path,
        "requestBody": {"content": {FORM: form}},
    }
    return {"get": get, "post": post}


def described(
    path: str, operation: Operation, in_path: list[dict[str, Any]], in_query: list[dict[str, Any]]
) -> dict[str, Any]:
    has_page = path in PAGES
    return {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*in_path, *in_query],
        "responses": {
            str(operation.status): answer(operation, has_page),
            **({"204": {"description": "Nothing here"}} if operation.empty else {}),
            "default": trouble(has_page),
        },
    }


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
    content: dict[str, Any] = {PROBLEM: {"schema": reference("problem")}}
    if has_page:
        content[HTML] = {"schema": TEXT}
    return {"description": "What was wrong", "content": content}


def path_parameter(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": camel(name), "in": "path", "required": True, "schema": schema}


def path_schema(name: str, path: str, zone: Zone, layers: Sequence[Layer]) -> Mapping[str, Any]:
    if name == "number" or name.startswith("tile_"):
        return {"type": "integer", "minimum": 0}
    of_connect, of_downloads = path.startswith("/connect/"), path.startswith("/downloads/")
    choices: dict[str, Sequence[str]] = {
        "layer_id": [*(layer.id for layer in layers), *([WHOLE] if of_downloads else [])],
        "name": [*(layer.id for layer in layers), WHOLE],
        "zone_id": [zone.id],
        "extension": ["json", *FOR_QGIS] if of_connect else list(all_formats()),
    }
    return params.enumeration(*choices[name]) if choices.get(name) else A_TEXT


def camel(name: str) -> str:
    """layer_id is collectionId to programs, as the standard has it."""
    first, *others = name.replace("layer_id", "collection_id").split("_")
    return first + "".join(part.title() for part in others)


def query_parameter(
    one: Parameter[Any],
    settings: Settings,
    layer: Layer | None = None,
    crs_list: Sequence[str] = (),
) -> dict[str, Any]:
    schema = dict(one.schema)
    if one is params.LIMIT:
        schema |= {"maximum": settings.max_items, "default": settings.default_items}
    elif one in (params.CRS, params.BBOX_CRS, params.FILTER_CRS):
        names = crs_list if layer and one is params.CRS else crs.offered(settings)
        schema["enum"] = [crs.uri(name) for name in names]
    elif layer and one in (params.PROPERTIES, params.SORTBY):
        schema["items"] = params.enumeration(*names_for(one, layer))
    return {
        "name": one.name,
        "in": "query",
        "required": one.required,
        "description": one.description or one.allowed,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def names_for(one: Parameter[Any], layer: Layer) -> list[str]:
    """The fields that `sortby` and `properties` may name: those that can stand between commas."""
    known = {name: kind for name, kind in queryables(layer).items() if can_be_listed(name)}
    if one is params.SORTBY:
        sortable = [name for name, kind in known.items() if kind not in ("list", "geometry")]
        return [sign + name for name in sortable for sign in ("", "+", "-")]
    return [field.name for field in layer.schema.fields if field.name in known]


def can_be_listed(name: str) -> bool:
    return name != "" and name == name.strip() and "," not in name and name[0] not in "+-"

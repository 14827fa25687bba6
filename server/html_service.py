"""The pages about the service itself: conformance, schemas, tiles, and the API's description."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from server.html_look import Kind, Link, Shown, Step, Table, layer_step, trail
from server.html_sentences import in_language
from server.html_values import Value, Words, number

LAYER = "/collections/{layer_id}"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
PLACES = {"query": "html.in_query", "path": "html.in_path", "header": "html.in_header"}
# Types and formats of JSON Schema, as the pages call them.
KINDS = {
    "string": "html.type_text",
    "integer": "html.type_integer",
    "number": "html.type_number",
    "boolean": "html.type_boolean",
    "date": "html.type_date",
    "date-time": "html.type_datetime",
    "object": "html.type_object",
    "null": "html.type_null",
}
# Local references of an API description are followed so far.
DEEPEST = 8


def conformance_page(shown: Shown) -> dict[str, Any]:
    words, found = shown.look.words, sorted(shown.document["conformsTo"])
    tables = [
        Table(standard, [words["html.class"], words["html.identifier"]], rows)
        for standard, rows in (
            (standard, [class_row(one) for one in classes])
            for standard, classes in groupby(found, standard_of)
        )
    ]
    return {
        "title": words["html.conformance"],
        "intro": words["html.conformance_intro"],
        "tables": tables,
    }


def standard_of(uri: str) -> str:
    """http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core as ogcapi-tiles-1 1.0."""
    parts = uri.partition("/spec/")[2].split("/")
    return " ".join(parts[:2])


def class_row(uri: str) -> list[Value]:
    return [Value(uri.rpartition("/")[2]), Value(uri, code=True)]


def schema_page(name: str) -> Callable[[Shown], dict[str, Any]]:
    def values(shown: Shown) -> dict[str, Any]:
        look, words = shown.look, shown.look.words
        head = [words[key] for key in ("html.name", "html.meaning", "html.type", "html.codes")]
        properties: Mapping[str, Any] = shown.document.get("properties", {})
        rows = [property_row(key, one, words) for key, one in properties.items()]
        return {
            "title": f"{words[name]} · {look.say(shown.layer.title)}",
            "tables": [Table(words[name], head, rows)],
            "as_data": Link("JSON Schema", look.as_data(), "application/schema+json"),
            "trail": trail(look, layer_step(look, shown.layer)),
        }

    return values


def property_row(name: str, schema: Mapping[str, Any], words: Words) -> list[Value]:
    return [
        Value(name, code=True),
        Value(str(schema.get("title", ""))),
        Value(type_of(schema, words)),
        Value(choices(schema)),
    ]


def choices(schema: Mapping[str, Any]) -> str:
    found = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return ", ".join(map(str, found))


def type_of(schema: Mapping[str, Any], words: Words) -> str:
    """What a JSON Schema takes, in words; a list says of what."""
    kinds = schema.get("type", "")
    if form := schema.get("format"):
        if str(form).startswith("geometry-"):
            return words["html.type_geometry"]
        kinds = form if form in KINDS else kinds
    if kinds == "array":
        of = type_of(schema.get("items", {}), words)
        return f"{words['html.type_list']} ({of})" if of else words["html.type_list"]
    kinds = kinds if isinstance(kinds, list) else [kinds]
    found = [words[KINDS[kind]] if kind in KINDS else str(kind) for kind in kinds]
    alternatives = schema.get("oneOf") or schema.get("anyOf") or []
    return " | ".join(filter(None, found or ())) or " | ".join(
        dict.fromkeys(filter(None, (type_of(one, words) for one in alternatives)))
    )


def tilesets_page(shown: Shown) -> dict[str, Any]:
    look, words = shown.look, shown.look.words
    rows = []
    for tileset in shown.document["tilesets"]:
        links = {one["rel"]: one["href"] for one in tileset["links"]}
        name = Value(tileset["tileMatrixSetId"], href=look.page_of(links["self"]))
        rows.append([name, Value(links["self"], code=True)])
    head = [words["html.matrix_set"], words["html.address"]]
    return {
        "title": titled(shown, words["html.tiles"]),
        "intro": words["html.tiles_intro"],
        "tables": [Table(words["html.tiles"], head, rows)],
        "trail": own_trail(shown),
    }


def tileset_page(shown: Shown) -> dict[str, Any]:
    look, words, document = shown.look, shown.look.words, shown.document
    links = {one["rel"]: one["href"] for one in document["links"]}
    scheme = next(href for rel, href in links.items() if rel.endswith("/tiling-scheme"))
    up = Step(words["html.tiles"], look.to(*look.path[:-1]))
    return {
        "title": titled(shown, document["tileMatrixSetId"]),
        "intro": words["html.tiles_intro"],
        "facts": [
            (words["html.address"], Value(links["item"], code=True)),
            ("TileJSON", Value(links["describedby"], code=True, href=links["describedby"])),
            (
                words["html.matrix_set"],
                Value(document["tileMatrixSetId"], href=look.page_of(scheme)),
            ),
        ],
        "tables": [layers_table(shown), limits_table(shown)],
        "trail": [*own_trail(shown), up],
    }


def titled(shown: Shown, name: str) -> str:
    """With the layer's title; that of the whole map stands on every page anyway."""
    return f"{name} · {shown.document['title']}" if "layer_id" in shown.path else name


def layers_table(shown: Shown) -> Table:
    look, words = shown.look, shown.look.words
    rows = [
        [
            Value(one["id"], code=True, href=look.to("collections", one["id"])),
            Value(one["title"]),
            Value(", ".join(one["propertiesSchema"]["properties"])),
        ]
        for one in shown.document["layers"]
    ]
    head = [words["html.id"], words["html.name"], words["html.fields"]]
    return Table(words["html.layers"], head, rows)


def limits_table(shown: Shown) -> Table:
    words = shown.look.words
    rows = [
        [
            Value(one["tileMatrix"]),
            Value(f"{one['minTileRow']}–{one['maxTileRow']}"),
            Value(f"{one['minTileCol']}–{one['maxTileCol']}"),
        ]
        for one in shown.document["tileMatrixSetLimits"]
    ]
    head = [words["html.zoom"], words["html.tile_rows"], words["html.tile_columns"]]
    return Table(words["html.limits"], head, rows)


def own_trail(shown: Shown) -> list[Step]:
    """A layer's tiles stand below the layer, the map's beside the layers."""
    look = shown.look
    return trail(look, layer_step(look, shown.layer)) if "layer_id" in shown.path else []


def matrix_sets_page(shown: Shown) -> dict[str, Any]:
    look, words = shown.look, shown.look.words
    rows = []
    for one in shown.document["tileMatrixSets"]:
        href = look.page_of(one["links"][0]["href"])
        rows.append(
            [Value(one["id"], href=href), Value(one["title"]), Value(one["uri"], code=True)]
        )
    head = [words["html.id"], words["html.name"], words["html.identifier"]]
    title = words["html.matrix_sets"]
    return {"title": title, "tables": [Table(title, head, rows)]}


def matrix_set_page(shown: Shown) -> dict[str, Any]:
    look, words, document = shown.look, shown.look.words, shown.document
    rows = [
        [
            Value(one["id"]),
            Value(number(round(one["scaleDenominator"], 1))),
            Value(number(round(one["cellSize"], 6))),
            Value(f"{number(one['matrixWidth'])} × {number(one['matrixHeight'])}"),
        ]
        for one in document["tileMatrices"]
    ]
    keys = ("html.zoom", "html.scale", "html.cell", "html.matrix_size")
    sets = Step(words["html.matrix_sets"], look.to("tileMatrixSets"))
    return {
        "title": document["id"],
        "facts": [
            (words["html.name"], Value(document["title"])),
            (words["html.identifier"], Value(document["uri"], code=True)),
            (words["html.crs"], Value(document["crs"], code=True)),
        ],
        "tables": [Table(words["html.zooms"], [words[key] for key in keys], rows)],
        "trail": [sets],
    }


def api_page(shown: Shown) -> dict[str, Any]:
    """The whole description, as it is: nothing is folded away or fetched from elsewhere."""
    look, document = shown.look, shown.document
    info = document["info"]
    operations = [
        operation_values(shown, path, method, item)
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in operations:
        groups.setdefault(one["tag"], []).append(one)
    return {
        "title": look.words["html.api"],
        "name": f"{info['title']} {info['version']}",
        "description": info.get("description", ""),
        "servers": [one["url"] for one in document.get("servers", [])],
        "groups": list(groups.items()),
        "as_data": Link("OpenAPI 3.0", look.as_data(), "application/vnd.oai.openapi+json"),
    }


def said(shown: Shown, sentence: object) -> str:
    return in_language(str(sentence), shown.look.lang) or str(sentence)


def operation_values(
    shown: Shown, path: str, method: str, item: Mapping[str, Any]
) -> dict[str, Any]:
    document, operation = shown.document, item[method]
    parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
    return {
        "path": path,
        "method": method.upper(),
        "tag": said(shown, (operation.get("tags") or [""])[0]),
        "name": operation.get("operationId", ""),
        "summary": said(shown, operation.get("summary", "")),
        "description": said(shown, operation.get("description", "")),
        "parameters": [parameter_values(shown, one) for one in parameters],
        "body": sorted(resolved(document, operation.get("requestBody", {})).get("content", {})),
        "answers": [
            answer_values(shown, code, resolved(document, one))
            for code, one in operation.get("responses", {}).items()
        ],
    }


def parameter_values(shown: Shown, given: Mapping[str, Any]) -> dict[str, Any]:
    words = shown.look.words
    parameter = resolved(shown.document, given)
    schema = resolved(shown.document, parameter.get("schema", {}))
    default = schema.get("default")
    return {
        "name": parameter["name"],
        "place": words[PLACES[parameter["in"]]],
        "required": bool(parameter.get("required")),
        "type": type_of(schema, words),
        "allowed": allowed(schema),
        "default": "" if default is None else str(default),
        "description": said(shown, parameter.get("description", "")),
    }


def allowed(schema: Mapping[str, Any]) -> str:
    """The values of a parameter, or its bounds."""
    named = choices(schema)
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = (
        "" if low is None and high is None else f"{low if low is not None else ''}…{high or ''}"
    )
    return named or bounds or str(schema.get("pattern", ""))


def answer_values(shown: Shown, code: str, response: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "description": said(shown, response.get("description", "")),
        "types": sorted(response.get("content", {})),
    }


def resolved(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a local reference points to."""
    for _ in range(DEEPEST):
        reference = value.get("$ref")
        if not isinstance(reference, str):
            break
        value = found_at(document, reference.removeprefix("#/").split("/"))
    return value


def found_at(document: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    found: Any = document
    for name in names:
        found = found[name.replace("~1", "/").replace("~0", "~")]
    assert isinstance(found, Mapping)
    return found


PAGES: dict[str, Kind] = {
    "/conformance": Kind("tables.html", conformance_page),
    f"{LAYER}/queryables": Kind("tables.html", schema_page("html.queryables")),
    f"{LAYER}/schema": Kind("tables.html", schema_page("html.schema")),
    f"{LAYER}/tiles": Kind("tables.html", tilesets_page),
    f"{LAYER}/tiles/WebMercatorQuad": Kind("tables.html", tileset_page),
    "/tiles": Kind("tables.html", tilesets_page),
    "/tiles/WebMercatorQuad": Kind("tables.html", tileset_page),
    "/tileMatrixSets": Kind("tables.html", matrix_sets_page),
    "/tileMatrixSets/WebMercatorQuad": Kind("tables.html", matrix_set_page),
    "/api": Kind("api.html", api_page),
}

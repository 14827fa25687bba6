"""The pages about the service itself: conformance, schemas, tiles, and the API's description."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from server.html_look import Kind, Link, Shown, Step, Table, layer_step, trail
from server.html_values import Value, number

LAYER = "/collections/{layer_id}"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
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
        rows = [property_row(key, one) for key, one in properties.items()]
        return {
            "title": f"{words[name]} · {look.say(shown.layer.title)}",
            "tables": [Table(words[name], head, rows)],
            "as_data": Link("JSON Schema", look.as_data(), "application/schema+json"),
            "trail": trail(look, layer_step(look, shown.layer)),
        }

    return values


def property_row(name: str, schema: Mapping[str, Any]) -> list[Value]:
    return [
        Value(name, code=True),
        Value(str(schema.get("title", ""))),
        Value(type_of(schema), code=True),
        Value(choices(schema)),
    ]


def choices(schema: Mapping[str, Any]) -> str:
    found = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return ", ".join(map(str, found))


def type_of(schema: Mapping[str, Any]) -> str:
    """`type (format)`; a list says of what."""
    kind = schema.get("type", "")
    if isinstance(kind, list):
        kind = " | ".join(map(str, kind))
    if kind == "array":
        kind = f"array of {type_of(schema.get('items', {})) or 'any'}"
    form = schema.get("format")
    if form:
        return f"{kind} ({form})" if kind else str(form)
    alternatives = schema.get("oneOf") or schema.get("anyOf") or []
    return str(kind) or " | ".join(filter(None, map(type_of, alternatives)))


def tilesets_page(shown: Shown) -> dict[str, Any]:
    look, words = shown.look, shown.look.words
    rows = []
    for tileset in shown.document["tilesets"]:
        links = {one["rel"]: one["href"] for one in tileset["links"]}
        name = Value(tileset["tileMatrixSetId"], href=look.page_of(links["self"]))
        rows.append([name, Value(links["item"], code=True)])
    head = [words["html.matrix_set"], words["html.address"]]
    return {
        "title": f"{words['html.tiles']} · {shown.document['title']}",
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
        "title": f"{document['tileMatrixSetId']} · {document['title']}",
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
        operation_values(document, path, method, item)
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


def operation_values(
    document: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any]
) -> dict[str, Any]:
    operation = item[method]
    parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
    return {
        "path": path,
        "method": method.upper(),
        "tag": (operation.get("tags") or [""])[0],
        "name": operation.get("operationId", ""),
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [parameter_values(document, one) for one in parameters],
        "body": sorted(resolved(document, operation.get("requestBody", {})).get("content", {})),
        "answers": [
            answer_values(code, resolved(document, one))
            for code, one in operation.get("responses", {}).items()
        ],
    }


def parameter_values(document: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    parameter = resolved(document, given)
    schema = resolved(document, parameter.get("schema", {}))
    default = schema.get("default")
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "required": bool(parameter.get("required")),
        "type": type_of(schema),
        "allowed": allowed(schema),
        "default": "" if default is None else str(default),
        "description": parameter.get("description", ""),
    }


def allowed(schema: Mapping[str, Any]) -> str:
    """The values of a parameter, or its bounds."""
    named = choices(schema)
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = (
        "" if low is None and high is None else f"{low if low is not None else ''}…{high or ''}"
    )
    return named or bounds or str(schema.get("pattern", ""))


def answer_values(code: str, response: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "description": response.get("description", ""),
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

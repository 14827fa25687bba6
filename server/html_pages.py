"""The pages about layers: the list, one layer, its items as a table, one item."""

from collections.abc import Mapping, Sequence
from typing import Any

from layers.model import Field, Figure, Layer, Source
from layers.model import Query as StoreQuery
from server import html_service, html_stats
from server.figures import figure_text, figures_of, is_joint
from server.html_look import (
    Kind,
    Link,
    Look,
    Query,
    Shown,
    Step,
    Table,
    downloads,
    layer_step,
    small_map,
    trail,
)
from server.html_values import (
    Column,
    Value,
    columns,
    crs_label,
    date,
    facts_of,
    feature_name,
    joined,
    number,
    position,
    sources_of,
    text_of_role,
    value_of,
    web_address,
)
from server.links import path_to
from server.media import DOCX, GEOJSON, HTML, PDF
from server.params import LANG
from server.related import related_features

LAYERS = "/collections"
LAYER = "/collections/{layer_id}"
# More rows than anybody reads would only keep the browser busy.
MOST_ROWS = 500
# What pages of items go on by.
PLACES = ("after", "before", "offset")
# Said on a feature's page in words of their own, outside of the table of facts.
SAID_APART = ("name", "sources", "summary", "related")
TYPES = {
    "text": "html.type_text",
    "integer": "html.type_integer",
    "number": "html.type_number",
    "boolean": "html.type_boolean",
    "date": "html.type_date",
    "datetime": "html.type_datetime",
    "list": "html.type_list",
}
STATUSES = {
    "original": "detail.source_original",
    "mirror": "detail.source_mirror",
    "not_found": "detail.source_not_found",
    "data": "detail.source_data",
    "derived": "detail.source_derived",
}


def layers_page(shown: Shown) -> dict[str, Any]:
    look, store = shown.look, shown.store
    rows = [
        {
            "id": layer.id,
            "title": look.say(layer.title),
            "description": look.say(layer.description),
            "style": layer.style,
            "count": number(store.count(layer.id, StoreQuery())),
            "href": look.to("collections", layer.id),
            "list": look.to("collections", layer.id, "items"),
            "downloads": downloads(look, layer),
        }
        for layer in store.layers()
    ]
    return {"title": look.words["html.layers"], "rows": rows, "trail": []}


def layer_page(shown: Shown) -> dict[str, Any]:
    look, layer = shown.look, shown.layer
    path = ("collections", layer.id)
    return {
        "title": look.say(layer.title),
        "layer": layer,
        "description": look.say(layer.description),
        "count": number(shown.store.count(layer.id, StoreQuery())),
        "items": look.to(*path, "items"),
        "on_map": look.to(layers=layer.id),
        "facts": layer_facts(shown, layer),
        "more": layer_links(shown),
        "downloads": downloads(look, layer),
        "fields": fields_table(shown, layer),
        "figures": [figure_values(shown, one) for one in layer.figures],
        "sources": [source_values(shown, one) for one in layer.sources],
        "trail": trail(look),
    }


def layer_facts(shown: Shown, layer: Layer) -> list[tuple[str, Value]]:
    look, document = shown.look, shown.document
    found = [(look.words["html.id"], Value(layer.id, code=True))]
    extent = document.get("extent", {}).get("spatial", {}).get("bbox")
    if extent:
        text = ", ".join(map(str, extent[0]))
        found.append((look.words["html.extent"], Value(text, code=True)))
    labels = "\n".join(crs_label(uri) for uri in document.get("crs", []))
    found.append((look.words["html.crs"], Value(labels)))
    if layer.licence:
        title = look.say(layer.licence.title)
        address = web_address(layer.licence.address)
        found.append((look.words["html.licence"], Value(title, href=address)))
    return found


# Relations of a layer's links that lead to further pages, in the order of the page.
MORE = (
    ("/rel/ogc/1.0/queryables", "html.queryables"),
    ("/rel/ogc/1.0/schema", "html.schema"),
    ("/rel/ogc/1.0/tilesets-vector", "html.tiles"),
)


def layer_links(shown: Shown) -> list[Link]:
    look, links = shown.look, shown.document["links"]
    found = []
    for relation, key in MORE:
        hrefs = [one["href"] for one in links if one["rel"].endswith(relation)]
        found += [Link(look.words[key], look.page_of(href), HTML) for href in hrefs[:1]]
    return found


def fields_table(shown: Shown, layer: Layer) -> Table:
    words = shown.look.words
    keys = ("html.name", "html.meaning", "html.type", "html.unit", "html.codes")
    rows = [field_row(shown, one) for one in layer.schema.fields]
    return Table(words["html.fields"], [words[key] for key in keys], rows)


def field_row(shown: Shown, field: Field) -> list[Value]:
    look = shown.look
    codes = [f"{code} = {look.say(label)}" for code, label in (field.codes or {}).items()]
    return [
        Value(field.name, code=True),
        Value(look.say(field.label)),
        Value(look.words[TYPES[field.type]]),
        Value(field.unit or ""),
        Value("\n".join(codes)),
    ]


def figure_values(shown: Shown, figure: Figure) -> dict[str, str]:
    look, members = shown.look, len(figure.members)
    return {
        "label": look.say(figure.label),
        "text": figure_text(figure, look.lang, look.words),
        "joint": look.word("figure.joint", count=number(members)) if is_joint(figure) else "",
    }


def source_values(shown: Shown, source: Source) -> dict[str, Any]:
    look = shown.look
    about = [
        look.say(source.publisher) if source.publisher else "",
        date(source.date, look.lang) if source.date else "",
        look.words[STATUSES[source.status]] if source.status in STATUSES else "",
    ]
    return {
        "title": look.say(source.title),
        "href": web_address(source.address),
        "about": " · ".join(part for part in about if part),
    }


def at_most(query: Query) -> Query:
    """A page's table is short even where its document would be long."""
    return [
        (name, str(MOST_ROWS))
        if name == "limit" and text.isascii() and text.isdigit() and int(text[:9]) > MOST_ROWS
        else (name, text)
        for name, text in query
    ]


def items_page(shown: Shown) -> dict[str, Any]:
    look, layer, document = shown.look, shown.layer, shown.document
    features = document["features"]
    shape = [
        column
        for column in columns(layer.schema, look.lang)
        if column.field.role != "name" and is_there(column, features)
    ]
    return {
        "title": look.say(layer.title),
        "layer": layer,
        "shown": how_many(shown, document),
        "head": [look.say(column.field.label) for column in shape],
        "rows": [item_row(shown, layer, one, shape) for one in features],
        "pages": page_links(shown),
        "crs": crs_links(shown),
        "as_data": Link("GeoJSON", look.as_data(), GEOJSON),
        "downloads": downloads(look, layer),
        "scene": small_map(shown, layer, map_data(shown), None) if features else None,
        "credit": look.say(look.zone.credit),
        "trail": trail(look, layer_step(look, layer)),
    }


def how_many(shown: Shown, document: Mapping[str, Any]) -> str:
    look, returned = shown.look, document["numberReturned"]
    matched = document.get("numberMatched", returned)
    if matched == returned:
        return look.word("html.count", count=number(returned))
    return look.word("html.shown", returned=number(returned), matched=number(matched))


def is_there(column: Column, features: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the document has the field: what was not asked for is not unknown."""
    pair = [column.field, *([column.twin] if column.twin else [])]
    return not features or any(one.name in features[0]["properties"] for one in pair)


def item_row(
    shown: Shown, layer: Layer, feature: Mapping[str, Any], shape: Sequence[Column]
) -> dict[str, Any]:
    look = shown.look
    properties = feature["properties"]
    return {
        "name": feature_name(layer, feature, look.lang),
        "href": look.to("collections", layer.id, "items", str(feature["id"]), **chosen_crs(shown)),
        "position": position(layer, feature, look.words),
        "values": [value_of(one, layer, properties, look.words, look.lang) for one in shape],
    }


def chosen_crs(shown: Shown) -> dict[str, str]:
    return {name: text for name, text in shown.look.query if name == "crs"}


def map_data(shown: Shown) -> str:
    """The same items for the map, which wants degrees whatever the table shows."""
    look = shown.look
    query = at_most([one for one in look.query if one[0] not in ("crs", "lang", "f")])
    return look.address([*query, ("f", "json")])


def page_links(shown: Shown) -> list[Step]:
    look = shown.look
    hrefs = {one["rel"]: one["href"] for one in shown.document["links"]}
    found = []
    if any(name in PLACES for name, _ in look.query):
        found.append(Step(look.words["html.first"], look.without(*PLACES)))
    for rel, key in (("prev", "html.prev"), ("next", "html.next")):
        if rel in hrefs:
            found.append(Step(look.words[key], look.page_of(hrefs[rel])))
    return found


def crs_links(shown: Shown) -> list[dict[str, Any]]:
    """The systems the layer is offered in; the first is the one without asking."""
    look, offered = shown.look, shown.others[0].get("crs", [])
    asked = dict(look.query).get("crs") or (offered[0] if offered else None)
    return [
        {"label": crs_label(uri), "href": look.with_value(crs=uri), "current": uri == asked}
        for uri in offered
        if uri.startswith("http")
    ]


def feature_page(shown: Shown) -> dict[str, Any]:
    look, layer, feature = shown.look, shown.layer, shown.document
    properties = feature["properties"]
    facts = facts_of(layer, properties, look.words, look.lang, SAID_APART)
    name = feature_name(layer, feature, look.lang)
    items = Step(look.words["html.items"], look.to("collections", layer.id, "items"))
    return {
        "title": name,
        "layer": layer,
        "layer_title": look.say(layer.title),
        "summary": text_of_role(layer, properties, "summary", look.lang),
        "facts": facts.known,
        "unknown": joined(facts.unknown, look.lang),
        "position": position(layer, feature, look.words),
        "crs": crs_links(shown),
        "figures": [figure_values(shown, one) for one in figures_of(layer, str(feature["id"]))],
        "sources": [source_values(shown, one) for one in sources_of(layer, properties)],
        "related": related(shown, layer, properties),
        "as_data": Link("GeoJSON", look.as_data(), GEOJSON),
        "one_page": one_page(look, layer.id, str(feature["id"])),
        "on_map": look.to(selected=f"{layer.id}/{feature['id']}"),
        "scene": small_map(
            shown, layer, look.without("crs", "lang", "f") + "?f=json", str(feature["id"])
        ),
        "credit": look.say(look.zone.credit),
        "trail": trail(look, layer_step(look, layer), items),
    }


def one_page(look: Look, layer_id: str, feature_id: str) -> list[Link]:
    """What can be handed over, in the language of this page."""
    address = look.base + path_to("profiles", layer_id, feature_id)
    return [
        Link(name, f"{address}.{ending}?{LANG.name}={look.lang}", media_type)
        for name, ending, media_type in (("PDF", "pdf", PDF), ("Word", "docx", DOCX))
    ]


def related(shown: Shown, layer: Layer, properties: Mapping[str, Any]) -> list[Step]:
    look = shown.look
    return [
        Step(
            feature_name(target, found._asdict(), look.lang),
            look.to("collections", target.id, "items", found.id),
        )
        for target, found in related_features(shown.store, layer, properties)
    ]


PAGES: dict[str, Kind] = {
    LAYERS: Kind("collections.html", layers_page),
    LAYER: Kind("collection.html", layer_page),
    f"{LAYER}/items": Kind("items.html", items_page, (LAYER,), at_most),
    f"{LAYER}/items/{{feature_id}}": Kind("feature.html", feature_page, (LAYER,)),
    **html_service.PAGES,
    **html_stats.PAGES,
}

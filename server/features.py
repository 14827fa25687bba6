"""The layers as OGC API Features: collections, pages of items, single features."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from fastapi import Response

from geo.extent import Extent
from layers.formats import geojson
from layers.model import Layer, Query
from layers.registry import all_formats
from layers.stores.store import Reading, Store
from server import caching, tilesets
from server.links import Links, link
from server.params import AFTER, BBOX, DOCUMENT, ITEMS, LIMIT, Given, pairs, read
from server.settings import Settings
from server.site import CallDep

JSON, GEOJSON = "application/json", "application/geo+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


class Page(NamedTuple):
    """One page of items: the features as bytes, and the key the next page begins after."""

    features: list[bytes]
    matched: int
    next: int | None


async def collections(call: CallDep) -> Response:
    given = read(call.query, DOCUMENT)
    call.must_accept(JSON)
    store, lang = call.store, call.lang(given)

    def document(_: Reading) -> bytes:
        found = [
            collection_document(layer, store.extent(layer.id), call.links, lang)
            for layer in store.layers()
        ]
        links = [link("self", call.links.to("collections"), JSON)]
        return orjson.dumps({"links": links, "collections": found})

    body = await call.site.pool.run(document, call.request)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


async def collection(call: CallDep, layer_id: str) -> Response:
    given = read(call.query, DOCUMENT)
    call.must_accept(JSON)
    store, lang = call.store, call.lang(given)

    def document(_: Reading) -> bytes:
        layer = store.layer(layer_id)
        found = collection_document(layer, store.extent(layer.id), call.links, lang)
        return orjson.dumps(found)

    body = await call.site.pool.run(document, call.request)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


def collection_document(
    layer: Layer, extent: Extent | None, links: Links, lang: str
) -> dict[str, Any]:
    path = ("collections", layer.id)
    title = layer.title.of(lang)
    document: dict[str, Any] = {
        "id": layer.id,
        "title": title,
        "description": layer.description.of(lang),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link("self", links.to(*path), JSON, title),
            link("items", links.to(*path, "items"), GEOJSON, title),
            *tilesets.tileset_links(links, *path),
            *(
                link("enclosure", links.to("downloads", f"{layer.id}.{extension}"), kind.media_type)
                for extension, kind in all_formats().items()
            ),
        ],
    }
    if layer.licence and is_web_address(layer.licence.address):
        licence = layer.licence
        document["links"].append(
            link("license", str(licence.address), "text/html", licence.title.of(lang))
        )
    if extent:
        # Rounded outward: no feature may lie outside the extent its layer declares.
        document["extent"] = {"spatial": {"bbox": [list(extent.outward())], "crs": CRS84}}
    return document


def is_web_address(address: str | None) -> bool:
    return bool(address) and str(address).lower().startswith(("https://", "http://"))


async def items(call: CallDep, layer_id: str) -> Response:
    given = read(call.query, ITEMS)
    call.must_accept(GEOJSON, JSON)
    store, query = call.store, page_query(given, call.site.settings)
    address = call.links.to("collections", layer_id, "items")

    def work(_: Reading) -> tuple[str, bytes]:
        # Weak: two answers for the same data differ in their timeStamp.
        tag = "W/" + caching.digest(store.version(layer_id), address, call.query)
        if caching.is_current(call.request, tag):
            return tag, b""  # the answer will be 304
        page = read_page(store, layer_id, query)
        return tag, page_document(page, page_links(call.links, layer_id, call.query, page))

    tag, body = await call.site.pool.run(work, call.request)
    return caching.answer(call.request, body, GEOJSON, tag=tag)


def page_query(given: Given, settings: Settings) -> Query:
    # More than the most is answered with the most (OGC API Features, 7.15.2): no error.
    limit = min(given.get(LIMIT) or settings.default_items, settings.max_items)
    return Query(extent=given.get(BBOX), limit=limit, after=given.get(AFTER))


def read_page(store: Store, layer_id: str, query: Query) -> Page:
    """One feature more than the page holds tells whether there is a next page."""
    layer = store.layer(layer_id)
    assert query.limit is not None
    one_more = Query(query.extent, query.limit + 1, query.after)
    found = list(store.features(layer_id, one_more))
    page = found[: query.limit]
    matched = store.count(layer_id, Query(extent=query.extent))
    after = page[-1].fid if len(found) > len(page) else None
    return Page(geojson.feature_bytes(layer, page), matched, after)


def page_links(links: Links, layer_id: str, query: bytes, page: Page) -> list[dict[str, str]]:
    """The next link keeps every parameter of this request and adds the key to go on from."""
    path = ("collections", layer_id)
    asked = dict(pairs(query))
    found = [
        link("self", links.to(*path, "items", query=asked), GEOJSON),
        link("collection", links.to(*path), JSON),
    ]
    if page.next is not None:
        following = {**asked, AFTER.name: page.next}
        found.append(link("next", links.to(*path, "items", query=following), GEOJSON))
    return found


def page_document(page: Page, links: Sequence[dict[str, str]]) -> bytes:
    head = orjson.dumps(
        {
            "type": "FeatureCollection",
            "links": links,
            "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "numberMatched": page.matched,
            "numberReturned": len(page.features),
        }
    )
    return b"".join([head[:-1], b',"features":[', b",".join(page.features), b"]}"])


async def feature(call: CallDep, layer_id: str, feature_id: str) -> Response:
    read(call.query, DOCUMENT)
    call.must_accept(GEOJSON, JSON)
    layer, found = await call.look_up(
        lambda store: (store.layer(layer_id), store.feature(layer_id, feature_id))
    )
    path = ("collections", layer_id)
    links = [
        link("self", call.links.to(*path, "items", found.id), GEOJSON),
        link("collection", call.links.to(*path), JSON),
    ]
    [written] = geojson.feature_bytes(layer, [found])
    body = b"".join([written[:-1], b',"links":', orjson.dumps(links), b"}"])
    return caching.answer(call.request, body, GEOJSON)

"""The layers as OGC API Features: collections, pages of items, single features."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

import orjson
from fastapi import Response

from geo.crs import CRS84, is_wgs84
from layers.formats import geojson
from layers.model import Batch, Feature, Layer, Query
from layers.stores.store import Reading, Store
from server import caching, crs, params
from server.collection import answer_crs, collection_document, page_of, whole_of
from server.links import Links, link
from server.marks import Mark, mark_text
from server.media import GEOJSON, HTML, JSON
from server.params import DOCUMENT, FEATURE, ITEMS, pairs, read, split
from server.queries import Wanted, chosen, items_query
from server.site import CallDep
from server.version import VERSION


class Page(NamedTuple):
    """One page of items: the features as bytes, and the marks that its neighbours begin at."""

    features: list[bytes]
    matched: int
    next: Mark | None
    prev: Mark | None


async def collections(call: CallDep) -> Response:
    given = read(call.query, DOCUMENT)
    call.must_accept(JSON)
    store, lang = call.store, call.lang(given)

    def document(_: Reading) -> bytes:
        found = [
            collection_document(layer, whole_of(call.site, store, layer), call.links, lang)
            for layer in store.layers()
        ]
        links = [link("self", call.links.to("collections"), JSON)]
        links.append(page_of(call.links, "collections"))
        all_crs = [crs.uri(name) for name in crs.offered(call.site.settings)]
        return orjson.dumps({"links": links, "crs": all_crs, "collections": found})

    body = await call.site.pool.run(document, call.request)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


async def collection(call: CallDep, layer_id: str) -> Response:
    given = read(call.query, DOCUMENT)
    call.must_accept(JSON)
    store, lang = call.store, call.lang(given)

    def document(_: Reading) -> bytes:
        layer = store.layer(layer_id)
        whole = whole_of(call.site, store, layer)
        return orjson.dumps(collection_document(layer, whole, call.links, lang))

    body = await call.site.pool.run(document, call.request)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


async def items(call: CallDep, layer_id: str) -> Response:
    given, others = split(call.query, ITEMS)
    call.must_accept(GEOJSON, JSON)
    store, settings, lang = call.store, call.site.settings, call.lang(given)
    address = call.links.to("collections", layer_id, "items")
    # Weak: two answers for the same data differ in their timeStamp.

    def work(_: Reading) -> tuple[str, str, bytes]:
        layer, source = store.layer(layer_id), call.source(lang)
        name = answer_crs(settings, store, layer, given)
        wanted = items_query(layer, given, others, source, name)
        made_by = (VERSION, str(settings.default_items), str(settings.max_items))
        versions = source.versions([layer], given)
        tag = "W/" + caching.digest(*made_by, *versions, address, call.query)
        if caching.is_current(call.request, tag):
            return tag, name, b""  # the answer will be 304
        page = read_page(store, layer, wanted)
        links = page_links(call.links, layer_id, call.query, page)
        return tag, name, page_document(page, links)

    tag, name, body = await call.run(work)
    return caching.answer(call.request, body, GEOJSON, content_crs(name), tag=tag)


def content_crs(name: str) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri(name)}>"}


def read_page(store: Store, layer: Layer, wanted: Wanted) -> Page:
    """One feature more than the page holds tells whether there is another page."""
    query = wanted.query
    assert query.limit is not None
    matched = store.count(layer.id, Query(query.extent, filter=query.filter))
    page: list[bytes] = []
    marks: list[Mark] = []  # of where each batch begins and ends
    more = False
    for batch in store.batches(layer.id, replace(query, limit=query.limit + 1)):
        more = len(page) + len(batch.fids) > query.limit
        shown = batch.first(query.limit - len(page)) if more else batch
        if shown.fids:
            marks += mark_of(shown, 0), mark_of(shown, -1)
            page += written(layer, shown, wanted.crs, wanted.properties)
    if not page:
        return Page(page, matched, None, None)
    first, last = marks[0], marks[-1]
    if query.backward:
        return Page(page[::-1], matched, first, last if more else None)
    # The page before this one is known to be there: this one was reached from it.
    from_there = query.after is not None or query.offset > 0
    return Page(page, matched, last if more else None, first if from_there else None)


def mark_of(batch: Batch, place: int) -> Mark:
    return Mark(tuple(column[place] for column in batch.sort_values), batch.fids[place])


def written(layer: Layer, batch: Batch, name: str, fields: frozenset[str] | None) -> list[bytes]:
    if fields is not None:
        columns = {key: column for key, column in batch.columns.items() if key in fields}
        batch = batch._replace(columns=columns)
    if name == CRS84:
        return geojson.batch_bytes(layer, batch)
    return geojson.batch_bytes(layer, batch, partial(crs.written, name=name))


def page_links(links: Links, layer_id: str, query: bytes, page: Page) -> list[dict[str, str]]:
    """The links to other pages keep every parameter of this request but the place to begin at."""
    here, asked = links.to("collections", layer_id), dict(pairs(query))
    # Each text is quoted once, not again for every link.
    parts = {name: urlencode({name: text}, safe=",/") for name, text in asked.items()}
    kept = {name: part for name, part in parts.items() if name not in params.PLACES}

    def to_items(written: Mapping[str, str]) -> str:
        return f"{here}/items{'?' if written else ''}{'&'.join(written.values())}"

    found = [
        link("self", to_items(parts), GEOJSON),
        link("alternate", to_items({**parts, "f": "f=html"}), HTML),
        link("collection", here, JSON),
    ]
    for rel, parameter, mark in (
        ("next", params.AFTER, page.next),
        ("prev", params.BEFORE, page.prev),
    ):
        if mark is not None:
            there = {"": f"{parameter.name}={mark_text(mark)}"}
            found.append(link(rel, to_items(kept | there), GEOJSON))
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
    given = read(call.query, FEATURE)
    call.must_accept(GEOJSON, JSON)

    def find(store: Store) -> tuple[Layer, Feature, str]:
        layer = store.layer(layer_id)
        name = answer_crs(call.site.settings, store, layer, given)
        return layer, store.feature(layer_id, feature_id), name

    if is_wgs84(given.get(params.CRS) or CRS84):
        layer, found, name = await call.look_up(find)
    else:  # where the whole layer lies may take a longer look
        layer, found, name = await call.run(lambda _: find(call.store))
    here = call.links.to("collections", layer_id, "items", found.id)
    collection = call.links.to("collections", layer_id)
    links = [
        link("self", here, GEOJSON),
        link("alternate", f"{here}?f=html", HTML),
        link("collection", collection, JSON),
    ]
    [body] = written(layer, Batch.of(found), name, chosen(layer, given))
    body = b"".join([body[:-1], b',"links":', orjson.dumps(links), b"}"])
    return caching.answer(call.request, body, GEOJSON, content_crs(name))

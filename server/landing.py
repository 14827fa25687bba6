"""The landing page (a map for browsers, JSON for programs), conformance, and health."""

import asyncio
from typing import Any

import orjson
from fastapi import Request, Response

from layers.model import Zone
from server import caching, negotiation, tilesets
from server.errors import problem
from server.files import map_page
from server.links import Links, link
from server.media import HTML, JSON, OPENAPI_3_0
from server.params import DOCUMENT, FORMAT, LANDING, read, view
from server.site import Call, CallDep
from server.version import VERSION

HEALTH_SECONDS = 1.0
# What tests/conformance holds, and nothing else.
CLASSES = {
    "ogcapi-features-1/1.0": ("core", "geojson", "html", "oas30"),
    "ogcapi-features-2/1.0": ("crs",),
    "ogcapi-features-3/1.0": (
        "queryables", "queryables-query-parameters", "filter", "features-filter",
    ),
    "ogcapi-features-5/1.0": ("schemas", "core-roles-features", "returnables-and-receivables"),
    "cql2/1.0": (
        "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators",
        "case-insensitive-comparison", "accent-insensitive-comparison", "basic-spatial-functions",
        "basic-spatial-functions-plus", "spatial-functions", "temporal-functions",
        "property-property", "arithmetic",
    ),
}  # fmt: skip
CONFORMS_TO: tuple[str, ...] = (
    *(
        f"http://www.opengis.net/spec/{part}/conf/{name}"
        for part, names in CLASSES.items()
        for name in names
    ),
    *tilesets.CONFORMS_TO,
)


async def landing(call: CallDep) -> Response:
    if wants_map(call):
        return await map_page(call)
    given = read(call.query, LANDING)
    call.must_accept(JSON, HTML)
    lang = call.lang(given)
    zone = await call.look_up(lambda store: store.zone())
    body = orjson.dumps(landing_document(zone, call.links, lang))
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


def wants_map(call: Call) -> bool:
    """By `f` if it says so, else by what the client likes best; JSON to those who take anything."""
    asked = view(call.query).get(FORMAT.name)
    if asked in ("html", "json"):
        return asked == "html"
    return negotiation.media_type(call.request.headers.get("accept"), (JSON, HTML)) == HTML


def landing_document(zone: Zone, links: Links, lang: str) -> dict[str, Any]:
    return {
        "title": zone.title.of(lang),
        "description": zone.description.of(lang) or zone.full_name.of(lang),
        "attribution": zone.credit.of(lang),
        "links": [
            link("self", links.to(query={"f": "json"}), JSON, "This document"),
            link("alternate", links.to(query={"f": "html"}), HTML, "The map"),
            link("conformance", links.to("conformance"), JSON, "What this server conforms to"),
            link("service-desc", links.to("api"), OPENAPI_3_0, "The API definition"),
            link("service-doc", links.to("api", query={"f": "html"}), HTML, "The API, described"),
            link("data", links.to("collections"), JSON, "The layers"),
            link("related", links.to("stats"), JSON, "Statistics over the layers"),
            *tilesets.tileset_links(links),
            tilesets.matrix_sets_link(links),
        ],
    }


async def conformance(call: CallDep) -> Response:
    read(call.query, DOCUMENT)
    call.must_accept(JSON)
    return caching.answer(call.request, orjson.dumps({"conformsTo": CONFORMS_TO}), JSON)


async def health(request: Request) -> Response:
    """Waits for no query and for no lock, so that it tells a busy server from a dead one."""
    store = request.app.state.site.catalog.store
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            layers = await asyncio.to_thread(store.layers)
    except Exception as error:  # whatever is wrong with the store, the answer is that it is
        return problem(503, "The store cannot be read.", reason=type(error).__name__)
    body = orjson.dumps({"status": "ok", "version": VERSION, "layers": len(layers)})
    return Response(body, 200, {"Cache-Control": "no-store"}, JSON)

"""How to reach a layer, or the whole map, from other programs: addresses, snippets, QGIS files."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import Response
from starlette.exceptions import HTTPException

from layers.errors import UnknownLayer
from server import caching, hosts, qgis_files, snippets
from server.attachments import attachment
from server.esri_layers import Published, of_layer, published
from server.links import Links
from server.media import JSON
from server.page import words_of
from server.params import LANG, read
from server.site import Call, CallDep

MEDIA_TYPES = {"qlr": "application/x-qgis-layer-definition", "qgs": "application/x-qgis-project"}
WHOLE = "map"
PAGE_SIZE = 1_000

Json = dict[str, Any]


async def connect(call: CallDep, name: str, extension: str) -> Response:
    """What the panel shows (json), or a file for QGIS; of a layer by its id, of the map as map."""
    lang = call.lang(read(call.query, (LANG,)))
    work = {"json": panel, "qlr": layer_file, "qgs": project_file}.get(extension)
    if work is None or (extension == "qgs" and name != WHOLE):
        raise HTTPException(404)
    body = await call.site.pool.run(lambda _: work(call, name, lang), call.request)
    headers: dict[str, str] = {"Content-Language": lang}
    if extension in MEDIA_TYPES:
        headers |= headers_for(call, name, extension)
    return caching.answer(call.request, body, MEDIA_TYPES.get(extension, JSON), headers)


def headers_for(call: Call, name: str, extension: str) -> dict[str, str]:
    store = call.store
    one = store.zone() if name == WHOLE else store.layer(name)
    return attachment(one.id, one.title.of("zh"), extension)


def layers_of(call: Call, name: str) -> list[Published]:
    store = call.store
    if name == WHOLE and name not in store.numbers():
        return published(store, call.site.remembered)
    layer = store.layer(name)
    return of_layer(store, layer, store.numbers()[name], call.site.remembered)


def layer_file(call: Call, name: str, lang: str) -> bytes:
    if name == WHOLE:
        raise UnknownLayer(name)
    zone, found = call.store.zone(), layers_of(call, name)
    return qgis_files.layer_file(call.store, zone, found, call.links, most(call), lang)


def project_file(call: Call, _: str, lang: str) -> bytes:
    store = call.store
    found = published(store, call.site.remembered)
    words = words_of(call.site.assets, lang)
    zone = store.zone()
    return qgis_files.project_file(store, zone, found, call.links, most(call), words, lang)


def most(call: Call) -> int:
    return min(PAGE_SIZE, call.site.settings.max_items)


def panel(call: Call, name: str, lang: str) -> bytes:
    zone, found = call.store.zone(), layers_of(call, name)
    layer = None if name == WHOLE else found[0].layer.id
    links = call.links
    service = links.to("rest", "services", zone.id, "FeatureServer")
    file = links.to("connect", f"{name}.{'qgs' if layer is None else 'qlr'}", query={"lang": lang})
    document = {
        "title": zone.title.of(lang) if layer is None else found[0].layer.title.of(lang),
        "reach": reach(links),
        "qgis": {"file": file, "service": links.to()},
        "arcgis": [service] if layer is None else [f"{service}/{one.number}" for one in found],
        "gdal": snippets.gdal(links, layer, zone.id),
        "python": snippets.python(links, layer),
        "excel": snippets.excel(links, layer, call.site.settings.max_items),
    }
    return orjson.dumps(document)


def reach(links: Links) -> str:
    """Who can open these addresses: this computer only, the office's network, or everybody."""
    split = hosts.split_host(urlsplit(links.base).netloc)
    name = split[0] if split else ""
    if hosts.is_loopback_name(name):
        return "computer"
    if not hosts.is_address(name):
        return "network" if "." not in name else "everybody"
    address = ipaddress.ip_address(name)
    if address.is_loopback or address.is_unspecified:
        return "computer"
    return "network" if address.is_private or address.is_link_local else "everybody"

"""The pages for people as the tests read them."""

import re
from collections.abc import Iterator

import httpx

from layers.model import Layer
from tests.server.sites import Site
from tests.server.test_page import Page

PROBLEM = "application/problem+json"
ZH, EN = {"Accept-Language": "zh"}, {"Accept-Language": "en"}
RESOURCES = (
    "/collections",
    "/collections/{layer}",
    "/collections/{layer}/queryables",
    "/collections/{layer}/schema",
    "/collections/{layer}/items",
    "/collections/{layer}/items/{feature}",
    "/collections/{layer}/tiles",
    "/collections/{layer}/tiles/WebMercatorQuad",
    "/tiles",
    "/tiles/WebMercatorQuad",
    "/tileMatrixSets",
    "/tileMatrixSets/WebMercatorQuad",
    "/conformance",
    "/stats",
)


def resources(site: Site, layer: Layer | None = None) -> list[str]:
    """The address of each kind of resource, of one layer with features."""
    chosen = layer.id if layer else site.largest()
    feature = site.feature_of(chosen)
    return [one.format(layer=chosen, feature=feature) for one in RESOURCES]


def html(answer: httpx.Response, status: int = 200) -> Page:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


def texts(page: Page) -> list[str]:
    return [text for _, text in page.texts]


def links(page: Page) -> list[str]:
    found = (attributes.get("href") for tag, attributes in page.tags if tag == "a")
    return [href for href in found if href and not href.startswith("#")]


def crawl(site: Site) -> Iterator[tuple[str, Page]]:
    """Every page that is reached from the list of layers; of items the first few of a layer."""
    waiting, seen = ["/collections"], {"/collections"}
    items: dict[str, int] = {}
    while waiting:
        address = waiting.pop()
        page = html(site.page(address, **EN))
        yield address, page
        for href in links(page):
            path = href.partition("?")[0]
            layer = re.match(r"/collections/([^/]+)/items/", path)
            if layer:
                items[layer[1]] = items.get(layer[1], 0) + 1
            few = not layer or items[layer[1]] <= 3
            is_page = href.startswith(("/collections", "/tile", "/conformance", "/api"))
            data = re.search(r"[?&](f=json|crs=|lang=|after=|before=)|tilejson", href)
            if is_page and few and not data and path not in seen:
                seen.add(path)
                waiting.append(path)

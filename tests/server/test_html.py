"""The pages for people: there for every resource, the same as the documents, and safe to read."""

from pathlib import Path

import pytest

from layers.catalog import Catalog
from server.app import ROUTES
from server.hosts import parse_public_url
from server.html_pages import PAGES
from tests.rows import first_quick, first_zone_quick
from tests.server.pages import PROBLEM, RESOURCES, ZH, crawl, html, links, resources, texts
from tests.server.sites import HTML, Site, layer_file, serving, until

# Addresses that are drawn as documents with a text/html alternate.
WITH_ALTERNATE = tuple(
    one for one in RESOURCES if not one.endswith(("queryables", "schema", "stats"))
)


# --- there is one everywhere ------------------------------------------------------------------


def test_every_page_belongs_to_a_route() -> None:
    assert set(PAGES) <= {path for path, _ in ROUTES}


@pytest.mark.slow
def test_every_page_is_reached_and_whole(site: Site) -> None:
    found = dict(crawl(site))
    layers = [layer.id for layer in site.catalog.store.layers()]
    for layer in layers:
        assert f"/collections/{layer}" in found
        assert f"/collections/{layer}/items" in found
        assert f"/collections/{layer}/tiles/WebMercatorQuad" in found
    assert "/conformance" in found
    for address, page in found.items():
        tags = [tag for tag, _ in page.tags]
        assert tags.count("h1") == 1, address
        assert tags.count("main") == 1, address
        assert [text for tag, text in page.texts if tag in ("script", "style")] == []
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert tag not in ("style", "base", "iframe", "form")
            if tag in ("script", "img", "link"):
                source = attributes.get("src") or attributes.get("href") or ""
                assert source.startswith("/"), source


@pytest.mark.slow
def test_what_pages_load_and_lead_to_is_there(site: Site) -> None:
    tried: set[str] = set()
    for address in resources(site):
        for href in html(site.page(address)).addresses():
            if href.startswith(("#", "http")) or href in tried:
                continue
            assert href.startswith("/"), href
            tried.add(href)
            assert site.page(href).status_code == 200, (address, href)
    assert any(href.startswith("/static/") for href in tried)


@pytest.mark.parametrize("lang", first_quick(1, ["zh", "en"]))
@first_zone_quick()
def test_pages_speak_the_readers_language(site: Site, lang: str) -> None:
    for address in resources(site):
        for answer in (
            site.page(address, **{"Accept-Language": lang}),
            site.page(f"{address}?lang={lang}"),
        ):
            page = html(answer)
            assert answer.headers["content-language"] == lang
            assert page.tags[0] == ("html", {"lang": "en" if lang == "en" else "zh-CN"})
            assert ("Skip to the content" in texts(page)) == (lang == "en")


def test_the_language_goes_along(bundled_site: Site) -> None:
    for address in resources(bundled_site):
        page = html(bundled_site.page(f"{address}?lang=en", **ZH))
        inner = [href for href in links(page) if href.startswith("/collections")]
        assert inner
        other = [one for one in inner if "lang=en" not in one and "f=json" not in one]
        assert len(other) == address.startswith("/collections")  # the other language itself


# --- which of the two, page or document -------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (HTML["Accept"], True),
        ("text/html", True),
        ("text/*", True),
        ("text/html, application/json;q=0.9", True),
        ("image/png, text/html;q=0.1", True),
        ("application/schema+json, text/html;q=0.9", None),
        ("*/*", False),
        (None, False),
        ("application/json", False),
        ("application/json, text/html", False),
        ("application/geo+json;q=0.9, text/html;q=0.1, application/json", False),
    ],
)
@first_zone_quick()
def test_page_or_document(site: Site, accept: str | None, is_page: bool | None) -> None:
    for address in resources(site):
        request = site.client.build_request("GET", address)
        del request.headers["Accept"]
        if accept:
            request.headers["Accept"] = accept
        answer = site.client.send(request)
        assert answer.status_code == 200, answer.text
        assert "Accept" in answer.headers["vary"]
        got_page = answer.headers["content-type"].startswith("text/html")
        schema = address.endswith(("/schema", "/queryables"))
        assert got_page == (not schema if is_page is None else is_page), address


@first_zone_quick()
def test_f_is_stronger_than_accept(site: Site) -> None:
    for address in resources(site):
        html(site.get(f"{address}?f=html", headers={"Accept": "application/json"}))
        document = site.page(f"{address}?f=json")
        assert document.headers["content-type"].endswith("json")
        assert site.page(f"{address}?f=xml").status_code == 400
        assert site.get(address, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.slow
def test_documents_name_their_pages_and_pages_their_documents(site: Site) -> None:
    for template, address in zip(RESOURCES, resources(site), strict=True):
        if template in WITH_ALTERNATE and template != "/conformance":
            found = [
                link["href"]
                for link in site.json(address)["links"]
                if link["rel"] == "alternate" and link["type"] == "text/html"
            ]
            assert len(found) == 1, address
            html(site.get(found[0]))
        page = html(site.page(address))
        [data] = [
            attributes
            for tag, attributes in page.tags
            if tag == "link" and attributes.get("rel") == "alternate" and "type" in attributes
        ]
        answer = site.page(str(data["href"]))
        assert answer.headers["content-type"] == data["type"]
        same = {**answer.json(), "timeStamp": None}
        plain = {**site.json(address), "timeStamp": None}
        for one in (same, plain):
            one.pop("links", None)  # self says how it was asked for
        assert same == plain


@first_zone_quick()
def test_pages_are_kept_and_asked_after(site: Site) -> None:
    for address in resources(site):
        first = site.page(address)
        assert first.headers["cache-control"] == "no-cache"
        again = site.page(address, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), address
        head = site.client.head(address, headers=HTML)
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["etag"] == first.headers["etag"]


# --- elsewhere --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_public_path_is_in_every_link(bundled: Catalog) -> None:
    public = parse_public_url("https://maps.example.org/zone/atlas/")
    with serving(bundled, public_url=public) as site:
        for address in resources(site):
            page = html(site.page(address))
            own = [one for one in page.addresses() if one.startswith("/")]
            assert own
            assert [one for one in own if not one.startswith("/zone/atlas/")] == [], address
            [scene] = [one["data-scene"] for _, one in page.tags if "data-scene" in one] or ["{}"]
            assert '"/collections' not in str(scene)
            assert '"/downloads' not in str(scene)


def test_a_large_page_does_not_hold_up_others(made_up: Catalog) -> None:
    with serving(made_up, threads=1) as site:
        assert site.page("/collections/viele/items?limit=500").status_code == 200
        assert site.get("/health").status_code == 200


def test_an_edited_layer_has_another_page(folder_site: Site, folder: Path) -> None:
    before = folder_site.page("/collections/places/items")
    (folder / "places.geojson").write_text(layer_file(["Elm <b>"]), encoding="utf-8")
    until(lambda: "Elm &lt;b&gt;" in folder_site.page("/collections/places/items").text)
    after = folder_site.page("/collections/places/items")
    assert after.headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/downloads/nope.geojson", 404), ("/collections/{}/items?f=xml", 400)],
)
def test_a_browser_gets_a_page_wherever_it_comes(
    bundled_site: Site, path: str, status: int
) -> None:
    path = path.format(bundled_site.largest())
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    if "f=" not in path:
        page = html(bundled_site.get(path, headers={"Accept": accept, **ZH}), status)
        assert "没有" in "".join(texts(page))
    answer = bundled_site.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)


def test_f_is_stronger_than_accept_everywhere(bundled_site: Site) -> None:
    layer = bundled_site.largest()
    for path in ("/collections", f"/collections/{layer}/items", "/api", "/conformance", "/tiles"):
        answer = bundled_site.get(f"{path}?f=json", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert answer.json()

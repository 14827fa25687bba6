"""The landing page, conformance and health."""

import httpx
import pytest

from tests.rows import first_zone_quick
from tests.server.sites import HTML, Site


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/*", None])
@first_zone_quick()
def test_programs_get_json(site: Site, accept: str | None) -> None:
    headers = {"Accept": accept} if accept else {}
    request = site.client.build_request("GET", "/", headers=headers)
    if accept is None:
        del request.headers["Accept"]
    answer = site.client.send(request)
    assert answer.headers["content-type"] == "application/json"
    rels = {link["rel"]: link for link in answer.json()["links"]}
    assert rels["self"]["type"] == "application/json"
    assert rels["data"]["href"] == f"{site.url}/collections"
    assert rels["conformance"]["href"] == f"{site.url}/conformance"
    for link in rels.values():
        assert site.get(link["href"]).status_code == 200


def test_browsers_get_the_map(site: Site) -> None:
    answer = site.get("/", headers=HTML)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))


def test_f_overrides_accept(site: Site) -> None:
    as_json = site.get("/?f=json", headers=HTML)
    assert as_json.headers["content-type"] == "application/json"
    as_html = site.get("/?f=html", headers={"Accept": "application/json"})
    assert as_html.headers["content-type"].startswith("text/html")
    assert site.get("/?f=xml").status_code == 400


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "zh"),
        ("fr", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.3,zh-TW;q=0.4", "zh"),
        ("fr,en;q=0.1", "en"),
        ("en;q=0", "zh"),
        ("en;q=nonsense,,;;", "zh"),
    ],
)
def test_language(bundled_site: Site, header: str, lang: str) -> None:
    answer = bundled_site.get("/", headers={"Accept-Language": header})
    assert answer.headers["content-language"] == lang
    assert answer.json()["title"] == bundled_site.catalog.store.zone().title.of(lang)
    page = bundled_site.page("/", **{"Accept-Language": header})
    assert page.headers["content-language"] == lang
    assert f'<html lang="{"en" if lang == "en" else "zh-CN"}">' in page.text


def test_lang_overrides_the_header(site: Site) -> None:
    for lang in ("zh", "en"):
        for headers in ({"Accept-Language": "en"}, {"Accept-Language": "zh"}):
            answer = site.get(f"/collections?lang={lang}", headers=headers)
            assert answer.headers["content-language"] == lang


def test_conformance_claims_only_what_holds(site: Site) -> None:
    """Features Core (7.2, 7.15.4) is no less than an API definition and the parameter datetime."""
    classes = site.json("/conformance")["conformsTo"]
    rels = {link["rel"] for link in site.json("/")["links"]}
    items = f"/collections/{site.largest()}/items"
    has_core = "service-desc" in rels and site.get(f"{items}?datetime=../..").status_code == 200
    claims_core = any("ogcapi-features-1/1.0/conf/core" in one for one in classes)
    assert claims_core == has_core


def test_health(site: Site) -> None:
    answer = site.get("/health", headers={"Host": "probe.invalid"})
    assert answer.status_code == 200
    document = answer.json()
    assert document["status"] == "ok"
    assert document["layers"] == len(site.catalog.store.layers())
    assert document["version"]


def test_head_is_get_without_the_body(site: Site) -> None:
    layer = site.largest()
    for address in (
        "/",
        "/collections",
        f"/collections/{layer}",
        f"/collections/{layer}/items",
        f"/collections/{layer}/items/{site.feature_of(layer)}",
        f"/downloads/{layer}.geojson",
        "/conformance",
        "/health",
    ):
        got, head = site.get(address), site.client.head(address)
        assert head.status_code == 200
        assert head.content == b""
        same = ("content-type", "content-length", "etag", "vary", "cache-control")
        assert [head.headers.get(name) for name in same] == [
            got.headers.get(name) for name in same
        ], address


def test_options_says_what_is_possible(site: Site) -> None:
    answer = site.client.options(f"/collections/{site.largest()}/items")
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("/collections", set()),
        ("/downloads/map.csv", {"POST"}),
        ("/exports/some", {"DELETE"}),
        ("/rest/services/{zone}/FeatureServer/0/query", {"POST"}),
    ],
)
def test_browsers_are_told_what_other_sites_may_do(
    site: Site, address: str, more: set[str]
) -> None:
    """The preflight of a page elsewhere: all that the address has, not more."""
    preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    zone = site.catalog.store.zone().id
    answer = site.client.options(address.format(zone=zone), headers=preflight)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    methods = set(answer.headers["access-control-allow-methods"].split(", "))
    assert methods == {"GET", "HEAD", "OPTIONS", *more}


def test_a_closing_slash_makes_no_difference(site: Site) -> None:
    assert site.json("/collections/") == site.json("/collections")
    layer = site.largest()
    assert site.json(f"/collections/{layer}/") == site.json(f"/collections/{layer}")


def test_icon(site: Site) -> None:
    assert site.get("/favicon.ico").status_code == 204


def test_every_answer_carries_the_common_headers(site: Site) -> None:
    answers: list[httpx.Response] = [
        site.get("/"),
        site.page(),
        site.get("/nothing"),
        site.get("/collections?limit=1"),
        site.client.post("/collections"),
        site.get("/", headers={"Host": "elsewhere.example"}),
        site.client.options("/"),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "server" not in answer.headers
        policy = dict(
            part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
        )
        assert policy == {
            "default-src": "'self'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }

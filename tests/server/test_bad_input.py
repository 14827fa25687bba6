"""Whatever comes: a problem document that says what was wrong, never a crash."""

import logging
import socket
import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest

from server import connection
from tests.server.sites import Site, serving

BOXES = [
    "", "1", "1,2", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "1;2;3;4", "1,2,3,nan",
    "1,2,3,inf", "-inf,0,1,1", "NaN,NaN,NaN,NaN", "1,5,2,4", "0,-91,1,0", "0,0,1,91", "1,2,9,3,4,8",
    "600,0,700,1", "31.0,120.7,31.3,121.3", "13400000,3600000,13500000,3700000", "1_0,2,3,4",
    "１,２,３,４", "1e999,0,1,1", "0x1,2,3,4", "1,,2,3", ",,,", "1 2 3 4", "' OR 1=1 --,2,3,4",
    "1" * 5000 + ",0,1,1",
]  # fmt: skip
LIMITS = ["", "0", "-1", "1.5", "ten", "1e3", "0x10", "١", "null", "+5", "1 OR 1=1", "00", "--1"]
KEYS = ["", "x", "1.5", "9223372036854775808", "-9223372036854775809", "1" * 5000, "0 OR 1"]


def assert_problem(answer: httpx.Response, status: int, **members: object) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, object] = answer.json()
    assert document["status"] == status
    assert document["type"]
    assert document["title"]
    assert document["detail"]
    for name, value in members.items():
        assert document[name] == value
    return document


@pytest.mark.parametrize(
    ("name", "text"),
    [("bbox", text) for text in BOXES]
    + [("limit", text) for text in LIMITS]
    + [("after", text) for text in KEYS]
    + [("f", "xml"), ("f", ""), ("lang", "fr"), ("lang", "")],
)
def test_a_bad_value_is_named(bundled_site: Site, name: str, text: str) -> None:
    layer = bundled_site.largest()
    answer = bundled_site.get(f"/collections/{layer}/items", params={name: text})
    document = assert_problem(answer, 400, parameter=name)
    assert document["allowed"]
    assert str(document["got"]).removesuffix("…") == text[:200]
    assert name in str(document["detail"])


@pytest.mark.parametrize("text", ["31.0,120.7,31.3,121.3"])
def test_swapped_axes_are_guessed(site: Site, text: str) -> None:
    answer = site.get(f"/collections/{site.largest()}/items", params={"bbox": text})
    assert "latitude before longitude" in answer.json()["detail"]


def test_metres_are_guessed(site: Site) -> None:
    answer = site.get(f"/collections/{site.largest()}/items?bbox=13400000,3600000,13500000,3700000")
    assert "metres" in answer.json()["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "/?foo=1",
        "/collections?limit=1",
        "/collections/{layer}?bbox=1,2,3,4",
        "/collections/{layer}/items?limits=1",
        "/collections/{layer}/items?LIMIT=1",
        "/collections/{layer}/items?filter=a=1",
        "/collections/{layer}/items?=1",
        "/collections/{layer}/items?%00=1",
        "/collections/{layer}/items/{feature}?limit=1",
        "/conformance?x",
        "/downloads/{layer}.geojson?w=1",
    ],
)
def test_unknown_parameters_are_named(site: Site, address: str) -> None:
    layer = site.largest()
    answer = site.get(address.format(layer=layer, feature=site.feature_of(layer)))
    document = assert_problem(answer, 400)
    assert "parameter" in document


@pytest.mark.parametrize(
    "query",
    [
        "limit=%00",
        "limit=%ff",
        "bbox=%ed%a0%80",
        "limit=1&limit=2",
        "&".join(f"p{number}=1" for number in range(200)),
        "limit=%E4%BD%A0",
        "bbox=1,2,3,4%0d%0aSet-Cookie:x",
    ],
)
def test_broken_query_strings(site: Site, query: str) -> None:
    assert_problem(site.get(f"/collections/{site.largest()}/items?{query}"), 400)


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/collections/nothing",
        "/collections/nothing/items",
        "/collections/nothing/items/1",
        "/collections/{layer}/items/nothing",
        "/collections/{layer}/items/a%2Fb",
        "/collections/{layer}/items/%00",
        "/collections/{layer}/items/" + "x" * 3000,
        "/collections/{layer}/nothing",
        "/collections/%27%3B%20DROP%20TABLE%20x",
        "/collections/..%2F..%2Fetc%2Fpasswd",
        "/collections/{layer}%2Fitems",
        "/collections/{layer}%2fitems/{feature}",
        "/collections%2F{layer}",
        "/%2Fcollections",
        "/collections/{layer}%252Fitems",
        "/collections/{layer}'--",
        "/collections//items",
        "//",
        "/downloads/nothing.geojson",
        "/downloads/{layer}.docx",
        "/downloads/nothing",
        "/map-0.js",
        "/static/0/main.js",
        "/docs",
        "/openapi.json",
        "/redoc",
    ],
)
def test_what_is_not_there(site: Site, address: str) -> None:
    layer = site.largest()
    path = address.format(layer=layer, feature=site.feature_of(layer))
    assert_problem(site.get(site.url + path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_methods_that_are_not_there(site: Site, method: str) -> None:
    for address in ("/conformance", "/collections", f"/collections/{site.largest()}/items"):
        answer = site.client.request(method, address)
        assert_problem(answer, 405)
        assert set(answer.headers["allow"].split(", ")) >= {"GET", "HEAD"}


@pytest.mark.parametrize("accept", ["text/css", "image/png", "application/json;q=0"])
def test_what_nobody_offers(site: Site, accept: str) -> None:
    document = assert_problem(site.get("/collections", headers={"Accept": accept}), 406)
    assert "application/json or text/html" in str(document["detail"])


def test_accept_that_is_nonsense_is_no_wish(site: Site) -> None:
    for accept in ("nonsense", ";;;,,", "q=1", "\x7f", "a" * 10_000):
        answer = site.get("/collections", headers={"Accept": accept})
        assert answer.status_code in (200, 400), accept


def test_what_is_too_long(site: Site) -> None:
    assert_problem(site.get(f"/collections?x={'y' * 20_000}"), 414)
    assert_problem(site.get("/", headers={"X-Long": "y" * 70_000}), 431)
    answer = site.client.post("/collections", content=b"x" * 2_000_000)
    assert_problem(answer, 413)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    ],
)
def test_what_is_no_http(bundled_site: Site, request_bytes: bytes) -> None:
    answer = spoken(bundled_site, request_bytes)
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"application/problem+json" in answer
    assert bundled_site.get("/health").status_code == 200


def spoken(site: Site, request_bytes: bytes) -> bytes:
    """The beginning of what a server says to these bytes; empty when it hangs up."""
    parts = urlsplit(site.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(request_bytes)
        return connection.recv(65_536)


def test_a_request_without_host(bundled_site: Site) -> None:
    assert spoken(bundled_site, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")
    answer = spoken(bundled_site, b"GET / HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"Host must be" in answer


@pytest.mark.slow
def test_headers_that_do_not_come(bundled_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.3)
    for begun in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: 1"):
        start = time.monotonic()
        assert spoken(bundled_site, begun) == b""
        assert time.monotonic() - start < 3


class BrokenStore:
    def __getattr__(self, name: str) -> object:
        raise RuntimeError("the secret inner text")


def test_a_failure_has_an_id_and_no_inner_text(caplog: pytest.LogCaptureFixture) -> None:
    catalog = SimpleNamespace(store=BrokenStore(), refresh=lambda: False, notices=[])
    with serving(catalog) as site:
        with caplog.at_level(logging.ERROR):
            for address in ("/", "/?f=html", "/collections", "/collections/a/items"):
                document = assert_problem(site.get(address), 500)
                assert "secret" not in str(document)
                assert str(document["id"]) in caplog.text
        assert "the secret inner text" in caplog.text
        assert_problem(site.get("/health"), 503)

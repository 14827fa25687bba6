"""Whose address the links begin with, and which hosts are answered at all."""

import pytest

from layers.catalog import Catalog
from server.hosts import parse_hosts, parse_networks, parse_public_url
from tests.server.sites import Site, serving


def base_of(site: Site, **headers: str) -> str:
    """What the links of an answer begin with."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    document = site.json("/collections", headers=named)
    return str(document["links"][0]["href"]).removesuffix("/collections")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:9999",
        "127.0.0.1",
        "10.1.2.3:80",
        "[::1]:8000",
        "a.localhost",
        "[::1]",
    ],
)
def test_hosts_that_cannot_be_somebody_elses(bundled_site: Site, host: str) -> None:
    assert base_of(bundled_site, Host=host) == f"http://{host}"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1:80:80",
        "localhost:99999",
        "user@localhost",
        "localhost/path",
        "[::1",
        "::1",
        "1.2.3",
        "0x7f000001",
        "",
        "a b",
        "<script>",
        "x" * 300,
    ],
)
def test_other_hosts_are_refused(bundled_site: Site, host: str) -> None:
    for address in ("/", "/collections", "/downloads/x.geojson", "/static/0/x"):
        answer = bundled_site.get(address, headers={"Host": host})
        assert answer.status_code == 400, host
        if answer.headers["content-type"] == "application/problem+json":
            assert "evil" not in answer.text.replace(host, "")
            assert "Host" in answer.json()["detail"] or "HTTP" in answer.json()["detail"]


def test_allowed_hosts(bundled: Catalog) -> None:
    with serving(bundled, allowed_hosts=parse_hosts("atlas.example, Maps.Example.")) as site:
        assert base_of(site, Host="atlas.example") == "http://atlas.example"
        assert base_of(site, Host="maps.example:81") == "http://maps.example:81"
        assert site.get("/", headers={"Host": "other.example"}).status_code == 400


def test_forwarded_headers_are_for_trusted_proxies(bundled: Catalog) -> None:
    forwarded = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "atlas.example"}
    allowed = parse_hosts("atlas.example")
    with serving(bundled, allowed_hosts=allowed) as site:
        assert base_of(site, **forwarded) == site.url
    with serving(
        bundled, allowed_hosts=allowed, trusted_proxies=parse_networks("127.0.0.0/8")
    ) as site:
        assert base_of(site, **forwarded) == "https://atlas.example"
        assert base_of(site, X_Forwarded_Proto="gopher") == site.url
        evil = {"X-Forwarded-Host": "evil.example"}
        assert site.get("/", headers=evil).status_code == 400


def test_a_public_url_needs_no_host(bundled: Catalog) -> None:
    public = parse_public_url("https://maps.example.org")
    with serving(bundled, public_url=public) as site:
        assert base_of(site, Host="whatever.example") == "https://maps.example.org"
        assert base_of(site, X_Forwarded_Host="evil.example") == "https://maps.example.org"

"""What goes with maps in other people's pages: who may hold them, the element's script, oEmbed."""

from collections.abc import Iterator

import pytest

from layers.catalog import Catalog
from server.hosts import parse_public_url
from server.settings import SettingError, read_settings
from tests.server.sites import Site, serving
from tests.server.test_bad_input import assert_problem


def policy(site: Site, address: str) -> str:
    answer = site.page(address)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "x-frame-options" not in answer.headers
    return answer.headers["content-security-policy"].rpartition("frame-ancestors ")[2]


def test_only_the_embedded_page_may_be_framed(site: Site) -> None:
    assert policy(site, "/embed?lang=en") == "*"
    for address in ("/", "/collections?f=html", "/api?f=html", "/embed.js"):
        assert policy(site, address) == "'none'"


@pytest.fixture
def strict(bundled_site: Site) -> Iterator[Site]:
    origins = ("https://www.example.org", "https://*.example.com:8443")
    with serving(bundled_site.catalog, embed_origins=origins) as found:
        yield found


def test_who_may_frame_it_is_a_setting(strict: Site) -> None:
    expected = "'self' https://www.example.org https://*.example.com:8443"
    assert policy(strict, "/embed") == expected


@pytest.mark.parametrize(
    "text", ["www.example.org", "ftp://example.org", "https://", "https://a.test/b", "x y"]
)
@pytest.mark.parametrize("name", ["embed_origins", "embed_message_origins"])
def test_origins_that_are_none_are_refused(name: str, text: str) -> None:
    with pytest.raises(SettingError, match="--" + name.replace("_", "-")):
        read_settings({name: text}, {})


def test_messages_are_for_named_origins_only() -> None:
    with pytest.raises(SettingError):
        read_settings({"embed_message_origins": "*"}, {})
    with pytest.raises(SettingError):
        read_settings({"embed_message_origins": "https://*.example.org"}, {})
    given = read_settings({"embed_message_origins": "https://A.example.org/, http://b.test:81"}, {})
    assert given.embed_message_origins == ("https://a.example.org", "http://b.test:81")


def test_the_element_s_script_is_for_every_origin(site: Site) -> None:
    answer = site.get("/embed.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    again = site.get("/embed.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_pages_say_how_they_are_put_into_pages(site: Site) -> None:
    for address in ("/", "/?lang=en&zoom=9", "/embed?title=a%20b"):
        link = site.page(address).headers["link"]
        found = site.json(link[1 : link.index(">")])
        query = address.partition("?")[2]
        assert f"/embed{'?' if query else ''}" in found["html"]
        for part in query.split("&"):
            assert part.partition("=")[0] in found["html"]


def test_oembed_says_what_the_specification_asks(site: Site) -> None:
    url = f"{site.url}/?lang=en&title=<b>&utm_source=x"
    found = site.json("/oembed", params={"url": url, "maxwidth": 500, "maxheight": 300})
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert found["width"] <= 500
    assert found["height"] <= 300
    assert found["title"] == "<b>"
    assert "<b>" not in found["html"]
    assert "utm_source" not in found["html"]
    assert f'src="{site.url}/embed?lang=en&amp;title=%3Cb%3E"' in found["html"]


def test_oembed_follows_short_links(site: Site) -> None:
    short = site.client.post("/", params={"lang": "en", "q": "x"}).json()["href"]
    assert "lang=en&amp;q=x" in site.json("/oembed", params={"url": short})["html"]


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/?a=1",
        "{site}/collections",
        "{site}/s/aaaaaaaa",
        "{site}.example.org/",
        "{site}/\u4e2d",
    ],
)
def test_other_addresses_are_not_ours(bundled_site: Site, url: str) -> None:
    answer = bundled_site.get("/oembed", params={"url": url.format(site=bundled_site.url)})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("maxwidth", "0"),
        ("maxwidth", "wide"),
        ("maxheight", "99999"),
        ("format", "yaml"),
        ("url", ""),
        ("url", "//["),
        ("x", "1"),
    ],
)
def test_bad_values_are_named(bundled_site: Site, name: str, text: str) -> None:
    answer = bundled_site.get("/oembed", params={"url": bundled_site.url + "/", name: text})
    assert_problem(answer, 400)
    assert answer.json()["parameter"] == name


def test_an_address_is_needed_and_xml_is_not_offered(bundled_site: Site) -> None:
    assert bundled_site.get("/oembed").json()["parameter"] == "url"
    answer = bundled_site.get("/oembed", params={"url": bundled_site.url, "format": "xml"})
    assert answer.status_code == 501


def test_a_public_path_is_kept(bundled_site: Site) -> None:
    catalog: Catalog = bundled_site.catalog
    with serving(catalog, public_url=parse_public_url("https://maps.example.org/atlas")) as site:
        url = "https://maps.example.org/atlas/embed?zoom=9"
        found = site.json("/oembed", params={"url": url})
        assert 'src="https://maps.example.org/atlas/embed?zoom=9"' in found["html"]
        assert found["provider_url"] == "https://maps.example.org/atlas/"

"""Short links: the same view has the same link, it leads to the map and nowhere else."""

import sqlite3
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from layers.catalog import Catalog
from layers.errors import NoRoom
from server import short_links, site
from server.hosts import parse_public_url
from server.short_links import ShortLinks
from server.view_params import VIEW
from tests.server.sites import Site, serving

VIEW_OF_ALL = {
    "center": "120.96,31.07", "zoom": "11.5", "layers": "parks,compute-centres",
    "filter": "district='310118' AND name LIKE '西岑%'", "q": "西岑&科创?#",
    "area": "circle:120.9,31,5000",
    "certainty": "certain", "selected": "parks/a", "drawer": "table", "sort": "-name",
    "table": "parks", "group": "district,sector", "sum": "area_km2", "shade": "1",
    "compare": "districts/a,districts/b", "basemap": "osm",
    "slides": '[["园区",{"zoom":"12"}]]', "theme": "dark", "lang": "en",
}  # fmt: skip


def kept(site: Site, view: dict[str, str]) -> httpx.Response:
    answer = site.client.post("/", params=view)
    assert answer.status_code == 201, answer.text
    return answer


def test_a_view_comes_back(bundled: Catalog, tmp_path: Path) -> None:
    """Whole, also after a restart; the same view in another order has the same link."""
    assert set(VIEW_OF_ALL) == {one.name for one in VIEW}
    data = tmp_path / "data"
    with serving(bundled, data_dir=data) as site:
        answer = kept(site, VIEW_OF_ALL)
        href = answer.json()["href"]
        assert answer.headers["location"] == href
        assert len(href) < 50
        turned = dict(reversed(VIEW_OF_ALL.items()))
        assert kept(site, turned).json() == answer.json()
        assert kept(site, {"zoom": "9"}).json()["id"] != answer.json()["id"]
    with serving(bundled, data_dir=data) as site:
        found = site.client.get(urlsplit(href).path)
        assert found.status_code == 303
        target = urlsplit(found.headers["location"])
        assert target.path == "/"
        assert target.netloc == site.client.base_url.netloc.decode()
        assert parse_qs(target.query) == {name: [text] for name, text in VIEW_OF_ALL.items()}


def test_behind_a_public_address(bundled: Catalog, tmp_path: Path) -> None:
    with serving(
        bundled, data_dir=tmp_path / "data", public_url=parse_public_url("https://map.example/zone")
    ) as site:
        href = kept(site, {"zoom": "9"}).json()["href"]
        assert href.startswith("https://map.example/zone/s/")
        found = site.client.get(urlsplit(href).path)
        assert found.headers["location"] == "https://map.example/zone/?zoom=9"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("next=https://evil.example/", "next"),
        ("zoom=9&zoom=10", "zoom"),
        ("utm_source=mail", "utm_source"),
        ("lang=xx", "lang"),
        ("q=%00", "q"),
        ("q=%ff", "query string"),
    ],
)
def test_only_parts_of_a_view_are_kept(bundled_site: Site, query: str, named: str) -> None:
    answer = bundled_site.client.post(f"/?{query}")
    assert answer.status_code == 400
    assert named in answer.json()["detail"]


@pytest.mark.parametrize("id", ["aaaaaaaa", "..%2f..", "AAAAAAAA", "a" * 9000, "'; DROP", "%00"])
def test_unknown_links(bundled_site: Site, id: str) -> None:
    answer = bundled_site.get(f"/s/{id}")
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    people = bundled_site.get(f"/s/{id}", headers={"Accept": "text/html"})
    assert people.status_code == answer.status_code


def test_a_client_has_its_share(bundled: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "LINKS_PER_HOUR", 2)
    with serving(bundled) as served:
        for zoom in ("8", "9"):
            kept(served, {"zoom": zoom})
        refused = served.client.post("/", params={"zoom": "10"})
        assert refused.status_code == 429
        assert 3500 < int(refused.headers["retry-after"]) <= 3600


def test_the_room_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old links go on; those that are there already are found."""
    links = ShortLinks(tmp_path)
    first = links.keep("zoom=1")
    monkeypatch.setattr(short_links, "MOST_LINKS", 1)
    with pytest.raises(NoRoom):
        links.keep("zoom=2")
    assert links.keep("zoom=1") == first
    assert links.find(first) == "zoom=1"


def test_where_nothing_can_be_kept(bundled: Catalog, tmp_path: Path) -> None:
    """The server says so and goes on."""
    (tmp_path / "data" / "links.sqlite").mkdir(parents=True)
    with serving(bundled, data_dir=tmp_path / "data") as site:
        answer = site.client.post("/", params={"zoom": "9"})
        assert answer.status_code == 503
        assert "long address" in answer.json()["detail"]
        assert site.get("/health").status_code == 200


def test_two_views_never_share_a_link(tmp_path: Path) -> None:
    """The letters of one that is taken by another view are not enough: it gets one more."""
    links = ShortLinks(tmp_path)
    first = links.keep("zoom=1")
    with sqlite3.connect(links.path) as connection:
        connection.execute("UPDATE links SET query = 'zoom=2' WHERE id = ?", (first,))
    other = links.keep("zoom=1")
    assert len(other) == len(first) + 1
    assert links.find(first) == "zoom=2"
    assert links.find(other) == "zoom=1"


def keep_many(folder: Path) -> list[str]:
    return [ShortLinks(folder).keep(f"zoom={n}") for n in range(30)]


@pytest.mark.slow
def test_several_processes(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3) as pool:
        first, *rest = pool.map(keep_many, [tmp_path] * 3)
    assert len(set(first)) == 30
    assert rest == [first, first]

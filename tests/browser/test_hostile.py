"""Markup, scripts and templates in any text of a zone are shown as the text they are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Page

from layers.catalog import Catalog
from tests.browser.doors import close_side, open_layer, press
from tests.browser.test_language import page_texts
from tests.browser.test_reach import stops
from tests.browser.visits import WITHOUT_SCRIPTS, Visits, read
from tests.browser.world import World
from tests.server.sites import serving

RUN = "window.__xss=1"
ATTACK = (
    f"<img src=x onerror={RUN}></script><script>{RUN}</script><svg onload={RUN}>"
    f"\"'><b onclick={RUN}>${{{RUN}}}`{{{{7*7}}}}{{% raw %}}&lt;i&gt;<!--"
)
CODE = "c\"'<b>`${1}"


def text(what: str) -> dict[str, str]:
    return {"zh": f"{what} {ATTACK}", "en": f"{what} {ATTACK}"}


CODES = {CODE: text("code"), "south": text("south")}


def field(name: str, role: str | None = None, type: str = "text", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type, "label": text(f"label-{name}"), "role": role, **more}


def square(west: float) -> dict[str, Any]:
    corners = [[west, 50], [west + 0.4, 50], [west + 0.4, 50.4], [west, 50.4], [west, 50]]
    return {"type": "Polygon", "coordinates": [corners]}


def layer(role: str, features: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    fields = [
        field("n<b>ame`${1}", "name"),
        field(
            "district\"'", "district", "list", codes={CODE: text("code"), "south": text("south")}
        ),
        field("placement", "placement"),
        field("u", "uncertainty", "number", unit=f"m {ATTACK}"),
        field("anchor", "anchor"),
        field("group", "group"),
        field("focus", "focus"),
        field("summary", "summary"),
        field("</script>", "note"),
        field("size", None, "number", unit=f"unit {ATTACK}"),
        field("sources", "sources", "list"),
        field("empty", None),
    ]
    definition = {
        "title": text("title"),
        "description": text("description"),
        "role": role,
        "schema": {"geometry": "Geometry", "fields": fields},
        "style": {"symbol": "square", "colour": "#223344", "labels_at": {CODE: [10.2, 50.3]}},
        "figures": [
            {"id": "f", "value": 7, "unit": ATTACK, "label": text("figure"), "text": text("seven"),
             "members": ["one", "two"], "source": "s"}
        ],
        "sources": [{"id": "s", "title": text("source"), "publisher": text("publisher"),
                     "address": f"https://example.org/?q={ATTACK}", "status": "mirror"}],
        "licence": {"title": text("licence"), "address": None},
        **more,
    }  # fmt: skip
    return {"type": "FeatureCollection", "layer": definition, "features": features}


def feature(id: str, geometry: Any, placement: str | None, district: str | None) -> dict[str, Any]:
    properties = {
        "n<b>ame`${1}": f"name-{id} {ATTACK}",
        "district\"'": [district] if district else [],
        "placement": placement,
        "u": 1500,
        "anchor": f"anchor-{id} {ATTACK}",
        "group": CODE,
        "focus": f"focus {ATTACK}",
        "summary": f"summary {ATTACK}",
        "</script>": f"note {ATTACK}",
        "size": 3.5,
        "sources": ["s"],
        "empty": None,
    }
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("hostile") / "zone"
    folder.mkdir()
    areas = [feature("a", square(10), None, CODE), feature("b", square(10.4), None, "south")]
    sites = [
        feature("one", point(10.1, 50.1), "site", CODE),
        feature("two", point(10.1, 50.1), "park", CODE),
        feature("three", point(10.6, 50.2), "township", "south"),
        feature("four", point(10.2, 50.2), "district", CODE),
        feature("five", None, "unknown", None),
    ]
    files = {
        "areas.geojson": layer("areas", areas),
        "sites.geojson": layer("sites", sites),
        "places.geojson": layer("places", [feature("town", point(10.3, 50.3), None, CODE)]),
        "around.geojson": layer("backdrop", [feature("far", square(10.8), None, None)]),
        "zone.json": {
            "id": "hostile", "title": text("zone"), "full_name": text("full"),
            "subtitle": text("subtitle"), "description": text("about"), "credit": text("credit"),
            "count_note": text("count"),
            "headline": [{"layer": "sites", "text": text("headline"), "figures": ["f"]}],
            "facts": [{"label": text("fact"), "text": text("facts")}],
            "sources": [{"id": "z", "title": text("zone-source"), "address": None}],
        },
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path_factory.mktemp("hostile-data"))
    with serving(catalog) as site:
        yield World.of(site)
    catalog.close()


def faces(page: Page, world: World) -> Iterator[tuple[str, list[str]]]:
    """What the page says in each of its states."""
    yield "first", page_texts(page)
    for number, anchor in enumerate(stops(page, ".pill", ".pill", "pill")):
        press(page, f'.pill[data-pill="{anchor}"]')
        yield f"pill {number}", page_texts(page)
        close_side(page)
    for selector in ("#headline button", ".capsule", ".plate-name", ".tray-item", "#strip button"):
        press(page, selector)
        yield selector, page_texts(page)
        close_side(page)
    for one in world.layers:
        open_layer(page, one.id)
        yield f"list {one.id}", page_texts(page)
        press(page, "#side .row")
        yield one.id, page_texts(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_texts_are_shown_as_text(hostile: World, visits: Visits, lang: str) -> None:
    # The longer window has room for names on the map, which are cut where they are too long.
    page = visits.open(hostile.url, reader=lang)
    said: dict[str, list[str]] = dict(faces(page, hostile))
    assert read(page, "() => window.__xss") is None
    assert page.locator("img, iframe, object, embed, b[onclick], svg[onload]").count() == 0
    everything = [one for texts in said.values() for one in texts]
    assert not [one for one in everything if "49" in one and "{{7*7}}" not in one]
    expected = {
        "first": ["zone", "subtitle", "headline", "title", "count", "credit", "focus"],
        "sites": [
            "name-",
            "summary",
            "label-size",
            "unit",
            "note",
            "figure",
            "source",
            "licence",
            "code",
        ],
        "#strip button": ["full", "about", "fact", "facts", "source", "zone-source"],
        "#headline button": ["seven", "figure", "publisher"],
        "pill 0": ["anchor-"],
    }
    for face, words in expected.items():
        for word in words:
            whole = [one for one in said[face] if word in one and ATTACK in one]
            assert whole, f"{word} is not told in full: {face}"
    assert read(page, "() => document.querySelector('h1').textContent") == f"zone {ATTACK}"


def test_a_foreign_link_of_the_data_is_only_a_link(hostile: World, visits: Visits) -> None:
    page = visits.open(hostile.url, selected="sites/one")
    link = page.locator("#side section.sources a")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert (link.get_attribute("href") or "").startswith("https://example.org/?q=")


def test_without_scripts_too(hostile: World, visits: Visits) -> None:
    visits.forgive(WITHOUT_SCRIPTS)
    page = visits.open(hostile.url, script=False, drawn=False)
    assert page.locator("h1").text_content() == f"zone {ATTACK}"
    assert page.locator("#panel a span").first.text_content() == f"title {ATTACK}"


def test_in_a_file_they_stay_text(hostile: World, visits: Visits, tmp_path: Path) -> None:
    """What stands in one HTML file with its scripts may end none of them, nor add one."""
    file = tmp_path / "map.html"
    file.write_bytes(httpx.get(f"{hostile.url}/onefile.html", timeout=30).content)
    page = visits.open_file(file, urlencode({"selected": "sites/one", "filter": ATTACK}))
    assert read(page, "() => window.__xss") is None
    assert read(page, "() => document.querySelectorAll('script:not([data-holds])').length") == 5
    assert page.locator("img, iframe, object, embed, b[onclick], svg[onload]").count() == 0
    assert page.locator("h1").text_content() == f"zone {ATTACK}"
    page.fill("#search-field", "onerror")
    page.locator("#search [role=option]").first.wait_for()
    assert read(page, "() => window.__xss") is None


def test_the_hostile_zone_is_served_as_it_is(hostile: World) -> None:
    """The hostile zone was really read: its strange property names come back as they are."""
    properties = hostile.layer("sites").features[0]["properties"]
    assert set(properties) >= {"n<b>ame`${1}", "district\"'", "</script>"}

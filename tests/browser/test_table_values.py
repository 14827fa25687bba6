"""Rows by distance and by name, thousands of them, and copied for a spreadsheet."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from layers.catalog import Catalog
from tests.browser.doors import close_side, opened, press
from tests.browser.grid import GRID, answer, head, listed, names_of
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World, word
from tests.server.sites import serving

NAMES = ["=1+1", "@home", "-第10厂", "第2厂", "第10厂", "嘉善\t厂", "青浦厂", "<b>吴江</b>", "+86"]


def test_near_comes_first(bundled_world: World, visits: Visits) -> None:
    """Within a distance: how far, with its doubt, and whether for certain, as the server says."""
    near = next(i for i in bundled_world.shown() if i.placement in ("park", "site") and i.point)
    area = f"near:{near.key},15000"
    page = visits.open(bundled_world.url, drawer="table", area=area)
    assert names_of(page)[1:3] == [word("zh", "table.certainty"), word("zh", "table.distance")]
    matches = answer(page, bundled_world, "/matches", area=area)["layers"]
    expected = {
        f"{layer['id']}/{match['id']}": match for layer in matches for match in layer["features"]
    }
    keys = listed(page)
    shown = {item.key for item in bundled_world.shown()}
    assert set(keys) == {key for key in expected if key in shown}
    for layer in matches:
        own = [f"{layer['id']}/{match['id']}" for match in layer["features"]]
        assert [key for key in keys if key in own] == [key for key in own if key in shown]
    read(page, "() => { document.querySelector('.grid').scrollTop = 0; }")
    settle(page)
    for number, key in enumerate(keys[:5]):
        cells = page.locator(f'.grid-row[data-row="{number}"] [role=gridcell]').all_inner_texts()
        match = expected[key]
        assert cells[0] == word("zh", f"certainty.{match['certainty']}")
        assert cells[1].endswith("米") or "公里" in cells[1]
        assert ("±" in cells[1]) == bool(match["uncertainty_m"])
    press(page, head(page, 1))
    again = [expected[key]["certainty"] for key in listed(page)]
    assert again == sorted(again)  # certain before possible


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Names that a spreadsheet would take for formulas, numbers below nothing, unknowns."""
    folder = tmp_path_factory.mktemp("sheet") / "zone"
    folder.mkdir()
    fields = [
        {"name": "name", "type": "text", "label": "名", "role": "name"},
        {"name": "sum", "type": "number", "label": "投资", "unit": "亿元", "expected": True},
        {"name": "day", "type": "date", "label": "日期"},
    ]
    features = [
        {
            "type": "Feature",
            "id": f"n{number}",
            "geometry": {"type": "Point", "coordinates": [120.5 + number / 50, 31]},
            "properties": {
                "name": name,
                "sum": -1.5 * number if number else None,
                "day": f"2024-08-0{number + 1}",
            },
        }
        for number, name in enumerate(NAMES)
    ]
    document = {
        "type": "FeatureCollection",
        "layer": {"title": "厂", "schema": {"geometry": "Point", "fields": fields}},
        "features": features,
    }
    (folder / "sheet.geojson").write_text(json.dumps(document), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path_factory.mktemp("sheet-data"))
    with serving(catalog) as site:
        yield World.of(site)
    catalog.close()


def clip(page: Page) -> list[list[str]]:
    page.locator(".table-tools > button").click()
    expect(page.locator(".table-tools [role=status]")).to_have_text(
        word("zh", "table.copied", count=len(NAMES))
    )
    text: str = read(page, "() => navigator.clipboard.readText()")
    return [line.split("\t") for line in text.replace("\r", "").split("\n")]


def test_copied_for_a_spreadsheet(sheet: World, visits: Visits) -> None:
    page = visits.open(sheet.url, drawer="table", table="sheet", sort="-day")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    heads, *rows = clip(page)
    assert heads == [word("zh", "table.name"), "投资（亿元）", "日期"]
    safe = [
        f"'{name}" if name[0] in "=+-@|" else name.replace("\t", " ") for name in reversed(NAMES)
    ]
    assert [row[0] for row in rows] == safe
    assert [row[1] for row in rows] == [
        f"{-1.5 * number:g}" if number else "" for number in reversed(range(len(NAMES)))
    ]
    assert rows[0][2] == "2024-08-09"
    press(page, head(page, 1))  # unknown last
    assert [row[1] for row in clip(page)[1:]][-1] == ""
    last = page.locator(f'.grid-row[data-row="{len(NAMES) - 1}"] [role=gridcell]').first
    assert last.inner_text() == word("zh", "filter.unknown")


def test_names_stand_as_chinese_readers_look_them_up(sheet: World, visits: Visits) -> None:
    """By pinyin, numbers as numbers, and as the text that they are."""
    page = visits.open(sheet.url, drawer="table", sort="name")
    names = page.locator(".grid-row [role=rowheader]").all_inner_texts()
    found = [name for name in names if name[0] in "第嘉青"]
    assert [name.replace("\t", " ") for name in found] == ["第2厂", "第10厂", "嘉善 厂", "青浦厂"]
    assert sorted(name.replace("\t", " ") for name in names) == sorted(
        name.replace("\t", " ") for name in NAMES
    )
    assert page.locator(".grid b").count() == 0


def test_a_layer_of_thousands(made_up_world: World, visits: Visits) -> None:
    """Only what is in sight is there, its end is one key away, and it is too much to copy."""
    largest = max(made_up_world.site_layers, key=lambda layer: len(layer.items))
    page = visits.open(made_up_world.url, drawer="table", layers=largest.id)
    count = len(largest.items)
    assert page.locator(GRID).get_attribute("aria-rowcount") == str(count + 1)
    page.locator(GRID).evaluate("grid => { grid.scrollTop = 100_000; }")
    settle(page)
    grid, head = page.locator(GRID).bounding_box(), page.locator(".grid-head").bounding_box()
    assert grid
    assert head
    assert 0 <= head["y"] - grid["y"] < 3
    row = page.locator(".grid-row").nth(12)
    key = row.get_attribute("data-item")
    row.click()
    assert opened(page) == [key]
    close_side(page)
    page.keyboard.press("Control+End")
    assert page.locator(f'.grid-row[data-row="{count - 1}"]').is_visible()
    assert page.locator(".grid-row").count() < 60
    page.locator(".table-tools > button").click()
    said = page.locator(".table-tools [role=status]")
    expect(said).to_have_text(word("zh", "table.too_many", count="10,000"))

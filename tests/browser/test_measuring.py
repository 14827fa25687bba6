"""Measuring lengths and areas, by pointer, finger and keys."""

import re

import pytest
from playwright.sync_api import Page, expect
from pyproj import Geod

from tests.browser.axe import serious
from tests.browser.doors import boxes, press
from tests.browser.tools import click, ground, is_on, said, spot, use
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World, word

GEOD = Geod(ellps="WGS84")


def numbers(page: Page) -> list[float]:
    return [float(one) for one in re.findall(r"\d+(?:\.\d+)?", said(page).replace(",", ""))]


TRIANGLE = ((-60, -80), (110, 40), (-120, 90))


def test_a_length_is_measured_and_nothing_under_it_is_opened(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    use(page, "length")
    assert said(page) == word("zh", "measure.click")
    corners = ground(page, *TRIANGLE)
    click(page, *TRIANGLE)
    length, count = numbers(page)
    assert length * 1000 == pytest.approx(GEOD.line_length(*zip(*corners, strict=True)), rel=2e-3)
    assert count == 3
    # On pills and plates too: they stay and are not opened.
    pill = page.locator(".pill").first
    box = pill.bounding_box()
    assert box
    page.mouse.click(box["x"] + 8, box["y"] + box["height"] / 2)
    assert numbers(page)[1] == 4
    assert page.locator("#side").is_hidden()
    # A drag moves the map and sets no point.
    page.mouse.move(*spot(page, 200, 150))
    page.mouse.down()
    page.mouse.move(*spot(page, 120, 90), steps=4)
    page.mouse.up()
    settle(page)
    assert numbers(page)[1] == 4
    assert serious(page) == []
    page.keyboard.press("Escape")
    assert not is_on(page, "length")
    assert page.locator(".tool-said").is_hidden()
    pill.click()
    assert page.locator("#side").is_visible()


@pytest.mark.parametrize("reader", ["zh", "en"])
def test_an_area_in_the_units_of_the_reader(
    bundled_world: World, visits: Visits, reader: str
) -> None:
    page = visits.open(bundled_world.url, reader=reader)
    use(page, "area")
    corners = ground(page, *TRIANGLE)
    click(page, *TRIANGLE)
    area, outline = GEOD.polygon_area_perimeter(*zip(*corners, strict=True))
    small = 10_000 / 15 if reader == "zh" else 1
    expected = [abs(area) / small, abs(area) / 1e4, abs(area) / 1e6, outline / 1000]
    assert numbers(page) == pytest.approx(expected, rel=2e-3)
    assert ("亩" in said(page)) == (reader == "zh")
    assert page.locator(".measure-area").count() == 1
    click(page, (150, -90), (-150, -20))
    assert said(page) == word(reader, "measure.crossing", count="5")
    assert page.locator(".measure-label").count() == 0


def test_a_double_click_ends_a_measurement_and_the_next_click_begins_anew(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url)
    use(page, "length")
    before = read(page, "() => window.zoneAtlas.map.getZoom()")
    click(page, (-60, -80))
    page.mouse.dblclick(*spot(page, 110, 40))
    settle(page)
    length, count = numbers(page)
    assert count == 2
    assert read(page, "() => window.zoneAtlas.map.getZoom()") == before
    page.mouse.move(*spot(page, 200, 100))
    assert numbers(page) == [length, 2]
    assert page.locator(".measure-line.is-open").count() == 0
    click(page, (0, 0))
    assert said(page) == word("zh", "measure.points", count="1")


def test_measuring_by_keys_alone(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    page.locator('[data-tool="length"]').focus()
    page.keyboard.press("Enter")
    corners = ground(page, (0, 0), (48, -16), (48, -19))
    page.keyboard.press("Space")
    for key in ["ArrowRight"] * 3 + ["ArrowUp"]:
        page.keyboard.press(key)
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Space")
    length, count = numbers(page)
    assert count == 3
    assert length * 1000 == pytest.approx(GEOD.line_length(*zip(*corners, strict=True)), rel=0.02)
    page.keyboard.press("Backspace")
    assert numbers(page)[1] == 2
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.locator(".measure-line.is-open").count() == 0
    page.locator(".tool-said .copy button").click()
    expect(page.locator(".copy-said")).to_have_text(word("zh", "copy.done"))
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.tool") == "length"
    assert page.locator(".crosshair:not([hidden])").count() == 0


def test_one_tool_at_a_time_and_the_map_keeps_its_size_on_a_phone(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url, phone=True)
    press(page, "#tools-open")
    rows_of = boxes(page, ".tool")
    assert rows_of
    assert all(row["height"] >= 44 for row in rows_of)
    assert serious(page) == []
    press(page, "#tools-open")
    use(page, "length")
    height = read(page, "() => document.getElementById('map').clientHeight")
    assert said(page) == word("zh", "measure.tap")
    click(page, (-60, -80), (70, 40), (-60, 60))
    assert numbers(page)[1] == 3
    assert page.locator("#side").is_hidden()
    assert read(page, "() => document.getElementById('map').clientHeight") == height
    assert all(min(one["width"], one["height"]) >= 44 for one in boxes(page, ".tool-said button"))
    page.locator(f'.tool-said [aria-label="{word("zh", "measure.end")}"]').tap()
    use(page, "area")
    assert is_on(page, "area")
    assert not is_on(page, "length")

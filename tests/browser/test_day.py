"""Ten tasks of a planner's day: by mouse, by finger at 390x844, and by keys alone.

The hand does only what people can: a press where nothing covers the target, or Tab until it has the
focus and then the key.
"""

import re
import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from playwright.sync_api import Page, expect

from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World

MOST_TABS = 400
MODES = ("mouse", "finger", "keys")
PARK = "parks/park-xicen-center"


class Hand:
    """Works the page in one of three ways; counts what it does."""

    def __init__(self, page: Page, mode: str) -> None:
        self.page, self.mode, self.acts = page, mode, 0

    def use(self, selector: str, key: str = "Enter") -> None:
        """Press it, or go to it with Tab and press the key."""
        self.acts += 1
        expect(self.page.locator(selector).first).to_be_visible()
        if self.mode != "keys":
            press(self.page, selector)
            return
        self.reach(selector)
        self.page.keyboard.press(key)

    def reach(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            if read(self.page, "(one) => document.activeElement.matches(one)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by {MOST_TABS} tabs")

    def find(self, text: str) -> None:
        """Type into the search box and take the first answer."""
        if self.mode == "keys":
            self.reach("#map")
            self.page.keyboard.press("/")
        else:
            self.use("#search-open" if self.mode == "finger" else "#search-field")
        self.page.keyboard.type(text)
        expect(self.page.locator("#search-0")).to_be_visible()
        if self.mode == "keys":
            self.page.keyboard.press("ArrowDown")
            self.page.keyboard.press("Enter")
        else:
            press(self.page, "#search-0")
        settle(self.page)

    def close_side(self) -> None:
        self.use("#side .close")

    def open_filters(self) -> None:
        if self.mode == "finger":
            self.use('.sheet-way[data-part=".filters"]')

    def leave_filters(self) -> None:
        if self.mode == "finger":
            self.use("#panel .sheet-close")

    def points(self, *places: tuple[float, float]) -> None:
        """Points on the map as parts of its width and height from its middle."""
        page = self.page
        if self.mode == "keys":
            for right, down in places:
                self.walk(right, down)
                page.keyboard.press("Space")
            return
        box = page.locator("#map").bounding_box()
        assert box
        for right, down in places:
            x = box["x"] + (0.5 + right) * box["width"]
            y = box["y"] + (0.5 + down) * box["height"]
            if self.mode == "finger":
                page.touchscreen.tap(x, y)
            else:
                page.mouse.click(x, y)

    def walk(self, right: float, down: float) -> None:
        """With the arrow keys, from where the crosshair was put last."""
        steps = {
            "ArrowRight" if right > 0 else "ArrowLeft": round(abs(right) * 40),
            "ArrowDown" if down > 0 else "ArrowUp": round(abs(down) * 40),
        }
        for key, count in steps.items():
            for _ in range(count):
                self.page.keyboard.press(key)


@pytest.fixture(params=MODES)
def hand(request: pytest.FixtureRequest, bundled_world: World, visits: Visits) -> Hand:
    phone = request.param == "finger"
    return Hand(visits.open(bundled_world.url, phone=phone), request.param)


def chosen(page: Page) -> int:
    found = re.search(r"\d+", page.locator("#totals b").inner_text().replace(",", ""))
    assert found
    return int(found[0])


def matched(page: Page, world: World, **asked: Any) -> int:
    on = ",".join(layer.id for layer in world.site_layers if layer.visible)
    answer = page.context.request.get(f"{world.url}/stats", params={"layers": on, **asked})
    number: int = answer.json()["matched"]
    return number


def test_find_by_initials(hand: Hand) -> None:
    hand.find("xckc")
    assert "西岑科创" in hand.page.locator("#side h2").inner_text()


def test_which_in_a_district_and_how_much(hand: Hand, bundled_world: World) -> None:
    """Projects and parks of 青浦, then of one kind; the joint amount is not split."""
    page = hand.page
    hand.open_filters()
    hand.use('[data-field="district"] li:first-child input', "Space")
    hand.leave_filters()
    assert chosen(page) == matched(page, bundled_world, filter="A_OVERLAPS(district,('310118'))")
    expect(page.locator("#totals p")).to_contain_text("仅公布12项合计")
    hand.use("#chips .chip button")
    expect(page.locator("#totals p")).to_contain_text("约86.3亿元")


def test_compare_the_districts(hand: Hand) -> None:
    page = hand.page
    hand.use('[data-opens="compare"]')
    table = page.locator("#drawer table")
    expect(table).to_be_visible()
    for name in ("青浦区", "吴江区", "嘉善县"):
        expect(table).to_contain_text(name)


def test_statistics_by_district(hand: Hand) -> None:
    hand.use('[data-opens="stats"]')
    table = hand.page.locator("#drawer table")
    expect(table).to_contain_text("区县未公布")
    expect(table).to_contain_text("推定")


def test_parks_within_fifteen_kilometres(hand: Hand, bundled_world: World) -> None:
    page = hand.page
    hand.find("xckczx")
    hand.use(".near button")
    expect(page.locator("#side .within h2")).to_contain_text("15公里")
    assert chosen(page) == matched(page, bundled_world, area=f"near:{PARK},15000")


def test_what_is_in_a_rectangle(hand: Hand, bundled_world: World) -> None:
    page = hand.page
    if hand.mode == "finger":
        hand.use("#tools-open")
    hand.use('[data-tool="area-box"]')
    hand.points((-0.2, -0.2), (0.4, 0.4) if hand.mode == "keys" else (0.2, 0.2))
    expect(page.locator("#side .within h2")).to_be_visible()
    area = read(page, "() => new URL(location.href).searchParams.get('area')")
    assert chosen(page) == matched(page, bundled_world, area=area)


def test_send_exactly_this_view(hand: Hand, visits: Visits) -> None:
    page = hand.page
    hand.open_filters()
    hand.use('[data-field="district"] li:nth-child(2) input', "Space")
    hand.leave_filters()
    hand.use(".sheet-way.share" if hand.mode == "finger" else "#share")
    link = page.locator("#side .share code").first.inner_text()
    other = visits.open(link, path="")
    assert chosen(other) == chosen(page)
    assert other.locator(".chip").inner_text() == page.locator(".chip").inner_text()


def test_a_shapefile_for_the_bureau(hand: Hand, tmp_path: Path) -> None:
    """In CGCS2000, holding as many as the line counts."""
    page = hand.page
    hand.open_filters()
    hand.use('[data-field="district"] li:first-child input', "Space")
    hand.leave_filters()
    hand.use("#download")
    preset = '#side [data-preset="bureau"]'
    expect(page.locator(preset)).to_be_visible()
    with page.expect_download() as waiting:
        hand.use(preset)
    file = tmp_path / "bureau.zip"
    waiting.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path)
    shapes = {path.stem: pyogrio.read_info(path) for path in tmp_path.rglob("*.shp")}
    assert shapes
    assert all("4549" in info["crs"] for info in shapes.values())


def test_sort_the_table_and_open_a_row(hand: Hand) -> None:
    page = hand.page
    hand.use('[data-opens="table"]')
    grid = page.locator('#drawer [role="grid"]')
    expect(grid).to_be_visible()
    if hand.mode == "keys":
        hand.reach('#drawer [role="grid"]')
        for key in ("ArrowUp", "Enter", "ArrowDown", "Enter"):
            page.keyboard.press(key)
    else:
        hand.use('#drawer [role="columnheader"]')
        hand.use('#drawer [role="row"][aria-rowindex="2"] [role="gridcell"]')
    expect(page.locator("#side h2")).to_be_visible()
    assert "sort=" in page.url


def test_coordinates_for_the_bureau(hand: Hand) -> None:
    """Of a park in every system, with the northing first where the authority has it so."""
    page = hand.page
    hand.find("xckczx")
    hand.use("#side .position .coordinates-open")
    side = page.locator("#side")
    for system in ("CGCS2000", "GCJ-02", "BD-09", "4549", "4528"):
        expect(side).to_contain_text(system)

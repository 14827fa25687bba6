"""Pills and plates stand apart, each near its own place; what is chosen keeps its name."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.doors import boxes, close_side, opened, overlaps, press, rows
from tests.browser.test_reach import pills
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World

NEAR = 40
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
WINDOWS = pytest.mark.parametrize("window", [(1440, 900), (1280, 720)], ids=["large", "small"])

PROJECT = """(points) => points.map(([lon, lat]) => {
  const { x, y } = window.zoneAtlas.map.latLngToContainerPoint([lat, lon]);
  return [x, y];
})"""


def place(pill: str) -> list[float]:
    return [float(part) for part in pill.split(",")]


def anchored(world: World) -> dict[str, set[str]]:
    """Keys of the items shown at first by the anchor they stand at."""
    found: dict[str, set[str]] = {}
    for item in world.shown():
        if item.point and item.home == "map":
            anchor = f"{item.point[0]:.5f},{item.point[1]:.5f}"
            found.setdefault(anchor, set()).add(item.key)
    return found


def group_of(world: World, key: str) -> tuple[str, int]:
    """The anchor of a placed item and how many stand there."""
    anchors = anchored(world)
    anchor = next(anchor for anchor, keys in anchors.items() if key in keys)
    return anchor, len(anchors[anchor])


def test_close_up_nothing_goes_into_a_far_group(bundled_world: World, visits: Visits) -> None:
    """Xicen's three and the four of Fenhu, 13 km away in another district, at the window's edge."""
    xicen, three = group_of(bundled_world, "parks/park-xicen-park")
    page = visits.open(bundled_world.url, selected="parks/park-xicen-park")
    press(page, "#side .position button")
    settle(page)
    assert read(page, "() => window.zoneAtlas.map.getZoom()") == 12
    held = dict(pills(page))
    assert held[xicen] == three == 3
    fenhu = page.locator(".pill", has_text="汾湖")
    assert fenhu.get_attribute("data-count") == "4"
    anchors = anchored(bundled_world)
    assert {pill: len(anchors[pill]) for pill in held} == held


@pytest.mark.parametrize("center", ["120.92,31.05", "120.72,31.05", "121.05,31.15"])
def test_close_up_every_group_has_its_name(
    bundled_world: World, visits: Visits, center: str
) -> None:
    page = visits.open(bundled_world.url, center=center, zoom=12)
    anchors = anchored(bundled_world)
    held = dict(pills(page))
    assert held
    assert {pill: len(anchors[pill]) for pill in held} == held
    assert page.locator(".pill-name").count() == len(held)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_what_becomes_one_stands_close_together(
    bundled_world: World, visits: Visits, phone: bool
) -> None:
    page = visits.open(bundled_world.url, phone=phone)
    points = {item.key: item.point for item in bundled_world.shown() if item.point}
    where = dict(zip(points, read(page, PROJECT, list(points.values())), strict=True))
    merged = [(pill, count) for pill, count in pills(page) if count > 1]
    assert merged
    for pill, _ in merged:
        [(x, y)] = read(page, PROJECT, [place(pill)])
        press(page, f'.pill[data-pill="{pill}"]')
        for key in opened(page):
            left, top = where[key]
            assert ((left - x) ** 2 + (top - y) ** 2) ** 0.5 <= NEAR + 1, key
        close_side(page)
        press(page, ".zoom-tools button:last-child")
        settle(page)


GROUNDS = """() => [...document.querySelectorAll(".plate")].map((plate) => {
  const code = (sign) => /[A-Za-z0-9]/.test(sign) ? sign : `_${sign.codePointAt(0)}_`;
  const ground = document.getElementById(`ground-${[...plate.dataset.area].map(code).join("")}`);
  const inside = [...plate.children].map((line) => {
    const { x, y, width, height } = line.getBoundingClientRect();
    const middle = new DOMPoint(x + width / 2, y + height / 2);
    return ground.isPointInFill(middle.matrixTransform(ground.getScreenCTM().inverse()));
  });
  return [plate.dataset.area, inside.some(Boolean)];
})"""


def grown(found: list[dict[str, Any]], by: float) -> list[dict[str, Any]]:
    return [
        {**box, "x": box["x"] - by, "y": box["y"] - by}
        | {"width": box["width"] + 2 * by, "height": box["height"] + 2 * by}
        for box in found
    ]


@LANGUAGES
@WINDOWS
def test_plates_and_pills_keep_apart_beside_the_panel(
    bundled_world: World, visits: Visits, lang: str, window: tuple[int, int]
) -> None:
    """The chosen pill keeps its name, and each plate stands in its district."""
    key = "parks/park-xicen-park"
    page = visits.open(bundled_world.url, reader=lang, selected=key)
    page.set_viewport_size({"width": window[0], "height": window[1]})
    page.wait_for_timeout(100)
    settle(page)
    chosen = page.locator(".pill.is-selected")
    assert chosen.get_attribute("data-pill") == group_of(bundled_world, key)[0]
    assert chosen.locator(".pill-name").is_visible()
    plates = boxes(page, ".plate > *")
    for pill in grown(boxes(page, ".pill"), 3):
        assert [over for line in plates for over in overlaps([pill, line], slack=0)] == []
    for name in boxes(page, ".town-name"):
        assert [over for line in plates for over in overlaps([name, line])] == []
    grounds = read(page, GROUNDS)
    assert len(grounds) == len(bundled_world.areas)
    assert [area for area, inside in grounds if not inside] == []


CROSSING = """() => {
  const lines = [...document.querySelectorAll("path.plate-leader:not(.is-pill)")];
  const over = (path, word) => {
    const { x, y, right, bottom } = word.getBoundingClientRect();
    const long = path.getTotalLength();
    return [...Array(101).keys()].some((step) => {
      const at = path.getPointAtLength((long * step) / 100).matrixTransform(path.getScreenCTM());
      return at.x > x + 1 && at.x < right - 1 && at.y > y + 1 && at.y < bottom - 1;
    });
  };
  const words = [...document.querySelectorAll(".plate > *")];
  return words.filter((word) => lines.some((line) => over(line, word)))
    .map((word) => word.textContent);
}"""


@LANGUAGES
@pytest.mark.parametrize("view", [{}, {"center": "120.85,31.07", "zoom": 12}], ids=["all", "close"])
def test_a_line_ends_at_its_plate(
    bundled_world: World, visits: Visits, lang: str, view: dict[str, Any]
) -> None:
    """Where a plate stands apart from its district, the line to it stops before its words."""
    for phone in (True, False):
        page = visits.open(bundled_world.url, phone=phone, reader=lang, **view)
        assert read(page, CROSSING) == []


def marked(page: Page) -> list[str]:
    settle(page)  # a press is let go before anything is drawn anew
    found: list[str] = page.locator(".pill.is-selected").evaluate_all(
        "pills => pills.map((pill) => pill.dataset.pill)"
    )
    return found


def test_an_opened_pill_is_marked(bundled_world: World, visits: Visits) -> None:
    """With its name, while its list or one of its items is open."""
    page = visits.open(bundled_world.url)
    for pill in [pill for pill, count in pills(page) if count > 1]:
        press(page, f'.pill[data-pill="{pill}"]')
        assert marked(page) == [pill]
        assert page.locator(".pill.is-selected .pill-name").is_visible()
        press(page, f'#side .row[data-item="{rows(page)[0]}"]')
        assert marked(page) == [pill]
        press(page, "#side .back")
        assert marked(page) == [pill]
        close_side(page)
        assert marked(page) == []

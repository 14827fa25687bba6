"""A finger: targets as large as one, the nearest is meant, and a row that goes on says so."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.doors import boxes, opened, press
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World

TARGETS = ".pill, .plate-name, .capsule"

AREAS = """(targets) => [...document.querySelectorAll(targets)].map((one) => {
  const { width, height } = getComputedStyle(one, "::after");
  return [one.textContent, parseFloat(width), parseFloat(height)];
})"""

# Places a little off a pill that lie nearer to it than to anything else to be tapped, and what
# lies on top there: perhaps the larger area of a neighbour.
BESIDE = """(targets) => {
  const all = [...document.querySelectorAll(targets)];
  const far = (one, x, y) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  };
  const found = [];
  for (const pill of document.querySelectorAll(".pill")) {
    const { x, y, width, bottom } = pill.getBoundingClientRect();
    for (const at of [[x + width / 2, y - 7], [x + width / 2, bottom + 7]]) {
      const others = all.filter((one) => one !== pill).map((one) => far(one, ...at));
      const top = document.elementFromPoint(...at)?.closest(targets);
      if (top && Math.min(...others) > 9)
        found.push({ at, pill: pill.dataset.pill, count: Number(pill.dataset.count) });
      if (top && top !== pill && Math.min(...others) > 7)
        found.unshift({ at, pill: pill.dataset.pill, count: Number(pill.dataset.count) });
    }
  }
  return found;
}"""


def test_a_finger_finds_what_it_means(world: World, visits: Visits) -> None:
    page = visits.open(world.url, phone=True)
    areas = read(page, AREAS, TARGETS)
    assert areas
    assert [area for area in areas if min(area[1:]) < 44] == []
    beside = read(page, BESIDE, TARGETS)
    assert beside
    page.touchscreen.tap(*beside[0]["at"])
    assert len(opened(page)) == beside[0]["count"]


def test_on_a_neighbours_area_the_nearest_is_meant(bundled_world: World, visits: Visits) -> None:
    """The area of a later pill, which lies above, is made to reach over an earlier one."""
    page = visits.open(bundled_world.url, phone=True)
    pills = boxes(page, ".pill")
    read(
        page,
        """() => {
          const last = [...document.querySelectorAll(".pill")].at(-1);
          last.closest(".pill-place").style.zIndex = 10000;
          document.styleSheets[0].insertRule(
            ".pill[data-over]::after { width: 900px !important; height: 1600px !important; }");
          last.dataset.over = "";
        }""",
    )
    first = page.locator(".pill").first
    middle = pills[0]["x"] + pills[0]["width"] / 2, pills[0]["y"] + pills[0]["height"] / 2
    on_top = "([x, y]) => 'over' in document.elementFromPoint(x, y).dataset"
    assert read(page, on_top, middle)
    expected = int(first.get_attribute("data-count") or 0)
    page.touchscreen.tap(*middle)
    assert len(opened(page)) == expected


def test_the_headline_of_a_phone(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, phone=True)
    found = boxes(page, "#headline button")
    assert found
    assert [box for box in found if box["height"] < 44] == []


def fades(page: Page) -> dict[str, Any]:
    settle(page)
    found: dict[str, Any] = read(
        page,
        """() => {
          const all = [document.getElementById("tray"), document.querySelector(".tray-groups")];
          const row = all.find((one) => getComputedStyle(one).overflowX === "auto");
          const { maskImage } = getComputedStyle(row);
          return {
            before: row.classList.contains("goes-on-before"),
            after: row.classList.contains("goes-on-after"),
            faded: maskImage !== "none",
          };
        }""",
    )
    return found


def test_a_row_that_goes_on_fades(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    assert fades(page) == {"before": False, "after": False, "faded": False}
    press(page, ".tray-item")
    page.wait_for_timeout(100)
    assert fades(page) == {"before": False, "after": True, "faded": True}
    read(page, "() => document.querySelector('.tray-groups').scrollBy(5000, 0)")
    page.wait_for_timeout(100)
    assert fades(page) == {"before": True, "after": False, "faded": True}
    phone = visits.open(bundled_world.url, phone=True)
    assert fades(phone) == {"before": False, "after": True, "faded": True}

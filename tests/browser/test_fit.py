"""The page fits its window: nothing beyond it, nothing over another, targets large enough."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.doors import boxes, overlaps, press
from tests.browser.visits import PHONE, Visits, read, settle
from tests.browser.world import World

CONTROLS = (
    "#top h1, #top .tools > *, #headline > *, .zoom-tools, #tray > *, #strip > *, "
    "#panel .layer, #panel fieldset, #notice"
)
DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def too_wide(page: Page) -> list[str]:
    """Elements that reach beyond the window sideways, but for rows that scroll by themselves."""
    found: list[str] = read(
        page,
        """() => {
          const wide = document.documentElement.clientWidth;
          const rows = "#headline, #chips, #totals, #tray, .leaflet-container, .ticks";
          const scrolls = (element) => element.closest(rows);
          const reaching = [...document.body.querySelectorAll("*")].filter((element) => {
            const { left, right, width, height } = element.getBoundingClientRect();
            const shown = width && height && getComputedStyle(element).visibility === "visible";
            return shown && !scrolls(element) && (right > wide + 1 || left < -1);
          });
          const whole = document.documentElement.scrollWidth > wide ? ["the page scrolls"] : [];
          return [...whole, ...reaching.filter((element) => !element.classList.contains("skip"))
            .map((element) => `${element.tagName} ${element.id || element.className}`)];
        }""",
    )
    return found


def in_view(page: Page, selector: str) -> list[dict[str, Any]]:
    """Rectangles of what is within the window (rows that scroll hide the rest)."""
    width = read(page, "() => innerWidth")
    return [
        box for box in boxes(page, selector) if box["x"] >= 0 and box["x"] + box["width"] <= width
    ]


@DEVICES
@LANGUAGES
def test_nothing_overlaps_or_reaches_beyond(
    world: World, visits: Visits, phone: bool, lang: str
) -> None:
    page = visits.open(world.url, phone=phone, reader=lang)
    assert too_wide(page) == []
    assert overlaps(in_view(page, CONTROLS)) == []
    labels = ".pill, .plate-name, .capsule, .zoom-tools"
    assert overlaps(boxes(page, labels), slack=2) == []
    press(page, ".tray-item")
    settle(page)
    assert too_wide(page) == []
    if phone:
        sheet = page.locator("#side").bounding_box()
        assert sheet
        assert (sheet["x"], sheet["width"]) == (0, PHONE[0])
        assert sheet["y"] + sheet["height"] == PHONE[1]
        assert sheet["height"] <= 0.62 * PHONE[1]


@LANGUAGES
def test_a_phone_shows_the_map_first(world: World, visits: Visits, lang: str) -> None:
    page = visits.open(world.url, phone=True, reader=lang)
    stage = page.locator("#map").bounding_box()
    assert stage
    assert stage["height"] >= 0.55 * PHONE[1]
    assert not page.locator("#panel").is_visible()
    press(page, "#layers-open")
    sheet = page.locator("#panel").bounding_box()
    assert sheet
    assert sheet["y"] + sheet["height"] == PHONE[1]
    assert sheet["y"] >= 0.3 * PHONE[1]
    assert too_wide(page) == []


def test_targets_of_a_phone_are_large_enough(world: World, visits: Visits) -> None:
    page = visits.open(world.url, phone=True)
    places = ["#top .tools > *", "#tray button", ".zoom-tools button", "#strip button"]
    small(page, places, 44)
    # What is drawn at its place is as large as the map can give (WCAG 2.2, 2.5.8).
    small(page, [".pill", ".plate-name", ".capsule", "#headline button"], 24)
    press(page, ".tray-item")
    small(page, ["#side .close", "#side button.plain"], 44)
    press(page, "#side .close")
    press(page, "#layers-open")
    small(page, ["#panel .tick", "#panel .layer-name", "#panel .segments label"], 44, least=34)


def small(page: Page, places: list[str], size: float, least: float | None = None) -> None:
    """Nothing in these places is lower than `size` or narrower than `least`."""
    found = [box for place in places for box in boxes(page, place)]
    assert found
    least = size if least is None else least
    assert [box for box in found if box["height"] < size or box["width"] < least] == []


CONTRAST = """() => {
  const channel = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const colour = (text) => {
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => channel(value / 255));
  };
  const light = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const ratio = (one, other) => {
    const [low, high] = [light(colour(one)), light(colour(other))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const style = (element) => getComputedStyle(element);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const grounds = [...new Set(all(".backdrop-area:not(.is-off)").map((area) => style(area).fill))];
  const zone = all(".zone-ground").map((area) => style(area).fill).slice(0, 1);
  const paper = style(document.getElementById("map")).backgroundColor;
  const around = [...grounds, paper];
  const pairs = [];
  const check = (selector, property, behind, least) => {
    for (const element of all(selector).slice(0, 40)) {
      const own = style(element)[property];
      for (const ground of behind) pairs.push([selector, ratio(own, ground), least]);
    }
  };
  check(".backdrop-name", "color", around, 4.5);
  check(".group-name", "color", around, 4.5);
  check(".town-name", "color", [...zone, ...around], 4.5);
  check(".plate-name, .plate-focus, .plate-counts span", "color", [...zone, ...around], 4.5);
  check(".ticks text", "fill", around, 4.5);
  check(".zone-outline", "stroke", [...zone, ...around], 3);
  const symbols = [".pill", ".tray-item", "#panel .layers:not(.is-context)"];
  for (const symbol of symbols.flatMap((place) => all(`${place} .symbol path`))) {
    const holder = symbol.closest(".pill, .tray-item, .layer");
    const ground = style(holder).backgroundColor;
    const clear = ground.endsWith(", 0)");
    const behind = clear ? style(symbol.closest("#tray, #panel")).backgroundColor : ground;
    const drawn = symbol.closest(".is-hollow, .is-line, .is-area") ? "stroke" : "fill";
    const kind = `symbol in ${holder.className}`;
    pairs.push([kind, ratio(style(symbol)[drawn], behind), 3]);
  }
  const worst = new Map();
  for (const [what, value, least] of pairs)
    if (value < least && value < (worst.get(what) ?? Infinity))
      worst.set(what, Number(value.toFixed(2)));
  return [pairs.length, [...worst]];
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_on_the_map(bundled_world: World, visits: Visits, theme: str) -> None:
    """Text 4.5:1, symbols and outlines 3:1 on every ground they may stand on: axe sees no map."""
    everything = ",".join(layer.id for layer in bundled_world.layers)
    page = visits.open(bundled_world.url, system=theme, layers=everything)
    compared, too_faint = read(page, CONTRAST)
    assert compared > 100
    assert too_faint == []


@DEVICES
def test_the_theme_button_and_the_system(bundled_world: World, visits: Visits, phone: bool) -> None:
    """The system's theme at first, then the reader's, also at the next visit."""
    page = visits.open(bundled_world.url, system="dark", phone=phone)
    shade = "() => getComputedStyle(document.body).backgroundColor"
    dark = read(page, shade)
    assert read(page, "() => document.documentElement.dataset.theme") == "dark"
    press(page, "#theme")
    assert read(page, shade) != dark
    page.goto(bundled_world.url)
    page.wait_for_selector("html[data-map=drawn]", state="attached")
    assert read(page, "() => document.documentElement.dataset.theme") == "light"

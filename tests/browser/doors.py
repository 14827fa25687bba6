"""The ways into the page that several tests take: what stands where, and opening it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.visits import read, settle
from tests.browser.world import Item

SUMS = """() => {
  const number = (text) => Number(text.replace(/[^0-9]/g, ""));
  const all = (selector) => [...document.querySelectorAll(selector)];
  // Read from a copy: a canvas that is read itself warns on the console.
  const drawn = all(".leaflet-shapes-pane canvas").some((canvas) => {
    if (!canvas.width || !canvas.height) return false;
    const copy = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    Object.assign(copy.canvas, { width: canvas.width, height: canvas.height });
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value);
  });
  return {
    map: all(".pill").reduce((sum, pill) => sum + Number(pill.dataset.count), 0),
    plate: all(".capsule").reduce((sum, one) => sum + Number(one.dataset.count), 0),
    tray: all("#tray:not([hidden]) .tray-title b").reduce((_, one) => number(one.textContent), 0),
    shapes: drawn,
  };
}"""


def sums(page: Page) -> dict[str, Any]:
    """What pills, capsules and the row at the edge hold; whether lines or areas are drawn."""
    settle(page)
    found: dict[str, Any] = read(page, SUMS)
    return found


def check_sums(page: Page, items: Iterable[Item]) -> dict[str, int]:
    """The page shows these items and no others, each where it belongs; returns how many where."""
    found = sums(page)
    homes = Counter(
        "shapes" if item.home == "map" and item.point is None else item.home
        for item in in_window(page, items)
    )
    expected = {home: homes[home] for home in ("map", "plate", "tray", "shapes")}
    assert found == {**expected, "shapes": expected["shapes"] > 0}
    return expected


def checkbox(page: Page, layer: str) -> Locator:
    return page.locator(f'#panel .layer[data-layer="{layer}"] input')


# Where an element stands once it stands still: the map is laid out anew when its window changes.
AIM = """async (selector) => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const place = () => {
    const element = document.querySelector(selector);
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { x, y, width, height } = element?.getBoundingClientRect() ?? { width: 0 };
    return width ? { element, at: [x + width / 2, y + height / 2] } : null;
  };
  let before = place();
  for (let tries = 0; tries < 100; tries += 1) {
    await frame();
    const now = place();
    if (now && before && now.element === before.element && `${now.at}` === `${before.at}`) {
      const top = document.elementFromPoint(...now.at);
      const cover = (top?.outerHTML ?? "nothing: it is out of the window").slice(0, 200);
      const touch = navigator.maxTouchPoints > 0;
      return { at: now.at, covered: now.element.contains(top) ? null : cover, touch };
    }
    before = now;
  }
  return { covered: before ? "its own movement" : "nothing: it is not there" };
}"""


def press(page: Page, selector: str) -> None:
    """A click (a tap on a phone) in the middle of an element, which nothing may cover."""
    aim = read(page, AIM, selector)
    assert aim["covered"] is None, f"{selector} is covered by {aim['covered']}"
    if aim["touch"]:
        page.touchscreen.tap(*aim["at"])
    else:
        page.mouse.click(*aim["at"])


def open_layer(page: Page, layer: str) -> None:
    press(page, f'#panel .layer[data-layer="{layer}"] .layer-name')
    page.wait_for_selector("#side .list")


def panel_title(page: Page) -> str:
    return page.locator("#side h2").text_content() or ""


def rows(page: Page) -> list[str]:
    """The keys of the items listed in the side panel."""
    keys: list[str] = page.locator("#side .row[data-item]").evaluate_all(
        "rows => rows.map((row) => row.dataset.item)"
    )
    return keys


# Only the rows in sight are there: the panel is scrolled through them.
OPENED = """() => {
  const selected = new URLSearchParams(location.search).get("selected");
  if (!document.querySelector("#side .list")) return [selected];
  const side = document.getElementById("side");
  const keys = [];
  for (let top = 0; ; top += side.clientHeight / 2) {
    side.scrollTop = top;
    side.dispatchEvent(new Event("scroll"));
    for (const row of side.querySelectorAll(".row[data-item]")) {
      keys[row.dataset.index] = row.dataset.item;
    }
    if (top + side.clientHeight >= side.scrollHeight) break;
  }
  side.scrollTop = 0;
  side.dispatchEvent(new Event("scroll"));
  return keys;
}"""


def opened(page: Page) -> list[str]:
    """The keys of what the side panel shows: a list's to its end, or the one it is open at."""
    page.wait_for_selector("#side:not([hidden]) h2")
    keys: list[str] = read(page, OPENED)
    return keys


REACHED = """(key) => {
  const side = document.getElementById("side");
  const row = () => side.querySelector(`.row[data-item="${CSS.escape(key)}"]`);
  for (let top = 0; !row() && top < side.scrollHeight; top += side.clientHeight / 2) {
    side.scrollTop = top;
    side.dispatchEvent(new Event("scroll"));
  }
  return Boolean(row());
}"""


def press_row(page: Page, key: str) -> None:
    """A click on an item's row in the list of the side panel, wherever it stands in it."""
    assert read(page, REACHED, key), f"{key} is not in the list"
    press(page, f'#side .row[data-item="{key}"]')


def close_side(page: Page) -> None:
    press(page, "#side .close")
    settle(page)


def in_window(page: Page, items: Iterable[Item]) -> list[Item]:
    """Without the items whose point lies outside of the map's window: they have no pill now."""
    listed = list(items)
    seen = read(
        page,
        """(points) => {
          const { map } = window.zoneAtlas;
          const { x: width, y: height } = map.getSize();
          return points.map((point) => {
            if (!point) return true;
            const { x, y } = map.latLngToContainerPoint([point[1], point[0]]);
            return x >= 0 && y >= 0 && x <= width && y <= height;
          });
        }""",
        [item.point for item in listed],
    )
    return [item for item, inside in zip(listed, seen, strict=True) if inside or item.home != "map"]


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """The rectangles of all visible elements, with a word on each."""
    found: list[dict[str, float]] = read(
        page,
        """(selector) => [...document.querySelectorAll(selector)].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const said = element.id || element.textContent.trim().slice(0, 20) || element.title;
          return { x, y, width, height, said: `${element.className || element.tagName} ${said}` };
        }).filter((box) => box.width && box.height)""",
        selector,
    )
    return found


def overlaps(found: list[dict[str, float]], slack: float = 1) -> list[str]:
    """Pairs of rectangles that lie over each other by more than a pixel."""
    return [
        f"{one['said']} / {other['said']}"
        for index, one in enumerate(found)
        for other in found[index + 1 :]
        if min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
        > slack
        and min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
        > slack
    ]

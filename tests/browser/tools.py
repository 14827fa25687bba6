"""The tools of the map as a reader uses them, and the spots that they are used on."""

from playwright.sync_api import Page

from tests.browser.doors import press
from tests.browser.visits import read, settle

SAID = ".tool-said p"


def use(page: Page, tool: str) -> None:
    if page.locator("#tools-open").is_visible():
        press(page, "#tools-open")
    press(page, f'[data-tool="{tool}"]')
    settle(page)


def is_on(page: Page, tool: str) -> bool:
    return page.locator(f'[data-tool="{tool}"]').get_attribute("aria-pressed") == "true"


def ground(page: Page, *spots: tuple[int, int]) -> list[tuple[float, float]]:
    """Longitude and latitude under spots, counted in pixels from the middle of the map."""
    found: list[tuple[float, float]] = read(
        page,
        """(places) => places.map(([clientX, clientY]) => {
          const { lng, lat } = window.zoneAtlas.map.mouseEventToLatLng({ clientX, clientY });
          return [lng, lat];
        })""",
        [spot(page, *one) for one in spots],
    )
    return found


def spot(page: Page, x: int, y: int) -> tuple[int, int]:
    """Where that is in the window, in whole pixels, as a pointer's place is."""
    box = page.locator("#map").bounding_box()
    assert box
    return round(box["x"] + box["width"] / 2) + x, round(box["y"] + box["height"] / 2) + y


def click(page: Page, *spots: tuple[int, int]) -> None:
    tap = read(page, "() => navigator.maxTouchPoints > 0")
    for x, y in spots:
        at = spot(page, x, y)
        if tap:
            page.touchscreen.tap(*at)
        else:
            page.mouse.click(*at)
        settle(page)


def said(page: Page) -> str:
    return page.locator(SAID).inner_text()

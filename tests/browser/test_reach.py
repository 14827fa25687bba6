"""Everything can be reached and opened: by the mouse, and without one."""

import pytest
from playwright.sync_api import Page

from tests.browser.doors import (
    close_side,
    in_window,
    open_layer,
    opened,
    panel_title,
    press,
    press_row,
    rows,
)
from tests.browser.visits import Visits, read
from tests.browser.world import Item, World

DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
FEW = 400


def small_layers(world: World) -> str:
    """All layers but those of thousands, which a test of their own opens."""
    return ",".join(layer.id for layer in world.layers if len(layer.items) <= FEW)


def anchored(world: World) -> dict[str, set[str]]:
    """Keys of the placed items by the anchor they stand at."""
    found: dict[str, set[str]] = {}
    for item in world.shown(small_layers(world).split(",")):
        if item.point and item.home == "map":
            anchor = f"{item.point[0]:.5f},{item.point[1]:.5f}"
            found.setdefault(anchor, set()).add(item.key)
    return found


def pills(page: Page) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = page.locator(".pill").evaluate_all(
        "pills => pills.map((pill) => [pill.dataset.pill, Number(pill.dataset.count)])"
    )
    return found


def stops(page: Page, selector: str, owner: str, name: str) -> list[str]:
    """What elements, or what they stand in, say of themselves."""
    found: list[str] = page.locator(selector).evaluate_all(
        "(all, [owner, name]) => all.map((one) => one.closest(owner).dataset[name])", [owner, name]
    )
    return found


@DEVICES
def test_by_mouse_or_finger(world: World, visits: Visits, phone: bool) -> None:
    """Pills, capsules and the row at the edge open what they stand for, together all there is."""
    page = visits.open(world.url, phone=phone, layers=small_layers(world))
    anchors = anchored(world)
    reached: list[str] = []
    for anchor, count in pills(page):
        press(page, f'.pill[data-pill="{anchor}"]')
        keys = opened(page)
        assert len(keys) == count
        assert anchors[anchor] <= set(keys)
        reached += keys
        close_side(page)
        # A sheet that lay over the place has moved the map.
        press(page, ".zoom-tools button:last-child")
    for area in stops(page, ".capsule", "[data-area]", "area"):
        press(page, f'[data-area="{area}"] .capsule')
        reached += opened(page)
        close_side(page)
    for key in stops(page, ".tray-item", ".tray-item", "item"):
        press(page, f'.tray-item[data-item="{key}"]')
        assert panel_title(page) == world.by_key[key].name()
        assert opened(page) == [key]
        reached.append(key)
        close_side(page)
    shapes = [item for item in world.shown() if item.home == "map" and not item.point]
    layers = small_layers(world).split(",")
    shown = [item for item in world.shown(layers) if item.home != "nowhere"]
    assert sorted(reached) == sorted({item.key for item in shown} - {item.key for item in shapes})
    if not phone:
        for item in shapes:
            click_shape(page, item)


def click_shape(page: Page, item: Item) -> None:
    """A click on a corner of a line or area, brought to the middle of the map."""
    corner = item.feature["geometry"]["coordinates"]
    while isinstance(corner[0], list):
        corner = corner[len(corner) // 2] if isinstance(corner[0][0], float | int) else corner[0]
    at = read(
        page,
        """async ([lon, lat]) => {
          const { map } = window.zoneAtlas;
          map.setView([lat, lon], 13, { animate: false });
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const frame = map.getContainer().getBoundingClientRect();
          const point = map.latLngToContainerPoint([lat, lon]);
          return [frame.x + point.x, frame.y + point.y];
        }""",
        corner,
    )
    page.mouse.click(*at)
    assert opened(page) == [item.key]
    assert panel_title(page) == item.name()
    close_side(page)


def test_rows_open_their_items(world: World, visits: Visits) -> None:
    """The first and last row of each layer's list open their item, and lead back to the list."""
    page = visits.open(world.url)
    for layer in [layer for layer in world.layers if len(layer.items) <= FEW]:
        open_layer(page, layer.id)
        keys = opened(page)
        for key in {*keys[:1], *keys[-1:]}:
            press_row(page, key)
            assert panel_title(page) == world.by_key[key].name()
            assert opened(page) == [key]
            press(page, "#side .back")
            assert opened(page) == keys


FOCUSED = """() => {
  const { activeElement: at } = document;
  if (!at || at === document.body) return null;
  const layer = at.closest("[data-layer]")?.dataset.layer;
  return at.dataset.pill ? `pill ${at.dataset.pill}`
    : at.dataset.item ? `item ${at.dataset.item}`
    : at.closest("[data-area]") ? `${at.classList[0]} ${at.closest("[data-area]").dataset.area}`
    : layer ? `${at.matches(".connect-open") ? "connect" : at.tagName} ${layer}`
    : at.id || `${at.getAttribute("aria-label") || at.textContent.trim() || at.tagName} no. ${
        [...document.querySelectorAll("*")].indexOf(at)}`;
}"""


def tabbed(page: Page) -> list[str]:
    """What the tab key comes to, from the top of the page to its end."""
    found: list[str] = []
    while True:
        page.keyboard.press("Tab")
        at = read(page, FOCUSED)
        if at is None or (found and at == found[0]):
            return found
        found.append(at)
        assert len(found) < 500


def test_by_keyboard_alone(world: World, visits: Visits) -> None:
    page = visits.open(world.url, layers=small_layers(world))
    found = tabbed(page)
    assert len(found) == len(set(found)), "each stop once"
    expected = {f"pill {anchor}" for anchor, _ in pills(page)}
    expected |= {f"item {key}" for key in stops(page, ".tray-item", ".tray-item", "item")}
    for kind in ("plate-name", "capsule"):
        expected |= {f"{kind} {area}" for area in stops(page, f".{kind}", "[data-area]", "area")}
    for layer in world.layers:
        expected |= {f"{what} {layer.id}" for what in ("INPUT", "BUTTON", "connect")}
    expected |= {"map", "theme", "language"}
    assert expected - set(found) == set()


def test_enter_opens_and_escape_leads_back(world: World, visits: Visits) -> None:
    """From a pill with several items: its list, one of them in full, and back to the pill."""
    page = visits.open(world.url, layers=small_layers(world))
    pill = next(anchor for anchor, count in pills(page) if count > 1)
    page.locator(f'.pill[data-pill="{pill}"]').focus()
    page.keyboard.press("Enter")
    listed = rows(page)
    assert read(page, "() => document.activeElement.tagName") == "H2"
    page.keyboard.press("Tab")
    assert read(page, "() => document.activeElement.role") == "listbox"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert panel_title(page) == world.by_key[listed[-1]].name()
    page.keyboard.press("Escape")
    assert not page.locator("#side").is_visible()
    assert read(page, FOCUSED) == f"pill {pill}"


def test_escape_leads_back_to_the_row_at_the_edge(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    item = page.locator(".tray-item").first
    key = item.get_attribute("data-item")
    item.focus()
    page.keyboard.press("Enter")
    assert opened(page) == [key]
    page.keyboard.press("Escape")
    assert not page.locator("#side").is_visible()
    assert read(page, FOCUSED) == f"item {key}"


def test_the_layers_sheet_of_a_phone_by_keyboard(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, phone=True)
    button = page.locator("#layers-open")
    assert not page.locator("#panel").is_visible()
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    assert button.get_attribute("aria-expanded") == "false"


def test_a_layer_of_thousands_is_listed_to_its_end(made_up_world: World, visits: Visits) -> None:
    largest = max(made_up_world.site_layers, key=lambda layer: len(layer.items))
    assert len(largest.items) > 10_000
    page = visits.open(made_up_world.url, layers=largest.id)
    placed = [item for item in largest.items if item.home == "map"]
    assert sum(count for _, count in pills(page)) == len(in_window(page, placed))
    assert 0 < len(pills(page)) <= 300
    anchor, count = pills(page)[0]
    press(page, f'.pill[data-pill="{anchor}"]')
    assert len(opened(page)) == count
    open_layer(page, largest.id)
    assert opened(page) == [item.key for item in largest.items]

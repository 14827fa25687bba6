"""The possible area of an uncertain thing: when asked for, of the right size, in its district."""

import math
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.doors import close_side, open_layer, press_row
from tests.browser.test_reach import small_layers, stops
from tests.browser.visits import Visits, read, settle
from tests.browser.world import Item, World

EQUATOR = 40_075_016.686

CIRCLES = """() => [...document.querySelectorAll("path.possible-area")].map((path) => {
  const { width, height } = path.getBBox();
  const clip = path.getAttribute("clip-path");
  const shape = clip && document.querySelector(`${clip.slice(4, -1)} use`);
  const ground = shape && document.querySelector(shape.getAttribute("href"));
  const box = ground && ground.getBBox();
  return {
    radius: (width + height) / 4,
    cut: Boolean(ground && ground.getAttribute("d").length > 20 && box.width > 0),
    dashed: path.classList.contains("is-dashed"),
    filled: getComputedStyle(path).fill,
  };
})"""


def circles(page: Page) -> list[dict[str, Any]]:
    settle(page)
    found: list[dict[str, Any]] = read(page, CIRCLES)
    return found


def expected_radius(page: Page, item: Item) -> float:
    """In pixels, from the map's zoom and the latitude."""
    assert item.point
    zoom = read(page, "() => window.zoneAtlas.map.getZoom()")
    metres_per_pixel = EQUATOR * math.cos(math.radians(item.point[1])) / (256 * 2**zoom)
    return item.uncertainty / metres_per_pixel


def alone(world: World, page: Page) -> Item:
    """An uncertain item that a pill holds alone, so that one circle is its own."""
    held = stops(page, '.pill[data-count="1"]', ".pill", "pill")
    for item in world.shown(small_layers(world).split(",")):
        if item.home == "map" and item.point and item.uncertainty >= 500 and pill_key(item) in held:
            return item
    raise AssertionError("no pill holds one uncertain item")


def pill_key(item: Item) -> str:
    assert item.point
    return f"{item.point[0]:.5f},{item.point[1]:.5f}"


def is_right(page: Page, item: Item) -> None:
    [circle] = circles(page)
    assert circle["radius"] == pytest.approx(expected_radius(page, item), rel=0.02, abs=1)
    assert circle["cut"] == (len(item.districts) == 1)
    assert circle["dashed"] == item.inferred
    assert "possible-dots" in circle["filled"]


def test_on_hover_focus_and_selection_only(world: World, visits: Visits) -> None:
    page = visits.open(world.url, layers=small_layers(world))
    assert circles(page) == []
    item = alone(world, page)
    pill = page.locator(f'.pill[data-pill="{pill_key(item)}"]')
    pill.hover()
    is_right(page, item)
    page.mouse.move(5, 5)
    assert circles(page) == []
    pill.focus()
    is_right(page, item)
    page.keyboard.press("Shift+Tab")
    page.locator("#theme").focus()
    assert circles(page) == []
    pill.click()
    page.mouse.move(5, 5)
    is_right(page, item)
    close_side(page)
    page.locator("#theme").focus()
    assert circles(page) == []


def test_of_every_uncertain_item(world: World, visits: Visits) -> None:
    """Selected out of its layer's list: its radius to 2 %, whatever the zoom."""
    page = visits.open(world.url)
    read(page, "() => void window.zoneAtlas.map.setZoom(11, { animate: false })")
    for layer in world.site_layers:
        uncertain = [item for item in layer.items if item.home == "map" and item.point]
        for item in [item for item in uncertain if item.uncertainty][:4]:
            open_layer(page, layer.id)
            press_row(page, item.key)
            is_right(page, item)


def test_none_for_what_has_no_place(world: World, visits: Visits) -> None:
    item = next(item for item in world.sites if item.home == "plate")
    page = visits.open(world.url, selected=item.key)
    assert circles(page) == []

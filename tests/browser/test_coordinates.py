"""Coordinates of a point in every system, and the ways there."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from geo.datum import gcj02_to_bd09, wgs84_to_gcj02
from tests.browser.axe import serious
from tests.browser.doors import panel_title, press
from tests.browser.tools import ground, spot
from tests.browser.visits import Visits, go_to, read
from tests.browser.world import Item, World, word

SYSTEMS = """() => Object.fromEntries([...document.querySelectorAll(".systems li")].map((row) =>
  [row.dataset.crs, [...row.querySelectorAll("dd")].map((value) => Number(value.textContent))]))"""


def systems(page: Page) -> dict[str, list[float]]:
    page.wait_for_selector(".systems li")
    found: dict[str, list[float]] = read(page, SYSTEMS)
    return found


def test_coordinates_of_a_point(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    [(lon, lat)] = ground(page, (30, -150))
    page.mouse.click(*spot(page, 30, -150), button="right")
    found = systems(page)
    assert list(found) == ["CRS84", "GCJ02", "BD09", "EPSG:4549", "EPSG:4528"]
    assert found["CRS84"] == pytest.approx([lon, lat], abs=1e-7)
    assert page.locator(".point-mark").count() == 1
    served = page.request.get(f"{bundled_world.url}/coordinates?lon={lon}&lat={lat}").json()
    said_by_server = {
        one["crs"]: [axis["value"] for axis in one["axes"]] for one in served["systems"]
    }
    assert found["EPSG:4549"] == pytest.approx(said_by_server["EPSG:4549"], abs=2e-3)
    assert page.locator('[data-crs="EPSG:4549"] dt').all_inner_texts() == ["北", "东"]
    assert serious(page) == []
    leads_to(page, lon, lat)
    press(page, "#side .close")
    assert page.locator(".point-mark").count() == 0


@pytest.mark.parametrize("key", ["Shift+F10", "ContextMenu"])
def test_coordinates_by_key_are_those_of_the_middle(world: World, visits: Visits, key: str) -> None:
    page = visits.open(world.url, reader="en")
    page.locator("#map").focus()
    middle = read(page, "() => window.zoneAtlas.map.getCenter()")
    page.keyboard.press(key)
    assert systems(page)["CRS84"] == pytest.approx([middle["lng"], middle["lat"]], abs=1e-7)


def leads_to(page: Page, lon: float, lat: float) -> None:
    """Each service gets the place in its own datum; the links are followed by clicks only."""
    links = page.locator("#side .navigate a")
    assert links.count() == 3
    for index in range(3):
        link = links.nth(index)
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"
    asked = {
        name: parse_qs(
            urlsplit(page.locator(f'[data-service="{name}"]').get_attribute("href") or "").query
        )
        for name in ("amap", "baidu", "tencent")
    }
    gcj = [float(one) for one in wgs84_to_gcj02(np.array(lon), np.array(lat))]
    bd = [float(one) for one in gcj02_to_bd09(*gcj)]
    pair = [float(one) for one in asked["amap"]["position"][0].split(",")]
    assert pair == pytest.approx(gcj, abs=2e-6)
    assert asked["amap"]["coordinate"] == ["gaode"]
    assert [float(one) for one in asked["baidu"]["location"][0].split(",")] == pytest.approx(
        bd[::-1], abs=2e-6
    )
    assert asked["baidu"]["coord_type"] == ["bd09ll"]
    marker = re.match(r"coord:([\d.]+),([\d.]+);title:", asked["tencent"]["marker"][0])
    assert marker
    assert [float(one) for one in marker.groups()] == pytest.approx(gcj[::-1], abs=2e-6)


def leads(item: Item) -> bool:
    exact = item.placement in ("site", "park") if item.layer.fields_of("placement") else True
    return item.home == "map" and item.point is not None and exact and not item.role("inferred")


def test_a_way_there_is_given_to_what_is_known_to_its_park_only(
    world: World, visits: Visits
) -> None:
    page = visits.open(world.url)
    kinds: dict[tuple[Any, ...], Item] = {}
    for item in world.sites:
        kind = (leads(item), item.home, item.placement, item.role("inferred"), item.point is None)
        kinds.setdefault(kind, item)
    assert {leads(item) for item in kinds.values()} == {True, False}
    for item in kinds.values():
        go_to(page, selected=item.key)
        page.wait_for_selector("#side:not([hidden]) .position", state="attached")
        given = page.locator("#side .navigate a").count()
        assert given == (3 if leads(item) else 0), item.key
        if item.home in ("map", "plate") and not leads(item):
            reasons = [word("zh", f"navigate.{why}") for why in ("vague", "inferred", "shape")]
            assert page.locator("#side .position p").last.inner_text() in reasons
        if leads(item):
            assert item.point
            leads_to(page, *item.point)
            page.locator("#side .position button").last.click()
            assert systems(page)["CRS84"] == pytest.approx(item.point, abs=1e-7)
            assert panel_title(page) == item.name()
            page.locator("#side .back").click()
            assert page.locator("#side .position").is_visible()

"""The map draws what the layers hold, each thing where it may stand."""

from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.browser.doors import check_sums, close_side, in_window, opened, press, sums
from tests.browser.visits import Visits, read, settle
from tests.browser.world import Item, World, joined, word


def polygons(items: list[Item]) -> int:
    kinds = [item.feature["geometry"]["type"] for item in items if item.feature["geometry"]]
    return sum(kind.endswith("Polygon") for kind in kinds)


def visible(page: Page, selector: str) -> int:
    """Drawings that have an extent and are not switched off."""
    count: int = page.locator(selector).evaluate_all(
        "shapes => shapes.filter((shape) => shape.getBoundingClientRect().width).length"
    )
    return count


def test_the_map_draws(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    areas, towns = world.of_role("areas"), world.of_role("places")
    for kind in ("zone-ground", "zone-tint", "zone-outline"):
        assert visible(page, f".{kind}") == polygons(areas), kind
    neighbours = world.of_role("backdrop")
    assert page.locator(".backdrop-area").count() == polygons(neighbours)
    assert visible(page, ".backdrop-area") > 0 or not neighbours
    assert page.locator(".town-dot").count() == sum(town.point is not None for town in towns)
    assert page.locator("#strip .leaflet-control-scale-line").inner_text().endswith((" km", " m"))
    assert page.locator(".ticks text").count() >= 4
    check_sums(page, world.shown())
    credit = world.zone.get("credit", {}).get("zh", "")
    assert page.locator("#strip .credit").inner_text() == credit
    assert page.locator(".leaflet-tile").count() == 0


def test_placed_and_district_and_unplaced_are_all(world: World, visits: Visits) -> None:
    """With every layer on nothing is lost between map, plates and the row at the edge."""
    everything = ",".join(layer.id for layer in world.layers)
    page = visits.open(world.url, layers=everything)
    beyond = len(world.sites) - len(in_window(page, world.sites))
    nowhere = sum(item.home == "nowhere" for item in world.sites)
    shown = check_sums(page, world.sites)
    assert sum(shown.values()) + beyond + nowhere == len(world.sites)
    # A large zone stays quick: what cannot be told apart is one pill.
    assert 0 < page.locator(".pill").count() <= 300


def test_the_twelve_signed_projects(bundled_world: World, visits: Visits) -> None:
    """One at its park, one at its town, one (inferred) known to its district, nine to be placed."""
    page = visits.open(bundled_world.url, layers="signed-projects,districts")
    assert sums(page) == {"map": 2, "plate": 1, "tray": 9, "shapes": False}
    filled, hollow = page.locator(".pill.is-right, .pill.is-left"), page.locator(".pill.is-beside")
    assert (filled.count(), hollow.count()) == (1, 1)
    assert filled.locator(".symbol.is-hollow").count() == 0
    assert hollow.locator(".symbol.is-hollow").count() == 1
    press(page, ".capsule")
    project = bundled_world.by_key[opened(page)[0]]
    assert project.inferred
    assert project.placement == "district"
    assert page.locator("#side .badge.is-inferred").inner_text() == word("zh", "detail.inferred")


def plate_counts(page: Page, area: Item) -> Counter[tuple[str, bool]]:
    """What a plate counts: by the layer's title and whether it is only inferred to lie here."""
    said: list[tuple[str, bool, int]] = page.locator(f'[data-area="{area.key}"] li').evaluate_all(
        """rows => rows.map((row) => [
          row.title, Boolean(row.querySelector(".is-dashed")), Number(row.textContent)])"""
    )
    return Counter({(title, dashed): count for title, dashed, count in said})


def test_district_plates(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    areas = list({area.key: area for area in world.areas.values()}.values())
    assert page.locator(".plate-name").count() == len(areas)
    for area in areas:
        here = [
            item
            for item in world.shown()
            if len(item.districts) == 1 and item.districts[0] in area.districts
        ]
        check_counts(page, area, here)
        plate = page.locator(f'[data-area="{area.key}"]')
        assert plate.locator(".plate-name").inner_text() == area.name()
        focus = area.role("focus")
        if focus:
            told = joined(focus, "zh") if isinstance(focus, list) else focus
            assert plate.locator(".plate-focus").inner_text() == told
        only_here = [item for item in here if item.home == "plate"]
        assert plate.locator(".capsule").count() == bool(only_here)
        if only_here:
            check_list(page, f'[data-area="{area.key}"] .capsule', only_here)
        check_list(page, f'[data-area="{area.key}"] .plate-name', here or [area])


def check_counts(page: Page, area: Item, here: list[Item]) -> None:
    expected: Counter[tuple[str, bool]] = Counter()
    for item in here:
        expected[item.layer.title("zh"), item.inferred] += 1
    found = plate_counts(page, area)
    assert sum(found.values()) == len(here)
    for (title, guessed), count in expected.items():
        said = [key for key in found if key[0].startswith(title) and key[1] == guessed]
        assert [found[key] for key in said] == [count]


def check_list(page: Page, button: str, items: list[Item]) -> None:
    """A button of a plate opens exactly what it counts."""
    press(page, button)
    assert sorted(opened(page)) == sorted(item.key for item in items)
    close_side(page)


def test_what_is_known_to_a_district_only_has_no_pin(world: World, visits: Visits) -> None:
    """No pill stands on a district's own point, at home or close up."""
    everything = ",".join(layer.id for layer in world.layers)
    placed = {
        f"{item.point[0]:.5f},{item.point[1]:.5f}"
        for item in world.sites
        if item.point and item.home == "map"
    }
    page = visits.open(world.url, layers=everything)
    for item in [item for item in world.sites if item.point and item.home != "map"][:3]:
        longitude, latitude = item.point or (0, 0)
        read(
            page,
            "at => void zoneAtlas.map.setView(at, 12, {animate: false})",
            [latitude, longitude],
        )
        settle(page)
        anchors = page.locator(".pill").evaluate_all(
            "pills => pills.map((one) => one.dataset.pill)"
        )
        assert set(anchors) <= placed


def test_a_selected_district_item_lifts_its_district(world: World, visits: Visits) -> None:
    items = [item for item in world.shown() if item.home == "plate"]
    assert items
    page = visits.open(world.url, selected=items[0].key)
    lifted = page.locator(".zone-highlight")
    assert lifted.count() == 1
    area = world.areas[items[0].districts[0]]
    outline = page.locator(f'path[id="ground-{css_name(area.key)}"]')
    assert lifted.bounding_box() == pytest.approx(outline.bounding_box(), abs=4)
    close_side(page)
    assert page.locator(".zone-highlight").count() == 0


def css_name(key: str) -> str:
    return "".join(one if one.isascii() and one.isalnum() else f"_{ord(one)}_" for one in key)

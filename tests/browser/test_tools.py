"""The tools of the map: measuring, coordinates, ways there, the reader's position, fans."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pyproj import Geod

from geo.datum import gcj02_to_bd09, wgs84_to_gcj02
from layers.catalog import Catalog
from tests.browser.axe import serious
from tests.browser.doors import boxes, overlaps, panel_title, press, rows
from tests.browser.test_reach import small_layers
from tests.browser.visits import Visits, read, settle, until
from tests.browser.world import Item, World, word
from tests.server.sites import layer_file, serving

GEOD = Geod(ellps="WGS84")
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


def numbers(page: Page) -> list[float]:
    return [float(one) for one in re.findall(r"\d+(?:\.\d+)?", said(page).replace(",", ""))]


def said(page: Page) -> str:
    return page.locator(SAID).inner_text()


TRIANGLE = ((-60, -80), (110, 40), (-120, 90))


def test_a_length_is_measured_and_nothing_under_it_is_opened(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    use(page, "length")
    assert said(page) == word("zh", "measure.click")
    corners = ground(page, *TRIANGLE)
    click(page, *TRIANGLE)
    length, count = numbers(page)
    assert length * 1000 == pytest.approx(GEOD.line_length(*zip(*corners, strict=True)), rel=2e-3)
    assert count == 3
    # On pills and plates too: they stay and are not opened.
    pill = page.locator(".pill").first
    box = pill.bounding_box()
    assert box
    page.mouse.click(box["x"] + 8, box["y"] + box["height"] / 2)
    assert numbers(page)[1] == 4
    assert page.locator("#side").is_hidden()
    # A drag moves the map and sets no point.
    page.mouse.move(*spot(page, 200, 150))
    page.mouse.down()
    page.mouse.move(*spot(page, 120, 90), steps=4)
    page.mouse.up()
    settle(page)
    assert numbers(page)[1] == 4
    assert serious(page) == []
    page.keyboard.press("Escape")
    assert not is_on(page, "length")
    assert page.locator(".tool-said").is_hidden()
    pill.click()
    assert page.locator("#side").is_visible()


@pytest.mark.parametrize("reader", ["zh", "en"])
def test_an_area_in_the_units_of_the_reader(
    bundled_world: World, visits: Visits, reader: str
) -> None:
    page = visits.open(bundled_world.url, reader=reader)
    use(page, "area")
    corners = ground(page, *TRIANGLE)
    click(page, *TRIANGLE)
    area, outline = GEOD.polygon_area_perimeter(*zip(*corners, strict=True))
    small = 10_000 / 15 if reader == "zh" else 1
    expected = [abs(area) / small, abs(area) / 1e4, abs(area) / 1e6, outline / 1000]
    assert numbers(page) == pytest.approx(expected, rel=2e-3)
    assert ("亩" in said(page)) == (reader == "zh")
    assert page.locator(".measure-area").count() == 1
    click(page, (150, -90), (-150, -20))
    assert said(page) == word(reader, "measure.crossing", count="5")
    assert page.locator(".measure-label").count() == 0


def test_a_double_click_ends_a_measurement_and_the_next_click_begins_anew(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url)
    use(page, "length")
    before = read(page, "() => window.zoneAtlas.map.getZoom()")
    click(page, (-60, -80))
    page.mouse.dblclick(*spot(page, 110, 40))
    settle(page)
    length, count = numbers(page)
    assert count == 2
    assert read(page, "() => window.zoneAtlas.map.getZoom()") == before
    page.mouse.move(*spot(page, 200, 100))
    assert numbers(page) == [length, 2]
    assert page.locator(".measure-line.is-open").count() == 0
    click(page, (0, 0))
    assert said(page) == word("zh", "measure.points", count="1")


def test_measuring_by_keys_alone(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    page.locator('[data-tool="length"]').focus()
    page.keyboard.press("Enter")
    corners = ground(page, (0, 0), (48, -16), (48, -19))
    page.keyboard.press("Space")
    for key in ["ArrowRight"] * 3 + ["ArrowUp"]:
        page.keyboard.press(key)
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Space")
    length, count = numbers(page)
    assert count == 3
    assert length * 1000 == pytest.approx(GEOD.line_length(*zip(*corners, strict=True)), rel=0.02)
    page.keyboard.press("Backspace")
    assert numbers(page)[1] == 2
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.locator(".measure-line.is-open").count() == 0
    page.locator(".tool-said .copy button").click()
    expect(page.locator(".copy-said")).to_have_text(word("zh", "copy.done"))
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.tool") == "length"
    assert page.locator(".crosshair:not([hidden])").count() == 0


def test_one_tool_at_a_time_and_the_map_keeps_its_size_on_a_phone(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url, phone=True)
    press(page, "#tools-open")
    rows_of = boxes(page, ".tool")
    assert rows_of
    assert all(row["height"] >= 44 for row in rows_of)
    assert serious(page) == []
    press(page, "#tools-open")
    use(page, "length")
    height = read(page, "() => document.getElementById('map').clientHeight")
    assert said(page) == word("zh", "measure.tap")
    click(page, (-60, -80), (70, 40), (-60, 60))
    assert numbers(page)[1] == 3
    assert page.locator("#side").is_hidden()
    assert read(page, "() => document.getElementById('map').clientHeight") == height
    assert all(min(one["width"], one["height"]) >= 44 for one in boxes(page, ".tool-said button"))
    page.locator(f'.tool-said [aria-label="{word("zh", "measure.end")}"]').tap()
    use(page, "area")
    assert is_on(page, "area")
    assert not is_on(page, "length")


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
        read(
            page, "key => void (location.search = `?selected=${encodeURIComponent(key)}`)", item.key
        )
        page.wait_for_selector(
            "html[data-map=drawn] #side:not([hidden]) .position", state="attached"
        )
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


def test_what_stands_at_one_place_fans_out_while_it_is_listed(world: World, visits: Visits) -> None:
    page = visits.open(world.url, layers=small_layers(world))
    counts = page.locator(".pill").evaluate_all(
        "pills => pills.map((one) => Number(one.dataset.count))"
    )
    most = max((count for count in counts if 1 < count <= 12), default=0)
    assert most, "no pill holds a few"
    assert page.locator(".fan-item").count() == 0
    press(page, f'.pill[data-count="{most}"]')
    settle(page)
    listed = rows(page)
    fan = page.locator(".fan-item")
    assert sorted(fan.evaluate_all("all => all.map((one) => one.dataset.fan)")) == sorted(listed)
    assert overlaps(boxes(page, ".fan-item, .pill")) == []
    assert serious(page) == []
    key = listed[-1]
    button = page.locator(f'[data-fan="{key}"]')
    assert button.get_attribute("aria-label") == world.by_key[key].name()
    button.focus()
    page.keyboard.press("Enter")
    assert panel_title(page) == world.by_key[key].name()
    assert fan.count() == 0
    page.locator("#side .back").click()
    settle(page)
    assert fan.count() == len(listed)
    press(page, "#side .close")
    settle(page)
    assert fan.count() == 0


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A zone of twelve things at one place."""
    folder = tmp_path_factory.mktemp("twelve") / "zone"
    folder.mkdir()
    document = json.loads(layer_file([f"N{number}" for number in range(12)]))
    for feature in document["features"]:
        feature["geometry"]["coordinates"] = [10.0, 50.0]
    (folder / "things.geojson").write_text(json.dumps(document), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path_factory.mktemp("twelve-data"))
    with serving(catalog) as site:
        yield World.of(site)
    catalog.close()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_twelve_at_one_place_are_all_reached(twelve: World, visits: Visits, phone: bool) -> None:
    page = visits.open(twelve.url, phone=phone)
    press(page, ".pill")
    settle(page)
    fan = page.locator(".fan-item")
    keys = fan.evaluate_all("all => all.map((one) => one.dataset.fan)")
    assert sorted(keys) == sorted(twelve.by_key)
    assert overlaps(boxes(page, ".fan-item, .pill, #side, .zoom-tools")) == []
    for key in keys:
        press(page, f'[data-fan="{key}"]')
        assert panel_title(page) == twelve.by_key[key].name()
        page.locator("#side .back").click()
        settle(page)
    fan.first.focus()
    for key in keys:
        assert page.evaluate("document.activeElement.dataset.fan") == key
        page.keyboard.press("Tab")


def place(page: Page, **position: float) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(position)  # type: ignore[arg-type]  # the keys are its own


def test_the_readers_position_is_asked_for_by_a_click(bundled_world: World, visits: Visits) -> None:
    at = (120.93, 31.08)
    page = visits.open(bundled_world.url)
    place(page, longitude=at[0], latitude=at[1], accuracy=700)
    assert page.locator(".locate-dot").count() == 0
    use(page, "locate")
    page.wait_for_selector(".locate-dot", state="attached")
    settle(page)
    expect(page.locator(".locate-label")).to_have_text(
        word("zh", "locate.found", distance=word("zh", "unit.metre", value="700"))
    )
    dot, circle = read(
        page,
        """() => [".locate-dot", ".locate-accuracy"].map((selector) => {
          const { x, y, width } = document.querySelector(selector).getBoundingClientRect();
          const map = document.getElementById("map").getBoundingClientRect();
          const down = y + width / 2 - map.y;
          const to = (px) => window.zoneAtlas.map.containerPointToLatLng([px - map.x, down]);
          return [to(x), to(x + width / 2), to(x + width)].map(({ lng, lat }) => [lng, lat]);
        })""",
    )
    assert dot[1] == pytest.approx(at, abs=2e-4)
    across = GEOD.inv(*circle[0], *circle[2])[2]
    assert across == pytest.approx(1400, rel=0.03)
    assert serious(page) == []
    use(page, "locate")
    assert page.locator(".locate-dot").count() == 0


def test_without_a_position_it_is_said_why(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    use(page, "locate")
    expect(page.locator("#notice")).to_have_text(word("zh", "locate.denied"))
    assert not is_on(page, "locate")


def test_full_screen_leaves_the_map_and_its_panels(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    use(page, "full")
    until(page, "document.fullscreenElement")
    assert page.locator("#top").is_hidden()
    assert page.locator("#panel").is_visible()
    assert is_on(page, "full")
    use(page, "full")
    until(page, "!document.fullscreenElement")
    assert page.locator("#top").is_visible()
    assert not is_on(page, "full")

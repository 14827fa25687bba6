"""What lies in an area or near something, with as much certainty as there is."""

import csv
import io
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle, until
from tests.browser.world import Item, World, word

TOOL = '#tool-list [data-tool="area-{}"]'


def answered(page: Page) -> str:
    """The area of the address, once it has its answer in the side panel."""
    expect(page.locator("#side .within h2")).to_be_visible()
    area: str = read(page, "() => new URL(location.href).searchParams.get('area')")
    return area


def of_kind(page: Page, kind: str) -> int:
    """How many rows the answer lists."""
    return page.locator(f'#side [data-kind="{kind}"] .row').count()


def check_counts(page: Page, world: World, area: str) -> None:
    """Page, /matches, items and download say the same of the layers that are on."""
    on = [layer.id for layer in world.site_layers if layer.visible]
    get = page.context.request.get
    asked: dict[str, str | float | bool] = {"area": area, "layers": ",".join(on)}
    matches = get(f"{world.url}/matches", params=asked).json()["layers"]
    assert of_kind(page, "certain") == sum(layer["certain"] for layer in matches)
    assert of_kind(page, "possible") == sum(layer["possible"] for layer in matches)
    assert of_kind(page, "undecided") == sum(layer["undecided"] for layer in matches)
    matched = sum(layer["matched"] for layer in matches)
    for layer in matches:
        items = get(f"{world.url}/collections/{layer['id']}/items", params={"area": area})
        assert items.json()["numberMatched"] == layer["matched"]
    rows = get(f"{world.url}/downloads/map.csv", params={**asked, "raw": "true"}).text()
    assert len(list(csv.DictReader(io.StringIO(rows.lstrip("\ufeff"))))) == matched
    chosen = word("zh", "totals.chosen", count=f"{matched:,}", all=f"{len(world.sites):,}")
    assert page.locator("#totals b").inner_text() == chosen


def spot(page: Page, across: float, down: float) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


@pytest.mark.parametrize(
    ("kind", "corners"),
    [
        ("box", [(0.3, 0.3), (0.7, 0.75)]),
        ("circle", [(0.5, 0.5), (0.5, 0.8)]),
        ("polygon", [(0.3, 0.3), (0.7, 0.35), (0.6, 0.8)]),
    ],
)
def test_an_area_is_drawn(
    bundled_world: World, visits: Visits, kind: str, corners: list[tuple[float, float]]
) -> None:
    page = visits.open(bundled_world.url)
    press(page, TOOL.format(kind))
    for corner in corners:
        page.mouse.move(*spot(page, *corner))
        page.mouse.click(*spot(page, *corner))
    if kind == "polygon":
        page.keyboard.press("Enter")
    area = answered(page)
    assert area.startswith(f"{kind}:")
    assert page.locator(".area-shape").count() == 1
    check_counts(page, bundled_world, area)
    assert page.locator(".area-handle").count() == {"box": 4, "circle": 2, "polygon": 3}[kind]
    again = visits.open(bundled_world.url, area=area)
    assert again.locator(".chip").inner_text() == page.locator(".chip").inner_text()
    assert again.locator("#totals p").inner_text() == page.locator("#totals p").inner_text()
    page.locator(".chip button").last.click()
    expect(page.locator(".area-shape")).to_have_count(0)
    assert "area=" not in page.url


@pytest.mark.parametrize("kind", ["box", "circle"])
def test_an_area_is_dragged(made_up_world: World, visits: Visits, kind: str) -> None:
    """From press to release; the map stays where it is. A point clicked before counts no more."""
    page = visits.open(made_up_world.url)
    press(page, TOOL.format(kind))
    page.mouse.click(*spot(page, 0.2, 0.2))
    page.mouse.move(*spot(page, 0.4, 0.4))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.6, 0.6), steps=4)
    page.mouse.up()
    area = answered(page)
    assert area.startswith(f"{kind}:")
    assert "center=" not in page.url
    again = visits.open(made_up_world.url)
    press(again, TOOL.format(kind))
    for corner in ((0.4, 0.4), (0.6, 0.6)):
        again.mouse.click(*spot(again, *corner))

    # To a pixel: the row above the map may be as much higher while it speaks.
    def numbers(text: str) -> list[float]:
        return [float(one) for one in text.partition(":")[2].split(",")]

    assert numbers(answered(again)) == pytest.approx(numbers(area), rel=2e-3)


def test_by_keys_alone(made_up_world: World, visits: Visits) -> None:
    page = visits.open(made_up_world.url)
    page.locator(TOOL.format("circle")).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    area = answered(page)
    assert area.startswith("circle:")
    assert of_kind(page, "certain") + of_kind(page, "possible") > 0


def test_a_finger_draws(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, phone=True)
    page.locator("#tools-open").tap()
    page.locator(TOOL.format("box")).tap()
    for corner in ((0.2, 0.3), (0.8, 0.8)):
        page.touchscreen.tap(*spot(page, *corner))
    area = answered(page)
    assert area.startswith("box:")
    assert serious(page) == []


def test_a_corner_is_dragged(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, area="circle:120.95,31.05,4000")
    settle(page)
    edge = page.locator(".area-handle").nth(1).bounding_box()
    assert edge
    page.mouse.move(edge["x"] + 6, edge["y"] + 6)
    page.mouse.down()
    page.mouse.move(edge["x"] + 80, edge["y"] + 6, steps=6)
    page.mouse.up()
    until(page, "!location.href.includes(',4000')")
    area = answered(page)
    assert area.startswith("circle:120.95,31.05,")
    assert int(area.rsplit(",", 1)[1]) > 6000


def placed(world: World) -> Item:
    return next(item for item in world.sites if item.home == "map" and item.layer.visible)


def test_what_is_near(world: World, visits: Visits) -> None:
    """From the nearest to the farthest, and only what is certainly so near when that is asked."""
    item = placed(world)
    page = visits.open(world.url, selected=item.key)
    page.locator(".near input").fill("20")
    page.keyboard.press("Enter")
    area = answered(page)
    assert area == f"near:{item.key},20000"
    check_counts(page, world, area)
    found: list[dict[str, Any]] = page.context.request.get(
        f"{world.url}/matches", params={"area": area}
    ).json()["layers"]
    away = {
        f"{layer['id']}/{one['id']}": one["distance_m"] or 0
        for layer in found
        for one in layer["features"]
    }
    for kind in ("certain", "possible"):
        keys = page.locator(f'#side [data-kind="{kind}"] .row').evaluate_all(
            "rows => rows.map((row) => row.dataset.item)"
        )
        distances = [away[key] for key in keys if away[key]]
        assert distances == sorted(distances)
    certain = of_kind(page, "certain")
    page.get_by_label(word("zh", "area.only_certain")).check()
    expect(page.locator('#side [data-kind="possible"]')).to_have_count(0)
    assert of_kind(page, "certain") == certain
    assert "certainty=certain" in page.url
    expect(page.locator(".within-only input")).to_be_focused()
    page.go_back()
    expect(page.locator("#totals")).to_contain_text(
        word("zh", "area.counts", certain=certain, possible="")[:5]
    )


def test_a_place_known_to_its_district_only_is_refused(
    bundled_world: World, visits: Visits
) -> None:
    visits.forgive("400")
    item = next(item for item in bundled_world.sites if item.home == "plate" and item.layer.visible)
    page = visits.open(bundled_world.url, selected=item.key)
    expect(page.locator("#side")).to_contain_text(word("zh", "area.near_unknown"))
    expect(page.locator(".near")).to_have_count(0)
    # A link may ask all the same.
    page = visits.open(bundled_world.url, selected=item.key, area=f"near:{item.key},5000")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("仅知")
    assert "area=" not in page.url
    assert page.locator("#chips").is_hidden()
    page.locator("#side .close").click()
    expect(notice).to_be_hidden()
    page.go_back()
    assert str(item.feature["id"]) in page.url
    assert "area=" not in page.url
    expect(notice).to_be_hidden()


def test_without_an_answer_all_stays_as_it_was(bundled_world: World, visits: Visits) -> None:
    visits.forgive("matches|ERR_FAILED")
    page = visits.open(bundled_world.url)
    before = page.locator("#totals b").inner_text()
    page.route("**/matches?*", lambda route: route.abort())
    press(page, TOOL.format("box"))
    for corner in ((0.3, 0.3), (0.7, 0.75)):
        page.mouse.click(*spot(page, *corner))
    notice = page.locator("#notice")
    expect(notice).to_contain_text(word("zh", "status.unanswered"))
    assert page.locator("#totals b").inner_text() == before
    assert page.locator("#chips").is_hidden()
    page.unroute("**/matches?*")
    notice.get_by_role("button").click()
    expect(page.locator("#chips .chip")).to_have_count(1)
    expect(notice).to_be_hidden()


def test_a_finger_finds_what_changes_an_area(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, phone=True, area="circle:120.95,31.05,12000")
    for selector in (".area-handle", ".area-label"):
        sizes = page.locator(selector).evaluate_all(
            "found => found.map((one) => getComputedStyle(one, '::after'))"
            ".map(({ width, height }) => Math.min(parseFloat(width), parseFloat(height)))"
        )
        assert sizes
        assert min(sizes) >= 44


def test_only_a_district(bundled_world: World, visits: Visits) -> None:
    key = next(iter(bundled_world.areas.values())).key
    page = visits.open(bundled_world.url, selected=key)
    page.get_by_role("button", name=word("zh", "area.this_district")).click()
    assert answered(page) == f"feature:{key}"
    check_counts(page, bundled_world, f"feature:{key}")


def test_only_what_words_find(bundled_world: World, visits: Visits) -> None:
    visits.forgive("503")  # while the words are read for the first time
    page = visits.open(bundled_world.url)
    page.fill("#search-field", "西岑")
    page.locator(".search-only").click()
    expect(page.locator(".chip")).to_contain_text("西岑")
    on = ",".join(layer.id for layer in bundled_world.site_layers if layer.visible)
    matches = page.context.request.get(
        f"{bundled_world.url}/matches", params={"q": "西岑", "layers": on}
    ).json()
    matched = sum(layer["matched"] for layer in matches["layers"])
    assert matched > 0
    expect(page.locator("#totals b")).to_have_text(
        word("zh", "totals.chosen", count=matched, all=len(bundled_world.sites))
    )
    again = visits.open(page.url, path="")
    assert again.locator("#totals b").inner_text() == page.locator("#totals b").inner_text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("area", "circle:999,31,5000"),
        ("area", "near:nobody/x,5000"),
        ("area", "polygon:120,31,121,32,120,32,121,31"),
        ("filter", "no_such_field = 3"),
        ("filter", "((("),
    ],
)
def test_what_the_server_refuses_is_said(
    bundled_world: World, visits: Visits, name: str, value: str
) -> None:
    """And the map shows all, as if it had not been asked."""
    visits.forgive("400")
    page = visits.open(bundled_world.url, **{name: value})
    said = word("zh", "status.refused", part=word("zh", f"status.part_{name}"), name=name)
    expect(page.locator("#notice")).to_have_text(said)
    assert page.locator("#chips").is_hidden()
    assert f"{name}=" not in page.url


def test_three_answers_are_read_by_everybody(bundled_world: World, visits: Visits) -> None:
    for lang, system in (("zh", "light"), ("en", "dark")):
        page = visits.open(
            bundled_world.url, reader=lang, system=system, area="circle:120.95,31.05,12000"
        )
        press(page, ".area-label")
        answered(page)
        assert serious(page) == []

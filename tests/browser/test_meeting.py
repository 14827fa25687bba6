"""Views as slides: kept in the link or a file, shown on the whole screen by a presenter's keys."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World, word


def add(page: Page, lang: str = "zh") -> None:
    press(page, "#meeting")
    page.get_by_role("button", name=word(lang, "meeting.add"), exact=True).click()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def slides_of(page: Page) -> list[tuple[str, dict[str, str]]]:
    return [tuple(one) for one in json.loads(asked(page)["slides"][0])]


@pytest.fixture
def three(world: World, visits: Visits) -> Page:
    """A page with three slides: the whole map, one layer alone, and a selected item."""
    page = visits.open(world.url)
    add(page)
    press(page, "#side .close")
    item = next(item for item in world.sites if item.home == "map" and item.layer.visible)
    page.goto(f"{page.url}&layers={item.layer.id}")
    page.wait_for_selector("html[data-map=drawn]", state="attached")
    add(page)
    press(page, "#side .close")
    page.goto(f"{page.url}&selected={item.key}")
    page.wait_for_selector("html[data-map=drawn]", state="attached")
    add(page)
    views = [view for _, view in slides_of(page)]
    assert views == [{}, {"layers": item.layer.id}, {"layers": item.layer.id, "selected": item.key}]
    return page


def test_a_presenter_goes_through_the_slides(three: Page) -> None:
    page = three
    before = {**asked(page)}
    fields = page.locator(".meeting-slides input")
    expect(fields).to_have_count(3)
    fields.nth(1).fill("只看 <b>这一层</b>")
    fields.nth(1).press("Tab")
    page.get_by_role("button", name=word("zh", "meeting.start"), exact=True).click()
    place = page.locator(".slide-place")
    expect(place).to_have_text("1 / 3")
    for hidden in ("#top", "#panel", "#headline", "#side"):
        expect(page.locator(hidden)).to_be_hidden()
    whole = page.locator("#totals b").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#slide h2")).to_have_text("只看 <b>这一层</b>")
    settle(page)
    assert "layers" in asked(page)
    assert page.locator("#totals b").inner_text() != whole
    page.keyboard.press("PageDown")
    expect(place).to_have_text("3 / 3")
    page.keyboard.press(" ")
    expect(place).to_have_text("3 / 3")
    assert "selected" in asked(page)
    page.keyboard.press("b")
    assert (
        read(page, "() => getComputedStyle(document.body, '::after').backgroundColor")
        == "rgb(0, 0, 0)"
    )
    page.keyboard.press("Home")
    expect(place).to_have_text("1 / 3")
    expect(page.locator("#totals b")).to_have_text(whole)
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#top")).to_be_visible()
    expect(page.locator("#slide")).to_have_count(0)
    assert {**asked(page), "slides": None} == {**before, "slides": None}
    assert slides_of(page)[1][0] == "只看 <b>这一层</b>"


def test_the_map_is_larger_and_still_where_the_pointer_is(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    add(page)
    page.get_by_role("button", name=word("zh", "meeting.start"), exact=True).click()
    settle(page)
    box = page.locator("#map").bounding_box()
    view = page.locator("#view").bounding_box()
    assert list(box.values()) == pytest.approx(list(view.values()), abs=1)
    assert read(page, "() => document.querySelector('#map').offsetWidth") * 1.4 == pytest.approx(
        view["width"], abs=2
    )
    # The point under the pointer is the one that the map says.
    at = read(
        page,
        "() => { const {map} = window.zoneAtlas; window.heard = null;"
        " map.on('mousemove', (e) => { window.heard = map.latLngToContainerPoint(e.latlng); });"
        " return [map.getSize().x, map.getSize().y]; }",
    )
    page.mouse.move(view["x"] + view["width"] * 0.3, view["y"] + view["height"] * 0.6)
    heard = read(page, "() => [window.heard.x, window.heard.y]")
    assert heard == pytest.approx([at[0] * 0.3, at[1] * 0.6], abs=2)


def test_the_scale_bar_is_as_long_as_it_says(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    add(page)
    page.get_by_role("button", name=word("zh", "meeting.start"), exact=True).click()
    settle(page)
    said, pixels, across = read(
        page,
        """() => {
        const { map } = window.zoneAtlas;
        const bar = document.querySelector(".leaflet-control-scale-line");
        const { width } = document.querySelector("#map").getBoundingClientRect();
        const { x, y } = map.getSize();
        const ends = [0, x].map((end) => map.containerPointToLatLng([end, y / 2]));
        return [bar.textContent, bar.getBoundingClientRect().width, map.distance(...ends) / width];
        }""",
    )
    number, unit = said.split()
    metres = float(number) * {"km": 1000, "m": 1}[unit]
    assert pixels * across == pytest.approx(metres, rel=0.02)


def test_order_removal_and_file(three: Page, visits: Visits, tmp_path: Path) -> None:
    page = three
    titles = ["一", "二", "三"]
    for number, title in enumerate(titles):
        page.locator(".meeting-slides input").nth(number).fill(title)
    page.locator(".meeting-slides input").nth(2).press("Tab")
    page.get_by_role("button", name=word("zh", "meeting.earlier", number=3), exact=True).click()
    assert [title for title, _ in slides_of(page)] == ["一", "三", "二"]
    page.get_by_role("button", name=word("zh", "meeting.remove", number=1)).click()
    assert [title for title, _ in slides_of(page)] == ["三", "二"]
    with page.expect_download() as download:
        page.get_by_role("button", name=word("zh", "meeting.save"), exact=True).click()
    file = tmp_path / "slides.json"
    download.value.save_as(file)
    other = visits.open(page.url.split("?")[0], path="")
    press(other, "#meeting")
    other.set_input_files(".meeting input[type=file]", file)
    expect(other.locator(".meeting-said")).to_have_text(word("zh", "meeting.opened", count=2))
    assert slides_of(other) == slides_of(page)
    # A link with slides opens them elsewhere.
    third = visits.open(page.url, path="")
    press(third, "#meeting")
    expect(third.locator(".meeting-slides input")).to_have_count(2)


@pytest.mark.parametrize("text", ["no json", "[]", '[["a",{"zoom":9}]]', '{"a":1}'])
def test_another_file_changes_nothing(
    bundled_world: World, visits: Visits, tmp_path: Path, text: str
) -> None:
    page = visits.open(bundled_world.url)
    add(page)
    before = page.url
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    page.set_input_files(".meeting input[type=file]", file)
    said = word("zh", "meeting.not_slides", name="x.json")
    expect(page.locator(".meeting-said")).to_have_text(said)
    assert page.url == before


def test_a_bad_slide_is_shown_without_what_is_bad(bundled_world: World, visits: Visits) -> None:
    slides = json.dumps([["坏", {"layers": "nothing", "zoom": "x", "q": "<img src=x>"}]])
    page = visits.open(bundled_world.url, slides=slides)
    press(page, "#meeting")
    page.get_by_role("button", name=word("zh", "meeting.start"), exact=True).click()
    settle(page)
    assert "layers" not in asked(page)
    page.get_by_role("button", name=word("zh", "meeting.end"), exact=True).click()
    expect(page.locator("#top")).to_be_visible()


def test_slides_that_are_none_are_named(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, slides="[1]")
    expect(page.locator("#notice")).to_contain_text("slides")


def test_a_phone_and_another_language(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, reader="en", phone=True)
    add(page, "en")
    assert serious(page) == []
    page.get_by_role("button", name=word("en", "meeting.start"), exact=True).click()
    expect(page.locator(".slide-place")).to_have_text("1 / 1")
    page.get_by_role("button", name=word("en", "meeting.end"), exact=True).click()
    expect(page.locator("#top")).to_be_visible()

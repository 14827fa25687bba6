"""The search box: by mouse, by keys alone and on a phone, with whatever names there are."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle, until, until_searchable
from tests.browser.world import World, word
from tests.zones import HOSTILE

FIELD = "#search input"
OPTIONS = "#search [role=option]"


def type_in(page: Page, text: str, phone: bool = False) -> Locator:
    """Open the box and type; the list of what is found."""
    if phone:
        press(page, "#search-open")
    else:
        page.keyboard.press("/")
    page.keyboard.type(text)
    found = page.locator(OPTIONS)
    expect(found.first).to_be_visible()
    settle(page)
    return found


def named(page: Page, key: str) -> None:
    """The side panel shows this item."""
    until(page, f"window.location.search.includes('selected={key}')")
    assert page.locator("#side").is_visible()


def test_by_mouse(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    page.click(FIELD)
    page.keyboard.type("xckc")
    press(page, f"{OPTIONS}:nth-child(2)")
    named(page, "parks/park-xicen-park")
    assert page.locator("#side h2").inner_text() == "西岑科创园区"
    assert page.locator(OPTIONS).count() == 0 or page.locator(OPTIONS).first.is_hidden()
    page.click("#side .close")
    assert read(page, "document.activeElement.id") == "search-field"


def test_by_keys_alone(bundled_world: World, visits: Visits) -> None:
    """The combobox says where one is; Escape takes away the list, then the words."""
    page = visits.open(bundled_world.url, reader="en")
    found = type_in(page, "qingpu")
    field = page.locator(FIELD)
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-activedescendant") is None
    for key, index in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", -1)):
        page.keyboard.press(key)
        option = found.nth(index)
        expect(option).to_have_attribute("aria-selected", "true")
        assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert page.locator(f"{OPTIONS}[aria-selected=true]").count() == 1
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.input_value() == "qingpu"
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    named(page, "districts/district-qingpu")
    assert read(page, "document.activeElement.tagName") == "H2"
    page.keyboard.press("/")
    assert read(page, "document.activeElement.id") == "search-field"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert field.input_value() == ""


def test_the_slash_is_a_letter_where_one_types(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    page.click(FIELD)
    page.keyboard.type("a/b")
    assert page.locator(FIELD).input_value() == "a/b"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone(bundled_world: World, visits: Visits, lang: str) -> None:
    """Its own sheet over the page, every target 44 pixels, and away when something is chosen."""
    page = visits.open(bundled_world.url, reader=lang, phone=True)
    found = type_in(page, "park", phone=True)
    assert found.count() > 3
    targets = ["#search-open", "#search .search-close", FIELD, f"{OPTIONS}:first-child"]
    for target in targets:
        box = page.locator(target).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target
    name = page.locator(f"{OPTIONS}:first-child .result-name").inner_text()
    press(page, f"{OPTIONS}:first-child")
    assert page.locator("#search").is_hidden()
    assert page.locator("#side h2").inner_text() == name
    press(page, "#side .close")
    press(page, "#search-open")
    press(page, "#search .search-close")
    assert read(page, "document.activeElement.id") == "search-open"


def test_what_is_switched_off_is_shown(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, layers="districts")
    type_in(page, "西岑科创园区")
    page.keyboard.press("Enter")
    named(page, "parks/park-xicen-park")
    assert page.locator('#panel .layer[data-layer="parks"] input').is_checked()
    assert page.locator(".pill.is-selected").count() == 1


@pytest.mark.parametrize(
    ("q", "key"),
    [
        ("朱家角镇", "townships/township-qingpu-zhujiajiao"),
        ("朱家角工业园区", "parks/park-zhujiajiao-industrial"),
    ],
)
def test_it_comes_into_view(bundled_world: World, visits: Visits, q: str, key: str) -> None:
    page = visits.open(bundled_world.url, center="121.1,30.9", zoom=13)
    type_in(page, q)
    page.keyboard.press("Enter")
    named(page, key)
    item = bundled_world.by_key[key]
    assert item.point is not None
    until(page, f"window.zoneAtlas.map.getBounds().contains([{item.point[1]}, {item.point[0]}])")


def test_nothing_is_found(bundled_world: World, visits: Visits) -> None:
    """It is said what else to try; what was typed stays text."""
    page = visits.open(bundled_world.url)
    page.keyboard.press("/")
    page.keyboard.type("<b>zzqq</b>")
    said = page.locator("#search [role=status]")
    expect(said).to_have_text(word("zh", "search.empty", q="<b>zzqq</b>"))
    assert page.locator("#search b").count() == 0
    expect(page.locator(FIELD)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(
    ("q", "reading", "label"),
    [
        ("120.96, 31.07", 1, "GCJ-02"),
        ("3448145, 606800", 0, "EPSG:4549"),
        ("120°57′36″E 31°4′12″N", 0, "CGCS2000"),
    ],
)
def test_coordinates_put_a_mark(
    bundled_world: World, visits: Visits, q: str, reading: int, label: str
) -> None:
    """Which names its reading, stands where it says, and can be taken away."""
    page = visits.open(bundled_world.url)
    found = type_in(page, q)
    assert label in found.nth(reading).inner_text()
    for _ in range(reading + 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    mark = page.locator(".placemark-label")
    assert label in mark.inner_text()
    settle(page)
    place = page.context.request.get(f"{bundled_world.url}/search", params={"q": q}).json()[
        "places"
    ][reading]
    lon, lat = place["geometry"]["coordinates"]
    dot = page.locator(".placemark-dot").bounding_box()
    assert dot is not None
    at: Any = read(
        page,
        """([lat, lng]) => {
          const box = window.zoneAtlas.map.getContainer().getBoundingClientRect();
          const { x, y } = window.zoneAtlas.map.latLngToContainerPoint([lat, lng]);
          return [box.left + x, box.top + y];
        }""",
        [lat, lon],
    )
    assert (dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2) == pytest.approx(at, abs=2)
    press(page, ".placemark-label button")
    assert page.locator(".placemark").count() == 0
    assert read(page, "document.activeElement.id") == "map"


def test_hostile_names_stay_text(made_up_world: World, visits: Visits) -> None:
    until_searchable(made_up_world.url)
    page = visits.open(made_up_world.url, reader="en")
    for name in HOSTILE:
        page.fill(FIELD, name)
        row = page.locator(".result-name", has_text=" ".join(name.split()[:2])).first
        expect(row).to_be_visible()
        assert page.locator("#search img, #search script, #search b").count() == 0
    page.keyboard.press("Enter")
    assert page.locator("#side h2").inner_text()


def test_a_fragment_is_marked(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    type_in(page, "kechuang")
    marks = page.locator(".result-name mark").all_inner_texts()
    assert marks
    assert set(marks) == {"科创"}


def test_while_the_index_is_made(bundled_world: World, visits: Visits) -> None:
    """503 is said in words and asked again."""
    visits.forgive("503")
    answers: list[int] = []

    def busy(route: Route) -> None:
        answers.append(503 if not answers else 200)
        if answers[-1] == 200:
            route.fallback()
            return
        headers = {"Content-Type": "application/problem+json", "Retry-After": "1"}
        route.fulfill(status=503, headers=headers, body=json.dumps({"status": 503}))

    page = visits.open(bundled_world.url)
    page.route("**/search?*", busy)
    page.keyboard.press("/")
    page.keyboard.type("西岑")
    expect(page.locator("#search [role=status]")).to_have_text(word("zh", "search.preparing"))
    expect(page.locator(OPTIONS).first).to_be_visible()
    assert answers == [503, 200]


OVERLAPS = """() => {
  const parts = "#top h1, #top .subtitle, #search, #top .tools > *, #search-open";
  const all = [...document.querySelectorAll(parts)].filter((one) => one.offsetParent);
  const boxes = all.map((one) => [one.id || one.tagName, one.getBoundingClientRect()]);
  const meet = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.flatMap(([name, a], number) => [
    ...(a.right > window.innerWidth || a.left < 0 ? [`${name} leaves the window`] : []),
    ...boxes.slice(number + 1).filter(([, b]) => meet(a, b)).map(([other]) => `${name}, ${other}`),
  ]);
}"""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_in_the_header_overlaps(
    world: World, visits: Visits, lang: str, phone: bool
) -> None:
    page = visits.open(world.url, reader=lang, phone=phone)
    for width in (390,) if phone else (1440, 1280, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        assert read(page, OVERLAPS) == [], width
        assert page.locator("#search-open" if phone else FIELD).is_visible(), width


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe(bundled_world: World, visits: Visits, lang: str, theme: str, phone: bool) -> None:
    page = visits.open(bundled_world.url, reader=lang, system=theme, phone=phone)
    type_in(page, "西岑", phone)
    page.keyboard.press("ArrowDown")
    assert serious(page) == []
    page.locator(FIELD).fill("zzqqzz")
    expect(page.locator("#search [role=status]")).to_contain_text("zzqqzz")
    assert serious(page) == []
    page.locator(FIELD).fill("120.96, 31.07")
    expect(page.locator(".is-place").first).to_be_visible()
    page.keyboard.press("Enter")
    settle(page)
    assert serious(page) == []

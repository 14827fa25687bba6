"""The map as one file, opened from a disk without a network: it does what the live page does."""

import time
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle, texts, until, until_drawn, until_searchable
from tests.browser.world import World, known, word

OPTIONS = "#search [role=option]"
COUNTS = """() => [...document.querySelectorAll(".layer")].map((row) =>
  [row.dataset.layer, row.querySelector(".count").textContent])"""


@pytest.fixture
def written(world: World, tmp_path: Path) -> Path:
    return write(world, tmp_path)


def write(world: World, folder: Path, view: str = "") -> Path:
    answer = httpx.get(f"{world.url}/onefile.html?{view}", timeout=30)
    assert answer.status_code == 200, answer.text
    file = folder / "the map.html"
    file.write_bytes(answer.content)
    return file


def look(page: Page) -> list[object]:
    """What a page says of what it shows."""
    return [
        texts(page, "#totals p"),
        read(page, COUNTS),
        texts(page, "#chips"),
        texts(page, "#tray"),
    ]


def alike(*pages: Page) -> None:
    """Pages that show the same, the live one once its server has answered."""
    end = time.monotonic() + 10
    while (found := [look(page) for page in pages])[0] != found[1] and time.monotonic() < end:
        pages[0].wait_for_timeout(50)
    assert found[0] == found[1]


def searched(text: str, *pages: Page) -> list[list[str]]:
    """The rows that the search box of each page lists for a text; they look at the same time."""
    for page in pages:
        page.locator("#search-field").fill("")
    for page in pages:
        until(page, f"!document.querySelector('{OPTIONS}')")
        page.locator("#search-field").fill(text)
    said = "document.querySelector('#search [role=status]').textContent"
    for page in pages:
        until(page, f"!['', '{word('zh', 'search.preparing')}'].includes({said})")
    return [texts(page, OPTIONS) for page in pages]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_it_shows_what_the_live_page_shows(
    world: World, written: Path, visits: Visits, phone: bool
) -> None:
    page = visits.open_file(written, phone=phone)
    live = visits.open(world.url, phone=phone)
    alike(page, live)
    assert texts(page, ".plate, .pill") == texts(live, ".plate, .pill")
    assert page.title() == live.title()


def test_it_moves_and_keeps_its_view_behind_the_hash(written: Path, visits: Visits) -> None:
    page = visits.open_file(written)
    zoom = read(page, "window.zoneAtlas.map.getZoom()")
    page.mouse.move(800, 400)
    page.mouse.down()
    page.mouse.move(700, 350, steps=5)
    page.mouse.up()
    press(page, ".zoom-tools button:first-child")
    settle(page)
    assert read(page, "window.zoneAtlas.map.getZoom()") > zoom
    middle = "(({lng, lat}) => [lng, lat])(window.zoneAtlas.map.getCenter())"
    before = read(page, middle)
    assert "#?" in page.url
    assert "zoom=" in page.url
    page.reload()
    until(page, "document.documentElement.dataset.map === 'drawn'")
    settle(page)
    assert read(page, middle) == pytest.approx(before, abs=1e-4)


def test_filters_count_and_narrow_as_on_the_live_page(
    world: World, written: Path, visits: Visits
) -> None:
    pages = [visits.open_file(written), visits.open(world.url)]
    choices = pages[1].locator(".filters .fold[open] input[type=checkbox]:visible")
    for number in range(min(4, choices.count())):
        seen = []
        for page in pages:
            page.locator(".filters .fold[open] input[type=checkbox]:visible").nth(number).check()
            settle(page)
            seen.append([look(page), texts(page, ".filters .fold")])
        assert seen[0] == seen[1]
    for page in pages:
        page.go_back()
        settle(page)
    alike(*pages)


def test_search_finds_what_the_server_finds(world: World, written: Path, visits: Visits) -> None:
    """Names, parts of them, what sounds so, a slip, nothing; and all of them on the map."""
    visits.forgive("503")  # a server that has not read all names yet is asked again
    until_searchable(world.url)
    page, live = visits.open_file(written), visits.open(world.url)
    names = [item.name() for layer in world.layers for item in layer.items[:3]]
    typed = [
        part for name in names for part in (name[:8], name[1:3], name.lower()[2:7]) if part.strip()
    ]
    for text in dict.fromkeys([*typed, "wj", "qingpu", "park", "prak", "zzzz", "ö", "a b"]):
        in_file, on_server = searched(text, page, live)
        assert in_file == on_server, text
    some = next(text for text in typed if len(searched(text, page)[0]) > 1)
    for one in (page, live):
        searched(some, one)
        one.keyboard.press("ArrowUp")
        one.keyboard.press("Enter")
        expect(one.locator("#chips")).to_contain_text(some)
        settle(one)
    alike(page, live)


def test_an_item_opens_and_comes_back(world: World, written: Path, visits: Visits) -> None:
    item = next(item for layer in world.layers for item in layer.items if layer.role == "sites")
    page = visits.open_file(written, f"selected={item.key}")
    live = visits.open(world.url, selected=item.key)
    assert texts(page, "#side .facts") == texts(live, "#side .facts")
    assert page.locator("#side h2").inner_text() == item.name()
    assert page.locator("#side :is(.near, .coordinates-open)").filter(visible=True).count() == 0
    press(page, "#side .close")
    page.go_back()
    expect(page.locator("#side h2")).to_have_text(item.name())


def test_the_table_and_both_languages(world: World, written: Path, visits: Visits) -> None:
    page, live = visits.open_file(written, "drawer=table"), visits.open(world.url, drawer="table")
    assert texts(page, "#drawer [role=row]") == texts(live, "#drawer [role=row]")
    assert texts(page, "#drawer [role=tab]") == [
        word("zh", "table.title"),
        word("zh", "compare.title"),
    ]
    with page.expect_event("load"):
        press(page, "#language")
    until_drawn(page)
    assert page.locator("#drawer").is_visible()
    other = visits.open(world.url, lang="en", drawer="table")
    alike(page, other)
    assert page.title() == other.title()


def test_nothing_is_shown_that_needs_a_server(written: Path, visits: Visits) -> None:
    page = visits.open_file(written)
    hidden = "#share, #download, #services, .connect-open, .connect-map, #live, [data-opens=stats]"
    assert page.locator(hidden).filter(visible=True).count() == 0
    assert texts(page, "#strip .of-file") != []
    assert serious(page) == []


def test_dark_by_the_system_and_by_the_view(written: Path, visits: Visits) -> None:
    theme = "document.documentElement.dataset.theme"
    assert read(visits.open_file(written, system="dark"), theme) == "dark"
    assert read(visits.open_file(written, "theme=dark"), theme) == "dark"


def other_filters(world: World) -> list[str]:
    """Filters that the page does not understand by itself."""
    for layer in world.layers:
        field = next((one for one in layer.fields_of("name")), None)
        items = [
            item
            for item in layer.items
            if field and known(item.feature["properties"][field["name"]])
        ]
        if layer.role == "sites" and field and items:
            start = str(items[0].feature["properties"][field["name"]])[0].replace("'", "''")
            name = '"' + field["name"].replace('"', '""') + '"'
            like = f"{name} LIKE '{start}%'"
            return [f"{name} IS NOT NULL AND {like}", f"NOT ({like}) OR {like}"]
    raise AssertionError("no layer of sites has names")


def test_a_view_that_only_the_server_can_answer(
    world: World, tmp_path: Path, visits: Visits
) -> None:
    """Other filters and areas were answered when the file was made, in part and together."""
    site = next(
        item
        for layer in world.layers
        for item in layer.items
        if layer.role == "sites"
        and item.home == "map"
        and item.feature["geometry"]["type"] == "Point"
    )
    lon, lat = site.feature["geometry"]["coordinates"]
    area = f"area=circle:{lon:.4f},{lat:.4f},20000"
    for asked in other_filters(world):
        view = f"{area}&filter={quote(asked)}"
        page = visits.open_file(write(world, tmp_path, view))
        live = visits.open(f"{world.url}/?{view}", path="")
        alike(page, live)
        for one in (page, live):
            press(one, "#chips button.chip-text")
            expect(one.locator("#side .within")).to_be_visible()
        assert texts(page, "#side .within") == texts(live, "#side .within")
        for one in (page, live):
            one.locator(".within-only input").check()
            settle(one)
        alike(page, live)
        for one in (page, live):
            one.locator("#chips .chip > button[aria-label]").last.click()
            settle(one)
        alike(page, live)


def test_what_a_file_does_not_know_it_says(world: World, written: Path, visits: Visits) -> None:
    page = visits.open_file(written, f"filter={quote(other_filters(world)[0])}")
    expect(page.locator("#notice")).to_contain_text(word("zh", "file.unknown"))
    assert texts(page, "#totals p") == texts(visits.open_file(written), "#totals p")


def test_the_page_offers_itself_as_a_file(bundled_world: World, visits: Visits) -> None:
    """With the view that it has when the link is pressed."""
    page = visits.open(bundled_world.url, path="/?utm_source=mail")
    press(page, "#download")
    press(page, ".zoom-tools button:first-child")
    settle(page)
    with page.expect_download() as begun:
        press(page, ".map-file")
    address = begun.value.url
    assert "zoom=" in address
    assert "utm" not in address
    file = begun.value.path()
    again = visits.open_file(file.rename(file.with_suffix(".html")))
    zoom = "window.zoneAtlas.map.getZoom()"
    assert read(again, zoom) == read(page, zoom)

"""The table and the list are the map told in rows: the same items, one order, the same actions."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.doors import close_side, in_window, opened, panel_title, press
from tests.browser.grid import GRID, answer, head, listed, names_of
from tests.browser.visits import Visits, go_to, read, settle
from tests.browser.world import Layer, World, word

SAID_ONCE = """() => {
  const said = document.querySelector(".view-list [role=status]");
  const text = said.firstChild;
  window.zoneAtlas.map.fire("moveend");
  return said.firstChild === text;
}"""
LIST = ".view-list .item-list"


def small(world: World) -> list[Layer]:
    return [layer for layer in world.site_layers if 0 < len(layer.items) < 100]


def key_at(page: Page) -> str | None:
    """The item of the row that the keys stand on."""
    found: str | None = read(
        page,
        """() => {
          const at = document.activeElement.getAttribute("aria-activedescendant");
          return document.getElementById(at)?.closest("[data-item]")?.dataset.item ?? null;
        }""",
    )
    return found


def test_rows_are_what_the_filter_finds(world: World, visits: Visits) -> None:
    field = next(field for layer in world.site_layers for field in layer.fields_of("mentioned"))
    asked = f"{field['name']}=true"
    on = [layer for layer in world.site_layers if layer.visible]
    page = visits.open(world.url, drawer="table", filter=asked)
    matched = sum(
        answer(page, world, f"/collections/{layer.id}/items", filter=asked, limit=1)[
            "numberMatched"
        ]
        for layer in on
        if field["name"] in {one["name"] for one in layer.fields}
    )
    keys = listed(page)
    assert len(keys) == matched > 0
    assert set(keys) == {item.key for item in world.shown() if item.role("mentioned") is True}
    assert page.locator(GRID).get_attribute("aria-rowcount") == str(matched + 1)
    page.locator("#chips button").first.click()
    assert set(listed(page)) == {item.key for item in world.shown()}


def test_the_order_is_the_servers(world: World, visits: Visits) -> None:
    """By numbers and dates both ways; what is not known stands at the end, either way."""
    tried = 0
    page = visits.open(world.url)
    for layer in small(world):
        for field in layer.fields:
            types = ("number", "integer", "date", "datetime")
            if field["type"] not in types or field.get("codes") or field.get("role"):
                continue
            tried += 1
            for sort in (field["name"], f"-{field['name']}"):
                found = answer(
                    page, world, f"/collections/{layer.id}/items", sortby=sort, limit=1000
                )
                known = [
                    f"{layer.id}/{feature['id']}"
                    for feature in found["features"]
                    if feature["properties"][field["name"]] is not None
                ]
                go_to(page, drawer="table", layers=layer.id, table=layer.id, sort=sort)
                keys = listed(page)
                assert keys[: len(known)] == known, sort
                assert len(keys) == len(layer.items)
            if tried >= 6:
                return
    assert tried


def test_every_item_is_reached_by_keys(world: World, visits: Visits) -> None:
    layer = max(small(world), key=lambda layer: len(layer.items))
    page = visits.open(world.url, drawer="table", layers=layer.id)
    page.locator(GRID).focus()
    page.keyboard.press("Control+Home")
    keys = [key_at(page)]
    for _ in layer.items[1:]:
        page.keyboard.press("ArrowDown")
        keys.append(key_at(page))
    assert sorted(map(str, keys)) == sorted(item.key for item in layer.items)
    page.keyboard.press("ArrowDown")
    assert key_at(page) == keys[-1]
    page.keyboard.press("PageUp")
    assert key_at(page) in keys[:-3]
    page.keyboard.press("Enter")
    assert panel_title(page) == world.by_key[key_at_selected(page)].name()
    page.keyboard.press("Escape")
    assert read(page, "() => document.activeElement.role") == "grid"
    # To the heads, where Enter sorts: least first, greatest first, as it comes.
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowUp")
    for expected in ("ascending", "descending", "none"):
        page.keyboard.press("Enter")
        assert page.locator(head(page, 0)).get_attribute("aria-sort") == expected
        assert read(page, "() => document.activeElement.role") == "grid"


def key_at_selected(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["selected"][0]


def test_selected_here_and_there(world: World, visits: Visits) -> None:
    """A row opens its item; what is opened elsewhere is marked in the table and in the list."""
    page = visits.open(world.url, drawer="table")
    first = listed(page)[0]
    read(page, "() => { document.querySelector('.grid').scrollTop = 0; }")
    press(page, '.grid-row[data-row="0"] [role=rowheader]')
    assert opened(page) == [first]
    marked = page.locator('.grid-row[aria-selected="true"]')
    assert marked.get_attribute("data-item") == first
    close_side(page)
    assert marked.count() == 0
    page.locator(".view-list [data-item]").nth(1).click()
    item = opened(page)[0]
    assert marked.get_attribute("data-item") == item
    assert is_in_sight(page, marked.get_attribute("data-row") or "")


def is_in_sight(page: Page, row: str) -> bool:
    found: bool = read(
        page,
        """(row) => {
          const { top, bottom } = document.querySelector(".grid").getBoundingClientRect();
          const at = document.querySelector(`.grid-row[data-row="${row}"]`).getBoundingClientRect();
          const head = document.querySelector(".grid-head").offsetHeight;
          return at.top >= top + head - 1 && at.bottom <= bottom + 1;
        }""",
        row,
    )
    return found


def test_pointing_at_a_row_shows_where_it_may_be(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, drawer="table")
    first = listed(page)[:8]
    page.locator(GRID).evaluate("grid => { grid.scrollTop = 0; }")
    items = [bundled_world.by_key[key] for key in first]
    unsure = next(item for item in items if item.home == "map" and item.uncertainty)
    page.locator(f'.grid-row[data-item="{unsure.key}"]').hover()
    expect(page.locator("path.possible-area")).to_have_count(1)
    page.mouse.move(700, 200)
    expect(page.locator("path.possible-area")).to_have_count(0)


def test_the_link_brings_the_table_back(world: World, visits: Visits) -> None:
    layer = max(small(world), key=lambda layer: len(layer.items))
    page = visits.open(world.url, layers=layer.id)
    press(page, "#totals [data-opens=table]")
    page.locator(".table-tools select").select_option(layer.id)
    press(page, head(page, 0))
    press(page, head(page, 0))
    before = listed(page), names_of(page), read(page, "() => location.href")
    query = parse_qs(urlsplit(before[2]).query)
    assert query["drawer"] == ["table"]
    assert query["table"] == [layer.id]
    assert query["sort"][0].startswith("-")
    again = visits.open(before[2], path="")
    assert (listed(again), names_of(again)) == before[:2]
    assert again.locator("#notice").is_hidden()
    assert listed(again, LIST) == [
        item.key for item in in_window(again, [world.by_key[key] for key in before[0]])
        if item.home in ("map", "plate")
    ]  # fmt: skip
    page.go_back()
    assert page.locator(head(page, 0)).get_attribute("aria-sort") == "ascending"
    broken = visits.open(world.url, drawer="table", sort="-nobody", table="nobody")
    assert "sort、table" in broken.locator("#notice").inner_text()


def test_the_list_is_what_the_window_shows(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    shown = list(world.shown())
    for zoom in (None, 12):
        if zoom:
            read(page, "(zoom) => void window.zoneAtlas.map.setZoom(zoom, {animate: false})", zoom)
        settle(page)
        keys = set(listed(page, LIST))
        points = [item for item in shown if item.home == "map" and item.point]
        assert {item.key for item in in_window(page, points)} == {
            item.key for item in points if item.key in keys
        }
        said = page.locator(".view-list [role=status]").inner_text()
        assert said == word("zh", "list.in_view", seen=len(keys), all=f"{len(shown):,}")
    assert read(page, SAID_ONCE)  # what has not changed is not read out again
    waiting = [item.key for item in shown if item.home == "tray"]
    press(page, ".list-rest button")
    assert sorted(opened(page)) == sorted(waiting)


@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
def test_on_a_phone(bundled_world: World, visits: Visits, lang: str, theme: str) -> None:
    page = visits.open(bundled_world.url, phone=True, drawer="table", reader=lang, system=theme)
    assert serious(page) == []
    press(page, head(page, 0))
    first = listed(page)[0]
    page.locator(GRID).evaluate("grid => { grid.scrollTop = 0; }")
    top = '.grid-row[data-row="0"]'
    expect(page.locator(top)).to_be_visible()
    settle(page)  # the rows in sight are drawn anew
    height = read(page, "(row) => document.querySelector(row).offsetHeight", top)
    assert height >= 44
    press(page, '.grid-row[data-row="0"] [role=rowheader]')
    assert opened(page) == [first]
    close_side(page)
    press(page, ".table-columns summary")
    assert serious(page) == []


def test_axe_on_the_desktop(world: World, visits: Visits) -> None:
    page = visits.open(world.url, drawer="table")
    press(page, ".table-columns summary")
    assert serious(page) == []


def test_columns_are_chosen(bundled_world: World, visits: Visits) -> None:
    """Of all layers what two share; of one whatever it knows; the reader takes some away."""
    page = visits.open(bundled_world.url, drawer="table")
    together = names_of(page)
    layer = max(small(bundled_world), key=lambda layer: len(layer.items))
    page.locator(".table-tools select").select_option(layer.id)
    alone = names_of(page)
    assert set(alone) - set(together)
    press(page, ".table-columns summary")
    page.locator(".table-columns input:checked").first.click()
    assert names_of(page) == [alone[0], *alone[2:]]
    page.keyboard.press("Escape")
    assert page.locator("#drawer").is_visible()
    assert page.locator(".table-columns fieldset").is_hidden()

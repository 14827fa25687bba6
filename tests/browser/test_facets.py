"""Filters by values: every count is the server's, and every choice is in the link."""

import pytest

from tests.browser.axe import serious
from tests.browser.doors import boxes, press
from tests.browser.filters import (
    OPEN_ALL,
    Count,
    chosen,
    cql,
    district_field,
    facets,
    field_of,
    filter_of,
    fold,
    tick,
)
from tests.browser.visits import Visits, read, settle, until
from tests.browser.world import World, word
from tests.zones import HOSTILE, HOSTILE_NAME, SITES

TARGETS = (
    ".filters summary, .facet-value label, .facet-more, "
    ".range-inputs input, .range-unknown, .timeline button"
)


def test_every_count_is_the_servers(world: World, count: Count, visits: Visits) -> None:
    """For every value of every field; then under a condition, which its own field does not heed."""
    page = visits.open(world.url)
    district = district_field(world)
    found = facets(page)
    assert next(iter(found)) == district
    for condition in (None, found[district][0][0]):
        if condition:
            tick(page, district, condition).click()
        shown = {name: rows for name, rows in facets(page).items() if rows}
        assert len(shown) > 3
        for name, rows in shown.items():
            assert rows == [row for row in rows if row[1] or row[2]], "nothing to be had"
            for value, given, _ in rows:
                asked, fields = cql(field_of(world, name), value), {name}
                if condition and name != district:
                    asked += " AND " + cql(field_of(world, district), condition)
                    fields |= {district}
                assert given == count(world, asked, *fields), (name, value)


def test_a_choice_is_in_the_link_and_in_the_history(
    world: World, count: Count, visits: Visits
) -> None:
    """Two values of a field are either of them; another field narrows; back takes the last away."""
    page = visits.open(world.url)
    district = district_field(world)
    first, second = (str(value) for value, _, _ in facets(page)[district][:2])
    tick(page, district, first).click()
    alone = chosen(page)
    tick(page, district, second).click()
    both = chosen(page)
    assert both == count(world, filter_of(page), district) > alone
    other = next(name for name, rows in facets(page).items() if rows and name != district)
    value, given, _ = facets(page)[other][0]
    tick(page, other, value).click()
    assert chosen(page) == given == count(world, filter_of(page), district, other)
    before = facets(page)
    again = visits.open(read(page, "() => location.href"), path="")
    assert facets(again) == before
    assert chosen(again) == given
    page.go_back()
    until(page, f"document.querySelectorAll('#chips .chip').length === {1}")
    assert chosen(page) == both
    assert not tick(page, other, value).is_checked()
    page.go_back()
    until(page, f"!new URLSearchParams(location.search).get('filter').includes('{second}')")
    assert chosen(page) == alone


def test_what_is_not_known_can_be_asked_for(world: World, count: Count, visits: Visits) -> None:
    page = visits.open(world.url)
    found = facets(page)
    name = next(name for name, rows in found.items() if any(row[0] is None for row in rows))
    assert found[name][-1][0] is None, "the last one"
    tick(page, name, None).click()
    assert chosen(page) == found[name][-1][1] == count(world, filter_of(page), name)
    known = found[name][0]
    tick(page, name, known[0]).click()
    assert chosen(page) == found[name][-1][1] + known[1]
    assert chosen(page) == count(world, filter_of(page), name)


def test_what_is_inferred_is_counted_and_said(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    field = district_field(bundled_world)
    inferred = {
        code: sum(item.inferred and code in item.districts for item in bundled_world.shown())
        for code in bundled_world.areas
    }
    assert any(inferred.values())
    facets(page)
    for code, count in inferred.items():
        row = fold(page, field).locator(f'[data-value="{code}"]')
        said = word("zh", "filter.inferred", count=count) if count else ""
        assert (row.locator(".facet-inferred").text_content() or "") == said


def test_by_keys_alone(made_up_world: World, visits: Visits) -> None:
    page = visits.open(made_up_world.url)
    field = district_field(made_up_world)
    part = fold(page, field)
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    assert part.get_attribute("open") is None
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert filter_of(page)
    assert read(page, "() => document.activeElement.checked") is True
    page.keyboard.press("Space")
    assert filter_of(page) is None
    assert read(page, "() => document.activeElement.checked") is False
    # What was folded stays so when other layers are switched on.
    part.locator("summary").press("Enter")
    page.locator(f'#panel .layer:not([data-layer="{SITES}"]) input').first.click()
    assert fold(page, field).get_attribute("open") is None


def test_hostile_words_are_words(made_up_world: World, count: Count, visits: Visits) -> None:
    page = visits.open(made_up_world.url)
    rows = facets(page)[HOSTILE_NAME]
    assert {value for value, _, _ in rows} == set(HOSTILE)
    said = fold(page, HOSTILE_NAME).locator(".facet-text").all_inner_texts()
    assert any("<img src=x" in text for text in said)
    for value, given, _ in rows:
        tick(page, HOSTILE_NAME, value).click()
        assert chosen(page) == given == count(made_up_world, filter_of(page), HOSTILE_NAME)
        tick(page, HOSTILE_NAME, value).click()
    for value, _, _ in rows:
        tick(page, HOSTILE_NAME, value).click()
    again = visits.open(read(page, "() => location.href"), path="")
    assert facets(again)[HOSTILE_NAME] == [(*row[:2], True) for row in rows]
    assert page.locator("#panel img, #panel script, #panel b[onclick]").count() == 0


@pytest.mark.parametrize(
    ("theme", "phone"), [("light", False), ("dark", True)], ids=["desktop", "phone"]
)
def test_all_open(bundled_world: World, visits: Visits, theme: str, phone: bool) -> None:
    """axe finds nothing; a finger finds everything."""
    page = visits.open(bundled_world.url, system=theme, phone=phone, filter="area_km2>=10")
    if phone:
        press(page, "#layers-open")
    read(page, OPEN_ALL)
    settle(page)
    assert serious(page) == []
    if phone:
        found = boxes(page, TARGETS)
        assert found
        assert [box for box in found if min(box["height"], box["width"]) < 43.9] == []

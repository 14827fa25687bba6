"""Filters by a range: both ends belong to it, by hand, by handles and as time plays."""

import pytest

from tests.browser.filters import OPEN_ALL, Count, chosen, filter_of, fold
from tests.browser.visits import Visits, read, until
from tests.browser.world import World, word


def days(world: World, name: str, least: str, greatest: str) -> int:
    values = [item.feature["properties"].get(name) for item in world.shown()]
    return sum(value is not None and least <= value[:10] <= greatest for value in values)


def known_days(world: World, name: str) -> list[str]:
    values = [item.feature["properties"].get(name) for item in world.shown()]
    return sorted({value[:10] for value in values if value})


@pytest.mark.parametrize("name", ["seit", "geprueft"])
def test_both_ends_of_a_span_of_time_belong_to_it(
    made_up_world: World, count: Count, visits: Visits, name: str
) -> None:
    known = known_days(made_up_world, name)
    least, greatest = known[2], known[-3]
    page = visits.open(made_up_world.url)
    read(page, OPEN_ALL)
    ends = fold(page, name).locator('input[type="date"]')
    for end, value in zip(ends.all(), (least, greatest), strict=True):
        end.fill(value)
        end.blur()
    expected = days(made_up_world, name, least, greatest)
    assert chosen(page) == expected
    assert count(made_up_world, filter_of(page), name) == expected
    again = visits.open(read(page, "() => location.href"), path="")
    read(again, OPEN_ALL)
    ends = fold(again, name).locator('input[type="date"]')
    assert [end.input_value() for end in ends.all()] == [least, greatest]
    assert chosen(again) == expected


def test_both_ends_of_a_range_of_numbers_belong_to_it(
    bundled_world: World, count: Count, visits: Visits
) -> None:
    """What is not known is left out until it is asked for too."""
    name = "area_km2"
    values = [item.feature["properties"].get(name) for item in bundled_world.shown()]
    known = sorted(value for value in values if value is not None)
    page = visits.open(bundled_world.url)
    read(page, OPEN_ALL)
    part = fold(page, name)
    part.locator(".range-unknown input").click()
    unknown = count(bundled_world, f"{name} IS NULL", name)
    assert chosen(page) == unknown == count(bundled_world, filter_of(page), name) > 0
    part.locator(".range-unknown input").click()
    ends = part.locator('input[type="number"]')
    for end, value in zip(ends.all(), (known[1], known[-2]), strict=True):
        end.fill(str(value))
        end.blur()
    assert chosen(page) == len(known) - 2 == count(bundled_world, filter_of(page), name)
    part.locator(".range-unknown input").click()
    assert chosen(page) == len(known) - 2 + unknown == count(bundled_world, filter_of(page), name)
    # Ends the wrong way round are said and not asked for.
    before = filter_of(page)
    ends.first.fill(str(known[-1] + 1))
    ends.first.blur()
    assert read(page, "() => document.querySelectorAll('.range-inputs :invalid').length") == 1
    assert filter_of(page) == before


def test_the_handles_by_keys_and_by_mouse(
    made_up_world: World, count: Count, visits: Visits
) -> None:
    """A key moves a handle by a bin; dragging says what it would give and asks when it ends."""
    page = visits.open(made_up_world.url)
    read(page, OPEN_ALL)
    name = "Zahl"
    part = fold(page, name)
    low, high = part.locator('input[type="range"]').all()
    low.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert chosen(page) == count(made_up_world, filter_of(page), name)
    assert read(page, "() => document.activeElement.type") == "range"
    two = filter_of(page)
    high.scroll_into_view_if_needed()
    box = high.bounding_box()
    assert box
    thumb = box["x"] + box["width"] - 9, box["y"] + box["height"] / 2
    page.mouse.move(*thumb)
    page.mouse.down()
    page.mouse.move(thumb[0] - box["width"] * 0.4, thumb[1], steps=6)
    said = part.locator(".range-said").inner_text()
    assert filter_of(page) == two, "not on each pixel"
    page.mouse.up()
    assert filter_of(page) != two
    assert part.locator(".range-said").inner_text() == said
    assert str(chosen(page)) == said.rsplit("：", 1)[1].rstrip("项")
    assert chosen(page) == count(made_up_world, filter_of(page), name)
    # They never pass each other.
    for _ in range(30):
        high.press("ArrowLeft")
    assert int(low.input_value()) + 1 == int(high.input_value())


def test_time_plays_and_ends(bundled_world: World, visits: Visits) -> None:
    """From one month that holds something to the next; one step in the history."""
    name = "milestone_date"
    months = [day[:7] for day in known_days(bundled_world, name)]
    page = visits.open(bundled_world.url)
    read(page, OPEN_ALL)
    play = fold(page, name).locator(".timeline button").nth(1)
    play.click()
    for month in dict.fromkeys(months):
        until(page, f"decodeURIComponent(location.search).includes(\"DATE('{month}-01')\")", 5)
        assert chosen(page) == months.count(month)
        assert play.get_attribute("aria-label") == word("zh", "time.pause")
    until(page, f"document.querySelector('.timeline [aria-label={word('zh', 'time.play')}]')", 5)
    page.go_back()
    until(page, "!location.search.includes('filter')")


def test_the_way_back_ends_the_play(bundled_world: World, visits: Visits) -> None:
    name = "milestone_date"
    page = visits.open(bundled_world.url)
    read(page, OPEN_ALL)
    first = fold(page, name).locator(".timeline button").nth(2)
    first.click()
    before = filter_of(page)
    fold(page, name).locator(".timeline button").nth(1).click()
    until(page, f"document.querySelector('.timeline [aria-label={word('zh', 'time.pause')}]')", 5)
    page.go_back()
    until(page, f"document.querySelector('.timeline [aria-label={word('zh', 'time.play')}]')", 1)
    page.wait_for_timeout(1500)  # longer than a step of the play
    assert filter_of(page) == before


def test_who_wants_no_motion_goes_by_steps(bundled_world: World, visits: Visits) -> None:
    name = "milestone_date"
    known = known_days(bundled_world, name)
    page = visits.open(
        bundled_world.url, prepare=lambda page: page.emulate_media(reduced_motion="reduce")
    )
    read(page, OPEN_ALL)
    back, play, forward = fold(page, name).locator(".timeline button").all()
    assert play.is_hidden()
    back.focus()
    page.keyboard.press("ArrowLeft")
    assert known[-1][:7] in str(filter_of(page))
    assert forward.is_disabled()
    page.keyboard.press("ArrowLeft")
    assert known[-1][:7] not in str(filter_of(page))

"""Districts in colours: only where enough is known, and as the table counts them."""

import re

from tests.browser.counted import KNOWN, MADE_UP, address, counts, number, table
from tests.browser.doors import press
from tests.browser.visits import Visits, read, texts, until
from tests.browser.world import World, word


def test_districts_in_colours(world: World, visits: Visits) -> None:
    is_made_up = any(layer.id == "werke" for layer in world.layers)
    page = visits.open(world.url, drawer="stats", **(MADE_UP if is_made_up else KNOWN))
    table(page)
    tones = """() => [...document.querySelectorAll(".zone-ground")]
      .map((one) => one.dataset.tone ?? null)"""
    assert set(read(page, tones)) == {None}
    press(page, ".shade-choice input")
    until(page, "document.querySelector('.zone-ground[data-tone]')")
    assert address(page)["shade"] == ["1"]
    again = visits.open(read(page, "() => location.href"), path="")
    until(again, "document.querySelector('.zone-ground[data-tone]')")
    shown = counts(table(again)[1:-1])
    found = read(again, tones)
    steps = texts(again, ".shade-legend li")
    assert 1 <= len(steps) <= 5
    samples = read(
        again,
        "() => [...document.querySelectorAll('.shade-sample')].map((one) => one.dataset.tone)",
    )
    for area, tone in zip(dict.fromkeys(world.areas.values()), found, strict=True):
        step = steps[samples.index(tone)]
        ends = [number(end) for end in re.split("～", step)]
        assert ends[0] <= shown[area.name("zh")][0] <= ends[-1], (area.name("zh"), step)
    # What is not coloured is not promised by a legend.
    press(again, ".shade-choice input")
    assert set(read(again, tones)) == {None}
    assert again.locator(".shade-legend:visible").count() == 0


def test_colours_that_a_link_asks_for_without_enough_being_known(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url, drawer="stats", shade="1", group="sector")
    table(page)
    until(page, "document.querySelector('.stats-notes').textContent")
    assert word("zh", "shade.not_rankable") in page.locator(".stats-notes").inner_text()
    assert page.locator(".zone-ground[data-tone], .shade-choice:visible").count() == 0

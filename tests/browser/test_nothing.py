"""Where a filter leaves nothing, or less: the ways on, and what each layer has left."""

import re

from tests.browser.axe import serious
from tests.browser.filters import Count, chosen, cql, district_field, field_of, filter_of
from tests.browser.visits import Visits, read, until
from tests.browser.world import World, say, word


def test_nothing_found_shows_the_ways_on(
    bundled_world: World, count: Count, visits: Visits
) -> None:
    """Each part of the question with what its removal gives, the most first; one click does it."""
    first = next(iter(bundled_world.areas))
    field = district_field(bundled_world)
    asked = f"A_OVERLAPS({field},('{first}'))", "area_km2>=100000"
    page = visits.open(bundled_world.url, filter=" AND ".join(asked))
    nothing = page.locator("#view .nothing")
    assert word("zh", "none.title") in nothing.inner_text()
    assert serious(page) == []
    way = nothing.locator("button.plain")
    assert way.count() == 1, "only without the area there is something"
    expected = count(bundled_world, asked[0], field)
    assert f"{expected}项" in way.inner_text()
    way.click()
    assert chosen(page) == expected
    assert nothing.is_hidden()
    assert read(page, "() => document.activeElement.id") == "map"
    page.go_back()
    until(page, "document.querySelector('#view .nothing:not([hidden])')")
    nothing.locator("button.link").click()
    assert filter_of(page) is None
    assert chosen(page) == len(list(bundled_world.shown()))


def test_layers_that_are_off_are_a_way_on(world: World, visits: Visits) -> None:
    page = visits.open(world.url, layers=next(iter(world.of_role("areas"))).layer.id)
    most = sorted((len(layer.items) for layer in world.site_layers), reverse=True)
    counts = [
        int(text.replace(",", "").rsplit("可得", 1)[1].rstrip("项"))
        for text in page.locator(".nothing .plain").all_inner_texts()
    ]
    assert counts == [count for count in most[:3] if count]
    page.locator(".nothing .plain").first.click()
    assert chosen(page) == most[0]


def test_the_layers_say_what_is_left_of_them(world: World, visits: Visits) -> None:
    district = district_field(world)
    code = next(iter(world.areas))
    page = visits.open(world.url, filter=cql(field_of(world, district), code))
    for layer in world.layers:
        count = page.locator(f'#panel .layer[data-layer="{layer.id}"] .count')
        text = count.inner_text().replace(",", "")
        names = [field["name"] for field in layer.fields]
        if layer.role != "sites" or not layer.items:
            assert "/" not in text
        elif district in names:
            found = sum(code in item.districts for item in layer.items)
            assert text == f"{found} / {len(layer.items)}"
        else:
            assert text == word("zh", "panel.lacks")
            label = say(field_of(world, district)["label"], "zh")
            assert label in (count.get_attribute("title") or "")


def test_what_only_the_server_knows_is_a_part_as_well(bundled_world: World, visits: Visits) -> None:
    """Words and an area: what is found without one of them is asked of the server."""
    first, second = list(bundled_world.areas.values())[:2]
    item = next(one for one in bundled_world.shown() if one.districts == first.districts)
    page = visits.open(bundled_world.url, q=item.name(), area=f"feature:{second.key}")
    ways = page.locator(".nothing .plain")
    ways.first.wait_for()
    counts = [int(re.findall(r"(\d+)项", text)[-1]) for text in ways.all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    for number, expected in enumerate(counts):
        ways.nth(number).click()
        until(page, f"document.querySelector('#totals b').innerText.includes('已选{expected}项')")
        page.go_back()
        until(page, "document.querySelector('.nothing:not([hidden]) .plain')")
        ways.nth(len(counts) - 1).wait_for()

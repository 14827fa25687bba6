"""Statistics: what the table says is what /stats and the items say."""

import csv
import io
import json
from collections import Counter

import pandas
import pytest

from tests.browser.axe import serious
from tests.browser.counted import (
    KNOWN,
    MADE_UP,
    SHOWN,
    address,
    asked,
    by_district,
    counts,
    district_field,
    table,
)
from tests.browser.doors import checkbox, press
from tests.browser.visits import Visits, read, settle, texts, until
from tests.browser.world import World, say, word


def test_districts_are_those_of_the_items_and_of_the_server(world: World, visits: Visits) -> None:
    page = visits.open(world.url, drawer="stats")
    _, *rows, total = table(page)
    items = list(world.shown())
    shown = counts(rows)
    assert {name: both for name, both in shown.items() if any(both)} == by_district(world, items)
    # Districts, several and unknown always stand there, also with nothing in them.
    names = [area.name("zh") for area in world.areas.values()]
    apart = [word("zh", "stats.several_districts"), word("zh", "stats.unknown_district")]
    assert set(shown) == {*names, *apart}
    assert list(shown)[-2:] == apart
    layers = ",".join(layer.id for layer in world.site_layers if layer.visible)
    answer = asked(world, group=district_field(world), layers=layers)
    assert sum(map(sum, shown.values())) == answer["matched"] == len(items)
    assert sum(counts([total])[word("zh", "stats.total")]) == answer["matched"]
    # Too much is unknown in both zones: their own order, no bars, no colours, and why.
    assert answer["rankable"] is False
    assert list(shown)[:-2] == names
    assert page.locator(".stats-table .bar, .shade-choice:visible").count() == 0
    notes = page.locator(".stats-notes").inner_text()
    assert notes.startswith(word("zh", "stats.not_rankable_district"))
    said = page.locator(".stats-answer").inner_text()
    assert said.startswith(word("zh", "stats.all", count=f"{len(items):,}"))
    unknown = sum(shown[apart[1]])
    assert word("zh", "stats.count_unknown_district", count=f"{unknown:,}") in said


def test_where_enough_is_known_there_is_an_order_and_bars_on_one_scale(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url, drawer="stats", **KNOWN)
    shown = counts(table(page)[1:-1])
    values = [sum(both) for both in shown.values()][:-2]
    assert values == sorted(values, reverse=True)
    widths = read(
        page,
        """() => [...document.querySelectorAll(".stats-table tbody tr")].map((row) =>
          [...row.querySelectorAll(".bar i")]
            .reduce((sum, one) => sum + parseFloat(one.style.width), 0))""",
    )
    most = max(sum(both) for both in shown.values())
    assert widths == pytest.approx([sum(both) / most * 100 for both in shown.values()], abs=0.02)
    assert page.locator(".bar-inferred").count() == sum(both[1] > 0 for both in shown.values())


def test_filters_and_layers_are_followed_and_rows_filter(world: World, visits: Visits) -> None:
    page = visits.open(world.url, drawer="stats")
    before = counts(table(page)[1:-1])
    name, both = max(list(before.items())[:-2], key=lambda one: sum(one[1]))
    [row] = [one for one in page.locator(".stats-table .link").all() if one.inner_text() == name]
    row.focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#chips .chip')")
    until(page, f"document.querySelector('.stats-answer').textContent.includes({json.dumps(name)})")
    until(page, SHOWN)
    code = next(code for code, area in world.areas.items() if area.name("zh") == name)
    left = [item for item in world.shown() if code in item.districts]
    after = counts(table(page)[1:-1])
    assert {one: n for one, n in after.items() if any(n)} == by_district(world, left)
    assert after[name] == both
    # Whoever works with keys is still at the row.
    assert read(page, "() => document.activeElement.textContent") == name
    press(page, "#chips .chip button")
    *_, layer = (one for one in world.site_layers if one.visible and one.items)
    checkbox(page, layer.id).uncheck()
    rest = [item for item in world.shown() if item.layer is not layer]
    page.wait_for_timeout(50)
    shown = counts(table(page)[1:-1])
    assert {one: n for one, n in shown.items() if any(n)} == by_district(world, rest)


def test_two_fields_cross_and_the_link_brings_them_back(
    bundled_world: World, visits: Visits
) -> None:
    world = bundled_world
    page = visits.open(world.url, drawer="stats")
    table(page)
    selects = page.locator(".stats-tools select")
    selects.nth(0).select_option("sector")
    selects.nth(1).select_option("district")
    until(page, "document.querySelector('.stats-table.is-crossed')")
    first = table(page)
    assert address(page)["group"] == ["sector,district"]
    again = visits.open(read(page, "() => location.href"), path="")
    assert table(again) == first
    # Of each sector those items that name it, among others too.
    fields = [field for layer in world.site_layers for field in layer.fields]
    codes: dict[str, str] = {}
    for field in fields:
        if field["name"] == "sector":
            codes |= {code: say(text, "zh") for code, text in field["codes"].items()}
    expected: Counter[str] = Counter()
    for item in world.shown():
        for sector in set(item.feature["properties"].get("sector") or [None]):
            expected[codes[sector] if sector else word("zh", "filter.unknown")] += 1
    assert {name: sum(both) for name, both in counts(first[1:-1]).items()} == expected
    columns = first[0][1:-1]
    for row in first[1:]:
        alone = sum(sum(counts([[row[0], cell]])[row[0]]) for cell in row[1:-1])
        assert alone == sum(counts([row])[row[0]]), row
    assert columns[-2:] == [
        word("zh", "stats.several_districts"),
        word("zh", "stats.unknown_district"),
    ]
    page.go_back()
    until(page, "document.querySelectorAll('.stats-tools select')[1].value === ''")


def test_sums_say_of_how_many_they_are_known(bundled_world: World, visits: Visits) -> None:
    world = bundled_world
    page = visits.open(world.url, drawer="stats", layers="parks", sum="area_km2")
    rows = {row[0]: row[1] for row in table(page)}
    groups = asked(world, group="district", layers="parks", sum="area_km2")["groups"]
    for group in groups:
        if group["kind"] != "value":
            continue
        of = group["sums"]["area_km2"]
        known = word("zh", "stats.known_of", known=of["known_count"], count=of["count"])
        assert rows[group["labels"]["district"]] == f"{of['known_sum']:g} km²|{known}"
    frame = pandas.DataFrame([item.feature["properties"] for item in world.layer("parks").items])
    total, of_how_many = rows[word("zh", "stats.total")].split("|")
    assert float(total.split()[0]) == pytest.approx(frame["area_km2"].sum())
    assert of_how_many == word(
        "zh", "stats.known_of", known=frame["area_km2"].count(), count=len(frame)
    )
    # A joint amount is said with all its members and never of some of them.
    page = visits.open(world.url, drawer="stats", layers="signed-projects")
    table(page)
    assert "约86.3亿元" in texts(page, ".stats-figures")[0]
    page = visits.open(world.url, drawer="stats", filter="signing_field='digital-economy'")
    table(page)
    assert "86.3" not in page.locator("#drawer").inner_text()


def test_the_table_for_a_spreadsheet(made_up_world: World, visits: Visits) -> None:
    page = visits.open(made_up_world.url, drawer="stats")
    rows = table(page)
    with page.expect_download() as started:
        press(page, ".stats-tools .plain:last-of-type")
    data = started.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    saved = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert {row[0]: (int(row[1]), int(row[2])) for row in saved[1:]} == counts(rows[1:])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, ".stats-tools .plain")
    until(page, "document.querySelector('.stats-tools [role=status]').textContent")
    copied = read(page, "() => navigator.clipboard.readText()")
    assert [line.split("\t") for line in copied.splitlines()] == saved


def test_links_that_ask_for_what_there_is_not(made_up_world: World, visits: Visits) -> None:
    page = visits.open(
        made_up_world.url, drawer="stats", group="nothing", sum="kreis", compare="a/b", shade="x"
    )
    said = page.locator("#notice").inner_text()
    assert all(name in said for name in ("group", "sum", "compare", "shade"))
    assert len(table(page)) > 2


def test_names_are_text(made_up_world: World, visits: Visits) -> None:
    view = {"layers": MADE_UP["layers"], "group": "grundlage,kreis"}
    page = visits.open(made_up_world.url, reader="en", drawer="stats", **view)
    name = made_up_world.areas["mitte"].name("en")
    assert "<img" in name
    assert len(table(page)[0]) > 3
    page.locator('#drawer [data-tab="compare"]').click()
    assert name in texts(page, ".compare-table thead th")
    assert page.locator("#drawer :is(img, script, a, i:not(.bar i))").count() == 0


def test_by_keys_alone(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    page.locator('[data-opens="stats"]').focus()
    page.keyboard.press("Enter")
    table(page)
    page.locator('#drawer [data-tab="stats"]').focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert read(page, "() => document.activeElement.ariaLabel") == word("zh", "stats.group")
    page.keyboard.press("ArrowDown")
    until(page, "new URL(location.href).searchParams.has('group')")
    page.locator('#drawer [data-tab="stats"]').focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.compare-table')")
    page.locator(".compare-areas input").first.focus()
    page.keyboard.press("Space")
    assert len(address(page)["compare"][0].split(",")) == 2
    page.keyboard.press("Escape")
    assert page.locator("#drawer").is_hidden()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
def test_axe(bundled_world: World, visits: Visits, lang: str, theme: str, phone: bool) -> None:
    page = visits.open(
        bundled_world.url,
        reader=lang,
        system=theme,
        phone=phone,
        drawer="stats",
        **KNOWN,
        shade="1",
        group="sector,district",
    )
    table(page)
    settle(page)
    assert serious(page) == []
    if phone:
        small = read(
            page,
            """() => [...document.querySelectorAll("#drawer :is(button, select)")]
              .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
              .map((one) => one.outerHTML.slice(0, 90))""",
        )
        assert small == []
    press(page, '#drawer [data-tab="compare"]')
    settle(page)
    assert serious(page) == []
    width = read(page, "() => document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0

"""Statistics, comparison and coloured districts: what they say is what /stats and the items say."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pandas
import pytest
from playwright.sync_api import Page

from tests.browser.axe import serious
from tests.browser.doors import checkbox, press
from tests.browser.visits import Visits, read, settle, texts, until
from tests.browser.world import Item, World, say, word

SHOWN = "document.querySelector('.stats-table') && !document.querySelector('.stats [aria-busy]')"
# What enough is known of for an order: in the bundled zone layers, in the made-up one a filter too.
KNOWN = {"layers": "districts,parks,low-altitude"}
MADE_UP = {"layers": "kreise,werke", "filter": "vermutet=false AND genauigkeit<>'unknown'"}

Counts = dict[str, tuple[int, int]]


def number(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text) or 0)


def table(page: Page) -> list[list[str]]:
    """The cells of the table, of each its number and what is said beside it."""
    until(page, SHOWN)
    found: list[list[str]] = read(
        page,
        """() => [...document.querySelectorAll(".stats-table tr")].map((row) =>
          [...row.cells].map((cell) => cell.querySelector("b")
            ? [...cell.querySelectorAll("b, .quiet")].map((one) => one.textContent).join("|")
            : cell.textContent))""",
    )
    return found


def counts(rows: Iterable[list[str]]) -> Counts:
    """Of each row its last cell: those known and those inferred."""
    found = {}
    for label, *_, last in rows:
        known, _, inferred = last.partition("|")
        found[label] = (number(known), number(inferred))
    return found


def asked(world: World, **query: str) -> Any:
    answer = httpx.get(f"{world.url}/stats", params={"f": "json", "lang": "zh", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def district_field(world: World) -> str:
    names = [field["name"] for layer in world.site_layers for field in layer.fields_of("district")]
    return names[0]


def by_district(world: World, items: Iterable[Item]) -> Counts:
    """As pandas counts the items by their declared districts."""
    items = list(items)
    frame = pandas.DataFrame(
        {
            "place": [
                word("zh", "stats.unknown_district")
                if not item.districts
                else word("zh", "stats.several_districts")
                if len(item.districts) > 1
                else world.areas[item.districts[0]].name("zh")
                for item in items
            ],
            "inferred": [item.inferred for item in items],
        }
    )
    grouped = frame.groupby("place")["inferred"].agg(["size", "sum"])
    return {
        str(place): (int(row["size"] - row["sum"]), int(row["sum"]))
        for place, row in grouped.iterrows()
    }


def of_layers(world: World, ids: str) -> list[Item]:
    return list(world.shown(ids.split(",")))


def address(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(read(page, "() => location.href")).query)


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


def test_comparison(world: World, visits: Visits) -> None:
    page = visits.open(world.url, drawer="compare")
    areas = list(dict.fromkeys(world.areas.values()))
    head, *rows = read(
        page,
        """() => [...document.querySelectorAll(".compare-table tr")].map((row) =>
          [...row.cells].map((cell) => [...cell.querySelectorAll("span:not(.bar)")].map((one) =>
            one.textContent).join("|") || cell.textContent))""",
    )
    assert head[1:] == [area.name("zh") for area in areas]
    lines = {row[0]: row[1:] for row in rows if len(row) > 1}
    expected = by_district(world, world.shown())
    group = district_field(world)
    for layer in world.site_layers:
        if not layer.visible:
            continue
        cells = lines[layer.title("zh")]
        groups = (
            asked(world, group=group, layers=layer.id)["groups"]
            if layer.fields_of("district")
            else []
        )
        served = {one["labels"][group]: (one["count"], one["inferred"]) for one in groups}
        for area, cell in zip(areas, cells, strict=True):
            both = counts([["", cell]])[""]
            assert both == served.get(area.name("zh"), (0, 0)), (layer.id, area.name("zh"))
    for area, cell in zip(areas, lines[word("zh", "stats.total")], strict=True):
        assert counts([["", cell]])[""] == expected.get(area.name("zh"), (0, 0))
    # What stands in no column is said once.
    said = page.locator(".stats-answer").inner_text()
    for key, name in (
        ("compare.several", "stats.several_districts"),
        ("compare.unknown", "stats.unknown_district"),
    ):
        count = sum(expected.get(word("zh", name), (0, 0)))
        assert (word("zh", key, count=f"{count:,}") in said) == (count > 0)
    # Two of them, in the link; fewer than two cannot be chosen.
    press(page, ".compare-areas label:last-of-type input")
    assert address(page)["compare"] == [",".join(area.key for area in areas[:2])]
    assert page.locator(".compare-areas input:disabled").count() == 2
    again = visits.open(read(page, "() => location.href"), path="")
    assert texts(again, ".compare-table thead th") == [area.name("zh") for area in areas[:2]]


def test_a_figure_of_one_district_stands_in_its_column(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url, drawer="compare")
    [row] = [row for row in page.locator(".compare-table tr").all() if "903.1" in row.inner_text()]
    cells = row.locator("td").all_inner_texts()
    names = texts(page, ".compare-table thead th")
    assert [name for name, cell in zip(names, cells, strict=True) if "903.1" in cell] == ["嘉善县"]
    # That of twelve projects in no one district stands in none.
    assert "86.3" not in page.locator(".compare-table").inner_text()


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

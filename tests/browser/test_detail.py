"""The side panel: what is known of an item, what is not, and how well its place is known."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.doors import open_layer, opened, press, press_row
from tests.browser.visits import Visits, read
from tests.browser.world import Item, World, joined, known, say, twin, word

SAID_APART = {
    "name", "anchor", "placement", "uncertainty", "inferred", "sources", "summary", "related",
    "mentioned", "nowhere",
}  # fmt: skip

PANEL = """() => {
  const side = document.getElementById("side");
  const all = (selector) => [...side.querySelectorAll(selector)].map((one) => one.textContent);
  const quiet = side.querySelector(".facts > .quiet");
  return {
    title: side.querySelector("h2").textContent,
    kind: side.querySelector(".kind")?.textContent,
    summary: side.querySelector(".summary")?.textContent ?? null,
    position: all(".position p, .position b"),
    badges: all(".badge.is-inferred"),
    facts: all("dt").map((label, index) => [label, all("dd")[index]]),
    unknown: quiet ? quiet.textContent : null,
    figures: [...side.querySelectorAll(".figure-note")].map((note) =>
      [...note.querySelectorAll("b, p")].map((one) => one.textContent)),
    related: all(".related .row-name"),
    sources: [...side.querySelectorAll("section.sources li")].map((one) => one.textContent),
    links: [...side.querySelectorAll("section.sources a")]
      .map((a) => [a.getAttribute("href"), a.rel]),
    licence: all("section.sources > p")[0] ?? null,
  };
}"""


def panel(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = read(page, PANEL)
    return found


def spread(items: list[Item], most: int) -> list[Item]:
    """Some of a layer's items: its first and last, and others between."""
    if len(items) <= most:
        return items
    step = (len(items) - 1) / (most - 1)
    return [items[round(number * step)] for number in range(most)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_fact_is_told(world: World, visits: Visits, lang: str) -> None:
    """Of every bundled site item in Chinese, of some in English and of the made-up zone's."""
    page = visits.open(world.url, reader=lang)
    whole = lang == "zh" and all(len(layer.items) < 100 for layer in world.layers)
    for layer in world.layers:
        open_layer(page, layer.id)
        keys = opened(page)
        rows = dict(zip(keys, layer.items, strict=True))
        for item in spread(layer.items, 30 if whole and layer.role == "sites" else 4):
            press_row(page, item.key)
            check_panel(panel(page), rows[item.key], world, lang)
            press(page, "#side .back")


def check_panel(found: dict[str, Any], item: Item, world: World, lang: str) -> None:
    assert found["title"] == item.name(lang)
    assert found["kind"] == item.layer.title(lang)
    assert (found["summary"] or "") == (item.role("summary", lang) or "")
    told, silent = expected_facts(item, lang)
    assert found["facts"] == [list(fact) for fact in told], item.key
    names = joined(silent, lang)
    assert found["unknown"] == (
        word(lang, "detail.unknown_fields", names=names) if silent else None
    )
    check_position(found, item, world, lang)
    check_sources(found, item, lang)
    assert found["figures"] == list(published_figures(item, lang)), item.key


def expected_facts(item: Item, lang: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Labels and values in the schema's order; of a pair in two languages the reader's."""
    fields = [field for field in item.layer.fields if field.get("role") not in SAID_APART]
    properties = item.feature["properties"]
    told, silent = [], []
    for field in fields:
        value = properties[field["name"]]
        other = twin(field, fields)
        mine = field.get("lang") in (None, lang)
        if other and not mine and (known(properties[other["name"]]) or not known(value)):
            continue
        if known(value):
            told.append((say(field["label"], lang), value_text(field, value, lang)))
        elif field.get("expected") and not (other and known(properties[other["name"]])):
            silent.append(say(field["label"], lang))
    return told, silent


def value_text(field: dict[str, Any], value: Any, lang: str) -> str:
    if isinstance(value, list):
        return joined((value_text({**field, "type": "text"}, one, lang) for one in value), lang)
    code = (field.get("codes") or {}).get(str(value))
    if code:
        return say(code, lang)
    if isinstance(value, bool):
        return word(lang, "yes" if value else "no")
    if isinstance(value, int | float):
        number = (
            f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
        )
        return f"{number} {field['unit']}" if field.get("unit") else number
    if field["type"] == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return long_date(value, lang)
    return str(value)


def long_date(value: str, lang: str) -> str:
    day = datetime.date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B %Y}"


def distance(metres: float, lang: str) -> str:
    if metres < 1000:
        return word(lang, "unit.metre", value=f"{round(metres):,}")
    kilometres = round(metres / 100) / 10
    return word(lang, "unit.kilometre", value=f"{kilometres:,.1f}".removesuffix(".0"))


def check_position(found: dict[str, Any], item: Item, world: World, lang: str) -> None:
    """The placement in words, the doubt, and why nothing is drawn where nothing is."""
    if item.layer.role != "sites":
        assert found["position"] == []
        return
    if item.layer.fields_of("placement"):
        placement = word(lang, f"placement.{item.placement or 'none'}")
        assert found["position"][0].startswith(placement)
    assert found["badges"] == [word(lang, "detail.inferred")] * item.inferred
    told = " ".join(found["position"])
    if item.home == "map" and item.uncertainty:
        assert word(lang, "detail.possible", distance=distance(item.uncertainty, lang)) in told
    elif item.home == "nowhere":
        assert word(lang, "detail.nowhere") in told
    elif item.home == "plate":
        area = world.areas[item.districts[0]].name(lang)
        assert word(lang, "detail.district_only", name=area) in told
    elif item.placement == "unknown":
        assert word(lang, "detail.unplaced") in told or len(item.districts) > 1
    if item.home == "map" and item.placement in ("park", "township") and item.role("anchor", lang):
        assert word(lang, "detail.anchor", name=item.role("anchor", lang)) in told


def check_sources(found: dict[str, Any], item: Item, lang: str) -> None:
    sources = {source["id"]: source for source in item.layer.definition.get("sources", [])}
    ids = item.role("sources") or []
    cited = [sources[one] for one in (ids if isinstance(ids, list) else [ids]) if one in sources]
    assert len(found["sources"]) == len(cited)
    for line, source in zip(found["sources"], cited, strict=True):
        assert line.startswith(say(source["title"], lang))
        if source.get("status"):
            assert word(lang, f"detail.source_{source['status']}") in line
    addresses = [source["address"] for source in cited if source.get("address")]
    assert found["links"] == [[address, "noopener noreferrer"] for address in addresses]
    licence = item.layer.definition.get("licence")
    expected = word(lang, "detail.licence", name=say(licence["title"], lang)) if licence else None
    assert found["licence"] == expected


def published_figures(item: Item, lang: str) -> Iterator[list[str]]:
    """All figures that name the item; those of a group are said to be joint."""
    for figure in item.layer.definition.get("figures", []):
        members = figure.get("members", [])
        if item.feature["id"] in members:
            joint = len(members) > 1 and figure["value"] != len(members)
            note = [word(lang, "figure.joint", count=len(members))] if joint else []
            yield [say(figure["text"], lang), say(figure["label"], lang), *note]


def test_related_items_lead_on(world: World, visits: Visits) -> None:
    item = next(item for item in world.sites if item.role("related"))
    page = visits.open(world.url, selected=item.key)
    names = panel(page)["related"]
    assert names
    page.locator("#side .related .row").first.click()
    assert panel(page)["title"] == names[0]


def test_a_joint_figure_is_never_an_items_own(bundled_world: World, visits: Visits) -> None:
    """The total of the signed projects stands with its number of projects and nowhere else."""
    layer = bundled_world.layer("signed-projects")
    page = visits.open(bundled_world.url, selected=layer.items[0].key)
    found = panel(page)
    [total] = [note for note in found["figures"] if "86.3" in note[0]]
    assert word("zh", "figure.joint", count=12) in total
    assert not [value for _, value in found["facts"] if "86.3" in value]


def test_a_district_shows_all_its_figures(bundled_world: World, visits: Visits) -> None:
    """Those of its own too, each with its text: 903.1 and the numbers of firms and institutes."""
    layer = next(layer for layer in bundled_world.layers if layer.role == "areas")
    figures = {say(figure["text"], "zh") for figure in layer.definition["figures"]}
    told: set[str] = set()
    page = visits.open(bundled_world.url)
    open_layer(page, layer.id)
    told |= {note[0] for note in panel(page)["figures"]}
    assert told == figures


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_page_is_offered_in_the_reader_s_language(
    world: World, visits: Visits, lang: str
) -> None:
    page = visits.open(world.url, reader=lang, selected=world.sites[0].key)
    page.wait_for_selector(".one-page a")
    addresses = page.eval_on_selector_all(".one-page a", "all => all.map(one => one.href)")
    assert [one.partition("?")[0].rpartition(".")[2] for one in addresses] == ["pdf", "docx"]
    for one in addresses:
        answer = page.request.get(one)
        assert answer.status == 200
        assert answer.headers["content-language"] == lang

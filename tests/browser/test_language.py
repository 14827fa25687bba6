"""Chinese and English: which one comes, and that no page mixes them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.doors import open_layer, opened, press, press_row
from tests.browser.visits import Visits, read, until_drawn
from tests.browser.world import Layer, World, known, say, twin, word

LATIN = re.compile(r"[A-Za-z][A-Za-z'’.-]*")
CHINESE = re.compile(r"[\u3400-\u9fff]+")
# Units and what stands for a language, a point of the compass or a kind of file.
OF_THE_PAGE = {
    "English",
    "EN",
    "JSON",
    "QGIS",
    "GIS",
    "km",
    "m",
    "E",
    "W",
    "N",
    "S",
    "P",
    "PDF",
    "Word",
}

TEXT = """() => {
  const said = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement: holder, data } = walk.currentNode;
    if (!["SCRIPT", "STYLE", "NOSCRIPT"].includes(holder.tagName)) said.push(data);
  }
  for (const element of document.body.querySelectorAll("[title], [aria-label]"))
    said.push(element.title ?? "", element.getAttribute("aria-label") ?? "");
  return [...new Set(said)].filter((text) => text && text.trim());
}"""


def page_texts(page: Page) -> list[str]:
    """Every text of the page as it is now, what only a screen reader says included."""
    found: list[str] = read(page, TEXT)
    return found


def states(page: Page, world: World) -> Iterator[list[str]]:
    """The texts of the page in its main states."""
    yield page_texts(page)
    press(page, "#strip button")
    yield page_texts(page)
    for layer in world.layers:
        open_layer(page, layer.id)
        yield page_texts(page)
        keys = opened(page)
        for number in range(0, min(len(keys), 90), 9):
            press_row(page, keys[number])
            yield page_texts(page)
            press(page, "#side .back")


def texts_of_data(world: World, lang: str) -> str:
    """All that the data says to a reader of that language."""
    found: list[str] = []

    def gather(value: object) -> None:
        if isinstance(value, dict):
            if set(value) <= {"zh", "en"}:
                found.append(say(value, lang))
            else:
                for one in value.values():
                    gather(one)
        elif isinstance(value, list):
            for one in value:
                gather(one)
        elif isinstance(value, str):
            found.append(value)

    gather(world.zone)
    for layer in world.layers:
        gather([layer.definition, *(item.name(lang) for item in layer.items)])
        for feature in layer.features:
            gather([feature["id"], *values_for(layer, feature["properties"], lang)])
    return "\n".join(found)


def values_for(layer: Layer, properties: dict[str, Any], lang: str) -> Iterator[object]:
    """What a reader is shown: a value in the other language only where it stands alone."""
    for field in layer.fields:
        other = twin(field, layer.fields)
        theirs = field.get("lang") not in (None, lang)
        if not (theirs and other and known(properties[other["name"]])):
            yield properties[field["name"]]


# The way to the other language, also as short as a phone needs it.
OTHER = {word("en", "lang.other"), word("en", "lang.other_short")}


def strangers(page: Page, world: World, lang: str) -> set[str]:
    """Words in the other script that neither the data nor the list above brings."""
    allowed = texts_of_data(world, lang)
    script = LATIN if lang == "zh" else CHINESE
    return {
        found
        for said in states(page, world)
        for text in said
        for found in script.findall(text)
        if found not in allowed and found not in OF_THE_PAGE
    }


def test_the_chinese_page_has_no_latin_words(bundled_world: World, visits: Visits) -> None:
    """But names and units, as the data writes them."""
    page = visits.open(bundled_world.url)
    page.mouse.move(700, 400)
    assert strangers(page, bundled_world, "zh") == set()
    assert not any("CNY" in text for text in page_texts(page))


def test_the_english_page_has_no_chinese(bundled_world: World, visits: Visits) -> None:
    """But names that are known in Chinese only, quotations, and the way to the Chinese page."""
    page = visits.open(bundled_world.url, reader="en")
    assert strangers(page, bundled_world, "en") <= OTHER


def test_the_first_view_in_english_has_no_chinese_but_unnamed_neighbours(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url, reader="en")
    nameless = {
        item.name("en")
        for item in bundled_world.of_role("backdrop")
        if not any(
            item.feature["properties"].get(field["name"])
            for field in item.layer.fields_of("name")
            if field.get("lang") == "en"
        )
    }
    found = {one for text in page_texts(page) for one in CHINESE.findall(text)}
    assert found - nameless == OTHER


@pytest.mark.parametrize(
    ("accepted", "asked", "shown"),
    [("zh", None, "zh"), ("en", None, "en"), ("zh", "en", "en"), ("en", "zh", "zh")],
)
def test_which_language_comes(
    world: World, visits: Visits, accepted: str, asked: str | None, shown: str
) -> None:
    view = {"lang": asked} if asked else {}
    page = visits.open(world.url, reader=accepted, **view)
    assert read(page, "() => document.documentElement.lang") == ("en" if shown == "en" else "zh-CN")
    assert page.title() == say(world.zone["title"], shown)
    assert page.locator("#panel h2").first.inner_text() == word(shown, "panel.title")


def test_the_other_language_shows_the_same_view(world: World, visits: Visits) -> None:
    key = next(item.key for item in world.shown() if item.home == "map")
    page = visits.open(world.url, selected=key, zoom=11)
    center = read(page, "() => window.zoneAtlas.map.getCenter()")
    assert page.locator("#side h2").text_content() == world.by_key[key].name("zh")
    press(page, "#language")
    page.wait_for_selector('html[lang="en"]', state="attached")
    until_drawn(page)
    assert page.locator("#side h2").text_content() == world.by_key[key].name("en")
    there = read(page, "() => window.zoneAtlas.map.getCenter()")
    assert there == pytest.approx(center, abs=1e-3)
    assert read(page, "() => window.zoneAtlas.map.getZoom()") == 11

"""Statistics as the page shows them, and as pandas and the server count the same items."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pandas
from playwright.sync_api import Page

from tests.browser.visits import read, until
from tests.browser.world import Item, World, word

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

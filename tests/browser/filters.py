"""The panel's filters as a reader finds them, and what is asked by them."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.visits import read
from tests.browser.world import World

OPEN_ALL = """() => document.querySelectorAll(".fold").forEach((fold) => {
  fold.open = true;
  const more = fold.querySelector(".facet-more:not([hidden])");
  if (more?.getAttribute("aria-expanded") === "false") more.click();
})"""

SHOWN = """() => [...document.querySelectorAll(".fold:not([hidden])")].map((fold) => ({
  field: fold.dataset.field,
  values: [...fold.querySelectorAll(".facet-value")].map((row) => [
    row.dataset.value ?? null,
    Number(row.querySelector(".count").textContent.replace(/\\D/g, "")),
    row.querySelector("input").checked,
  ]),
}))"""


def facets(page: Page) -> dict[str, list[tuple[str | None, int, bool]]]:
    """Of each field that has values to be ticked: value, count and whether it is ticked."""
    read(page, OPEN_ALL)
    return {one["field"]: [tuple(row) for row in one["values"]] for one in read(page, SHOWN)}


def fold(page: Page, field: str) -> Locator:
    return page.locator(f".fold[data-field={quoted(field)}]")


def quoted(text: str) -> str:
    """As a string of a selector."""
    return '"' + re.sub(r'[\n\t"\\]', lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


def tick(page: Page, field: str, value: str | None) -> Locator:
    rows = fold(page, field).locator(".facet-value")
    row = rows.and_(page.locator(f"[data-value={quoted(value)}]" if value else ".is-unknown"))
    return row.locator("input")


def cql(field: dict[str, Any], value: str | None) -> str:
    name = '"' + field["name"].replace('"', '""') + '"'
    if value is None:
        return f"{name} IS NULL"
    text = "'" + value.replace("'", "''") + "'"
    if field["type"] == "list":
        return f"A_OVERLAPS({name},({text}))"
    return f"{name}={value if field['type'] == 'boolean' else text}"


Count = Callable[..., int]


def field_of(world: World, name: str) -> dict[str, Any]:
    found = (one for layer in world.site_layers for one in layer.fields if one["name"] == name)
    return next(found)


def district_field(world: World) -> str:
    fields = (field for layer in world.site_layers for field in layer.fields_of("district"))
    return str(next(fields)["name"])


def filter_of(page: Page) -> str | None:
    found: str | None = read(page, "() => new URLSearchParams(location.search).get('filter')")
    return found


def chosen(page: Page) -> int:
    """How many the line of totals says."""
    text = page.locator("#totals b").inner_text()
    return int(read(page, "(text) => Number(text.replace(/,/g, '').match(/\\d+/)[0])", text))

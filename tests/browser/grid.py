"""The table as it is read: its rows, heads and what the server would say."""

from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.browser.visits import read, settle
from tests.browser.world import World

LISTED = """(selector) => {
  const scroller = document.querySelector(selector);
  const keys = [];
  for (let top = 0; ; top += scroller.clientHeight / 2) {
    scroller.scrollTop = top;
    scroller.dispatchEvent(new Event("scroll"));
    for (const row of scroller.querySelectorAll("[data-item]")) {
      keys[row.dataset.index ?? row.dataset.row] = row.dataset.item;
    }
    if (top + scroller.clientHeight >= scroller.scrollHeight) return keys;
  }
}"""
GRID = ".grid"


def listed(page: Page, selector: str = GRID) -> list[str]:
    """The keys of all rows of the table, or of the list in the panel, from top to end."""
    settle(page)
    keys: list[str] = read(page, LISTED, selector)
    return keys


def answer(page: Page, world: World, path: str, **query: Any) -> Any:
    found = page.request.get(f"{world.url}{path}?{urlencode(query)}&f=json")
    assert found.ok, found.text()
    return found.json()


def head(page: Page, column: int) -> str:
    return f"#cell--1-{column}"


def names_of(page: Page) -> list[str]:
    heads: list[str] = page.locator(".grid-head [role=columnheader]").all_inner_texts()
    return heads

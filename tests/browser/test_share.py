"""The view goes to somebody else: by its link, by a short one, on paper."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from server.view_params import VIEW
from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World, word
from tests.page.node import node

LINK = "#side .share code"


def test_the_link_is_the_view(world: World, visits: Visits) -> None:
    """Both links open the same page in another browser."""
    item = next(item for item in world.sites if item.home == "map" and item.layer.visible)
    page = visits.open(world.url, selected=item.key, utm_source="mail")
    press(page, ".zoom-tools button:first-child")
    settle(page)
    press(page, "#share")
    link = page.locator(LINK).first.inner_text()
    assert "utm_source" not in link
    page.get_by_role("button", name=word("zh", "share.make_short"), exact=True).click()
    expect(page.locator(LINK)).to_have_count(2)
    short = page.locator(LINK).nth(1).inner_text()
    assert re.fullmatch(rf"{re.escape(world.url)}/s/[a-z2-7]{{8,}}", short)
    for address in (link, short):
        other = visits.open(address, path="")
        assert other.locator("#side h2").inner_text() == item.name("zh")
        assert parse_qs(urlsplit(other.url).query) == parse_qs(urlsplit(link).query)
        assert read(other, "() => window.zoneAtlas.map.getZoom()") == pytest.approx(
            read(page, "() => window.zoneAtlas.map.getZoom()")
        )


def test_who_can_open_it_is_said(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, reader="en")
    press(page, "#share")
    expect(page.locator("#side .connect-reach")).to_have_text(word("en", "connect.reach_computer"))
    page.get_by_label(word("en", "share.language")).select_option("zh")
    assert "lang=zh" in page.locator(LINK).first.inner_text()
    assert serious(page) == []


def test_a_long_link_gets_a_short_one(bundled_world: World, visits: Visits) -> None:
    name = "name_zh LIKE '" + "长" * 300 + "%'"
    page = visits.open(bundled_world.url, filter=f"in_report=true AND {name}")
    press(page, "#share")
    expect(page.locator(LINK)).to_have_count(2)
    other = visits.open(page.locator(LINK).nth(1).inner_text(), path="")
    assert other.locator(".chip").count() == 2


def test_the_server_knows_what_the_page_writes() -> None:
    script = """import("./tests/page/globals.js").then(async () => {
      const { VIEW, SHOWS } = await import("./server/static/parameters.js");
      const { WRITTEN } = await import("./server/static/view.js");
      console.log(JSON.stringify([VIEW, SHOWS, Object.keys(WRITTEN)]));
    })"""
    view, shows, written = json.loads(node("-e", script))
    assert set(view) == {one.name for one in VIEW}
    assert written == shows


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_paper(world: World, visits: Visits, lang: str) -> None:
    """Map and legend, no buttons; and back as it was."""
    page = visits.open(world.url, reader=lang)
    before = page.locator("#map").bounding_box()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#map").bounding_box() != before
    assert page.locator("#panel .layers").first.is_visible()
    assert page.locator("#printed").is_visible()
    assert page.locator("#printed-north").is_visible()
    assert page.locator("#top .tools").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#map").bounding_box() == before
    assert page.locator("#printed-north").is_hidden()


def test_on_paper_a_filter_leaves_no_figures_of_the_whole(world: World, visits: Visits) -> None:
    page = visits.open(world.url, area="box:9,49,11,51")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#headline").is_hidden()
    assert page.locator("#printed span").count() == 2  # when it was made, and what is asked

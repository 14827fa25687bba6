"""The dialog that makes the code for other people's pages: what it gives works there."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.hosts import Host, hosting
from tests.browser.visits import Visits, read, until
from tests.browser.world import World, word

KINDS = ("frame", "element", "image", "link")


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosting() as one:
        yield one


def dialog(page: Page, lang: str = "zh") -> None:
    press(page, "#share")
    page.get_by_role("button", name=word(lang, "embedding.open")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def code(page: Page) -> str:
    return page.locator(".embedding code").inner_text()


@pytest.mark.parametrize("kind", KINDS)
def test_its_code_shows_the_view_elsewhere(
    world: World, visits: Visits, host: Host, kind: str
) -> None:
    visits.forgive("ERR_ABORTED")  # the preview, when the next one takes its place
    item = next(item for item in world.sites if item.home == "map" and item.layer.visible)
    page = visits.open(world.url, selected=item.key, zoom=11)
    dialog(page)
    page.locator(f".embedding-kinds input[value={kind}]").check()
    if kind == "image":
        page.get_by_label(word("zh", "embedding.heading")).fill('园区 "<b>&')
        caption = "<figcaption>园区 &quot;&lt;b&gt;&amp;"
        expect(page.locator(".embedding code")).to_contain_text(caption)
        assert not page.get_by_label(word("zh", "embedding.option_search"), exact=True).is_visible()
        until(page, "document.querySelector('.embedding figure img').naturalWidth === 1600")
        for link in page.locator(".embedding-files a").all():
            assert page.request.get(link.get_attribute("href") or "").status == 200
        assert serious(page) == []
    elif kind != "link":
        page.get_by_label(word("zh", "embedding.heading")).fill('园区 "<b>&')
        page.get_by_label(word("zh", "embedding.option_search"), exact=True).check()
        page.locator(".embedding-looks select").select_option("dark")
        said = re.compile("(?=.*theme)(?=.*(&lt;b|%3Cb))", re.DOTALL)
        expect(page.locator(".embedding code")).to_have_text(said, timeout=30_000)
    host.map = world.url
    # A policy that is strict about scripts takes the element's by its address.
    other = visits.open(host.page(code(page)), path="", drawn=False)
    if kind == "image":
        until(other, "document.querySelector('main img').naturalWidth === 1600")
        assert other.locator("main img").get_attribute("alt")
    if kind in ("image", "link"):
        href = other.locator("main a").get_attribute("href")
        assert href
        query = parse_qs(urlsplit(href).query)
        assert query["selected"] == [item.key]
        assert query["zoom"] == ["11"]
        return
    for _ in range(200):
        frames = [one for one in other.frames if one != other.main_frame]
        if frames and frames[0].url.startswith(world.url):
            break
        other.wait_for_timeout(50)
    frames[0].wait_for_selector("html[data-map=drawn]", state="attached")
    assert frames[0].locator("h1").inner_text() == '园区 "<b>&'
    assert frames[0].evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert frames[0].evaluate("() => window.zoneAtlas.map.getZoom()") == 11
    assert frames[0].locator("#side h2").inner_text() == item.name("zh")
    expect(frames[0].locator("#search")).to_be_visible()


def test_the_element_shows_what_the_preview_shows(world: World, visits: Visits, host: Host) -> None:
    """All parameters of the view, as a frame has them."""
    visits.forgive("ERR_ABORTED")
    item = next(item for item in world.sites if item.home == "map" and item.layer.visible)
    [district, *_] = item.layer.fields_of("district")
    name, layer = item.layer.fields_of("name")[0]["name"], item.layer.id
    view = {"group": district["name"], "shade": "1", "sort": f"-{name}", "table": layer}
    page = visits.open(world.url, **view)
    dialog(page)
    page.locator(".embedding-kinds input[value=element]").check()
    shown = page.locator(".embedding iframe").get_attribute("src")
    assert shown
    assert parse_qs(urlsplit(shown).query) == {name: [text] for name, text in view.items()}
    host.map = world.url
    other = visits.open(host.page(code(page)), path="", drawn=False)
    until(other, "document.querySelector('zone-atlas').shadowRoot?.querySelector('iframe').src")
    frame = "document.querySelector('zone-atlas').shadowRoot.querySelector('iframe').src"
    assert parse_qs(urlsplit(read(other, f"() => {frame}")).query) == parse_qs(
        urlsplit(shown).query
    )


@pytest.mark.parametrize(("reader", "phone"), [("zh", False), ("en", True)])
def test_the_dialog(bundled_world: World, visits: Visits, reader: str, phone: bool) -> None:
    """Warns, previews, is left by Escape, and bad heights are set right."""
    visits.forgive("ERR_ABORTED")
    page = visits.open(bundled_world.url, reader=reader)
    if phone:
        page.set_viewport_size({"width": 390, "height": 844})
        page.locator(".totals-tools .share").click()
    else:
        press(page, "#share")
    page.get_by_role("button", name=word(reader, "embedding.open")).click()
    expect(page.locator(".embedding .connect-reach")).to_have_text(
        word(reader, "connect.reach_computer")
    )
    frame = page.frame_locator(".embedding iframe")
    frame.locator("html[data-map=drawn]").wait_for(state="attached")
    page.get_by_label(word(reader, "embedding.height")).fill("7")
    until(page, "document.querySelector('.embedding iframe').height === '200'")
    frame.locator("html[data-map=drawn]").wait_for(state="attached")
    assert serious(page) == []
    assert read(page, "() => document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(page.locator(".embedding")).to_have_count(0)

"""The connect panel: opened from a layer's row and from the strip, by keyboard, on every screen."""

from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits
from tests.browser.world import World


@pytest.mark.parametrize(("lang", "theme", "phone"), [("zh", "light", False), ("en", "dark", True)])
def test_from_the_strip(
    bundled_world: World, visits: Visits, lang: str, theme: str, phone: bool
) -> None:
    page = visits.open(bundled_world.url, reader=lang, system=theme, phone=phone)
    press(page, "#strip .connect-map")
    page.wait_for_selector(".connect")
    assert serious(page) == []
    parts = page.locator(".connect h3").all_inner_texts()
    assert [part.upper() for part in parts] == ["QGIS", "ARCGIS", "GDAL", "PYTHON", "EXCEL"]
    assert page.locator(".connect-reach").is_visible()  # the server of this test is on loopback
    texts = page.locator(".connect pre").all_inner_texts()
    assert all(bundled_world.url.rstrip("/") in text for text in texts)
    with page.expect_download() as download:
        page.locator(".connect-file").click()
    root = ElementTree.fromstring(download.value.path().read_bytes())
    assert root.find("projectlayers/maplayer") is not None


def test_from_a_row_by_keyboard(bundled_world: World, visits: Visits) -> None:
    """Focus goes into the panel and back to the button; what is copied is what stands there."""
    page = visits.open(bundled_world.url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("#panel .connect-open").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".connect")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    copy = page.locator(".connect-copy button").nth(2)
    copy.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".connect-said").nth(2)).not_to_be_empty()
    text = page.locator(".connect pre").nth(2).inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == text
    page.keyboard.press("Escape")
    assert page.locator("#side").is_hidden()
    assert page.evaluate("document.activeElement.className") == "connect-open"


def test_hostile_names_stay_text(made_up_world: World, visits: Visits) -> None:
    page = visits.open(made_up_world.url, reader="en")
    for button in page.locator("#panel .connect-open").all():
        button.click()
        page.wait_for_selector(".connect")
        assert page.locator(".connect img, .connect script").count() == 0

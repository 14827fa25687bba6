"""axe-core finds nothing serious in the page, in any of its faces."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits, settle
from tests.browser.world import World


def findings(page: Page) -> list[object]:
    settle(page)
    return serious(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe(bundled_world: World, visits: Visits, lang: str, theme: str, phone: bool) -> None:
    page = visits.open(bundled_world.url, reader=lang, system=theme, phone=phone)
    assert findings(page) == []
    press(page, ".capsule")
    assert findings(page) == []
    press(page, "#side .row")
    assert findings(page) == []
    press(page, "#side .close")
    press(page, "#strip button")
    assert findings(page) == []
    if phone:
        press(page, "#side .close")
        press(page, "#layers-open")
        assert findings(page) == []


def test_axe_on_the_made_up_zone(made_up_world: World, visits: Visits) -> None:
    page = visits.open(made_up_world.url)
    assert findings(page) == []
    press(page, ".tray-item")
    assert findings(page) == []

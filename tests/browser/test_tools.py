"""The reader's position and the full screen."""

import pytest
from playwright.sync_api import Page, expect
from pyproj import Geod

from tests.browser.axe import serious
from tests.browser.tools import is_on, use
from tests.browser.visits import Visits, read, settle, until
from tests.browser.world import World, word

GEOD = Geod(ellps="WGS84")


def place(page: Page, **position: float) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(position)


def test_the_readers_position_is_asked_for_by_a_click(bundled_world: World, visits: Visits) -> None:
    at = (120.93, 31.08)
    page = visits.open(bundled_world.url)
    place(page, longitude=at[0], latitude=at[1], accuracy=700)
    assert page.locator(".locate-dot").count() == 0
    use(page, "locate")
    page.wait_for_selector(".locate-dot", state="attached")
    settle(page)
    expect(page.locator(".locate-label")).to_have_text(
        word("zh", "locate.found", distance=word("zh", "unit.metre", value="700"))
    )
    dot, circle = read(
        page,
        """() => [".locate-dot", ".locate-accuracy"].map((selector) => {
          const { x, y, width } = document.querySelector(selector).getBoundingClientRect();
          const map = document.getElementById("map").getBoundingClientRect();
          const down = y + width / 2 - map.y;
          const to = (px) => window.zoneAtlas.map.containerPointToLatLng([px - map.x, down]);
          return [to(x), to(x + width / 2), to(x + width)].map(({ lng, lat }) => [lng, lat]);
        })""",
    )
    assert dot[1] == pytest.approx(at, abs=2e-4)
    across = GEOD.inv(*circle[0], *circle[2])[2]
    assert across == pytest.approx(1400, rel=0.03)
    assert serious(page) == []
    use(page, "locate")
    assert page.locator(".locate-dot").count() == 0


def test_without_a_position_it_is_said_why(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    use(page, "locate")
    expect(page.locator("#notice")).to_have_text(word("zh", "locate.denied"))
    assert not is_on(page, "locate")


def test_full_screen_leaves_the_map_and_its_panels(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    use(page, "full")
    until(page, "document.fullscreenElement")
    assert page.locator("#top").is_hidden()
    assert page.locator("#panel").is_visible()
    assert is_on(page, "full")
    use(page, "full")
    until(page, "!document.fullscreenElement")
    assert page.locator("#top").is_visible()
    assert not is_on(page, "full")

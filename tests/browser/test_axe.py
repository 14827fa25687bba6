"""axe-core finds nothing serious in the page, in any of its faces."""

from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """async () => {
  const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 160))]);
}"""


@cache
def source() -> str:
    assert AXE.exists(), "axe-core is missing: ./test installs it (npm ci)"
    return AXE.read_text(encoding="utf-8")


def findings(page: Page) -> list[object]:
    settle(page)
    found: list[object] = read(page, RUN)
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe(bundled_world: World, visits: Visits, lang: str, theme: str, phone: bool) -> None:
    page = visits.open(bundled_world.url, reader=lang, system=theme, phone=phone)
    page.evaluate(source())
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
    page.evaluate(source())
    assert findings(page) == []
    press(page, ".tray-item")
    assert findings(page) == []

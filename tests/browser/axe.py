"""What axe-core finds serious in a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.visits import read

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """async () => {
  const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 160))]);
}"""


@cache
def _source() -> str:
    assert AXE.exists(), "axe-core is missing: ./test installs it (npm ci)"
    return AXE.read_text(encoding="utf-8")


def serious(page: Page) -> list[object]:
    if not read(page, "() => Boolean(window.axe)"):
        page.evaluate(_source())
    found: list[object] = read(page, RUN)
    return found

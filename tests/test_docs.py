"""The documentation against the program: settings, links and commands that it names exist."""

import re
from pathlib import Path

import pytest

from server.settings import SETTINGS, Settings
from tests.rows import first_quick
from tests.server.sites import Site

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "bench/README.md"])


def settings_table() -> str:
    """The rows of docs/settings.md, as the one table of settings says them."""
    defaults = Settings()
    rows = []
    for one in SETTINGS:
        default = getattr(defaults, one.name)
        default = (
            ",".join(default)
            if isinstance(default, tuple) and default and isinstance(default[0], str)
            else default
        )
        shown = "" if default in (None, (), "", {}) else f"`{default}`"
        if isinstance(default, Path):
            shown = "`$XDG_DATA_HOME/zoneatlas`"
        rows.append(
            f"| `{one.flag} {one.value_name}` | `{one.variable}` | {shown} | {one.en} | {one.zh} |"
        )
    return "\n".join(row.replace("wgs84|gcj02", "wgs84\\|gcj02") for row in rows)


def test_settings_page_is_the_settings_table() -> None:
    assert settings_table() in (ROOT / "docs/settings.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8"))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


ASKING = [ROOT / name for name in ("README.md", "README.zh.md", "docs/api.md", "docs/downloads.md")]


@pytest.mark.parametrize("page", first_quick(1, ASKING), ids=lambda page: page.name)
def test_addresses_are_answered(page: Path, bundled_site: Site) -> None:
    text = page.read_text("utf-8")
    found = re.findall(r'`(?:GET )?(/[^`]*)`|"\$S(/[^"]*)"', text)
    # Those with a part to be filled in are no addresses yet.
    addresses = {one or other for one, other in found if not re.search("[{<…]", one or other)}
    assert addresses
    answers = {each: bundled_site.get(each).status_code for each in addresses}
    assert {each: status for each, status in answers.items() if status != 200} == {}

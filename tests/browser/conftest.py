"""One Chromium for all tests, a fresh context for each, and nothing that goes wrong unseen."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.filters import Count
from tests.browser.visits import Visits
from tests.browser.world import World
from tests.server.sites import Site

HERE = Path(__file__).parent
OFF = [
    # a page that a test makes up counts as one of the internet, which may not reach this machine
    "LocalNetworkAccessChecks",
    # two pages of Chromium's own behind each address bar, which take longer to load than ours
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF)}",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here need the browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    """The system's Chromium, without its windows where it can be had so: of the processor's time
    that a page takes, they took a third.

    Where there is none these tests fail: they are never left out.
    """
    given = os.environ.get("ZONEATLAS_CHROMIUM"), os.environ.get("CHROMIUM")
    for name in (given[0], "chromium-headless-shell", given[1], "chromium"):
        found = shutil.which(name) if name else None
        if found:
            return found
    return "/usr/bin/chromium"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium: Browser) -> Iterator[Visits]:
    """Opens pages; at the end no page may have seen an error or asked a foreign host."""
    opened = Visits(chromium)
    yield opened
    problems = opened.close()
    assert problems == []


@pytest.fixture(scope="session", params=["bundled", "made_up"])
def world(request: pytest.FixtureRequest) -> World:
    """What each zone's page has to show, read from its layers over HTTP."""
    return World.of(request.getfixturevalue(f"{request.param}_site"))


@pytest.fixture(scope="session")
def bundled_world(bundled_site: Site) -> World:
    return World.of(bundled_site)


@pytest.fixture(scope="session")
def made_up_world(made_up_site: Site) -> World:
    return World.of(made_up_site)


@pytest.fixture(scope="session")
def count() -> Iterator[Count]:
    """How many items of the layers that are on meet a filter; of those without its fields none."""
    with httpx.Client(timeout=30) as client:

        def matched(world: World, filter: str | None, *fields: str) -> int:
            total = 0
            for layer in world.site_layers:
                if layer.visible and {field["name"] for field in layer.fields} >= set(fields):
                    address = f"{world.url}/collections/{layer.id}/items"
                    answer = client.get(address, params={"filter": filter, "limit": 1})
                    assert answer.status_code == 200, answer.text
                    total += answer.json()["numberMatched"]
            return total

        yield matched

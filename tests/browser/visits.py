"""Visits to the page: how it is opened, what is watched meanwhile, and waiting for conditions."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Route,
)

DESKTOP = (1440, 900)
PHONE = (390, 844)
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
HERE = "127.0.0.1"

# What Chromium says of a script that it was told not to run.
WITHOUT_SCRIPTS = r"failed request: \S+\.js \(csp\)"

# The page says where its content security policy was broken; the test hears it on the console.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Visits:
    """The pages of one test and everything that went wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []
        # A page that is left before its icon has come.
        self.forgiven: list[str] = [r"icon\.svg \(net::ERR_ABORTED\)"]

    def open(
        self,
        url: str,
        *,
        reader: str = "zh",
        phone: bool = False,
        system: str = "light",
        path: str = "/",
        drawn: bool = True,
        prepare: Callable[[Page], None] = lambda page: None,
        script: bool = True,
        **view: object,
    ) -> Page:
        """A page in a context of its own, for a reader of one language whose system has one theme.

        `view` are the parameters of its address.
        """
        context = self.context(reader, phone, system, java_script_enabled=script)
        self.watch(context)
        page = context.new_page()
        prepare(page)
        page.goto(url + path + (f"?{urlencode(view)}" if view else ""))
        if drawn:
            until_drawn(page)
        return page

    def open_file(
        self, file: Path, view: str = "", *, phone: bool = False, system: str = "light"
    ) -> Page:
        """A page that is a file, without any network; whatever it asks for is a problem."""
        context = self.context("zh", phone, system, offline=True)
        context.on("console", self.hear)
        context.on("weberror", lambda error: self.problems.append(f"page error: {error.error}"))
        context.add_init_script(REPORT_VIOLATIONS)
        address = file.as_uri()
        context.on("request", lambda request: self.asked(request, address))
        page = context.new_page()
        page.goto(f"{address}#?{view}" if view else address)
        until_drawn(page)
        return page

    def asked(self, request: Request, address: str) -> None:
        if request.url.partition("#")[0] != address:
            self.problems.append(f"request: {request.url}")

    def context(self, reader: str, phone: bool, system: str, **options: Any) -> BrowserContext:
        width, height = PHONE if phone else DESKTOP
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=LANGUAGES[reader],
            color_scheme="dark" if system == "dark" else "light",
            has_touch=phone,
            is_mobile=phone,
            **options,
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        return context

    def watch(self, context: BrowserContext) -> None:
        context.route(lambda address: urlsplit(address).hostname != HERE, self.refuse)
        context.on("console", self.hear)
        context.on("weberror", lambda error: self.problems.append(f"page error: {error.error}"))
        context.on("requestfailed", self.lost)
        context.on("dialog", self.shut)
        context.add_init_script(REPORT_VIOLATIONS)

    def refuse(self, route: Route) -> None:
        address = route.request.url
        if not address.startswith(("data:", "blob:")):
            self.problems.append(f"foreign request: {address}")
        route.abort()

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def shut(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def lost(self, request: Request) -> None:
        self.problems.append(f"failed request: {request.url} ({request.failure})")

    def forgive(self, pattern: str) -> None:
        """What a test breaks on purpose is no problem."""
        self.forgiven.append(pattern)

    def close(self) -> list[str]:
        for context in self.contexts:
            context.close()
        return [
            problem
            for problem in self.problems
            if not any(re.search(pattern, problem) for pattern in self.forgiven)
        ]


def go_to(page: Page, **view: object) -> None:
    """Another view in the page that is open, by the way that the browser's back button goes."""
    script = """(search) => {
      history.pushState(null, "", search);
      dispatchEvent(new PopStateEvent("popstate"));
    }"""
    page.evaluate(script, f"?{urlencode(view)}")
    settle(page)


def until_drawn(page: Page) -> None:
    page.wait_for_selector("html[data-map=drawn]", state="attached")
    settle(page)


# Leaflet begins to zoom with the next frame: only from then on can it be seen to move.
SETTLED = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const end = performance.now() + 10_000;
  const moves = ({ map }) => map._animatingZoom || map._panAnim?._inProgress;
  await frame();
  while (moves(window.zoneAtlas)) {
    if (performance.now() > end) return false;
    await frame();
  }
  await frame();
  return true;
}"""


def settle(page: Page) -> None:
    """Until the map stands still and what was asked for before is on the screen."""
    assert page.evaluate(SETTLED), "the map does not come to rest"


def until(page: Page, condition: str, seconds: float = 10) -> None:
    """Wait for a condition in the page, whose policy forbids playwright's own way of waiting."""
    end = time.monotonic() + seconds
    while not page.evaluate(f"() => Boolean({condition})"):
        assert time.monotonic() < end, f"it did not come true: {condition}"
        page.wait_for_timeout(20)


def until_searchable(url: str) -> None:
    """Until a server has read its layers for searching: before, it answers with 503."""
    while httpx.get(f"{url}/search?q=a", timeout=30).status_code == 503:
        time.sleep(0.1)


def texts(page: Page, selector: str) -> list[str]:
    found: list[str] = page.locator(selector).all_inner_texts()
    return found


def read(page: Page, script: str, argument: Any = None) -> Any:
    """A value from the page."""
    return page.evaluate(script, argument)

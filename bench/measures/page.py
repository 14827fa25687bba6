"""The page in Chromium on loopback: until the map is drawn, what it loads, what the server weighs.

The page says itself when it is drawn: `data-map="drawn"` on the root and a performance mark.
Every load is that of a first visitor, with a browser that runs already and an empty cache.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.browser import chromium, chromium_path
from bench.figure import Figure
from bench.serving import resident_mb, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, Response

LOADS = 7
DRAWN = "html[data-map=drawn]"  # a selector: the page's CSP lets no function be waited for
MARK = "performance.getEntriesByName('map-drawn')[0].startTime"


class Load(NamedTuple):
    """Seconds from navigation to the drawn map; bytes over the wire with headers; requests."""

    seconds: float
    bytes: float
    requests: int


def measure() -> Iterator[Figure]:
    if chromium_path() is None:
        return
    with (
        tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder,
        serving(Path(folder)) as server,
        chromium() as browser,
    ):
        _load(browser, server.url)  # the browser's own first page
        loads = [_load(browser, server.url) for _ in range(LOADS)]
        megabytes = resident_mb(server.pid)
    seconds = [load.seconds for load in loads]
    yield Figure(
        "page load to drawn map",
        statistics.median(seconds),
        "s",
        1.0,
        f"median of {LOADS}, {min(seconds):.2f} to {max(seconds):.2f}, 1440x900",
    )
    heaviest = max(loads, key=lambda load: load.bytes)
    yield Figure(
        "first load",
        heaviest.bytes / 1000,
        "kB",
        400,
        f"{heaviest.requests} requests, compressed, with headers",
    )
    yield Figure(
        "memory after the page loads", megabytes, "MB", 150, f"VmRSS, {LOADS + 1} first visits"
    )


def _load(browser: "Browser", url: str) -> Load:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    try:
        page = context.new_page()
        answers: list[Response] = []
        lost: list[Request] = []
        lengths: list[float] = []
        page.on("response", lambda answer: answers.append(answer))
        page.on("requestfailed", lambda request: lost.append(request))
        session = context.new_cdp_session(page)
        session.on("Network.loadingFinished", lambda event: lengths.append(_length(event)))
        session.send("Network.enable")
        page.goto(url)
        page.wait_for_selector(DRAWN, state="attached", timeout=20_000)
        _check(answers, lost)
        page.wait_for_load_state("networkidle", timeout=10_000)
        return Load(page.evaluate(MARK) / 1000, sum(lengths), len(lengths))
    finally:
        context.close()


def _check(answers: "list[Response]", lost: "list[Request]") -> None:
    """A page that lacks a part is quick to draw, and no measure of anything."""
    bad = [f"{answer.status} {answer.url}" for answer in answers if not answer.ok]
    bad += [f"no answer {request.url}" for request in lost]
    if bad:
        raise RuntimeError("the page did not get all its parts: " + ", ".join(bad))


def _length(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])

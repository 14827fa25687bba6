"""The map page at 100 and 10,000 sites in Chromium, beside a page of folium that inlines the same.

First drawn map, from the filter to the next picture, long tasks while panning (beside a Leaflet map
with nothing on it), and the script's memory after a collection.
"""

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.browser import chromium, chromium_path
from bench.figure import Figure
from bench.folium_page import folium_chart
from bench.serving import ROOT, serving
from bench.site_store import site_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NUMBERS = (100, 10_000)
VISITS = 5
BY_NAME_ONLY = True  # some minutes
VENDOR = ROOT / "server" / "static" / "vendor" / "leaflet"
OURS = "performance.getEntriesByName('map-drawn')[0].startTime"
THEIRS = "window.drawnAt"
# Two frames after its last script the page has been painted.
MARK = """<script>requestAnimationFrame(() => requestAnimationFrame(() => {
  window.drawnAt = performance.now();
}));</script>"""
FILTER = """async () => {
  const values = ".filters [data-field=sector] input[type=checkbox]";
  const boxes = [...document.querySelectorAll(values)];
  const times = [];
  for (const box of boxes.slice(0, 5)) {
    const begin = performance.now();
    box.click();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - begin);
  }
  return times;
}"""
WATCH = """() => {
  window.longest = [];
  const add = (list) => window.longest.push(...list.getEntries().map((one) => one.duration));
  new PerformanceObserver(add).observe({ type: "longtask" });
}"""
EMPTY = """<!doctype html><link rel="stylesheet" href="leaflet.css">
<div id="map" style="height:100vh"></div>
<script src="leaflet.js"></script><script>L.map("map").setView([31, 120.9], 10);</script>"""


def measure() -> Iterator[Figure]:
    if chromium_path() is None:
        return
    with chromium() as browser, tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as name:
        folder = Path(name)
        for file in ("leaflet.js", "leaflet.css"):
            shutil.copy(next(VENDOR.rglob(file)), folder)
        (folder / "empty.html").write_text(EMPTY)
        empty = [_long_tasks(page) for page in _visits(browser, (folder / "empty.html").as_uri())]
        for number in NUMBERS:
            peer = _folium_page(folder, number)
            theirs = [page.evaluate(THEIRS) for page in _visits(browser, peer, THEIRS)]
            with serving(folder, site_store(number)) as server:
                yield from _ours(browser, server.url, number, theirs, empty)


def _ours(
    browser: "Browser", url: str, number: int, theirs: list[float], empty: list[float]
) -> Iterator[Figure]:
    drawn, filtered, longest, heaps = [], [], [], []
    for page in _visits(browser, url, "document.documentElement.dataset.map === 'drawn'"):
        drawn.append(page.evaluate(OURS))
        longest.append(_long_tasks(page))
        heaps.append(_heap(page))
        filtered += page.evaluate(FILTER)
    peer = f"median of {VISITS}; folium inlining the same: {statistics.median(theirs) / 1000:.2f} s"
    yield Figure(
        f"{number:,} sites: first drawn map", statistics.median(drawn) / 1000, "s", 1.0, peer
    )
    yield Figure(
        f"{number:,} sites: filter to picture",
        statistics.median(filtered), "ms", 100, f"{len(filtered)} ticks, up to {max(filtered):.0f}",
    )  # fmt: skip
    beside = f"median of {VISITS}; an empty Leaflet map: {statistics.median(empty):.0f} ms"
    yield Figure(
        f"{number:,} sites: longest task of a pan", statistics.median(longest), "ms", 50, beside
    )
    yield Figure(f"{number:,} sites: script memory", statistics.median(heaps), "MB", 100, "V8 heap")


def _visits(browser: "Browser", url: str, ready: str = "true") -> "Iterator[Page]":
    for _ in range(VISITS):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page = context.new_page()
        page.goto(url)
        while not page.evaluate(f"Boolean({ready})"):
            page.wait_for_timeout(20)
        page.wait_for_timeout(500)
        yield page
        context.close()


def _long_tasks(page: "Page") -> float:
    """The longest task, in milliseconds, while the map is dragged to and fro; 0 below 50."""
    page.evaluate(WATCH)
    page.mouse.move(800, 450)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(800 + 5 * (step if step < 20 else 40 - step), 450)
    page.mouse.up()
    page.wait_for_timeout(600)
    return float(page.evaluate("Math.max(0, ...window.longest)"))


def _heap(page: "Page") -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in found if one["name"] == "JSHeapUsedSize")) / 1e6


def _folium_page(folder: Path, number: int) -> str:
    """With Leaflet from beside it."""
    chart = folium_chart(number)
    chart.default_js = [("leaflet", "leaflet.js")]
    chart.default_css = [("leaflet_css", "leaflet.css")]
    path = folder / f"folium-{number}.html"
    chart.save(path)
    path.write_text(path.read_text(encoding="utf-8") + MARK, encoding="utf-8")
    return path.as_uri()

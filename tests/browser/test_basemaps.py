"""Raster basemaps: none unless switched on, and on a GCJ-02 one only the drawing is shifted."""

import math
import struct
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page
from pyproj import Geod

from geo.datum import wgs84_to_gcj02
from layers.catalog import Catalog
from server.basemaps import parse_basemaps
from tests.browser.doors import check_sums
from tests.browser.visits import Visits, read, settle, until
from tests.browser.world import World, word
from tests.server.sites import serving

CLOSE = 14


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


# One grey pixel; the map stretches it to a tile.
PICTURE = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\xcc"))
    + chunk(b"IEND", b"")
)


class Tiles(BaseHTTPRequestHandler):
    """A tile service that knows /wgs84/ and /gcj02/ and nothing else."""

    def do_GET(self) -> None:
        known = self.path.startswith(("/wgs84/", "/gcj02/"))
        body = PICTURE if known else b"none"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "image/png" if known else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: Any) -> None:
        pass


@pytest.fixture(scope="module")
def tiles() -> Iterator[str]:
    """The address of the tile service."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Tiles) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def world(bundled: Catalog, tiles: str) -> Iterator[World]:
    offered = parse_basemaps(
        f"{tiles}/wgs84/{{z}}/{{x}}/{{y}}.png title=甲 attribution=甲图 datum=wgs84 "
        f"{tiles}/gcj02/{{z}}/{{x}}/{{y}}.png title=乙 attribution=乙图 datum=gcj02 "
        f"{tiles}/lost/{{z}}/{{x}}/{{y}}.png title=丙 datum=wgs84"
    )
    with serving(bundled, basemap=offered) as site:
        yield World.of(site)


def ground(lon: float, lat: float, zoom: float) -> tuple[float, float]:
    """Pixels from the north-west corner of the Web Mercator world."""
    size = 256 * 2**zoom
    across = (lon + 180) / 360 * size
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size
    return across, down


# Where the towns' dots and the symbols at their place stand, counted from the tiles under them.
STANDING = """() => {
  const tile = document.querySelector(".leaflet-tile-loaded");
  const [zoom, column, row] = tile.src.match(/(\\d+)/g).slice(-3).map(Number);
  const corner = tile.getBoundingClientRect();
  const scale = 256 / corner.width;
  const middle = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  };
  const onGround = ([x, y]) =>
    [column * 256 + (x - corner.x) * scale, row * 256 + (y - corner.y) * scale];
  const frame = document.getElementById("map").getBoundingClientRect();
  const within = ([x, y]) => x > frame.left && x < frame.right && y > frame.top && y < frame.bottom;
  // What lies far outside of the window is drawn as nothing at its corner.
  const drawn = (dot) => dot.getBoundingClientRect().width > 4;
  const dots = [...document.querySelectorAll(".town-dot")].filter(drawn).map(middle).filter(within);
  const pins = [...document.querySelectorAll(".pill.is-right")].map((pill) =>
    [pill.dataset.pill.split(",").map(Number), middle(pill.querySelector("svg"))]);
  return { zoom, dots: dots.map(onGround), pins: pins.map(([at, spot]) => [at, onGround(spot)]) };
}"""


def look(page: Page, at: tuple[float, float]) -> None:
    read(page, "at => void zoneAtlas.map.setView(at, 14, { animate: false })", [at[1], at[0]])
    settle(page)
    until(page, "document.querySelectorAll('.leaflet-tile-loaded').length > 4")
    until(page, "!document.querySelector('.leaflet-tile:not(.leaflet-tile-loaded)')")


def choose(page: Page, title: str) -> None:
    page.locator("#panel select").select_option(label=title)
    settle(page)


def placed(world: World) -> list[tuple[float, float]]:
    sites = [item.point for item in world.shown() if item.point and item.home == "map"]
    return sorted(set(sites))


def drawn_at(lon: float, lat: float, datum: str) -> tuple[float, float]:
    if datum == "gcj02":
        lons, lats = wgs84_to_gcj02(np.array([lon]), np.array([lat]))
        lon, lat = float(lons[0]), float(lats[0])
    return ground(lon, lat, CLOSE)


@pytest.fixture(autouse=True)
def left_tiles(visits: Visits) -> None:
    """A tile that is no longer wanted is given up."""
    visits.forgive(r"failed request: .*\.png \(net::ERR_ABORTED\)")


@pytest.mark.parametrize(("title", "datum"), [("甲", "wgs84"), ("乙", "gcj02")])
def test_symbols_stand_on_the_basemaps_own_ground(
    world: World, visits: Visits, title: str, datum: str
) -> None:
    """Town dots and symbols lie where their datum has them, to 1.5 pixels at zoom 14."""
    page = visits.open(world.url)
    choose(page, title)
    towns = [town.point for town in world.of_role("places") if town.point]
    compared = 0
    for at in placed(world)[::3]:
        look(page, at)
        standing = read(page, STANDING)
        assert standing["zoom"] == CLOSE
        expected = [drawn_at(*town, datum) for town in towns]
        for dot in standing["dots"]:
            assert min(math.dist(dot, one) for one in expected) <= 1.5
            compared += 1
        for point, spot in standing["pins"]:
            assert math.dist(spot, drawn_at(*point, datum)) <= 1.5
            compared += 1
    assert compared >= 5
    # The shift is worth a test: some hundred metres, tens of pixels.
    lon, lat = placed(world)[0]
    assert math.dist(drawn_at(lon, lat, "wgs84"), drawn_at(lon, lat, "gcj02")) > 30


def test_only_the_drawing_is_shifted(world: World, visits: Visits) -> None:
    """Pointer, address and data stay WGS 84 on a GCJ-02 basemap, and the view stays where it is."""
    page = visits.open(world.url)
    lon, lat = placed(world)[0]
    choose(page, "甲")
    look(page, (lon, lat))
    before = read(page, "() => window.zoneAtlas.map.getCenter()")
    choose(page, "乙")
    until(page, "document.querySelectorAll('.leaflet-tile-loaded').length > 4")
    after = read(page, "() => window.zoneAtlas.map.getCenter()")
    assert after == pytest.approx(before, abs=2e-5)
    spot = read(
        page,
        """([lon, lat]) => {
          const { x, y } = document.getElementById("map").getBoundingClientRect();
          const point = window.zoneAtlas.map.latLngToContainerPoint([lat, lon]);
          return [x + point.x, y + point.y];
        }""",
        [lon, lat],
    )
    page.mouse.move(spot[0] + 40, spot[1] + 40)
    page.mouse.move(*spot)
    pointed = page.locator("#strip .pointer").inner_text().split()
    assert [float(part[:-2]) for part in pointed] == pytest.approx([lon, lat], abs=2e-4)
    address, shown = read(
        page,
        """() => {
          const { lng, lat } = window.zoneAtlas.map.getCenter();
          return [new URLSearchParams(location.search).get("center"), [lng, lat]];
        }""",
    )
    assert [float(part) for part in address.split(",")] == pytest.approx(shown, abs=2e-5)
    credit = page.locator("#strip .raster-credit").inner_text()
    assert "乙图" in credit
    again = visits.open(read(page, "() => location.href"), path="")
    assert (
        again.locator("#panel select").input_value() == page.locator("#panel select").input_value()
    )


def test_lengths_stay_true_on_shifted_ground(world: World, visits: Visits) -> None:
    """Measured are the true positions, whatever datum the picture under them is drawn in."""
    page = visits.open(world.url)
    choose(page, "乙")
    look(page, placed(world)[0])
    page.locator('[data-tool="length"]').click()
    settle(page)
    spots = [(700, 350), (1000, 500)]
    for spot in spots:
        page.mouse.click(*spot)
    ends = read(
        page,
        """(spots) => spots.map(([clientX, clientY]) => {
          const { lng, lat } = window.zoneAtlas.map.mouseEventToLatLng({ clientX, clientY });
          return [lng, lat];
        })""",
        spots,
    )
    said = page.locator(".tool-said p").inner_text().split("公里")[0]
    true = Geod(ellps="WGS84").line_length(*zip(*ends, strict=True))
    assert float(said) * 1000 == pytest.approx(true, rel=1e-3)


def test_nobody_is_asked_until_a_basemap_is_chosen(
    world: World, visits: Visits, tiles: str
) -> None:
    asked: list[str] = []

    def listen(page: Page) -> None:
        page.on("request", lambda request: asked.append(request.url))

    page = visits.open(world.url, prepare=listen)
    check_sums(page, world.shown())
    assert [url for url in asked if not url.startswith(f"{world.url}/")] == []
    policy = page.request.get(f"{world.url}/", headers={"Accept": "text/html"}).headers[
        "content-security-policy"
    ]
    images = next(part.split() for part in policy.split("; ") if part.startswith("img-src"))
    assert images == ["img-src", "'self'", "data:", tiles]
    choose(page, "甲")
    until(page, "document.querySelectorAll('.leaflet-tile-loaded').length > 4")
    others = [url for url in asked if not url.startswith(f"{world.url}/")]
    assert {url.rpartition("/wgs84/")[0] for url in others} == {tiles}
    choose(page, word("zh", "basemap.own"))
    assert page.locator(".leaflet-tile").count() == 0


def test_without_basemaps_no_image_host_is_allowed(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    assert page.locator("#panel select").count() == 0
    answer = page.request.get(f"{bundled_world.url}/", headers={"Accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "img-src 'self';" in policy
    assert "unsafe" not in policy


def test_a_basemap_that_does_not_come(world: World, visits: Visits) -> None:
    """A notice says so; the data stays."""
    visits.forgive("Failed to load resource: the server responded with a status of 404")
    page = visits.open(world.url)
    choose(page, "丙")
    notice = page.locator("#notice")
    notice.wait_for(state="visible")
    assert notice.inner_text() == word("zh", "basemap.failed")
    check_sums(page, world.shown())
    choose(page, "甲")
    assert notice.is_hidden()

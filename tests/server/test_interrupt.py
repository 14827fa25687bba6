"""Filters that look at every row of a large layer: others are served, and who leaves stops them."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
import shapely

from layers.catalog import Catalog
from layers.model import Field, Layer, NewFeature, Schema, Text
from layers.stores.geopackage import GeoPackage
from layers.style import default_style
from server.pool import Pool, TimeIsUp
from tests.server.sites import Site, run_apart, serving, until

pytestmark = pytest.mark.slow

COUNT = 200_000
ZIGZAG = ",".join(f"{10 + n % 2 * n / 50} {40 + n / 100}" for n in range(200))
FOLDED = " OR ".join(f"CASEI(ACCENTI(name)) LIKE casei('%{n}x%y{n}%')" for n in range(20))
# Each looks at every row, and has to work out anew what it looks at.
HEAVY = {
    "text": f"filter={quote(FOLDED)}",
    "sorted": f"sortby=-number,name&filter={quote(FOLDED + ' OR number >= 0')}",
    "shapes": f"filter={quote(f'S_CROSSES(geometry, LINESTRING({ZIGZAG}))')}",
    "where": "",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("large") / "large.gpkg"
    fields = (Field("name", "text", Text("n", "n")), Field("number", "integer", Text("n", "n")))
    schema = Schema("LineString", fields)
    line = shapely.LineString([(10, 40), (12, 42)])
    store = GeoPackage.create(made)
    store.load(
        Layer("rows", Text("行", "Rows"), schema, default_style("rows", "LineString")),
        (NewFeature(f"r{n}", line, {"name": f"xÿ {n}", "number": n}) for n in range(COUNT)),
    )
    store.close()
    return made


@pytest.fixture(scope="module")
def site(file: Path) -> Iterator[Site]:
    """With one thread: as long as a query is at work, no other is."""
    catalog = Catalog.open(file, file.parent)
    with serving(catalog, threads=1, query_seconds=120.0) as found:
        yield found
    catalog.close()


def address(name: str) -> str:
    if name == "where":  # what Esri's clients send becomes the same filter
        where = " OR ".join(f"UPPER(name) LIKE '%{n}X%Y{n}%'" for n in range(20))
        return f"/rest/services/large/FeatureServer/0/query?where={quote(where)}"
    return f"/collections/rows/items?limit=10&{HEAVY[name]}"


@pytest.mark.parametrize("name", HEAVY)
def test_who_leaves_stops_what_was_asked(site: Site, name: str) -> None:
    """Three come and go; what they asked would take the only thread for many seconds."""
    parts = urlsplit(site.url)
    head = f"GET {address(name)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for _ in range(3):
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            connection.sendall(head.encode())
            time.sleep(0.3)
    start = time.monotonic()
    assert site.get("/collections/rows/items?limit=1").status_code == 200
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("name", HEAVY)
def test_others_are_served_while_it_runs(file: Path, name: str) -> None:
    """And when its time is up it says so, and is at an end."""
    catalog = Catalog.open(file, file.parent)
    with serving(catalog, threads=2, query_seconds=3.0) as site:
        slow: list[httpx.Response] = []
        thread = threading.Thread(
            target=lambda: slow.append(httpx.get(site.url + address(name), timeout=60))
        )
        until(lambda: site.get("/collections/rows").status_code == 200)  # its extent is known now
        start = time.monotonic()
        thread.start()
        waits = []
        while not slow and time.monotonic() - start < 30:
            for other in ("/health", "/collections/rows", "/collections/rows/items/r7"):
                before = time.monotonic()
                assert site.get(other).status_code == 200
                waits.append(time.monotonic() - before)
            time.sleep(0.02)
        thread.join()
        assert slow[0].status_code == 503
        assert slow[0].headers["retry-after"]
        assert 2.9 < time.monotonic() - start < 20
        assert len(waits) > 8
        assert sorted(waits)[len(waits) // 2] < 0.2
    catalog.close()


class HardOfHearing:
    """A store whose reading hears the third interrupt: SQLite loses those between statements."""

    def __init__(self) -> None:
        self.calls = 0
        self.heard = threading.Event()

    def interrupt(self) -> None:
        self.calls += 1
        if self.calls == 3:
            self.heard.set()

    @contextlib.contextmanager
    def reading(self) -> "Iterator[HardOfHearing]":
        yield self


def test_an_interrupt_that_was_not_heard_is_repeated() -> None:
    async def script() -> None:
        store = HardOfHearing()
        pool = Pool(lambda: store, threads=1, seconds=0.05)
        with contextlib.suppress(TimeIsUp):
            await pool.run(lambda _: store.heard.wait(30))
        assert await pool.run(lambda _: 7, seconds=5) == 7  # the only thread is free again
        assert store.calls == 3
        pool.close()

    run_apart(script)

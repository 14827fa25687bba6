"""The map as one file: what making it costs, how large it is, and its data beside folium's."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from bench.figure import Figure
from bench.folium_page import folium_chart
from bench.site_store import site_store
from layers.catalog import Catalog
from layers.stores.remembered import Remembered
from server.assets import read_assets
from server.onefile import OneFile, json_text
from server.packed import packed
from server.search_index import SearchIndex
from server.settings import Settings
from server.source import Source

FEATURES = 1_000
ROUNDS = 5


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        with closing(Catalog.open(None, settings.data_dir)) as catalog:
            source = Source(catalog.store, settings, SearchIndex(catalog, settings), Remembered())
            assets = read_assets()
            first, html = _timed(lambda: OneFile(assets).of_view(source, ""))
            writer = OneFile(assets)
            again = min(_timed(lambda: writer.of_view(source, ""))[0] for _ in range(ROUNDS))
    note = "bundled zone, with folium and pinyin imported meanwhile"
    yield Figure("one file, the first", first, "ms CPU", 300, note)
    yield Figure("one file, each other", again, "ms CPU", 300, f"bundled zone, best of {ROUNDS}")
    yield Figure("one file", len(html) / 1e6, "MB", 1.5, "bundled zone")
    ours, theirs = _our_data(), _folium_data()
    yield Figure(
        f"one file, data of {FEATURES:,} sites beside folium's",
        ours / theirs,
        "times",
        0.5,
        f"{ours / 1e3:.0f} kB; folium {theirs / 1e3:.0f} kB",
    )


def _timed(make: Callable[[], bytes]) -> tuple[float, bytes]:
    started = time.process_time()
    made = make()
    return 1000 * (time.process_time() - started), made


def _our_data() -> int:
    with closing(Catalog.open(site_store(FEATURES), Path())) as catalog:
        [layer] = catalog.store.layers()
        return len(json_text(packed(catalog.store, layer)).encode())


def _folium_data() -> int:
    """What its page has more with them than with a single one."""
    sizes = [len(folium_chart(number).get_root().render().encode()) for number in (FEATURES, 1)]
    return (sizes[0] - sizes[1]) * FEATURES // (FEATURES - 1)

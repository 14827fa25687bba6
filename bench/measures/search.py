"""Searching 100,000 sites: the index made, brought up after one edit, and asked."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

from bench.figure import Figure
from bench.site_store import site_store
from layers.search.build import catch_up
from layers.search.find import find
from layers.search.sidecar import Sidecar
from layers.stores.geopackage import GeoPackage

SITES = 100_000
EDITS = ROUNDS = 7
QUESTIONS = {
    "Chinese": "西岑软件",
    "initials": "xcrj",
    "Chinese with letters": "西岑rj",
    "letters with Chinese": "xc产业园",
    "a word with a slip": "sofwtare",
}


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder:
        file = Path(folder, "sites.gpkg")
        copyfile(site_store(SITES), file)
        sidecar = Sidecar(Path(folder, "search.sqlite"))
        with closing(GeoPackage.open(file)) as store:
            first = _caught_up(store, sidecar)
            size = f"{sidecar.path.stat().st_size / 1e6:.0f} MB"
            yield Figure(f"index of {SITES:,} sites", first, "s CPU", None, size)
            edits = [_edited(store, sidecar, number) for number in range(1, EDITS + 1)]
            yield Figure(
                "index after one edit",
                statistics.median(edits),
                "s CPU",
                0.5,
                f"median of {EDITS}, {min(edits):.2f} to {max(edits):.2f}",
            )
            for name, question in QUESTIONS.items():
                yield _asked(store, sidecar, name, question)


def _caught_up(store: GeoPackage, sidecar: Sidecar) -> float:
    started = time.process_time()
    catch_up(store, sidecar, lambda: None)
    return time.process_time() - started


def _edited(store: GeoPackage, sidecar: Sidecar, number: int) -> float:
    with store.transaction() as connection:
        # Where a layer of many is edited makes no difference: all of it is looked through.
        fid = number * SITES // (EDITS + 1)
        connection.execute("UPDATE sites SET name = name || '新' WHERE fid = ?", (fid,))
    return _caught_up(store, sidecar)


def _asked(store: GeoPackage, sidecar: Sidecar, name: str, question: str) -> Figure:
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        with store.reading() as reading, sidecar.open() as connection:
            hits = find(store, connection, reading, store.layers(), question, 10, "zh")
        seconds.append(time.process_time() - started)
    said = f"CPU, median of {ROUNDS}; {question}, {len(hits)} hits"
    return Figure(f"search, {name}", statistics.median(seconds) * 1000, "ms", None, said)

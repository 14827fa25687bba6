"""Every format there is, 100,000 sites from one GeoPackage, beside geopandas doing the same."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.exporting import DRIVERS, ITS_OWN
from bench.figure import Figure
from bench.site_store import site_store
from layers.registry import all_formats

SITES = 100_000
ROUNDS = 3
# How many times the processor time of geopandas is allowed.
WITH_GDAL, TEXT = 1.2, 1 / 3
TEXTS = ("csv", "geojson")
BY_NAME_ONLY = True  # some minutes


class Export(NamedTuple):
    seconds: float
    megabytes: float


def measure() -> Iterator[Figure]:
    store = site_store(SITES)
    kinds = {kind.name: extension for extension, kind in reversed(all_formats().items())}
    for name, extension in sorted(kinds.items()):
        theirs = _best("geopandas", extension, store) if _is_theirs(extension) else None
        our = _best("ours", extension, store)
        allowed = TEXT if extension in TEXTS else WITH_GDAL
        yield Figure(
            f"{name}, {SITES:,} sites",
            our.seconds,
            "s CPU",
            round(theirs.seconds * allowed, 2) if theirs else None,
            f"peak {our.megabytes:.0f} MB; {_said(theirs)}",
        )


def _is_theirs(extension: str) -> bool:
    return extension in DRIVERS or extension in ITS_OWN


def _said(theirs: Export | None) -> str:
    if theirs is None:
        return "geopandas has no such format"
    return f"geopandas {theirs.seconds:.2f} s, peak {theirs.megabytes:.0f} MB"


def _best(side: str, extension: str, store: Path) -> Export:
    """Each time in a new process and a new folder."""
    return min(_once(side, extension, store) for _ in range(ROUNDS))


def _once(side: str, extension: str, store: Path) -> Export:
    with tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder:
        command = [sys.executable, "-m", "bench.exporting", side, extension, str(store), folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return Export(**json.loads(done.stdout))

"""Lighthouse's score of the page: a first visit from a desk, and from a telephone far from us.

A telephone has a processor four times as slow as this one, 1.6 Mbit/s and 150 ms to the server.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.browser import chromium_path
from bench.figure import Figure
from bench.lighthouse import PROGRAM, audit
from bench.serving import serving

LOADS = 3


def measure() -> Iterator[Figure]:
    if chromium_path() is None or not PROGRAM.exists():
        return
    with (
        tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder,
        serving(Path(folder)) as server,
    ):
        for desktop in (True, False):
            reports = [audit(server.url, ("performance",), desktop=desktop) for _ in range(LOADS)]
            scores = [report.scores["performance"] for report in reports]
            costs = reports[scores.index(max(scores))].costs
            yield Figure(
                f"Lighthouse performance, {'desktop' if desktop else 'telephone'}",
                statistics.median(scores),
                "points",
                95,
                f"median of {LOADS}, {min(scores)} to {max(scores)}; {'; '.join(costs)}",
                at_least=True,
            )

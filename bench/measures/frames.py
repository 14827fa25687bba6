"""GCJ-02 and BD-09, there and back, for a million positions."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from bench.figure import Figure
from geo import datum

POSITIONS = 1_000_000
ROUNDS = 3


def measure() -> Iterator[Figure]:
    box = ((73.5, 18.1), (135.1, 53.6))
    wgs84 = np.random.default_rng(1).uniform(*box, (POSITIONS, 2)).T
    gcj02 = datum.wgs84_to_gcj02(*wgs84)
    bd09 = datum.gcj02_to_bd09(*gcj02)
    cases: list[tuple[str, Callable[[], object]]] = [
        ("WGS 84 to GCJ-02", lambda: datum.wgs84_to_gcj02(*wgs84)),
        ("GCJ-02 to WGS 84", lambda: datum.gcj02_to_wgs84(*gcj02)),
        ("GCJ-02 to BD-09", lambda: datum.gcj02_to_bd09(*gcj02)),
        ("BD-09 to GCJ-02", lambda: datum.bd09_to_gcj02(*bd09)),
    ]
    for name, run in cases:
        yield Figure(f"{name}, 1M positions", _best(run), "s", None, f"CPU, best of {ROUNDS}")


def _best(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return min(seconds)

"""What lies within 15 km of a site, among many and among very many: processor per request."""

import statistics
from collections.abc import Iterator

from bench.asks import Asker
from bench.figure import Figure
from bench.measures.sites import ours

METRES = 15_000
TIMES = 20
SITES = (100_000, 1_000_000)
BY_NAME_ONLY = True  # the first run makes a store of a million sites


def measure() -> Iterator[Figure]:
    for number in SITES:
        kind = Asker(number).circles(METRES, TIMES)
        # The clock of a busy machine is not what is measured.
        with ours(number, "--query-seconds", "60") as side:
            spent = side.spend(kind)
            hits = [side.answer(one)["numberMatched"] for one in kind.asks[kind.warm :]]
        how = f"{spent.spread}, {statistics.fmean(hits):,.0f} sites in a circle, {max(hits):,} most"
        yield Figure(f"{kind.name} at {number:,} sites", spent.mean, "ms CPU", None, how)

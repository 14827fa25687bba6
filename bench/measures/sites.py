"""Our server alone over a million sites: processor per request, growth, memory.

For whoever tunes the store; `peers` asks the same beside other servers.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.asks import LIMIT, MANY, Ask, Asker, Kind
from bench.figure import Figure
from bench.serving import resident_mb, serving
from bench.side import TURN, Side, Spent, in_turns
from bench.site_store import site_store

SITES = 1_000_000
FEW_SITES = 10_000
GROWTH = 1.3
MEMORY_MB = 300
PAGE_TURNS = 6
BY_NAME_ONLY = True  # the first run makes a store of a million sites
GOALS = {
    "box with about 1,000 hits": 1.9,
    "one feature": 0.23,
    "one property": 1.0,
    "two predicates in CQL2": 1.3,
    "10,000 features": 62,
}


def measure() -> Iterator[Figure]:
    asker = Asker(SITES)
    with ours(SITES) as side:
        for kind in kinds(asker):
            spent = side.spend(kind)
            yield Figure(kind.name, spent.mean, "ms CPU", GOALS.get(kind.name), spent.spread)
        yield from deep_pages(side)
        yield memory(side)
    yield from growth(asker)


@contextmanager
def ours(number: int, *options: str) -> Iterator[Side]:
    store = site_store(number)
    with (
        tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder,
        serving(Path(folder), store, *options) as server,
    ):
        yield Side("ours", server.port, [server.pid])


def kinds(asker: Asker, times: int = 200) -> list[Kind]:
    """What is asked for, the heavy ones less often; each call gives other requests."""
    return [
        asker.boxes(1_000, times),
        asker.features(2 * times),
        asker.blocks(times),
        asker.two_predicates(times),
        asker.two_wide_predicates(times // 10),
        asker.pages_of_many(times // 10),
        asker.boxes(16_000, times // 4),
        asker.boxes(240_000, times // 10),
        asker.boxes(16_000, times // 10, limit=MANY),
    ]


def deep_pages(side: Side) -> Iterator[Figure]:
    """Pages in the middle and pages at the start in turns, all by following `next`."""
    _, far = side.follow(side.path(Ask(limit=MANY)), SITES // 2 // MANY)
    places = [side.path(Ask()), far.replace(f"limit={MANY}", f"limit={LIMIT}")]
    each: list[list[float]] = [[], []]
    for turn in range(PAGE_TURNS):
        for number, path in enumerate(places):
            milliseconds, places[number] = side.follow(path, TURN)
            each[number] += milliseconds if turn else []  # the first one warms up
    start, deep = map(Spent, each)
    yield Figure("page by page from the start", start.mean, "ms CPU", None, start.spread)
    yield Figure(
        "page in the middle beside one at the start",
        deep.mean / start.mean,
        "times",
        GROWTH,
        f"{deep.mean:.3g} ms, {deep.spread}",
    )


def memory(side: Side) -> Figure:
    return Figure(
        f"memory at {SITES:,} sites",
        sum(map(resident_mb, side.pids)),
        "MB",
        MEMORY_MB,
        "VmRSS after all of the above",
    )


def growth(asker: Asker) -> Iterator[Figure]:
    """The same number of hits among few sites and among many, in servers as fresh as each other."""
    with ours(FEW_SITES) as few, ours(SITES) as many:
        for pair in zip(_growing(Asker(FEW_SITES)), _growing(asker), strict=True):
            small, large = in_turns(list(zip((few, many), pair, strict=True)))
            assert small.spent is not None, small
            assert large.spent is not None, large
            yield Figure(
                f"growth, {pair[0].name}",
                large.spent.mean / small.spent.mean,
                "times",
                GROWTH,
                f"{small} and {large} for {FEW_SITES:,} and {SITES:,} sites",
            )


def _growing(asker: Asker) -> list[Kind]:
    return [asker.boxes(1_000, 200), asker.features(500), asker.two_predicates(200)]

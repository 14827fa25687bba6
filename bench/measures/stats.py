"""Statistics over the made-up sites with a district each: processor time of one answer."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np

from bench import sites
from bench.cpu import cpu_seconds
from bench.figure import Figure
from bench.serving import Server, serving
from bench.site_store import kept_store
from layers.model import Field, Layer, NewFeature, Schema, Text

BY_NAME_ONLY = True  # the first run makes a store of a million sites
SIZES = (100_000, 1_000_000)
GOALS = {100_000: 300.0, 1_000_000: 1_000.0}
DISTRICTS = 12
SEED = 22
TIMES = 5
UNKNOWN, SEVERAL, INFERRED = 0.1, 0.02, 0.05  # shares of the sites
KINDS: dict[str, dict[str, str]] = {
    "by district and sector": {"group": "district,sector"},
    "by district and sector under a wide filter": {
        "group": "district,sector",
        "filter": "employees>={n}",
    },
    "by district and sector in a box with half of them": {
        "group": "district,sector",
        "bbox": "118,29.5,{east},33",
    },
    "by year, with a sum": {"group": "opened:year", "sum": "investment"},
    "two histograms": {"bins": "investment,opened"},
}


def measure() -> Iterator[Figure]:
    for number in SIZES:
        with asked(number) as server:
            for kind, query in KINDS.items():
                first, *each = [spent(server, path(query, n)) for n in range(TIMES + 1)]
                name = f"statistics {kind}, {number:,} sites"
                how = f"{TIMES} requests after the first, which took {first:.0f} ms"
                yield Figure(name, sum(each) / TIMES, "ms CPU", GOALS[number], how)


@contextmanager
def asked(number: int) -> Iterator[Server]:
    store = kept_store(
        f"sites-districts-{number}", layer(), lambda: features(number), "bench/measures/stats.py"
    )
    with (
        tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder,
        # The clock of a busy machine is not what is measured.
        serving(Path(folder), store, "--query-seconds", "60") as server,
    ):
        yield server


def path(query: dict[str, str], n: int) -> str:
    """No two the same: nothing that is remembered helps but what helps everybody."""
    values = {name: text.format(n=100 + n, east=120.5 + n / 100) for name, text in query.items()}
    return f"/stats?{urlencode(values)}"


def spent(server: Server, address: str) -> float:
    """Milliseconds of processor for one answer."""
    before = cpu_seconds([server.pid])
    with urlopen(f"{server.url}{address[1:]}") as answer:
        answer.read()
    return (cpu_seconds([server.pid]) - before) * 1000


def layer() -> Layer:
    """The sites, each with the district it is in, as far as that is known."""
    made = sites.layer()
    codes = {f"D{n}": Text(f"{n}区", f"District {n}") for n in range(DISTRICTS)}
    more = (
        Field("district", "list", Text("区县", "district"), codes=codes, role="district"),
        Field("inferred", "boolean", Text("推定", "inferred"), role="inferred"),
    )
    return replace(made, schema=Schema("Point", (*made.schema.fields, *more)))


def features(number: int) -> Iterator[NewFeature]:
    random = np.random.default_rng(SEED)
    own, kinds = random.integers(DISTRICTS, size=number).tolist(), random.random(number).tolist()
    inferred = (random.random(number) < INFERRED).tolist()
    for n, one in enumerate(sites.new_features(number)):
        where = [f"D{own[n]}"]
        if kinds[n] < UNKNOWN:
            where = []
        elif kinds[n] < UNKNOWN + SEVERAL:
            where.append(f"D{(own[n] + 1) % DISTRICTS}")
        more = {"district": where, "inferred": inferred[n]}
        yield one._replace(properties={**one.properties, **more})

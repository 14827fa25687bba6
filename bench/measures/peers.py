"""Our server beside pygeoapi and tipg on PostGIS: the same sites, the same requests, one run.

What is compared is processor time per request, of a server together with its database.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import peers, postgis
from bench.asks import MANY, Asker, Kind
from bench.figure import Figure
from bench.measures.sites import SITES, deep_pages, growth, kinds, memory, ours
from bench.side import Refused, Side, in_turns

BY_NAME_ONLY = True  # installs the peers, and takes a while
RATIOS = {
    "box with about 1,000 hits": 80,
    "one feature": 10,
    "one property": 10,
    "two predicates in CQL2": 30,
    "10,000 features": 8,
}
COMPARED = 3  # answers of each kind


def measure() -> Iterator[Figure]:
    if postgis.programs() is None:
        print(f"    left out without PostgreSQL and PostGIS: {postgis.APT_LINE}")
        return
    print(f"    {peers.versions()}", flush=True)
    programs, asker = peers.environment(), Asker(SITES)
    with (
        tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder,
        postgis.database(SITES) as database,
        ours(SITES) as us,
        peers.tipg(programs, database, Path(folder)) as tipg,
        peers.pygeoapi(programs, database, Path(folder)) as pygeoapi,
    ):
        print(f"    {database.version()}", flush=True)
        others = (tipg, pygeoapi)
        for kind in kinds(asker, 100):
            yield _beside(kind, us, others, RATIOS.get(kind.name))
        yield from deep_pages(us)
        for other in others:
            yield _deep(other, asker)
        yield memory(us)
        database.forget_tuning()
        for kind in kinds(asker, 40):
            if kind.name in RATIOS:
                named = kind._replace(name=f"{kind.name}; PostgreSQL not tuned")
                yield _beside(named, us, others, None)
    yield from growth(asker)


def _beside(kind: Kind, us: Side, others: Sequence[Side], target: float | None) -> Figure:
    """How many times our processor time the most frugal of the others needs."""
    differing = _differing(kind, us, others)
    own, *theirs = outcomes = in_turns([(side, kind) for side in (us, *others)])
    if own.spent is None:
        raise Refused(f"{kind.name}: {own}")
    least = min((one.spent.mean for one in theirs if one.spent), default=float("nan"))
    said = ", ".join(map(str, outcomes)) + f", {len(own.spent.each)} requests; "
    said += f"other answers than ours: {differing}" if differing else "same numberMatched"
    return Figure(kind.name, least / own.spent.mean, "times", target, said, at_least=True)


def _differing(kind: Kind, us: Side, others: Sequence[Side]) -> str:
    """Which of the others answer otherwise than we do; asked with what only warms up."""
    found = set()
    for ask in kind.asks[: min(COMPARED, kind.warm)]:
        ask = ask if ask.id else replace(ask, limit=MANY)
        expected = _gist(us.answer(ask))
        for other in others:
            try:
                if _gist(other.answer(ask)) != expected:
                    found.add(other.name)
            except Refused:
                found.add(other.name)
    return ", ".join(sorted(found))


def _gist(answer: dict[str, Any]) -> tuple[object, ...]:
    """What answers of different servers have in common when they are right, whatever their order:
    how many features, and which ones if that is all of them.
    """
    features, matched = answer.get("features", [answer]), answer.get("numberMatched", 1)
    which = sorted((str(one["id"]), one["properties"]["name"]) for one in features)
    return matched, len(features), which if len(features) == matched else None


def _deep(other: Side, asker: Asker) -> Figure:
    start, deep = other.spend(asker.pages(0, 20)), other.spend(asker.pages(SITES // 2, 20))
    return Figure(
        f"{other.name}: page in the middle beside one at the start",
        deep.mean / start.mean,
        "times",
        None,
        f"{start.mean:.3g} and {deep.mean:.3g} ms, by offset",
    )

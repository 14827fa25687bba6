"""Features grouped by parts of their values, and in very many groups: counted as by hand."""

import math
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from layers.filter import check, parse_text
from layers.model import Began, Binned, By, Layer, NewFeature, Query
from layers.stores.geopackage_tally import MOST_KEPT
from layers.stores.store import Store

Maker = Callable[..., Layer]
EDGES = (0, 10, 20, 50, 100)
DAYS = ("2019-12-31", "2020-01-01", "2020-06-15", "2021-03-03")


def interval(value: Any, edges: tuple[Any, ...]) -> int | None:
    return None if value is None else sum(value >= edge for edge in edges[1:-1])


@pytest.fixture
def dated(store: Store, make_layer: Maker, make_field: Maker) -> Store:
    """Numbers up to an edge and beyond, dates, and nulls of both."""
    random.seed(3)
    kinds = {"n": "integer", "x": "number", "day": "date", "time": "datetime", "word": "text"}
    layer = make_layer("dated", *(make_field(name, kind) for name, kind in kinds.items()))
    store.load(
        layer,
        (
            NewFeature(
                f"f{n}",
                None,
                {
                    "n": random.choice([None, *range(101)]),
                    "x": random.choice([None, 0.0, 9.999, 10.0, 50.0, 99.5, 100.0]),
                    "day": random.choice([None, "2019-12-31", "2020-02-29", "2021-03-03"]),
                    "time": random.choice([None, "2020-01-01T00:00:00Z", "2020-06-15T23:59:59.5Z"]),
                    "word": random.choice("ab"),
                },
            )
            for n in range(500)
        ),
    )
    return store


@pytest.mark.parametrize(
    ("by", "of"),
    [
        (Began("day", "year"), lambda one: one["day"] and one["day"][:4]),
        (Began("day", "month"), lambda one: one["day"] and one["day"][:7]),
        (Began("time", "month"), lambda one: one["time"] and one["time"][:7]),
        (Binned("n", EDGES), lambda one: interval(one["n"], EDGES)),
        (Binned("x", EDGES), lambda one: interval(one["x"], EDGES)),
        (Binned("day", DAYS), lambda one: interval(one["day"], DAYS)),
        (Binned("time", DAYS), lambda one: interval(one["time"], DAYS)),
    ],
)
def test_parts_of_values(dated: Store, by: By, of: Callable[[dict[str, object]], object]) -> None:
    layer = dated.layer("dated")
    for query in (Query(), Query(filter=check(parse_text("word = 'a'"), layer))):
        expected = Counter(
            (of(one.properties), one.properties["word"]) for one in dated.features("dated", query)
        )
        groups = dated.groups("dated", query, [by, "word"])
        assert {group.values: group.number for group in groups} == expected
        alone = dated.groups("dated", query, [by])
        assert sum(group.number for group in alone) == expected.total()


@pytest.mark.slow
def test_very_many_values(store: Store, make_layer: Maker, make_field: Maker) -> None:
    """More than are kept at once: whoever adds up what comes has everything once."""
    number = MOST_KEPT * 3
    layer = make_layer("many", "word", "odd", make_field("n", "integer"), make_field("x", "number"))
    names = [f"w{n // 2}" for n in range(number)]
    random.seed(4)
    random.shuffle(names)
    store.load(
        layer,
        (
            NewFeature(
                f"f{n}",
                None,
                {"word": name, "odd": str(n % 2), "n": n, "x": n / 2 if n % 3 else None},
            )
            for n, name in enumerate(names)
        ),
    )
    for query in (Query(), Query(filter=check(parse_text("n >= 10"), store.layer("many")))):
        first = 10 if query.filter else 0
        words: Counter[object] = Counter()
        known, total, least, greatest = 0, 0.0, math.inf, -math.inf
        for group in store.groups("many", query, ["word", "odd"], ["n", "x"]):
            whole, half = group.of
            words[group.values[0]] += group.number
            assert whole.number == group.number
            least, greatest = min(least, whole.least), max(greatest, whole.greatest)
            known, total = known + half.number, total + half.sum
        assert words == Counter(names[first:])
        assert (least, greatest) == (first, number - 1)
        xs = [n / 2 for n in range(first, number) if n % 3]
        assert (known, total) == (len(xs), pytest.approx(sum(xs)))
        counted: Counter[object] = Counter()
        for group in store.groups("many", query, ["word", "odd"]):
            counted[group.values[0]] += group.number
        assert counted == words

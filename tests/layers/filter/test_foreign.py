"""Filters on a file whose columns hold whatever another program has put there.

What matches is what its features say, whether a column has an index or not.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely

from layers.filter import FilterError, check, parse_text
from layers.filter.evaluate import evaluate, matching
from layers.filter.tree import Node
from layers.model import Query, SortKey
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions
from tests.layers.filter.test_random import SHAPES
from tests.layers.filter.trees import DATES, NUMBERS, TEXTS, TIMES, WHOLE, Trees

STRANGE = (
    None, 0, 1, 2, 5, -7, 2.5, 0.1 + 0.2, 1e16, 9e999, -9e999, "", "a", "10", "9", "yes", "2.0",
    "2022-01-01", "2022-01-01 and more", "2022-01-01T12:00", "soon", b"", b"a", b"\xff",
    "西岑".encode("gbk"), b"2022-01-01", b"5", 2**63 - 1, "ABC", "abc",
)  # fmt: skip
# As its program declares them, and what is right for it; trees ask by these names.
COLUMNS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "name": ("TEXT COLLATE NOCASE", TEXTS),
    "plain": ("STRING", TEXTS),
    "pop": ("INTEGER", WHOLE),
    "area": ("DECIMAL(10,2)", NUMBERS),
    "open": ("BOOLEAN", (0, 1)),
    "date": ("DATE", DATES),
    "start": ("DATETIME", TIMES),
    "end": ("DATETIME", TIMES),
}


class Hostile:
    """The layer as its features say it is, and as the store answers."""

    def __init__(self, store: GeoPackage) -> None:
        self.store, self.layer = store, store.layer("l")
        self.features = list(store.features("l", Query()))
        self.columns: dict[str, list[Any]] = {
            name: [one.properties[name] for one in self.features] for name in COLUMNS
        }
        self.columns["id"] = [one.id for one in self.features]
        self.shapes = [
            None if one.geometry is None else shapely.from_wkb(one.geometry)
            for one in self.features
        ]

    def agrees(self, checked: Node) -> None:
        matches = matching(evaluate(checked, self.columns, self.shapes)).tolist()
        expected = [one.id for one, hit in zip(self.features, matches, strict=True) if hit]
        query = Query(filter=checked)
        assert [one.id for one in self.store.features("l", query)] == expected, checked
        assert self.store.count("l", query) == len(expected)


@pytest.fixture(scope="module", params=["plain", "indexed", "gbk"])
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hostile]:
    chosen = random.Random(5)
    path = tmp_path_factory.mktemp("hostile") / "l.gpkg"
    shapes = shapely.from_wkt([chosen.choice(SHAPES) for _ in range(300)])
    shapes[::7] = None
    frame = geopandas.GeoDataFrame(geometry=shapes, crs=4326)
    pyogrio.write_dataframe(frame, path, layer="l", geometry_type="Unknown")
    with closing(sqlite3.connect(path)) as editor, editor:
        register_functions(editor)
        for name, (declared, values) in COLUMNS.items():
            editor.execute(f'ALTER TABLE l ADD COLUMN "{name}" {declared}')
            for fid in range(1, 301):
                value, put = chosen.choice(values if chosen.random() < 0.5 else STRANGE), "?"
                if request.param == "gbk" and isinstance(value, str):
                    value, put = value.encode("gb18030"), "CAST(? AS TEXT)"
                editor.execute(f'UPDATE l SET "{name}" = {put} WHERE fid = ?', (value, fid))
            if request.param == "indexed":
                editor.execute(f'CREATE INDEX "i_{name}" ON l ("{name}")')
                editor.execute(f'CREATE INDEX "b_{name}" ON l ("{name}" COLLATE BINARY)')
    with closing(GeoPackage.open(path)) as store:
        yield Hostile(store)


@pytest.mark.slow
def test_what_is_published_matches(hostile: Hostile) -> None:
    trees, answered = Trees(6), 0
    while answered < 600:
        try:
            checked = check(trees.predicate(2), hostile.layer)
        except FilterError:  # an interval the wrong way round, or a field that is not there
            continue
        hostile.agrees(checked)
        answered += 1


@pytest.mark.parametrize(
    "text",
    [
        "pop > 0", "pop = 2.5", "pop IS NULL", "NOT pop > 0", "pop IN (2, 5, 2.5)", "2 < pop",
        "open", "NOT open", "open = true", "open IN (true)", "open IS NULL",
        "area < 10", "area IS NULL", "area = 2", "area + 1 > 3", "pop = area",
        "plain = '5'", "plain < '10'", "plain >= '2'", "plain LIKE '2%'", "plain LIKE '%e+16'",
        "plain IN ('2.5', '9')", "plain IS NULL", "plain = 'Inf'", "CASEI(plain) = casei('INF')",
        "name = 'a'", "name = 'abc'", "name > 'ABC'", "name LIKE 'a%'", "name LIKE 'a'",
        "name IN ('a', 'ABC')", "name <> 'a'", "name IS NULL", "name = plain",
        "date = DATE('2022-01-01')", "date > DATE('2021-12-31')", "date IS NULL",
        "start > TIMESTAMP('2022-01-01T00:00:00Z')", "start IS NULL", "id = '7'", "id LIKE '1%'",
        "pop IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18)",
    ],
)  # fmt: skip
def test_a_filter_means_what_is_published(hostile: Hostile, text: str) -> None:
    hostile.agrees(check(parse_text(text), hostile.layer))


@pytest.mark.parametrize("name", COLUMNS)
def test_the_order_is_that_of_what_is_published(hostile: Hostile, name: str) -> None:
    """Null first; texts by code points, decimals as the numbers they are."""
    for descending in (False, True):
        found = [
            one.properties[name]
            for one in hostile.store.features("l", Query(sort=(SortKey(name, descending),)))
        ]
        known: list[Any] = [one for one in hostile.columns[name] if one is not None]
        nulls = [None] * (len(hostile.columns[name]) - len(known))
        expected = sorted(known, reverse=descending)
        assert found == (expected + nulls if descending else nulls + expected)


@pytest.mark.parametrize("name", COLUMNS)
def test_groups_are_those_of_what_is_published(hostile: Hostile, name: str) -> None:
    found = [(one.values[0], one.number) for one in hostile.store.groups("l", Query(), [name])]
    values = hostile.columns[name]
    assert len(found) == len(set(values))
    assert {value: values.count(value) for value in values} == dict(found)

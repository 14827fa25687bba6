"""Whichever way a question is answered, by which index or none, the answer is the same."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import product
from pathlib import Path

import pyogrio
import pytest
import shapely

from geo.extent import Extent
from layers.filter import check, parse_text
from layers.model import Field, Layer, NewFeature, Query, SortKey, Text
from layers.stores import geopackage_hits, geopackage_query
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions
from tests.rows import first_quick

Maker = Callable[..., Layer]
TOWNS = 6_000
GBK = "西岑".encode("gbk")


@pytest.fixture(scope="module")
def file_of_towns(
    tmp_path_factory: pytest.TempPathFactory, make_layer: Maker, make_field: Callable[..., Field]
) -> Path:
    """So many that fields get an index."""
    kinds = {"a": Text("甲", "A"), "b": Text("乙", "B")}
    fields = [
        make_field("name", "text"),
        make_field("town", "text"),
        make_field("people", "integer"),
        make_field("kind", "text", codes=kinds),
        make_field("open", "boolean"),
        make_field("story", "text", role="summary"),
    ]
    rows = (
        NewFeature(
            f"f{n}",
            shapely.Point(n % 100, n // 100),
            {"name": f"n{n}", "town": f"t{n % 40}", "people": n * 7 % 100, "kind": "ab"[n % 2]},
        )
        for n in range(TOWNS)
    )
    path = tmp_path_factory.mktemp("towns") / "towns.gpkg"
    with closing(GeoPackage.create(path)) as store:
        store.load(make_layer("towns", *fields, geometry="Point"), rows)
    return path


@pytest.fixture(scope="module")
def file_in_metres(file_of_towns: Path) -> Path:
    """The same towns as another program has them; each hundredth lies nowhere."""
    path = file_of_towns.with_name("metres.gpkg")
    frame = pyogrio.read_dataframe(file_of_towns, layer="towns", fid_as_index=False)
    frame.loc[::100, "geometry"] = None
    pyogrio.write_dataframe(frame.to_crs(3857), path, layer="towns")
    return path


@pytest.fixture
def towns(file_of_towns: Path, tmp_path: Path) -> Iterator[GeoPackage]:
    with closing(GeoPackage.open(Path(shutil.copy(file_of_towns, tmp_path)))) as store:
        yield store


@pytest.mark.parametrize("few", first_quick(1, [0, 10**9]))
@pytest.mark.parametrize(
    ("keys", "most_scanned"), first_quick(2, [(2_000, 1), (0, 1), (0, 900), (0, 10**9)])
)
def test_whichever_way_is_gone_the_answer_is_the_same(
    store: GeoPackage,
    make_layer: Maker,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    keys: int,
    most_scanned: int,
) -> None:
    """By kept keys, by an index, in order, in order and then by an index."""
    for module in (geopackage_hits, geopackage_query):
        monkeypatch.setattr(module, "few", lambda total, limit: few)
    monkeypatch.setattr(geopackage_hits, "MOST_KEYS", keys)
    monkeypatch.setattr(geopackage_query, "MOST_SCANNED", most_scanned)
    chance = random.Random(3)
    spots = [(chance.uniform(0, 10), chance.uniform(0, 10)) for _ in range(2_000)]
    shapes = [shapely.Point(*spot) if n % 50 else None for n, spot in enumerate(spots)]
    store.load(make_layer("l"), (NewFeature(f"f{n}", one, {}) for n, one in enumerate(shapes)))
    for extent in (Extent(1, 1, 9, 9), Extent(4, 4, 4.5, 9), Extent(9, 0, 1, 10)):
        box = shapely.union_all([shapely.box(*part) for part in extent.parts])
        expected = [n for n, one in enumerate(shapes) if one is None or box.covers(one)]
        for limit, after, offset in product((1, 60, 3_000), (None, 700, 1_999), (0, 41)):
            page = store.features("l", Query(extent, limit, after, offset=offset))
            wanted = [f"f{n}" for n in expected if n + 1 > (after or 0)][offset:][:limit]
            assert [one.id for one in page] == wanted


@pytest.mark.parametrize("few", [0, 10**9])
@pytest.mark.parametrize(("keys", "most_scanned"), [(10_000, 1), (0, 1), (0, 900), (0, 10**9)])
def test_a_filter_is_answered_alike_whichever_way_is_gone(
    towns: GeoPackage, monkeypatch: pytest.MonkeyPatch, few: int, keys: int, most_scanned: int
) -> None:
    for module in (geopackage_hits, geopackage_query):
        monkeypatch.setattr(module, "few", lambda total, limit: few)
    monkeypatch.setattr(geopackage_hits, "MOST_KEYS", keys)
    monkeypatch.setattr(geopackage_query, "MOST_SCANNED", most_scanned)
    asked = check(parse_text("town = 't3' AND people >= 50"), towns.layer("towns"))
    hits = [n for n in range(TOWNS) if n % 40 == 3 and n * 7 % 100 >= 50]
    by_people = sorted(hits, key=lambda n: (-(n * 7 % 100), -n))
    for sort, expected in (((), hits), ((SortKey("people", True),), by_people)):
        query = Query(filter=asked, sort=sort)
        assert towns.count("towns", query) == len(expected)
        for limit, offset in product((1, 60, 10_000), (0, 41)):
            page = towns.features("towns", replace(query, limit=limit, offset=offset))
            assert [one.id for one in page] == [f"f{n}" for n in expected[offset:][:limit]]


@pytest.mark.parametrize("few", first_quick(1, [0, 10**9]))
@pytest.mark.parametrize("most", first_quick(1, [0, 10**9]))
@pytest.mark.parametrize("ours", first_quick(1, [True, False]))
def test_a_box_with_another_condition_is_counted_alike_whichever_way_is_gone(
    file_of_towns: Path, file_in_metres: Path, monkeypatch: pytest.MonkeyPatch, few: int,
    most: int, ours: bool,
) -> None:  # fmt: skip
    """By the R-tree, by the other condition, by the keys of both, by functions in the box."""
    monkeypatch.setattr(geopackage_hits, "few", lambda total, limit: few)
    monkeypatch.setattr(geopackage_hits, "MOST_LOOKED_AT", most)
    placed = [ours or n % 100 > 0 for n in range(TOWNS)]
    boxes = [Extent(9.5, 4.5, 80.5, 60), Extent(49.5, 10.5, 19.5, 40.5)]
    conditions: list[tuple[str, Callable[[int], bool]]] = [
        ("people >= 50", lambda n: n * 7 % 100 >= 50),
        ("people >= 50 AND kind = 'a'", lambda n: n * 7 % 100 >= 50 and n % 2 == 0),
        ("people <> 3 OR town = 't3'", lambda n: n * 7 % 100 != 3 or n % 40 == 3),
        ("CASEI(town) LIKE casei('T1%')", lambda n: str(n % 40)[0] == "1"),
        ("people > 1000", lambda n: False),
        ("open IS NULL", lambda n: True),
    ]
    with closing(GeoPackage.open(file_of_towns if ours else file_in_metres)) as store:
        layer = store.layer("towns")
        for box in boxes:
            near = [
                n
                for n in range(TOWNS)
                if not placed[n] or box.intersects(Extent(n % 100, n // 100, n % 100, n // 100))
            ]
            for text, fits in conditions:
                expected = sum(map(fits, near))
                wanted = Query(box, filter=check(parse_text(text), layer))
                assert store.count("towns", wanted) == expected
                assert sum(1 for _ in store.features("towns", wanted)) == expected


def test_two_conditions_are_counted_in_one_index(towns: GeoPackage) -> None:
    """The index of a value that many share has the short values of its features."""
    with towns.reading() as reading:
        made = reading.connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'towns'"
            " AND sql IS NOT NULL ORDER BY name"
        )
        columns = [sql.partition(' ON "towns" ')[2] for (sql,) in made]
        plan = reading.connection.execute(
            "EXPLAIN QUERY PLAN SELECT count(*) FROM towns WHERE town = 't3' AND people >= 50"
        ).fetchall()
    assert columns == [
        '("name")',
        '("town", "fid", "people", "kind", "open")',
        '("people", "fid", "kind", "open")',
        '("kind")',
        '("open")',
        "(fid) WHERE geom IS NULL",
    ]
    assert [row[3] for row in plan] == ["SEARCH towns USING COVERING INDEX idx_towns_1 (town=?)"]


def test_one_text_that_is_not_utf8_among_many_rows(towns: GeoPackage) -> None:
    towns.close()
    with closing(sqlite3.connect(towns.path)) as connection:
        register_functions(connection)
        connection.execute("UPDATE towns SET name = CAST(? AS TEXT) WHERE fid = 1800", (GBK,))
        connection.commit()
    with closing(GeoPackage.open(towns.path)) as store:
        found = list(store.features("towns", Query()))
        assert store.feature("towns", "f1799").properties["name"] == "西岑"
    assert [one.fid for one in found] == list(range(1, TOWNS + 1))
    assert found[1_799].properties["name"] == "西岑"
    assert found[0].properties["name"] == "n0"

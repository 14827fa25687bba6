"""What SQLite makes of a compiled filter: an index where there is one."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
import shapely

from geo.crs import transform_geometries
from layers.filter import check, parse_text
from layers.filter.functions import FUNCTIONS, register
from layers.filter.sql import Columns, compile_filter
from layers.filter.stored import related_blobs
from layers.model import Schema
from layers.stores.geopackage_values import published
from tests.layers.filter.places import LAYER, Places, features


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    made = Places(tmp_path_factory.mktemp("plans"), features())
    for number, column in enumerate(made.table.columns):
        name = column.replace('"', '""')
        made.connection.execute(f'CREATE INDEX i{number} ON places ("{name}")')
    yield made
    made.close()


@pytest.mark.parametrize(
    "filter",
    [
        "name = 'Kiev'",
        "'Kiev' < name",
        "name BETWEEN 'A' AND 'C'",
        "name IN ('Kiev', 'Suva')",
        "name LIKE 'K%'",
        "name LIKE 'Kiev'",
        "name LIKE 'Ki_v' AND area > 0",
        "pop = 5",
        "pop = 1038280 + 8",
        "pop > 5 AND pop < 10",
        "pop IN (5, 6)",
        "\"date\" = DATE('2022-04-16')",
        "\"date\" > TIMESTAMP('2022-04-16T10:13:19Z')",
        "start = TIMESTAMP('2022-04-16T10:13:19Z')",
        "start >= DATE('2022-04-16')",
        "T_DURING(INTERVAL(start, \"end\"), INTERVAL('2022-01-01', '2022-12-31'))",
        "name = 'Kiev' AND S_INTERSECTS(geometry, BBOX(0, 0, 50, 60))",
        "name = 'Kiev' OR pop = 5",
        "name IS NULL",
        "id = 'kiev'",
    ],
)
def test_an_index_is_used(indexed: Places, filter: str) -> None:
    compiled = compile_filter(check(parse_text(filter), LAYER), LAYER, indexed.where_columns)
    plan = indexed.plan(compiled)
    assert "SEARCH" in plan
    assert "SCAN" not in plan


@pytest.mark.parametrize(
    "filter",
    [
        "name = 'Kiev'",
        "'Kiev' < name",
        "name BETWEEN 'A' AND 'C'",
        "name IN ('Kiev', 'Suva')",
        "name LIKE 'K%'",
        "name IS NULL",
        "pop = 5",
        "5 < pop",
        "pop > 5 AND pop < 10",
        "pop IN (5, 6)",
        "area >= 5.5",
        "\"date\" = DATE('2022-04-16')",
        "start >= DATE('2022-04-16')",
        "area = 5.5 OR pop = 5",
    ],
)
def test_an_index_of_another_program_is_used(indexed: Places, filter: str) -> None:
    """Beside the check that what stands in the column is what is published."""
    first = 8  # before the list, which other programs do not have
    layer = replace(LAYER, schema=Schema("Geometry", LAYER.schema.fields[:first]))
    columns_of = indexed.table.columns[:first]
    table = replace(indexed.table, layer=layer, columns=columns_of, ours=False)
    columns = replace(indexed.where_columns, published=published(table), texts=frozenset({"name"}))
    plan = indexed.plan(compile_filter(check(parse_text(filter), LAYER), LAYER, columns))
    assert "SEARCH" in plan
    assert "SCAN" not in plan


def test_nothing_of_a_filter_stands_in_the_sql() -> None:
    """Values are bound; the only texts in quotation marks are names of the schema and operators."""
    columns = Columns({"name": 'na"me', "tags": "tags"}, "id", "geom")
    text = (
        "name = 'secret1' OR name LIKE 'secret2%' OR A_CONTAINS(tags, ('secret3')) OR"
        " CASEI(name) IN ('secret4')"
    )
    compiled = compile_filter(check(parse_text(text), LAYER), LAYER, columns)
    assert "secret" not in compiled.where
    assert '"na""me"' in compiled.where
    assert sum("secret" in str(parameter) for parameter in compiled.parameters) == 6


def test_the_functions_are_those_that_are_listed() -> None:
    connection = sqlite3.connect(":memory:")
    register(connection)
    known = {
        name
        for (name,) in connection.execute("SELECT name FROM pragma_function_list")
        if name.startswith("zoneatlas_")
    }
    assert known == set(FUNCTIONS)
    connection.close()


def test_the_functions_take_whatever_a_file_holds() -> None:
    connection = sqlite3.connect(":memory:")
    register(connection)
    point = shapely.to_wkb(shapely.Point(1, 2))
    strange = [
        None,
        5,
        1.5,
        "text",
        b"",
        b"GP",
        b"GP\0\1" + bytes(8),
        b"GP\0\3" + bytes(60),
        b"\xff" * 99,
    ]
    for value in strange:
        for sql in (
            "zoneatlas_fold(?1, 1, 1)",
            "zoneatlas_instant(?1)",
            "zoneatlas_calculate('%', ?1, 3)",
            "zoneatlas_lists('A_EQUALS', ?1, '[]')",
        ):
            connection.execute(f"SELECT {sql}", (value,)).fetchone()
        for op in ("S_INTERSECTS", "S_WITHIN", "S_DISJOINT"):
            sql = f"SELECT zoneatlas_spatial('{op}', ?, ?, 'CRS84')"
            stored = value if isinstance(value, bytes) and value[:2] == b"GP" else None
            # an envelope in the header is believed, so that one of them has an answer
            assert connection.execute(sql, (stored, point)).fetchone() in ((None,), (0,), (1,))
            assert connection.execute(sql, (point, stored)).fetchone() in ((None,), (0,), (1,))
    connection.close()


def test_a_table_in_another_crs_is_answered_in_degrees() -> None:
    """Blobs as another program wrote them: EPSG:4549, with or without an envelope."""
    degrees = shapely.from_wkt(["POINT (121.1 31.1)", "LINESTRING (121 31, 121.2 31.2)"])
    metres = transform_geometries(degrees, "CRS84", "EPSG:4549")
    box = shapely.to_wkb(shapely.box(121.05, 31.05, 121.15, 31.15))
    related = related_blobs()
    for one, within in zip(metres, (1, 0), strict=True):
        for header in (b"GP\0\1" + bytes(4), b"GP\0\3" + bytes(36)):
            blob = header + shapely.to_wkb(one, byte_order=1)
            assert related("S_INTERSECTS", blob, box, "EPSG:4549") == 1
            assert related("S_WITHIN", blob, box, "EPSG:4549") == within


def test_a_numeric_key_is_an_id_of_text() -> None:
    connection = sqlite3.connect(":memory:")
    register(connection)
    connection.execute("CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB)")
    connection.executemany("INSERT INTO t (fid) VALUES (?)", [(1,), (2,), (10,)])
    layer = replace(LAYER, schema=Schema("Point", ()))
    for text, expected in (("id < '2'", [1, 10]), ("id LIKE '1%'", [1, 10]), ("id = '2'", [2])):
        checked = check(parse_text(text), layer)
        columns = Columns({}, "fid", "geom", published={"id": 'CAST("fid" AS TEXT)'})
        compiled = compile_filter(checked, layer, columns)
        sql = f"SELECT fid FROM t WHERE {compiled.where} ORDER BY fid"
        assert [fid for (fid,) in connection.execute(sql, compiled.parameters)] == expected
    connection.close()

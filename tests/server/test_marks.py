"""Pages through a file of another program, whose columns hold what their types do not say."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import geopandas
import orjson
import pyogrio
import pytest
import shapely

from layers.catalog import Catalog
from layers.stores.geopackage_blob import register_functions
from tests.rows import first_quick
from tests.server.sites import Site, ids, serving, there_and_back

LONG, GBK = "长" * 3_000, "西岑站".encode("gbk")
# A column's name, its declared type, and values that SQLite lets it hold.
COLUMNS: dict[str, tuple[str, list[object]]] = {
    "price": ("DECIMAL(10,2)", [1e20, 2, 1.5, "1.50 yuan", None, -3, 10, 2.0, 1e-7]),
    "open": ("BOOLEAN", [5, 1, 0, None, -1, "yes", 2.5, 0, 1]),
    "depth": ("DOUBLE", [float("inf"), float("-inf"), 1e308, None, 0.1, 0.1, "deep", -0.0, 5e-324]),
    "floors": ("INTEGER", ["unknown", 3, 3, "３", 2**63 - 1, -(2**63), 1.5, None, b"\xff\x00"]),
    "name": ("TEXT", ["b", "B", None, "西岑站", "é", "", "a\0b", "a", "b"]),
    "other": ("TEXT", [GBK, b"\xff", b"\xfe", None, b"z", b"z", b"\xc3", b"", b"x"]),
    "notes": ("TEXT", [LONG, LONG + "1", LONG + "0", None, LONG, "x" * 9_000, "", "y", "z"]),
    "noted": ("BLOB_TEXT", [b"a" * 5_000, b"a", "a", None, 1, 1.0, b"a" * 5_000, "a" * 5_000, b""]),
    "day": ("DATE", ["2024-01-01", "2024-1-1", 20240101, None, "", "soon", "2024-01-01", 0, "x"]),
}  # fmt: skip
ROWS = 36


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("foreign")
    path = folder / "foreign.gpkg"
    points = [shapely.Point(120 + n / 100, 31) for n in range(ROWS)]
    frame = geopandas.GeoDataFrame({"n": range(ROWS)}, geometry=points, crs=4326)
    pyogrio.write_dataframe(frame, path, layer="things")
    with closing(sqlite3.connect(path)) as editor, editor:
        register_functions(editor)
        for name, (kind, values) in COLUMNS.items():
            editor.execute(f"ALTER TABLE things ADD COLUMN {name} {kind}")
            as_text = f"CAST(? AS {'TEXT' if name == 'other' else 'BLOB'})"
            for n in range(ROWS):
                value = values[n * 5 % 9]
                given = as_text if isinstance(value, bytes) else "?"
                editor.execute(f"UPDATE things SET {name} = {given} WHERE fid = ?", (value, n + 1))
    catalog = Catalog.open(path, folder / "data")
    with serving(catalog) as site:
        yield site
    catalog.close()


@pytest.mark.parametrize("condition", first_quick(1, ["", "&bbox=119,30,120.3,32", "&filter=n>4"]))
@pytest.mark.parametrize("descending", first_quick(1, ["-", ""]))
@pytest.mark.parametrize("field", COLUMNS)
def test_every_feature_comes_once_both_ways(
    foreign: Site, field: str, descending: str, condition: str
) -> None:
    address = f"/collections/things/items?sortby={descending}{field}{condition}"
    whole = ids(foreign.json(f"{address}&limit=1000"))
    forward, back = there_and_back(foreign, f"{address}&limit=4")
    assert [one for page in forward for one in page] == whole
    assert len(set(whole)) == len(whole) == foreign.json(f"{address}&limit=1")["numberMatched"]
    assert back[::-1] == forward[:-1]


def test_two_fields_at_once(foreign: Site) -> None:
    address = "/collections/things/items?sortby=-other,floors,-noted"
    whole = ids(foreign.json(f"{address}&limit=1000"))
    forward, _ = there_and_back(foreign, f"{address}&limit=5")
    assert [one for page in forward for one in page] == whole


@pytest.mark.parametrize(
    "values",
    [
        [["bytes", "xyz"]], [["text", 5]], [["number", "nan"]], [["number", "1"]], [["row"]], [[]],
        [{"a": 1}], [2**63], [["feature", 1]],
    ],
)  # fmt: skip
def test_a_mark_that_no_link_has_is_refused(foreign: Site, values: list[object]) -> None:
    mark = base64.urlsafe_b64encode(orjson.dumps([*values, 1])).decode().rstrip("=")
    answer = foreign.get(f"/collections/things/items?sortby=name&after={mark}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "after"
    assert "next link" in answer.json()["allowed"]


def test_a_long_value_is_looked_up_while_its_feature_is_there(foreign: Site) -> None:
    address = "/collections/things/items?sortby=notes"
    mark = base64.urlsafe_b64encode(orjson.dumps([["feature"], 999])).decode().rstrip("=")
    answer = foreign.get(f"{address}&after={mark}")
    assert answer.status_code == 400
    assert "feature is there" in answer.json()["allowed"]

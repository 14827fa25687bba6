"""Columns in GeoPackages of other programs: their roles, titles, values and texts."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from layers.filter import check, parse_text
from layers.model import Query, SortKey
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions
from tests.layers.foreign import frame, write

ALL = Query()


def named(path: Path, **columns: list[object]) -> Path:
    rows = len(next(iter(columns.values())))
    points = [shapely.Point(120 + n / 100, 31) for n in range(rows)]
    pyogrio.write_dataframe(geopandas.GeoDataFrame(columns, geometry=points, crs=4326), path)
    return path


def roles(path: Path) -> dict[str, tuple[str | None, str | None]]:
    with closing(GeoPackage.open(path)) as store:
        [layer] = store.layers()
        return {one.name: (one.role, one.lang) for one in layer.schema.fields if one.role}


def test_columns_of_conventional_names_say_what_they_are(tmp_path: Path) -> None:
    """As in a GeoJSON file without a schema: so they come from our own service by ogr2ogr."""
    path = named(
        tmp_path / "f.gpkg",
        id=["a", "b"],
        name_zh=["金泽镇", "练塘镇"],
        name_en=["Jinze", None],
        名称=["金泽", "练塘"],  # there is a name in Chinese already
        placement=["township", None],
        position_uncertainty_m=[1500, 2000],
    )
    assert roles(path) == {
        "name_zh": ("name", "zh"),
        "name_en": ("name", "en"),
        "placement": ("placement", None),
        "position_uncertainty_m": ("uncertainty", None),
    }
    with closing(GeoPackage.open(path)) as store:
        found = [one.properties["name_zh"] for one in store.features("f", ALL)]
        assert found == ["金泽镇", "练塘镇"]


def test_a_shape_is_where_it_is_whatever_its_placement(tmp_path: Path) -> None:
    """What is known to its district at best is no pin; the district itself is drawn."""
    districts = frame(count=2)
    districts["placement"] = "district"
    pyogrio.write_dataframe(districts, tmp_path / "f.gpkg")
    assert roles(tmp_path / "f.gpkg") == {"名称": ("name", "zh")}


def test_columns_that_only_sound_conventional(tmp_path: Path) -> None:
    path = named(
        tmp_path / "f.gpkg",
        placement=["left", "right"],
        name=[1, 2],
        position_uncertainty_m=["much", "little"],
        kind=["a", "a"],
        heading=["North", "South"],
    )
    assert roles(path) == {"placement": ("name", None)}
    path = named(tmp_path / "g.gpkg", kind=["a"] * 9, heading=[f"No. {n}" for n in range(9)])
    assert roles(path) == {"heading": ("name", None)}


def test_titles_of_columns_are_their_labels(tmp_path: Path) -> None:
    path = named(tmp_path / "f.gpkg", name=["North"], Ärea=[2.5])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,"
            " name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT)"
        )
        connection.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES (?, ?, ?)",
            [("F", "Ärea", "面积"), ("f", "name", None), ("other", "name", "wrong")],
        )
        connection.commit()
    with closing(GeoPackage.open(path)) as store:
        labels = {one.name: one.label.zh for one in store.layer("f").schema.fields}
        assert labels == {"name": "name", "Ärea": "面积"}


def test_titles_and_enumerations_of_another_program(tmp_path: Path) -> None:
    """The extension `gpkg_schema`: labels and codes; a number has no codes with us."""
    path = named(tmp_path / "f.gpkg", art=["x", "y"], stufe=[1, 2])
    columns = [("art", "种类", "kinds"), ("stufe", None, "steps")]
    constraints = [
        ("kinds", "enum", "x", "甲"),
        ("kinds", "enum", "y", None),
        ("kinds", "glob", "z*", "其他"),
        ("steps", "enum", "1", "一"),
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TABLE gpkg_data_columns (table_name TEXT, column_name TEXT, name TEXT,"
            " title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT)"
        )
        connection.execute(
            "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT, constraint_type TEXT,"
            " value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC,"
            " max_is_inclusive BOOLEAN, description TEXT)"
        )
        connection.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, title, constraint_name)"
            " VALUES ('f', ?, ?, ?)",
            columns,
        )
        connection.executemany(
            "INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value,"
            " description) VALUES (?, ?, ?, ?)",
            constraints,
        )
    with closing(GeoPackage.open(path)) as store:
        art, stufe = store.layer("f").schema.fields
        assert (art.label.zh, stufe.label.zh) == ("种类", "stufe")
        assert art.codes == {"x": ("甲", "甲"), "y": ("y", "y")}
        assert stufe.codes is None
        found = store.features("f", Query(filter=check(parse_text("art='x'"), store.layer("f"))))
        assert [one.properties for one in found] == [{"art": "x", "stufe": 1}]


def test_values_that_do_not_fit_their_column_are_null(tmp_path: Path) -> None:
    """To who reads features, sorts by them and goes from page to page, and sums them up."""
    path = tmp_path / "loose.gpkg"
    columns = {"n": [1, 2, 3, 4], "x": [0.5, 1.5, 2.5, 3.5], "yes": [True, False, True, False]}
    places = [shapely.Point(n, 50) for n in range(4)]
    frame = geopandas.GeoDataFrame(columns, geometry=places, crs=4326)
    frame["day"] = np.array([f"2024-01-0{n}" for n in range(1, 5)], "datetime64[ms]")
    pyogrio.write_dataframe(frame, path)
    with closing(sqlite3.connect(path)) as connection:
        register_functions(connection)
        for column, wrong in (("n", "many"), ("x", "9e999"), ("yes", "yes"), ("day", "soon")):
            value = 9e999 if wrong == "9e999" else wrong
            connection.execute(f"UPDATE loose SET {column} = ? WHERE fid = 2", (value,))
        connection.execute("UPDATE loose SET n = 3.25 WHERE fid = 3")
        connection.execute("UPDATE loose SET x = x'00ff' WHERE fid = 3")
        connection.commit()
    with closing(GeoPackage.open(path)) as store:
        read = [tuple(one.properties.values()) for one in store.features("loose", ALL)]
        assert [row[:3] for row in read] == [
            (1, 0.5, True),
            (None, None, None),
            (None, None, True),
            (4, 3.5, False),
        ]
        assert [row[3] is None for row in read] == [False, True, False, False]
        [whole] = store.groups("loose", ALL, [], ["n", "x", "yes", "day"])
        assert [(one.number, one.sum) for one in whole.of[:3]] == [(2, 5), (2, 4.0), (3, 2)]
        assert (whole.of[0].least, whole.of[0].greatest, whole.of[3].number) == (1, 4, 3)
        order = (SortKey("n", descending=True),)
        first, second = store.features("loose", Query(limit=2, sort=order))
        after = Query(limit=9, sort=order, after=second.fid, after_values=(1,))
        assert [first.fid, second.fid] == [4, 1]
        assert [one.fid for one in store.features("loose", after)] == [3, 2]


def test_ids_that_are_numbers_are_texts_to_a_filter(tmp_path: Path) -> None:
    """By code points, as all texts are: 10 comes before 2."""
    path = tmp_path / "many.gpkg"
    places = [shapely.Point(n, 50) for n in range(30)]
    geopandas.GeoDataFrame({"n": range(30)}, geometry=places, crs=4326).to_file(path, layer="l")
    with closing(GeoPackage.open(path)) as store:
        layer = store.layer("l")
        ids = [str(n) for n in range(1, 31)]
        for text, expected in (
            ("id LIKE '1%'", [one for one in ids if one.startswith("1")]),
            ("id > '2'", [one for one in ids if one > "2"]),
            ("id = '7'", ["7"]),
            ("id IN ('3', '03')", ["3"]),
        ):
            wanted = Query(filter=check(parse_text(text), layer))
            assert [one.id for one in store.features("l", wanted)] == expected


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("西岑站".encode("gbk"), "西岑站"),
        ("㐀𠀀".encode("gb18030"), "㐀𠀀"),
        ("西岑站".encode(), "西岑站"),
        (b"ab\xff", "ab\ufffd"),
    ],
)
def test_text_that_is_not_utf8(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes, text: str
) -> None:
    path = write(tmp_path / "f.gpkg")
    with closing(sqlite3.connect(path)) as connection:
        register_functions(connection)
        connection.execute("UPDATE parcels SET 名称 = CAST(? AS TEXT)", (data,))
        connection.commit()
    with closing(GeoPackage.open(path)) as store:
        for _ in range(2):
            assert {one.properties["名称"] for one in store.features("parcels", ALL)} == {text}
        assert store.feature("parcels", "7").properties["名称"] == text
    assert caplog.text.count("is not UTF-8") == (text.encode() != data)

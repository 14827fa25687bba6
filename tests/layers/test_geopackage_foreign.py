"""GeoPackages of other programs: served as they stand, in CRS84, and never written to."""

import shutil
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from geo.extent import Extent
from layers.catalog import Catalog
from layers.errors import StoreError, StoreReadOnly, UnknownFeature
from layers.export.select import whole
from layers.filter import check, parse_text
from layers.formats import geojson
from layers.model import Layer, Query, SortKey
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions

ALL = Query()


def frame(crs: int = 4326, count: int = 50) -> geopandas.GeoDataFrame:
    """A grid of squares around 120.5, 31, with columns of many kinds."""
    squares = [
        shapely.box(
            120 + n % 10 * 0.1, 30.5 + n // 10 * 0.1, 120.05 + n % 10 * 0.1, 30.55 + n // 10 * 0.1
        )
        for n in range(count)
    ]
    return geopandas.GeoDataFrame(
        {
            "名称": [f"第{n}块" for n in range(count)],
            "id": range(100, 100 + count),
            "wert": [n / 7 for n in range(count)],
            "offen": [n % 2 == 0 for n in range(count)],
            "tag": [f"2024-01-{n % 28 + 1:02d}" for n in range(count)],
        },
        geometry=squares,
        crs=4326,
    ).to_crs(crs)


def write(path: Path, crs: int = 4326, index: bool = True, **options: str) -> Path:
    pyogrio.write_dataframe(
        frame(crs), path, layer="parcels", SPATIAL_INDEX="YES" if index else "NO", **options
    )
    return path


@pytest.mark.parametrize("crs", [4326, 4490, 4549, 3857, 32651])
@pytest.mark.parametrize("index", [True, False])
def test_any_crs_with_and_without_index(tmp_path: Path, crs: int, index: bool) -> None:
    path = write(tmp_path / "foreign.gpkg", crs, index)
    before = path.read_bytes()
    with closing(GeoPackage.open(path)) as store:
        assert store.read_only
        [layer] = store.layers()
        assert (layer.id, layer.schema.geometry) == ("parcels", "Polygon")
        assert layer.store_crs == ("CRS84" if crs == 4326 else f"EPSG:{crs}")
        features = list(store.features("parcels", ALL))
        assert len(features) == 50
        for feature, expected in zip(features, frame().geometry, strict=True):
            shape = shapely.from_wkb(feature.geometry)
            assert shape.symmetric_difference(expected).area < 1e-8 * expected.area
        box = Query(Extent(120.21, 30.61, 120.34, 30.74))
        found = [one.properties["id"] for one in store.features("parcels", box)]
        assert found == [112, 113, 122, 123]
        assert store.count("parcels", box) == 4
        first = next(store.features("parcels", Query(box.extent, 1)))
        rest = store.features("parcels", Query(box.extent, 10, first.fid))
        assert [one.properties["id"] for one in rest] == found[1:]
        extent = store.extent("parcels")
        assert extent is not None
        assert tuple(extent) == pytest.approx((120, 30.5, 120.95, 30.95), abs=1e-7)
        assert b"".join(geojson.write(whole(store, layer.id)))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM parcels WHERE fid BETWEEN 3 AND 32",
        "INSERT INTO parcels (fid, geom, id) SELECT fid + 1000, geom, id FROM parcels",
    ],
)
def test_an_r_tree_that_was_left_behind(tmp_path: Path, change: str) -> None:
    """By a program that knows no triggers: every feature is counted and on a page, once."""
    path = write(tmp_path / "foreign.gpkg")
    with closing(sqlite3.connect(path)) as connection, connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ]
        for name in names:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(change)
        [(expected,)] = connection.execute("SELECT count(*) FROM parcels").fetchall()
    with closing(GeoPackage.open(path)) as store:
        everywhere = Query(Extent(119, 30, 122, 32))
        assert store.count("parcels", everywhere) == expected
        seen: list[int] = []
        while page := list(
            store.features(
                "parcels", replace(everywhere, limit=7, after=seen[-1] if seen else None)
            )
        ):
            assert len(page) == min(7, expected - len(seen))
            seen += [one.fid for one in page]
        assert len(seen) == len(set(seen)) == expected


def test_schema_and_ids_come_from_the_table(tmp_path: Path) -> None:
    with closing(GeoPackage.open(write(tmp_path / "f.gpkg"))) as store:
        fields = {field.name: field.type for field in store.layer("parcels").schema.fields}
        assert fields == {
            "名称": "text", "id": "integer", "wert": "number", "offen": "boolean", "tag": "text",
        }  # fmt: skip
        feature = store.feature("parcels", "7")
        assert (feature.id, feature.fid) == ("7", 7)
        assert feature.properties == {
            "名称": "第6块", "id": 106, "wert": 6 / 7, "offen": True, "tag": "2024-01-07",
        }  # fmt: skip
        strange = ("07", "7.0", "+7", "x", "", "²", "--5", "-", "-0", "7\n", " 7", "٧")
        for name in (*strange, "9" * 19, "-" + "9" * 19, "9" * 30, "9" * 5_000):
            with pytest.raises(UnknownFeature):
                store.feature("parcels", name)


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


@pytest.mark.parametrize(
    ("shapes", "symbol"),
    [
        ([shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(2, 0, 3, 1)]), None], "area"),
        ([shapely.LineString([(0, 0), (1, 1)])], "line"),
        ([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], "circle"),
        ([None], "circle"),
    ],
)
def test_a_table_for_any_geometry_looks_like_what_is_in_it(
    tmp_path: Path, shapes: list[shapely.Geometry | None], symbol: str
) -> None:
    """The GDAL line of the panel declares all tables so."""
    numbered = geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=4326)
    pyogrio.write_dataframe(numbered, tmp_path / "f.gpkg", geometry_type="Unknown")
    with closing(GeoPackage.open(tmp_path / "f.gpkg")) as store:
        [layer] = store.layers()
        assert (layer.schema.geometry, layer.style.symbol) == ("Geometry", symbol)


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


def test_curves_and_garbage_are_as_good_as_no_geometry(tmp_path: Path) -> None:
    """One feature that nobody here can draw takes nothing from the others."""
    path = tmp_path / "curved.gpkg"
    places = [shapely.Point(n, 50) for n in (0, 1, 2, 3, 4)]
    frame = geopandas.GeoDataFrame({"n": range(5)}, geometry=places, crs=4326)
    frame.to_file(path, layer="l", geometry_type="Unknown", SPATIAL_INDEX="NO")
    curve = struct.pack("<2sBBi", b"GP", 0, 1, 4326) + struct.pack("<BII6d", 1, 8, 3, *range(6))
    with closing(sqlite3.connect(path)) as editor, editor:
        strange = (
            (1, curve),
            (2, b"no geometry at all"),
            (4, "POINT (3 50), as a text 29 b."),
            (5, 7),
        )
        for fid, blob in strange:
            editor.execute("UPDATE l SET geom = ? WHERE fid = ?", (blob, fid))
    with closing(GeoPackage.open(path)) as store:
        layer = store.layer("l")
        found = list(store.features("l", ALL))
        assert [one.geometry is None for one in found] == [True, True, False, True, True]
        assert [store.feature("l", one.id) for one in found] == found
        assert store.count("l", Query(Extent(1.5, 49, 2.5, 51))) == 3  # two without a geometry
        for text, expected in (
            ("S_INTERSECTS(geometry, BBOX(-10, 40, 10, 60))", ["3"]),
            ("S_TOUCHES(geometry, POLYGON((2 50, 3 50, 3 51, 2 50)))", ["3"]),
            ("S_EQUALS(geometry, geometry)", ["3"]),
        ):
            wanted = Query(filter=check(parse_text(text), layer))
            assert [one.id for one in store.features("l", wanted)] == expected


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


@pytest.mark.parametrize("index", [True, False])
def test_the_extent_of_a_large_layer_in_metres(tmp_path: Path, index: bool) -> None:
    """Around all of it, and hardly larger, without a look at every geometry."""
    random = np.random.default_rng(5)
    x, y = random.normal(500_000, 40_000, 20_001), random.normal(3_400_000, 60_000, 20_001)
    frame = geopandas.GeoDataFrame(geometry=shapely.points(x, y), crs=4549)
    path, spatial_index = tmp_path / "large.gpkg", "YES" if index else "NO"
    pyogrio.write_dataframe(frame, path, SPATIAL_INDEX=spatial_index)
    west, south, east, north = frame.to_crs(4490).total_bounds
    with closing(GeoPackage.open(path)) as store:
        found = store.extent("large")
        assert found is not None
        assert found.west < west
        assert found.south < south
        assert found.east > east
        assert found.north > north
        assert tuple(found) == pytest.approx((west, south, east, north), abs=0.1)
        assert store.extent("large", Query(Extent(119, 29, 121, 33))) is not None


@pytest.mark.parametrize("crs", [4549, 3857, 32650, 3832])
def test_a_box_over_many_in_another_crs(tmp_path: Path, crs: int) -> None:
    """Where most are counted without a look at them: as exact as where each is looked at."""
    random = np.random.default_rng(crs)
    west, east = (-40, 40) if crs == 3857 else (170, 190) if crs == 3832 else (117, 121)
    x, y = random.uniform(west, east, 6_000), random.uniform(29, 33, 6_000)
    x = np.where(x > 180, x - 360, x)
    ends = shapely.points(x + random.choice([0, 0.01], 6_000), y + 0.02)
    places = np.where(
        random.random(6_000) < 0.5,
        shapely.points(x, y),
        shapely.linestrings(np.stack([shapely.get_coordinates(ends), np.c_[x, y]], axis=1)),
    )
    places = places[shapely.bounds(places)[:, 2] <= 180]
    frame = geopandas.GeoDataFrame({"n": range(len(places))}, geometry=places, crs=4326)
    path = tmp_path / "many.gpkg"
    pyogrio.write_dataframe(frame.to_crs(crs), path, layer="l", geometry_type="Unknown")
    degrees = frame.to_crs(crs).to_crs(4326).geometry.array
    with closing(GeoPackage.open(path)) as store:
        corner = shapely.get_coordinates(shapely.from_wkb(store.feature("l", "7").geometry))[0]
        boxes = [
            Extent(-180, -90, 180, 90),
            Extent(west, 28, min(east, 180), 34),
            Extent(west + 0.5, 29.3, min(east, 180) - 0.4, 32.6),
            Extent(corner[0], 29.1, min(east, 180), corner[1]),
            Extent(150, 28, -150, 34),
            Extent(175, 29.5, -175, 32.5),
            Extent(120, -89, 119, 89),
        ]
        for box in boxes:
            expected = np.zeros(len(degrees), bool)
            for part in box.parts:
                expected |= shapely.intersects(shapely.box(*part), degrees)
            found = store.keys("l", Query(box))
            assert store.count("l", Query(box)) == len(found) == expected.sum()
            assert [*found] == (np.flatnonzero(expected) + 1).tolist()


def test_what_a_file_says_of_its_extent_may_be_wrong(tmp_path: Path) -> None:
    path = tmp_path / "wrong.gpkg"
    places = shapely.points(500_000 + np.arange(20_001.0), 3_400_000)
    pyogrio.write_dataframe(
        geopandas.GeoDataFrame(geometry=places, crs=4549), path, SPATIAL_INDEX="NO"
    )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE gpkg_contents SET min_x = 700000, max_x = 700001")
        connection.commit()
    with closing(GeoPackage.open(path)) as store:
        found = store.extent("wrong")
        assert found is not None
        assert found.west == pytest.approx(120, abs=1e-6)


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


def test_a_table_whose_name_is_taken_as_an_id(
    tmp_path: Path, gdal_write: Callable[..., None], make_layer: Callable[..., Layer]
) -> None:
    """Ids are at most 64 long: what is put behind one must not be cut off again."""
    name = "a" * 64
    with closing(GeoPackage.create(tmp_path / "f.gpkg")) as store:
        gdal_write(store.path, name, (10, "x"))
        for one in (name, "a" * 60 + "-2", "a" * 56 + "-2"):
            store.load(make_layer(one, "n"), [])
        ids = [layer.id for layer in store.layers()]
        assert len(set(ids)) == 4
        assert all(len(one) <= 64 for one in ids)
        [free] = [one for one in ids if store.count(one, ALL)]
        assert free == "a" * 56 + "-3"


def test_its_version_follows_its_editor(tmp_path: Path, gdal_write: Callable[..., None]) -> None:
    path = tmp_path / "f.gpkg"
    gdal_write(path, "points", (120.5, "a"), append=False)
    with closing(GeoPackage.open(path)) as store:
        first = store.version("points")
        assert store.count("points", ALL) == 1
        assert store.version("points") == first
        gdal_write(path, "points", (121, "b"))
        assert store.version("points") != first
        assert store.count("points", ALL) == 2
        shutil.copy(path, tmp_path / "new.gpkg")
        with closing(sqlite3.connect(tmp_path / "new.gpkg")) as connection:
            register_functions(connection)
            connection.execute("UPDATE points SET name = 'c'")
            connection.commit()
        (tmp_path / "new.gpkg").replace(path)  # as a program does that saves by renaming
        assert {one.properties["name"] for one in store.features("points", ALL)} == {"c"}


def test_an_edit_in_the_log_is_seen(tmp_path: Path) -> None:
    """QGIS writes ahead: the file itself does not change until it closes it."""
    path = write(tmp_path / "f.gpkg")
    with closing(sqlite3.connect(path, isolation_level=None)) as qgis:
        qgis.execute("PRAGMA journal_mode=WAL")
        with closing(GeoPackage.open(path)) as store:
            first = store.version("parcels")
            qgis.execute("DELETE FROM parcels WHERE fid > 40")
            assert store.count("parcels", ALL) == 40
            assert store.version("parcels") != first


def test_it_is_never_written(tmp_path: Path) -> None:
    path = write(tmp_path / "f.gpkg")
    with closing(GeoPackage.open(path)) as store, pytest.raises(StoreReadOnly):
        store.load(store.layer("parcels"), [])
    with closing(GeoPackage.open(path)) as store, pytest.raises(StoreReadOnly):
        store.save_zone(store.zone())
    assert [one.name for one in tmp_path.iterdir()] == ["f.gpkg"]


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


def test_heights_and_strange_names(tmp_path: Path) -> None:
    path = tmp_path / "f.gpkg"
    points = geopandas.GeoDataFrame(
        {'<b>"x"</b>': ["${y}"]}, geometry=[shapely.Point(120, 31, 5)], crs=4326
    )
    pyogrio.write_dataframe(points, path, layer="园区 'A'")
    with closing(GeoPackage.open(path)) as store:
        [layer] = store.layers()
        assert layer.title.zh == "园区 'A'"
        assert layer.id.isascii()
        [feature] = store.features(layer.id, Query(Extent(119, 30, 121, 32)))
        assert not shapely.from_wkb(feature.geometry).has_z
        assert feature.properties == {'<b>"x"</b>': "${y}"}


def test_views_and_tables_without_geometry(tmp_path: Path) -> None:
    path = write(tmp_path / "f.gpkg")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE VIEW v AS SELECT fid AS OGC_FID, geom, wert FROM parcels WHERE wert > 5"
        )
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, srs_id)"
            " VALUES ('v', 'features', 4326)"
        )
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 4326, 0, 0)"
        )
        connection.execute("CREATE TABLE notes (fid INTEGER PRIMARY KEY, note TEXT)")
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('notes', 'attributes')"
        )
        connection.commit()
    with closing(GeoPackage.open(path)) as store:
        assert [layer.id for layer in store.layers()] == ["parcels", "v"]
        assert store.count("v", ALL) == 14
        assert store.feature("v", "50").properties == {"wert": 7.0}
        assert store.count("v", Query(Extent(120.8, 30.8, 121, 31))) == 4


def test_a_crs_nobody_can_turn_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "f.gpkg")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES"
            " ('local', 999999, 'NONE', 999999, 'undefined', NULL)"
        )
        connection.execute("UPDATE gpkg_geometry_columns SET srs_id = 999999")
        connection.commit()
    with (
        closing(GeoPackage.open(path)) as store,
        pytest.raises(StoreError, match=r"f\.gpkg.*parcels.*CRS"),
    ):
        list(store.features("parcels", ALL))


def test_a_catalog_of_it(tmp_path: Path) -> None:
    path = write(tmp_path / "Grundstücke.gpkg")
    with closing(Catalog.open(path, tmp_path / "data")) as catalog:
        assert catalog.store.zone().title.zh == "Grundstücke"
        assert [layer.id for layer in catalog.store.layers()] == ["parcels"]
        assert catalog.refresh() is False
        assert catalog.notices == []
    assert not (tmp_path / "data").exists()


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

"""The file itself: true to the standard, open to other programs, and safe from them."""

import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from geo.extent import Extent
from layers.catalog import Catalog
from layers.errors import StoreError, StoreLocked, StoreReadOnly
from layers.formats import geojson
from layers.model import Field, Layer, NewFeature, Query, Text
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions, write_blobs

Maker = Callable[..., Layer]
ALL = Query()


def point(x: float, y: float) -> bytes:
    [blob], _ = write_blobs(np.array([shapely.Point(x, y)], dtype=object))
    assert blob is not None
    return blob


@pytest.fixture
def sites(store: GeoPackage, make_layer: Maker, make_field: Callable[..., Field]) -> GeoPackage:
    codes = {"a": Text("甲", "A"), "b": Text("乙", "B")}
    fields = [
        make_field("name", label=Text("名称", "Name")),
        make_field("kind", codes=codes),
        make_field("tags", "list", codes=codes),
        make_field("day", "date"),
        make_field("moment", "datetime"),
        make_field("open", "boolean"),
        make_field("whole", "integer"),
        make_field("number", "number", unit="km²"),
    ]
    store.load(
        make_layer("sites", *fields, geometry="Point"),
        [
            NewFeature("one", shapely.Point(120.95995, 31.07262), {"name": "一", "kind": "a"}),
            NewFeature("two", shapely.Point(120.1, 31.9), {"tags": ["a", "b"], "open": True}),
            NewFeature(
                "nowhere", None, {"day": "2024-08-23", "moment": "2024-08-23T10:00:00+08:00"}
            ),
        ],
    )
    store.load(
        make_layer("areas", "name", geometry="Polygon"),
        [NewFeature("a", shapely.box(1, 2, 3, 4), {})],
    )
    return store


@pytest.fixture
def editor(sites: GeoPackage) -> Iterator[sqlite3.Connection]:
    """Another program, with the functions that the standard's triggers call."""
    with closing(sqlite3.connect(sites.path, isolation_level=None)) as connection:
        register_functions(connection)
        yield connection


@pytest.fixture
def bare(sites: GeoPackage) -> Iterator[sqlite3.Connection]:
    """A program that knows nothing of GeoPackages, such as the sqlite3 shell."""
    with closing(sqlite3.connect(sites.path, isolation_level=None)) as connection:
        yield connection


def index(path: Path, table: str = "sites") -> dict[int, tuple[float, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(f"SELECT id, minx, maxx, miny, maxy FROM rtree_{table}_geom")
        return {fid: box for fid, *box in rows}


def test_gdal_opens_it_without_a_warning_and_sees_layers_only(sites: GeoPackage) -> None:
    layers = pyogrio.list_layers(sites.path)
    assert sorted(layers.tolist()) == [["areas", "Polygon"], ["sites", "Point"]]
    info = pyogrio.read_info(sites.path, layer="sites", force_total_bounds=True)
    assert (info["crs"], info["fid_column"], info["geometry_name"]) == ("EPSG:4326", "fid", "geom")
    assert info["features"] == 3
    assert info["total_bounds"] == pytest.approx((120.1, 31.07262, 120.95995, 31.9), abs=1e-12)
    assert info["layer_metadata"]["IDENTIFIER"] == "sites图层"
    types = dict(zip(info["fields"].tolist(), info["ogr_types"], strict=True))
    assert types == {
        "id": "OFTString",
        "name": "OFTString",
        "kind": "OFTString",
        "tags": "OFTString",
        "day": "OFTDate",
        "moment": "OFTDateTime",
        "open": "OFTInteger",
        "whole": "OFTInteger64",
        "number": "OFTReal",
    }


def test_gdal_reads_what_we_wrote(sites: GeoPackage) -> None:
    frame = pyogrio.read_dataframe(sites.path, layer="sites", fid_as_index=True)
    assert frame["id"].tolist() == ["one", "two", "nowhere"]
    assert frame.geometry.iloc[0] == shapely.Point(120.95995, 31.07262)
    assert frame.geometry.iloc[2] is None
    assert str(frame["moment"].iloc[2]).startswith("2024-08-23 02:00:00")


def test_the_bundled_and_the_made_up_zone_open_in_gdal(bundled: Catalog, made_up: Catalog) -> None:
    for catalog in (bundled, made_up):
        path = catalog.store.path
        assert set(pyogrio.list_layers(path)[:, 0]) == {layer.id for layer in catalog.layers()}
        for layer in catalog.layers():
            frame = pyogrio.read_dataframe(path, layer=layer.id)
            assert len(frame) == catalog.store.count(layer.id, ALL)
            assert frame["id"].tolist() == [one.id for one in catalog.store.features(layer.id, ALL)]


def test_the_file_says_what_the_standard_asks(sites: GeoPackage, bare: sqlite3.Connection) -> None:
    def ask(sql: str) -> list[tuple[object, ...]]:
        return bare.execute(sql).fetchall()

    assert ask("PRAGMA application_id") == [(0x47504B47,)]
    assert ask("PRAGMA user_version") == [(10300,)]
    assert ask("PRAGMA integrity_check") == [("ok",)]
    assert ask("PRAGMA foreign_key_check") == []
    assert ask("SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY 1") == [(-1,), (0,), (4326,)]
    assert ask("SELECT data_type, srs_id FROM gpkg_contents WHERE table_name = 'sites'") == [
        ("features", 4326)
    ]
    assert ask("SELECT * FROM gpkg_geometry_columns WHERE table_name = 'sites'") == [
        ("sites", "geom", "POINT", 4326, 0, 0)
    ]
    assert ask("SELECT extension_name, scope FROM gpkg_extensions WHERE table_name = 'sites'") == [
        ("gpkg_rtree_index", "write-only")
    ]
    triggers = {name for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert {
        f"rtree_sites_geom_{name}"
        for name in ("insert", "update1", "update2", "update3", "update4", "delete")
    } <= triggers
    # every table is the standard's, registered, or behind an index that is
    unregistered = ask(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'gpkg_%'"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'rtree_%'"
        " AND name NOT IN (SELECT table_name FROM gpkg_contents)"
        " AND name NOT IN (SELECT ifnull(table_name, '') FROM gpkg_extensions)"
    )
    assert unregistered == []


def test_columns_carry_labels_and_codes(sites: GeoPackage, bare: sqlite3.Connection) -> None:
    rows = bare.execute(
        "SELECT column_name, title, description, mime_type, constraint_name IS NOT NULL"
        " FROM gpkg_data_columns WHERE table_name = 'sites'"
    ).fetchall()
    described = {column: tuple(rest) for column, *rest in rows}
    assert described["name"] == ("名称", None, None, 0)
    assert described["kind"] == ("kind", None, None, 1)
    assert described["tags"] == ("tags", None, "application/json", 0)
    assert described["number"] == ("number", "km²", None, 0)
    codes = bare.execute(
        "SELECT value, k.description FROM gpkg_data_column_constraints k JOIN gpkg_data_columns"
        " USING (constraint_name) WHERE table_name = 'sites' AND column_name = 'kind'"
    ).fetchall()
    assert codes == [("a", "甲"), ("b", "乙")]


def test_blobs_have_the_standards_header(bare: sqlite3.Connection) -> None:
    [blob] = bare.execute("SELECT geom FROM sites WHERE id = 'one'").fetchone()
    assert blob[:8] == b"GP\x00\x01" + struct.pack("<i", 4326)
    assert shapely.from_wkb(blob[8:]) == shapely.Point(120.95995, 31.07262)
    [blob] = bare.execute("SELECT geom FROM areas").fetchone()
    assert blob[:8] == b"GP\x00\x03" + struct.pack("<i", 4326)
    assert struct.unpack("<4d", blob[8:40]) == (1, 3, 2, 4)  # minx maxx miny maxy
    assert shapely.from_wkb(blob[40:]).equals(shapely.box(1, 2, 3, 4))


def test_loading_again_leaves_nothing_of_before(
    sites: GeoPackage, make_layer: Maker, bare: sqlite3.Connection
) -> None:
    def census() -> dict[str, int]:
        names = [
            name for (name,) in bare.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: bare.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names
        }

    for _ in range(2):
        sites.load(sites.layer("sites"), list_again(sites))
        first = census()
    sites.load(sites.layer("sites"), list_again(sites))
    assert census() == first
    sites.remove("sites")
    assert pyogrio.list_layers(sites.path)[:, 0].tolist() == ["areas"]
    for table in (
        "gpkg_contents",
        "gpkg_data_columns",
        "gpkg_extensions",
        "gpkg_metadata_reference",
    ):
        assert bare.execute(
            f"SELECT count(*) FROM {table} WHERE table_name = 'sites'"
        ).fetchone() == (0,)


def list_again(store: GeoPackage) -> list[NewFeature]:
    return [
        NewFeature(
            one.id, None if one.geometry is None else shapely.from_wkb(one.geometry), one.properties
        )
        for one in store.features("sites", ALL)
    ]


EDITS = {
    "insert": ("INSERT INTO sites (geom, id, name) VALUES (?, 'new', 'x')", (point(121.5, 30.5),)),
    "insert without id": ("INSERT INTO sites (geom, name) VALUES (?, 'x')", (point(121.5, 30.5),)),
    "insert without place": ("INSERT INTO sites (id) VALUES ('new')", ()),
    "move": ("UPDATE sites SET geom = ? WHERE id = 'one'", (point(119.5, 32.5),)),
    "place": ("UPDATE sites SET geom = ? WHERE id = 'nowhere'", (point(119.5, 32.5),)),
    "unplace": ("UPDATE sites SET geom = NULL WHERE id = 'one'", ()),
    "change key": ("UPDATE sites SET fid = 99 WHERE id = 'one'", ()),
    "change key and move": ("UPDATE sites SET fid = 99, geom = ? WHERE id = 'one'", (point(1, 2),)),
    "change value": ("UPDATE sites SET name = 'neu' WHERE id = 'two'", ()),
    "clear id": ("UPDATE sites SET id = NULL WHERE id = 'two'", ()),
    "delete": ("DELETE FROM sites WHERE id = 'one'", ()),
    "delete all": ("DELETE FROM sites", ()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_another_program_is_seen_and_index_and_extent_stay_right(
    sites: GeoPackage, editor: sqlite3.Connection, edit: str
) -> None:
    before, other = sites.version("sites"), sites.version("areas")
    changed = editor.execute(
        "SELECT last_change FROM gpkg_contents WHERE table_name = 'sites'"
    ).fetchone()
    count = sites.count("sites", ALL)
    editor.execute(*EDITS[edit])
    assert sites.version("sites") != before
    assert sites.version("areas") == other
    features = list(sites.features("sites", ALL))
    assert len(features) == count + edit.startswith("insert") - (edit == "delete") - count * (
        edit == "delete all"
    )
    assert all(feature.id for feature in features)
    assert len({feature.id for feature in features}) == len(features)
    # the R-tree holds each geometry, rounded outward, and nothing else
    placed = {one.fid: shapely.from_wkb(one.geometry) for one in features if one.geometry}
    boxes = index(sites.path)
    assert boxes.keys() == placed.keys()
    for fid, (minx, maxx, miny, maxy) in boxes.items():
        assert shapely.box(minx, miny, maxx, maxy).covers(placed[fid])
        assert maxx - minx < 1e-4
    # the extent covers all, and a box finds what it should
    for one in features:
        if one.geometry:
            x, y = placed[one.fid].x, placed[one.fid].y
            assert one.id in [f.id for f in sites.features("sites", Query(Extent(x, y, x, y)))]
    bounds = pyogrio.read_info(sites.path, layer="sites")["total_bounds"]
    if placed:
        assert shapely.box(*bounds).covers(shapely.MultiPoint(list(placed.values())))
        extent = sites.extent("sites")
        assert extent is not None
        assert tuple(extent) == shapely.MultiPoint(list(placed.values())).bounds
    else:
        assert sites.extent("sites") is None
    now = editor.execute(
        "SELECT last_change FROM gpkg_contents WHERE table_name = 'sites'"
    ).fetchone()
    assert now >= changed


def test_a_program_without_the_functions_can_still_delete(
    sites: GeoPackage, bare: sqlite3.Connection
) -> None:
    before = sites.version("sites")
    bare.execute("DELETE FROM sites WHERE id = 'one'")
    assert sites.version("sites") != before
    assert [one.id for one in sites.features("sites", ALL)] == ["two", "nowhere"]


def test_gdal_appends_to_a_layer(sites: GeoPackage) -> None:
    import geopandas

    before = sites.version("sites")
    frame = geopandas.GeoDataFrame(
        {"name": ["从 QGIS", "neu"], "open": [True, False], "tags": ['["a"]', "no list"]},
        geometry=[shapely.Point(121.9, 31), None],
        crs=4326,
    )
    pyogrio.write_dataframe(frame, sites.path, layer="sites", append=True)
    assert sites.version("sites") != before
    *_, first, second = sites.features("sites", ALL)
    assert first.properties["name"] == "从 QGIS"
    assert (first.properties["open"], first.properties["tags"]) == (True, ["a"])
    assert second.properties["tags"] == ["no list"]
    assert first.id
    assert first.id != second.id
    assert sites.feature("sites", first.id) == first
    assert [one.id for one in sites.features("sites", Query(Extent(121.8, 30, 122, 32)))] == [
        "nowhere", first.id, second.id,
    ]  # fmt: skip


def test_gdal_adds_a_layer_beside_ours(sites: GeoPackage) -> None:
    import geopandas

    version = sites.version("sites")
    frame = geopandas.GeoDataFrame(
        {"名称": ["甲"]}, geometry=[shapely.Point(500000, 3400000)], crs=4549
    )
    pyogrio.write_dataframe(frame, sites.path, layer="新图层", append=False)
    [added] = [layer for layer in sites.layers() if layer.title.zh == "新图层"]
    [feature] = sites.features(added.id, ALL)
    assert feature.properties == {"名称": "甲"}
    assert shapely.from_wkb(feature.geometry).x == pytest.approx(120, abs=1e-6)
    assert sites.version("sites") == version
    first = sites.version(added.id)
    pyogrio.write_dataframe(frame, sites.path, layer="新图层", append=True)
    assert sites.version(added.id) != first
    assert sites.count(added.id, ALL) == 2


def test_columns_added_renamed_and_dropped_elsewhere(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    seen = {sites.version("sites")}
    editor.execute("ALTER TABLE sites ADD COLUMN extra REAL")
    editor.execute("UPDATE sites SET extra = 1.5 WHERE id = 'one'")
    seen.add(sites.version("sites"))
    assert sites.feature("sites", "one").properties["extra"] == 1.5
    added = sites.layer("sites").schema.field("extra")
    assert added is not None
    assert added.type == "number"
    [(index,)] = editor.execute(
        "SELECT m.name FROM sqlite_master m, pragma_index_info(m.name) i"
        " WHERE m.type = 'index' AND m.tbl_name = 'sites' AND i.name = 'number'"
    ).fetchall()
    editor.execute(f'DROP INDEX "{index}"')  # SQLite does not drop a column that has one
    editor.execute("ALTER TABLE sites DROP COLUMN number")
    seen.add(sites.version("sites"))
    assert "number" not in sites.feature("sites", "one").properties
    editor.execute("ALTER TABLE sites RENAME COLUMN name TO title")
    seen.add(sites.version("sites"))
    assert sites.feature("sites", "one").properties["title"] == "一"
    assert len(seen) == 4


def test_a_table_renamed_elsewhere_keeps_its_layer(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    before = sites.version("sites")
    editor.execute("BEGIN")
    editor.execute("ALTER TABLE sites RENAME TO plants")
    for table in (
        "contents",
        "geometry_columns",
        "data_columns",
        "extensions",
        "metadata_reference",
    ):
        editor.execute(f"UPDATE gpkg_{table} SET table_name = 'plants' WHERE table_name = 'sites'")
    editor.execute("COMMIT")
    assert sites.feature("sites", "one").properties["name"] == "一"
    editor.execute("DELETE FROM plants WHERE id = 'two'")
    assert sites.version("sites") != before
    assert sites.count("sites", ALL) == 2
    assert sites.layer("sites").schema.field("kind").codes  # type: ignore[union-attr]  # there


def test_values_no_schema_allows_do_not_break_the_answer(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    editor.execute(
        "UPDATE sites SET name = x'ff00', kind = 5, tags = '{\"a\":1}', number = 'text', whole = 9e999"
    )
    editor.execute("UPDATE sites SET geom = x'4750' WHERE id = 'one'")
    editor.execute(
        "UPDATE sites SET geom = ? WHERE id = 'two'",
        (point(1, 2)[:8] + b"\x01\x01\x00\x00\x00broken",),
    )
    features = list(sites.features("sites", ALL))
    assert [one.geometry is None for one in features] == [True, False, True]
    assert len(geojson.feature_bytes(sites.layer("sites"), features)) == 3
    assert features[0].properties["tags"] == ['{"a":1}']
    assert sites.count("sites", Query(Extent(0, 0, 10, 10))) >= 1


def test_a_definition_somebody_broke_leaves_the_table_served(
    sites: GeoPackage, bare: sqlite3.Connection
) -> None:
    version = sites.version("sites")
    bare.execute(
        "UPDATE gpkg_metadata SET metadata = 'nothing we know' WHERE md_scope = 'featureType'"
    )
    assert sites.version("sites") != version
    assert {layer.id for layer in sites.layers()} == {"sites", "areas"}
    assert len(list(sites.features("sites", ALL))) == 3


def test_reopening_changes_no_byte(sites: GeoPackage) -> None:
    versions = [sites.version(layer.id) for layer in sites.layers()]
    sites.close()
    before = sites.path.read_bytes()
    for _ in range(2):
        with closing(GeoPackage.open(sites.path)) as again:
            assert not again.read_only
            assert [again.version(layer.id) for layer in again.layers()] == versions
            assert len(list(again.features("sites", ALL))) == 3
    assert sites.path.read_bytes() == before
    assert [path.name for path in sites.path.parent.iterdir()] == [sites.path.name]


def test_it_writes_ahead_and_waits_for_the_disk(sites: GeoPackage) -> None:
    with sites.transaction() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    with sites.reading() as reading:
        assert reading.connection.execute("PRAGMA query_only").fetchone() == (1,)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"SQLite format 3\0" + b"x" * 5_000, b"\x50\x4b\x03\x04" * 50]
)
def test_what_is_no_geopackage_is_refused_and_left(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.gpkg"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"file\.gpkg"):
        GeoPackage.open(path)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["file.gpkg"]


def test_a_database_that_is_no_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a GeoPackage"):
        GeoPackage.open(path)
    assert path.read_bytes() == before


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        GeoPackage.open(tmp_path / "none.gpkg")
    with pytest.raises(StoreError, match="is a folder"):
        GeoPackage.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_one_is_refused(sites: GeoPackage) -> None:
    with sites.transaction() as connection:
        connection.execute("UPDATE zoneatlas_store SET value = '2' WHERE key = 'format'")
    sites.close()
    before = sites.path.read_bytes()
    with pytest.raises(StoreError, match="newer ZoneAtlas"):
        GeoPackage.open(sites.path)
    assert sites.path.read_bytes() == before


def test_a_damaged_one_says_so_and_is_kept(sites: GeoPackage) -> None:
    sites.close()
    content = bytearray(sites.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    sites.path.write_bytes(content)
    with (
        pytest.raises(StoreError, match=r"store\.gpkg"),
        closing(GeoPackage.open(sites.path)) as store,
    ):
        store.layers()
    assert sites.path.read_bytes() == bytes(content)


def test_a_locked_one_says_so(sites: GeoPackage) -> None:
    sites.close()
    with closing(sqlite3.connect(sites.path, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("UPDATE gpkg_contents SET description = 'x'")
        with pytest.raises(StoreLocked, match="locked by another program"):
            GeoPackage.open(sites.path, busy_seconds=0.1)


def test_a_second_writer_waits_and_then_says_so(
    sites: GeoPackage, bare: sqlite3.Connection, make_layer: Maker
) -> None:
    with closing(GeoPackage.open(sites.path, busy_seconds=0.1)) as second:
        bare.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked):
            second.load(make_layer("l"), [])
        assert second.count("sites", ALL) == 3  # reading goes on
        release = threading.Timer(0.05, lambda: None)
        release.start()
        bare.execute("ROLLBACK")
        assert second.load(make_layer("l"), []) == 0


@pytest.mark.parametrize("read_only_folder", [False, True])
def test_a_read_only_place_is_served_read_only(
    sites: GeoPackage, make_layer: Maker, read_only_folder: bool
) -> None:
    sites.close()
    folder = sites.path.parent / "place"
    folder.mkdir()
    path = Path(shutil.copy(sites.path, folder / "copy.gpkg"))
    path.chmod(0o444)
    if read_only_folder:
        folder.chmod(0o555)
    before = path.read_bytes()
    try:
        with closing(GeoPackage.open(path)) as store:
            assert store.read_only
            assert store.layer("sites").title.zh == "sites图层"
            assert len(list(store.features("sites", Query(Extent(120, 31, 121, 32))))) == 3
            with pytest.raises(StoreReadOnly, match="read only"):
                store.load(make_layer("l"), [])
        if read_only_folder:
            assert [one.name for one in folder.iterdir()] == ["copy.gpkg"]
    finally:
        folder.chmod(0o755)
    assert path.read_bytes() == before


def test_a_file_put_in_its_place_is_the_one_served(
    sites: GeoPackage, make_layer: Maker, tmp_path: Path
) -> None:
    assert sites.count("sites", ALL) == 3
    new = tmp_path / "new.gpkg"
    with closing(GeoPackage.create(new)) as store:
        store.load(make_layer("other"), [NewFeature("a", None, {})])
    new.replace(sites.path)
    assert [layer.id for layer in sites.layers()] == ["other"]
    assert sites.load(make_layer("third"), []) == 0
    assert [layer.id for layer in sites.layers()] == ["other", "third"]

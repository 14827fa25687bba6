"""The file itself: true to the standard, open to other programs, and safe from them."""

import random
import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import product
from pathlib import Path

import pyogrio
import pytest
import shapely

from geo.extent import Extent
from layers.catalog import Catalog
from layers.errors import StoreError, StoreLocked, StoreReadOnly
from layers.filter import check, parse_text
from layers.model import Field, Layer, NewFeature, Query, SortKey, Text
from layers.stores import geopackage_hits, geopackage_query
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions

Maker = Callable[..., Layer]
ALL = Query()
TOWNS = 6_000
GBK = "西岑".encode("gbk")


@pytest.fixture
def towns(store: GeoPackage, make_layer: Maker, make_field: Callable[..., Field]) -> GeoPackage:
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
    store.load(make_layer("towns", *fields, geometry="Point"), rows)
    return store


def test_gdal_opens_it_without_a_warning_and_sees_layers_only(sites: GeoPackage) -> None:
    sites.close()  # GDAL's SQLite and ours in one process do not see each other's locks
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
    sites.close()
    frame = pyogrio.read_dataframe(sites.path, layer="sites", fid_as_index=True)
    assert frame["id"].tolist() == ["one", "two", "nowhere"]
    assert frame.geometry.iloc[0] == shapely.Point(120.95995, 31.07262)
    assert frame.geometry.iloc[2] is None
    assert str(frame["moment"].iloc[2]).startswith("2024-08-23 02:00:00")


def test_the_bundled_and_the_made_up_zone_open_in_gdal(
    bundled: Catalog, made_up: Catalog, tmp_path: Path
) -> None:
    for catalog in (bundled, made_up):
        path = Path(shutil.copy(catalog.store.path, tmp_path))
        assert set(pyogrio.list_layers(path)[:, 0]) == {
            layer.id for layer in catalog.store.layers()
        }
        for layer in catalog.store.layers():
            frame = pyogrio.read_dataframe(path, layer=layer.id)
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


@pytest.mark.parametrize("few", [0, 10**9])
@pytest.mark.parametrize(("keys", "most_scanned"), [(2_000, 1), (0, 1), (0, 900), (0, 10**9)])
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


@pytest.mark.parametrize("few", [0, 10**9])
@pytest.mark.parametrize("most", [0, 10**9])
@pytest.mark.parametrize("ours", [True, False])
def test_a_box_with_another_condition_is_counted_alike_whichever_way_is_gone(
    towns: GeoPackage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, most: int,
    ours: bool,
) -> None:  # fmt: skip
    """By the R-tree, by the other condition, by the keys of both, by functions in the box."""
    monkeypatch.setattr(geopackage_hits, "few", lambda total, limit: few)
    monkeypatch.setattr(geopackage_hits, "MOST_LOOKED_AT", most)
    path = towns.path
    if not ours:
        path = tmp_path / "metres.gpkg"
        frame = pyogrio.read_dataframe(towns.path, layer="towns", fid_as_index=False)
        frame.loc[::100, "geometry"] = None
        pyogrio.write_dataframe(frame.to_crs(3857), path, layer="towns")
    placed = [ours or n % 100 > 0 for n in range(TOWNS)]
    boxes = [Extent(9.5, 4.5, 80.5, 60), Extent(49.5, 10.5, 19.5, 40.5)]
    with closing(GeoPackage.open(path)) as store:
        layer = store.layer("towns")
        for box, (text, fits) in product(
            boxes,
            (
                ("people >= 50", lambda n: n * 7 % 100 >= 50),
                ("people >= 50 AND kind = 'a'", lambda n: n * 7 % 100 >= 50 and n % 2 == 0),
                ("people <> 3 OR town = 't3'", lambda n: n * 7 % 100 != 3 or n % 40 == 3),
                ("CASEI(town) LIKE casei('T1%')", lambda n: str(n % 40)[0] == "1"),
                ("people > 1000", lambda n: False),
                ("open IS NULL", lambda n: True),
            ),
        ):
            expected = sum(
                fits(n)
                and (not placed[n] or box.intersects(Extent(n % 100, n // 100, n % 100, n // 100)))
                for n in range(TOWNS)
            )
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
        found = list(store.features("towns", ALL))
        assert store.feature("towns", "f1799").properties["name"] == "西岑"
    assert [one.fid for one in found] == list(range(1, TOWNS + 1))
    assert found[1_799].properties["name"] == "西岑"
    assert found[0].properties["name"] == "n0"


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

"""The file itself: true to the standard, open to other programs, and the same after each load."""

import shutil
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
import shapely

from layers.catalog import Catalog
from layers.model import Layer, NewFeature, Query
from layers.stores.geopackage import GeoPackage

Maker = Callable[..., Layer]
ALL = Query()


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


@pytest.mark.slow
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

"""GeoPackages of other programs: served as they stand, followed, and never written to."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from geo.extent import Extent
from layers.catalog import Catalog
from layers.errors import StoreReadOnly, UnknownFeature
from layers.model import Layer, Query
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions
from tests.layers.foreign import write

ALL = Query()


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


@pytest.mark.slow
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


def test_a_catalog_of_it(tmp_path: Path) -> None:
    path = write(tmp_path / "Grundstücke.gpkg")
    with closing(Catalog.open(path, tmp_path / "data")) as catalog:
        assert catalog.store.zone().title.zh == "Grundstücke"
        assert [layer.id for layer in catalog.store.layers()] == ["parcels"]
        assert catalog.refresh() is False
        assert catalog.notices == []
    assert not (tmp_path / "data").exists()

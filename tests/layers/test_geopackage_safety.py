"""The file kept safe: what is no GeoPackage, newer, damaged, locked, read-only or replaced."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from geo.extent import Extent
from layers.errors import StoreError, StoreLocked, StoreReadOnly
from layers.model import Layer, NewFeature, Query
from layers.stores.geopackage import GeoPackage

Maker = Callable[..., Layer]
ALL = Query()


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

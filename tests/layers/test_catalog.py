"""The catalog over time: first start, reopening, changed files, newer releases, two processes."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from layers.catalog import Catalog
from layers.errors import BadLayerFile, StoreError
from layers.model import Query

ALL = Query()


def write(folder: Path, name: str, *names: str, **layer: Any) -> None:
    features = [
        {"type": "Feature", "id": f"f{n}", "geometry": None, "properties": {"name": one}}
        for n, one in enumerate(names)
    ]
    schema = {"geometry": "Point", "fields": [{"name": "name"}]}
    document = {
        "type": "FeatureCollection",
        "layer": {"schema": schema} | layer,
        "features": features,
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")


def versions(catalog: Catalog) -> dict[str, str]:
    return {layer.id: catalog.store.version(layer.id) for layer in catalog.store.layers()}


def values(catalog: Catalog, layer: str) -> list[object]:
    return [one.properties["name"] for one in catalog.store.features(layer, ALL)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "zone"
    write(made, "a", "one", "two")
    write(made, "b", "three")
    (made / "zone.json").write_text('{"title": "Zone"}')
    return made


@pytest.fixture
def catalog(folder: Path, tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog.open(folder, tmp_path / "data")) as found:
        yield found


def edit(catalog: Catalog, layer: str) -> None:
    with (
        closing(Catalog.open(catalog.store.path, Path())) as other,
        other.store.transaction() as connection,
    ):
        connection.execute(f"UPDATE {layer} SET name = 'edited' WHERE fid = 1")


def test_the_bundled_zone(bundled: Catalog) -> None:
    assert bundled.store.path.name == "zone.gpkg"
    assert bundled.notices == []
    assert len(bundled.store.layers()) >= 10
    assert bundled.store.zone().title.zh
    roles = [layer.role for layer in bundled.store.layers()]
    assert {"sites", "areas", "backdrop"} <= set(roles)
    for layer in bundled.store.layers():
        assert bundled.store.layer(layer.id) == layer
        assert bundled.store.count(layer.id, ALL) > 0


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled", "made_up"])
def test_opening_again_changes_nothing(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    given: Path | None = None if which == "bundled" else request.getfixturevalue("made_up_folder")
    with closing(Catalog.open(given, tmp_path)) as first:
        path, before = first.store.path, versions(first)
    content = path.read_bytes()
    for _ in range(2):
        with closing(Catalog.open(given, tmp_path)) as again:
            assert versions(again) == before
            assert again.refresh() is False
            assert again.notices == []
    assert path.read_bytes() == content
    assert {one.name for one in tmp_path.iterdir()} == {path.name, f".{path.name}.lock"}


def test_files_touched_but_not_changed(catalog: Catalog, folder: Path) -> None:
    before = versions(catalog)
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    assert catalog.refresh() is False
    assert versions(catalog) == before


def test_only_the_changed_file_is_read_again(catalog: Catalog, folder: Path) -> None:
    before = versions(catalog)
    assert catalog.refresh() is False
    write(folder, "a", "changed")
    assert catalog.refresh() is True
    assert values(catalog, "a") == ["changed"]
    after = versions(catalog)
    assert after["a"] != before["a"]
    assert after["b"] == before["b"]
    assert catalog.refresh() is False


def test_files_come_and_go(catalog: Catalog, folder: Path) -> None:
    write(folder, "c", "new")
    (folder / "a.geojson").unlink()
    (folder / "zone.json").write_text('{"title": "Renamed"}')
    assert catalog.refresh() is True
    assert [layer.id for layer in catalog.store.layers()] == ["b", "c"]
    assert catalog.store.zone().title.zh == "Renamed"
    (folder / "zone.json").unlink()
    (folder / "b.geojson").rename(folder / "b.json")
    assert catalog.refresh() is True
    assert [layer.id for layer in catalog.store.layers()] == ["b", "c"]
    assert catalog.store.zone().title.zh == "zone"


def test_changes_while_it_was_closed(catalog: Catalog, folder: Path, tmp_path: Path) -> None:
    before = versions(catalog)
    catalog.close()
    write(folder, "a", "changed meanwhile")
    with closing(Catalog.open(folder, tmp_path / "data")) as again:
        assert values(again, "a") == ["changed meanwhile"]
        assert versions(again)["b"] == before["b"]


def test_a_file_that_breaks_at_run_time_leaves_its_last_state(
    catalog: Catalog, folder: Path
) -> None:
    write(folder, "b", "good change")
    (folder / "a.geojson").write_text('{"type": "FeatureCollection", "features": [{')
    assert catalog.refresh() is True
    assert values(catalog, "a") == ["one", "two"]
    assert values(catalog, "b") == ["good change"]
    [notice] = catalog.notices
    assert notice.startswith("a.geojson, feature number 1: the file ends before it is complete.")
    assert catalog.refresh() is False
    assert catalog.notices == [notice]
    write(folder, "a", "mended")
    assert catalog.refresh() is True
    assert values(catalog, "a") == ["mended"]
    assert catalog.notices == []


def test_a_store_locked_for_a_moment_is_tried_again(folder: Path, tmp_path: Path) -> None:
    with closing(Catalog.open(folder, tmp_path / "data", busy_seconds=0.1)) as catalog:
        write(folder, "a", "changed")
        with closing(sqlite3.connect(catalog.store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert catalog.refresh() is False
            assert "locked by another program" in catalog.notices[0]
        assert catalog.refresh() is True
        assert catalog.notices == []
        assert values(catalog, "a") == ["changed"]


def test_a_file_that_broke_while_closed_stops_the_start(
    catalog: Catalog, folder: Path, tmp_path: Path
) -> None:
    catalog.close()
    content = catalog.store.path.read_bytes()
    write(folder, "a", "changed")
    (folder / "b.geojson").write_text("broken")
    with pytest.raises(BadLayerFile, match=r"b\.geojson"):
        Catalog.open(folder, tmp_path / "data")
    assert catalog.store.path.read_bytes() == content, "nothing half done"


def test_in_a_served_folder_the_files_count(catalog: Catalog, folder: Path) -> None:
    edit(catalog, "a")
    assert values(catalog, "a") == ["edited", "two"]
    assert catalog.refresh() is False
    write(folder, "a", "newer")
    catalog.refresh()
    assert values(catalog, "a") == ["newer"]


def test_folders_of_the_same_name_have_their_own_store(tmp_path: Path) -> None:
    for place in ("x", "y"):
        (tmp_path / place).mkdir()
        write(tmp_path / place / "zone", "a", place)
    first = Catalog.open(tmp_path / "x" / "zone", tmp_path / "data")
    second = Catalog.open(tmp_path / "y" / "zone", tmp_path / "data")
    with closing(first), closing(second):
        assert (values(first, "a"), values(second, "a")) == (["x"], ["y"])


@pytest.fixture
def release(folder: Path) -> Path:
    """Stands in for layers/data: a bundled zone whose next release is written by the tests."""
    return folder


def test_a_newer_release_replaces_what_nobody_edited(release: Path, tmp_path: Path) -> None:
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as first:
        edit(first, "b")
    write(release, "a", "newer")
    write(release, "b", "newer")
    write(release, "c", "added")
    for _ in range(2):
        with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as second:
            assert values(second, "a") == ["newer"]
            assert values(second, "b") == ["edited"]
            assert values(second, "c") == ["added"]
            [notice] = second.notices
            assert notice.startswith("Layer b was edited here and stays so")


def test_a_column_added_elsewhere_is_an_edit_too(release: Path, tmp_path: Path) -> None:
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as first:
        with first.store.transaction() as connection:
            connection.execute("ALTER TABLE b ADD COLUMN mine TEXT")
            connection.execute("DROP TABLE a")
            connection.execute("DELETE FROM gpkg_contents WHERE table_name = 'a'")
        assert [layer.id for layer in first.store.layers()] == ["b"]
    for name in ("a", "b"):
        write(release, name, "newer")
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as second:
        assert [layer.id for layer in second.store.layers()] == ["b"]
        assert second.store.layer("b").schema.field("mine")
        assert [notice.split(" here")[0] for notice in second.notices] == [
            "Layer a was removed", "Layer b was edited",
        ]  # fmt: skip


def test_a_newer_release_without_a_layer(release: Path, tmp_path: Path) -> None:
    write(release, "c", "third")
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as first:
        edit(first, "b")
    (release / "a.geojson").unlink()
    (release / "b.geojson").unlink()
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as second:
        assert [layer.id for layer in second.store.layers()] == ["b", "c"]
        [notice] = second.notices
        assert "Layer b was edited here and stays" in notice


def test_a_layer_taken_out_of_the_bundled_store_stays_out(release: Path, tmp_path: Path) -> None:
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as first:
        first.store.remove("a")
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as second:
        assert [layer.id for layer in second.store.layers()] == ["b"]
        assert second.notices == []
    write(release, "a", "newer")
    with closing(Catalog.open(None, tmp_path / "data", bundled=release)) as third:
        assert [layer.id for layer in third.store.layers()] == ["b"]
        assert "Layer a was removed here" in third.notices[0]


START = """
import sys
from contextlib import closing
from pathlib import Path
from layers.catalog import Catalog
from layers.model import Query

store, data_dir = sys.argv[1:]
with closing(Catalog.open(store or None, Path(data_dir))) as catalog:
    for layer in catalog.store.layers():
        print(layer.id, catalog.store.version(layer.id), catalog.store.count(layer.id, Query()))
"""


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled", "made_up"])
def test_two_processes_that_start_at_once_are_both_right(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    store = "" if which == "bundled" else str(request.getfixturevalue("made_up_folder"))
    command = [sys.executable, "-c", START, store, str(tmp_path / "data")]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=60) for process in started]
    assert [error for _, error in answers] == ["", ""]
    first, second = (output for output, _ in answers)
    assert first == second
    shared: Catalog = request.getfixturevalue(which)
    counts = {line.split()[0]: int(line.split()[2]) for line in first.splitlines()}
    assert counts == {
        layer.id: shared.store.count(layer.id, ALL) for layer in shared.store.layers()
    }


def test_two_catalogs_that_refresh_at_once(catalog: Catalog, folder: Path, tmp_path: Path) -> None:
    with closing(Catalog.open(folder, tmp_path / "data")) as other:
        write(folder, "a", "changed")
        assert catalog.refresh() is True
        version = catalog.store.version("a")
        assert other.refresh() is False  # the first one has read it
        assert values(other, "a") == ["changed"]
        assert other.store.version("a") == version


@pytest.mark.slow
def test_a_process_killed_while_it_reads_leaves_no_half_store(folder: Path, tmp_path: Path) -> None:
    many = [f"name {n}" for n in range(60_000)]
    write(folder, "many", *many)
    command = [sys.executable, "-c", START, str(folder), str(tmp_path / "data")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while not list((tmp_path / "data").glob(".*.new")) and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.2)
    process.kill()
    process.wait()
    assert list((tmp_path / "data").glob("*.gpkg")) == []
    with closing(Catalog.open(folder, tmp_path / "data")) as catalog:
        assert catalog.store.count("many", ALL) == len(many)
    assert list((tmp_path / "data").glob(".*.new*")) == []


def test_a_data_directory_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with closing(Catalog.open(folder, data)) as first:
        before = versions(first)
    write(folder, "a", "changed")
    data.chmod(0o555)
    try:
        with closing(Catalog.open(folder, data)) as catalog:
            assert catalog.store.read_only
            assert versions(catalog) == before
            assert "read only" in catalog.notices[0]
            assert catalog.refresh() is False
        with pytest.raises(StoreError, match="read only"):
            Catalog.open(None, data)
    finally:
        data.chmod(0o755)


def test_a_data_directory_that_is_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="cannot be used as data directory"):
        Catalog.open(folder, tmp_path / "data")


def test_a_store_of_something_else_in_the_data_directory(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "zone.gpkg").write_text("my own notes")
    with pytest.raises(StoreError, match="is not a GeoPackage"):
        Catalog.open(None, tmp_path / "data", bundled=folder)
    assert (tmp_path / "data" / "zone.gpkg").read_text() == "my own notes"


def test_a_geopackage_of_ours_by_its_path(catalog: Catalog, tmp_path: Path) -> None:
    before = versions(catalog)
    catalog.close()
    copy = Path(shutil.copy(catalog.store.path, tmp_path / "copy.gpkg"))
    with closing(Catalog.open(str(copy), tmp_path / "unused")) as served:
        assert versions(served) == before
        assert served.store.zone().title.zh == "Zone"
        assert not served.store.read_only
        assert served.refresh() is False
    assert not (tmp_path / "unused").exists()

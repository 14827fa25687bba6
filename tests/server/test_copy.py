"""`zoneatlas copy`: what comes out is what went in, whole or not at all."""

import json
import os
import pty
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from layers.catalog import Catalog
from layers.model import Feature, Layer, Query, Zone
from layers.stores.geopackage import GeoPackage
from server.cli import main
from server.progress import Progress
from tests.server.sites import layer_file

ALL = Query()
Held = tuple[Zone, dict[str, tuple[Layer, list[Feature]]]]


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def held(store: Path, tmp_path: Path) -> Held:
    with closing(Catalog.open(store, tmp_path / "look")) as catalog:
        layers = catalog.store.layers()
        found = {
            one.id: (
                one,
                [each._replace(fid=0) for each in catalog.store.features(one.id, ALL)],
            )
            for one in layers
        }
        return catalog.store.zone(), found


def copied(*arguments: object) -> None:
    assert main(["copy", *map(str, arguments)]) == 0


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert main(["copy", *map(str, arguments)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["bundled", "made_up"])
def test_store_to_folder_to_store(
    zone: str, request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog: Catalog = request.getfixturevalue(zone)
    first, folder, second = tmp_path / "a.gpkg", tmp_path / "folder", tmp_path / "b.gpkg"
    copied(catalog.store.path, first)
    assert "a.gpkg: " in capsys.readouterr().out
    want = held(catalog.store.path, tmp_path)
    assert held(first, tmp_path) == want
    copied(first, folder)
    assert {one.name for one in folder.iterdir()} == {
        "zone.json",
        *(f"{name}.geojson" for name in want[1]),
    }
    copied(folder, second)
    assert held(second, tmp_path) == want
    assert not list(tmp_path.glob(".*"))


def test_bundled(tmp_path: Path) -> None:
    copied("bundled", tmp_path / "zone.gpkg")
    copied(tmp_path / "zone.gpkg", tmp_path / "folder")
    names = {one.name for one in (tmp_path / "folder").iterdir()}
    assert names == {
        one.name for one in (Path(__file__).parents[2] / "layers/data").glob("*.*json")
    }


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["xlsx", "csv", "geojson"])
def test_from_a_file(
    ending: str, bundled: Catalog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, file = tmp_path / "a.gpkg", tmp_path / f"parks.{ending}"
    copied(bundled.store.path, store)
    assert main(["export", "parks", str(file), "--store", str(store)]) == 0
    assert "--replace" in refused(capsys, file, store)
    _, before = held(store, tmp_path)
    copied(file, store, "--replace")
    zone, after = held(store, tmp_path)
    assert zone == bundled.store.zone()
    assert [one.properties for one in after["parks"][1]] == [
        one.properties for one in before["parks"][1]
    ]
    assert after["parks"][1] == before["parks"][1]
    assert {name: after[name] for name in after if name != "parks"} == {
        name: before[name] for name in before if name != "parks"
    }
    copied(file, tmp_path / "new.gpkg")
    copied(file, tmp_path / "new")
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["parks.geojson"]
    _, new = held(tmp_path / "new.gpkg", tmp_path)
    assert [one.id for one in new["parks"][1]] == [one.id for one in before["parks"][1]]


def test_nothing_is_overwritten_unasked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, out = tmp_path / "a.gpkg", tmp_path / "out"
    copied(folder, store)
    assert "'places'" in refused(capsys, folder, store)
    copied(store, out)
    assert "places.geojson" in refused(capsys, store, out)
    (folder / "places.geojson").write_text(layer_file(["Oak"]), encoding="utf-8")
    copied(folder, store, "--replace")
    copied(store, out, "--replace")
    assert len(json.loads((out / "places.geojson").read_bytes())["features"]) == 1
    assert "itself" in refused(capsys, store, store)


@pytest.mark.slow
def test_all_or_nothing(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, file = tmp_path / "a.gpkg", tmp_path / "places.csv"
    copied(folder, store)
    before = held(store, tmp_path)
    rows = [f"r{n},10,50,x" for n in range(6_000)]
    file.write_text("\n".join(["id,lon,lat,name", *rows, "r1,10,50,x"]), encoding="utf-8")
    assert "places.csv, feature r1: has an id that occurs twice" in refused(
        capsys, file, store, "--replace"
    )
    assert held(store, tmp_path) == before
    refused(capsys, file, tmp_path / "new.gpkg")
    refused(capsys, file, tmp_path / "new")
    file.write_text("id,lon,lat,name\na,10,95,x", encoding="utf-8")
    assert "places.csv, row 2" in refused(capsys, file, tmp_path / "new.gpkg")
    assert sorted(one.name for one in tmp_path.iterdir() if "look" not in one.name) == [
        "a.gpkg", "home", "places.csv", "zone",
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["missing.gpkg", "missing", "missing.csv", "odd.docx"])
def test_what_cannot_be_copied(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "odd.docx").write_bytes(b"x")
    assert source in refused(capsys, tmp_path / source, tmp_path / "a.gpkg")
    assert not (tmp_path / "a.gpkg").exists()


@pytest.mark.slow
def test_a_terminal_gets_a_bar(folder: Path, tmp_path: Path) -> None:
    rows = "\n".join(f"r{n},10,50,x" for n in range(8_000))
    (tmp_path / "many.csv").write_text(f"id,lon,lat,name\n{rows}\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "server.cli", "copy", "many.csv", "a.gpkg"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, cwd=tmp_path, env=environ, stderr=theirs, stdout=subprocess.PIPE,
                          timeout=60, check=True, text=True)  # fmt: skip
    said = os.read(ours, 100_000).decode()  # before its other end is closed, which empties it
    os.close(theirs)
    os.close(ours)
    assert done.stdout == "a.gpkg: 1 layer, 8000 features\n"
    assert "many: 8000, " in said
    assert "\r[" in said


def test_progress_elsewhere_is_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("server.progress.EACH_LINE_SECONDS", 0.0)
    with (tmp_path / "said").open("w", encoding="utf-8") as stream:
        progress = Progress(stream)
        progress.begin("parks", 2_000)
        for _ in range(2_000):
            progress.step(1)
        progress.end()
    lines = (tmp_path / "said").read_text("utf-8").splitlines()
    assert lines[0].startswith("parks: 512/2000, ")
    assert lines[-1].startswith("parks: 2000/2000, ")


def test_the_copy_is_a_store_that_opens(folder: Path, tmp_path: Path) -> None:
    copied(folder, tmp_path / "a.gpkg")
    with closing(GeoPackage.open(tmp_path / "a.gpkg")) as store:
        assert not store.read_only
        assert store.count("places", ALL) == 2

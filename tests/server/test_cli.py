"""The command line, as a person meets it: in a process of its own."""

import csv
import json
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from layers.registry import all_formats
from server.cli import main
from tests.server.commands import COMMAND, served, surroundings
from tests.server.sites import layer_file, until

pytestmark = pytest.mark.slow  # a process of its own for each


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment that leads nowhere but to this test's folder."""
    return surroundings(tmp_path)


def run(
    environ: dict[str, str], *arguments: object, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    words = [str(one) for one in arguments]
    return subprocess.run(
        [*COMMAND, *words], env=environ, cwd=cwd, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The error of a command that failed as it should."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("zoneatlas")
    return lines[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_and_end(environ: dict[str, str], number: int) -> None:
    with served(environ) as (url, process):
        assert httpx.get(url + "collections").status_code == 200
        assert httpx.get(url, headers={"Accept": "text/html"}).status_code == 200
        start = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - start < 5
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_serve_does_not_need_pandas(environ: dict[str, str]) -> None:
    """It would take the server over its 150 MB."""
    with served(environ) as (url, process):
        assert httpx.get(url, headers={"Accept": "text/html"}).status_code == 200
        maps = Path(f"/proc/{process.pid}/maps")
        if maps.exists():
            loaded = maps.read_text(encoding="utf-8")
            assert "/numpy/" in loaded
            assert "/pandas/" not in loaded
            assert "/pyarrow/" not in loaded


def test_a_folder_changed_while_it_is_served(environ: dict[str, str], folder: Path) -> None:
    with served(environ, folder) as (url, process):
        items = url + "collections/places/items"
        assert httpx.get(items).json()["numberMatched"] == 2
        (folder / "places.geojson").write_text(layer_file(["Ash"]), encoding="utf-8")
        until(lambda: httpx.get(items).json()["numberMatched"] == 1, seconds=20)
        # A file that breaks meanwhile is said once, and its layer stays as it was.
        (folder / "places.geojson").write_text('{"type": "Feat', encoding="utf-8")
        assert process.stderr is not None
        assert "places.geojson" in process.stderr.readline()
        assert httpx.get(items).json()["numberMatched"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_layers(environ: dict[str, str], folder: Path) -> None:
    done = run(environ, "layers", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["places\t2\tplaces\tplaces"]


def test_export_and_serve_again(environ: dict[str, str], folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "copy.geojson"
    file.parent.mkdir()
    done = run(environ, "export", "places", file, "--store", folder)
    assert done.returncode == 0, done.stderr
    names = [one["properties"]["name"] for one in json.loads(file.read_bytes())["features"]]
    assert names == ["Ash", "Birch"]
    assert list(file.parent.iterdir()) == [file]
    assert run(environ, "layers", file.parent).stdout.startswith("copy\t2\t")


def test_export_of_an_area_and_of_words(environ: dict[str, str], tmp_path: Path) -> None:
    zone = ["--data-dir", tmp_path / "data"]
    for asked, some in (
        (["--area", "box:120.8,30.9,121.1,31.2", "--certainty", "certain"], "area_certainty"),
        (["--area", "near:parks/park-xicen-center,15000", "--q", "科创"], "distance_m"),
        (["--q", "xckc"], "name_zh"),
    ):
        done = run(environ, "export", "parks", file := tmp_path / "parks.csv", *asked, *zone)
        assert done.returncode == 0, done.stderr
        written = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
        assert 0 < len(written) < 22
        assert done.stdout == f"{file}: {len(written)}\n"
        assert some in written[0]
    done = run(environ, "export", "parks", tmp_path / "x.csv", "--area", "box:1,2", *zone)
    assert "box:west,south,east,north" in one_sentence(done)


@pytest.mark.slow
@pytest.mark.parametrize("extension", sorted(all_formats()))
def test_export_says_what_it_wrote_and_nothing_else(
    environ: dict[str, str], tmp_path: Path, extension: str
) -> None:
    file = tmp_path / f"map.{all_formats()[extension].ending(extension)}"
    done = run(environ, "export", "map", file, "--data-dir", tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr  # no warnings of libraries
    assert re.fullmatch(re.escape(str(file)) + r": [1-9]\d*\n", done.stdout)


def test_export_writes_all_or_nothing(
    environ: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    for layer, file, said in (
        ("nothing", "a.geojson", "nothing"),
        ("places", "a.docx", "geojson"),
        ("places", "missing/a.geojson", "missing/a.geojson"),
    ):
        done = run(environ, "export", layer, tmp_path / file, "--store", folder)
        assert said in one_sentence(done)
        assert not (tmp_path / file).exists()


def test_a_busy_port(environ: dict[str, str], folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = one_sentence(run(environ, "serve", folder, "--port", port))
    assert f"Port {port} on 127.0.0.1 is in use" in said


@pytest.mark.parametrize("host", ["203.0.113.1", "no.such.host.invalid", "a b"])
def test_an_address_that_is_not_ours(environ: dict[str, str], folder: Path, host: str) -> None:
    assert "--host" in one_sentence(run(environ, "serve", folder, "--host", host))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["serve", "--port", "x"],
        ["serve", "--nonsense"],
        ["serve", "a", "b"],
        ["serve", "--basemap", "bing"],
        ["serve", "--public-url", "maps"],
        ["export", "parks"],
        ["layers", "no/such/place"],
        ["layers", "no-such.gpkg"],
    ],
)
def test_bad_use(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    try:
        code = main(arguments)
    except SystemExit as error:  # argparse's way
        code = int(error.code or 0)
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err.startswith("zoneatlas")
    assert said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_settings_by_environment(environ: dict[str, str], folder: Path) -> None:
    done = run({**environ, "ZONEATLAS_PORT": "none"}, "serve", folder)
    assert "ZONEATLAS_PORT must be" in one_sentence(done)


def test_help_names_every_setting(environ: dict[str, str]) -> None:
    text = run(environ, "serve", "--help").stdout
    for flag in ("--port", "--data-dir", "--public-url", "--basemap", "--map-approval-number"):
        assert flag in text
    assert "ZONEATLAS_PORT" in text
    assert run(environ, "--version").stdout.startswith("zoneatlas ")


def test_a_broken_layer_file_stops_serve(environ: dict[str, str], folder: Path) -> None:
    document = json.loads(layer_file(["Ash", "Birch"]))
    document["features"][1]["geometry"]["coordinates"] = [50.0, 100.0]
    (folder / "broken.geojson").write_text(json.dumps(document), encoding="utf-8")
    said = one_sentence(run(environ, "serve", folder, "--port", 0))
    assert "broken.geojson" in said
    assert "place-1" in said
    (folder / "broken.geojson").write_text('{"type": "Feat', encoding="utf-8")
    assert "broken.geojson" in one_sentence(run(environ, "serve", folder, "--port", 0))


def test_a_store_that_is_no_geopackage(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "notes.gpkg"
    file.write_text("not a database", encoding="utf-8")
    assert "notes.gpkg" in one_sentence(run(environ, "serve", file, "--port", 0))
    assert file.read_text(encoding="utf-8") == "not a database"
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = file.read_bytes()
    assert "notes.gpkg" in one_sentence(run(environ, "serve", file, "--port", 0))
    assert file.read_bytes() == before


def test_a_layer_file_where_its_folder_is_meant(environ: dict[str, str], folder: Path) -> None:
    said = one_sentence(run(environ, "serve", folder / "places.geojson", "--port", 0))
    assert said.endswith(f"is not a GeoPackage; give the folder that holds it: {folder}")


def test_a_folder_without_layers_is_served_with_a_word(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "settings.json").write_text("{}", encoding="utf-8")
    with served(environ, tmp_path) as (url, process):
        assert httpx.get(url + "collections").json()["collections"] == []
        assert process.stderr is not None
        assert "has no layer: no file of it (*.geojson, *.json)" in process.stderr.readline()
    listed = run(environ, "layers", tmp_path)
    assert (listed.returncode, listed.stdout) == (0, "")
    assert "has no layer: no file of it (*.geojson, *.json)" in listed.stderr


def test_output_nobody_reads_to_the_end(environ: dict[str, str], folder: Path) -> None:
    command = shlex.join([*COMMAND, "layers", str(folder)]) + " | true"
    done = subprocess.run(
        ["sh", "-c", command], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""

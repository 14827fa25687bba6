"""Formats that write a folder first: a disk that is full says so, and nothing stays behind."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from layers.catalog import Catalog
from layers.errors import QueryStopped
from layers.export.content import Content
from layers.export.select import whole
from layers.model import Batch
from layers.registry import all_formats
from tests.formats.conftest import many
from tests.server.sites import until

LARGEST = 200_000  # bytes of any file


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("room")
    many(folder / "zone", 20_000)
    export(folder, "many.geojson")
    return folder


def command(folder: Path, name: str) -> list[str]:
    store = ["--store", str(folder / "zone"), "--data-dir", str(folder / "data")]
    return [sys.executable, "-m", "server.cli", "export", "many", str(folder / name), *store]


def surroundings(folder: Path) -> dict[str, str]:
    (folder / "temporary").mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(folder / "temporary")}


def export(folder: Path, name: str, full: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, name),
        capture_output=True,
        text=True,
        check=not full,
        preexec_fn=limited if full else None,
        env=surroundings(folder),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "many.fgb",
        "many.shp.zip",
        "many.gdb.zip",
        "many.parquet",
        "many.gpkg",
        "many.xlsx",
        "many.dxf",
    ],
)
def test_a_full_disk(zone: Path, name: str) -> None:
    done = export(zone, name, full=True)
    assert done.returncode == 2
    assert done.stderr == (
        "zoneatlas: The disk has no room for this file; nothing of it was kept.\n"
    )
    assert not (zone / name).exists()
    assert list((zone / "temporary").iterdir()) == []


@pytest.mark.slow
def test_what_a_killed_export_has_left_goes_with_the_next_one(zone: Path) -> None:
    def there() -> list[Path]:
        return list((zone / "temporary").iterdir())

    with subprocess.Popen(command(zone, "killed.gpkg"), env=surroundings(zone)) as running:
        until(lambda: bool(there()) and any(there()[0].iterdir()))
        running.send_signal(signal.SIGSTOP)
        [left] = there()
        long_ago = time.time() - 3600
        os.utime(left, (long_ago, long_ago))
        export(zone, "other.fgb")
        assert there() == [left]  # however old: somebody writes there
        running.kill()
    assert there() == [left]
    export(zone, "other.fgb")
    assert there() == []


def held(folder: Path) -> list[str]:
    """Files of a folder that this process has open: they take room even when they are deleted."""
    opened = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them
            opened.append(one.readlink())
    return [str(one) for one in opened if folder in one.parents]


def stopped(content: Content) -> Content:
    """Its last feature never comes."""

    def batches() -> Iterator[Batch]:
        yield from content.parts[0].batches()
        raise QueryStopped("stopped")

    return replace(content, parts=(replace(content.parts[0], batches=batches),))


@pytest.mark.parametrize(
    "extension", sorted(name for name, kind in all_formats().items() if not kind.streams)
)
def test_nothing_stays_of_one_that_is_stopped(
    hard: Catalog, extension: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kind = all_formats()[extension]
    content = whole(hard.store, "points")
    with pytest.raises(QueryStopped):
        next(kind.write(stopped(content)))
    assert list(tmp_path.iterdir()) == []
    assert held(tmp_path) == []
    pieces = kind.write(content)
    assert next(pieces)
    pieces.close()  # the client has gone
    assert list(tmp_path.iterdir()) == []
    assert held(tmp_path) == []

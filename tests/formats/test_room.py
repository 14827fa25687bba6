"""Formats that write a folder first: a disk that is full says so, and nothing stays behind."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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

LARGEST = 200_000  # bytes of any file


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("room")
    many(folder / "zone", 20_000)
    export(folder, "many.geojson")
    return folder


def export(folder: Path, name: str, full: bool = False) -> subprocess.CompletedProcess[str]:
    (folder / "temporary").mkdir(exist_ok=True)
    store = ["--store", str(folder / "zone"), "--data-dir", str(folder / "data")]
    return subprocess.run(
        [sys.executable, "-m", "server.cli", "export", "many", str(folder / name), *store],
        capture_output=True,
        text=True,
        check=not full,
        preexec_fn=limited if full else None,
        env={**os.environ, "TMPDIR": str(folder / "temporary")},
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["many.fgb", "many.shp.zip", "many.gdb.zip", "many.parquet"])
def test_a_full_disk(zone: Path, name: str) -> None:
    done = export(zone, name, full=True)
    assert done.returncode == 2
    assert done.stderr == (
        "zoneatlas: The disk has no room for this file; nothing of it was kept.\n"
    )
    assert not (zone / name).exists()
    assert list((zone / "temporary").iterdir()) == []


def stopped(content: Content) -> Content:
    """Its last feature never comes."""

    def batches() -> Iterator[Batch]:
        yield from content.parts[0].batches()
        raise QueryStopped("stopped")

    return replace(content, parts=(replace(content.parts[0], batches=batches),))


@pytest.mark.parametrize("extension", ["fgb", "shp", "gdb", "parquet"])
def test_nothing_stays_of_one_that_is_stopped(
    hard: Catalog, extension: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kind = all_formats()[extension]
    content = whole(hard.store, "points")
    with pytest.raises(QueryStopped):
        next(kind.write(stopped(content)))
    assert list(tmp_path.iterdir()) == []
    pieces = kind.write(content)
    assert next(pieces)
    pieces.close()  # the client has gone
    assert list(tmp_path.iterdir()) == []

"""One running server for each zone, and one for a folder that a test may change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server import app
from tests.server.sites import Site, layer_file, serving_folder


@pytest.fixture(params=["bundled", "made_up"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(f"{request.param}_site")
    return found


def two_places(folder: Path) -> Path:
    """A folder with one layer of two places."""
    folder.mkdir()
    (folder / "places.geojson").write_text(layer_file(["Ash", "Birch"]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def places_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One layer of two places. Shared: read only."""
    folder = two_places(tmp_path_factory.mktemp("places") / "zone")
    with serving_folder(folder) as site:
        yield site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that a test may change."""
    return two_places(tmp_path / "zone")


@pytest.fixture
def folder_site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(app, "REFRESH_SECONDS", 0.05)
    with serving_folder(folder) as site:
        yield site

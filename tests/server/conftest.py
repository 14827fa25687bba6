"""One running server for each zone, and one for a folder that a test may change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.catalog import Catalog
from server import app
from tests.server.sites import Site, layer_file, serving


@pytest.fixture(params=["bundled", "made_up"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(f"{request.param}_site")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one layer of two places."""
    made = tmp_path / "zone"
    made.mkdir()
    (made / "places.geojson").write_text(layer_file(["Ash", "Birch"]), encoding="utf-8")
    return made


@pytest.fixture
def folder_site(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(app, "REFRESH_SECONDS", 0.05)
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        yield site
    catalog.close()

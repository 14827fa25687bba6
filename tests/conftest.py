"""What tests of every package share: the catalogs of the bundled and of the made-up zone."""

import gc
import importlib.util
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

# Only what runs tests imports the server: the process that hands them out begins two seconds later
# with it, and so do all.
if TYPE_CHECKING:
    from layers.catalog import Catalog
    from tests.server.sites import Site

# They need GDAL and QGIS on the system, which ./test clients installs.
collect_ignore = [] if os.environ.get("ZONEATLAS_CLIENTS") else ["clients"]


# What is imported and collected stays to the end: no use to look through it for garbage, again and
# again. What tests leave behind is found as ever.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


# About how many quick tests take as long as a slow one, or as one in the browser.
SLOW, BROWSER = 50, 100


@pytest.hookimpl(trylast=True)  # when tests of the browser are marked
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first, so that no process is left alone with one at the end."""
    weights: Counter[Path] = Counter()
    for item in items:
        browser, slow = item.get_closest_marker("browser"), item.get_closest_marker("slow")
        weights[item.path] += BROWSER if browser else SLOW if slow else 1
    items.sort(key=lambda item: (-weights[item.path], item.path))


def _zones() -> ModuleType:
    """tests/zones.py, which the import mode of these tests does not put on the path."""
    spec = importlib.util.spec_from_file_location("zones", Path(__file__).parent / "zones.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def zones() -> ModuleType:
    return _zones()


@pytest.fixture(scope="session")
def made_up_folder(tmp_path_factory: pytest.TempPathFactory, zones: ModuleType) -> Path:
    """The layer files of the made-up zone. Shared: copy them before changing any."""
    folder: Path = zones.make_zone(tmp_path_factory.mktemp("made-up") / "testland")
    return folder


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Catalog]":
    """The bundled zone. Shared: read only."""
    from layers.catalog import Catalog

    catalog = Catalog.open(None, tmp_path_factory.mktemp("bundled"))
    yield catalog
    catalog.close()


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory, made_up_folder: Path) -> "Iterator[Catalog]":
    """The made-up zone. Shared: read only."""
    from layers.catalog import Catalog

    catalog = Catalog.open(made_up_folder, tmp_path_factory.mktemp("made-up-data"))
    yield catalog
    catalog.close()


@pytest.fixture(scope="session")
def bundled_site(bundled: "Catalog") -> "Iterator[Site]":
    from tests.server.sites import serving

    with serving(bundled) as site:
        yield site


@pytest.fixture(scope="session")
def made_up_site(made_up: "Catalog") -> "Iterator[Site]":
    from tests.server.sites import serving

    with serving(made_up) as site:
        yield site

"""Small layers and stores that the tests of this folder begin with."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.model import Field, Layer, NewFeature, Schema, Text
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions
from layers.style import default_style


def field(name: str, type: str = "text", **more: Any) -> Field:
    label = more.pop("label", Text(name, name))
    return Field(name, type, label, **more)


@pytest.fixture(scope="session")
def make_layer() -> Callable[..., Layer]:
    """A layer of these fields; a bare name is a text field."""

    def make(id: str, *fields: Field | str, geometry: str = "Geometry", **more: Any) -> Layer:
        made = tuple(field(one) if isinstance(one, str) else one for one in fields)
        style = default_style(id, geometry)
        title = Text(f"{id}图层", f"{id} layer")
        return Layer(id, title, Schema(geometry, made), style, **more)

    return make


@pytest.fixture(scope="session")
def make_field() -> Callable[..., Field]:
    return field


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GeoPackage]:
    """An empty store. The suite in test_store*.py runs over every kind; so far there is one."""
    made = GeoPackage.create(tmp_path / "store.gpkg")
    yield made
    made.close()


GDAL = """
import sys

sys.modules.update(geopandas=None, pandas=None, pyarrow=None)  # not needed, and slow to import
import numpy as np
import pyogrio.raw
import shapely

path, layer, crs, append, *rest = sys.argv[1:]
xs, texts = rest[::2], rest[1::2]
shapes = [shapely.Point(float(x), 31) if x else None for x in xs]
pyogrio.raw.write(
    path,
    np.array(shapely.to_wkb(np.array([None, *shapes], dtype=object))[1:], dtype=object),
    [np.array(texts, dtype=object)],
    ["name"],
    layer=layer,
    crs=crs,
    geometry_type="Point",
    append=append == "append",
)
"""


@pytest.fixture
def gdal_write() -> Callable[..., None]:
    """GDAL writes points (x, name) at y 31 into a GeoPackage, in a process of its own.

    It brings an SQLite of its own, and two of those in one process do not see each other's locks
    (sqlite.org/howtocorrupt.html, 2.2).
    """

    def write(
        path: Path,
        layer: str,
        *points: tuple[float | str, str],
        crs: int = 4326,
        append: bool = True,
    ) -> None:
        values = [str(value) for point in points for value in point]
        how = "append" if append else "create"
        command = [sys.executable, "-W", "error", "-c", GDAL, str(path), layer, f"EPSG:{crs}", how]
        subprocess.run(command + values, check=True)

    return write


@pytest.fixture
def sites(
    store: GeoPackage, make_layer: Callable[..., Layer], make_field: Callable[..., Field]
) -> GeoPackage:
    codes = {"a": Text("甲", "A"), "b": Text("乙", "B")}
    fields = [
        make_field("name", label=Text("名称", "Name")),
        make_field("kind", codes=codes),
        make_field("tags", "list", codes=codes),
        make_field("day", "date"),
        make_field("moment", "datetime"),
        make_field("open", "boolean"),
        make_field("whole", "integer"),
        make_field("number", "number", unit="km²"),
    ]
    store.load(
        make_layer("sites", *fields, geometry="Point"),
        [
            NewFeature("one", shapely.Point(120.95995, 31.07262), {"name": "一", "kind": "a"}),
            NewFeature("two", shapely.Point(120.1, 31.9), {"tags": ["a", "b"], "open": True}),
            NewFeature(
                "nowhere", None, {"day": "2024-08-23", "moment": "2024-08-23T10:00:00+08:00"}
            ),
        ],
    )
    store.load(
        make_layer("areas", "name", geometry="Polygon"),
        [NewFeature("a", shapely.box(1, 2, 3, 4), {})],
    )
    return store


@pytest.fixture
def editor(sites: GeoPackage) -> Iterator[sqlite3.Connection]:
    """Another program, with the functions that the standard's triggers call."""
    with closing(sqlite3.connect(sites.path, isolation_level=None)) as connection:
        register_functions(connection)
        yield connection


@pytest.fixture
def bare(sites: GeoPackage) -> Iterator[sqlite3.Connection]:
    """A program that knows nothing of GeoPackages, such as the sqlite3 shell."""
    with closing(sqlite3.connect(sites.path, isolation_level=None)) as connection:
        yield connection

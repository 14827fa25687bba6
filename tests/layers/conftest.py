"""Small layers and stores that the tests of this folder begin with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from layers.model import Field, Layer, Schema, Text
from layers.stores.geopackage import GeoPackage
from layers.style import default_style


def field(name: str, type: str = "text", **more: object) -> Field:
    label = more.pop("label", Text(name, name))
    return Field(name, type, label, **more)  # type: ignore[arg-type]  # passed through


@pytest.fixture
def make_layer() -> Callable[..., Layer]:
    """A layer of these fields; a bare name is a text field."""

    def make(id: str, *fields: Field | str, geometry: str = "Geometry", **more: object) -> Layer:
        made = tuple(field(one) if isinstance(one, str) else one for one in fields)
        style = default_style(id, geometry)
        title = Text(f"{id}图层", f"{id} layer")
        return Layer(id, title, Schema(geometry, made), style, **more)  # type: ignore[arg-type]  # same

    return make


@pytest.fixture
def make_field() -> Callable[..., Field]:
    return field


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GeoPackage]:
    """An empty store. The suite in test_store.py runs over every kind; so far there is one."""
    made = GeoPackage.create(tmp_path / "store.gpkg")
    yield made
    made.close()

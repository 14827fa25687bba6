"""ZoneAtlas in Python: frames out and in, the map of both, and errors that name the argument."""

import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import zoneatlas
from layers.catalog import Catalog
from layers.errors import AtlasError
from layers.model import Field, Query
from layers.stores.geopackage import GeoPackage
from tests.rows import first_zone_quick
from zoneatlas import Atlas

TYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean"}


@pytest.fixture(params=["bundled", "made_up"])
def atlas(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Atlas]:
    """Each zone, opened by its GeoPackage."""
    catalog: Catalog = request.getfixturevalue(request.param)
    with zoneatlas.open(catalog.store.path, data_dir=tmp_path) as opened:
        yield opened


@pytest.fixture
def own() -> gpd.GeoDataFrame:
    columns = {
        "name": ["甲", "<script>alert(1)</script>", None],
        "count": [1, None, 3],
        "area": [1.5, float("nan"), 2.0],
        "open": pd.array([True, None, False], dtype="boolean"),
        "since": pd.to_datetime(["2024-05-01", None, "2023-01-02"]),
        "seen": pd.to_datetime(["2024-05-01T08:00+08:00", None, None], utc=True),
        "tags": [["a", "b"], [], None],
        "面积": [None, None, None],
    }
    places = [shapely.Point(120.9, 31.1), None, shapely.Point(120.8, 31.0)]
    return gpd.GeoDataFrame(columns, geometry=places, crs="EPSG:4326").to_crs("EPSG:4549")


def fits(field: Field, column: "pd.Series[Any]") -> bool:
    if field.type in ("date", "datetime"):
        return column.dtype.kind == "M" and bool(column.dt.tz) == (field.type == "datetime")
    return str(column.dtype) == TYPES.get(field.type, "object")


def test_a_layer_comes_as_a_frame_typed_by_its_schema(atlas: Atlas) -> None:
    store = atlas.catalog.store
    for layer in atlas.layers:
        frame = atlas.frame(layer.id)
        features = list(store.features(layer.id, Query()))
        assert list(frame.index) == [one.id for one in features]
        assert frame.crs == "EPSG:4326"
        assert sorted(frame.columns) == sorted(
            [*(one.name for one in layer.schema.fields), "geometry"]
        )
        for field in layer.schema.fields:
            assert fits(field, frame[field.name]), field
            known = [one.properties[field.name] is not None for one in features]
            assert list(frame[field.name].notna()) == known
            if field.type in ("text", "integer", "number", "boolean", "list"):
                values = [one.properties[field.name] for one in features]
                there = [value for value in values if value is not None]
                assert list(frame[field.name].dropna()) == there
        for shape, feature in zip(frame.geometry, features, strict=True):
            assert (shape is None) == (feature.geometry is None)


def test_a_frame_is_asked_for_as_a_download_is(bundled: Catalog, tmp_path: Path) -> None:
    with zoneatlas.open(bundled.store.path, data_dir=tmp_path) as atlas:
        layer = next(one for one in atlas.layers if one.role == "sites")
        whole = atlas.frame(layer.id)
        first = str(whole.index[0])
        assert list(atlas.frame(layer.id, filter=f"id='{first}'").index) == [first]
        turned = atlas.frame(layer.id, crs="EPSG:4549")
        assert turned.crs == "EPSG:4549"
        back = turned.to_crs("EPSG:4326")
        pairs = zip(back.geometry, whole.geometry, strict=True)
        assert all(one is None or one.distance(other) < 1e-6 for one, other in pairs)
        name = next(one.name for one in layer.schema.fields if one.role == "name")
        assert first in atlas.frame(layer.id, q=str(whole[name].iloc[0])).index
        assert list(atlas.frame(layer.id, properties=[name]).columns) == [name, "geometry"]
        near = atlas.frame(layer.id, area="circle:120.9,31.1,20000")
        assert 0 < len(near) < len(whole)


def test_a_frame_becomes_a_layer_and_comes_back(own: gpd.GeoDataFrame, tmp_path: Path) -> None:
    file = tmp_path / "own.gpkg"
    GeoPackage.create(file).close()
    with zoneatlas.open(file, data_dir=tmp_path) as atlas:
        assert atlas.load("mine", own, title=("我的", "Mine")) == 3
        [layer] = atlas.layers
        back = atlas.frame("mine")
    assert layer.title == ("我的", "Mine")
    assert {one.name: one.type for one in layer.schema.fields} == {
        "name": "text",
        "count": "number",
        "area": "number",
        "open": "boolean",
        "since": "date",
        "seen": "datetime",
        "tags": "list",
        "面积": "text",
    }
    assert list(back.index) == ["0", "1", "2"]
    assert back["name"].iloc[1] == own["name"].iloc[1]
    assert back["since"].iloc[0] == own["since"].iloc[0]
    assert back["seen"].iloc[0] == own["seen"].iloc[0]
    assert back["tags"].iloc[0] == ["a", "b"]
    assert back.isna().sum().sum() == own.isna().sum().sum() + 1  # a list of nothing says nothing
    distances = back.geometry.to_crs("EPSG:4549").reset_index(drop=True).distance(own.geometry)
    assert distances.max() < 0.001


def held(text: str, name: str) -> Any:
    found = re.search(rf'data-holds="{re.escape(name)}">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def view_of(text: str) -> dict[str, str]:
    found = re.search(r'data-view="([^"]*)"', text)
    assert found
    return dict(parse_qsl(html.unescape(found[1])))


@first_zone_quick("atlas")
def test_the_map_is_folium_s_and_one_file(atlas: Atlas, tmp_path: Path) -> None:
    sites = [one.id for one in atlas.layers if one.role == "sites"][:1]
    chart = atlas.map(layers=sites, center=(120.9, 31.1), zoom=9, lang="en")
    assert isinstance(chart, folium.Map)
    file = tmp_path / "map.html"
    chart.save(file)
    text = file.read_text(encoding="utf-8")
    assert '<html lang="en"' in text
    assert f"layers={sites[0]}" in text
    frame = chart._repr_html_()
    assert frame.startswith("<iframe ")
    assert html.unescape(frame.partition('srcdoc="')[2].rpartition('"')[0]) == text


@first_zone_quick("atlas")
def test_frames_stand_on_the_map_beside_the_layers(
    atlas: Atlas, own: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    text = atlas.map(frames={"mine": own}).to_html()
    assert held(text, "features/mine")["ids"] == ["0", "1", "2"]
    layer = atlas.layers[0].id
    count = atlas.catalog.store.count(layer, Query())
    assert len(held(text, f"features/{layer}")["ids"]) == count
    assert "mine" not in {one.id for one in atlas.layers}
    assert own["name"].iloc[1] not in text


def test_numbers_may_be_numpy_s(own: gpd.GeoDataFrame) -> None:
    for center in (np.array([120.9, 31.1]), (np.float64(120.9), Decimal("31.1")), [120.9, 31.1]):
        chart = zoneatlas.map(own, center=center, zoom=np.int64(9), height=np.float32(300))
        assert view_of(chart.to_html()) == {"center": "120.9,31.1", "zoom": "9"}
        assert "height: 300px;" in chart._repr_html_()
    assert view_of(zoneatlas.map(own, zoom=np.float64(9.5)).to_html()) == {"zoom": "9.5"}


def test_a_frame_takes_no_layer_s_place(atlas: Atlas, own: gpd.GeoDataFrame) -> None:
    layer = atlas.layers[0].id
    for one in (layer, layer.upper()):
        with pytest.raises(AtlasError, match=f"has a layer '{one}' already"):
            atlas.map(frames={one: own})
    with pytest.raises(AtlasError, match="has a layer 'A' already"):
        zoneatlas.map({"a": own, "A": own})


def test_what_a_frame_has_may_be_selected(atlas: Atlas, own: gpd.GeoDataFrame) -> None:
    text = atlas.map(frames={"mine": own}, selected="mine/1").to_html()
    assert view_of(text)["selected"] == "mine/1"
    with pytest.raises(AtlasError, match="selected must be"):
        zoneatlas.map(own, selected="frame/9")


@pytest.mark.parametrize("asked", [{"theme": "x"}, {"height": "1"}, {"lang": "fr"}, {"zoom": "x"}])
def test_a_frame_alone_is_asked_for_alike(own: gpd.GeoDataFrame, asked: dict[str, Any]) -> None:
    with pytest.raises(AtlasError, match=f"^{next(iter(asked))} must be"):
        zoneatlas.map(own, **asked)


def test_a_frame_alone_is_a_map(own: gpd.GeoDataFrame) -> None:
    text = zoneatlas.map(own, title="我的地图").to_html()
    assert "<title>我的地图</title>" in text
    assert held(text, "features/frame")["ids"] == ["0", "1", "2"]
    both = zoneatlas.map({"a": own, "b": own.iloc[:1]}).to_html()
    assert held(both, "features/b")["ids"] == ["0"]


def test_what_folium_draws_by_itself_may_be_added(own: gpd.GeoDataFrame) -> None:
    chart = zoneatlas.map(own)
    folium.Circle([31.1, 120.9], radius=5_000).add_to(chart)
    assert "L.circle(" in chart.to_html()


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"layers": ["nowhere"]}, "layers must be"),
        ({"filter": "nothing=1"}, "filter"),
        ({"area": "here"}, "area must be"),
        ({"certainty": "certain"}, "certainty must be"),
        ({"selected": "no/thing"}, "selected must be"),
        ({"center": (200, 10)}, "center must be"),
        ({"center": "here"}, "center must be"),
        ({"center": np.array([120.9, 31.1, 5.0])}, "center must be"),
        ({"center": (120.9, float("nan"))}, "center must be"),
        ({"zoom": "near"}, "zoom must be a number from 0 to 24, not 'near'"),
        ({"zoom": 25}, "zoom must be"),
        ({"zoom": True}, "zoom must be"),
        ({"zoom": 10**400}, "zoom must be"),
        ({"theme": "x"}, "theme must be light or dark, not 'x'"),
        ({"drawer": "x"}, "drawer must be"),
        ({"shade": "yes"}, "shade must be"),
        ({"slides": [("a", {})]}, "slides must be"),
        ({"height": "500px"}, "height must be a number of pixels from 100 to 10,000, not '500px'"),
        ({"height": 99}, "height must be"),
        ({"height": '1px" onload="alert(1)'}, "height must be"),
        ({"lang": "fr"}, "lang must be"),
        ({"nonsense": 1}, "'nonsense'"),
        ({"frames": {"a b": None}}, "frames['a b']: 'a b' is no id"),
        ({"frames": {"mine": 3}}, "frames['mine']: a GeoDataFrame is expected"),
    ],
)
@first_zone_quick("atlas")
def test_errors_of_maps_name_the_argument(atlas: Atlas, asked: dict[str, Any], named: str) -> None:
    if "frames" in asked and None in asked["frames"].values():
        asked = {"frames": {"a b": gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")}}
    with pytest.raises(AtlasError, match=re.escape(named)):
        atlas.map(**asked)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"layer": "nowhere"}, "no layer 'nowhere'"),
        ({"crs": "EPSG:0"}, "crs must be"),
        ({"crs": "GCJ02"}, "crs must be"),
        ({"filter": "nothing=1"}, "filter"),
        ({"properties": ["nothing"]}, "properties must be"),
        ({"bbox": (1, 2)}, "bbox must be"),
    ],
)
def test_errors_of_frames_name_the_argument(
    atlas: Atlas, asked: dict[str, Any], named: str
) -> None:
    with pytest.raises(AtlasError, match=re.escape(named)):
        atlas.frame(**{"layer": atlas.layers[0].id, **asked})


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda one: one.set_crs(None, allow_override=True), "no crs"),
        (lambda one: pd.DataFrame(one), "a GeoDataFrame is expected"),
        (lambda one: one.rename(columns={"name": 7}), "column 7"),
        (lambda one: one.set_axis(["a", "a", "b"]), "occur twice"),
        (lambda one: one.assign(odd=[object(), 1, 2]), "column 'odd'"),
        (lambda one: one.assign(odd=[float("inf"), 1, 2]), "odd"),
        (lambda one: one.assign(odd=["\0", "", "x"]), "odd"),
    ],
)
def test_what_no_layer_can_hold_is_said(own: gpd.GeoDataFrame, spoil: Any, named: str) -> None:
    with pytest.raises(AtlasError, match=re.escape(named)) as raised:
        zoneatlas.map({"mine": spoil(own)})
    assert str(raised.value).startswith("frames['mine']: ")


def test_layers_of_files_are_not_written_to(own: gpd.GeoDataFrame, tmp_path: Path) -> None:
    with (
        zoneatlas.open(data_dir=tmp_path) as atlas,
        pytest.raises(AtlasError, match="open a GeoPackage"),
    ):
        atlas.load("mine", own)

"""QGIS without a window opens what the connect panel gives, and sees all of it as we meant it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.catalog import Catalog
from layers.model import Query
from tests.server.sites import Site, layer_file, serving

Look = Callable[..., Any]
RING = "#8b857a"  # around what QGIS has fanned out


def fetched(site: Site, tmp_path: Path, name: str) -> Path:
    file = tmp_path / name
    file.write_bytes(site.get(f"/connect/{name}", params={"lang": "zh"}).content)
    return file


def test_a_layer_file(bundled_site: Site, tmp_path: Path, qgis: Look) -> None:
    [layer] = qgis(fetched(bundled_site, tmp_path, "parks.qlr"))["layers"]
    assert layer["valid"]
    assert (layer["provider"], layer["renderer"]) == ("OAPIF", "pointDisplacement")
    count = bundled_site.catalog.store.count("parks", Query())
    assert (layer["counted"], layer["read"], layer["different"]) == (count, count, count)
    assert [active for _, _, active in layer["rules"]] == [True, True, False]
    assert layer["rules"][1][1] == "\"placement\" IN ('township')"
    assert layer["labels"] == 'coalesce("name_zh", "name_en")'
    assert layer["aliases"]["name_zh"] == "名称"
    assert layer["widgets"]["placement"] == "ValueMap"
    names = {field.name for field in bundled_site.catalog.store.layer("parks").schema.fields}
    assert names | {"id"} == set(layer["known"])


def test_every_page_and_every_field(made_up_site: Site, tmp_path: Path, qgis: Look) -> None:
    """10,001 features; and a field that only the last feature of its layer has a value in."""
    [many] = qgis(fetched(made_up_site, tmp_path, "viele.qlr"))["layers"]
    assert (many["counted"], many["read"], many["different"]) == (10_001, 10_001, 10_001)
    [sites] = qgis(fetched(made_up_site, tmp_path, "werke.qlr"))["layers"]
    assert sites["valid"]
    assert sites["read"] == 42
    assert sites["known"]["nur_zuletzt"] == 1


def test_the_whole_map(bundled_site: Site, tmp_path: Path, qgis: Look) -> None:
    """All layers, in groups and in order; the picture shows the zone's fills and our symbols."""
    picture = tmp_path / "map.png"
    extent = bundled_site.catalog.store.extent("districts")
    assert extent is not None
    said = qgis(fetched(bundled_site, tmp_path, "map.qgs"), picture, *extent)
    assert said["crs"] == "EPSG:3857"
    assert said["title"] == bundled_site.catalog.store.zone().title.zh
    assert said["groups"] == ["产业图层", "底图"]
    assert said["errors"] == []
    store = bundled_site.catalog.store
    expected = {layer.title.zh: store.count(layer.id, Query()) for layer in store.layers()}
    assert {layer["name"]: layer["read"] for layer in said["layers"]} == expected
    assert all(layer["valid"] and layer["labels"] for layer in said["layers"])
    assert said["layers"][-1]["name"] == "周边区县"
    for colour in ("#dce9f2", "#e1efe6", "#f6e9da", "#162759"):
        assert said["colours"][colour] > 200


@pytest.mark.parametrize(("apart", "fanned"), [(0.0, True), (1e-6, False), (1e-4, False)])
def test_only_what_shares_one_point_is_fanned_out(
    tmp_path: Path, qgis: Look, apart: float, fanned: bool
) -> None:
    """Not what is as near as that on paper."""
    document = json.loads(layer_file([f"Place {n}" for n in range(40)], title="Places"))
    for n, one in enumerate(document["features"]):
        one["geometry"]["coordinates"] = [10 + n // 2 * 0.01 + n % 2 * apart, 50.0]
    (tmp_path / "zone").mkdir()
    (tmp_path / "zone" / "places.geojson").write_text(json.dumps(document), encoding="utf-8")
    catalog = Catalog.open(tmp_path / "zone", tmp_path / "data")
    with serving(catalog) as site:
        file = fetched(site, tmp_path, "places.qlr")
        said = qgis(file, tmp_path / "map.png", 9.9, 49.9, 10.3, 50.1)
        assert (said["colours"].get(RING, 0) > 100) == fanned
    catalog.close()


def test_a_label_stands_beside_its_own_symbol(tmp_path: Path, qgis: Look) -> None:
    """Three layers at one point: each has its symbol aside, and its label on the outer side."""
    (tmp_path / "zone").mkdir()
    colours = {"a": "#ff0000", "b": "#00a000", "c": "#0000ff"}
    for name, colour in colours.items():
        document = layer_file(["Tor"], title=name, style={"colour": colour, "symbol": "square"})
        (tmp_path / "zone" / f"{name}.geojson").write_text(document, encoding="utf-8")
    catalog = Catalog.open(tmp_path / "zone", tmp_path / "data")
    with serving(catalog) as site:
        file = fetched(site, tmp_path, "map.qgs")
        said = qgis(file, tmp_path / "map.png", 9.9, 49.9, 10.1, 50.1)
    catalog.close()
    boxes, ink = said["boxes"], said["boxes"]["#23272b"]
    left, right = boxes["#ff0000"], boxes["#0000ff"]
    assert boxes["#00a000"][0] == left[0]  # one under the other
    assert left[2] < right[0]
    assert ink[0] < left[0]  # a label left of those, and one right of the third
    assert ink[2] > right[2]
    assert ink[0] > left[0] - 60
    assert ink[2] < right[2] + 60


def downloaded(site: Site, tmp_path: Path, query: str) -> Path:
    file = tmp_path / "map.gpkg"
    file.write_bytes(site.get(f"/downloads/map.gpkg?{query}").content)
    return file


@pytest.mark.parametrize("crs", ["CRS84", "EPSG:4549"])
def test_a_geopackage_opens_styled(
    bundled_site: Site, tmp_path: Path, qgis: Look, crs: str
) -> None:
    """Without a question QGIS takes the style of each table that we left in the file."""
    store = bundled_site.catalog.store
    extent = store.extent("districts")
    assert extent is not None
    file = downloaded(bundled_site, tmp_path, f"lang=zh&crs={crs}")
    said = qgis(file, tmp_path / "map.png", *extent)
    assert said["errors"] == []
    layers = {layer["name"]: layer for layer in said["layers"]}
    assert layers.keys() == {layer.id for layer in store.layers()}
    for layer in store.layers():
        found = layers[layer.id]
        assert found["read"] == store.count(layer.id, Query())
        assert found["crs"] == ("EPSG:4326" if crs == "CRS84" else crs)
        assert found["renderer"] in ("RuleRenderer", "pointDisplacement")
        assert found["labels"] == 'coalesce("name_zh", "name_en")'
        labels = {field.name: field.label.zh for field in layer.schema.fields if not field.unit}
        assert labels.items() <= found["aliases"].items()
        coded = {one.name for one in layer.schema.fields if one.codes and one.type == "text"}
        assert {name for name, kind in found["widgets"].items() if kind == "ValueMap"} >= coded
        if layer.role == "sites":
            assert [active for _, _, active in found["rules"]] == [True, True, False]
        if layer.role == "sites" and layer.id in ("parks", "innovation", "low-altitude"):
            assert said["colours"][layer.style.colour.lower()] > 40
    for colour in ("#dce9f2", "#e1efe6", "#f6e9da"):
        assert said["colours"][colour] > 200


@pytest.mark.parametrize("importance", [0, 90])
def test_names_stand_in_areas_and_on_no_symbol(tmp_path: Path, qgis: Look, importance: int) -> None:
    """An area is no obstacle to the names in it; a symbol is: between two a long name gives way."""
    (tmp_path / "zone").mkdir()
    style = {"colour": "#ff0000", "symbol": "square", "importance": importance}
    names = ["The Hill In The Far West Of All", "Quite A Long Name", ""]
    points = json.loads(layer_file(names, title="sites", style=style))
    for n, one in enumerate(points["features"]):
        one["geometry"]["coordinates"] = [10.0 + n * 0.012, 50.0]
    ring = [[9.9, 49.9], [10.1, 49.9], [10.1, 50.1], [9.9, 50.1], [9.9, 49.9]]
    area = {"type": "Feature", "id": "a", "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    around = {"type": "FeatureCollection", "features": [area],
              "layer": {"role": "backdrop", "style": {"colour": "#00a000"}}}  # fmt: skip
    for name, document in (("sites", points), ("around", around)):
        (tmp_path / "zone" / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    catalog = Catalog.open(tmp_path / "zone", tmp_path / "data")
    with serving(catalog) as site:
        file = downloaded(site, tmp_path, "lang=zh")
        said = qgis(file, tmp_path / "map.png", 9.9, 49.9, 10.1, 50.1)
    catalog.close()
    symbols, ink = said["boxes"]["#ff0000"], said["boxes"]["#23272b"]
    assert ink[0] < symbols[0] - 80
    assert ink[2] < symbols[0]


def test_a_geopackage_of_layers_unlike_the_bundled_ones(
    made_up_site: Site, tmp_path: Path, qgis: Look
) -> None:
    """Lines, holes, several kinds of geometry in a table, hostile names, an empty layer."""
    store = made_up_site.catalog.store
    said = qgis(downloaded(made_up_site, tmp_path, "lang=en"))["layers"]
    for layer in store.layers():
        parts = [one for one in said if one["name"] == layer.id]
        assert parts, layer.id
        assert all(one["valid"] for one in parts)
        features = list(store.features(layer.id, Query()))
        kinds = {shapely.from_wkb(one.geometry).geom_type for one in features if one.geometry}
        placed = sum(one.geometry is not None for one in features)
        # Of a table for any geometry QGIS makes a layer for each kind, and none for the rest.
        seen = placed if len(kinds) > 1 else len(features)
        assert sum(one["read"] for one in parts) == seen


@pytest.mark.parametrize("name", ["map.qgs", "Wege-1.qlr", "flaechen.qlr", "kreise.qlr"])
def test_layers_unlike_the_bundled_ones(
    made_up_site: Site, tmp_path: Path, qgis: Look, name: str
) -> None:
    """Lines, holes, hostile names, null geometries, an empty layer."""
    for layer in qgis(fetched(made_up_site, tmp_path, name))["layers"]:
        assert layer["valid"], layer["name"]
        assert layer["read"] == layer["counted"]
        assert layer["labels"]

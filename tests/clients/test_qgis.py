"""QGIS without a window opens what the connect panel gives, and sees all of it as we meant it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.parametrize("name", ["map.qgs", "Wege-1.qlr", "flaechen.qlr", "kreise.qlr"])
def test_layers_unlike_the_bundled_ones(
    made_up_site: Site, tmp_path: Path, qgis: Look, name: str
) -> None:
    """Lines, holes, hostile names, null geometries, an empty layer."""
    for layer in qgis(fetched(made_up_site, tmp_path, name))["layers"]:
        assert layer["valid"], layer["name"]
        assert layer["read"] == layer["counted"]
        assert layer["labels"]

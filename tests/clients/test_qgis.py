"""QGIS without a window opens what the connect panel gives, and sees all of it as we meant it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layers.model import Query
from tests.server.sites import Site

Look = Callable[..., Any]


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


@pytest.mark.parametrize("name", ["map.qgs", "Wege-1.qlr", "flaechen.qlr", "kreise.qlr"])
def test_layers_unlike_the_bundled_ones(
    made_up_site: Site, tmp_path: Path, qgis: Look, name: str
) -> None:
    """Lines, holes, hostile names, null geometries, an empty layer."""
    for layer in qgis(fetched(made_up_site, tmp_path, name))["layers"]:
        assert layer["valid"], layer["name"]
        assert layer["read"] == layer["counted"]
        assert layer["labels"]

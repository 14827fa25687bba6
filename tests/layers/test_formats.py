"""Formats: found by being there, and what they write reads back."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest
import shapely

from layers.catalog import Catalog
from layers.export.select import whole
from layers.formats import geojson
from layers.model import Batch, Layer, NewFeature, Query
from layers.registry import all_formats
from layers.stores.geopackage import GeoPackage

ALL = Query()


def test_a_module_in_the_folder_is_a_format() -> None:
    formats = all_formats()
    assert formats["geojson"].media_type == "application/geo+json"
    assert all(callable(one.write) for one in formats.values())


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled", "made_up"])
def test_geojson_reads_back_as_the_same_layers(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    catalog: Catalog = request.getfixturevalue(which)
    folder = tmp_path / "copy"
    folder.mkdir()
    for layer in catalog.store.layers():
        written = geojson.write(whole(catalog.store, layer.id))
        (folder / f"{layer.id}.geojson").write_bytes(b"".join(written))
    with closing(Catalog.open(folder, tmp_path / "data")) as again:
        assert again.store.layers() == catalog.store.layers()
        for layer in catalog.store.layers():
            features = zip(
                again.store.features(layer.id, ALL),
                catalog.store.features(layer.id, ALL),
                strict=True,
            )
            for one, other in features:
                assert one == other


def test_geojson_opens_in_gdal(made_up: Catalog, tmp_path: Path) -> None:
    for layer in made_up.store.layers():
        path = tmp_path / f"{layer.id}.geojson"
        path.write_bytes(b"".join(geojson.write(whole(made_up.store, layer.id))))
        info = pyogrio.read_info(path)
        assert info["features"] == made_up.store.count(layer.id, ALL)
        assert info["crs"] == "EPSG:4326"
        if info["features"]:
            names = {field.name for field in layer.schema.fields}
            # GDAL shows the feature's own id as a field too, and renames a property of that name
            assert names - {"id"} <= set(info["fields"].tolist())


def test_every_feature_has_every_property(
    store: GeoPackage, make_layer: Callable[..., Layer]
) -> None:
    """The case known servers fail: a property that only the last feature has."""
    last = NewFeature("b", shapely.Point(1, 2), {"late": "københavn 园区"})
    store.load(make_layer("l", "early", "late"), [NewFeature("a", None, {}), last])
    document = json.loads(b"".join(geojson.write(whole(store, "l"))))
    assert document["features"] == [
        {
            "type": "Feature",
            "id": "a",
            "geometry": None,
            "properties": {"early": None, "late": None},
        },
        {
            "type": "Feature",
            "id": "b",
            "geometry": {"type": "Point", "coordinates": [1.0, 2.0]},
            "properties": {"early": None, "late": "københavn 园区"},
        },
    ]


def test_an_empty_layer_is_a_collection(
    store: GeoPackage, make_layer: Callable[..., Layer]
) -> None:
    store.load(make_layer("l", "name"), [])
    document = json.loads(b"".join(geojson.write(whole(store, "l"))))
    assert document["type"] == "FeatureCollection"
    assert document["features"] == []
    assert document["layer"]["title"] == {"zh": "l图层", "en": "l layer"}


def test_it_streams(store: GeoPackage, make_layer: Callable[..., Layer]) -> None:
    store.load(make_layer("l"), [])
    taken = 0

    def batches() -> Iterator[Batch]:
        nonlocal taken
        for n in range(0, 10_000, 500):
            taken += 500
            fids = range(n, n + 500)
            yield Batch(fids, [f"f{fid}" for fid in fids], [None] * 500, {})

    content = whole(store, "l")
    chunks = geojson.write(replace(content, parts=(replace(content.parts[0], batches=batches),)))
    next(chunks)
    next(chunks)
    assert 0 < taken < 5_000


def test_feature_bytes_end_with_the_object_open_to_more_members(made_up: Catalog) -> None:
    layer = made_up.store.layers()[0]
    [batch] = made_up.store.batches(layer.id, ALL)
    written = geojson.batch_bytes(layer, batch)
    assert [json.loads(one)["id"] for one in written] == list(batch.ids)
    assert all(json.loads(one[:-1] + b',"links":[]}')["links"] == [] for one in written)

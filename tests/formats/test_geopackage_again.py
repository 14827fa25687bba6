"""GeoPackage downloads served again by our own server, also when others have edited them."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas
import pytest
import shapely

from layers.catalog import Catalog
from layers.export.fields import position_first
from layers.model import Query
from tests.formats.conftest import Download
from tests.formats.sqlite import change, rows
from tests.rows import first_quick
from tests.server.sites import Site, serving

Serve = Callable[[Path], Catalog]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    opened: list[Catalog] = []

    def again(file: Path) -> Catalog:
        opened.append(Catalog.open(file, tmp_path / "again"))
        return opened[-1]

    yield again
    for one in opened:
        one.close()


@pytest.mark.parametrize("which", first_quick(1, ["hard_site", "bundled_site", "made_up_site"]))
def test_served_again_it_is_as_it_was(
    which: str, request: pytest.FixtureRequest, download: Download, serve: Serve
) -> None:
    site: Site = request.getfixturevalue(which)
    ours = site.catalog.store
    again = serve(download("map.gpkg", site)).store
    assert again.read_only
    assert again.zone() == ours.zone()
    assert [one.id for one in again.layers()] == [one.id for one in ours.layers()]
    for layer in ours.layers():
        assert again.layer(layer.id) == position_first(layer)
        theirs = list(again.features(layer.id, Query()))
        assert theirs == list(ours.features(layer.id, Query()))
        if theirs:
            assert again.feature(layer.id, theirs[-1].id) == theirs[-1]


def test_served_again_from_another_crs(download: Download, hard: Catalog, serve: Serve) -> None:
    for crs in ("EPSG:4549", "mine"):
        again = serve(download("points.gpkg", crs=crs)).store
        ours = position_first(hard.store.layer("points"))
        layer = again.layer("points")
        assert replace(layer, store_crs="CRS84") == ours
        for one, other in zip(
            again.features("points", Query()), hard.store.features("points", Query()), strict=True
        ):
            assert one._replace(geometry=None) == other._replace(geometry=None)
            if other.geometry:
                moved = shapely.from_wkb(one.geometry).distance(shapely.from_wkb(other.geometry))
                assert moved < 1e-7


def test_the_server_shows_it_as_it_was(download: Download, serve: Serve, hard_site: Site) -> None:
    file = download("map.gpkg")
    with serving(serve(file)) as site:
        assert "难题区" in site.page("/?lang=zh").text
        query = "filter=placement='park' AND A_CONTAINS(district,('qp'))"
        for address in (f"/collections/points/items?{query}", "/collections/points/queryables"):
            found, expected = site.json(address), hard_site.json(address)
            for one in (found, expected):
                for varying in ("links", "timeStamp", "$id"):
                    one.pop(varying, None)
            text = json.dumps(found).replace(site.url, "")
            assert json.loads(text) == json.loads(json.dumps(expected).replace(hard_site.url, ""))
        # And so it can be downloaded once more.
        once_more = geopandas.read_file(download("points.gpkg", site), layer="points")
        assert once_more["id"].tolist() == ["a", "b", "c", "d"]


def test_what_another_program_did_to_it(download: Download, serve: Serve) -> None:
    file = download("points.gpkg")
    change(
        file,
        'ALTER TABLE points DROP COLUMN "staff"',
        'ALTER TABLE points DROP COLUMN "signed"',
        'ALTER TABLE points ADD COLUMN "signed" TEXT',
        "ALTER TABLE points ADD COLUMN hinzu INTEGER",
        "UPDATE points SET signed = 'spring', hinzu = 7",
    )
    store = serve(file).store
    types = {one.name: one.type for one in store.layer("points").schema.fields}
    assert "staff" not in types
    assert (types["signed"], types["hinzu"], types["district"]) == ("text", "integer", "list")
    found = store.feature("points", "a").properties
    assert (found["signed"], found["hinzu"], found["district"]) == ("spring", 7, ["qp"])
    assert store.layer("points").title.en == "Projects"


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE points SET id = NULL WHERE id = 'b'",
        "DROP INDEX idx_points_id",
        "UPDATE gpkg_metadata SET metadata = '[]'",
        "UPDATE gpkg_metadata SET metadata = replace(metadata, '\"role\"', '\"roll\"')",
        "UPDATE gpkg_metadata SET metadata = 'nonsense'",
        "DROP TABLE gpkg_metadata",
    ],
)
def test_what_does_not_fit_is_served_as_it_stands(
    download: Download, serve: Serve, harm: str
) -> None:
    file = download("points.gpkg")
    change(file, harm)
    store = serve(file).store
    [layer] = store.layers()
    assert layer.title.zh == "签约项目"  # the table's own
    assert [one.id for one in store.features("points", Query())] == ["1", "2", "3", "4"]
    field = layer.schema.field("placement")
    assert field is not None
    assert field.label.zh == "位置精度"
    assert field.codes is not None
    assert field.codes["park"].zh == "园区级"


def test_names_that_tables_cannot_have(tmp_path: Path, serve: Serve) -> None:
    """Field names that SQLite, GDAL or we need ourselves; layers called like their tables."""
    names = ["fid", "geom", "ID", "OGC_FID", "rowid", "geometry", 'a"b', "a]b", "Name", "name"]
    (tmp_path / "zone").mkdir()
    for layer in ("layer_styles", "gpkg_contents", "rtree_x"):
        fields = [{"name": name, "type": "text"} for name in names]
        document = {
            "type": "FeatureCollection",
            "layer": {"title": "一样", "schema": {"geometry": "Point", "fields": fields}},
            "features": [
                {
                    "type": "Feature",
                    "id": "one",
                    "geometry": {"type": "Point", "coordinates": [121, 31]},
                    "properties": {name: f"{name} of {layer}" for name in names},
                }
            ],
        }
        file = tmp_path / "zone" / f"{layer}.geojson"
        file.write_text(json.dumps(document), encoding="utf-8")
    with closing(Catalog.open(tmp_path / "zone", tmp_path / "data")) as catalog:
        ours = {one.id: one for one in catalog.store.layers()}
        with serving(catalog) as site:
            answer = site.get("/downloads/map.gpkg")
        assert answer.status_code == 200, answer.text
        file = tmp_path / "map.gpkg"
        file.write_bytes(answer.content)
        store = serve(file).store
        assert {one.id: one for one in store.layers()} == ours
        for layer in ours:
            assert list(store.features(layer, Query())) == list(
                catalog.store.features(layer, Query())
            )


def test_values_of_another_type_and_a_view_without_keys(tmp_path: Path, serve: Serve) -> None:
    foreign = tmp_path / "foreign.gpkg"
    frame = geopandas.GeoDataFrame(
        {"n": [1, 2], "which": [7, 7]},
        geometry=[shapely.Point(1, 2), shapely.Point(3, 4)],
        crs=4326,
    )
    frame.to_file(foreign, layer="things", SPATIAL_INDEX="NO")
    change(
        foreign,
        "UPDATE things SET n = 'many' WHERE fid = 2",
        "CREATE VIEW seen AS SELECT which, geom, n FROM things",
        "INSERT INTO gpkg_contents (table_name, data_type, srs_id)"
        " VALUES ('seen', 'features', 4326)",
        "INSERT INTO gpkg_geometry_columns VALUES ('seen', 'geom', 'POINT', 4326, 0, 0)",
    )
    with serving(serve(foreign)) as site:
        file = tmp_path / "map.gpkg"
        file.write_bytes(site.get("/downloads/map.gpkg").content)
    assert rows(file, "SELECT n FROM things") == [(1,), (None,)]
    assert rows(file, "SELECT fid, id FROM seen") == [(1, "7"), (2, "7")]
    store = serve(file).store
    assert [one.properties["n"] for one in store.features("things", Query())] == [1, None]
    assert [one.id for one in store.features("seen", Query())] == ["1", "2"]


def test_some_fields_only(download: Download, bundled_site: Site, serve: Serve) -> None:
    """Also where the layer is counted by a field that is not among them."""
    store = bundled_site.catalog.store
    counted = next(one for one in store.layers() if one.count_as)
    assert counted.count_as
    other = next(one.name for one in counted.schema.fields if one.name != counted.count_as.field)
    file = download(f"{counted.id}.gpkg", bundled_site, properties=other)
    layer = serve(file).store.layer(counted.id)
    assert [one.name for one in layer.schema.fields] == [other]
    assert (layer.title, layer.style, layer.count_as) == (counted.title, counted.style, None)

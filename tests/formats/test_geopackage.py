"""GeoPackage downloads, read by GDAL, by SQLite, and by our own server again."""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas
import pyogrio
import pyproj
import pytest
import shapely

from layers.catalog import Catalog
from layers.errors import QueryStopped
from layers.export.fields import position_first
from layers.export.select import whole
from layers.formats.geopackage import FORMAT
from layers.model import Batch, Query
from layers.stores.geopackage_blob import register_functions
from tests.formats.conftest import LONG, MIXED, OTHER, POINTS, Download
from tests.formats.zones import every_layer
from tests.server.sites import Site, serving


def rows(file: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql, values).fetchall()


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        register_functions(connection)  # for the triggers of the R-tree
        for statement in statements:
            connection.execute(statement)


def test_everything_comes_through(download: Download, hard: Catalog) -> None:
    file = download("points.gpkg")
    info = pyogrio.read_info(file, layer="points")
    assert (info["features"], info["geometry_type"], info["fid_column"]) == (4, "Point", "fid")
    assert info["fields"].tolist()[:3] == ["id", "placement", "uncertainty_m"]
    found = geopandas.read_file(file, layer="points", fid_as_index=True)
    assert found.index.tolist() == [one.fid for one in hard.store.features("points", Query())]
    assert found.crs.to_epsg() == 4326
    given = [one["properties"] for one in POINTS]
    assert found["id"].tolist() == [one["id"] for one in POINTS]
    for name in ("name", "placement", LONG, "last_only"):
        values = found[name].astype(object).where(found[name].notna(), None)
        assert values.tolist() == [one.get(name) for one in given]
    assert found[OTHER].tolist()[:2] == [3.25, -0.5]
    assert found["signed"][1].isoformat()[:10] == "2024-08-23"
    assert [str(one) for one in found["seen_at"]][2] == "2024-01-01 00:00:00.250000+00:00"
    assert [one is None for one in found.geometry] == [False, False, True, False]
    stored = "SELECT district, open, staff, signed, seen_at FROM points ORDER BY fid"
    assert rows(file, stored)[:2] == [
        ('["qp"]', 1, 12, "2024-08-23", "2024-08-23T10:05:06.000Z"),
        ('["wj","qp"]', 0, 9007199254740993, None, None),
    ]


def test_empty_placeless_and_mixed(download: Download) -> None:
    empty = geopandas.read_file(download("empty.gpkg"), layer="empty")
    assert len(empty) == 0
    assert list(empty.columns) == [
        "id", "placement", "uncertainty_m", "name", "district", "geometry",
    ]  # fmt: skip
    file = download("points.gpkg", filter="placement='unknown'")
    assert geopandas.read_file(file, layer="points")["id"].tolist() == ["c"]
    assert rows(file, "SELECT geometry_type_name FROM gpkg_geometry_columns") == [("POINT",)]
    assert rows(file, "SELECT min_x FROM gpkg_contents WHERE table_name = 'points'") == [(None,)]
    file = download("mixed.gpkg")
    assert rows(file, "SELECT geometry_type_name FROM gpkg_geometry_columns") == [("GEOMETRY",)]
    found = geopandas.read_file(file, layer="mixed")
    for shape, one in zip(found.geometry, MIXED, strict=True):
        given = one["geometry"]
        assert shape is None if given is None else shape.equals(shapely.geometry.shape(given))


def test_the_whole_map(download: Download) -> None:
    file = download("map.gpkg", layers="points,mixed,empty")
    names = ["points", "empty", "mixed"]
    listed = pyogrio.list_layers(file)[:, 0].tolist()
    assert listed == [*names, "layer_styles"]  # which QGIS hides
    contents = rows(
        file,
        "SELECT identifier, description, max_x FROM gpkg_contents WHERE data_type = 'features'",
    )
    assert contents[0] == ("签约项目", "测试用。", 121.12)
    indexed = [rows(file, f"SELECT count(*) FROM rtree_{name}_geom")[0][0] for name in names]
    assert indexed == [3, 0, 5]


@pytest.mark.parametrize("code", [4549, 4528, 3857, 4490])
def test_another_crs(download: Download, code: int) -> None:
    found = geopandas.read_file(download("points.gpkg", crs=f"EPSG:{code}"), layer="points")
    assert found.crs.to_epsg() == code
    turn = pyproj.Transformer.from_crs(4326 if code == 3857 else 4490, code, always_xy=True)
    x, y = turn.transform(121.12, 31.15)
    assert (found.geometry[0].x, found.geometry[0].y) == pytest.approx((x, y), abs=0.01)


def test_a_crs_of_the_office(download: Download) -> None:
    file = download("points.gpkg", crs="mine")
    found = geopandas.read_file(file, layer="points")
    assert found.geometry[0].x == pytest.approx(-32844.48, abs=0.01)
    assert found.to_crs(found.crs.geodetic_crs).geometry[0].x == pytest.approx(121.12, abs=1e-7)
    [(name, organization)] = rows(
        file, "SELECT srs_name, organization FROM gpkg_spatial_ref_sys WHERE srs_id > 4326"
    )
    assert (name, organization) == ("mine", "NONE")
    assert {srs for (srs,) in rows(file, "SELECT srs_id FROM gpkg_geometry_columns")} == {100000}


def test_what_has_no_crs_is_refused(hard_site: Site) -> None:
    answer = hard_site.get("/downloads/points.gpkg?crs=BD09")
    assert answer.status_code == 400
    assert "BD-09 has no definition" in answer.json()["detail"]


def test_labels_and_codes_are_told_to_others(download: Download) -> None:
    file = download("points.gpkg", lang="en")
    assert rows(file, "PRAGMA application_id") == [(0x47504B47,)]
    assert rows(file, "PRAGMA user_version") == [(10300,)]
    described = {
        column: rest
        for column, *rest in rows(
            file,
            "SELECT column_name, title, description, mime_type, constraint_name"
            " FROM gpkg_data_columns WHERE table_name = 'points'",
        )
    }
    assert described["uncertainty_m"][:2] == ["Uncertainty", "m"]
    assert described["district"][2] == "application/json"
    codes = rows(
        file,
        "SELECT value, description FROM gpkg_data_column_constraints"
        " WHERE constraint_name = ? AND constraint_type = 'enum'",
        described["placement"][3],
    )
    assert dict(codes) == {
        "park": "Park", "township": "Town", "district": "District", "unknown": "Unknown",
    }  # fmt: skip
    registered = rows(file, "SELECT table_name, extension_name FROM gpkg_extensions")
    assert {name for _, name in registered} == {"gpkg_rtree_index", "gpkg_schema", "gpkg_metadata"}


def test_the_readme_says_what_was_asked(download: Download) -> None:
    file = download("points.gpkg", filter="placement='park'", lang="en")
    [(words,)] = rows(file, "SELECT metadata FROM gpkg_metadata WHERE mime_type = 'text/plain'")
    for part in (
        "filter = placement='park'",
        "1 features",
        "New Area Daily",
        "WGS 84",
        "For tests",
    ):
        assert part in words
    [(changed,)] = rows(file, "SELECT DISTINCT last_change FROM gpkg_contents")
    assert changed[:10] in words


def test_a_style_for_each_table(download: Download) -> None:
    file = download("map.gpkg")
    styles = rows(
        file,
        "SELECT f_table_catalog, f_table_schema, f_table_name, f_geometry_column, useAsDefault,"
        " styleName, styleQML FROM layer_styles ORDER BY f_table_name",
    )
    assert [one[2] for one in styles] == ["districts", "empty", "mixed", "points"]
    assert {(one[0], one[1], one[3], one[4]) for one in styles} == {("", "", "geom", 1)}
    qml = {one[2]: ElementTree.fromstring(one[6]) for one in styles}
    points = qml["points"]
    assert [one.get("filter") for one in points.iter("rule")][1] == "\"placement\" IN ('township')"
    colours = [one.get("v") for one in points.iter("prop") if one.get("k") == "color"]
    assert "179,71,0,255" in colours
    aliases = {one.get("field"): one.get("name") for one in points.iter("alias")}
    assert aliases["uncertainty_m"] == "位置误差（m）"
    kinds = [one.get("type") for one in qml["mixed"].iter("symbol")]
    assert kinds == ["fill", "line", "marker"]


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


@pytest.mark.parametrize("which", ["hard_site", "bundled_site", "made_up_site"])
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


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled_site", "made_up_site"])
def test_every_layer(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for one in every_layer(request.getfixturevalue(which), tmp_path, "gpkg"):
        found = geopandas.read_file(one.file, layer=one.layer.id)
        assert len(found) == one.count
        assert one.columns == len(found.columns)
        for shape, ours in zip(found.geometry, one.shapes, strict=True):
            assert shape is None if ours is None else shape.equals_exact(ours, 0)


def test_stopped_it_says_why_and_leaves_nothing(
    hard: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    content = whole(hard.store, "points")
    [part] = content.parts

    def stopped() -> Iterator[Batch]:
        yield next(part.batches()).first(2)
        raise QueryStopped("time is up")

    with pytest.raises(QueryStopped, match="time is up"):
        next(FORMAT.write(replace(content, parts=(replace(part, batches=stopped),))))
    assert list(tmp_path.iterdir()) == []
    chunks = FORMAT.write(content)
    assert next(chunks).startswith(b"SQLite format 3\0")
    assert len(list(tmp_path.iterdir())) == 1
    with closing(chunks):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_layer_of_areas_that_is_empty_is_drawn_as_areas(tmp_path: Path) -> None:
    (tmp_path / "zone").mkdir()
    layer = {"schema": {"geometry": "Polygon", "fields": []}, "style": {"symbol": "square"}}
    document = {"type": "FeatureCollection", "layer": layer, "features": []}
    (tmp_path / "zone" / "plots.geojson").write_text(json.dumps(document), encoding="utf-8")
    file = tmp_path / "plots.gpkg"
    with closing(Catalog.open(tmp_path / "zone", tmp_path / "data")) as catalog:
        file.write_bytes(b"".join(FORMAT.write(whole(catalog.store, "plots"))))
    [(qml,)] = rows(file, "SELECT styleQML FROM layer_styles")
    assert [one.get("type") for one in ElementTree.fromstring(qml).iter("symbol")] == ["fill"]

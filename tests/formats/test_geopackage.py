"""GeoPackage downloads, read by GDAL, by SQLite, and by our own server again."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geopandas
import pyogrio
import pyproj
import pytest
import shapely

from layers.catalog import Catalog
from layers.errors import QueryStopped
from layers.export.select import whole
from layers.formats.geopackage import FORMAT
from layers.model import Batch, Query
from tests.formats.conftest import LONG, MIXED, OTHER, POINTS, Download
from tests.formats.sqlite import rows
from tests.formats.zones import every_layer
from tests.server.sites import Site


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

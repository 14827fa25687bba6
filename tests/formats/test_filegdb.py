"""File Geodatabase downloads, read by GDAL's OpenFileGDB driver and geopandas."""

from pathlib import Path
from zipfile import ZipFile

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from tests.formats.conftest import LONG, MIXED, OTHER, POINTS, Download
from tests.formats.zones import every_layer, first_place
from tests.server.sites import Site


@pytest.fixture
def fetch(download: Download) -> Download:
    def named(name: str, **parameters: str) -> Path:
        """GDAL knows such a zip by its name."""
        file = download(name, **parameters)
        return file.rename(file.with_name(f"{name}.zip"))

    return named


def test_everything_comes_through(fetch: Download) -> None:
    file = fetch("points.gdb")
    table = pyogrio.read_arrow(file)[1]
    found = {name: table.column(name).to_pylist() for name in table.column_names}
    assert found["id"] == ["a", "b", "c", "d"]
    assert list(found)[:3] == ["id", "placement", "uncertainty_m"]
    assert found["name"] == [one["properties"]["name"] for one in POINTS]
    assert found[LONG] == [one["properties"].get(LONG) for one in POINTS]
    assert found[OTHER] == [3.25, -0.5, None, None]
    assert found["uncertainty_m"] == [1500, 3000, None, 20000]
    assert found["staff"] == ["12", "9007199254740993", None, "-3"]  # exact in no number type
    assert found["open"] == [1, 0, None, None]
    assert found["district"] == ["qp", "wj；qp", None, "qp"]
    assert found["signed"][0].isoformat() == "2024-08-23T00:00:00"
    assert found["signed"][1:] == [None] * 3
    assert found["seen_at"] == ["2024-08-23T10:05:06Z", None, "2024-01-01T00:00:00.250Z", None]
    assert found["last_only"] == [None, None, None, "末"]
    shapes = geopandas.read_file(file).geometry
    assert [one is None for one in shapes] == [False, False, True, False]
    assert shapes[0].distance(shapely.Point(121.12, 31.15)) < 1e-8


def test_labels_are_aliases(fetch: Download) -> None:
    schema = pyogrio.read_arrow(fetch("points.gdb"))[1].schema
    alias = b"GDAL:OGR:alternative_name"
    assert schema.field("placement").metadata[alias].decode() == "位置精度"
    english = pyogrio.read_arrow(fetch("points.gdb", lang="en"))[1].schema
    assert english.field("placement").metadata[alias] == b"Placement"


def test_times_without_fractions_are_times(fetch: Download) -> None:
    found = geopandas.read_file(fetch("points.gdb", filter="placement='park'"))
    assert found["seen_at"][0].isoformat() == "2024-08-23T10:05:06+00:00"
    assert found["staff"][0] == 12


def test_a_class_for_each_kind_of_geometry(fetch: Download) -> None:
    file = fetch("map.gdb")
    layers = dict(pyogrio.list_layers(file))
    assert layers == {
        "points": "Point", "empty": "Point", "mixed_point": "Point",
        "mixed_multipoint": "MultiPoint", "mixed_line": "MultiLineString",
        "mixed_polygon": "MultiPolygon", "mixed_nogeometry": None, "districts": "MultiPolygon",
    }  # fmt: skip
    counts = {name: pyogrio.read_info(file, layer=name)["features"] for name in layers}
    assert counts["points"] == 4
    assert counts["empty"] == 0
    assert sum(count for name, count in counts.items() if name.startswith("mixed")) == len(MIXED)
    shapes = {one["id"]: one["geometry"] for one in MIXED}
    for row in geopandas.read_file(file, layer="mixed_polygon").itertuples():
        shape = shapely.geometry.shape(shapes[row.id])
        assert row.geometry.symmetric_difference(shape).area < 1e-9


def test_none_has_a_place(fetch: Download) -> None:
    found = geopandas.read_file(fetch("points.gdb", filter="placement='unknown'"))
    assert found["id"].tolist() == ["c"]
    assert found.geometry[0] is None


def test_a_readme_beside(fetch: Download) -> None:
    with ZipFile(fetch("points.gdb")) as bundle:
        text = bundle.read("readme.txt").decode("utf-8-sig")
    assert "约7.5亿元" in text
    assert text.index("[园区]") < text.index("[Zone]")


@pytest.mark.parametrize("code", [4549, 4528, 3857, 4490])
def test_another_crs(fetch: Download, code: int) -> None:
    found = geopandas.read_file(fetch("points.gdb", crs=f"EPSG:{code}"))
    assert found.crs.to_epsg() == code
    assert found.geometry[0].distance(first_place(code)) < 0.01


def test_a_local_crs_and_none(fetch: Download, hard_site: Site) -> None:
    found = geopandas.read_file(fetch("points.gdb", crs="mine"))
    assert found.crs.name == "mine"
    assert found.geometry[0].x == pytest.approx(-32844.48, abs=0.01)
    answer = hard_site.get("/downloads/points.gdb?crs=BD09")
    assert answer.status_code == 400
    assert "BD-09 has no definition" in answer.json()["detail"]


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled_site", "made_up_site"])
def test_every_layer(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for one in every_layer(request.getfixturevalue(which), tmp_path, "gdb"):
        file = one.file.rename(one.file.with_name(f"{one.file.name}.zip"))
        tables = [pyogrio.read_dataframe(file, layer=name) for name, _ in pyogrio.list_layers(file)]
        assert sum(map(len, tables)) == one.count
        shapes = [shape for table in tables if "geometry" in table for shape in table.geometry]
        found, expected = (
            sorted((shape.centroid.x, shape.centroid.y) for shape in each if shape is not None)
            for each in (shapes, one.shapes)
        )
        assert np.allclose(found, expected, atol=1e-7)

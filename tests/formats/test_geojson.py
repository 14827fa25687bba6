"""GeoJSON downloads, read by GDAL and geopandas."""

import json
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pyproj
import pytest

from geo.datum import gcj02_to_wgs84
from layers.catalog import Catalog
from layers.model import Query
from tests.formats.conftest import LONG, MIXED, OTHER, POINTS, Download
from tests.server.sites import Site


@pytest.mark.parametrize("ending", ["geojson", "geojsonseq", "geojsons"])
def test_everything_comes_through(download: Download, ending: str) -> None:
    file = download(f"points.{ending}")
    found = geopandas.read_file(file)
    assert len(found) == len(POINTS)
    assert found.crs.to_epsg() == 4326
    assert found[LONG][0] == "中" * 200
    assert list(found[OTHER])[:2] == [3.25, -0.5]
    assert [one is None for one in found.geometry] == [False, False, True, False]
    assert found["last_only"].isna().tolist() == [True, True, True, False]
    assert found["name"].tolist() == [one["properties"]["name"] for one in POINTS]
    columns = [one for one in found.columns if one != "id"]
    assert columns[:2] == ["placement", "uncertainty_m"]


def test_the_empty_layer(download: Download) -> None:
    found = json.loads(download("empty.geojson").read_bytes())
    assert found["features"] == []
    assert [one["name"] for one in found["layer"]["schema"]["fields"]][:2] == [
        "placement",
        "uncertainty_m",
    ]
    assert download("empty.geojsonseq").read_bytes() == b""


def test_mixed_shapes(download: Download) -> None:
    found = json.loads(download("mixed.geojson").read_bytes())["features"]
    assert [one["geometry"] for one in found] == [one["geometry"] for one in MIXED]


@pytest.mark.parametrize(
    ("crs", "code"), [("EPSG:4549", 4549), ("EPSG:4528", 4528), ("EPSG:3857", 3857)]
)
def test_another_crs_is_named_and_right(download: Download, crs: str, code: int) -> None:
    file = download("points.geojson", crs=crs)
    found = geopandas.read_file(file)
    assert found.crs.to_epsg() == code
    turn = pyproj.Transformer.from_crs(4490 if code != 3857 else 4326, code, always_xy=True)
    x, y = turn.transform(121.12, 31.15)
    assert (found.geometry[0].x, found.geometry[0].y) == pytest.approx((x, y), abs=0.01)


def test_the_issued_position(download: Download) -> None:
    [x, y] = json.loads(download("points.geojson", crs="EPSG:4549").read_bytes())["features"][0][
        "geometry"
    ]["coordinates"]
    assert (x, y) == pytest.approx((606800.2, 3448144.9), abs=1)


def test_a_local_crs(download: Download) -> None:
    found = geopandas.read_file(download("points.geojson", crs="mine"))
    assert found.geometry[0].x == pytest.approx(-32844.48, abs=0.01)
    back = found.to_crs(found.crs.geodetic_crs)
    assert back.geometry[0].x == pytest.approx(121.12, abs=1e-7)


def test_gcj02_moves_and_says_so(download: Download, hard_site: Site) -> None:
    answer = hard_site.get("/downloads/points.geojson?crs=GCJ02")
    assert "points_GCJ02.geojson" in answer.headers["content-disposition"]
    found = answer.json()
    assert "crs" not in found
    assert {one["properties"]["coordinate_system"] for one in found["features"]} == {"GCJ-02"}
    lon, lat = found["features"][0]["geometry"]["coordinates"]
    metres = pyproj.Geod(ellps="WGS84").inv(121.12, 31.15, lon, lat)[2]
    assert 464 <= metres <= 502
    back = np.array(gcj02_to_wgs84(lon, lat))
    assert np.abs(back - (121.12, 31.15)).max() < 1e-8  # a millimetre


def test_the_whole_map_in_one_file(download: Download) -> None:
    file = download("map.geojson", layers="points,mixed")
    found = pyogrio.read_dataframe(file)
    assert found["layer"].value_counts().to_dict() == {"points": 4, "mixed": 6}


def test_read_back_it_is_the_same(download: Download, hard: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    folder.mkdir()
    download("points.geojson").rename(folder / "points.geojson")
    again = Catalog.open(folder, tmp_path / "data")
    try:
        ours, theirs = (
            {one.id: one._replace(fid=0) for one in catalog.store.features("points", Query())}
            for catalog in (hard, again)
        )
        assert ours == theirs
        layer = again.store.layer("points")
        assert layer.figures == hard.store.layer("points").figures
        assert layer.style == hard.store.layer("points").style
    finally:
        again.close()

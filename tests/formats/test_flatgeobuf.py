"""FlatGeobuf downloads, read by GDAL and geopandas."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from layers.catalog import Catalog
from tests.formats.conftest import LONG, MIXED, OTHER, POINTS, Download
from tests.formats.zones import every_layer, first_place
from tests.server.sites import Site, serving


def test_everything_comes_through(download: Download) -> None:
    info = pyogrio.read_info(download("points.fgb"))
    assert info["features"] == len(POINTS)
    assert info["geometry_type"] == "Point"
    assert info["fields"].tolist()[:3] == ["id", "placement", "uncertainty_m"]
    # GDAL's Arrow reader breaks off at features without a geometry: the one is left out.
    table = pyogrio.read_arrow(download("points.fgb", filter="placement<>'unknown'"))[1]
    table = table.sort_by("id")  # the index has an order of its own
    found = {name: table.column(name).to_pylist() for name in table.column_names}
    placed = [one["properties"] for one in POINTS if one["geometry"]]
    assert found["name"] == [one["name"] for one in placed]
    assert found[LONG] == [one.get(LONG) for one in placed]
    assert found[OTHER] == [one.get(OTHER) for one in placed]
    assert found["staff"] == [12, 9007199254740993, -3]
    assert found["open"] == [True, False, None]
    assert found["district"] == ["qp", "wj；qp", "qp"]
    assert found["last_only"] == [None, None, "末"]


def test_dates_and_times(download: Download) -> None:
    found = geopandas.read_file(download("points.fgb"))
    assert found["signed"][0].isoformat() == "2024-08-23T00:00:00"
    assert found["seen_at"][0].isoformat() == "2024-08-23T10:05:06+00:00"
    assert found["seen_at"][2].isoformat() == "2024-01-01T00:00:00.250000+00:00"


def test_features_without_a_place_stay(download: Download) -> None:
    found = geopandas.read_file(download("points.fgb"))
    assert [one is None for one in found.geometry] == [False, False, True, False]
    nowhere = geopandas.read_file(download("points.fgb", filter="placement='unknown'"))
    assert nowhere["id"].tolist() == ["c"]
    assert nowhere.geometry[0] is None


def test_an_index_where_all_have_a_place(download: Download) -> None:
    file = download("points.fgb", filter="placement<>'unknown'")
    assert pyogrio.read_info(file)["capabilities"]["fast_spatial_filter"]
    assert geopandas.read_file(file, bbox=(121, 31, 122, 32))["id"].tolist() == ["a"]


def test_the_empty_layer_has_its_fields(download: Download) -> None:
    found = geopandas.read_file(download("empty.fgb"))
    assert len(found) == 0
    assert list(found.columns) == [
        "id", "placement", "uncertainty_m", "name", "district", "geometry",
    ]  # fmt: skip
    assert pyogrio.read_info(download("points.fgb", filter="staff=777"))["geometry_type"] == "Point"


def test_mixed_shapes(download: Download) -> None:
    found = geopandas.read_file(download("mixed.fgb")).set_index("id").geometry
    for one in MIXED:
        if one["geometry"] is None:
            assert found[one["id"]] is None
        else:
            assert found[one["id"]].equals(shapely.geometry.shape(one["geometry"]))


def test_the_whole_map(download: Download) -> None:
    found = geopandas.read_file(download("map.fgb"))
    assert found["layer"].value_counts().to_dict() == {"points": 4, "mixed": 6, "districts": 2}


@pytest.mark.parametrize("code", [4549, 4528, 3857, 4490])
def test_another_crs(download: Download, code: int) -> None:
    found = geopandas.read_file(download("points.fgb", crs=f"EPSG:{code}"))
    assert found.crs.to_epsg() == code
    assert found.geometry[0].distance(first_place(code)) < 0.01


def test_what_has_no_crs_is_refused(hard_site: Site) -> None:
    answer = hard_site.get("/downloads/points.fgb?crs=GCJ02")
    assert answer.status_code == 400
    assert "GCJ-02 has no definition" in answer.json()["detail"]


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled_site", "made_up_site"])
def test_every_layer(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for one in every_layer(request.getfixturevalue(which), tmp_path, "fgb"):
        found = geopandas.read_file(one.file)
        assert len(found) == one.count
        assert one.columns == len(found.columns)
        ours = geopandas.GeoSeries(one.shapes, crs=4326)
        same = found.geometry.to_wkb().sort_values() if one.count else found.geometry
        expected = ours.to_wkb().sort_values() if one.count else ours
        assert same.tolist() == expected.tolist()


def test_values_that_their_type_cannot_say_are_text(tmp_path: Path) -> None:
    """Other programs' GeoPackages: SQLite takes any value in any column."""
    foreign = tmp_path / "foreign.gpkg"
    frame = geopandas.GeoDataFrame(
        {"n": [0.5, 2.0], "day": [date(2024, 1, 1), date(2024, 1, 2)]},
        geometry=[shapely.Point(1, 2), shapely.Point(3, 4)],
        crs=4326,
    )
    frame.to_file(foreign, layer="things", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(foreign)) as connection, connection:
        connection.execute("UPDATE things SET day = '2024-02-31' WHERE fid = 2")
        connection.execute("ALTER TABLE things ADD COLUMN seen DATETIME")
        connection.execute("UPDATE things SET seen = '2024-01-01T00:00:00.123456Z' WHERE fid = 2")
    with closing(Catalog.open(foreign, tmp_path / "data")) as catalog, serving(catalog) as site:
        file = tmp_path / "things.fgb"
        file.write_bytes(site.get("/downloads/things.fgb").content)
    found = geopandas.read_file(file).sort_values("n")
    assert found["n"].tolist() == [0.5, 2.0]
    assert found["day"].tolist() == ["2024-01-01", "2024-02-31"]
    assert found["seen"][found.index[1]] == "2024-01-01T00:00:00.123456Z"
    assert not np.any(found.geometry.isna())

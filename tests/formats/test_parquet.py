"""GeoParquet downloads, read by pyarrow and geopandas."""

import json
from pathlib import Path
from typing import Any

import geopandas
import pyarrow.parquet as pq
import pytest
import shapely

from server.cli import main
from tests.formats.conftest import LONG, MIXED, OTHER, POINTS, Download, many
from tests.formats.zones import every_layer, first_place
from tests.server.sites import Site


def geo(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(pq.read_metadata(file).metadata[b"geo"])
    return document


def test_everything_comes_through(download: Download) -> None:
    table = pq.read_table(download("points.parquet"))
    found = table.to_pydict()
    assert list(found)[:3] == ["id", "placement", "uncertainty_m"]
    properties = [one["properties"] for one in POINTS]
    for name in ("name", "district", "staff", "open", "uncertainty_m", "last_only", LONG, OTHER):
        assert found[name] == [one.get(name) for one in properties], name
    assert [one and one.isoformat() for one in found["signed"]] == ["2024-08-23", None, None, None]
    assert [one and one.isoformat() for one in found["seen_at"]] == [
        "2024-08-23T10:05:06+00:00", None, "2024-01-01T00:00:00.250000+00:00", None,
    ]  # fmt: skip
    kinds = {name: str(table.schema.field(name).type) for name in found}
    assert kinds["district"] == "list<element: string>"
    assert (kinds["staff"], kinds["open"], kinds["signed"]) == ("int64", "bool", "date32[day]")
    assert kinds["seen_at"] == "timestamp[ms, tz=UTC]"
    assert [one is None for one in found["geometry"]] == [False, False, True, False]


def test_geopandas_reads_it_by_window_too(download: Download) -> None:
    file = download("points.parquet")
    found = geopandas.read_parquet(file)
    assert found.crs.to_epsg() == 4326
    assert [one is None for one in found.geometry] == [False, False, True, False]
    assert geopandas.read_parquet(file, bbox=(121, 31, 122, 32))["id"].tolist() == ["a"]


def test_the_metadata_of_1_1(download: Download) -> None:
    document = geo(download("mixed.parquet"))
    assert (document["version"], document["primary_column"]) == ("1.1.0", "geometry")
    column = document["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == [
        "LineString", "MultiPoint", "MultiPolygon", "Point", "Polygon",
    ]  # fmt: skip
    assert column["bbox"] == [121.0, 31.0, 121.8, 31.4]
    assert column["covering"]["bbox"]["xmax"] == ["bbox", "xmax"]
    boxes = pq.read_table(download("mixed.parquet"), columns=["id", "bbox"]).to_pylist()
    for row, one in zip(boxes, MIXED, strict=True):
        box = one["geometry"] and shapely.geometry.shape(one["geometry"]).bounds
        assert (row["bbox"] and (*row["bbox"].values(),)) == box


def test_labels_and_units_go_with_the_columns(download: Download) -> None:
    schema = pq.read_schema(download("points.parquet"))
    assert schema.field("uncertainty_m").metadata == {
        b"label_zh": "位置误差".encode(), b"label_en": b"Uncertainty", b"unit": b"m",
    }  # fmt: skip
    assert json.loads(schema.field("district").metadata[b"codes"])["qp"] == ["青浦", "Qingpu"]


def test_empty_and_nowhere(download: Download) -> None:
    file = download("empty.parquet")
    found = geopandas.read_parquet(file)
    assert found.columns.tolist() == [
        "id", "placement", "uncertainty_m", "name", "district", "geometry",
    ]  # fmt: skip
    assert len(found) == 0
    column = geo(file)["columns"]["geometry"]
    assert column["geometry_types"] == []
    assert "bbox" not in column
    nowhere = geopandas.read_parquet(download("points.parquet", filter="placement='unknown'"))
    assert nowhere["id"].tolist() == ["c"]
    assert nowhere.geometry[0] is None


def test_the_whole_map(download: Download) -> None:
    found = geopandas.read_parquet(download("map.parquet"))
    assert found["layer"].value_counts().to_dict() == {"points": 4, "mixed": 6, "districts": 2}


@pytest.mark.parametrize("code", [4549, 4528, 3857, 4490])
def test_another_crs(download: Download, code: int) -> None:
    found = geopandas.read_parquet(download("points.parquet", crs=f"EPSG:{code}"))
    assert found.crs.to_epsg() == code
    assert found.geometry[0].distance(first_place(code)) < 0.01


@pytest.mark.parametrize("frame", ["GCJ02", "BD09"])
def test_a_frame_without_a_definition_is_refused(hard_site: Site, frame: str) -> None:
    answer = hard_site.get(f"/downloads/points.parquet?crs={frame}")
    assert answer.status_code == 400
    assert "GeoParquet can name" in answer.json()["detail"]


@pytest.mark.slow
def test_many_are_in_groups_with_boxes_of_their_own(tmp_path: Path) -> None:
    many(tmp_path / "zone", 100_000)
    file = tmp_path / "many.parquet"
    asked = ["--store", str(tmp_path / "zone"), "--data-dir", str(tmp_path / "data")]
    assert main(["export", "many", str(file), *asked]) == 0
    found = pq.ParquetFile(file)
    assert found.metadata.num_rows == 100_000
    assert found.metadata.num_row_groups == 2
    assert len(geopandas.read_parquet(file, bbox=(120, 30.099, 121, 31))) == 1_000


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled_site", "made_up_site"])
def test_every_layer(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for one in every_layer(request.getfixturevalue(which), tmp_path, "parquet"):
        found = geopandas.read_parquet(one.file)
        assert len(found) == one.count
        assert len(found.columns) == one.columns
        for shape, expected in zip(found.geometry, one.shapes, strict=True):
            assert shape == expected

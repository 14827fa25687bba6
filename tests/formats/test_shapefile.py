"""Shapefile downloads, unpacked as people unpack them and read by GDAL and geopandas."""

import csv
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import geopandas
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from geo.datum import gcj02_to_wgs84
from server.cli import main
from tests.formats.conftest import LOCAL, LONG, MIXED, OTHER, POINTS, Download
from tests.formats.zones import every_layer, first_place
from tests.server.sites import Site

Unpacked = Callable[..., Path]
FIELDS, WHOLE = "字段说明.csv", "完整文本.csv"
PLACES = ["a", "b", "d"]  # of POINTS; c has none
LDID = 29  # where a dBASE header has its language


@pytest.fixture
def unpacked(download: Download, tmp_path: Path) -> Unpacked:
    def fetch(name: str, **parameters: str) -> Path:
        folder = tmp_path / f"unpacked-{len(list(tmp_path.iterdir()))}"
        with ZipFile(download(name, **parameters)) as bundle:
            bundle.extractall(folder)
        return folder

    return fetch


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def short_names(folder: Path) -> dict[str, str]:
    return {one["全名 full name"]: one["短名 short name"] for one in rows(folder / FIELDS)}


PAGES = [("utf-8", "UTF-8", 0), ("gbk", "GBK", 77)]


@pytest.mark.parametrize(("encoding", "page", "driver"), PAGES)
def test_everything_comes_through(
    unpacked: Unpacked, encoding: str, page: str, driver: int
) -> None:
    folder = unpacked("points.shp", encoding=encoding)
    assert (folder / "points_point.cpg").read_text() == page
    assert (folder / "points_point.dbf").read_bytes()[LDID] == driver
    found = geopandas.read_file(folder / "points_point.shp")
    assert found.crs.to_epsg() == 4326
    assert found["id"].tolist() == PLACES
    columns = [one for one in found.columns if one not in ("id", "geometry")]
    assert columns[:2] == ["placement", "uncertaint"]
    assert found["uncertaint"].tolist() == [1500, 3000, 20000]
    placed = [one["properties"] for one in POINTS if one["geometry"]]
    assert found["name"].tolist() == [one["name"] for one in placed]
    assert found["district"].tolist() == ["qp", "wj；qp", "qp"]
    assert found["signed"][0].isoformat() == "2024-08-23T00:00:00"
    assert found["signed"].isna().tolist() == [False, True, True]
    assert found["seen_at"][0] == "2024-08-23T10:05:06Z"
    assert found["open"][:2].tolist() == [True, False]
    assert found["open"].isna().tolist() == [False, False, True]
    assert found["staff"].tolist() == ["12", "9007199254740993", "-3"]  # wider than numbers hold
    names = short_names(folder)
    assert len({names[LONG], names[OTHER]}) == 2
    assert all(0 < len(one.encode(encoding)) <= 10 for one in names.values())
    assert found[names[OTHER]].tolist()[:2] == [3.25, -0.5]
    assert found.geometry[0].equals(shapely.Point(121.12, 31.15))
    nowhere = pyogrio.read_dataframe(folder / "points_nogeometry.dbf")
    assert nowhere["id"].tolist() == ["c"]
    assert nowhere["name"].tolist() == ["+86 021-1234"]
    assert nowhere["seen_at"].tolist() == ["2024-01-01T00:00:00.250Z"]


def test_what_does_not_fit_stands_whole_beside(unpacked: Unpacked) -> None:
    folder = unpacked("points.shp")
    short = short_names(folder)[LONG]
    cut = geopandas.read_file(folder / "points_point.shp")[short].tolist()
    assert cut[:2] == ["中" * 84, "\U0002070e 生僻字与é"]
    assert [(one["编号 id"], one["字段 field"], one["完整内容 whole value"])
            for one in rows(folder / WHOLE)] == [("a", LONG, "中" * 200)]  # fmt: skip
    folder = unpacked("points.shp", encoding="gbk")
    short = short_names(folder)[LONG]
    cut = geopandas.read_file(folder / "points_point.shp")[short].tolist()
    assert cut[:2] == ["中" * 127, "? 生僻字与é"]
    assert {one["编号 id"]: one["完整内容 whole value"] for one in rows(folder / WHOLE)} == {
        "a": "中" * 200,
        "b": "\U0002070e 生僻字与é",
    }
    assert "points_point：2 个值放不下" in (folder / "readme.txt").read_text("utf-8-sig")


def test_the_short_names_are_told(unpacked: Unpacked) -> None:
    found = {one["全名 full name"]: one for one in rows(unpacked("points.shp") / FIELDS)}
    assert found["uncertainty_m"] == {
        "图层 layer": "points", "短名 short name": "uncertaint", "全名 full name": "uncertainty_m",
        "中文名称 Chinese label": "位置误差", "英文名称 English label": "Uncertainty",
        "类型 type": "integer", "单位 unit": "m", "代码 codes": "",
    }  # fmt: skip
    assert found["district"]["代码 codes"] == "qp=青浦/Qingpu；wj=吴江/Wujiang"


def test_the_readme(unpacked: Unpacked) -> None:
    folder = unpacked("map.shp", filter="placement='park'", crs="EPSG:4549")
    raw = (folder / "readme.txt").read_bytes()
    text = raw.decode("utf-8-sig")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert text.index("[园区]") < text.index("[Zone]")
    for said in (
        "难题区", "filter = placement='park'", "签约项目（points）：1 项", "约7.5亿元",
        "《新区日报》，新区日报社，2024-08-24，原始发布，https://example.org/1", "仅供测试",
        "CGCS2000 / 3-degree Gauss-Kruger CM 120E", "x 为东坐标，y 为北坐标", "界线：虚构",
        "混合几何（mixed）：没有筛选条件所用的字段", "township = 镇街级", "UTF-8",
        "Projects (points): 1 features", "Mixed (mixed): it does not have the fields",
    ):  # fmt: skip
        assert said in text, said


def test_a_shapefile_for_each_kind_of_geometry(unpacked: Unpacked) -> None:
    folder = unpacked("mixed.shp")
    expected = {
        "point": ("Point", ["point"]),
        "multipoint": ("MultiPoint", ["multi"]),
        "line": ("LineString", ["line"]),
        "polygon": ("Polygon", ["area", "areas"]),
    }
    shapes = {one["id"]: one["geometry"] for one in MIXED}
    for name, (kind, ids) in expected.items():
        file = folder / f"mixed_{name}.shp"
        assert pyogrio.read_info(file)["geometry_type"] == kind
        found = geopandas.read_file(file)
        assert found["id"].tolist() == ids
        for one, shape in zip(ids, found.geometry, strict=True):
            assert shape.equals(shapely.geometry.shape(shapes[one]))
    assert pyogrio.read_dataframe(folder / "mixed_nogeometry.dbf")["id"].tolist() == ["nothing"]
    assert len(list(folder.glob("*.dbf"))) == 5


def test_an_empty_layer_is_one_of_its_kind(unpacked: Unpacked) -> None:
    folder = unpacked("empty.shp")
    info = pyogrio.read_info(folder / "empty_point.shp")
    assert (info["features"], info["geometry_type"]) == (0, "Point")
    assert info["fields"].tolist() == ["id", "placement", "uncertaint", "name", "district"]
    assert len(list(folder.glob("*.dbf"))) == 1
    nowhere = unpacked("points.shp", filter="placement='unknown'")
    assert [one.name for one in nowhere.glob("*.dbf")] == ["points_nogeometry.dbf"]


@pytest.mark.parametrize("code", [4549, 4528, 3857, 4490])
def test_another_crs_is_recognised(unpacked: Unpacked, code: int) -> None:
    folder = unpacked("points.shp", crs=f"EPSG:{code}")
    found = geopandas.read_file(folder / "points_point.shp")
    assert found.crs.to_epsg() == code
    assert found.geometry[0].distance(first_place(code)) < 0.01


def test_the_definition_is_esris(unpacked: Unpacked) -> None:
    text = (unpacked("points.shp", crs="EPSG:4549") / "points_point.prj").read_text()
    assert text.startswith('PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic')
    own = geopandas.read_file(unpacked("points.shp", crs="mine") / "points_point.shp")
    x, y = pyproj.Transformer.from_crs(4326, pyproj.CRS(LOCAL), always_xy=True).transform(
        121.12, 31.15
    )
    assert (own.geometry[0].x, own.geometry[0].y) == pytest.approx((x, y), abs=0.01)


def test_gcj02_has_no_definition_but_a_name_and_a_warning(
    hard_site: Site, unpacked: Unpacked
) -> None:
    answer = hard_site.get("/downloads/points.shp?crs=GCJ02")
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="points_GCJ02.shp.zip"' in answer.headers["content-disposition"]
    folder = unpacked("points.shp", crs="GCJ02")
    assert not list(folder.glob("*.prj"))
    found = geopandas.read_file(folder / "points_point_GCJ02.shp")
    assert found.crs is None
    assert set(found["coordinate"]) == {"GCJ-02"}
    back = np.array(gcj02_to_wgs84(found.geometry[0].x, found.geometry[0].y))
    assert np.abs(back - (121.12, 31.15)).max() < 1e-8  # a millimetre
    assert "警告：这是加偏移的坐标" in (folder / "readme.txt").read_text("utf-8-sig")


def test_gdal_opens_the_zip_as_it_is(download: Download) -> None:
    file = download("points.shp", filter="placement<>'unknown'")
    found = geopandas.read_file(file.rename(file.with_name("points.shp.zip")))
    assert sorted(found["id"]) == PLACES


def test_it_is_named_in_links(hard_site: Site) -> None:
    links = hard_site.json("/collections/points")["links"]
    [link] = [one for one in links if one["href"].endswith("/downloads/points.shp")]
    assert (link["type"], link["title"]) == ("application/zip", "Shapefile")


@pytest.mark.parametrize("name", ["points.shp.zip", "points.shp", "点.SHP.ZIP"])
def test_from_the_command_line(
    name: str, hard_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    asked = ["--store", str(hard_folder), "--data-dir", str(tmp_path / "data")]
    assert main(["export", "points", str(file), *asked]) == 0
    written = file if name.lower().endswith("zip") else file.with_name("points.shp.zip")
    assert capsys.readouterr().out == f"{written}: 4\n"
    with ZipFile(written) as bundle:
        assert "points_point.shp" in bundle.namelist()


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bundled_site", "made_up_site"])
def test_every_layer(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for one in every_layer(request.getfixturevalue(which), tmp_path, "shp"):
        folder = tmp_path / one.layer.id
        with ZipFile(one.file) as bundle:
            bundle.extractall(folder)
        tables = [pyogrio.read_dataframe(file) for file in folder.glob("*.dbf")]
        assert sum(map(len, tables)) == one.count
        shapes = [shape for table in tables if "geometry" in table for shape in table.geometry]
        placed = [shape for shape in one.shapes if shape is not None]
        assert len(shapes) == len(placed)
        ours, theirs = (sorted(map(_middle, each)) for each in (shapes, placed))
        assert np.allclose(ours, theirs, atol=1e-7)


def _middle(shape: shapely.Geometry) -> tuple[float, float]:
    return (shape.centroid.x, shape.centroid.y)

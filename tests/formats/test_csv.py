"""CSV downloads, read by the csv module, GDAL and geopandas, and read back by ourselves."""

import csv
import io
import json
from contextlib import closing
from pathlib import Path

import pandas
import pyogrio
import pyproj
import pytest
import shapely

from layers.catalog import Catalog
from layers.errors import BadLayerFile
from layers.export.fields import list_text, text_list
from layers.model import NewFeature, Query
from layers.registry import all_formats
from layers.stores.geopackage import GeoPackage
from tests.formats.conftest import LONG, MIXED, OTHER, Download
from tests.server.sites import Site, serving

FORMAT = all_formats()["csv"]
HOSTILE = ["=1+1", "+1-2", "-x", "@a", "\tx", "\rx", "|x", "'=1", "''-1", "'quoted", "-5", "+7.5e3",
           "", " ", "a,b", 'a"b', "a\r\nb", "a;=1", "null", "0012", "é\U0002070e"]  # fmt: skip


def table(file: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode(encoding), newline="")))


def again(file: Path, catalog: Catalog | None = None) -> list[NewFeature]:
    assert FORMAT.read is not None
    known = {} if catalog is None else {one.id: one for one in catalog.store.layers()}
    [(_, features)] = [(layer, list(found)) for layer, found in FORMAT.read(file, known)]
    return features


def test_what_is_in_it(download: Download) -> None:
    file = download("points.csv")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfid,lon,lat,placement,uncertainty_m,name,")
    assert file.read_bytes().endswith(b"\r\n")
    a, b, c, d = table(file)
    assert (a["lon"], a["lat"], a["WKT"]) == ("121.12", "31.15", "POINT (121.12 31.15)")
    assert (a["uncertainty_m"], a["open"], a["signed"]) == ("1500", "true", "2024-08-23")
    assert a["seen_at"] == "2024-08-23T10:05:06.000Z"
    assert (a[LONG], a[OTHER]) == ("中" * 200, "3.25")
    assert (b["district"], b["staff"], b[OTHER]) == ("wj；qp", "9007199254740993", "-0.5")
    assert (c["lon"], c["lat"], c["WKT"], c["staff"]) == ("", "", "", "")
    assert d["name"] == '逗号,引号"换行\n<b>&amp;</b>'
    assert d["staff"] == "-3"


def test_no_formula_is_live(download: Download) -> None:
    names = [one["name"] for one in table(download("points.csv"))]
    assert names[1:3] == ['\'=HYPERLINK("x")', "'+86 021-1234"]
    raw = download("points.csv", raw="true").read_bytes()
    assert raw.startswith(b"id,")
    assert b',"=HYPERLINK(""x"")",' in raw
    assert b",+86 021-1234," in raw


def test_gbk_holds_every_character(download: Download) -> None:
    want = table(download("points.csv"))
    gbk = download("points.csv", encoding="gbk")
    assert table(gbk, "gb18030") == want
    assert gbk.read_bytes().startswith(b"id,")
    assert "生僻字" in gbk.read_bytes().decode("gbk", "ignore")


def test_gdal_finds_the_geometry(download: Download) -> None:
    found = pyogrio.read_dataframe(download("mixed.csv", raw="true"))
    assert [None if one is None else one.geom_type for one in found.geometry] == [
        None if one["geometry"] is None else one["geometry"]["type"] for one in MIXED
    ]
    for row, one in zip(found.itertuples(), MIXED, strict=True):
        if one["geometry"] is not None and one["geometry"]["type"] != "Point":
            on_shape = shapely.Point(float(row.representative_lon), float(row.representative_lat))
            assert row.geometry.distance(on_shape) < 1e-9


@pytest.mark.parametrize("crs", ["EPSG:4549", "GCJ02", "BD09"])
def test_another_crs(download: Download, hard: Catalog, crs: str) -> None:
    file = download("points.csv", crs=crs)
    first = table(file)[0]
    label = {"GCJ02": "GCJ-02", "BD09": "BD-09"}.get(crs, crs)
    assert first["coordinate_system"] == label
    if crs == "EPSG:4549":
        turn = pyproj.Transformer.from_crs(4490, 4549, always_xy=True)
        x, y = turn.transform(121.12, 31.15)
        assert (float(first["x"]), float(first["y"])) == pytest.approx((x, y), abs=0.01)
    back = again(file, hard)[0].geometry
    assert back is not None
    assert (back.x, back.y) == pytest.approx((121.12, 31.15), abs=1e-8)


def test_the_empty_layer_and_the_whole_map(download: Download) -> None:
    assert table(download("empty.csv")) == []
    assert again(download("empty.csv")) == []
    rows = table(download("map.csv", layers="points,mixed"))
    assert [one["layer"] for one in rows] == ["points"] * 4 + ["mixed"] * 6


@pytest.mark.parametrize("parameters", [{}, {"raw": "true"}, {"encoding": "gbk"}])
def test_it_comes_back(download: Download, hard: Catalog, parameters: dict[str, str]) -> None:
    for layer in ("points", "mixed", "districts", "empty"):
        found = again(download(f"{layer}.csv", **parameters), hard)
        want = list(hard.store.features(layer, Query()))
        assert [one.id for one in found] == [one.id for one in want]
        assert [one.properties for one in found] == [one.properties for one in want]
        shapes = [None if one.geometry is None else shapely.from_wkb(one.geometry) for one in want]
        assert [one.geometry for one in found] == shapes


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["bundled", "made_up"])
def test_every_layer_of_both_zones(
    download: Download, zone: str, request: pytest.FixtureRequest
) -> None:
    site: Site = request.getfixturevalue(f"{zone}_site")
    catalog: Catalog = request.getfixturevalue(zone)
    for layer in catalog.store.layers():
        file = download(f"{layer.id}.csv", site)
        assert len(table(file)) == catalog.store.count(layer.id, Query())
        want = list(catalog.store.features(layer.id, Query()))
        found = again(file, catalog)
        assert [(one.id, one.properties) for one in found] == [
            (one.id, one.properties) for one in want
        ]
        for one, other in zip(found, want, strict=True):
            shape = None if other.geometry is None else shapely.from_wkb(other.geometry)
            assert (one.geometry is None) == (shape is None)
            if one.geometry is not None:
                assert one.geometry.equals_exact(shapely.normalize(shape), 1e-7, normalize=True)


def test_hostile_texts_come_back(tmp_path: Path) -> None:
    """Also as the names of columns; nothing is not an empty text."""
    features = [{"type": "Feature", "id": f"f{n}", "geometry": None,
                 "properties": {"=name": text, "none": None, "more": [text, text]}}
                for n, text in enumerate(HOSTILE)]  # fmt: skip
    folder = tmp_path / "zone"
    folder.mkdir()
    schema = {"geometry": "Point", "fields": [{"name": "=name", "type": "text"},
              {"name": "none", "type": "text"}, {"name": "more", "type": "list"}]}  # fmt: skip
    document = {"type": "FeatureCollection", "layer": {"schema": schema}, "features": features}
    (folder / "l.geojson").write_text(json.dumps(document), encoding="utf-8")
    with closing(Catalog.open(folder, tmp_path / "data")) as catalog, serving(catalog) as site:
        for query in ("", "?raw=true", "?encoding=gbk"):
            file = tmp_path / "l.csv"
            file.write_bytes(site.get(f"/downloads/l.csv{query}").content)
            found = again(file, catalog)
            assert [one.properties["=name"] for one in found] == HOSTILE
            assert all(one.properties["none"] is None for one in found)
            assert [one.properties["more"] for one in found] == [[one, one] for one in HOSTILE]
        guarded = table(tmp_path / "l.csv", "gb18030")
    live = tuple("=@\t\r|")
    assert not any(name.startswith(live) for name in guarded[0])
    assert not any(cell.startswith(live) for row in guarded for cell in row.values())


@pytest.mark.parametrize("members", [[], [""], ["a"], ["", "b"], ["a；b"], ["[x"], ["x", "[y"]])
def test_lists_in_a_cell(members: list[str]) -> None:
    assert text_list(list_text(members)) == members


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "names of its columns"),
        ("id,lon,lat,name\r\na,121,31", "row 2: has 3 cells, not 4"),
        ("id,lon,lat,name\r\na,121,,x", "one of its two coordinates"),
        ("id,lon,lat,name\r\na,31,121,x", "row 2"),
        ("id,lon,lat,name\r\na,x,31,x", "'x'"),
        ("id,lon,lat,nope\r\na,121,31,x", "'nope'"),
        ("id,lon,lat,staff\r\n\r\na,121,31,12.5", "row 3: staff must be a whole number, not 12.5"),
        ("id,lon,lat,placement\r\na,121,31,here", "placement is 'here'; its codes are park"),
        ("id,lon,lat,signed\r\na,121,31,yesterday", "signed must be a date"),
        ("id,lon,lat,open\r\na,121,31,perhaps", "open must be true or false, not 'perhaps'"),
        ('id,name\r\na,"x', "quote that is not closed"),
        ('id,name\r\na,x"y"z', "row 2: has a quote inside"),
        ("id,x,y\r\na,1,2", "coordinate_system"),
        ("id,x,y,coordinate_system\r\na,1,2,mars", "mars"),
        ("id,lon,lat,WKT\r\na,121,31,POINT (122 31)", "change both"),
        ("id,WKT\r\na,POINT OF", "no WKT"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, hard: Catalog, lines: str, said: str) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(lines.encode())
    with pytest.raises(BadLayerFile) as error:
        again(file, hard)
    assert str(error.value).startswith("points.csv")
    assert said in str(error.value)


def test_an_unknown_layer_is_what_its_cells_look_like(tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("id,lon,lat,name_zh,n,x,code,day,flag,big\n"
                    "a,121,31,甲,1,1.5,007,2024-01-02,true,99999999999999999999\n"
                    "b,,,乙,2,2,008,2024-01-03,false,\n", encoding="utf-8")  # fmt: skip
    assert FORMAT.read is not None
    [(layer, features)] = [(one, list(found)) for one, found in FORMAT.read(file, {})]
    assert {one.name: one.type for one in layer.schema.fields} == {
        "name_zh": "text", "n": "integer", "x": "number", "code": "text", "day": "date",
        "flag": "boolean", "big": "text",
    }  # fmt: skip
    assert features[0].properties["code"] == "007"
    assert features[1].geometry is None
    with closing(GeoPackage.create(tmp_path / "s.gpkg")) as store:
        assert store.load(layer, features) == 2


def test_pandas_reads_the_same_numbers(download: Download) -> None:
    found = pandas.read_csv(download("points.csv"))
    assert found["lon"].tolist()[:2] == [121.12, 120.6386]
    assert found["uncertainty_m"].tolist()[:2] == [1500, 3000]

"""DXF downloads, read and audited by ezdxf, and read by GDAL."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any

import ezdxf.filemanagement
import numpy as np
import pyogrio
import pytest
import shapely
from ezdxf.document import Drawing
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.lldxf.encoding import decode_dxf_unicode
from ezdxf.tools.text import caret_decode

from geo.crs import transform, transform_geometry
from layers.catalog import Catalog
from layers.export.select import whole
from layers.model import Batch, Query
from layers.registry import all_formats
from tests.formats.conftest import LONG, OTHER, Download
from tests.rows import first_quick
from tests.server.sites import Site, serving

Groups = list[tuple[int, Any]]


def opened(file: Path, version: str = "AC1021") -> Drawing:
    """A drawing in which ezdxf finds nothing to mend."""
    drawing = ezdxf.filemanagement.readfile(file)
    found = drawing.audit()
    assert [one.message for one in (*found.errors, *found.fixes)] == []
    assert drawing.dxfversion == version
    handles = [one.dxf.handle for one in drawing.modelspace()]
    assert len(set(handles)) == len(handles)
    assert all(int(one, 16) < int(drawing.header["$HANDSEED"], 16) for one in handles)
    return drawing


def said(entity: DXFGraphic) -> tuple[str, str, int, int]:
    """Layer, feature, part and ring."""
    layer, feature, part, ring = (one.value for one in list(entity.get_xdata("ZONEATLAS"))[:4])
    return layer, feature, part, ring


def decoded(text: str) -> str:
    """As programs show it; two halves of a rare character are one."""
    shown = decode_dxf_unicode(caret_decode(text))
    return shown.encode("utf-16", "surrogatepass").decode("utf-16")


def fields(entity: DXFGraphic) -> dict[str, Any]:
    """As docs/downloads.md says they are to be read."""
    found: dict[str, Any] = {}
    group: list[Any] = []
    for code, value in list(entity.get_xdata("ZONEATLAS"))[4:]:
        if (code, value) == (1002, "{"):
            group = []
        elif code == 1002:
            found[group[0]] = group[1] if len(group) == 2 else "".join(group[1:])
        else:
            group.append(decoded(value) if code == 1000 else value)
    return found


def of_layer(drawing: Drawing, name: str) -> list[DXFGraphic]:
    return [one for one in drawing.modelspace() if one.dxf.layer == name]


def features_of(drawing: Drawing) -> dict[tuple[str, str], list[DXFGraphic]]:
    found = defaultdict(list)
    for one in drawing.modelspace():
        if one.has_xdata("ZONEATLAS"):
            found[said(one)[:2]].append(one)
    return found


def counted(drawing: Drawing) -> Counter[tuple[str, str]]:
    return Counter((one.dxf.layer, one.dxftype()) for one in drawing.modelspace())


def test_everything_comes_through(download: Download) -> None:
    drawing = opened(download("points.dxf", crs="EPSG:4549"))
    counts = counted(drawing)
    assert counts.pop(("说明", "TEXT")) > 5
    assert counts == {
        ("签约项目", "POINT"): 1, ("签约项目_注记", "TEXT"): 1,
        ("签约项目_镇街级", "POINT"): 1, ("签约项目_镇街级_注记", "TEXT"): 1,
        ("签约项目_区县级", "POINT"): 1, ("签约项目_区县级_注记", "TEXT"): 1,
        ("签约项目_无坐标", "TEXT"): 1,
    }  # fmt: skip
    found = {key: entities[0] for (_, key), entities in features_of(drawing).items()}
    assert sorted(found) == ["a", "b", "c", "d"]
    x, y, _ = found["a"].dxf.location
    assert (x, y) == pytest.approx((606800.2, 3448144.9), abs=1)
    a, b, d = fields(found["a"]), fields(found["b"]), fields(found["d"])
    assert list(a)[:3] == ["coordinate_system", "placement", "uncertainty_m"]
    assert a == {
        "coordinate_system": "EPSG:4549", "placement": "park", "uncertainty_m": 1500,
        "name": "西岑科创中心", "district": "qp", LONG: "中" * 200, OTHER: 3.25,
        "signed": "2024-08-23", "seen_at": "2024-08-23T10:05:06.000Z", "open": "true", "staff": 12,
    }  # fmt: skip
    assert b["staff"] == "9007199254740993"  # a DXF integer has 32 bits
    assert b["district"] == "wj；qp"
    assert b[LONG] == "\U0002070e 生僻字与é"
    assert d["name"] == '逗号,引号"换行\n<b>&amp;</b>'
    assert d["last_only"] == "末"
    assert found["c"].dxf.text == "+86 021-1234"


def test_labels_say_how_well_a_place_is_known(download: Download) -> None:
    drawing = opened(download("points.dxf"))
    labels = [one.dxf.text for one in drawing.modelspace() if one.dxf.layer.endswith("_注记")]
    assert labels == [
        "西岑科创中心",
        '=HYPERLINK("x")(镇街级)',
        '逗号,引号"换行 <b>&amp;</b>(区县级)',
    ]
    english = opened(download("points.dxf", lang="en"))
    assert {"Projects", "Projects_labels", "Projects_no_coordinates", "Projects_town"} <= {
        one.dxf.name for one in english.layers
    }
    style = drawing.styles.get("ZONEATLAS")
    assert style.dxf.font == "simsun.ttc"


def test_colours_are_the_layers(download: Download) -> None:
    drawing = opened(download("points.dxf"))
    layer, town = (drawing.layers.get(one) for one in ("签约项目", "签约项目_镇街级"))
    assert layer.rgb == (0xB3, 0x47, 0x00)
    assert layer.dxf.color not in (0, 7, 256)
    assert town.rgb != layer.rgb
    assert drawing.header["$PDMODE"] == 34
    assert drawing.header["$PDSIZE"] > 0


@pytest.mark.parametrize(
    ("crs", "units"), [("EPSG:4549", 6), ("EPSG:3857", 6), ("mine", 6), ("EPSG:4326", 0)]
)
def test_units_and_extent(download: Download, crs: str, units: int) -> None:
    file = download("mixed.dxf", crs=crs)
    drawing = opened(file)
    assert drawing.header["$INSUNITS"] == units
    found = pyogrio.read_dataframe(file)
    # What GDAL knows of a text is where it begins.
    west, south, east, north = found.total_bounds
    (x0, y0, _), (x1, y1, _) = drawing.header["$EXTMIN"], drawing.header["$EXTMAX"]
    assert (x0, y0) == pytest.approx((west, south))
    assert x1 >= east
    assert y1 >= north
    assert y1 - north <= 0.05 * (north - south)
    notes = [one.dxf.text for one in of_layer(drawing, "说明")]
    assert any(one.startswith(f"{crs}，") for one in notes)


def test_mixed_shapes(download: Download) -> None:
    drawing = opened(download("mixed.dxf", crs="EPSG:4549"))
    found = {key: entities for (_, key), entities in features_of(drawing).items()}
    parts = {key: [(one.dxftype(), *said(one)[2:]) for one in some] for key, some in found.items()}
    assert parts == {
        "point": [("POINT", 1, 0)],
        "multi": [("POINT", 1, 0), ("POINT", 2, 0)],
        "line": [("LWPOLYLINE", 1, 0)],
        "nothing": [("TEXT", 1, 0)],
        "area": [("LWPOLYLINE", 1, 0), ("LWPOLYLINE", 1, 1)],
        "areas": [("LWPOLYLINE", 1, 0), ("LWPOLYLINE", 2, 0)],
    }
    assert [one.closed for one in found["area"]] == [True, True]
    assert not found["line"][0].closed
    assert [fields(one)["height"] for one in found["areas"]] == [4.5, 4.5]
    corners = np.array([[x, y] for x, y, *_ in found["area"][1].get_points()])
    hole = transform(np.array([[121.1, 31.1], [121.1, 31.2], [121.2, 31.2], [121.2, 31.1]]),
                     "CRS84", "EPSG:4549")  # fmt: skip
    assert {tuple(one) for one in corners.round(2)} == {tuple(one) for one in hole.round(2)}


def drawn(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """As points and lines, in the order of the file."""
    if shape.geom_type == "Polygon":
        return [shape.exterior, *shape.interiors]
    if hasattr(shape, "geoms"):
        return [one for part in shape.geoms for one in drawn(part)]
    return [shape]


@pytest.mark.parametrize("which", first_quick(1, ["hard_site", "bundled_site", "made_up_site"]))
def test_every_layer_is_whole(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    site: Site = request.getfixturevalue(which)
    crs = "EPSG:4549" if which != "made_up_site" else "EPSG:25832"
    for layer in site.catalog.store.layers():
        answer = site.get(f"/downloads/{layer.id}.dxf?crs={crs}")
        assert answer.status_code == 200, answer.text
        file = tmp_path / f"{layer.id}.dxf"
        file.write_bytes(answer.content)
        matched = site.json(f"/collections/{layer.id}/items?limit=1")["numberMatched"]
        drawing = opened(file)
        ids = [key for _, key in features_of(drawing)]
        features = {one.id: one for one in site.catalog.store.features(layer.id, Query())}
        assert len(ids) == matched == len(features)
        assert set(ids) == set(features)
        wanted = [
            part
            for one in features.values()
            if one.geometry
            for part in drawn(transform_geometry(shapely.from_wkb(one.geometry), "CRS84", crs))
        ]
        found = pyogrio.read_dataframe(file)
        read = found.geometry[~found.SubClasses.str.endswith("AcDbText")]
        for theirs, ours in zip(read, wanted, strict=True):
            assert shapely.hausdorff_distance(theirs, ours) < 0.01


def test_the_whole_map(download: Download) -> None:
    drawing = opened(download("map.dxf"))
    counts = Counter(layer for layer, _ in features_of(drawing))
    assert counts == {"points": 4, "mixed": 6, "districts": 2}
    assert "空图层" in drawing.layers  # with nothing on it
    notes = [one.dxf.text for one in of_layer(drawing, "说明")]
    assert notes[:2] == ["[园区]", "难题区"]
    assert {"签约项目（points）：4 项，其中 1 项没有坐标", "12 项", "界线：虚构"} <= set(notes)
    assert any(one.startswith("《新区日报》，新区日报社，2024-08-24") for one in notes)
    assert notes[-2:] == ["签约项目：无坐标的要素", "混合几何：无坐标的要素"]


def test_an_empty_layer_and_an_empty_result(download: Download) -> None:
    for file in (download("empty.dxf"), download("points.dxf", filter="staff=777")):
        drawing = opened(file)
        assert not features_of(drawing)
        assert len(pyogrio.read_dataframe(file)) == len(drawing.modelspace())
    notes = " ".join(one.dxf.text for one in of_layer(drawing, "说明"))
    assert "filter = staff=777" in notes


def test_nothing_but_the_placeless(download: Download) -> None:
    drawing = opened(download("points.dxf", filter="placement='unknown'"))
    assert [one.dxf.text for one in of_layer(drawing, "签约项目_无坐标")] == ["+86 021-1234"]


def test_moved_positions_say_so(hard_site: Site, tmp_path: Path) -> None:
    answer = hard_site.get("/downloads/points.dxf?crs=BD09")
    assert "points_BD09.dxf" in answer.headers["content-disposition"]
    assert answer.headers["content-type"] == "image/vnd.dxf"
    file = tmp_path / "points_BD09.dxf"
    file.write_bytes(answer.content)
    drawing = opened(file)
    assert drawing.header["$INSUNITS"] == 0
    notes = "".join(one.dxf.text for one in of_layer(drawing, "说明"))
    assert "BD-09" in notes
    assert "警告：这是加偏移的坐标" in notes
    [point] = of_layer(drawing, "签约项目")
    assert fields(point)["coordinate_system"] == "BD-09"
    back = transform(np.array([[point.dxf.location.x, point.dxf.location.y]]), "BD09", "CRS84")
    assert np.abs(back - (121.12, 31.15)).max() < 1e-8  # a millimetre


def test_things_of_one_place_are_labelled_below_each_other(
    download: Download, bundled_site: Site
) -> None:
    """Of the bundled zone many are known by their district only."""
    drawing = opened(download("map.dxf", site=bundled_site, crs="EPSG:4549"))
    points = [one.dxf.location for one in drawing.modelspace() if one.dxftype() == "POINT"]
    labels = [one.dxf.insert for one in drawing.modelspace() if one.dxf.layer.endswith("_注记")]
    assert len({(one.x, one.y) for one in points}) < len(points) / 2
    assert len({(one.x, one.y) for one in labels}) == len(labels) > len(points)


def test_gbk_for_older_programs(hard_site: Site, download: Download) -> None:
    file = download("points.dxf", encoding="gbk")
    drawing = opened(file, "AC1018")
    found = {key: entities[0] for (_, key), entities in features_of(drawing).items()}
    assert fields(found["a"])[LONG] == "中" * 200
    # The first is not in GBK: it comes as codes.
    assert fields(found["b"])[LONG] == "\U0002070e 生僻字与é"
    by_gdal = pyogrio.read_dataframe(file)
    assert set(by_gdal.Layer) == {one.dxf.layer for one in drawing.modelspace()}
    assert "西岑科创中心" in set(by_gdal.Text)
    refused = hard_site.get("/downloads/points.dxf?encoding=big5")
    assert refused.status_code == 400
    assert "utf-8 or gbk" in refused.json()["detail"]


def test_gdal_reads_utf_8_when_told(download: Download) -> None:
    file = download("points.dxf")
    pyogrio.set_gdal_config_options({"DXF_ENCODING": "UTF-8"})
    try:
        found = pyogrio.read_dataframe(file)
    finally:
        pyogrio.set_gdal_config_options({"DXF_ENCODING": None})
    assert "签约项目" in set(found.Layer)
    assert "西岑科创中心" in set(found.Text)


ODD = "50%%d \\U+4E2D ^J ^ \t\x01 x"


def made(tmp_path: Path, *properties: dict[str, Any], title: str = 'A/B:<c>*|=`,;?"\\') -> Path:
    folder = tmp_path / "zone"
    folder.mkdir()
    features = [
        {"type": "Feature", "id": f"n{n}", "properties": one,
         "geometry": {"type": "Point", "coordinates": [121, 31]}}
        for n, one in enumerate(properties)
    ]  # fmt: skip
    for name in ("one", "two"):
        fields = [
            {"name": "name", "type": "text", "role": "name"},
            {"name": "more", "type": "text"},
        ]
        document = {
            "type": "FeatureCollection",
            "layer": {"title": title, "schema": {"geometry": "Point", "fields": fields}},
            "features": features,
        }
        (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_texts_that_a_drawing_would_take_for_codes(tmp_path: Path) -> None:
    folder = made(tmp_path, {"name": ODD, "more": ODD})
    with closing(Catalog.open(folder, tmp_path / "data")) as catalog, serving(catalog) as site:
        file = tmp_path / "map.dxf"
        file.write_bytes(site.get("/downloads/map.dxf").content)
    drawing = opened(file)
    names = {
        said(one)[0]: one.dxf.layer for one in drawing.modelspace() if one.dxftype() == "POINT"
    }
    # Two layers of one title, which has all that a name in a drawing may not have.
    assert names == {"one": "A_B__c__________", "two": "A_B__c___________2"}
    [point, _] = [one for one in drawing.modelspace() if one.dxftype() == "POINT"]
    assert fields(point) == {"name": ODD, "more": ODD}
    text = next(one for one in drawing.modelspace() if one.dxf.layer.endswith("_注记"))
    assert decode_dxf_unicode(text.plain_text()) == "50%%d \\U+4E2D ^J ^ \x01 x"
    found = pyogrio.read_dataframe(file)
    assert (found.geometry.geom_type == "Point").all()


def test_what_is_too_long_for_an_entity_is_in_a_record_of_it(tmp_path: Path) -> None:
    long = "".join(chr(0x4E00 + n % 5_000) for n in range(40_000))
    folder = made(tmp_path, {"name": "短", "more": long}, {"name": "二", "more": "x"})
    with closing(Catalog.open(folder, tmp_path / "data")) as catalog, serving(catalog) as site:
        file = tmp_path / "one.dxf"
        file.write_bytes(site.get("/downloads/one.dxf").content)
    drawing = opened(file)
    first, second = (one for one in drawing.modelspace() if one.dxftype() == "POINT")
    assert fields(first) == {"name": "短"}
    record = first.get_extension_dict()["ZONEATLAS"]
    tags = [(one.code, one.value) for one in record.tags]
    assert tags[0] == (1, "more")
    assert "".join(value for code, value in tags[1:]) == long
    assert fields(second) == {"name": "二", "more": "x"}
    assert not second.has_extension_dict


@pytest.mark.slow
def test_nothing_is_left_behind(
    hard: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    [points] = hard.store.batches("points", Query())

    def batches() -> Iterator[Batch]:
        yield from repeat(points, 1_000)

    content = whole(hard.store, "points")
    content = replace(content, parts=(replace(content.parts[0], batches=batches),))
    chunks = all_formats()["dxf"].write(content)
    next(chunks)
    assert list(tmp_path.iterdir())
    chunks.close()  # a client that leaves
    assert not list(tmp_path.iterdir())

    def broken() -> Iterator[Batch]:
        yield points
        raise LookupError("stopped")

    content = replace(content, parts=(replace(content.parts[0], batches=broken),))
    with pytest.raises(LookupError, match="stopped"):
        next(all_formats()["dxf"].write(content))
    assert not list(tmp_path.iterdir())


def test_an_empty_or_broken_shape_is_no_place(hard: Catalog, tmp_path: Path) -> None:
    shapes = ["POINT EMPTY", "POLYGON EMPTY", "MULTIPOINT EMPTY"]
    wkb = [*(shapely.to_wkb(shapely.from_wkt(one)) for one in shapes), b"\1\3\0"]
    first = next(hard.store.features("points", Query()))
    features = [first._replace(id=f"f{n}", geometry=one) for n, one in enumerate(wkb)]
    content = whole(hard.store, "points")
    part = replace(content.parts[0], batches=lambda: map(Batch.of, features))
    file = tmp_path / "points.dxf"
    file.write_bytes(b"".join(all_formats()["dxf"].write(replace(content, parts=(part,)))))
    drawing = opened(file)
    assert sorted(key for _, key in features_of(drawing)) == ["f0", "f1", "f2", "f3"]
    assert not [one for one in drawing.modelspace() if one.dxftype() != "TEXT"]

"""KML and KMZ downloads, read by GDAL, by the OGC's schema and by an image library."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from lxml import etree
from PIL import Image

from geo.crs import transform
from layers.catalog import Catalog
from layers.export.select import whole
from layers.model import Batch, Query
from layers.registry import all_formats
from tests.formats.conftest import LONG, MIXED, OTHER, POINTS, Download
from tests.rows import first_quick
from tests.server.sites import Site, serving

KML = "{http://www.opengis.net/kml/2.2}"
KIND, ZIPPED = "application/vnd.google-earth.kml+xml", "application/vnd.google-earth.kmz"


@cache
def schema() -> etree.XMLSchema:
    # Packed with the library; what it imports lies beside it.
    return etree.XMLSchema(etree.parse(str(files("fastkml") / "schema" / "ogckml22.xsd")))


def checked(text: bytes) -> Any:
    """The root, valid by the schema of OGC 07-147r2."""
    root = etree.fromstring(text, etree.XMLParser(huge_tree=True))
    schema().assertValid(root.getroottree())
    return root


def texts(root: Any, tag: str) -> list[str]:
    return [one.text or "" for one in root.iter(KML + tag)]


class Markup(HTMLParser):
    """What a viewer would render of a description."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.shown = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.shown += data


@pytest.mark.parametrize("ending", ["kml", "kmz"])
def test_everything_comes_through(download: Download, ending: str) -> None:
    found = geopandas.read_file(download(f"points.{ending}"), layer="签约项目")
    assert len(found) == len(POINTS)
    assert found.crs.to_epsg() == 4326
    assert found["id2"].tolist() == ["a", "b", "c", "d"]  # GDAL has an id of its own
    assert found["name2"].tolist() == [one["properties"]["name"] for one in POINTS]
    assert found["Name"].tolist() == found["name2"].tolist()
    assert found[LONG].tolist()[:2] == ["中" * 200, "\U0002070e 生僻字与é"]
    assert found[OTHER].tolist()[:2] == [3.25, -0.5]
    assert found["uncertainty_m"].tolist()[:2] == [1500.0, 3000.0]
    assert found["signed"][0] == "2024-08-23"
    assert found["seen_at"].tolist()[0] == "2024-08-23T10:05:06.000Z"
    assert found["seen_at"].tolist()[2] == "2024-01-01T00:00:00.250Z"
    assert found["staff"].tolist()[:2] == ["12", "9007199254740993"]
    assert found["district"].tolist()[:2] == ["qp", "wj；qp"]
    assert found["open"].tolist()[:2] == [1, 0]
    assert found["open"].isna().tolist() == [False, False, True, True]
    assert found["last_only"].isna().tolist() == [True, True, True, False]
    assert found.geometry.is_empty.tolist() == [False, False, True, False]
    assert (found.geometry[0].x, found.geometry[0].y) == (121.12, 31.15)


@pytest.mark.slow
def test_gdals_other_driver_reads_it_too(download: Download) -> None:
    file = download("points.kml")
    script = (
        "import sys, pyogrio\n"
        "info = pyogrio.read_info(sys.argv[1], layer='签约项目')\n"
        "found = pyogrio.read_dataframe(sys.argv[1], layer='签约项目')\n"
        "print(info['driver'], len(found), found.geometry.is_empty.tolist())"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(file)],
        env={**os.environ, "OGR_SKIP": "LIBKML"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "KML 4 [False, False, True, False]"


def test_placement_and_uncertainty_come_first(download: Download) -> None:
    root = checked(download("points.kml").read_bytes())
    fields = [one.get("name") for one in root.iter(KML + "SimpleField")]
    assert fields[:2] == ["placement", "uncertainty_m"]
    assert fields[-1] == "id"
    labels = texts(root, "displayName")
    assert labels[:2] == ["位置精度", "位置误差"]
    assert texts(root, "description")[2].startswith(
        "西岑科创中心\n位置精度：园区级\n位置误差：1500 m\n"
    )


def test_words_are_in_the_language_asked_for(download: Download) -> None:
    root = checked(download("points.kml", lang="en").read_bytes())
    assert texts(root.find(f"{KML}Document"), "name")[:2] == ["Projects", "Projects"]
    shown = texts(root, "description")[2]
    assert "District: Qingpu" in shown
    assert "Open: yes" in shown
    assert "中" * 200 in shown


def test_an_empty_layer_and_an_empty_result(download: Download) -> None:
    for file in (download("empty.kml"), download("points.kml", filter="staff=777")):
        root = checked(file.read_bytes())
        assert len(list(root.iter(KML + "Folder"))) == 1
        assert not list(root.iter(KML + "Placemark"))
    assert pyogrio.read_info(download("empty.kml"), layer="空图层")["features"] == 0


def test_nothing_but_the_placeless(download: Download) -> None:
    found = pyogrio.read_dataframe(download("points.kml", filter="placement='unknown'"), layer=0)
    assert found["id2"].tolist() == ["c"]
    assert found.geometry.is_empty.all()


def test_mixed_shapes(download: Download) -> None:
    found = pyogrio.read_dataframe(download("mixed.kml"), layer="混合几何")
    for shape, feature in zip(found.geometry, MIXED, strict=True):
        wanted = feature["geometry"] and shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shapely.equals(shape, wanted) if wanted else shape.is_empty
    root = checked(download("mixed.kml").read_bytes())
    assert len(list(root.iter(KML + "innerBoundaryIs"))) == 1


@pytest.mark.parametrize(("crs", "label"), [("GCJ02", "GCJ-02"), ("BD09", "BD-09")])
def test_moved_positions_say_so(hard_site: Site, crs: str, label: str) -> None:
    answer = hard_site.get(f"/downloads/points.kml?crs={crs}")
    assert f"points_{crs}.kml" in answer.headers["content-disposition"]
    assert answer.headers["content-type"] == KIND
    root = checked(answer.content)
    assert f"{label}，" in texts(root, "description")[0]
    assert "警告：这是加偏移的坐标" in texts(root, "description")[0]
    systems = [
        one.text for one in root.iter(KML + "SimpleData") if one.get("name") == "coordinate_system"
    ]
    assert systems == [label] * len(POINTS)
    moved = np.array([[float(one) for one in texts(root, "coordinates")[0].split(",")]])
    assert abs(moved[0, 0] - 121.12) > 0.001
    assert np.abs(transform(moved, crs, "CRS84") - (121.12, 31.15)).max() < 1e-8  # a millimetre


@pytest.mark.parametrize("ending", ["kml", "kmz"])
def test_metres_are_refused(hard_site: Site, ending: str) -> None:
    answer = hard_site.get(f"/downloads/points.{ending}?crs=EPSG:4549")
    assert answer.status_code == 400
    assert "CRS84, GCJ02 or BD09" in answer.json()["detail"]


@pytest.mark.parametrize("which", first_quick(1, ["hard_site", "bundled_site", "made_up_site"]))
def test_every_layer_is_valid_and_whole(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    site: Site = request.getfixturevalue(which)
    for layer in site.catalog.store.layers():
        answer = site.get(f"/downloads/{layer.id}.kml")
        assert answer.status_code == 200, answer.text
        root = checked(answer.content)
        matched = site.json(f"/collections/{layer.id}/items?limit=1")["numberMatched"]
        assert len(list(root.iter(KML + "Placemark"))) == matched
        file = tmp_path / f"{layer.id}.kml"
        file.write_bytes(answer.content)
        found = pyogrio.read_dataframe(file, layer=0)
        features = list(site.catalog.store.features(layer.id, Query()))
        ours = [shapely.from_wkb(one.geometry) for one in features]
        for shape, wanted in zip(found.geometry, ours, strict=True):
            assert shape.is_empty == (wanted is None)
            if wanted is not None:
                assert shapely.hausdorff_distance(shape, wanted) < 1e-7  # a centimetre
        for field in layer.schema.fields:
            if field.type in ("date", "datetime"):
                values = [one.properties[field.name] for one in features]
                read = found[field.name]
                assert read.astype(object).where(read.notna(), None).tolist() == values


@pytest.mark.parametrize("ending", ["kml", "kmz"])
def test_the_whole_map_is_a_folder_a_layer(
    hard_site: Site, download: Download, ending: str
) -> None:
    file = download(f"map.{ending}")
    counts = {
        str(name): pyogrio.read_info(file, layer=name)["features"]
        for name, _ in pyogrio.list_layers(file)
    }
    assert counts == {"签约项目": 4, "空图层": 0, "混合几何": 6, "区县": 2}


@pytest.mark.parametrize("lang", first_quick(1, ["zh", "en"]))
def test_no_markup_of_the_data_is_rendered(made_up_site: Site, lang: str) -> None:
    root = checked(made_up_site.get(f"/downloads/map.kml?lang={lang}").content)
    shown = [Markup(text) for text in texts(root, "description")]
    assert [one.tags for one in shown if one.tags] == []
    assert any("<img src=x onerror=alert(1)>" in one.shown for one in shown)
    assert any("a & b &amp; c < d > e" in one.shown for one in shown)
    # A viewer's balloon is this description and nothing else of the data.
    balloons = set(texts(root, "text"))
    assert {re.sub("<[^>]*>", "", one) for one in balloons} == {"$[description]"}
    assert not any("$[" in text for text in texts(root, "description"))


def zone(folder: Path, features: list[dict[str, Any]], **layer: Any) -> Path:
    folder.mkdir()
    document = {"type": "FeatureCollection", "layer": layer, "features": features}
    (folder / "one.geojson").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_what_xml_cannot_hold_and_when_it_was(tmp_path: Path) -> None:
    fields = [
        {"name": "name", "type": "text", "role": "name"},
        {"name": "odd \"<&>'", "type": "text"},
        {"name": "since", "type": "date", "role": "instant"},
    ]
    features = [
        {"type": "Feature", "id": "a", "geometry": None,
         "properties": {"name": "a\x01b\x0bc\ufffe ]]> $[geDirections]\r\nd",
                        fields[1]["name"]: "x", "since": "2024-08-23"}},
        {"type": "Feature", "id": "b", "geometry": None, "properties": {"name": ""}},
    ]  # fmt: skip
    folder = zone(
        tmp_path / "zone", features, title="A & <b>", schema={"geometry": "Point", "fields": fields}
    )
    with closing(Catalog.open(folder, tmp_path / "data")) as catalog, serving(catalog) as site:
        root = checked(site.get("/downloads/one.kml").content)
    names = [one.findtext(f"{KML}name") for one in root.iter(f"{KML}Placemark")]
    assert names == ["abc ]]> $[geDirections]\r\nd", "b"]
    assert texts(root, "when") == ["2024-08-23"]
    description = texts(root, "description")[1]
    assert "$[" not in description
    assert "$[geDirections]" in Markup(description).shown
    assert "odd \"<&>'" in [one.get("name") for one in root.iter(f"{KML}SimpleData")]


def test_symbols_say_how_well_a_place_is_known(download: Download) -> None:
    with zipfile.ZipFile(download("map.kmz")) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "doc.kml"
        root = checked(archive.read("doc.kml"))
        images = {
            name: Image.open(io.BytesIO(archive.read(name))).convert("RGBA")
            for name in archive.namelist()[1:]
        }
    placemarks = list(root.iter(f"{KML}Placemark"))[:4]
    styles = [one.findtext(f"{KML}styleUrl").removeprefix("#") for one in placemarks]
    assert styles == ["layer1", "layer1-hollow", "layer1-hollow", "layer1-hollow"]
    hrefs = {
        one.get("id"): one.findtext(f"{KML}IconStyle/{KML}Icon/{KML}href")
        for one in root.iter(f"{KML}Style")
    }
    assert set(hrefs.values()) == set(images)
    filled, hollow = images[hrefs["layer1"]], images[hrefs["layer1-hollow"]]
    assert filled.getpixel((32, 32)) == (0xB3, 0x47, 0x00, 255)  # the layer's own colour
    assert hollow.getpixel((32, 32)) == (255, 255, 255, 255)
    assert hollow.getpixel((14, 32)) == (0xB3, 0x47, 0x00, 255)
    assert filled.getpixel((0, 0))[3] == hollow.getpixel((0, 0))[3] == 0


def test_a_kml_asks_no_other_host_for_anything(hard_site: Site) -> None:
    text = hard_site.get("/downloads/map.kml").text
    assert "<href>" not in text
    # Opacity, blue, green, red.
    assert "<color>ff0047b3</color>" in text
    answer = hard_site.get("/downloads/points.kmz")
    assert answer.headers["content-type"] == ZIPPED


@pytest.mark.parametrize("ending", first_quick(1, ["kml", "kmz"]))
def test_it_streams(hard: Catalog, ending: str) -> None:
    taken = 0
    first = next(hard.store.features("points", Query()))

    def batches() -> Iterator[Batch]:
        nonlocal taken
        for n in range(100_000):
            taken += 1
            yield Batch.of(first._replace(id=f"f{n}"))

    content = whole(hard.store, "points")
    content = replace(content, parts=(replace(content.parts[0], batches=batches),))
    chunks = all_formats()[ending].write(content)
    size = 0
    while size < 100_000:
        size += len(next(chunks))
    assert 0 < taken < 80_000
    chunks.close()  # a client that leaves
    assert taken < 80_000


def test_an_empty_or_broken_shape_is_no_place(hard: Catalog, tmp_path: Path) -> None:
    shapes = ["POINT EMPTY", "POLYGON EMPTY", "MULTIPOINT EMPTY"]
    wkb = [*(shapely.to_wkb(shapely.from_wkt(one)) for one in shapes), b"\1\3\0"]
    first = next(hard.store.features("points", Query()))
    features = [first._replace(id=f"f{n}", geometry=one) for n, one in enumerate(wkb)]
    content = whole(hard.store, "points")
    part = replace(content.parts[0], batches=lambda: map(Batch.of, features))
    file = tmp_path / "points.kml"
    file.write_bytes(b"".join(all_formats()["kml"].write(replace(content, parts=(part,)))))
    found = pyogrio.read_dataframe(file, layer=0)
    assert found["id2"].tolist() == ["f0", "f1", "f2", "f3"]
    assert found.geometry.is_empty.all()

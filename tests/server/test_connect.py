"""The connect panel's answers and the files for QGIS: valid XML, our symbols, nothing unescaped."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from layers.catalog import Catalog
from server.hosts import parse_public_url
from tests.rows import first_zone_quick
from tests.server.sites import Site, layer_file, serving


def xml(site: Site, path: str) -> Element:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return ElementTree.fromstring(answer.content)


def project_layers(site: Site, lang: str = "zh") -> dict[str, Element]:
    root = xml(site, f"/connect/map.qgs?lang={lang}")
    found = {one.findtext("layername", ""): one for one in root.iter("maplayer")}
    ids = [one.findtext("id") for one in root.iter("maplayer")]
    assert len(ids) == len(set(ids))
    assert [one.get("id") for one in root.iter("layer-tree-layer")] == ids
    return found


@first_zone_quick()
def test_every_layer_has_a_file_and_the_map_has_a_project(site: Site) -> None:
    for lang in ("zh", "en"):
        layers = project_layers(site, lang)
        for layer in site.catalog.store.layers():
            root = xml(site, f"/connect/{layer.id}.qlr?lang={lang}")
            for one in root.iter("maplayer"):
                name = one.findtext("layername", "")
                assert name in layers
                assert layer.title.of(lang) in name
                assert one.findtext("provider") in ("OAPIF", "arcgisfeatureserver")
                assert f"{site.url}/" in one.findtext("datasource", "")
                assert one.find("renderer-v2") is not None
                assert one.find("labeling") is not None


def test_symbols_by_placement(bundled_site: Site) -> None:
    """Filled, hollow, and a rule that is not ticked for what is known to a district at best."""
    layer = next(xml(bundled_site, "/connect/parks.qlr?lang=zh").iter("maplayer"))
    fan = layer.find("renderer-v2")
    assert fan is not None
    assert fan.get("type") == "pointDisplacement"
    inner = fan.find("renderer-v2")
    assert inner is not None
    filled, hollow, district = inner.findall("rules/rule")
    assert filled.get("filter") == "\"placement\" IN ('site', 'park') OR \"placement\" IS NULL"
    assert hollow.get("filter") == "\"placement\" IN ('township')"
    assert (district.get("checkstate"), filled.get("checkstate")) == ("0", None)
    colours = [
        {prop.get("k"): prop.get("v") for prop in symbol.iter("prop")}["color"]
        for symbol in inner.findall("symbols/symbol")
    ]
    assert colours[0] == "22,39,89,255"
    assert colours[1] == "255,255,255,255"


def test_names_and_codes_in_the_reader_s_language(bundled_site: Site) -> None:
    for lang, name, code in (("zh", "名称", "镇街级"), ("en", "Name", "town level")):
        layer = next(xml(bundled_site, f"/connect/parks.qlr?lang={lang}").iter("maplayer"))
        aliases = {one.get("field"): one.get("name") or "" for one in layer.iter("alias")}
        assert name in aliases[f"name_{lang}"]
        [field] = [
            one
            for one in layer.findall("fieldConfiguration/field")
            if one.get("name") == "placement"
        ]
        entries = {one.get("value"): one.get("name") or "" for one in field.iter("Option")}
        assert code in entries["township"].lower()
        style = layer.find("labeling/settings/text-style")
        assert style is not None
        assert str(style.get("fieldName")).startswith(f'coalesce("name_{lang}"')


def test_the_map_stands_in_order_under_its_title(bundled_site: Site) -> None:
    root = xml(bundled_site, "/connect/map.qgs?lang=zh")
    zone = bundled_site.catalog.store.zone()
    assert root.findtext("title") == zone.title.zh
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:3857"
    assert root.findtext("properties/CopyrightLabel/Label") == zone.credit.zh
    groups = root.findall("layer-tree-group/layer-tree-group")
    assert [one.get("name") for one in groups] == ["产业图层", "底图"]
    last = list(groups[1].iter("layer-tree-layer"))[-1]
    assert last.get("name") == "周边区县"
    shown = {one.get("name"): one.get("checked") for one in root.iter("layer-tree-layer")}
    for layer in bundled_site.catalog.store.layers():
        assert shown[layer.title.zh] == ("Qt::Checked" if layer.visible else "Qt::Unchecked")


def test_several_kinds_of_geometry_come_one_by_one(tmp_path: Path) -> None:
    """QGIS would take the first kind for all: each is a layer of the feature service."""
    fields = [{"name": "name", "type": "text", "role": "name"}]
    schema = {"geometry": "Geometry", "fields": fields}
    document = json.loads(layer_file(["Point"], title="混合", schema=schema))
    line = {"type": "LineString", "coordinates": [[10, 50], [11, 51]]}
    document["features"].append(
        {"type": "Feature", "id": "l", "geometry": line, "properties": {"name": "Line"}}
    )
    folder = tmp_path / "zone"
    folder.mkdir()
    (folder / "both.geojson").write_text(json.dumps(document), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        layers = list(xml(site, "/connect/both.qlr?lang=zh").iter("maplayer"))
        assert [one.get("geometry") for one in layers] == ["Line", "Point"]
        assert {one.findtext("provider") for one in layers} == {"arcgisfeatureserver"}
        for one in layers:
            address = one.findtext("datasource", "").split("url='")[1].strip("'")
            found = site.get(address.removeprefix(site.url) + "/query?returnCountOnly=true").json()
            assert found == {"count": 1}
        assert len(site.json("/connect/both.json")["arcgis"]) == 2
    catalog.close()


def test_what_xml_cannot_say_is_left_out(tmp_path: Path) -> None:
    """Control characters, brackets, quotation marks: in titles, names and codes."""
    hostile = "</maplayer><x a='1' b=\"2\">&amp; \u0001\u000b\ufffe 甲"
    codes = {hostile.replace("\u0001", ""): {"zh": hostile, "en": hostile}}
    fields = [
        {"name": 'na"me', "type": "text", "codes": codes, "label": {"zh": hostile, "en": "x"}}
    ]
    folder = tmp_path / "zone"
    folder.mkdir()
    written = layer_file([], title=hostile, schema={"geometry": "Point", "fields": fields})
    (folder / "bad.geojson").write_text(written, encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        for path in ("/connect/bad.qlr", "/connect/map.qgs"):
            [layer] = xml(site, path).iter("maplayer")
            assert layer.findtext("layername", "").startswith("</maplayer><x a='1'")
            assert layer.find("x") is None
    catalog.close()


def test_addresses_begin_with_the_public_url(bundled: Catalog) -> None:
    public = parse_public_url("https://maps.example.org/zone/")
    with serving(bundled, public_url=public) as site:
        for name in ("map", "parks"):
            ways: dict[str, Any] = site.json(f"/connect/{name}.json?lang=en")
            assert ways["reach"] == "everybody"
            for text in (ways["gdal"], ways["python"], ways["excel"], *ways["arcgis"]):
                assert "https://maps.example.org/zone/" in text
                assert site.url not in text
            assert ways["qgis"]["service"] == "https://maps.example.org/zone/"
        source = xml(site, "/connect/parks.qlr").findtext("maplayers/maplayer/datasource", "")
        assert "url='https://maps.example.org/zone/'" in source


@pytest.mark.parametrize(
    ("host", "reach"),
    [
        ("127.0.0.1:8000", "computer"), ("localhost", "computer"), ("[::1]:8000", "computer"),
        ("192.168.3.4:8000", "network"), ("10.0.0.7", "network"), ("8.8.8.8", "everybody"),
    ],
)  # fmt: skip
def test_who_can_open_the_addresses_is_said(bundled_site: Site, host: str, reach: str) -> None:
    answer = bundled_site.get("/connect/map.json", headers={"Host": host})
    assert answer.json()["reach"] == reach


def test_what_is_not_there(site: Site) -> None:
    for path in (
        "/connect/nothing.qlr",
        "/connect/map.qlr",
        "/connect/nothing.qgs",
        "/connect/map.exe",
    ):
        assert site.get(path).status_code == 404
    assert site.get("/connect/map.qgs?q=1").status_code == 400
    for snippet in ("python", "gdal"):
        assert site.json("/connect/map.json")[snippet]


def test_excel_asks_for_every_page(made_up_site: Site) -> None:
    """What the lines do with `links`, `rel`, `href`, `features` and `properties`."""
    lines = made_up_site.json("/connect/viele.json")["excel"]
    address: str | None = re.findall(r'"(http[^"]+)"', lines)[0]
    for word in ("List.Generate", "page[links]", '[rel] = "next"', "[href]", "[features]"):
        assert word in lines
    rows: list[Any] = []
    while address:
        page = made_up_site.json(address.removeprefix(made_up_site.url))
        rows += [one["properties"] for one in page["features"]]
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert len({row["nr"] for row in rows}) == len(rows) == 10_001


@pytest.mark.slow
def test_the_python_line_runs(bundled_site: Site) -> None:
    """In a process of its own: GDAL keeps hold of the interpreter while it waits for us."""
    import subprocess
    import sys

    code = bundled_site.json("/connect/parks.json")["python"] + "\nprint(len(layer))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "22"
    code = bundled_site.json("/connect/map.json")["python"] + "\nprint(len(layers))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(ran.stdout) == len(bundled_site.catalog.store.layers())

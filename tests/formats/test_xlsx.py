"""XLSX downloads, read by openpyxl, edited as a clerk would, and read back by ourselves."""

import json
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from layers.catalog import Catalog
from layers.errors import BadLayerFile
from layers.formats import _xlsx_sheet
from layers.model import Layer, NewFeature, Query
from layers.registry import all_formats
from tests.formats.conftest import LONG, OTHER, Download
from tests.server.sites import Site, serving

FORMAT = all_formats()["xlsx"]


def again(file: Path) -> dict[str, tuple[Layer, list[NewFeature]]]:
    assert FORMAT.read is not None
    with closing(FORMAT.read(file, {})) as layers:
        return {layer.id: (layer, list(found)) for layer, found in layers}


def by_name(sheet: Any) -> list[dict[str, Any]]:
    """Rows by the names of the fields, which are in the second."""
    names = [cell.value for cell in sheet[2]]
    return [
        dict(zip(names, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=3)
    ]


def test_what_is_in_it(download: Download) -> None:
    book = openpyxl.load_workbook(download("points.xlsx"))
    shown = [one.title for one in book if one.sheet_state == "visible"]
    assert shown == ["说明", "签约项目", "来源", "合计数字", "字段"]
    sheet = book["签约项目"]
    assert [cell.value for cell in sheet[1]][:6] == [
        "编号", "经度（°）", "纬度（°）", "位置精度", "位置误差（m）", "名称",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[2]][:4] == ["id", "lon", "lat", "placement"]
    a, b, c, d = by_name(sheet)
    assert (a["lon"], a["lat"], a["placement"], a["uncertainty_m"]) == (
        121.12,
        31.15,
        "园区级",
        1500,
    )
    assert (a["open"], a["district"], a[LONG], a[OTHER]) == ("是", "青浦", "中" * 200, 3.25)
    moments = [a[name].isoformat() for name in ("signed", "seen_at")]
    assert moments == ["2024-08-23T00:00:00", "2024-08-23T10:05:06"]
    assert (b["name"], b["district"]) == ('=HYPERLINK("x")', "吴江；青浦")
    assert b["staff"] == "9007199254740993"  # as a number it would be another one
    assert (c["lon"], c["lat"], c["name"]) == (None, None, "+86 021-1234")
    assert d["staff"] == -3
    types = {cell.data_type for one in book for row in one.iter_rows() for cell in row}
    assert "f" not in types


def test_it_is_made_to_be_edited(download: Download) -> None:
    book = openpyxl.load_workbook(download("points.xlsx"))
    sheet = book["签约项目"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert not any(
        getattr(sheet.protection, one)
        for one in ("sort", "autoFilter", "insertRows", "deleteRows")  # False: not forbidden
    )
    assert sheet["A3"].protection.locked
    assert not any(cell.protection.locked for cell in sheet[3][1:] if cell.value is not None)
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref.startswith("A2:")
    rules = {
        str(one.sqref).split(":")[0]: one.formula1 for one in sheet.data_validations.dataValidation
    }
    codes = book["_codes"]
    assert book["_codes"].sheet_state == "hidden"
    assert [cell.value for cell in codes[int(rules["D3"].split("$")[-1])]][:4] == [
        "园区级", "镇街级", "区县级", "未公布",
    ]  # fmt: skip
    assert '"是,否"' in rules.values()


def test_figures_are_texts(download: Download) -> None:
    book = openpyxl.load_workbook(download("points.xlsx"))
    rows = [[cell.value for cell in row] for row in book["合计数字"].iter_rows()]
    assert rows[1] == ["签约项目", "投资合计", "约7.5亿元", "a；b", "《新区日报》"]
    assert all(isinstance(one, str) for row in rows for one in row)
    sources = [cell.value for cell in book["来源"][2]]
    assert sources == [
        "s1",
        "《新区日报》",
        "新区日报社",
        "2024-08-24",
        "https://example.org/1",
        "原文",
    ]
    readme = " ".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row)
    assert "4 项，其中 1 项没有坐标" in readme


def test_in_english_and_filtered(download: Download) -> None:
    book = openpyxl.load_workbook(download("points.xlsx", lang="en", filter="placement='park'"))
    sheet = book["Projects"]
    assert [cell.value for cell in sheet[1]][3:5] == ["Placement", "Uncertainty (m)"]
    [only] = by_name(sheet)
    assert (only["placement"], only["open"], only["district"]) == ("Park", "Yes", "Qingpu")
    text = " ".join(str(cell.value) for row in book["Readme"].iter_rows() for cell in row)
    assert "placement='park'" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_comes_back(download: Download, hard: Catalog, lang: str) -> None:
    found = again(download("map.xlsx", lang=lang))
    assert list(found) == [layer.id for layer in hard.store.layers()]
    for name, (layer, features) in found.items():
        want = list(hard.store.features(name, Query()))
        assert [(one.id, one.properties) for one in features] == [
            (one.id, one.properties) for one in want
        ]
        shapes = [None if one.geometry is None else shapely.from_wkb(one.geometry) for one in want]
        assert [one.geometry for one in features] == shapes
        before = hard.store.layer(name)
        assert (layer.title, layer.style, layer.figures) == (
            before.title, before.style, before.figures,
        )  # fmt: skip


@pytest.mark.parametrize("crs", ["EPSG:4549", "GCJ02"])
def test_another_crs_is_said_and_turned_back(download: Download, hard: Catalog, crs: str) -> None:
    file = download("map.xlsx", crs=crs)
    row = by_name(openpyxl.load_workbook(file)["签约项目"])[0]
    assert row["coordinate_system"] == ("GCJ-02" if crs == "GCJ02" else crs)
    assert (row["x"] if crs == "EPSG:4549" else row["lon"]) != 121.12
    for name, (layer, features) in again(file).items():
        assert layer.schema.field("coordinate_system") is None
        for one, other in zip(features, hard.store.features(name, Query()), strict=True):
            assert (one.geometry is None) == (other.geometry is None)
            if one.geometry is not None:
                before = shapely.get_coordinates(shapely.from_wkb(other.geometry))
                assert abs(shapely.get_coordinates(one.geometry) - before).max() < 1e-8


def test_what_a_clerk_changes(download: Download, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(download("points.xlsx"))
    sheet = book["签约项目"]
    names = [cell.value for cell in sheet[2]]

    def put(row: int, name: str, value: object) -> None:
        sheet.cell(row, names.index(name) + 1).value = value

    put(3, "placement", "镇街级")
    put(3, "open", "否")
    put(3, "district", "吴江；青浦")
    put(3, "lon", 121.2)
    put(4, "staff", None)
    sheet.append([None, 121.0, 31.0])
    put(7, "name", "新项目")
    sheet.delete_rows(5)
    book.save(tmp_path / "edited.xlsx")
    _, (a, b, d, new) = again(tmp_path / "edited.xlsx")["points"]
    assert (a.properties["placement"], a.properties["open"]) == ("township", False)
    assert a.properties["district"] == ["wj", "qp"]
    assert a.geometry == shapely.Point(121.2, 31.15)
    assert b.properties["staff"] is None
    assert (d.id, new.id, new.properties["name"]) == ("d", None, "新项目")


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("D3", "某处", "sheet 签约项目, row 3: placement is '某处'"),
        ("E3", "很远", "uncertainty_m must be a whole number, not '很远'"),
        ("B3", "东", "coordinate that is no number"),
        ("B3", None, "one of its two coordinates"),
        ("B4", 31.0, None),
        ("B4", 500, "row 4"),
        ("B2", "x", "row 2 lacks the names lon"),
    ],
)
def test_a_bad_cell_is_named(
    download: Download, tmp_path: Path, cell: str, value: object, said: str | None
) -> None:
    book = openpyxl.load_workbook(download("points.xlsx"))
    book["签约项目"][cell].value = value
    file = tmp_path / "bad.xlsx"
    book.save(file)
    if said is None:
        assert again(file)
        return
    with pytest.raises(BadLayerFile) as error:
        again(file)
    assert str(error.value).startswith("bad.xlsx")
    assert said in str(error.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "bad.xlsx"
    file.write_bytes(b"no zip")
    with pytest.raises(BadLayerFile, match="no XLSX file"):
        again(file)
    with zipfile.ZipFile(file, "w") as odd:
        odd.writestr("a.txt", "x")
    with pytest.raises(BadLayerFile, match="no XLSX file"):
        again(file)
    openpyxl.Workbook().save(file)
    with pytest.raises(BadLayerFile, match="_layers"):
        again(file)


ODD = ["=1+1", "<r><t>x</t></r>", "_x000D_", "a\rb", "\x0bx", "x" * 32_767, "x" * 32_768,
       "\U0002070e" * 40_000, "", " ", "http://example.org", "mailto:a", "007", "1e5", "TRUE",
       "'a"]  # fmt: skip


@pytest.fixture
def odd_site(tmp_path: Path) -> Any:
    fields = [{"name": "t", "type": "text"}, {"name": "n", "type": "number"},
              {"name": "d", "type": "date"}, {"name": "i", "type": "integer"},
              {"name": "_x000D_", "type": "text"},
              {"name": "c", "type": "list", "codes": {"x": "同", "y": "同", "z": "x"}}]  # fmt: skip
    features = [{"type": "Feature", "id": f"f{n}", "geometry": None,
                 "properties": {"t": text, "n": (0.1 + 0.2) * 10**n, "d": f"18{n:02d}-01-01",
                                "i": 2**53 + n, "_x000D_": text[:9], "c": ["x", "z", "y"]}}
                for n, text in enumerate(ODD)]  # fmt: skip
    folder = tmp_path / "zone"
    folder.mkdir()
    layer = {"title": "History", "schema": {"geometry": "Point", "fields": fields}}
    document = {"type": "FeatureCollection", "layer": layer, "features": features}
    (folder / "l.geojson").write_text(json.dumps(document), encoding="utf-8")
    layer = {"title": "a/b:c*[d]?" + "长" * 40, "schema": {"geometry": "Point", "fields": []}}
    for name in ("m", "n"):
        document = {"type": "FeatureCollection", "layer": layer, "features": []}
        (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    with closing(Catalog.open(folder, tmp_path / "data")) as catalog, serving(catalog) as site:
        yield site


def test_odd_values_come_back(odd_site: Site, download: Download) -> None:
    file = download("map.xlsx", odd_site)
    _, features = again(file)["l"]
    want = list(odd_site.catalog.store.features("l", Query()))
    assert [one.properties for one in features] == [one.properties for one in want]
    book = openpyxl.load_workbook(file)
    assert book["_texts"].sheet_state == "visible"
    readme = " ".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row)
    assert "2个单元格" in readme
    assert all(len(one) <= 31 for one in book.sheetnames)
    assert len({one.lower() for one in book.sheetnames}) == len(book.sheetnames)


def test_a_layer_goes_on_in_further_sheets(
    download: Download, hard: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_xlsx_sheet, "LAST_ROW", 3)
    file = download("points.xlsx")
    book = openpyxl.load_workbook(file)
    assert [len(by_name(book[name])) for name in ("签约项目", "签约项目 (2)")] == [2, 2]
    assert [one.id for one in again(file)["points"][1]] == ["a", "b", "c", "d"]


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["bundled", "made_up"])
def test_every_layer_of_both_zones(
    download: Download, zone: str, request: pytest.FixtureRequest
) -> None:
    catalog: Catalog = request.getfixturevalue(zone)
    found = again(download("map.xlsx", request.getfixturevalue(f"{zone}_site")))
    for layer in catalog.store.layers():
        want = list(catalog.store.features(layer.id, Query()))
        features = found[layer.id][1]
        assert [(one.id, one.properties) for one in features] == [
            (one.id, one.properties) for one in want
        ]
        for one, other in zip(features, want, strict=True):
            assert (one.geometry is None) == (other.geometry is None)
            if one.geometry is not None:
                before = shapely.normalize(shapely.from_wkb(other.geometry))
                assert shapely.normalize(one.geometry).equals_exact(before, 1e-7)


@pytest.mark.parametrize(("lang", "shown"), [("zh", "zh"), ("en", "en")])
def test_one_language_is_shown(
    download: Download, bundled_site: Site, lang: str, shown: str
) -> None:
    book = openpyxl.load_workbook(download("parks.xlsx", bundled_site, lang=lang))
    sheet = book["产业园区" if lang == "zh" else "Industrial parks"]
    letters = {cell.value: cell.column_letter for cell in sheet[2]}
    hidden = {name for name, letter in letters.items() if sheet.column_dimensions[letter].hidden}
    other = {"zh": "en", "en": "zh"}[shown]
    assert hidden == {name for name in letters if str(name).endswith(f"_{other}")}
    assert sheet.page_setup.fitToHeight == 0

"""Schema, words, links and colours of the bundled zone."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from tests.layers.bundled import (
    BY_ID,
    LAYERS,
    PLACEMENTS,
    ZONE,
    each_layer,
    everything,
    features,
    fields,
    walk,
)

ROLES = re.compile(
    "name|alias|anchor|district|placement|uncertainty|basis|inferred|mentioned|nowhere|sources|summary"
    "|note|related|group|focus"
)
DATA = {"tianditu", "geonames", "openstreetmap", "stat-codes", "ecnu-stations"}
HOUSE = {"name_zh", "name_en", "placement", "position_uncertainty_m", "position_basis"}
NAMES_AND_UNITS = re.compile(
    "BIM|GIS|eVTOL|WGS|GCJ-02|GeoNames|SHINE|DataV|DAWN-ECNU|Example_data|geojson|OpenStreetMap"
    "|G50|5[GF]|GS|5000P|CC|BY|ODbL|Wikiwand|TapTechNews|AreaCity-JsSpider-StatsGov"
)
OUR_REMARKS = re.compile(
    r".*_(basis|ids|inferred|uncertainty_m)|anchor_.*|note_.*|confidence|in_report"
)
LATIN = re.compile(r"[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]*")
CHINESE = re.compile(r"[\u3400-\u9fff]")


# --- schema, words, links --------------------------------------------------------------------

TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "date": str,
}


@each_layer
def test_every_property_is_in_the_schema_and_has_its_type_and_code(name: str) -> None:
    for feature in features(name):
        assert list(feature["properties"]) == list(fields(name))
        for key, value in feature["properties"].items():
            field = fields(name)[key]
            items = value if field["type"] == "list" else [value]
            for item in items or []:
                if item is None:
                    continue
                assert isinstance(item, TYPES.get(field["type"], str)), (feature["id"], key)
                assert isinstance(item, bool) == (field["type"] == "boolean")
                assert item in field.get("codes", {item}), (feature["id"], key, item)
                if field["type"] == "date":
                    assert date.fromisoformat(str(item))


@each_layer
def test_house_fields_roles_and_placement_codes(name: str) -> None:
    assert HOUSE | {"source_ids"} <= set(fields(name))
    roles = [(f["role"], f.get("lang")) for f in fields(name).values() if f.get("role")]
    assert len(roles) == len(set(roles))
    assert all(ROLES.fullmatch(role) for role, _ in roles)
    assert set(fields(name)["placement"]["codes"]) == PLACEMENTS


@each_layer
def test_a_published_value_is_expected_in_both_languages_and_never_of_our_own_remarks(
    name: str,
) -> None:
    expected = {f["name"] for f in fields(name).values() if f.get("expected")}
    assert not [field for field in expected if OUR_REMARKS.fullmatch(field)]
    for field in expected:
        pair = re.sub("_(zh|en)$", lambda m: "_en" if m[1] == "zh" else "_zh", field)
        assert pair in expected
    if name in {"innovation", "routes-and-places", "townships", "districts", "neighbours"}:
        assert expected == set()
    else:
        assert expected


def test_a_division_code_is_shown_as_a_code() -> None:
    assert "codes" not in fields("districts")["adcode"]


def test_a_land_area_in_mu_agrees_with_the_one_in_square_kilometres() -> None:
    both = [p for f in features("parks") if (p := f["properties"])["area_mu"]]
    assert len(both) == 2
    for told in both:
        assert told["area_km2"] == pytest.approx(told["area_mu"] / 1500, abs=5e-4)


@each_layer
def test_every_word_is_there_in_both_languages(name: str) -> None:
    layer = LAYERS[name]["layer"]
    texts = [layer["title"], layer["description"], layer["licence"]["title"]]
    texts += [s["title"] for s in layer["sources"]]
    texts += [figure[key] for figure in layer.get("figures", []) for key in ("label", "text")]
    for field in fields(name).values():
        texts += [field["label"], *field.get("codes", {}).values()]
        pair = re.sub("_zh$", "_en", field["name"])
        if field.get("lang") == "zh" and pair in fields(name) and name != "neighbours":
            for feature in features(name):
                told = feature["properties"]
                assert bool(told[field["name"]]) == bool(told[pair]), (feature["id"], pair)
    assert all(text["zh"] and text["en"] for text in texts)


def test_english_has_no_chinese_and_chinese_no_latin_but_names_and_units() -> None:
    texts = {
        name: [d["layer"], [f["properties"] for f in features(name)]] for name, d in LAYERS.items()
    }
    for name, document in texts.items():
        for key, value in walk(document):
            if isinstance(value, str) and (key == "en" or key.endswith("_en")):
                assert not CHINESE.search(value), (name, value)
            elif isinstance(value, str) and (key == "zh" or key.endswith("_zh")):
                latin = LATIN.findall(value)
                assert all(NAMES_AND_UNITS.fullmatch(word) for word in latin), (name, value)
    for key, value in walk(ZONE):
        latin = LATIN.findall(str(value)) if key == "zh" else []
        assert all(NAMES_AND_UNITS.fullmatch(word) for word in latin), value


def test_ids_fit_and_links_and_sources_lead_somewhere() -> None:
    known = {f"{name}/{feature['id']}" for name, feature in everything()}
    assert len(known) == len(BY_ID) == sum(len(features(name)) for name in LAYERS)
    for name, feature in everything():
        told = feature["properties"]
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", feature["id"])
        assert set(told.get("related_ids") or []) <= known - {f"{name}/{feature['id']}"}
        sources = {source["id"] for source in LAYERS[name]["layer"]["sources"]}
        assert told["source_ids"]
        assert {*told["source_ids"], *(told.get("position_source_ids") or [])} <= sources


def test_a_source_is_the_same_everywhere_and_its_address_is_of_the_web() -> None:
    tables = [document["layer"]["sources"] for document in LAYERS.values()] + [ZONE["sources"]]
    seen: dict[str, object] = {}
    for source in (source for table in tables for source in table):
        assert seen.setdefault(source["id"], source) == source
        assert source["status"] in {"original", "mirror", "not_found", "data", "derived"}
        assert (source["status"] == "data") == (source["id"] in DATA)
        assert (source["status"] == "derived") == source["id"].startswith("address-")
        if source["status"] in {"not_found", "derived"}:
            assert source["address"] is None
        assert not re.search("未找到|未查到|not found", "".join(source["title"].values()))
        assert urlsplit(source["address"] or "https:").scheme in {"http", "https"}


def test_the_zone_points_at_what_is_there() -> None:
    sources = {source["id"] for source in ZONE["sources"]}
    for line in ZONE["headline"]:
        figures = {f["id"]: f for f in LAYERS[line["layer"]]["layer"]["figures"]}
        assert line["figures"]
        assert line["source"] in sources
        for figure in map(figures.__getitem__, line["figures"]):
            assert figure["source"] == line["source"]
            assert figure["text"]["zh"] in line["text"]["zh"]
            assert figure["text"]["en"] in line["text"]["en"]
    assert {fact["source"] for fact in ZONE["facts"]} <= sources
    assert "界线数据：天地图，审图号：GS（2024）0650号" in ZONE["credit"]["zh"]


# --- colours ---------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@each_layer
def test_a_symbol_stands_out_on_light_and_dark_land(name: str) -> None:
    layer = LAYERS[name]["layer"]
    if layer["role"] in {"sites", "places"}:
        style = layer["style"]
        assert min(contrast(style["colour"], land) for land in ("#F2EFE9", "#FFFFFF")) >= 3
        assert contrast(style["dark"], "#1E2329") >= 3

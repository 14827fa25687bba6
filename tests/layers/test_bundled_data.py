"""The bundled zone held against its gazetteer and the editor's rules; reads the files only."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from shapely import union_all
from shapely.geometry import Point, shape

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "tests/data"  # the gazetteer as it came, without the scheme of its addresses
FILES = {p.stem: p.read_text("utf-8") for p in sorted((ROOT / "layers/data").glob("*.geojson"))}
LAYERS: dict[str, Any] = {name: json.loads(text) for name, text in FILES.items()}
ZONE = json.loads((ROOT / "layers/data/zone.json").read_text("utf-8"))
GAZETTEER = list(csv.DictReader((FACTS / "gazetteer.csv").read_text("utf-8").splitlines()))
FIGURES = list(csv.DictReader((FACTS / "figures.csv").read_text("utf-8").splitlines()))

LAYER_OF = {
    "district": "districts",
    "township": "townships",
    "park": "parks",
    "compute": "compute-centres",
    "network": "compute-centres",
    "low_altitude": "low-altitude",
    "project": "signed-projects",
    "innovation": "innovation",
    "company": "companies",
    "route": "routes-and-places",
    "place": "routes-and-places",
}
ADCODE = {"青浦区": "310118", "吴江区": "320509", "嘉善县": "330421"}
COUNTS = {"项", "个", "家"}  # units of figures that count; the others are amounts
QUALIFIERS: dict[str, dict[str, tuple[str, ...]]] = {  # what a figure's words must not leave out
    "exact": {},
    "about": {"zh": ("约",), "en": ("about",)},
    "planned": {"zh": ("规划",), "en": ("planned",)},
    "expected; or more": {"zh": ("预计", "以上"), "en": ("expected", "or more")},
}
ROLES = re.compile(
    "name|alias|anchor|district|placement|uncertainty|basis|inferred|mentioned|nowhere|sources|summary"
    "|note|related|group|focus"
)
DATA = {"tianditu", "geonames", "openstreetmap", "stat-codes", "ecnu-stations"}
PLACEMENTS = {"site", "park", "township", "district", "unknown"}
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
each_layer = pytest.mark.parametrize("name", LAYERS)


def features(name: str) -> list[dict[str, Any]]:
    return list(LAYERS[name]["features"])


def fields(name: str) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in LAYERS[name]["layer"]["schema"]["fields"]}


def everything() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, feature) for name in LAYERS for feature in features(name))


def walk(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf of a JSON value with the key it stands under."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from walk(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, key)
    else:
        yield key, value


BY_ID = {feature["id"]: (name, feature) for name, feature in everything()}
POLYGON = {f["properties"]["adcode"]: shape(f["geometry"]) for f in features("districts")}


# --- against the gazetteer -------------------------------------------------------------------


def test_each_row_is_one_feature_and_only_the_presentations_come_on_top() -> None:
    assert Counter(LAYER_OF[row["kind"]] for row in GAZETTEER).total() == 102
    assert {row["id"]: LAYER_OF[row["kind"]] for row in GAZETTEER} == {
        feature["id"]: name
        for name, feature in everything()
        if name != "neighbours" and feature["properties"].get("entry_type") != "roadshow"
    }
    roadshow = [f for f in features("innovation") if f["properties"]["roadshow_theme"]]
    assert len(roadshow) == 5
    assert len(features("neighbours")) == 50


@pytest.mark.parametrize("row", GAZETTEER, ids=lambda row: str(row["id"]))
def test_a_feature_says_what_its_row_says(row: dict[str, str]) -> None:
    name, feature = BY_ID[row["id"]]
    told = feature["properties"]
    for column in ("placement", "position_basis", "confidence"):
        assert (told[column] or "") == row[column]
    assert str(told["position_uncertainty_m"] or "") == row["position_uncertainty_m"]
    for column in ("position_inferred", "in_report"):
        assert told[column] is (row[column] == "true")
    districts = [ADCODE[d] for d in row["district"].split("；") if d]
    if name == "districts":
        assert districts == [told["adcode"]]
        assert row["name_en"] == f"{told['name_en']} ({told['city_en']})"
        assert row["district_basis"] == "report"
        assert "event-report" in told["source_ids"]
        centre = shape(feature["geometry"]).centroid
        assert (centre.x, centre.y) == pytest.approx(
            (float(row["lon"]), float(row["lat"])), abs=6e-6
        )
        return
    assert told["name_zh"] == row["name_zh"]
    assert told["name_en"] == row["name_en"]
    assert (told["district"] or []) == districts
    assert (told["district_basis"] or "") == row["district_basis"]
    coordinates = feature["geometry"] and feature["geometry"]["coordinates"]
    assert coordinates == ([float(row["lon"]), float(row["lat"])] if row["lon"] else None)


def test_every_address_of_the_gazetteer_is_a_source_of_its_feature() -> None:
    for row in GAZETTEER:
        name, feature = BY_ID[row["id"]]
        table = {s["id"]: s["address"] or "" for s in LAYERS[name]["layer"]["sources"]}
        given = {table[i].partition("://")[2] for i in feature["properties"]["source_ids"]}
        parts = [part.strip() for part in row["fact_source"].split(";")]
        assert {part for part in parts if re.match(r"[\w.-]+\.\w+/", part)} <= given


def test_a_figure_is_that_of_the_table_and_its_members_are_features() -> None:
    told = {f["id"]: (n, f) for n, d in LAYERS.items() for f in d["layer"].get("figures", [])}
    assert set(told) == {row["id"] for row in FIGURES}
    for row in FIGURES:
        name, figure = told[row["id"]]
        assert name == row["layer"]
        assert (figure["unit"], figure["qualifier"]) == (row["unit"], row["qualifier"])
        assert figure["value"] == float(row["value"])
        assert figure["source"] in {s["id"] for s in LAYERS[name]["layer"]["sources"]}
        members = set(figure["members"])
        assert members <= {f["id"] for f in features(name)}
        if figure["unit"] in COUNTS and name != "districts":
            assert len(members) == figure["value"]


# --- positions -------------------------------------------------------------------------------


def test_a_point_lies_in_a_district_it_is_said_to_lie_in_or_is_flagged() -> None:
    outside = [
        feature["id"]
        for _, feature in everything()
        if feature["geometry"]
        and feature["geometry"]["type"] == "Point"
        and not feature["properties"].get("district_mismatch")
        and not any(
            POLYGON[d].covers(shape(feature["geometry"])) for d in feature["properties"]["district"]
        )
    ]
    assert outside == []


@each_layer
def test_a_position_has_an_uncertainty_and_an_anchor_has_one_name(name: str) -> None:
    if LAYERS[name]["layer"]["role"] == "backdrop":
        return
    for feature in features(name):
        told = feature["properties"]
        assert (feature["geometry"] is None) == (told["placement"] == "unknown")
        assert (feature["geometry"] is None) == (told["position_uncertainty_m"] is None)
        assert (feature["geometry"] is None) == (told["position_basis"] is None)


def test_features_at_one_point_share_the_name_of_it() -> None:
    names: dict[tuple[float, float], set[str]] = {}
    for name, feature in everything():
        told = feature["properties"]
        if LAYERS[name]["layer"]["role"] != "sites":
            continue
        placed = told["placement"] in {"site", "park", "township"}
        assert placed == bool(told["anchor_zh"]) == bool(told["anchor_en"])
        if placed:
            point = tuple(feature["geometry"]["coordinates"])
            names.setdefault(point, set()).add(told["anchor_zh"])
    assert all(len(found) == 1 for found in names.values())
    assert len({min(found) for found in names.values()}) == len(names)


def test_what_is_not_one_place_is_said_to_be_and_does_not_wait_for_one() -> None:
    nowhere = [f for _, f in everything() if f["properties"].get("not_a_place")]
    presentations = {f["id"] for f in features("innovation") if f["id"].startswith("roadshow-")}
    assert {f["id"] for f in nowhere} == presentations | {"network-yrd-hub-node"}
    for feature in nowhere:
        told = feature["properties"]
        assert (feature["geometry"], told["placement"]) == (None, "unknown")
        assert "也不列入待落图" in told["note_zh"]
        assert "neither drawn nor waiting to be placed" in told["note_en"]
    for name, feature in everything():
        told = feature["properties"]
        if "待落图" in (told.get("note_zh") or "") and not told.get("not_a_place"):
            assert told["placement"] == "unknown", (name, feature["id"])
            assert "unplaced" in told["note_en"]


def test_boundaries_are_valid_and_wound_as_rfc_7946_asks() -> None:
    for name in ("districts", "neighbours"):
        for feature in features(name):
            area = shape(feature["geometry"])
            assert area.is_valid
            for part in getattr(area, "geoms", [area]):
                assert part.exterior.is_ccw
                assert not any(ring.is_ccw for ring in part.interiors)


def test_plates_and_province_names_stand_inside_what_they_name() -> None:
    plates = LAYERS["districts"]["layer"]["style"]["labels_at"]
    for feature in features("districts"):
        assert shape(feature["geometry"]).covers(Point(plates[feature["id"]]))
    for province, spot in LAYERS["neighbours"]["layer"]["style"]["labels_at"].items():
        parts = [f for f in features("neighbours") if f["properties"]["province_zh"] == province]
        assert union_all([shape(f["geometry"]) for f in parts]).covers(Point(spot))


# --- joint figures ---------------------------------------------------------------------------


def sums(layer: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """What a reader may add up: each number of a layer, as a whole and by every coded value."""
    schema = layer["layer"]["schema"]["fields"]
    told = [feature["properties"] for feature in layer["features"]]
    for field in schema:
        if field["type"] not in {"number", "integer"} or field.get("role") == "uncertainty":
            continue  # a radius is never added up
        key = field["name"]
        yield key, sum(p[key] or 0 for p in told)
        for coded in (f for f in schema if f.get("codes")):
            for code in coded["codes"]:
                chosen = [p for p in told if code in (p[coded["name"]] or [])]
                yield f"{key} where {coded['name']}={code}", sum(p[key] or 0 for p in chosen)


def joint(total: float) -> bool:
    """Is it a multiple of an amount that belongs to several features together?"""
    amounts = [float(row["value"]) for row in FIGURES if row["unit"] not in COUNTS]
    return total != 0 and any(abs(total / a - round(total / a)) < 1e-9 for a in amounts)


@each_layer
def test_no_number_adds_up_to_a_joint_figure(name: str) -> None:
    assert [label for label, total in sums(LAYERS[name]) if joint(total)] == []


def test_the_search_for_joint_figures_finds_one_split_over_two_features() -> None:
    field = {"name": "amount", "type": "number"}
    halves = [{"properties": {"amount": 43.15}}, {"properties": {"amount": 43.15}}]
    layer = {"layer": {"schema": {"fields": [field]}}, "features": halves}
    assert [joint(total) for _, total in sums(layer)] == [True]
    assert not joint(43.15)


def test_each_joint_amount_stands_once() -> None:
    numbers = Counter(
        float(value)
        for document in (*LAYERS.values(), ZONE)
        for key, value in walk(document)
        if isinstance(value, int | float) and key != "position_uncertainty_m"
    )
    assert (numbers[86.3], numbers[5000.0], numbers[903.1]) == (1, 1, 1)


def test_a_joint_amount_stands_in_words_in_its_figure_and_the_headline_only() -> None:
    amount = re.compile(r"86\.3|\b8\.63\b|5,?000 ?P|903\.1|90\.31")
    documents = (*LAYERS.values(), ZONE)
    said = Counter(
        str(value)
        for document in documents
        for _, value in walk(document)
        if isinstance(value, str) and amount.search(value)
    )
    figures = [f for d in LAYERS.values() for f in d["layer"].get("figures", [])]
    texts = [f["text"] for f in figures if f["unit"] not in COUNTS]
    lines = [e["text"] for e in ZONE["headline"] if amount.search(e["text"]["zh"])]
    assert len(texts) == len(lines) == 3
    assert said == Counter(text[language] for text in texts + lines for language in ("zh", "en"))


def test_the_words_of_a_figure_say_its_value_and_its_qualifier() -> None:
    words = {3: ("三", "three"), 4: ("四", "four")}
    for figure in (f for d in LAYERS.values() for f in d["layer"].get("figures", [])):
        zh, en, value = figure["text"]["zh"], figure["text"]["en"], figure["value"]
        if figure["unit"] == "亿元":  # 100 million
            assert (f"{value:g}亿元" in zh, f"CNY {value / 10:g} billion" in en) == (True, True)
        elif figure["unit"] == "P":
            assert (f"{value:g}P" in zh, f"{value:,}P" in en) == (True, True)
        else:
            numeral = words.get(value, (str(value), str(value)))
            assert zh.startswith((str(value), numeral[0])), zh
            assert en.startswith((str(value), numeral[1])), en
        for language, parts in QUALIFIERS[figure["qualifier"]].items():
            assert all(part in figure["text"][language] for part in parts), figure["id"]


def test_no_project_has_an_amount_and_most_have_no_place() -> None:
    numeric = [f for f, spec in fields("signed-projects").items() if spec["type"] == "number"]
    assert numeric == []
    told = [feature["properties"] for feature in features("signed-projects")]
    assert not re.search(r"[亿万]元|CNY|\byuan\b|[mb]illion", json.dumps(told, ensure_ascii=False))
    places = ["unknown"] * 9 + ["district", "township", "park"]
    assert Counter(p["placement"] for p in told) == Counter(places)
    assert [p["district"] for p in told if p["district_basis"] == "inferred"] == [["320509"]]
    assert set(Counter(p["signing_field"] for p in told).values()) == {3}


def test_what_is_counted_in_parts_counts_as_the_report_does() -> None:
    counts = {
        name: [
            sum(f["properties"][rule["field"]] in group["codes"] for f in features(name))
            for group in rule["groups"]
        ]
        for name, document in LAYERS.items()
        if (rule := document["layer"].get("count_as"))
    }
    assert counts == {"compute-centres": [2, 3], "low-altitude": [3, 4, 4, 6], "innovation": [4, 5]}


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

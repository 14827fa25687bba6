"""The bundled zone held against its gazetteer and the editor's rules; reads the files only."""

import re
from collections import Counter

import pytest
from shapely import union_all
from shapely.geometry import Point, shape

from tests.layers.bundled import (
    ADCODE,
    BY_ID,
    GAZETTEER,
    LAYERS,
    POLYGON,
    each_layer,
    everything,
    features,
)

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

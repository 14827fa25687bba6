"""Statistics: equal to pandas and numpy on the same features, whatever narrows them."""

import json
import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from layers.model import Layer
from tests.rows import first_quick
from tests.server.sites import Site, until

Json = dict[str, Any]

FILTERS = {
    "bundled": ("", "placement = 'district'", "in_report = true AND sector IS NOT NULL", "false"),
    "made_up": ("", "zahl > 0", "art IN ('a', 'b') AND nr < 9000", "vermutet = false"),
}
GROUPS = {
    "bundled": (
        "district", "sector", "district,sector", "placement,district", "position_inferred",
        "signing_field", "milestone_date:year", "milestone_date:month,district", "township_zh",
        "source_ids", "position_uncertainty_m",
    ),
    "made_up": (
        "kreis", "grundlage", "kreis,grundlage", "schlagworte,kreis", "vermutet", "art", "zahl",
        "seit:year", "geprueft:month", "seit,seit:year", "select", "id",
    ),
}  # fmt: skip
SUMS = {"bundled": "area_km2,position_uncertainty_m", "made_up": "Zahl,zahl,laenge,nr,fid,wert"}
CASES = [
    case
    for zone in GROUPS
    for group in GROUPS[zone]
    for case in first_quick(1, [(zone, group, where) for where in FILTERS[zone]])
]


def features(site: Site, layer: Layer, where: str) -> list[Json]:
    """As items give them; those of a layer that lacks a field of the filter are none."""
    found: list[Json] = []
    query = {"limit": 10_000} | ({"filter": where} if where else {})
    answer = site.get(f"/collections/{layer.id}/items", params=query)
    while answer.status_code == 200:
        page = answer.json()
        found += page["features"]
        further = [one["href"] for one in page["links"] if one["rel"] == "next"]
        if not further:
            return found
        answer = site.get(further[0])
    assert answer.json()["parameter"] == "filter"
    return found


@cache
def frame(site: Site, where: str = "") -> "pd.DataFrame":
    rows = []
    for layer in site.of_role("sites"):
        inferred = layer.schema.with_role("inferred")
        for one in features(site, layer, where):
            properties = one["properties"]
            is_inferred = inferred is not None and properties[inferred.name] is True
            more = {"_id": one["id"], "_layer": layer.id, "_inferred": is_inferred}
            rows.append({**properties, **more})
    names = {one.name for layer in site.of_role("sites") for one in layer.schema.fields}
    return pd.DataFrame(rows, columns=[*sorted(names), "_id", "_layer", "_inferred"], dtype=object)


def shown(value: Any) -> Any:
    """As a group of an answer writes it: lists in order."""
    if isinstance(value, list):
        members = sorted(set(value))
        return tuple(members) if len(members) > 1 else next(iter(members), None)
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def keys(data: "pd.DataFrame", group: str) -> "pd.Series[Any]":
    """What pandas has to group by: for each feature the values, as JSON."""
    columns = []
    for name in group.split(","):
        field, _, unit = name.partition(":")
        values = [shown(value) for value in data[field]]
        if unit:
            length = {"year": 4, "month": 7}[unit]
            values = [text and text[:length] for text in values]
        columns.append(values)
    rows = zip(*columns, strict=True)
    return pd.Series([json.dumps(row) for row in rows], index=data.index, dtype=object)


def key(group: Json, names: str) -> str:
    return json.dumps(tuple(group["values"][name] for name in names.split(",")))


@pytest.mark.parametrize(("zone", "group", "where"), CASES)
def test_groups_and_sums_are_those_of_pandas(
    request: pytest.FixtureRequest, zone: str, group: str, where: str
) -> None:
    site: Site = request.getfixturevalue(f"{zone}_site")
    data = frame(site, where)
    query = {"group": group, "sum": SUMS[zone]} | ({"filter": where} if where else {})
    answer = site.json("/stats", params=query)
    assert answer["matched"] == len(data)
    assert {one["id"]: one["matched"] for one in answer["layers"]} == {
        layer.id: int((data["_layer"] == layer.id).sum()) for layer in site.of_role("sites")
    }
    groups = {key(one, group): one for one in answer["groups"]}
    assert len(groups) == len(answer["groups"])
    for name, own in data.groupby(keys(data, group)):
        one = groups.pop(name)
        assert one["count"] == int((~own["_inferred"].astype(bool)).sum())
        assert one["count"] + one["inferred"] == len(own)
        assert one["layers"] == own["_layer"].value_counts().to_dict()
        assert one["kind"] == kind(json.loads(name))
        for field in SUMS[zone].split(","):
            assert_sum(one["sums"][field], own[field])
    assert [one for one in groups.values() if one["count"] or one["inferred"]] == []
    for field in SUMS[zone].split(","):
        assert_sum(answer["totals"][field], data[field])


def kind(values: list[Any]) -> str:
    if None in values:
        return "unknown"
    return "several" if any(isinstance(one, list) for one in values) else "value"


def assert_sum(found: Json, column: "pd.Series[Any]") -> None:
    known = column.dropna()
    assert found["count"] == len(column)
    assert found["known_count"] == len(known)
    if not len(known):
        assert found["known_sum"] is None
    elif all(isinstance(one, int) for one in known):
        assert found["known_sum"] == pytest.approx(sum(known), rel=1e-15)
    else:
        assert found["known_sum"] == pytest.approx(known.astype(float).sum())


@pytest.mark.parametrize(
    ("zone", "name", "where"),
    [
        ("bundled", "area_km2", ""),
        ("bundled", "position_uncertainty_m", "placement <> 'unknown'"),
        ("made_up", "Zahl", ""),
        ("made_up", "Zahl", "vermutet = false"),
        ("made_up", "nr", ""),
        ("made_up", "laenge", ""),
        ("made_up", "wert", ""),
        ("made_up", "radius", "radius = 800"),
    ],
)
def test_histograms_are_those_of_numpy(
    request: pytest.FixtureRequest, zone: str, name: str, where: str
) -> None:
    site: Site = request.getfixturevalue(f"{zone}_site")
    data = frame(site, where)[name]
    known = data.dropna().astype(float)
    query = {"bins": name} | ({"filter": where} if where else {})
    found = site.json("/stats", params=query)["bins"][name]
    assert (found["known_count"], found["unknown_count"]) == (len(known), int(data.isna().sum()))
    if not len(known):
        assert (found["least"], found["edges"], found["counts"]) == (None, [], [])
        return
    assert (found["least"], found["greatest"]) == (known.min(), known.max())
    counts, _ = np.histogram(known, bins=found["edges"])
    assert found["counts"] == counts.tolist()
    assert sum(found["counts"]) == len(known)
    assert len(found["counts"]) <= 22


@pytest.mark.parametrize(("name", "where"), [("seit", ""), ("seit", "zahl > 0"), ("geprueft", "")])
def test_histograms_of_dates(made_up_site: Site, name: str, where: str) -> None:
    days = pd.to_datetime(frame(made_up_site, where)[name].dropna().str[:10])
    query = {"bins": name} | ({"filter": where} if where else {})
    found = made_up_site.json("/stats", params=query)["bins"][name]
    edges = pd.to_datetime(pd.Series(found["edges"]))
    assert found["counts"] == np.histogram(days.astype("int64"), edges.astype("int64"))[0].tolist()
    assert sum(found["counts"]) == len(days)
    assert edges.is_monotonic_increasing


WITHIN = {
    "bundled": (
        {"area": "circle:120.95,31.07,15000"},
        {"area": "box:120.6,30.9,121.1,31.2", "certainty": "certain"},
        {"area": "feature:districts/district-wujiang", "filter": "placement <> 'park'"},
        {"area": "near:parks/park-xicen-park,8000", "q": "园区"},
        {"q": "数字"},
        {"q": "没有这样的东西"},
    ),
    "made_up": (
        {"area": "feature:kreise/kreis-nord"},
        {"area": "feature:kreise/kreis-nord", "certainty": "certain"},
        {"area": "circle:10.4,50.2,20000", "filter": "zahl > 0"},
        {"q": "Werk"},
    ),
}


@pytest.mark.parametrize(
    ("zone", "query"), [(zone, one) for zone in WITHIN for one in WITHIN[zone]]
)
def test_areas_and_words_narrow_it_as_they_narrow_all(
    request: pytest.FixtureRequest, zone: str, query: dict[str, str]
) -> None:
    site: Site = request.getfixturevalue(f"{zone}_site")
    group = {"bundled": "district", "made_up": "kreis"}[zone]
    until(lambda: site.get("/search?q=a").status_code == 200)  # its index may have to be made yet
    found = site.json("/stats", params={**query, "group": group})
    matches = site.json("/matches", params=query)["layers"]
    assert {one["id"]: one["matched"] for one in found["layers"]} == {
        one["id"]: one["matched"] for one in matches
    }
    of = {one["id"]: {each["id"] for each in one["features"]} for one in matches}
    data = frame(site)
    data = data[[one in of[layer] for one, layer in zip(data["_id"], data["_layer"], strict=True)]]
    if len(data) == found["matched"]:  # more than are listed are counted only
        counts = keys(data, group).value_counts().to_dict()
        assert counts == {
            key(one, group): one["count"] + one["inferred"]
            for one in found["groups"]
            if one["count"] or one["inferred"]
        }
    for figure in (figure for layer in found["layers"] for figure in layer["figures"]):
        assert figure["complete"] or (figure["value"], figure["text"]) == (None, None)

"""Statistics: equal to pandas on the same features; what is unknown, inferred or joint is apart."""

import json
import math
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from layers.catalog import Catalog
from layers.model import Layer, Query
from tests.server.sites import Site, layer_file, serving, until
from tests.server.test_bad_input import assert_problem

Json = dict[str, Any]
ALL = Query()

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
    (zone, group, where) for zone in GROUPS for group in GROUPS[zone] for where in FILTERS[zone]
]


def site_layers(site: Site) -> list[Layer]:
    return [layer for layer in site.catalog.store.layers() if layer.role == "sites"]


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
    for layer in site_layers(site):
        inferred = layer.schema.with_role("inferred")
        for one in features(site, layer, where):
            properties = one["properties"]
            is_inferred = inferred is not None and properties[inferred.name] is True
            more = {"_id": one["id"], "_layer": layer.id, "_inferred": is_inferred}
            rows.append({**properties, **more})
    names = {one.name for layer in site_layers(site) for one in layer.schema.fields}
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
        layer.id: int((data["_layer"] == layer.id).sum()) for layer in site_layers(site)
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
    "where", ["", "false", "placement = 'site'", "district IS NULL", "element = 'park'"]
)
def test_districts_always_have_all_their_columns(bundled_site: Site, where: str) -> None:
    query = {"group": "district"} | ({"filter": where} if where else {})
    groups = bundled_site.json("/stats", params=query)["groups"]
    assert [one["kind"] for one in groups][-2:] == ["several", "unknown"]
    named = [one["values"]["district"] for one in groups if one["kind"] == "value"]
    areas = bundled_site.catalog.store.features("districts", ALL)
    assert named == sorted(str(one.properties["adcode"]) for one in areas)
    assert all({"count", "inferred"} <= one.keys() for one in groups)


def test_unknown_districts_are_said_in_words(bundled_site: Site) -> None:
    for lang, words in (("zh", "所在区县未公布"), ("en", "District not published")):
        groups = bundled_site.json(f"/stats?group=district&lang={lang}")["groups"]
        labels = {one["kind"]: one["labels"]["district"] for one in groups}
        assert labels["unknown"] == words


def test_by_another_field_too_each_district_is_there(made_up_site: Site) -> None:
    groups = made_up_site.json("/stats?group=kreis,grundlage&layers=werke&filter=kein_ort")[
        "groups"
    ]
    pairs = {(str(one["values"]["kreis"]), one["values"]["grundlage"]) for one in groups}
    others = {other for _, other in pairs}
    assert len(pairs) == len(groups) == 5 * len(others)


def test_areas_without_codes_give_their_names(folder_site: Site, folder: Path) -> None:
    """A zone whose districts are known by their outlines only."""
    square = [[10, 50], [11, 50], [11, 51], [10, 50]]
    areas = {
        "type": "FeatureCollection",
        "layer": {
            "role": "areas",
            "schema": {
                "geometry": "Polygon",
                "fields": [
                    {"name": "code", "type": "text", "role": "district"},
                    {"name": "called", "type": "text", "role": "name"},
                ],
            },
        },
        "features": [
            {
                "type": "Feature",
                "id": code,
                "geometry": {"type": "Polygon", "coordinates": [square]},
                "properties": {"code": code, "called": name},
            }
            for code, name in (("b", "北区"), ("a", "南区"))
        ],
    }
    schema = {"geometry": "Point", "fields": [{"name": "name", "type": "text", "role": "district"}]}
    (folder / "areas.geojson").write_text(json.dumps(areas), encoding="utf-8")
    (folder / "places.geojson").write_text(layer_file(["b", "b", "c"], schema=schema), "utf-8")
    catalog = Catalog.open(folder, folder.parent / "other-data")
    with serving(catalog) as site:
        groups = site.json("/stats?group=name")["groups"]
        assert [(one["values"]["name"], one["labels"]["name"], one["count"]) for one in groups] == [
            ("a", "南区", 0), ("b", "北区", 2), ("c", "c", 1), ([], "跨多个name", 0),
            (None, "name未公布", 0),
        ]  # fmt: skip
    catalog.close()


# --- joint figures ----------------------------------------------------------------------------


def figures(site: Site, **query: str) -> dict[str, Json]:
    layers = site.json("/stats", params=query)["layers"]
    return {figure["id"]: figure for layer in layers for figure in layer["figures"]}


def test_a_joint_figure_is_there_with_all_its_members_only(bundled_site: Site) -> None:
    whole = figures(bundled_site, lang="zh")["signed-total"]
    assert whole == {
        "id": "signed-total", "label": "签约投资总额（十二个项目合计）", "value": 86.3,
        "qualifier": "about", "unit": "亿元", "text": "约86.3亿元", "members": 12, "matched": 12,
        "complete": True,
    }  # fmt: skip
    layer = bundled_site.catalog.store.layer("signed-projects")
    ids = [one["id"] for one in features(bundled_site, layer, "")]
    for n in range(len(ids)):
        listed = ", ".join(f"'{one}'" for one in ids[:n])
        where = f"id IN ({listed})" if n else "false"
        part = figures(bundled_site, filter=where)["signed-total"]
        assert (part["matched"], part["complete"]) == (n, False)
        assert (part["value"], part["text"]) == (None, None)
    # As much as is asked, as long as all are there; other layers do not count.
    assert figures(bundled_site, filter="status = 'signed'")["signed-total"]["complete"]
    assert figures(bundled_site, layers="signed-projects")["signed-total"]["complete"]
    assert not figures(bundled_site, bbox="120,30.9,121.5,31.3", filter="district IS NOT NULL")[
        "signed-total"
    ]["complete"]


def test_a_figure_without_members_speaks_of_its_layer(made_up_site: Site) -> None:
    assert figures(made_up_site)["in-worten"]["complete"]
    assert not figures(made_up_site, filter="erwaehnt = true")["in-worten"]["complete"]


def test_no_sum_is_made_of_joint_figures(site: Site) -> None:
    """Whatever is added up, by whatever group: no sum is a figure, or so many times one."""
    layers = site_layers(site)
    joint = {
        one.value
        for layer in site.catalog.store.layers()
        for one in layer.figures
        if one.value and len(one.members) > 1 and one.value != len(one.members)
    }
    assert joint
    numeric = {
        field.name for layer in layers for field in layer.schema.fields if field.type == "number"
    }
    coded = {field.name for layer in layers for field in layer.schema.fields if field.codes}
    for name in sorted(coded):
        answer = site.json("/stats", params={"group": name, "sum": ",".join(sorted(numeric))})
        sums = [one for group in answer["groups"] for one in group["sums"].values()]
        for one in [*sums, *answer["totals"].values()]:
            for value in joint:
                assert not one["known_sum"] or one["known_sum"] % value != 0


# --- rank, labels, order ----------------------------------------------------------------------


def test_nothing_is_ranked_where_too_much_is_unknown(bundled_site: Site) -> None:
    assert not bundled_site.json("/stats?group=district")["rankable"]
    assert not bundled_site.json("/stats?group=district&layers=signed-projects")["rankable"]
    assert bundled_site.json("/stats?group=district&layers=parks")["rankable"]
    for group in ("district", "sector", "placement", "milestone_date:year", "district,sector"):
        answer = bundled_site.json(f"/stats?group={group}")
        doubtful = sum(
            one["count"] + one["inferred"] if one["kind"] == "unknown" else one["inferred"]
            for one in answer["groups"]
        )
        assert answer["rankable"] == (doubtful <= answer["matched"] / 4), group


def test_labels_are_in_the_readers_language(bundled_site: Site) -> None:
    address = "/stats?group=district,milestone_date:month&layers=parks,low-altitude"
    for lang, district, month in (("zh", "青浦区", "2023年4月"), ("en", "Qingpu", "April 2023")):
        answer = bundled_site.get(address, headers={"Accept-Language": lang})
        assert answer.headers["content-language"] == lang
        labels = [
            one["labels"]
            for one in answer.json()["groups"]
            if one["values"] == {"district": "310118", "milestone_date:month": "2023-04"}
        ]
        assert labels[0]["milestone_date:month"] == month
        assert labels[0]["district"].startswith(district)


def test_groups_stand_in_the_order_of_codes_or_ascend(made_up_site: Site) -> None:
    def values(name: str) -> list[Any]:
        groups = made_up_site.json(f"/stats?group={name}&layers=werke,viele")["groups"]
        assert [one["kind"] for one in groups] == sorted(
            (one["kind"] for one in groups), key=["value", "several", "unknown"].index
        )
        return [one["values"][name] for one in groups if one["kind"] == "value"]

    assert values("kreis") == ["nord", "mitte", "sued"]
    assert values("art") == ["a", "b", "c"]
    assert values("zahl") == sorted(values("zahl"))
    assert values("seit:year") == sorted(values("seit:year"))


# --- histograms -------------------------------------------------------------------------------


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


def one_field(folder: Path, kind: str, values: list[Any], **more: Any) -> None:
    """A layer with one field of these values."""
    field = {"name": "v", "type": kind, **more}
    document = {
        "type": "FeatureCollection",
        "layer": {"schema": {"geometry": "Point", "fields": [field]}},
        "features": [
            {"type": "Feature", "geometry": None, "properties": {"v": value}} for value in values
        ],
    }
    name = f"{kind}-{more.get('unit', 'none')}.geojson"
    (folder / name).write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("integer", [1 - 2**63, 2**63 - 1, 0]),
        ("integer", [7, 7, 7]),
        ("integer", [0, 1]),
        ("number", [-1.7976931348623157e308, 1.7976931348623157e308, 0.0]),
        ("number", [1.0, 1.0000000000000002]),
        ("number", [5e-324, 1e-323]),
        ("number", [0.1, 0.2, 0.3, 0.7, 0.9]),
        ("number", [-273.15]),
        ("date", ["0001-01-01", "9999-12-31"]),
        ("date", ["2024-02-29"]),
        ("date", ["2024-01-01", "2024-03-31"]),
        ("datetime", ["9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"]),
    ],
)
def test_histograms_at_the_ends_of_what_there_is(
    tmp_path: Path, kind: str, values: list[Any]
) -> None:
    folder = tmp_path / "ends"
    folder.mkdir()
    one_field(folder, kind, values)
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        found = site.json("/stats?bins=v" + ("" if kind.startswith("date") else "&sum=v"))
        bins = found["bins"]["v"]
        assert sum(bins["counts"]) == len(values)
        assert bins["edges"] == sorted(bins["edges"])
        assert bins["edges"][0] <= min(values)
        assert len(bins["edges"]) == len(bins["counts"]) + 1
        if kind == "integer":
            assert found["totals"]["v"]["known_sum"] == pytest.approx(sum(values))
    catalog.close()


# --- what it is asked of ----------------------------------------------------------------------


def test_layers_of_sites_unless_others_are_named(site: Site) -> None:
    roles = {layer.id: layer.role for layer in site.catalog.store.layers()}
    counted = [one["id"] for one in site.json("/stats")["layers"]]
    assert counted == [name for name, role in roles.items() if role == "sites"]
    named = ",".join(reversed(roles))
    assert [one["id"] for one in site.json(f"/stats?layers={named}")["layers"]] == list(roles)


def test_it_counts_what_items_and_downloads_count(site: Site) -> None:
    """Under whatever narrows: one meaning everywhere."""
    layer = site.largest()
    [name] = [one.name for one in site.catalog.store.layer(layer).schema.fields if one.codes][:1]
    box = ",".join(map(str, site.catalog.store.extent(layer) or ()))
    for query in (
        {"bbox": box},
        {"filter": f"{name} IS NOT NULL", "bbox": box},
        {"datetime": "2024-01-01/.."},
        {name: "b" if name == "art" else "nothing"},
    ):
        found = site.get("/stats", params={**query, "layers": layer, "group": name})
        items = site.get(f"/collections/{layer}/items", params=query)
        offer = site.get("/downloads/map", params={**query, "layers": layer})
        if items.status_code == 400:
            assert found.status_code == 400
            continue
        assert found.json()["matched"] == items.json()["numberMatched"]
        if name not in query:
            assert found.json()["matched"] == offer.json()["numberMatched"]


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


def test_a_layer_that_lacks_a_field_of_the_filter_says_so(bundled_site: Site) -> None:
    layers = bundled_site.json("/stats?filter=area_km2 > 1")["layers"]
    known = {one["id"]: one["knows"] for one in layers}
    assert known["parks"]
    assert known["signed-projects"] is False
    assert all(one["matched"] == 0 for one in layers if not one["knows"])


def test_a_layer_may_be_called_map(folder_site: Site, folder: Path) -> None:
    (folder / "map.geojson").write_text(layer_file(["Elm"]), encoding="utf-8")
    catalog = Catalog.open(folder, folder.parent / "other-data")
    with serving(catalog) as site:
        assert {one["id"] for one in site.json("/stats")["layers"]} == {"map", "places"}
    catalog.close()


def test_lists_are_one_group_whatever_their_order(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    one_field(
        folder, "list", [["a", "b"], ["b", "a"], ["a"], ["a", "a"], [], None, ["b", "c", "a"]]
    )
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        groups = site.json("/stats?group=v")["groups"]
        assert [(one["values"]["v"], one["kind"], one["count"]) for one in groups] == [
            ("a", "value", 2), (["a", "b"], "several", 2), (["a", "b", "c"], "several", 1),
            (None, "unknown", 2),
        ]  # fmt: skip
    catalog.close()


def test_unknown_is_what_is_null_to_a_filter(tmp_path: Path) -> None:
    """An empty text is a value, called blank; a list of nothing is read as null."""
    folder = tmp_path / "zone"
    folder.mkdir()
    names = {"a": "", "b": None, "c": "x"}
    features = [
        {
            "type": "Feature",
            "id": one,
            "geometry": {"type": "Point", "coordinates": [120.5, 31]},
            "properties": {"name": name, "tags": [] if name is None else ["t"]},
        }
        for one, name in names.items()
    ]
    document = {"type": "FeatureCollection", "features": features}
    (folder / "places.geojson").write_text(json.dumps(document), encoding="utf-8")
    with serving(Catalog.open(folder, tmp_path / "data")) as site:
        for field in ("name", "tags"):
            groups = site.get("/stats", params={"group": field}).json()["groups"]
            unknown = sum(one["count"] for one in groups if one["kind"] == "unknown")
            query = {"filter": f"{field} IS NULL"}
            matched = site.get("/collections/places/items", params=query).json()["numberMatched"]
            assert unknown == matched == 1
        groups = site.get("/stats", params={"group": "name", "lang": "zh"}).json()["groups"]
        assert [one["labels"]["name"] for one in groups] == ["空白", "x", "name未公布"]


def test_what_cannot_be_added_up_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    one_field(folder, "number", [1.5], unit="km")
    one_field(folder, "integer", [2], unit="m")
    one_field(folder, "date", ["2024-01-01"])
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        document = assert_problem(site.get("/stats?sum=v"), 400, parameter="sum")
        assert "km in" in str(document["detail"])
        assert_problem(site.get("/stats?bins=v"), 400, parameter="bins")
        alone = site.json("/stats?sum=v&bins=v&layers=number-km")
        assert alone["totals"]["v"] == {
            "known_sum": 1.5, "known_count": 1, "count": 1, "unit": "km",
        }  # fmt: skip
        assert site.json("/stats?group=v")["matched"] == 3
    catalog.close()


# --- what comes wrong -------------------------------------------------------------------------

BAD = {
    "group": (
        "", ",", "a,b,c", "nothing", "district:year", "signed_date:day", "signed_date:", ":year",
        "geometry", "*", "district;sector", "'; DROP TABLE parks; --", "district)",
        "signed_date:YEAR",
        "x" * 5000, "district,,sector", "\u2028", "signed_date:year:year", "substr(district,1,1)",
    ),
    "sum": (
        "", "name_zh", "district", "signed_date", "in_report", "nothing", "area_km2,name_zh",
        "a,b,c,d,e,f,g,h,i", "*", "sum(area_km2)", "area_km2:year",
    ),
    "bins": ("", "name_zh", "district", "in_report", "nothing", "geometry", "area_km2 x"),
    "layers": ("", "nothing", "parks,nothing", "map"),
    "filter": ("nothing = 1", "area_km2 >", "(" * 100),
    "bbox": ("1,2", "a,b,c,d"),
    "f": ("xml", ""),
    "lang": ("fr",),
    "nobody": ("1",),
    "sortby": ("name_zh",),
    "limit": ("1",),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in BAD for text in BAD[name]])
def test_a_bad_value_is_named(bundled_site: Site, name: str, text: str) -> None:
    answer = bundled_site.get("/stats", params={name: text})
    document = assert_problem(answer, 400, parameter=name)
    assert document["allowed"]


def test_the_choices_are_told(bundled_site: Site) -> None:
    for name, known, other in (
        ("group", "signing_field", None),
        ("sum", "area_km2", "signing_field"),
        ("bins", "signed_date", "signing_field"),
    ):
        document = bundled_site.get("/stats", params={name: "nothing"}).json()
        assert known in document["allowed"]
        assert other is None or other not in document["allowed"]
        only = bundled_site.get("/stats", params={name: "nothing", "layers": "companies"}).json()
        assert known not in only["allowed"]


def test_too_many_groups_are_refused(made_up_site: Site) -> None:
    assert_problem(made_up_site.get("/stats?group=nr"), 400, parameter="group")
    assert_problem(made_up_site.get("/stats?group=name,art"), 400, parameter="group")
    assert made_up_site.get("/stats?group=nr&filter=nr < 900").status_code == 200


def test_hostile_names_and_values_are_data(made_up_site: Site) -> None:
    """Fields and texts that look like SQL, HTML or templates."""
    for layer in site_layers(made_up_site):
        for field in layer.schema.fields:
            if field.name == field.name.strip() and "," not in field.name:
                query = {"group": field.name, "layers": layer.id}
                answer = made_up_site.get("/stats", params=query)
                assert answer.status_code == 200 or layer.id == "viele", field.name
                page = made_up_site.get("/stats", params={**query, "f": "html"})
                assert "<script>alert" not in page.text
                assert "<img src=x" not in page.text


# --- how it is answered -----------------------------------------------------------------------


def test_it_is_kept_until_something_changes(folder_site: Site, folder: Path) -> None:
    first = folder_site.get("/stats?group=name", headers={"Accept-Encoding": "identity"})
    assert first.headers["access-control-allow-origin"] == "*"
    again = {"If-None-Match": first.headers["etag"]}
    assert folder_site.get("/stats?group=name", headers=again).status_code == 304
    other = folder_site.get("/stats?group=name&lang=en", headers=again)
    assert other.status_code == 200
    (folder / "places.geojson").write_text(layer_file(["Ash", "Ash", "Elm"]), encoding="utf-8")
    until_changed(folder_site, again)
    groups = folder_site.json("/stats?group=name")["groups"]
    assert {one["values"]["name"]: one["count"] for one in groups} == {"Ash": 2, "Elm": 1}


def until_changed(site: Site, again: dict[str, str]) -> None:
    until(lambda: site.get("/stats?group=name", headers=again).status_code == 200)


def test_the_landing_page_leads_to_it(site: Site) -> None:
    hrefs = [link["href"] for link in site.json("/")["links"]]
    assert f"{site.url}/stats" in hrefs


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_the_same(bundled_site: Site, lang: str) -> None:
    address = f"/stats?group=district,sector&sum=area_km2&bins=area_km2,signed_date&lang={lang}"
    page = bundled_site.page(address).text
    answer = bundled_site.json(address)
    for group in answer["groups"]:
        assert all(escape(label) in page for label in group["labels"].values())
    assert ("382.475 km²" in page) == (answer["totals"]["area_km2"]["known_sum"] == 382.475)
    assert {"zh": "所在区县未公布", "en": "District not published"}[lang] in page
    assert {"zh": "约86.3亿元", "en": "about CNY 8.63 billion"}[lang] in page
    part = bundled_site.page(f"{address}&filter=signing_field = 'other'").text
    assert "86.3" not in part
    assert "8.63" not in part


def test_the_page_leads_to_other_groups_and_ignores_what_it_does_not_know(site: Site) -> None:
    page = site.page("/stats?utm_source=letter").text
    assert "utm_source" in page
    assert "?group=" in page

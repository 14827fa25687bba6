"""Statistics, distinct values and groups of the feature service."""

import json
from pathlib import Path

import pytest

from tests.server.esri import MANY, SITES, ask, numbers, service, statistics_of
from tests.server.sites import Site, until


def test_statistics_distinct_values_and_extent(made_up_site: Site) -> None:
    sums = [
        {"statisticType": kind, "onStatisticField": "nr", "outStatisticFieldName": kind}
        for kind in ("count", "sum", "min", "max", "avg", "stddev")
    ]
    answer = ask(
        made_up_site, MANY, where="nr < 9", outStatistics=json.dumps(sums),
        groupByFieldsForStatistics="art", orderByFields="sum DESC",
    )  # fmt: skip
    rows = [one["attributes"] for one in answer["features"]]
    assert rows[0] == {"art": "c", "count": 3, "sum": 15, "min": 2, "max": 8, "avg": 5, "stddev": 3}
    assert [row["art"] for row in rows] == ["c", "b", "a"]
    distinct = ask(made_up_site, MANY, returnDistinctValues="true", outFields="art")
    assert [one["attributes"] for one in distinct["features"]] == [
        {"art": "a"},
        {"art": "b"},
        {"art": "c"},
    ]
    extent = ask(made_up_site, MANY, where="nr=7", returnExtentOnly="true", returnCountOnly="true")
    point = ask(made_up_site, MANY, where="nr=7")["features"][0]["geometry"]
    assert (extent["extent"]["xmin"], extent["extent"]["ymax"]) == (point["x"], point["y"])
    assert extent["count"] == 1


def test_statistics_of_every_kind_of_value(made_up_site: Site) -> None:
    asked = statistics_of(
        ("min", "seit", "first"), ("max", "grundlage", "last"), ("sum", "vermutet", "guessed"),
        ("count", "objectid", "all"), ("max", "objectid", "top"), ("count", "quellen", "sourced"),
    )  # fmt: skip
    answer = ask(made_up_site, SITES, outStatistics=asked)
    everything = ask(made_up_site, SITES, where="1=1", outFields="*")["features"]
    rows = [one["attributes"] for one in everything]
    assert [one["attributes"] for one in answer["features"]] == [
        {
            "first": min(row["seit"] for row in rows if row["seit"] is not None),
            "last": max(row["grundlage"] for row in rows if row["grundlage"]),
            "guessed": sum(row["vermutet"] or 0 for row in rows),
            "all": len(rows),
            "top": max(row["objectid"] for row in rows),
            "sourced": sum(row["quellen"] is not None for row in rows),
        }
    ]
    types = {field["name"]: field["type"] for field in answer["fields"]}
    assert (types["first"], types["last"]) == ("esriFieldTypeDate", "esriFieldTypeString")


def test_statistics_of_nothing(made_up_site: Site) -> None:
    asked = statistics_of(("count", "nr", "n"), ("sum", "nr", "s"), ("stddev", "nr", "d"))
    for nothing in ({"where": "1=0"}, {"geometry": "-170,-80"}):
        [one] = ask(made_up_site, MANY, outStatistics=asked, **nothing)["features"]
        assert one["attributes"] == {"n": 0, "s": None, "d": None}
        grouped = {"groupByFieldsForStatistics": "art", **nothing}
        assert ask(made_up_site, MANY, outStatistics=asked, **grouped)["features"] == []


@pytest.mark.slow
def test_groups_and_distinct_values_page_by_page(made_up_site: Site) -> None:
    asked = statistics_of(("count", "nr", "n"))
    grouped = {"outStatistics": asked, "groupByFieldsForStatistics": "art,ART"}
    whole = ask(made_up_site, MANY, **grouped)
    assert "exceededTransferLimit" not in whole
    assert ask(made_up_site, MANY, returnCountOnly="true", **grouped) == {"count": 3}
    page = ask(made_up_site, MANY, resultRecordCount=2, **grouped)
    assert (page["features"], page["exceededTransferLimit"]) == (whole["features"][:2], True)
    rest = ask(made_up_site, MANY, resultRecordCount=2, resultOffset=2, **grouped)
    assert rest["features"] == whole["features"][2:]
    assert "exceededTransferLimit" not in rest
    different = {"returnDistinctValues": "true", "outFields": "nr"}
    first = ask(made_up_site, MANY, **different)
    assert (len(first["features"]), first["exceededTransferLimit"]) == (2_000, True)
    assert ask(made_up_site, MANY, returnCountOnly="true", **different) == {"count": 10_001}


@pytest.mark.parametrize(
    ("parameter", "asked"),
    [
        (
            "outStatistics",
            {
                "outStatistics": statistics_of(("sum", "nr", "ART")),
                "groupByFieldsForStatistics": "art",
            },
        ),
        ("outStatistics", {"outStatistics": statistics_of(("sum", "nr", "a"), ("min", "nr", "A"))}),
        ("outStatistics", {"outStatistics": statistics_of(("sum", "nowhere", "a"))}),
        ("outStatistics", {"outStatistics": statistics_of(("median", "nr", "a"))}),
        (
            "groupByFieldsForStatistics",
            {
                "outStatistics": statistics_of(("sum", "nr", "a")),
                "groupByFieldsForStatistics": "nowhere",
            },
        ),
        (
            "orderByFields",
            {"outStatistics": statistics_of(("sum", "nr", "a")), "orderByFields": "nr"},
        ),
        (
            "orderByFields",
            {
                "outStatistics": statistics_of(("sum", "nr", "a")),
                "groupByFieldsForStatistics": "art",
                "where": "1=0",
                "orderByFields": "nowhere",
            },
        ),
        ("outFields", {"returnDistinctValues": "true"}),
        ("outFields", {"returnDistinctValues": "true", "outFields": "fid"}),
        ("having", {"outStatistics": statistics_of(("sum", "nr", "a")), "having": "a > 1"}),
    ],
)
def test_statistics_that_cannot_be_given(
    made_up_site: Site, parameter: str, asked: dict[str, str]
) -> None:
    address = f"{service(made_up_site)}/{numbers(made_up_site)[MANY]}/query"
    answer = made_up_site.get(address, params={"f": "json", **asked})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
    assert answer.json()["error"]["code"] == 400


def test_lists_have_no_order(made_up_site: Site) -> None:
    address = f"{service(made_up_site)}/{numbers(made_up_site)[SITES]}/query"
    asked = {"outStatistics": statistics_of(("min", "quellen", "a"))}
    answer = made_up_site.get(address, params=asked)
    assert answer.status_code == 400
    assert "no lists" in answer.json()["detail"]


def test_sums_may_be_larger_than_a_number_of_64_bits(folder_site: Site, folder: Path) -> None:
    places = {"type": "Point", "coordinates": [120, 31]}
    features = [
        {"type": "Feature", "id": f"f{n}", "geometry": places, "properties": {"n": 2**62}}
        for n in range(3)
    ]
    document = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "gross.geojson").write_text(document, encoding="utf-8")
    until(lambda: "gross" in folder_site.catalog.store.numbers())
    asked = [{"statisticType": "sum", "onStatisticField": "n", "outStatisticFieldName": "all"}]
    [found] = ask(folder_site, "gross", outStatistics=json.dumps(asked))["features"]
    assert found["attributes"]["all"] == pytest.approx(3 * 2.0**62)

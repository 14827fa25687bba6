"""Groups of statistics: which are there, their order, their words, and when they are ranked."""

from typing import Any

import pytest

from layers.model import Query
from tests.server.sites import Site


@pytest.mark.parametrize(
    "where", ["", "false", "placement = 'site'", "district IS NULL", "element = 'park'"]
)
def test_districts_always_have_all_their_columns(bundled_site: Site, where: str) -> None:
    query = {"group": "district"} | ({"filter": where} if where else {})
    groups = bundled_site.json("/stats", params=query)["groups"]
    assert [one["kind"] for one in groups][-2:] == ["several", "unknown"]
    named = [one["values"]["district"] for one in groups if one["kind"] == "value"]
    areas = bundled_site.catalog.store.features("districts", Query())
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

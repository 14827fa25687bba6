"""Joint figures in statistics: with all their members or not at all, and in no sum."""

from typing import Any

from layers.model import Query
from tests.server.sites import Site

Json = dict[str, Any]


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
    ids = [one.id for one in bundled_site.catalog.store.features("signed-projects", Query())]
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
    layers = site.of_role("sites")
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

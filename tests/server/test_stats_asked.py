"""What statistics are asked of, what is wrong to ask, and how they are answered."""

from html import escape
from pathlib import Path

import pytest

from tests.server.sites import Site, layer_file, until
from tests.server.test_bad_input import assert_problem


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


def test_a_layer_that_lacks_a_field_of_the_filter_says_so(bundled_site: Site) -> None:
    layers = bundled_site.json("/stats?filter=area_km2 > 1")["layers"]
    known = {one["id"]: one["knows"] for one in layers}
    assert known["parks"]
    assert known["signed-projects"] is False
    assert all(one["matched"] == 0 for one in layers if not one["knows"])


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


@pytest.mark.slow
def test_too_many_groups_are_refused(made_up_site: Site) -> None:
    assert_problem(made_up_site.get("/stats?group=nr"), 400, parameter="group")
    assert_problem(made_up_site.get("/stats?group=name,art"), 400, parameter="group")
    assert made_up_site.get("/stats?group=nr&filter=nr < 900").status_code == 200


@pytest.mark.slow
def test_hostile_names_and_values_are_data(made_up_site: Site) -> None:
    """Fields and texts that look like SQL, HTML or templates."""
    for layer in made_up_site.of_role("sites"):
        for field in layer.schema.fields:
            if field.name == field.name.strip() and "," not in field.name:
                query = {"group": field.name, "layers": layer.id}
                answer = made_up_site.get("/stats", params=query)
                assert answer.status_code == 200 or layer.id == "viele", field.name
                page = made_up_site.get("/stats", params={**query, "f": "html"})
                assert "<script>alert" not in page.text
                assert "<img src=x" not in page.text


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

"""Asking the map by area, certainty and words: every answer counts the same features."""

import csv
import io
import json
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from layers.filter.queryables import queryables
from layers.model import Query
from tests.rows import first_quick, first_zone_quick
from tests.server.sites import Site, until


@pytest.fixture(autouse=True)
def index_of_words(request: pytest.FixtureRequest) -> None:
    for name in ("site", "bundled_site", "made_up_site"):
        if name in request.fixturenames:
            read_for_searching(request.getfixturevalue(name))


@cache
def read_for_searching(site: Site) -> None:
    """Large layers take some seconds; a client would ask again."""
    until(lambda: site.get("/search?q=a").status_code == 200)


def middle(site: Site) -> tuple[float, float]:
    """Of the layer of areas that declares codes of districts."""
    store = site.catalog.store
    box = store.extent(districts_layer(site))
    assert box is not None
    return (box.west + box.east) / 2, (box.south + box.north) / 2


def districts_layer(site: Site) -> str:
    return next(one.id for one in site.of_role("areas") if one.schema.with_role("district"))


def known_target(site: Site) -> tuple[str, str]:
    """A feature that is a point whose place is known better than to its district."""
    for layer in site.of_role("sites"):
        field = layer.schema.with_role("placement")
        for feature in site.catalog.store.features(layer.id, Query()):
            placement = feature.properties[field.name] if field else None
            if placement in ("site", "park") and feature.geometry:
                return layer.id, feature.id
    raise AssertionError("the zone has no such feature")


@cache
def areas(site: Site) -> dict[str, str]:
    lon, lat = middle(site)
    layer, feature = known_target(site)
    district = site.feature_of(districts_layer(site))
    corners = f"{lon - 0.3},{lat - 0.2},{lon + 0.25},{lat - 0.1},{lon},{lat + 0.3}"
    return {
        "box": f"box:{lon - 0.2},{lat - 0.15},{lon + 0.3},{lat + 0.2}",
        "polygon": f"polygon:{corners}",
        "circle": f"circle:{lon},{lat},25000",
        "feature": f"feature:{districts_layer(site)}/{district}",
        "near": f"near:{layer}/{feature},15000",
    }


def matches(site: Site, **asked: str) -> dict[str, Any]:
    found: dict[str, Any] = site.json("/matches", params={k: v for k, v in asked.items() if v})
    return found


def rows(site: Site, layer: str, asked: dict[str, str]) -> list[dict[str, str]]:
    answer = site.get(f"/downloads/{layer}.csv", params={"raw": "true", **asked})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


@cache
def a_filter(site: Site) -> tuple[str, str]:
    """A layer of sites, and a filter that some of it matches."""
    for layer in site.of_role("sites"):
        for name, kind in queryables(layer).items():
            if kind == "boolean":
                count = site.catalog.store.count(layer.id, Query())
                asked = {"filter": f'"{name}" = FALSE', "limit": "1"}
                some = site.json(f"/collections/{layer.id}/items", params=asked)["numberMatched"]
                if 0 < some < count:
                    return layer.id, asked["filter"]
    raise AssertionError("the zone has no field of truths")


KINDS = ("box", "near", "polygon", "circle", "feature")
CASES = [(kind, certainty) for certainty in ("possible", "certain", "") for kind in KINDS]


@pytest.mark.parametrize(("kind", "certainty"), first_quick(1, CASES))
@first_zone_quick()
def test_all_answers_agree(site: Site, kind: str, certainty: str) -> None:
    layer, some = a_filter(site)
    word = name_part(site, layer, site.feature_of(layer))
    for text, question in product(("", some), ("", word)):
        asked = {"area": areas(site)[kind], "certainty": certainty, "filter": text, "q": question}
        asked = {name: value for name, value in asked.items() if value}
        found = matches(site, **asked)
        offer = site.json("/downloads/map", params=asked)
        offered = {one["id"]: one["numberMatched"] for one in offer["layers"]}
        counted = {one["id"]: one for one in site.json("/stats", params=asked)["layers"]}
        for one in found["layers"]:
            if not one["knows"]:
                assert one["matched"] == 0
                continue
            items = site.json(f"/collections/{one['id']}/items", params={**asked, "limit": "9999"})
            ids = sorted(feature["id"] for feature in items["features"])
            assert items["numberMatched"] == len(ids) == one["matched"]
            assert sorted(each["id"] for each in one["features"]) == ids
            assert len(rows(site, one["id"], asked)) == len(ids)
            assert offered[one["id"]] == counted[one["id"]]["matched"] == len(ids)
            parts = [one[part] for part in ("certain", "possible", "outside", "undecided")]
            assert min(parts) >= 0
            assert sum(parts) == everywhere(site, one["id"], text, question)
            assert one["matched"] == parts[0] + (0 if certainty == "certain" else parts[1])
            assert len(one["undecided_ids"]) == one["undecided"]
            assert one["left_out"] == 0


@cache
def everywhere(site: Site, layer: str, text: str, question: str) -> int:
    """How many match whatever their place is."""
    asked = {name: value for name, value in (("filter", text), ("q", question)) if value}
    items = site.json(f"/collections/{layer}/items", params={**asked, "limit": "1"})
    found: int = items["numberMatched"]
    return found


def name_part(site: Site, layer: str, feature: str) -> str:
    properties = site.catalog.store.feature(layer, feature).properties
    field = site.catalog.store.layer(layer).schema.with_role("name", "zh")
    assert field is not None
    return str(properties[field.name])[:2]


def test_words_find_what_search_finds(site: Site) -> None:
    layer = site.of_role("sites")[0].id
    word = name_part(site, layer, site.feature_of(layer))
    layers = ",".join(one.id for one in site.of_role("sites"))
    hits = site.json("/search", params={"q": word, "limit": "50", "layers": layers})["hits"]
    found = matches(site, q=word)
    ids = {(one["id"], each["id"]) for one in found["layers"] for each in one["features"]}
    assert {(one["layer"], one["id"]) for one in hits} <= ids
    assert len(hits) == 50 or len(hits) == len(ids)
    for one in found["layers"]:
        items = site.json(f"/collections/{one['id']}/items", params={"q": word})
        assert items["numberMatched"] == one["matched"]


def test_words_that_nothing_has_find_nothing(site: Site) -> None:
    assert all(one["matched"] == 0 for one in matches(site, q="qqqxxx")["layers"])
    assert all(one["matched"] == 0 for one in matches(site, q="，。")["layers"])


def test_without_an_area_nothing_is_said_of_certainty(site: Site) -> None:
    found = matches(site)
    assert (found["area"], found["label"], found["target"]) == (None, None, None)
    assert {one["id"] for one in found["layers"]} == {one.id for one in site.of_role("sites")}
    for one in found["layers"]:
        assert one["matched"] == site.catalog.store.count(one["id"], Query())
        assert (one["outside"], one["undecided"], one["undecided_ids"]) == (0, 0, [])
        assert {each["certainty"] for each in one["features"]} <= {None}


def test_the_nearest_come_first(site: Site) -> None:
    for kind in ("circle", "near"):
        for one in matches(site, area=areas(site)[kind])["layers"]:
            order = [
                (
                    each["distance_m"] is None,
                    each["distance_m"] or 0,
                    each["certainty"] == "possible",
                )
                for each in one["features"]
            ]
            assert order == sorted(order)


def test_downloads_say_how_sure_it_is(site: Site) -> None:
    layer, feature = known_target(site)
    asked = {"area": f"near:{layer}/{feature},15000"}
    found = matches(site, **asked, layers=layer)["layers"][0]["features"]
    by_id = {one["id"]: one for one in found}
    schema = site.catalog.store.layer(layer).schema
    for lang, words in (("zh", ("一定", "可能")), ("en", ("certain", "possible"))):
        table = rows(site, layer, {**asked, "lang": lang})
        assert table
        names = list(table[0])
        vague = schema.with_role("uncertainty")
        assert vague is not None
        assert names[names.index(vague.name) + 1 :][:2] == ["area_certainty", "distance_m"]
        assert words
    document = site.json(f"/downloads/{layer}.geojson", params=asked)
    for one in document["features"]:
        said, expected = one["properties"], by_id[one["id"]]
        assert said["area_certainty"] == expected["certainty"]
        assert said["distance_m"] == expected["distance_m"]
    boxed = rows(site, layer, {"area": areas(site)["box"]})
    assert "area_certainty" in boxed[0]
    assert "distance_m" not in boxed[0]


def test_files_written_in_the_background_are_narrowed_too(bundled_site: Site) -> None:
    asked = {"area": areas(bundled_site)["circle"], "q": "科创", "raw": "true"}
    begun = bundled_site.client.post("/downloads/parks.csv", params=asked)
    assert begun.status_code == 202, begun.text
    address = begun.headers["Location"]
    until(lambda: bundled_site.json(address)["state"] in ("ready", "failed"))
    text = bundled_site.get(f"{address}/file").text
    named = [one["name_zh"] for one in csv.DictReader(io.StringIO(text))]
    assert named == [one["name_zh"] for one in rows(bundled_site, "parks", asked)]
    assert named


def test_the_page_of_items_is_narrowed_too(bundled_site: Site) -> None:
    asked = {"area": areas(bundled_site)["near"], "certainty": "certain"}
    page = bundled_site.get("/collections/parks/items", params={**asked, "f": "html"})
    document = bundled_site.json("/collections/parks/items", params=asked)
    assert page.status_code == 200
    assert 0 < document["numberMatched"] < bundled_site.catalog.store.count("parks", Query())
    for one in document["features"]:
        assert one["properties"]["name_zh"] in page.text


def test_frames_of_the_map_stay_whole(site: Site) -> None:
    asked = {"area": "circle:0,0,1000", "q": "qqqxxx"}
    offer = site.json("/downloads/map", params=asked)
    roles = {one.id: one.role for one in site.catalog.store.layers()}
    for one in offer["layers"]:
        whole = site.catalog.store.count(one["id"], Query())
        assert one["numberMatched"] == (0 if roles[one["id"]] == "sites" else whole)
    alone = site.json(f"/collections/{districts_layer(site)}/items", params={"area": asked["area"]})
    assert alone["numberMatched"] == 0


def test_answers_are_kept_until_any_layer_changes(site: Site) -> None:
    address = f"/matches?area={quote(areas(site)['near'])}"
    first = site.get(address)
    again = site.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    other = site.get(address + "&lang=en", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_the_target_is_named(site: Site) -> None:
    layer, feature = known_target(site)
    zh = matches(site, area=f"near:{layer}/{feature},1500", lang="zh")
    en = matches(site, area=f"near:{layer}/{feature},800", lang="en")
    assert zh["label"] == f"距“{zh['target']['name']}”1.5公里内"
    assert en["label"] == f"within 800 m of “{en['target']['name']}”"
    assert (zh["target"]["layer"], zh["target"]["id"]) == (layer, feature)


def test_a_target_known_to_its_district_only_is_refused_in_words(bundled_site: Site) -> None:
    store = bundled_site.catalog.store
    for layer in bundled_site.of_role("sites"):
        field = layer.schema.with_role("placement")
        assert field is not None
        for feature in store.features(layer.id, Query()):
            if feature.properties[field.name] not in ("district", "unknown"):
                continue
            area = f"near:{layer.id}/{feature.id},15000"
            for lang, distance in (("zh", "15公里"), ("en", "15 km")):
                answer = bundled_site.get("/matches", params={"area": area, "lang": lang})
                problem = answer.json()
                assert answer.status_code == 400
                assert problem["parameter"] == "area"
                assert distance in problem["detail"]
                if feature.properties[field.name] == "district" and lang == "zh":
                    assert "仅知位于" in problem["detail"]
                    assert "不足以判断15公里" in problem["detail"]


BAD = (
    "", "x", "box", "box:", "box:1,2,3", "box:1,2,3,4,5", "box:a,b,c,d", "box:1,2,1,3",
    "box:1,2,3,2", "box:1,5,3,4", "box:nan,1,2,3", "box:1,2,inf,3", "box:1,2,3,91", "box:1e9,2,3,4",
    "polygon:", "polygon:1,2,3,4", "polygon:1,2,3,4,5", "polygon:0,0,1,1,0,1,1,0",
    "polygon:0,0,1,1,2,2", "polygon:0,0,0,0,0,0", "polygon:0,0,1,0,nan,1", "polygon:0,0,500,0,0,1",
    "polygon:0,0,1,0,1,95", "polygon:" + ",".join(f"{n / 100},{n * n / 1e4}" for n in range(201)),
    "polygon:" + "1," * 2000, "circle:", "circle:1,2", "circle:1,2,0", "circle:1,2,-5",
    "circle:1,2,1000001", "circle:1,2,nan", "circle:181,2,100", "circle:1,91,100", "circle:1,2,3,4",
    "feature:", "feature:/", "feature:nothing", "feature:nothing/x", "feature:a/b/c", "near:",
    "near:nothing/x,100", "near:nothing/x", "near:x,100", "near:nothing/x,0", "near:nothing/x,1e7",
    "near:nothing/x,abc", "near:nothing/x,", "BOX:1,2,3,4", "box:1,2,3,4;drop table", "\u202ebox:1",
    "near:../../etc/passwd,100", "feature:<script>/alert(1)", "circle:１,2,100",
)  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:24] or "empty")
def test_a_bad_area_is_refused_everywhere(bundled_site: Site, text: str) -> None:
    for address in (
        "/matches",
        "/collections/parks/items",
        "/downloads/parks.csv",
        "/downloads/map",
    ):
        answer = bundled_site.get(address, params={"area": text})
        problem = answer.json()
        assert (answer.status_code, problem["parameter"]) == (400, "area"), problem
        assert problem["allowed"]


def refused(answer: httpx.Response, parameter: str) -> str:
    problem = answer.json()
    assert (answer.status_code, problem["parameter"]) == (400, parameter)
    return str(problem["detail"])


def test_what_there_is_not_is_named(bundled_site: Site) -> None:
    for form in ("feature:{}", "near:{},1000"):
        for named, said in (("nowhere/x", "nowhere"), ("parks/x-y", "x-y")):
            answer = bundled_site.get("/matches", params={"area": form.format(named)})
            assert said in refused(answer, "area")
    point = bundled_site.get("/matches", params={"area": "feature:parks/park-xicen-center"})
    assert "near:" in refused(point, "area")


def test_certainty_needs_an_area(site: Site) -> None:
    layer = site.largest()
    for address in ("/matches", f"/collections/{layer}/items", f"/downloads/{layer}.csv"):
        assert "area" in refused(site.get(address, params={"certainty": "certain"}), "certainty")
        asked = {"certainty": "sure", "area": areas(site)["box"]}
        assert "possible" in refused(site.get(address, params=asked), "certainty")


def test_pages_under_an_area_lead_through_all_of_it(made_up_site: Site) -> None:
    layer, _ = known_target(made_up_site)
    lon, lat = middle(made_up_site)
    asked = {"area": f"circle:{lon},{lat},40000", "limit": "3", "sortby": "-zahl"}
    address = httpx.URL(f"/collections/{layer}/items", params=asked)
    ids: list[str] = []
    while address:
        page = made_up_site.json(str(address))
        ids += [one["id"] for one in page["features"]]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        address = httpx.URL(following[0]) if following else None
    assert len(ids) == len(set(ids)) == page["numberMatched"] > 3


@first_zone_quick()
def test_the_ring_is_a_polygon(site: Site) -> None:
    for kind, text in areas(site).items():
        found = matches(site, area=text)["area"]
        assert found["type"] in ("Polygon", "MultiPolygon"), kind
        assert json.dumps(found)

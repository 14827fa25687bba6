"""Collections, pages of items and single features, as OGC API Features 1.0 asks."""

import json
import re
from typing import Any

import pytest
import shapely

from geo.extent import Extent
from layers.model import Query
from layers.registry import all_formats
from tests.rows import first_zone_quick
from tests.server.sites import Site

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def pages(site: Site, address: str) -> list[Any]:
    """A page of items and all that follow it by their next links."""
    found = []
    while address:
        found.append(site.json(address))
        following = [link for link in found[-1]["links"] if link["rel"] == "next"]
        assert len(following) <= 1
        address = following[0]["href"] if following else ""
    return found


def shape(feature: Any) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(feature["geometry"]))


@pytest.mark.slow
def test_collections_and_collection_say_the_same(site: Site) -> None:
    document = site.json("/collections")
    layers = site.catalog.store.layers()
    assert [one["id"] for one in document["collections"]] == [layer.id for layer in layers]
    for one in document["collections"]:
        assert site.json(f"/collections/{one['id']}") == one
        assert one["itemType"] == "feature"
        assert one["title"]
        links = {link["rel"]: link for link in one["links"]}
        assert links["items"]["type"] == "application/geo+json"
        assert "?" not in links["items"]["href"]
        assert all(link["type"] for link in one["links"])
        files = [link["title"] for link in one["links"] if link["rel"] == "enclosure"]
        assert sorted(files) == sorted({kind.name for kind in all_formats().values()})
        for rel in ("self", "items", "enclosure"):
            answer = site.get(links[rel]["href"])
            assert answer.status_code == 200
            assert answer.headers["content-type"] == links[rel]["type"]


@first_zone_quick()
def test_extent_encloses_every_feature(site: Site) -> None:
    for one in site.json("/collections")["collections"]:
        features = site.json(f"/collections/{one['id']}/items?limit=10000")["features"]
        shapes = [shape(one) for one in features if one["geometry"]]
        if not shapes:
            assert "extent" not in one
            continue
        spatial = one["extent"]["spatial"]
        assert spatial["crs"] == CRS84
        [box] = spatial["bbox"]
        assert all(round(number, 7) == number for number in box)
        west, south, east, north = shapely.total_bounds(shapes)
        assert box[1] <= south <= north <= box[3]
        if box[0] <= box[2]:
            assert box[0] <= west <= east <= box[2]


def test_a_page_of_items(site: Site) -> None:
    layer = site.largest()
    answer = site.get(f"/collections/{layer}/items?limit=2")
    assert answer.headers["content-type"] == "application/geo+json"
    page = answer.json()
    assert page["type"] == "FeatureCollection"
    assert page["numberReturned"] == len(page["features"]) == 2
    assert page["numberMatched"] == site.catalog.store.count(layer, Query())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", page["timeStamp"])
    links = {link["rel"]: link for link in page["links"]}
    assert links["self"]["href"] == f"{site.url}/collections/{layer}/items?limit=2"
    assert links["next"]["type"] == "application/geo+json"
    for feature in page["features"]:
        assert feature["type"] == "Feature"
        assert set(feature) >= {"id", "geometry", "properties"}


def test_every_feature_has_every_property_of_the_schema(site: Site) -> None:
    for layer in site.catalog.store.layers():
        names = [field.name for field in layer.schema.fields]
        for feature in site.json(f"/collections/{layer.id}/items?limit=50")["features"]:
            assert list(feature["properties"]) == names


def features_of(found: list[Any]) -> list[Any]:
    return [feature for page in found for feature in page["features"]]


@pytest.mark.parametrize("limit", [997, 10_000])
def test_paging_gives_every_feature_once(site: Site, limit: int) -> None:
    layer = site.largest()
    found = pages(site, f"/collections/{layer}/items?limit={limit}")
    ids = [feature["id"] for feature in features_of(found)]
    total = site.catalog.store.count(layer, Query())
    assert len(ids) == len(set(ids)) == total
    assert len(found) == -(-total // limit)
    assert {page["numberMatched"] for page in found} == {total}


def test_the_largest_made_up_layer_needs_more_than_one_full_page(made_up_site: Site) -> None:
    """Else the test above would not see the edge between two pages of the most features."""
    assert made_up_site.catalog.store.count(made_up_site.largest(), Query()) > 10_000


def test_next_keeps_the_other_parameters(site: Site) -> None:
    layer = site.largest()
    page = site.json(f"/collections/{layer}/items?lang=en&bbox=-180,-90,180,90&limit=1&f=json")
    [following] = [link["href"] for link in page["links"] if link["rel"] == "next"]
    assert "bbox=-180,-90,180,90" in following
    assert "lang=en" in following
    assert "f=json" in following
    # The OGC's own tests put another limit into the next link and keep the rest.
    changed = site.json(following.replace("limit=1&", "limit=3&"))
    assert page["features"][0]["id"] not in [feature["id"] for feature in changed["features"]]


@pytest.mark.slow
def test_a_limit_above_the_most_is_answered_with_the_most(site: Site) -> None:
    layer = site.largest()
    total = site.catalog.store.count(layer, Query())
    for limit in ("10001", "999999", "9" * 40):
        page = site.json(f"/collections/{layer}/items?limit={limit}")
        assert page["numberReturned"] == min(total, 10_000)


def test_without_a_limit_a_page_is_small(site: Site) -> None:
    layer = site.largest()
    total = site.catalog.store.count(layer, Query())
    assert site.json(f"/collections/{layer}/items")["numberReturned"] == min(100, total)


@first_zone_quick()
def test_a_box_gives_what_touches_it_and_what_has_no_place(site: Site) -> None:
    for layer in site.catalog.store.layers():
        everything = features_of(pages(site, f"/collections/{layer.id}/items?limit=10000"))
        extent = site.catalog.store.extent(layer.id)
        if extent is None or extent.crosses_antimeridian:
            continue
        half = Extent(extent.west, extent.south, (extent.west + extent.east) / 2, extent.north)
        inside = shapely.box(*half)
        expected = {
            feature["id"]
            for feature in everything
            if feature["geometry"] is None or shape(feature).intersects(inside)
        }
        box = ",".join(str(number) for number in half)
        found = pages(site, f"/collections/{layer.id}/items?limit=5000&bbox={box}")
        assert {feature["id"] for feature in features_of(found)} == expected, layer.id
        assert {page["numberMatched"] for page in found} == {len(expected)}


@pytest.mark.parametrize(
    "box",
    [
        "177,65,-177,70",
        "-180,-90,180,90",
        "-180,85,180,90",
        "-180,-90,180,-85",
        "0,0,0,0",
        "-200,0,-100,10",
        "-720,0,720,10".replace("720", "540"),
        "10,20,-5,30,40,5",
        "1e1,2E1,3.5e+1,.4e2",
        " 1, 2, 3, 4",
        "-0,-0,0,0",
    ],
)
def test_boxes_that_are_right(site: Site, box: str) -> None:
    answer = site.get(f"/collections/{site.largest()}/items", params={"bbox": box, "limit": 1})
    assert answer.status_code == 200, answer.text


def test_a_box_round_the_back_of_the_world(site: Site) -> None:
    """West of 180 and east of -180 is the same place, however the map counted on."""
    layer = site.largest()
    extent = site.catalog.store.extent(layer)
    assert extent is not None
    west, south, east, north = extent.west - 0.01, extent.south, extent.east + 0.01, extent.north
    straight, round_about = (
        site.json(f"/collections/{layer}/items?bbox={west - turn},{south},{east - turn},{north}")
        for turn in (0, 360)
    )
    assert round_about["numberMatched"] == straight["numberMatched"] > 0


def test_one_feature(site: Site) -> None:
    layer = site.largest()
    listed = site.json(f"/collections/{layer}/items?limit=1")["features"][0]
    answer = site.get(f"/collections/{layer}/items/{listed['id']}")
    assert answer.headers["content-type"] == "application/geo+json"
    feature = answer.json()
    links = {link["rel"]: link["href"] for link in feature.pop("links")}
    assert feature == listed
    assert links["self"] == f"{site.url}/collections/{layer}/items/{listed['id']}"
    assert links["collection"] == f"{site.url}/collections/{layer}"


def test_geojson_for_those_who_ask_for_json(site: Site) -> None:
    for accept in ("application/json", "application/geo+json, application/json", "*/*"):
        answer = site.get(f"/collections/{site.largest()}/items", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/geo+json"


def test_equal_parameters_may_come_twice(site: Site) -> None:
    layer = site.largest()
    assert site.json(f"/collections/{layer}/items?limit=1&limit=1")["numberReturned"] == 1
    assert site.get(f"/collections/{layer}/items?limit=1&limit=2").status_code == 400

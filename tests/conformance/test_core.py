"""OGC API Features part 1 (17-069r4), Annex A: core, geojson, oas30 and html."""

import json
import re
from typing import Any

import pytest
import shapely
from openapi_spec_validator import validate

from tests.conformance.conftest import ITEMS, Places

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
INTERVAL = "2021-01-01T00:00:00Z/2022-04-16T23:59:59Z"


def links(document: Any) -> dict[str, Any]:
    return {link["rel"]: link for link in document["links"]}


def boxed(ids: list[str], places: Places, box: tuple[float, float, float, float]) -> set[str]:
    """The features that touch a box, or have no place, by shapely."""
    found = set()
    for feature in places.site.json(ITEMS)["features"]:
        shape = feature["geometry"] and shapely.from_geojson(json.dumps(feature["geometry"]))
        if shape is None or shapely.intersects(shape, shapely.box(*box)):
            found.add(feature["id"])
    return found


def test_core__http(places: Places) -> None:
    assert places.site.get("/").http_version == "HTTP/1.1"
    assert places.site.client.head(ITEMS).status_code == 200
    assert places.site.client.post(ITEMS).status_code == 405
    assert places.site.client.post(ITEMS).headers["allow"]


def test_core__root_op(places: Places) -> None:
    for accept in ("application/json", "*/*"):
        answer = places.site.get("/", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


def test_core__root_success(places: Places) -> None:
    found = links(places.site.json("/"))
    assert found["service-desc"]["type"] == OPENAPI
    assert {"self", "service-doc", "conformance", "data"} <= set(found)


def test_core__api_definition_op(places: Places) -> None:
    for rel in ("service-desc", "service-doc"):
        link = links(places.site.json("/"))[rel]
        answer = places.site.get(link["href"], headers={"Accept": link["type"]})
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition("; charset")[0] == link["type"]


def test_core__api_definition_success(places: Places) -> None:
    validate(places.site.json("/api"))


def test_core__conformance_op(places: Places) -> None:
    assert places.site.get(links(places.site.json("/"))["conformance"]["href"]).status_code == 200


def test_core__conformance_success(places: Places) -> None:
    declared = places.site.json("/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in declared
    assert len(declared) == len(set(declared))


def test_core__fc_md_op(places: Places) -> None:
    assert places.site.get(links(places.site.json("/"))["data"]["href"]).status_code == 200


def test_core__fc_md_success(places: Places) -> None:
    document = places.site.json("/collections")
    found = links(document)
    assert found["self"]["type"] == "application/json"
    assert found["alternate"]["type"] == "text/html"
    assert [one["id"] for one in document["collections"]] == ["places"]


def test_core__fc_md_items(places: Places) -> None:
    [one] = places.site.json("/collections")["collections"]
    assert one["id"]
    assert one["links"]


def test_core__fc_md_items_links(places: Places) -> None:
    [one] = places.site.json("/collections")["collections"]
    for link in one["links"]:
        assert link["rel"]
        assert link["type"]
    assert links(one)["items"]["type"] == "application/geo+json"
    assert "?" not in links(one)["items"]["href"]


def test_core__fc_md_extent(places: Places) -> None:
    [one] = places.site.json("/collections")["collections"]
    [box] = one["extent"]["spatial"]["bbox"]
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in places.site.json(ITEMS)["features"]
        if feature["geometry"]
    ]
    west, south, east, north = shapely.total_bounds(shapes)
    assert box[0] <= west <= east <= box[2]
    assert box[1] <= south <= north <= box[3]
    [[start, end]] = one["extent"]["temporal"]["interval"]
    assert (start, end) == ("2021-04-16T00:00:00Z", "2022-04-18T00:00:00Z")


def test_core__sfc_md_op(places: Places) -> None:
    assert places.site.get("/collections/places").status_code == 200


def test_core__sfc_md_success(places: Places) -> None:
    [listed] = places.site.json("/collections")["collections"]
    assert places.site.json("/collections/places") == listed


def test_core__fc_op(places: Places) -> None:
    answer = places.site.get(links(places.site.json("/collections/places"))["items"]["href"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/geo+json")


def test_core__fc_response(places: Places) -> None:
    page = places.site.json(ITEMS)
    assert page["type"] == "FeatureCollection"
    names = [list(feature["properties"]) for feature in page["features"]]
    assert all(one == names[0] for one in names)


def parameter(places: Places, name: str) -> Any:
    parameters: Any = places.operation(ITEMS)["parameters"]
    [found] = [one for one in parameters if one["name"] == name]
    assert (found["in"], found["required"], found["style"]) == ("query", False, "form")
    assert found["explode"] is False
    return found["schema"]


def test_core__fc_bbox_definition(places: Places) -> None:
    schema = parameter(places, "bbox")
    assert (schema["type"], schema["items"]["type"]) == ("array", "number")
    assert (schema["minItems"], schema["maxItems"]) == (4, 6)


@pytest.mark.parametrize(
    "box", [(0, 40, 10, 50), (-180, -90, 180, 90), (12.57, 55.68, 12.57, 55.68), (170, 0, 180, 5)]
)
def test_core__fc_bbox_response(places: Places, box: tuple[float, float, float, float]) -> None:
    text = ",".join(map(str, box))
    ids = places.ids(bbox=text)
    assert set(ids) == boxed(ids, places, box)
    assert places.ids(bbox=",".join(map(str, (*box[:2], 0, *box[2:], 9)))) == ids
    across = set(places.ids(bbox="177,-20,-170,1"))
    assert across == {"suva", "apia", "strait", "lost"}


def test_core__fc_limit_definition(places: Places) -> None:
    schema = parameter(places, "limit")
    assert (schema["type"], schema["minimum"]) == ("integer", 1)
    assert schema["minimum"] <= schema["default"] <= schema["maximum"]


@pytest.mark.parametrize("limit", [1, 4, 14, 15, 16, 10_000_000])
def test_core__fc_limit_response(places: Places, limit: int) -> None:
    page = places.site.json(f"{ITEMS}?limit={limit}")
    assert page["numberReturned"] == len(page["features"]) == min(limit, 15)


def test_core__fc_time_definition(places: Places) -> None:
    assert parameter(places, "datetime") == {"type": "string"}


UNDATED = 12  # features without a date: `datetime` matches them too


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("2022-04-16", {"koben"}),
        ("2022-04-16T12:00:00Z", {"koben"}),
        ("2022-04-15T23:30:00-02:00", {"koben"}),
        (INTERVAL, {"koben", "kiev"}),
        ("../2021-12-31", {"kiev"}),
        ("2022-01-01/..", {"koben", "suva"}),
        ("/2021-12-31", {"kiev"}),
        ("2022-01-01/", {"koben", "suva"}),
        ("../..", {"koben", "kiev", "suva"}),
        ("2022-04-15/P2D", {"koben"}),
        ("2022-04-16/P2D", {"koben", "suva"}),
        ("P1Y/2022-04-10", {"kiev"}),
        ("1999-01-01", set()),
    ],
)
def test_core__fc_time_response(places: Places, text: str, dated: set[str]) -> None:
    ids = set(places.ids(datetime=text))
    assert ids & {"koben", "kiev", "suva"} == dated
    assert len(ids) == len(dated) + UNDATED


def test_core__fc_links(places: Places) -> None:
    seen: list[str] = []
    address, pages = f"{ITEMS}?limit=4&bbox=-180,-90,180,90&lang=en", 0
    while address:
        page = places.site.json(address)
        found = links(page)
        assert found["self"]["type"] == "application/geo+json"
        assert found["alternate"]["type"] == "text/html"
        seen += [feature["id"] for feature in page["features"]]
        pages += 1
        assert ("prev" in found) == (pages > 1)
        following = found.get("next", {"href": ""})
        assert not following["href"] or "bbox=-180,-90,180,90&lang=en" in following["href"]
        address = following["href"]
    assert pages == 4
    assert len(seen) == len(set(seen)) == 15


def test_core__fc_time_stamp(places: Places) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", places.site.json(ITEMS)["timeStamp"])


def test_core__fc_number_matched(places: Places) -> None:
    for query, matched in (("limit=3", 15), ("limit=3&open=true", 2), ("limit=3&open=false", 1)):
        assert places.site.json(f"{ITEMS}?{query}")["numberMatched"] == matched


def test_core__fc_number_returned(places: Places) -> None:
    page = places.site.json(f"{ITEMS}?limit=3")
    assert page["numberReturned"] == len(page["features"]) == 3


def test_core__f_op(places: Places) -> None:
    for feature in places.ids():
        assert places.site.get(f"{ITEMS}/{feature}").status_code == 200
    assert places.site.get(f"{ITEMS}/nobody").status_code == 404


def test_core__f_success(places: Places) -> None:
    for listed in places.site.json(ITEMS)["features"]:
        alone = places.site.json(f"{ITEMS}/{listed['id']}")
        alone.pop("links")
        assert alone == listed


def test_core__f_links(places: Places) -> None:
    found = links(places.site.json(f"{ITEMS}/koben"))
    assert found["self"]["type"] == "application/geo+json"
    assert found["alternate"]["type"] == "text/html"
    assert found["collection"]["href"].endswith("/collections/places")


@pytest.mark.parametrize(
    "query",
    [
        "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=a,b,c,d", "bbox=0,20,10,10", "limit=0", "limit=-1",
        "limit=x", "limit=", "datetime=yesterday", "datetime=2022-13-01", "datetime=2022-02-30",
        "datetime=2022-02-02/2021-01-01", "datetime=../../..", "datetime=2022-01-01/P",
        "datetime=2022-01-01T00:00:00", "datetime=P1D", "open=maybe", "pop=many", "sortby=nobody",
        "properties=nobody", "after=!!", "offset=-1", "crs=nothing", "filter-lang=sql",
    ],
)  # fmt: skip
def test_core__query_param_invalid(places: Places, query: str) -> None:
    answer = places.site.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == query.partition("=")[0]


def test_core__query_param_unknown(places: Places) -> None:
    for address in ("/", "/conformance", "/collections", "/collections/places", ITEMS):
        assert places.site.get(f"{address}?unknownQueryParameter=1").status_code == 400


def test_core__crs84(places: Places) -> None:
    feature = places.site.json(f"{ITEMS}/koben")
    assert feature["geometry"]["coordinates"] == [12.57, 55.68]
    assert places.site.json("/collections/places")["crs"][0] == CRS84


def test_geojson__definition(places: Places) -> None:
    for address in (ITEMS, f"{ITEMS}/koben"):
        for accept in ("application/geo+json", "application/json", "*/*"):
            answer = places.site.get(address, headers={"Accept": accept})
            assert answer.headers["content-type"] == "application/geo+json"


def test_geojson__content(places: Places) -> None:
    for feature in places.site.json(ITEMS)["features"]:
        assert feature["type"] == "Feature"
        assert feature["id"]
        if feature["geometry"]:
            assert shapely.is_valid(shapely.from_geojson(json.dumps(feature["geometry"])))


def test_oas30__completeness(places: Places) -> None:
    paths = places.site.json("/api")["paths"]
    assert {
        "/", "/conformance", "/collections", "/collections/{collectionId}", ITEMS,
        f"{ITEMS}/{{featureId}}",
    } <= set(paths)  # fmt: skip


def test_oas30__definition_1(places: Places) -> None:
    document = places.site.json("/api", headers={"Accept": OPENAPI})
    assert document["openapi"].startswith("3.0.")
    assert document["servers"] == [{"url": places.site.url}]


def test_oas30__definition_2(places: Places) -> None:
    assert "$ref" not in json.dumps(places.site.json("/api")).replace('"$ref": "#/', "")


@pytest.mark.slow
def test_oas30__oas_impl(places: Places) -> None:
    """What the definition says can be asked is answered."""
    fits = {"string": "a", "number": "1", "uri": places.site.url}
    for path, item in places.site.json("/api")["paths"].items():
        if "{" not in path and item["get"]["operationId"] != "getIcon":
            required = [one for one in item["get"]["parameters"] if one["required"]]
            needed = {
                one["name"]: fits[one["schema"].get("format", one["schema"]["type"])]
                for one in required
            }
            assert places.site.get(path, params=needed).status_code == 200, path


def test_oas30__exception_codes(places: Places) -> None:
    for item in places.site.json("/api")["paths"].values():
        content = item["get"]["responses"]["default"]["content"]
        assert "application/problem+json" in content


def test_oas30__security(places: Places) -> None:
    """Everything is open, and the definition asks for nothing."""
    document = places.site.json("/api")
    assert "security" not in document
    assert "securitySchemes" not in document["components"]


def test_html__definition(places: Places) -> None:
    for address in ("/", "/collections", "/collections/places", ITEMS, f"{ITEMS}/koben"):
        answer = places.site.page(address)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_html__content(places: Places) -> None:
    page = places.site.page(ITEMS).text
    assert page.startswith("<!doctype html>")
    for name in ("København", "L&#39;Aquila_\\"):
        assert name in page

"""OGC API Features part 3 (19-079r2), Annex A: queryables, their parameters, and filters."""

import re

import pytest

from tests.conformance.conftest import ITEMS, Places

SPEC = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
EVERYWHERE = "S_INTERSECTS(geometry,BBOX(-180,-90,180,90))"


def declares(places: Places, name: str) -> bool:
    return f"{SPEC}/{name}" in places.site.json("/conformance")["conformsTo"]


def test_queryables__get_conformance(places: Places) -> None:
    assert declares(places, "queryables")


def test_queryables__get_queryables(places: Places) -> None:
    address = "/collections/places/queryables"
    answer = places.site.get(address, headers={"Accept": "application/schema+json"})
    assert answer.headers["content-type"] == "application/schema+json"
    document = answer.json()
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"] == f"{places.site.url}{address}"
    assert (document["type"], document["additionalProperties"]) == ("object", False)
    for name, schema in document["properties"].items():
        assert ("type" in schema) != (name == "geometry")
    geometry = document["properties"]["geometry"]
    assert (geometry["format"], geometry["x-ogc-role"]) == ("geometry-any", "primary-geometry")
    assert document["properties"]["id"]["x-ogc-role"] == "id"


def test_queryables__get_collection(places: Places) -> None:
    links = places.site.json("/collections/places")["links"]
    [link] = [one for one in links if one["rel"] == RELATION]
    assert link["href"] == f"{places.site.url}/collections/places/queryables"
    assert link["type"] == "application/schema+json"


def test_queryables_query_parameters__get_conformance(places: Places) -> None:
    assert declares(places, "queryables-query-parameters")


def test_queryables_query_parameters__definition(places: Places) -> None:
    names = {one["name"] for one in places.operation(ITEMS)["parameters"]}
    simple = {name for name, one in places.queryables().items() if one.get("type") != "array"}
    assert simple - {"geometry"} <= names
    [name] = [one for one in places.operation(ITEMS)["parameters"] if one["name"] == "name"]
    for text in ("København", "", "two\nlines", "no\0where"):
        fits = re.search(name["schema"]["pattern"], text) is not None
        assert places.status(name=text) == (200 if fits else 400)


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("name", "København", ["koben"]),
        ("name", "nobody", []),
        ("pop", "9007199254740993", ["izmir"]),
        ("area", "1e16", ["izmir"]),
        ("open", "true", ["koben", "kiev"]),
        ("date", "2022-04-16", ["koben"]),
        ("start", "2022-04-16T12:13:19+02:00", ["koben"]),
        ("id", "suva", ["suva"]),
        ("q\"'`]", "x", []),
    ],
)
def test_queryables_query_parameters__response(
    places: Places, name: str, value: str, ids: list[str]
) -> None:
    assert places.ids(**{name: value}) == ids


def test_filter__get_conformance(places: Places) -> None:
    assert declares(places, "filter")


def test_filter__filter_param(places: Places) -> None:
    assert places.ids(filter="name IS NULL", **{"filter-lang": "cql2-text"}) == ["lost"]
    json = '{"op":"isNull","args":[{"property":"name"}]}'
    assert places.ids(filter=json, **{"filter-lang": "cql2-json"}) == ["lost"]
    for lang in ("cql2-text", "cql2-json"):
        assert places.status(filter="THIS IS NOT A FILTER", **{"filter-lang": lang}) == 400


def test_filter__filter_lang_default(places: Places) -> None:
    assert places.ids(filter="name IS NULL") == ["lost"]
    assert places.status(filter="THIS IS NOT A FILTER") == 400
    assert places.status(filter='{"op":"isNull","args":[{"property":"name"}]}') == 400


def test_filter__expression_construction(places: Places) -> None:
    assert places.status(filter="this_is_not_a_queryable IS NULL") == 400


def test_filter__filter_crs_wgs84(places: Places) -> None:
    placed = [one for one in places.ids() if one != "lost"]
    assert places.ids(filter=EVERYWHERE) == placed
    far = "S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))"
    assert places.status(filter=far) == 400


@pytest.mark.parametrize(
    ("code", "box"),
    [
        ("4326", "31,121,32,122"),
        ("4490", "31,121,32,122"),
        ("3857", "13480000,3630000,13560000,3750000"),
        ("4549", "3450000,600000,3550000,700000"),
    ],
)
def test_filter__filter_crs_param(places: Places, code: str, box: str) -> None:
    asked = f"S_INTERSECTS(geometry,BBOX({box}))"
    assert places.ids(filter=asked, **{"filter-crs": EPSG + code}) == ["shanghai"]
    unknown = {"filter-crs": "http://www.opengis.net/def/crs/OGC/0/does_not_exist"}
    assert places.status(filter=asked, **unknown) == 400


def test_filter__mixing_expression(places: Places) -> None:
    assert places.ids(filter=EVERYWHERE, bbox="121,31,122,32") == ["shanghai"]
    europe = "S_INTERSECTS(geometry,BBOX(0,40,20,60))"
    assert places.ids(filter=europe, bbox="121,31,122,32") == []
    assert places.ids(filter="pop > 3000000", open="true") == []
    assert places.ids(filter="pop > 1000000", open="true", datetime="2022-01-01/..") == ["koben"]


def test_features_filter__get_conformance(places: Places) -> None:
    assert declares(places, "features-filter")


def test_features_filter__filter_on_items(places: Places) -> None:
    schemas = {one["name"]: one["schema"] for one in places.operation(ITEMS)["parameters"]}
    assert schemas["filter-lang"]["enum"] == ["cql2-text", "cql2-json"]
    assert schemas["filter-lang"]["default"] == "cql2-text"
    assert {"filter", "filter-crs"} <= set(schemas)

"""OWSLib's client for OGC API Features, as its users call it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from layers.model import Query
from tests.server.sites import Site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client(made_up_site: Site) -> Iterator[Any]:
    from owslib.ogcapi.features import Features

    return Features(f"{made_up_site.url}/")


def ids(page: Any) -> list[str]:
    return [feature["id"] for feature in page["features"]]


def test_it_finds_its_way_from_the_landing_page(client: Any, made_up_site: Site) -> None:
    assert client.links
    assert any(one.endswith("/conf/core") for one in client.conformance()["conformsTo"])
    api = client.api()
    assert api["openapi"].startswith("3.0")
    assert set(client.feature_collections()) == {
        layer.id for layer in made_up_site.catalog.store.layers()
    }


def test_a_collection_and_its_schemas(client: Any, made_up_site: Site) -> None:
    assert client.collection("viele")["id"] == "viele"
    names = {field.name for field in made_up_site.catalog.store.layer("viele").schema.fields}
    assert set(client.collection_queryables("viele")["properties"]) == names | {"id", "geometry"}
    assert set(client.collection_schema("viele")["properties"]) == names | {"id", "geometry"}


def test_pages_by_offset_hold_everything_once(client: Any) -> None:
    seen: list[str] = []
    while page := client.collection_items("viele", limit=3_000, offset=len(seen))["features"]:
        seen += [feature["id"] for feature in page]
    assert len(seen) == len(set(seen)) == 10_001


def test_boxes_filters_and_order(client: Any, made_up_site: Site) -> None:
    box = [10.4, 50.2, 10.45, 50.25]
    found = client.collection_items("viele", bbox=box, limit=10_000)
    asked = made_up_site.json("/collections/viele/items?bbox=10.4,50.2,10.45,50.25&limit=10000")
    assert 0 < len(found["features"]) == asked["numberMatched"] < 10_001
    text = client.collection_items("viele", filter="nr < 7 AND art = 'b'")
    assert ids(text) == ["p1", "p4"]
    condition = {"op": "<", "args": [{"property": "nr"}, 3]}
    found = client.collection_items(
        "viele", filter=json.dumps(condition), **{"filter-lang": "cql2-json"}
    )
    assert ids(found) == ["p0", "p1", "p2"]
    found = client.collection_items("viele", sortby=("nr", "desc"), limit=2)
    assert ids(found) == ["p10000", "p9999"]
    found = client.collection_items("werke", datetime_="2012-01-01/2012-12-31")
    store = made_up_site.catalog.store
    expected = [
        one.id
        for one in store.features("werke", Query())
        if (one.properties["seit"] or "2012").startswith("2012")
    ]
    assert ids(found) == expected
    assert expected


def test_one_feature(client: Any) -> None:
    assert client.collection_item("viele", "p7")["properties"]["nr"] == 7


def test_what_is_wrong_is_said(client: Any) -> None:
    with pytest.raises(RuntimeError, match="nobody"):
        client.collection_items("viele", filter="nobody = 1")
    with pytest.raises(RuntimeError, match="405"):  # its own way to send a filter, no standard's
        client.collection_items("viele", cql="{}")

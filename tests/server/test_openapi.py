"""The API definition: valid, the same as the routes, and true about parameters."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from layers.catalog import Catalog
from server.app import create_app
from server.openapi import camel
from server.operations import OPERATIONS, WRITES
from server.settings import Settings
from tests.rows import first_zone_quick
from tests.server.sites import Site

MEDIA = "application/vnd.oai.openapi+json;version=3.0"


@first_zone_quick()
def test_it_is_valid_openapi_3_0(site: Site) -> None:
    document = site.json("/api")
    assert document["openapi"] == "3.0.3"
    validate(document)


@pytest.mark.parametrize(
    ("accept", "media"),
    [("*/*", MEDIA), (MEDIA, MEDIA), ("application/json", "application/json")],
)
def test_what_it_comes_as(site: Site, accept: str, media: str) -> None:
    assert site.get("/api", headers={"Accept": accept}).headers["content-type"] == media


def test_every_route_is_in_the_table_and_nothing_else(
    bundled: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    routed: dict[str, set[str]] = {}

    def noted(app: FastAPI, path: str, *_: Any, methods: list[str], **__: Any) -> None:
        routed.setdefault(path.replace(":path}", "}"), set()).update(set(methods) - {"HEAD"})

    monkeypatch.setattr(FastAPI, "add_api_route", noted)
    create_app(bundled, Settings())
    table = {path: {"GET", "POST"} if one.form else {"GET"} for path, one in OPERATIONS.items()}
    for method, path in WRITES:
        table[path].add(method.upper())
    assert routed == table


def test_every_route_is_in_the_document(site: Site) -> None:
    paths = site.json("/api")["paths"]
    layers = [layer.id for layer in site.catalog.store.layers()]
    for path in OPERATIONS:
        named = re.sub(r"\{(\w+)\}", lambda found: "{" + camel(found[1]) + "}", path)
        if "/items" in path:
            for layer in layers:
                assert named.replace("{collectionId}", layer) in paths
        else:
            assert named in paths
    ids = [item["get"]["operationId"] for item in paths.values()]
    assert len(ids) == len(set(ids))


def filled(path: str, site: Site) -> str:
    layer = site.largest()
    values = {
        "collectionId": layer, "extension": "geojson", "featureId": site.feature_of(layer),
        "tileMatrix": "0", "tileRow": "0", "tileCol": "0",
    }  # fmt: skip
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), path)


def operations(site: Site) -> list[tuple[str, dict[str, Any]]]:
    layer = site.largest()
    return [
        (filled(path, site), item["get"])
        for path, item in site.json("/api")["paths"].items()
        if "/items" not in path or f"/{layer}/" in path
    ]


@first_zone_quick()
@pytest.mark.slow
def test_what_it_names_is_known_and_nothing_else_is(site: Site) -> None:
    """A value that cannot be is refused in a parameter's name; what is not named is not known."""
    for address, operation in operations(site):
        if "{" in address or not operation["parameters"]:
            continue
        in_query = [one for one in operation["parameters"] if one["in"] == "query"]
        fits = {"string": "a", "number": "1", "uri": site.url}
        needed = {
            one["name"]: fits[one["schema"].get("format", one["schema"]["type"])]
            for one in in_query
            if one["required"]
        }
        for one in operation["parameters"]:
            schema = one["schema"]
            free = schema["type"] == "string" and not ({"enum", "format"} & set(schema))
            if one["in"] == "query" and not free:
                answer = site.get(address, params={**needed, one["name"]: "?"})
                assert answer.status_code == 400, (address, one["name"])
                assert answer.json()["parameter"] == one["name"]
        known = {one["name"] for one in operation["parameters"]}
        answer = site.get(address, params={"nobody_knows": "1"})
        # A page for people opens all the same; its script says what it has left out.
        is_html = [*operation["responses"]["200"]["content"]] == ["text/html"]
        page = is_html and not address.endswith(".html")  # which is a download
        assert answer.status_code == (200 if page else 400), address
        assert "nobody_knows" not in known


def test_items_have_their_layer_s_parameters(made_up_site: Site) -> None:
    document = made_up_site.json("/api")
    named = {
        path: {one["name"]: one["schema"] for one in item["get"]["parameters"]}
        for path, item in document["paths"].items()
    }
    assert named["/collections/viele/items"]["nr"] == {"type": "integer", "format": "int64"}
    assert "nr" not in named["/collections/orte/items"]
    limit = named["/collections/viele/items"]["limit"]
    assert limit == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}


def test_the_landing_page_leads_to_it(site: Site) -> None:
    links = {link["rel"]: link for link in site.json("/")["links"]}
    assert links["service-desc"]["type"] == MEDIA
    assert links["service-doc"]["type"] == "text/html"
    assert site.get(links["service-doc"]["href"]).headers["content-type"].startswith("text/html")

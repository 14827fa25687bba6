"""esri-leaflet, as its users run it, in a real browser against the feature service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.server.sites import Site

ROOT = Path(__file__).parents[2]
HTML = "text/html"
PAGE = "<div id=map style='width:800px;height:600px'></div>"
SCRIPTS = ("leaflet/dist/leaflet.js", "esri-leaflet/dist/esri-leaflet.js")


@pytest.fixture
def page(chromium: Browser, made_up_site: Site) -> Iterator[Page]:
    """A page of another site: what it reads it reads by CORS."""
    opened = chromium.new_page(viewport={"width": 800, "height": 600})
    opened.route("**/another-site", lambda route: route.fulfill(body=PAGE, content_type=HTML))
    opened.goto(made_up_site.url.replace("127.0.0.1", "localhost") + "/another-site")
    for script in SCRIPTS:
        opened.add_script_tag(content=(ROOT / "node_modules" / script).read_text("utf-8"))
    yield opened
    opened.close()


def address(site: Site, layer: str) -> str:
    service = f"{site.url}/rest/services/{site.catalog.store.zone().id}/FeatureServer"
    return f"{service}/{site.catalog.store.numbers()[layer]}"


def test_a_feature_layer_draws_what_is_in_view(page: Page, made_up_site: Site) -> None:
    """It asks cell by cell with envelopes, and gets each feature once."""
    drawn = page.evaluate(
        """(url) => new Promise((resolve, reject) => {
            const map = L.map("map").setView([50.2, 10.4], 9);
            const layer = L.esri.featureLayer({url, simplifyFactor: 0.5, precision: 6,
                pointToLayer: (_, at) => L.circleMarker(at)}).addTo(map);
            layer.on("requesterror", (error) => reject(new Error(error.message)));
            layer.on("load", () => {
                const ids = new Set();
                layer.eachFeature((one) => ids.add(one.feature.id));
                resolve(ids.size);
            });
        })""",
        address(made_up_site, "viele"),
    )
    # the cells reach beyond the view; each cell gives at most one page
    assert 2_000 < drawn <= 10_001


def test_queries_find_the_same_as_the_store(page: Page, made_up_site: Site) -> None:
    found = page.evaluate(
        """async (url) => {
            const ask = (query, run) => new Promise((resolve, reject) =>
                query[run]((error, result) =>
                    error ? reject(new Error(error.message)) : resolve(result)));
            const near = L.latLng(50.2, 10.4);
            return {
                count: await ask(L.esri.query({url}).where("nr < 100"), "count"),
                ids: await ask(L.esri.query({url}).where("art='b' AND nr < 7"), "ids"),
                bounds: (await ask(L.esri.query({url}).where("nr < 100"), "bounds")).toBBoxString(),
                near: (await ask(L.esri.query({url}).nearby(near, 500), "run")).features.length,
                within: (await ask(L.esri.query({url})
                    .within(L.latLngBounds([50.1, 10.3], [50.11, 10.32])), "run")).features.length,
                sorted: (await ask(L.esri.query({url}).orderBy("nr", "DESC").limit(3)
                    .fields(["nr", "name"]), "run")).features.map((one) => one.properties.nr),
                page: (await ask(L.esri.query({url}).offset(10000), "run")).features.length,
                long: (await ask(L.esri.query({url})
                    .where(`nr IN (${[...Array(700).keys()].map((n) => n + 1000)})`), "count")),
            };
        }""",
        address(made_up_site, "viele"),
    )
    assert found["count"] == 100
    assert found["ids"] == [2, 5]
    assert found["sorted"] == [9_998, 9_999, 10_000]  # which it turns round
    assert found["page"] == 1
    assert found["long"] == 700
    assert found["near"] > 0 < found["within"]
    west, _south, east, _north = map(float, found["bounds"].split(","))
    assert 9 < west < east < 12


def test_what_is_wrong_reaches_the_client(page: Page, made_up_site: Site) -> None:
    error = page.evaluate(
        """(url) => new Promise((resolve) => L.esri.query({url}).where("nowhere = 1")
            .run((error) => resolve({code: error.code, message: error.message})))""",
        address(made_up_site, "viele"),
    )
    assert error["code"] == 400
    assert "nowhere" in error["message"]


def test_metadata_and_a_whole_polygon_layer(page: Page, made_up_site: Site) -> None:
    found = page.evaluate(
        """async (url) => {
            const answer = (start) => new Promise((resolve, reject) => start((error, result) =>
                error ? reject(new Error(error.message)) : resolve(result)));
            const metadata = await answer((done) => L.esri.featureLayer({url}).metadata(done));
            const features = await answer((done) => L.esri.query({url}).run(done));
            return [metadata.geometryType, features.features.map((one) => one.geometry.type)];
        }""",
        address(made_up_site, "kreise"),
    )
    # esri-leaflet turns the order of Esri's JSON round
    assert found == ["esriGeometryPolygon", ["MultiPolygon", "Polygon", "Polygon"]]

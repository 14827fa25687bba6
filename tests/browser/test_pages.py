"""The pages of the data service in a browser: their maps, nothing serious for axe, nothing runs."""

import pytest
from playwright.sync_api import Page, expect

from layers.model import Query
from tests.browser.axe import serious
from tests.browser.visits import Visits, read
from tests.server.sites import Site

KINDS = (
    "/collections",
    "/collections/{layer}",
    "/collections/{layer}/items",
    "/collections/{layer}/items/{feature}",
    "/collections/{layer}/queryables",
    "/collections/{layer}/tiles/WebMercatorQuad",
    "/conformance",
    "/api",
)
PINNED = ("site", "park", "township", None)


def sites_layer(site: Site) -> str:
    layers = site.catalog.store.layers()
    return next(one.id for one in layers if one.role == "sites" and one.schema.geometry == "Point")


def drawn(page: Page) -> Page:
    page.wait_for_selector("html[data-map=drawn]", state="attached")
    return page


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
def test_axe(bundled_site: Site, visits: Visits, lang: str, theme: str, phone: bool) -> None:
    layer = sites_layer(bundled_site)
    url = bundled_site.url
    page = visits.open(url, path=KINDS[0], drawn=False, reader=lang, system=theme, phone=phone)
    for path in (one.format(layer=layer, feature=bundled_site.feature_of(layer)) for one in KINDS):
        page.goto(f"{url}{path}")
        if "/items" in path:
            drawn(page)
        assert serious(page) == [], path
        assert read(page, "() => document.documentElement.scrollWidth <= window.innerWidth"), path


def test_the_map_draws_what_has_a_place(bundled_site: Site, visits: Visits) -> None:
    store = bundled_site.catalog.store
    layer = store.layer(sites_layer(bundled_site))
    field = layer.schema.with_role("placement")
    features = list(store.features(layer.id, Query()))
    placed = [
        one
        for one in features
        if one.geometry and (field is None or one.properties[field.name] in PINNED)
    ]
    path = f"/collections/{layer.id}/items"
    page = drawn(visits.open(bundled_site.url, path=path, drawn=False, reader="en"))
    pins = page.locator("a.pin")
    assert pins.count() == len(placed)
    assert str(len(placed)) in page.locator("#map-note").inner_text()
    # None stands on another, and each leads to its own page.
    boxes = {str(one.bounding_box()) for one in pins.all()}
    assert len(boxes) == len(placed)
    pins.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}/*")
    assert drawn(page).locator("span.pin").count() == 1


def test_the_theme_is_kept_from_page_to_page(bundled_site: Site, visits: Visits) -> None:
    page = visits.open(bundled_site.url, path="/collections", drawn=False)
    page.locator("#theme").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".layer-list h2 a").first.click()
    page.wait_for_url("**/collections/*")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_pages_can_be_read_without_scripts(bundled_site: Site, visits: Visits) -> None:
    layer = sites_layer(bundled_site)
    path = f"/collections/{layer}/items"
    page = visits.open(bundled_site.url, path=path, drawn=False, script=False)
    assert page.locator("tbody tr").count() == bundled_site.catalog.store.count(layer, Query())
    page.locator("summary").click()
    assert page.locator("details li").count() > 1
    assert not page.locator("#theme").is_visible()


def test_nothing_in_the_data_runs(made_up_site: Site, visits: Visits) -> None:
    """`visits` counts every dialog, every error and every breach of the policy."""
    page = visits.open(made_up_site.url, path="/collections", drawn=False)
    for layer in made_up_site.catalog.store.layers():
        paths = [f"/collections/{layer.id}", f"/collections/{layer.id}/items"]
        features = made_up_site.catalog.store.features(layer.id, Query(limit=10))
        few = list(features) if layer.role == "sites" and layer.id == "werke" else []
        for path in [*paths, *(f"{paths[1]}/{one.id}" for one in few)]:
            page.goto(f"{made_up_site.url}{path}")
            if page.locator("#small-map").count():
                drawn(page)
            assert page.locator("main img").count() == 0
            assert page.locator("main b[onclick]").count() == 0

"""What fails fails alone: a layer that does not come, a script that does not run."""

from playwright.sync_api import Page

from tests.browser.doors import check_sums, press
from tests.browser.visits import WITHOUT_SCRIPTS, Visits, texts, until_drawn
from tests.browser.world import World, joined, word


def test_a_layer_that_does_not_come(world: World, visits: Visits) -> None:
    """It is named with a way to try again; all others are drawn."""
    lost = next(layer for layer in world.site_layers if layer.visible and len(layer.items) > 3)

    def cut(page: Page) -> None:
        page.route(f"**/downloads/{lost.id}.geojson*", lambda route: route.abort())

    visits.forgive(rf"downloads/{lost.id}\.geojson|Failed to load resource: net::ERR_FAILED")
    page = visits.open(world.url, prepare=cut)
    notice = page.locator("#notice")
    assert word("zh", "status.failed", name=lost.title("zh")) in notice.inner_text()
    check_sums(page, [item for item in world.shown() if item.layer is not lost])
    page.unroute(f"**/downloads/{lost.id}.geojson*")
    page.evaluate("() => delete document.documentElement.dataset.map")
    press(page, "#notice button")
    until_drawn(page)
    assert notice.is_hidden()
    check_sums(page, world.shown())


def test_a_layer_that_answers_nonsense(bundled_world: World, visits: Visits) -> None:
    def spoil(page: Page) -> None:
        page.route("**/downloads/*", lambda route: route.fulfill(status=500, body="no"))

    visits.forgive("Failed to load resource: the server responded with a status of 500")
    page = visits.open(bundled_world.url, prepare=spoil)
    names = joined([layer.title("zh") for layer in bundled_world.layers], "zh")
    told = page.locator("#notice span").inner_text()
    prefix, suffix = word("zh", "status.failed", name="|").split("|")
    assert sorted(told.removeprefix(prefix).removesuffix(suffix).split("、")) == sorted(
        names.split("、")
    )
    assert page.locator(".zoom-tools button").count() == 3


def test_words_that_do_not_come(bundled_world: World, visits: Visits) -> None:
    """Without its words the page says that something is missing, and offers to try again."""

    def mute(page: Page) -> None:
        page.route("**/text/*.json", lambda route: route.abort())

    visits.forgive("/text/|net::ERR_FAILED|console error: TypeError: Failed to fetch")
    page = visits.open(bundled_world.url, prepare=mute, drawn=False)
    notice = page.locator("#notice")
    notice.wait_for(state="visible")
    assert "status." not in notice.inner_text()
    assert notice.locator("button").count() == 1


def test_without_scripts_the_layers_can_be_had(world: World, visits: Visits) -> None:
    visits.forgive(WITHOUT_SCRIPTS)
    visits.forgive("was preloaded using link preload but not used")
    page = visits.open(world.url, script=False, drawn=False)
    assert word("zh", "status.noscript") in page.locator("noscript").inner_text()
    links = page.locator("#panel .layers a")
    assert texts(page, "#panel .layers .count") == [str(len(layer.items)) for layer in world.layers]
    for number, layer in enumerate(world.layers):
        link = links.nth(number)
        assert layer.title("zh") in (link.text_content() or "")
        answer = page.request.get(f"{world.url}{link.get_attribute('href')}")
        assert answer.status == 200
        assert len(answer.json()["features"]) == len(layer.items)
    assert page.locator("#top h1").is_visible()

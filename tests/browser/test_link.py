"""The address is the view: what the reader sees comes back, and a broken link breaks nothing."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.doors import checkbox, press
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World, word

VIEW = """() => {
  const { map } = window.zoneAtlas;
  const { lng, lat } = map.getCenter();
  const checked = [...document.querySelectorAll("#panel .layer input:checked")];
  const radio = document.querySelector("#panel .segments input:checked + span");
  const side = document.getElementById("side");
  return {
    center: [lng, lat].map((degrees) => Number(degrees.toFixed(4))),
    zoom: map.getZoom(),
    layers: checked.map((box) => box.closest("[data-layer]").dataset.layer),
    panel: side.hidden ? null : side.querySelector("h2").textContent,
    collection: radio?.textContent ?? null,
    theme: document.documentElement.dataset.theme,
    lang: document.documentElement.lang,
  };
}"""


def view(page: Page) -> dict[str, Any]:
    settle(page)
    found: dict[str, Any] = read(page, VIEW)
    return found


def test_the_link_brings_the_view_back(world: World, visits: Visits) -> None:
    """Into another browser, of another language and theme."""
    page = visits.open(world.url)
    press(page, "#language")
    page.wait_for_selector('html[lang="en"][data-map=drawn]', state="attached")
    press(page, ".zoom-tools button:first-child")
    settle(page)
    page.mouse.move(800, 500)
    page.mouse.down()
    page.mouse.move(740, 460, steps=5)
    page.mouse.up()
    settle(page)
    other = next(
        layer for layer in world.site_layers if any(item.mentioned for item in layer.items)
    )
    off = next(layer for layer in world.site_layers if layer.visible and layer is not other)
    press(page, f'#panel .layer[data-layer="{off.id}"] input')
    page.locator("#panel .segments label").first.click()
    press(page, "#theme")
    press(page, f'#panel .layer[data-layer="{other.id}"] .layer-name')
    press(page, "#side .row")
    before = view(page)
    assert before["theme"] == "dark"
    assert before["panel"]
    assert not checkbox(page, off.id).is_checked()
    assert before["collection"] == word("en", "mention.mentioned")
    again = visits.open(read(page, "() => location.href"), path="")
    after = view(again)
    # To a pixel: the address holds five decimals and the window has whole pixels.
    assert after.pop("center") == pytest.approx(before.pop("center"), abs=1e-3)
    assert after == before
    assert again.locator("#notice").is_hidden()


def test_an_untouched_view_has_a_plain_address(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    assert page.url == f"{world.url}/"


NASTY = (
    "",
    "<script>window.__xss=1</script>",
    "1e999,1e999",
    "NaN",
    "-1",
    "%00",
    "a" * 1000,
    "../..",
    "__proto__/x",
    "\U0001f4a5",
)
KEYS = ("center", "zoom", "layers", "selected", "filter", "basemap", "theme")


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_a_broken_link_breaks_nothing(bundled_world: World, visits: Visits, nasty: str) -> None:
    """All parameters at once; each that means nothing is named, and the rest of the page stands."""
    visits.forgive("400")  # the server reads filters
    view_of_nothing = dict.fromkeys((*KEYS, "lang"), nasty)
    page = visits.open(bundled_world.url, utm_source="mail", **view_of_nothing)
    notice = page.locator("#notice")
    assert notice.is_visible()
    for key in KEYS:
        # No layers at all is a view like another.
        assert key in notice.inner_text() or (key, nasty) == ("layers", ""), key
    plain = view(page)
    assert plain["panel"] is None
    assert plain["theme"] == "light"
    assert plain["lang"] == "zh-CN"
    assert plain["zoom"] > 0
    assert page.locator(".plate").count() == (len(bundled_world.areas) if nasty else 0)
    assert read(page, "() => window.__xss") is None
    # What was not understood does not stay in the address of the next view.
    press(page, ".zoom-tools button:first-child")
    settle(page)
    kept = parse_qs(urlsplit(page.url).query)
    assert not {"selected", "filter", "basemap"} & set(kept)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"center": "200,95"}, "center"),
        ({"center": "120.9"}, "center"),
        ({"zoom": "0x10"}, "zoom"),
        ({"layers": "nobody,{first}"}, "nobody"),
        ({"selected": "{first}/nobody"}, "selected"),
        ({"theme": "blue"}, "theme"),
        ({"lang": "xx"}, "lang"),
    ],
)
def test_each_broken_part_is_named(
    bundled_world: World, visits: Visits, given: dict[str, str], named: str
) -> None:
    first = bundled_world.site_layers[0].id
    values = {key: value.format(first=first) for key, value in given.items()}
    page = visits.open(bundled_world.url, **values)
    assert named in page.locator("#notice").inner_text()
    if "layers" in given:
        assert view(page)["layers"] == [first]


@pytest.mark.parametrize("zoom", [0, 3, 99])
def test_a_zoom_beyond_the_map_stays_within_it(
    bundled_world: World, visits: Visits, zoom: int
) -> None:
    page = visits.open(bundled_world.url, zoom=zoom)
    limits = read(
        page, "() => [window.zoneAtlas.map.getMinZoom(), window.zoneAtlas.map.getMaxZoom()]"
    )
    assert view(page)["zoom"] == min(max(zoom, limits[0]), limits[1])


def test_a_zoom_goes_with_its_center(bundled_world: World, visits: Visits) -> None:
    """Alone the zoom would show a place that nobody asked for: one notice names both."""
    home = view(visits.open(bundled_world.url))
    page = visits.open(bundled_world.url, center="abc", zoom=99)
    assert view(page) == home
    notice = page.locator("#notice").inner_text()
    assert notice == word("zh", "status.bad_link", names="center、zoom")

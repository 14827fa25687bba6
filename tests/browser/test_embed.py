"""The map in other people's pages, which have their own port and a strict policy."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import CDPSession, Frame, Page, expect

from tests.browser.axe import serious
from tests.browser.hosts import Host, hosting
from tests.browser.visits import Visits, read, until
from tests.browser.world import World, word
from tests.server.sites import Site, serving

LISTEN = """
window.said = [];
window.addEventListener("message", ({ origin, data }) => window.said.push({ origin, ...data }));
window.tell = (data) => document.querySelector("iframe")
  .contentWindow.postMessage({ zoneAtlas: 1, ...data }, "*");
"""
SHEET = "iframe { width: 100%; max-width: 800px; height: 500px; border: 0; display: block; }"


class Neighbours(NamedTuple):
    """A map, a page that may talk with it, and one that may only show it."""

    site: Site
    friend: Host
    stranger: Host


@pytest.fixture(scope="module", params=["bundled", "made_up"])
def near(request: pytest.FixtureRequest) -> Iterator[Neighbours]:
    catalog = request.getfixturevalue(f"{request.param}_site").catalog
    with (
        hosting() as friend,
        hosting() as stranger,
        serving(catalog, embed_message_origins=(friend.url,)) as site,
    ):
        friend.map = stranger.map = site.url
        yield Neighbours(site, friend, stranger)


def frame_of(page: Page, number: int = 0) -> Frame:
    """The map in the frame, once it is drawn."""
    page.locator("iframe, zone-atlas").nth(number).scroll_into_view_if_needed()
    for _ in range(200):
        frames = [one for one in page.frames if one != page.main_frame]
        if len(frames) > number:
            break
        page.wait_for_timeout(50)
    frame = frames[number]
    frame.wait_for_selector("html[data-map=drawn]", state="attached")
    return frame


def in_frame(near: Neighbours, visits: Visits, host: Host, query: str = "", **more: Any) -> Page:
    address = host.page(
        f'<p>before</p><iframe src="{near.site.url}/embed{query}" title="map"></iframe>',
        LISTEN,
        SHEET,
    )
    return visits.open(address, path="", drawn=False, **more)


def zoom(frame: Frame) -> float:
    found: float = frame.evaluate("() => window.zoneAtlas.map.getZoom()")
    return found


def test_the_wheel_is_the_page_s(near: Neighbours, visits: Visits) -> None:
    page = in_frame(near, visits, near.stranger)
    frame = frame_of(page)
    before = zoom(frame)
    box = page.locator("iframe").bounding_box()
    assert box
    page.mouse.move(box["x"] + 500, box["y"] + 250)
    page.mouse.wheel(0, 400)
    until(page, "window.scrollY > 300")
    assert zoom(frame) == before
    hint = frame.locator(".gesture-hint")
    expect(hint).to_have_text(word("zh", "embed.wheel"))
    page.mouse.wheel(0, -1000)
    until(page, "window.scrollY === 0")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    until_zoomed(frame, before)
    assert read(page, "() => window.scrollY") == 0


def until_zoomed(frame: Frame, before: float) -> None:
    for _ in range(100):
        if zoom(frame) > before:
            return
        frame.page.wait_for_timeout(20)
    pytest.fail("the wheel with Ctrl did not zoom")


def until_still(page: Page) -> None:
    """A page that a finger has thrown goes on for a while."""
    last = -1.0
    while (now := read(page, "() => window.scrollY")) != last:
        last = now
        page.wait_for_timeout(100)


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    spots = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})


def test_two_fingers_move_the_map_and_one_the_page(near: Neighbours, visits: Visits) -> None:
    page = in_frame(near, visits, near.stranger, phone=True)
    frame = frame_of(page)
    centre = "() => { const { lat, lng } = window.zoneAtlas.map.getCenter(); return [lat, lng]; }"
    before = frame.evaluate(centre)
    box = page.locator("iframe").bounding_box()
    assert box
    x, y = box["x"] + 150, box["y"] + 250
    fingers = page.context.new_cdp_session(page)
    touch(fingers, "touchStart", (x, y))
    for step in range(1, 9):
        touch(fingers, "touchMove", (x, y - 20 * step))
    expect(frame.locator(".gesture-hint")).to_have_text(word("zh", "embed.finger"))
    touch(fingers, "touchEnd")
    until(page, "window.scrollY > 60")
    assert frame.evaluate(centre) == before
    until_still(page)
    read(page, "() => window.scrollTo(0, 0)")
    until(page, "window.scrollY === 0")
    touch(fingers, "touchStart", (x, y), (x + 60, y))
    for step in range(1, 9):
        touch(fingers, "touchMove", (x, y - 15 * step), (x + 60, y - 15 * step))
        page.wait_for_timeout(20)
    touch(fingers, "touchEnd")
    for _ in range(100):
        if frame.evaluate(centre) != before:
            break
        page.wait_for_timeout(20)
    assert frame.evaluate(centre)[0] < before[0]
    assert read(page, "() => window.scrollY") == 0


def heard(page: Page, kind: str) -> list[dict[str, Any]]:
    until(page, f"window.said.some(({{ type }}) => type === '{kind}')")
    found: list[dict[str, Any]] = read(page, "() => window.said")
    return [one for one in found if one["type"] == kind]


def test_a_page_that_may_talks_with_it(near: Neighbours, visits: Visits) -> None:
    page = in_frame(near, visits, near.friend)
    frame_of(page)
    [ready] = heard(page, "ready")
    assert ready["origin"] == near.site.url
    assert ready["filter"] is None
    read(page, "() => window.tell({ type: 'setView', center: [120.9, 31.05], zoom: 12 })")
    view = heard(page, "view")[-1]
    assert view["center"] == pytest.approx([120.9, 31.05], abs=1e-3)
    assert view["zoom"] == 12
    read(page, "() => window.tell({ type: 'setLayers', layers: ['nobody'] })")
    [refused] = heard(page, "refused")
    assert refused["parameters"] == ["layers"]
    visits.forgive("400 .Bad Request")
    read(page, "() => window.tell({ type: 'setFilter', filter: '((' })")
    until(page, "window.said.filter(({ type }) => type === 'refused').length === 2")
    assert heard(page, "refused")[-1]["reason"]
    layer = ready["layers"][-1]
    read(page, f"() => window.tell({{ type: 'setLayers', layers: ['{layer}'] }})")
    shown = f"type === 'filter' && layers.join() === '{layer}'"
    until(page, f"window.said.some(({{ type, layers }}) => {shown})")
    read(page, "() => window.tell({ type: 'getState' })")
    assert heard(page, "state")[-1]["layers"] == [layer]


def test_a_page_that_may_not_hears_nothing(near: Neighbours, visits: Visits) -> None:
    page = in_frame(near, visits, near.stranger)
    frame = frame_of(page)
    before = zoom(frame)
    for data in ("{ type: 'setView', center: [0, 0], zoom: 3 }", "{ type: 'getState' }"):
        read(page, f"() => window.tell({data})")
    page.wait_for_timeout(300)
    assert read(page, "() => window.said") == []
    assert zoom(frame) == before


@pytest.mark.parametrize(
    "data",
    [
        "null",
        "'setView'",
        "{ type: 'setView', zoom: 3 }",
        "{ zoneAtlas: 2, type: 'setView', zoom: 3, center: [0, 0] }",
        "{ zoneAtlas: 1, type: '__proto__' }",
        "{ zoneAtlas: 1, type: 'setView', center: ['<img>', {}], zoom: {} }",
        "{ zoneAtlas: 1, type: 'select', item: 'x'.repeat(100000) }",
    ],
)
def test_what_is_no_command_changes_nothing(near: Neighbours, visits: Visits, data: str) -> None:
    page = in_frame(near, visits, near.friend)
    frame = frame_of(page)
    heard(page, "ready")
    before = frame.url
    read(page, f"() => frames[0].postMessage({data}, '*')")
    read(page, "() => window.tell({ type: 'getState' })")
    heard(page, "state")
    assert frame.url == before


def test_the_element(near: Neighbours, visits: Visits) -> None:
    """Two on one page; attributes lead the map, what it says leads them; gone and back again."""
    visits.forgive("ERR_ABORTED")  # a frame that is taken away while it loads
    script = f"""
import "{near.site.url}/embed.js";
window.said = [];
for (const one of document.querySelectorAll("zone-atlas"))
  for (const type of ["ready", "view"])
    one.addEventListener(type, ({{ detail }}) => window.said.push({{ type, ...detail }}));
"""
    two = '<zone-atlas heading="一 <b>" zoom="9"></zone-atlas><zone-atlas lang="en"></zone-atlas>'
    page = visits.open(near.friend.page(two, script), path="", drawn=False)
    first, second = frame_of(page, 0), frame_of(page, 1)
    assert first.locator("h1").inner_text() == "一 <b>"
    assert second.evaluate("() => document.documentElement.lang") == "en"
    heard(page, "ready")
    box = page.locator("zone-atlas").first.bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(1.5, rel=0.01)
    read(
        page,
        "() => document.querySelector('zone-atlas')"
        ".send('setView', { zoom: 11, center: [120.9, 31] })",
    )
    until(page, "document.querySelector('zone-atlas').getAttribute('zoom') === '11'")
    assert zoom(first) == 11
    read(page, "() => { document.querySelector('zone-atlas').setAttribute('theme', 'dark'); }")
    until(
        page,
        "document.querySelector('zone-atlas').shadowRoot.querySelector('iframe')"
        ".src.includes('theme=dark')",
    )
    read(
        page,
        "() => { const one = document.querySelector('zone-atlas'); one.remove();"
        " document.querySelector('main').append(one); }",
    )
    again = frame_of(page, 1)
    assert again.evaluate("() => document.documentElement.dataset.theme") == "dark"


def test_it_takes_no_focus_from_the_page(near: Neighbours, visits: Visits) -> None:
    """Neither when it opens with something selected nor at a command."""
    site = near.site
    layer = next(one.id for one in site.of_role("sites") if one.visible)
    key = f"{layer}/{site.feature_of(layer)}"
    address = near.friend.page(
        f'<input><iframe src="{site.url}/embed?selected={key}" title="map"></iframe>', LISTEN, SHEET
    )
    page = visits.open(address, path="", drawn=False)
    page.locator("input").focus()
    frame = frame_of(page)
    expect(frame.locator("#side h2")).to_be_visible()
    heard(page, "ready")
    read(page, "() => window.tell({ type: 'select', item: null })")
    expect(frame.locator("#side")).to_be_hidden()
    read(page, f"() => window.tell({{ type: 'select', item: {key!r} }})")
    expect(frame.locator("#side h2")).to_be_visible()
    assert read(page, "() => document.activeElement.tagName") == "INPUT"


@pytest.mark.parametrize("title", ["<img src=x onerror=alert(1)>", "\u202eabc", "长" * 500])
def test_titles_are_text(near: Neighbours, visits: Visits, title: str) -> None:
    page = visits.open(near.site.url, path="/embed", title=title)
    assert page.locator("h1").inner_text() == title[:200]
    assert page.locator("h1 *").count() == 0
    assert read(page, "() => document.documentElement.scrollWidth <= innerWidth")


def test_what_it_shows_of_itself(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, path="/embed", reader="en", nonsense="1")
    for shown in ("#panel", "#totals", "#whole", "#strip", ".tray-title"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in ("#search", ".filters", "#headline", "#bar", "#download", "#language"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#notice")).to_contain_text("nonsense")
    assert serious(page) == []
    page.locator("#whole").focus()
    assert page.locator("#whole").get_attribute("href") == "/?nonsense=1"
    options = {"legend": 0, "search": 1, "locked": 1, "theme": "dark"}
    other = visits.open(bundled_world.url, path="/embed", **options)
    expect(other.locator("#panel")).to_be_hidden()
    expect(other.locator("#search")).to_be_visible()
    expect(other.locator(".zoom-tools")).to_be_hidden()
    assert serious(other) == []
    assert read(other, "() => window.zoneAtlas.map.dragging.enabled()") is False


@pytest.mark.parametrize(("width", "height"), [(600, 400), (320, 480)])
def test_a_small_frame_is_mostly_map(world: World, visits: Visits, width: int, height: int) -> None:
    page = visits.open(world.url, path="/embed")
    page.set_viewport_size({"width": width, "height": height})
    box = page.locator("#map").bounding_box()
    assert box
    assert box["height"] >= height * 0.6
    assert box["width"] == pytest.approx(width)
    assert serious(page) == []

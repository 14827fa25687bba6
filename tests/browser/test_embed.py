"""The map in other people's pages, which have their own port and a strict policy."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, CDPSession, Frame, Page, expect

from tests.browser.axe import serious
from tests.browser.filters import cql
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


@pytest.fixture(scope="module")
def talking(near: Neighbours, chromium: Browser) -> Iterator[Page]:
    """One page for all that changes nothing."""
    visits = Visits(chromium)
    page = in_frame(near, visits, near.friend)
    heard(page, "ready")
    yield page
    assert visits.close() == []


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


Said = list[tuple[str, dict[str, Any]]]

STANDS_STILL = """() => {
  const { map } = window.zoneAtlas;
  const isMoving = map._animatingZoom || map._panAnim?._inProgress;
  return !isMoving && !document.querySelector("[aria-busy]");
}"""
TWO_FRAMES = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"""


def ordered(page: Page, wait_for: str | None = None, **command: Any) -> Said:
    """All that the map says after a command, until it stands still and answers another one."""
    frame = frame_of(page)
    read(page, "() => { window.said = []; }")
    read(page, "(command) => window.tell(command)", command)
    if wait_for:
        heard(page, wait_for)
    for _ in range(2):  # a pan begins with the next frame, and what it leads to after its end
        frame.evaluate(TWO_FRAMES)
        for _ in range(100):
            if frame.evaluate(STANDS_STILL):
                break
            page.wait_for_timeout(20)
    read(page, "() => window.tell({ type: 'getState' })")
    heard(page, "state")
    said = [dict(one) for one in read(page, "() => window.said")]
    found = [(one.pop("type"), one) for one in said]
    assert found.pop()[0] == "state"
    for _, one in found:
        assert (one.pop("origin"), one.pop("zoneAtlas")) == (frame.url.partition("/embed")[0], 1)
    return found


def state(page: Page) -> dict[str, Any]:
    read(page, "() => { window.said = []; window.tell({ type: 'getState' }); }")
    return heard(page, "state")[-1]


def test_a_page_that_may_talks_with_it(near: Neighbours, visits: Visits) -> None:
    """Each command changes what it names, and only what has changed is told, once."""
    page = in_frame(near, visits, near.friend)
    frame_of(page)
    [ready] = heard(page, "ready")
    assert ready["origin"] == near.site.url
    assert ready["filter"] is None
    there = {"center": [120.9, 31.05], "zoom": 12}
    assert ordered(page, type="setView", **there) == [("view", there)]
    assert ordered(page, type="setView", **there) == []
    [(kind, deeper)] = ordered(page, type="setView", zoom=11)
    assert (kind, deeper["zoom"]) == ("view", 11)
    assert deeper["center"] == pytest.approx([120.9, 31.05], abs=1e-3)
    [(kind, moved)] = ordered(page, type="setView", center=[120.95, 31.05])
    assert kind == "view"
    assert moved["center"] == pytest.approx([120.95, 31.05], abs=1e-3)  # to a pixel
    assert moved["zoom"] == 11
    layer = ready["layers"][-1]
    [(kind, alone)] = ordered(page, type="setLayers", layers=[layer])
    assert (kind, alone["layers"]) == ("filter", [layer])
    assert ordered(page, type="setLayers", layers=[layer]) == []
    said = ordered(page, type="setLayers", layers=list(reversed(ready["layers"])))
    assert said == [("filter", {**alone, "layers": ready["layers"], "count": ready["count"]})]
    assert state(page)["center"] == pytest.approx(moved["center"], abs=1e-3)
    assert state(page)["zoom"] == 11


def test_select_moves_the_map_only_to_show_what_it_opens(near: Neighbours, visits: Visits) -> None:
    world = World.of(near.site)
    item = next(one for one in world.shown() if one.home == "map" and one.point)
    assert item.point
    east, north = item.point
    page = in_frame(near, visits, near.friend)
    frame = frame_of(page)
    ordered(page, type="setView", center=[east, north], zoom=12)
    # To the right edge of the frame, which is 800 pixels wide.
    ordered(page, type="setView", center=[east - 395 * 360 / (256 * 2**12), north])
    before = state(page)
    said = ordered(page, type="select", item=item.key)
    assert said[0] == ("select", {"item": item.key})
    assert len(said) == 2, said
    kind, view = said[1]
    assert kind == "view"
    assert view["zoom"] == 12
    assert view["center"][0] > before["center"][0]
    place = "([x, y]) => window.zoneAtlas.map.latLngToContainerPoint([y, x])"
    seen = frame.evaluate(place, [east, north])
    box = frame.locator("#map").bounding_box()
    assert box
    assert 0 < seen["x"] < box["width"]
    assert state(page)["center"] == pytest.approx(view["center"], abs=1e-3)
    assert ordered(page, type="select", item=item.key) == []
    said = ordered(page, type="select", item=None)
    assert said == [("select", {"item": None})]
    expect(frame.locator("#side")).to_be_hidden()


def test_a_filter_is_told_once_it_is_in_force(near: Neighbours, visits: Visits) -> None:
    """One that the server refuses is no filter at any time, nor is a part of it."""
    visits.forgive("400 .Bad Request")
    world = World.of(near.site)
    item = next(one for one in world.shown() if one.home == "map")
    field = next(one for one in item.layer.fields if one.get("role") == "district")
    own = cql(field, item.districts[0])
    page = in_frame(near, visits, near.friend)
    frame_of(page)
    [ready] = heard(page, "ready")
    refused = ordered(page, "refused", type="setFilter", filter="((")
    assert [kind for kind, _ in refused] == ["refused"]
    assert refused[0][1]["reason"]
    refused = ordered(page, "refused", type="setFilter", filter=f"{own} AND no=1")
    assert [kind for kind, _ in refused] == ["refused"]
    kept = state(page)
    assert all(kept[name] == ready[name] for name in ("layers", "filter", "q", "area", "count"))
    [(kind, said)] = ordered(page, "filter", type="setFilter", filter=own)
    assert kind == "filter"
    assert 0 < said["count"] < ready["count"]
    assert said["layers"] == ready["layers"]
    assert ordered(page, type="setFilter", filter=said["filter"]) == []
    key = f"id='{item.feature['id']}'"
    [(kind, one)] = ordered(page, "filter", type="setFilter", filter=f"{own} AND {key}")
    assert kind == "filter"
    assert one["filter"] in (f"{said['filter']} AND ({key})", f"{said['filter']} AND {key}")
    found = near.site.json("/matches", params={"filter": one["filter"]})["layers"]
    assert one["count"] == sum(of["matched"] for of in found if of["id"] in one["layers"])
    [(kind, none)] = ordered(page, "filter", type="setFilter", filter=None)
    assert (kind, none["filter"], none["count"]) == ("filter", None, ready["count"])


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ({"type": "setView", "center": [999, 0], "zoom": 9}, ["center"]),
        ({"type": "setView", "center": "120,31"}, ["center"]),
        ({"type": "setView", "center": [120.9, 31.1], "zoom": "9"}, ["zoom"]),
        ({"type": "setView", "center": {}, "zoom": -1}, ["center", "zoom"]),
        ({"type": "setView"}, ["center", "zoom"]),
        ({"type": "setFilter", "filter": {}}, ["filter"]),
        ({"type": "setFilter", "filter": " "}, ["filter"]),
        ({"type": "setLayers", "layers": ["nobody"]}, ["layers"]),
        ({"type": "setLayers", "layers": "nobody"}, ["layers"]),
        ({"type": "setLayers", "layers": [{}]}, ["layers"]),
        ({"type": "select", "item": 7}, ["item"]),
        ({"type": "select"}, ["item"]),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    talking: Page, command: dict[str, Any], wrong: list[str]
) -> None:
    before = state(talking)
    said = ordered(talking, "refused", **command)
    assert said == [("refused", {"command": command["type"], "parameters": wrong})]
    assert state(talking) == before


@pytest.mark.parametrize("name", ["fly", "__proto__", "toString", "x" * 1000])
def test_an_unknown_command_is_refused(talking: Page, name: str) -> None:
    [(kind, said)] = ordered(talking, "refused", type=name)
    assert (kind, said["command"], said["parameters"]) == ("refused", name[:80], [])
    assert "setView" in said["reason"]
    assert ordered(talking, type="refused") == []


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

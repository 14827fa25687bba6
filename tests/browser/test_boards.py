"""The dialog of boards: what it shows is what is printed, and that is what the page shows."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.doors import press
from tests.browser.visits import Visits, read, settle
from tests.browser.world import World, word

HOSTILE = "示范 <img src=x onerror=alert(1)>"
PICTURE = ".boarding-sheet img"
DRAWN = ".boarding-sheet[aria-busy=false] img"
# Of paper and of its picture on the screen.
ROOM = """() => {
  const box = (one) => document.querySelector(one).getBoundingClientRect().toJSON();
  const { naturalWidth, naturalHeight } = document.querySelector(".boarding-sheet img");
  const [sheet, desk] = [box(".boarding-sheet"), box(".boarding-desk")];
  const dialog = document.querySelector("dialog");
  return { sheet, desk, picture: [naturalWidth, naturalHeight],
    scrolls: dialog.scrollHeight > dialog.clientHeight };
}"""


def opened(page: Page, lang: str = "zh") -> None:
    press(page, "#share")
    page.get_by_role("button", name=word(lang, "board.open")).click()


def asked(address: str | None) -> dict[str, str]:
    query = parse_qs(urlsplit(address or "").query, keep_blank_values=True)
    return {name: value for name, [value] in query.items()}


def preview(page: Page, /, **parts: str) -> dict[str, str]:
    """What the picture is asked by, once it is one of these parts."""
    said = "".join(f"[src*='{name}={value}']" for name, value in parts.items())
    page.wait_for_selector(DRAWN + said)
    return asked(page.locator(PICTURE).get_attribute("src"))


def check_room(page: Page, width: float, height: float) -> None:
    """The whole sheet is seen, of the paper's proportions, and so is its picture."""
    room = read(page, ROOM)
    sheet, desk = room["sheet"], room["desk"]
    assert sheet["width"] / sheet["height"] == pytest.approx(width / height, rel=0.01)
    assert desk["left"] < sheet["left"] < sheet["right"] < desk["right"]
    assert desk["top"] < sheet["top"] < sheet["bottom"] < desk["bottom"]
    assert room["picture"] == pytest.approx([width / 25.4 * 96, height / 25.4 * 96], abs=1.5)


def test_what_is_chosen_is_printed(world: World, visits: Visits) -> None:
    visits.forgive("ERR_ABORTED")  # a preview, when the next one takes its place
    item = next(item for item in world.sites if item.home == "map" and item.layer.visible)
    [name, *_] = [field["name"] for field in item.layer.fields_of("name")]
    view = f"{name} LIKE '{item.role('name')[0]}%'"
    page = visits.open(world.url, filter=view, system="dark", utm_source="mail")
    press(page, ".zoom-tools button:first-child")
    settle(page)
    totals = page.locator("#totals b").inner_text()
    opened(page)
    query = preview(page)
    assert not set(query) & {"theme", "slides", "title", "map_scale", "utm_source"}
    assert (query["filter"], query["lang"], query["page"]) == (view, "zh", "1")
    extent = [float(one) for one in query["extent"].split(",")]
    edges = read(page, "() => zoneAtlas.map.getBounds().toBBoxString().split(',').map(Number)")
    assert [one % 360 for one in extent] == pytest.approx([one % 360 for one in edges], abs=1e-4)
    check_room(page, 297, 210)

    dialog = page.locator(".boarding")
    dialog.get_by_label(word("zh", "board.paper_a3")).check()
    dialog.get_by_label(word("zh", "board.orientation_portrait")).check()
    dialog.get_by_label(word("zh", "board.heading"), exact=True).fill(HOSTILE)
    dialog.get_by_label(word("zh", "board.subtitle")).fill("")
    dialog.get_by_label(word("zh", "board.scale")).select_option("500000")
    dialog.get_by_label(word("zh", "board.shown_whole")).check()
    query = preview(page, paper="A3", orientation="portrait", map_scale="500000")
    assert not set(query) & {"extent", "center", "zoom"}
    assert (query["title"], query["subtitle"]) == (HOSTILE, "")
    check_room(page, 297, 420)
    assert dialog.locator("img").count() == 1

    pdf, png = page.locator(".boarding-files a").all()
    del query["dpi"]
    assert asked(png.get_attribute("href")) == query
    del query["page"]
    assert asked(pdf.get_attribute("href")) == query
    with page.expect_download() as download:
        pdf.click()
    document = pypdfium2.PdfDocument(Path(download.value.path()).read_bytes())
    assert document[0].get_size() == pytest.approx((297 / 25.4 * 72, 420 / 25.4 * 72), abs=1)
    text = re.sub(r"\s+", "", document[0].get_textpage().get_text_bounded())
    assert re.sub(r"\s+", "", HOSTILE) in text
    assert re.sub(r"\s+", "", totals) in text
    assert "1:500,000" in text
    said = word("zh", "board.page", page=1, pages=len(document))
    expect(page.locator(".boarding-pages p")).to_have_text(said)


def test_by_keys_alone(bundled_world: World, visits: Visits) -> None:
    visits.forgive("ERR_ABORTED")
    page = visits.open(bundled_world.url)
    press(page, "#share")
    opener = page.get_by_role("button", name=word("zh", "board.open"))
    opener.focus()
    page.keyboard.press("Enter")
    # The whole map is shown as long as the reader has not moved it.
    assert page.locator("[name=board-shown]:checked").get_attribute("value") == "whole"
    expect(page.locator(".boarding .close")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("会")  # what stood there was marked
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    query = preview(page, paper="A3")
    assert query["title"] == "会"
    met = []
    for _ in range(6):
        page.keyboard.press("Tab")
        met.append(read(page, "() => document.activeElement.name || document.activeElement.text"))
    files = [word("zh", "board.pdf"), word("zh", "board.png_page", page=1)]
    assert met == ["board-orientation", "board-shown", None, None, *files]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    pages = int(re.findall(r"\d+", page.locator(".boarding-pages p").inner_text())[1])
    assert pages > 1
    for number in range(2, pages + 1):
        page.keyboard.press("Enter")
        preview(page, page=str(number))
        said = word("zh", "board.page", page=number, pages=pages)
        expect(page.locator(".boarding-pages p")).to_have_text(said)
    # There is no further one; the focus is on the way back.
    expect(page.get_by_role("button", name=word("zh", "board.page_back"))).to_be_focused()
    assert asked(page.locator(".boarding-files a").last.get_attribute("href"))["page"] == str(pages)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_server_that_does_not_answer(bundled_world: World, visits: Visits) -> None:
    visits.forgive("ERR_FAILED")
    page = visits.open(bundled_world.url, system="dark")
    page.route("**/board.png?*", lambda route: route.abort())
    opened(page)
    sheet = page.locator(".boarding-sheet")
    expect(sheet.get_by_role("alert")).to_have_text(word("zh", "board.failed"))
    assert serious(page) == []
    page.unroute("**/board.png?*")
    sheet.get_by_role("button", name=word("zh", "status.retry")).click()
    page.wait_for_selector(DRAWN)
    assert serious(page) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_refused_is_said(made_up_world: World, visits: Visits, lang: str) -> None:
    visits.forgive("400 .Bad Request")
    page = visits.open(made_up_world.url, reader=lang)
    detail = "layers: <img src=x onerror=alert(1)>"
    problem = {"status": 400, "detail": detail, "parameter": "layers", "got": "x"}
    page.route("**/board.png?*", lambda route: route.fulfill(status=400, json=problem))
    opened(page, lang)
    said = detail if lang == "en" else word("zh", "board.refused")
    expect(page.locator(".boarding-sheet").get_by_role("alert")).to_have_text(said)
    assert page.locator(".boarding-files a[href]").count() == 0
    assert serious(page) == []


def test_on_a_phone(made_up_world: World, visits: Visits) -> None:
    page = visits.open(made_up_world.url, reader="en", system="dark", phone=True)
    press(page, "#download")
    page.locator(".preset.board").click()
    page.wait_for_selector(DRAWN)
    page.locator(".boarding").get_by_label(word("en", "board.orientation_portrait")).check()
    preview(page, orientation="portrait")
    check_room(page, 210, 297)
    assert page.locator(".boarding").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert read(page, "() => document.documentElement.scrollWidth <= innerWidth")
    sizes = """() => [...document.querySelectorAll("dialog :is(a, button, select, label)")]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => one.getBoundingClientRect().height)"""
    assert min(read(page, sizes)) >= 44
    assert serious(page) == []


def test_a_map_in_another_page_has_none(made_up_world: World, visits: Visits) -> None:
    """Nor has one that is a file (test_onefile.py)."""
    page = visits.open(made_up_world.url, path="/embed")
    for way in page.locator("#share, #download, .share").all():
        assert way.is_hidden()

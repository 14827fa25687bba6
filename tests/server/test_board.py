"""Boards: what is on the paper, that it is true, and what is refused."""

import re
from io import BytesIO
from itertools import combinations
from typing import Any
from urllib.parse import quote, urlencode

import pypdfium2 as pdfium
import pytest
from PIL import Image
from pyproj import Geod

from layers.catalog import Catalog
from layers.model import Query
from tests.server.paper import MISSING, Ink, embedded_fonts, inks, said, sizes, texts
from tests.server.sites import Site, serving
from tests.server.test_picture_requests import BROKEN, XSS

MM = 72 / 25.4
SIDES = {"A4": (210, 297), "A3": (297, 420)}
PAPERS = [(paper, way) for paper in SIDES for way in ("landscape", "portrait")]
OF_BOARDS = {
    "paper": ["A5", "a4", ""],
    "orientation": ["x", ""],
    "map_scale": ["499", "1e5", "-1", "x", "1000000001", ""],
    "extent": ["1,2,3", "1,2,3,4,5", "0,1,1,0", "-181,0,1,1", "0,0,1,91", "a,b,c,d", ""],
    "subtitle": ["x" * 201],
}
OF_PNG = {"page": ["0", "61", "x", ""], "dpi": ["72", "600", "x"]}
OF_IMAGES = {"width", "height", "scale", "legend", "credit"}


def board(site: Site, **asked: Any) -> bytes:
    answer = site.get("/board.pdf", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def plain(text: str) -> str:
    """As it may be compared: lines are broken at spaces or none."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("paper", "way"), PAPERS)
def test_paper_has_its_size(site: Site, paper: str, way: str) -> None:
    short, long = SIDES[paper]
    width, height = (short, long) if way == "portrait" else (long, short)
    pdf = board(site, paper=paper, orientation=way, lang="en")
    for found in sizes(pdf):
        assert found == pytest.approx((width * MM, height * MM), abs=0.01)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_what_a_printed_map_must_say(site: Site, lang: str) -> None:
    """Title, legend, scale, north, every name once, totals, sources, credit, date, review."""
    pdf = board(site, paper="A3", lang=lang)
    whole = plain(said(pdf))
    store = site.catalog.store
    zone = store.zone()
    words = {"zh": ("图例", "底图", "合计", "北", "内部使用，未送审", "制图日期："),
             "en": ("Legend", "Ground", "Total", "N", "Made")}  # fmt: skip
    for word in words[lang]:
        assert plain(word) in whole
    assert plain(zone.title.of(lang)) in whole
    assert plain(zone.credit.of(lang)) in whole
    assert re.search(r"1:[\d,]+0", whole)
    on = [one for one in site.of_role("sites") if one.visible and store.count(one.id, Query())]
    assert on
    for layer in on:
        assert plain(layer.title.of(lang)) in whole


def test_every_item_of_the_zone_is_listed_once(bundled_site: Site) -> None:
    whole = plain(said(board(bundled_site, paper="A3", lang="zh")))
    store = bundled_site.catalog.store
    names = [
        str(feature.properties["name_zh"])
        for layer in bundled_site.of_role("sites")
        if layer.visible
        for feature in store.features(layer.id, Query())
    ]
    assert len(names) > 50
    assert [one for one in names if plain(one) not in whole] == []
    assert MISSING not in whole


def test_what_it_says_is_in_fonts_of_its_own(site: Site) -> None:
    fonts, files = embedded_fonts(board(site))
    assert fonts == files >= 1


@pytest.mark.parametrize(("paper", "way"), PAPERS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_lies_on_another_or_beyond_the_margin(
    bundled_site: Site, paper: str, way: str, lang: str
) -> None:
    pdf = board(bundled_site, paper=paper, orientation=way, lang=lang)
    for page, (width, height) in enumerate(sizes(pdf)):
        found = inks(pdf, page)
        assert found
        assert [(a.text, b.text) for a, b in combinations(found, 2) if a.overlaps(b)] == []
        for one in found:
            assert 9 * MM < one.left < one.right < width - 9 * MM, one
            assert 9 * MM < one.bottom < one.top < height - 9 * MM, one


def the(found: list[Ink], pattern: str) -> Ink:
    [one] = [one for one in found if re.fullmatch(pattern, one.text)]
    return one


def degrees(text: str) -> float | None:
    match = re.fullmatch(r"(−?)(\d+)°(\d\d)′", text)
    return None if match is None else (-1 if match[1] else 1) * (int(match[2]) + int(match[3]) / 60)


@pytest.mark.parametrize(("paper", "way"), PAPERS)
@pytest.mark.parametrize(
    "asked", [{}, {"map_scale": 120_000}, {"center": "120.6,31.1", "zoom": 10}]
)
def test_the_scale_is_true(bundled_site: Site, paper: str, way: str, asked: dict[str, Any]) -> None:
    """Held against the degrees on the frame, on the ellipsoid."""
    found = inks(board(bundled_site, paper=paper, orientation=way, **asked))
    title = the(found, r"1:[\d,]+")
    scale = int(title.text[2:].replace(",", ""))
    assert scale == asked.get("map_scale", scale)
    assert re.fullmatch(r"[1-9]\d?0+", str(scale))
    # The frame's meridians are written along its top, its parallels down its left edge.
    marks = [(one, lat_or_lon) for one in found if (lat_or_lon := degrees(one.text)) is not None]
    top = max(one.bottom for one, _ in marks)
    meridians = sorted((one.middle[0], value) for one, value in marks if top - one.bottom < 1)
    parallels = [(one.middle[1], value) for one, value in marks if top - one.bottom >= 1]
    (west_x, west), (east_x, east) = meridians[0], meridians[-1]
    middle = sum(value for _, value in parallels) / len(parallels)
    _, _, metres = Geod(ellps="WGS84").inv(west, middle, east, middle)
    assert (east_x - west_x) / 72 * 0.0254 * scale == pytest.approx(metres, rel=0.01)
    # The bar: its ends stand over the middles of what is written under them.
    start = min(
        (one for one in found if one.text == "0"), key=lambda one: abs(one.left - title.left)
    )
    end = next(one for one in found if re.fullmatch(r"[\d.,]+(公里|米)", one.text)
               and abs(one.bottom - start.bottom) < 2)  # fmt: skip
    number = float(end.text.rstrip("公里米").replace(",", ""))
    length = number * (1000 if "公里" in end.text else 1)
    drawn = (end.middle[0] - start.middle[0]) / 72 * 0.0254 * scale
    assert drawn == pytest.approx(length, rel=0.01)


def test_it_counts_what_the_map_counts(site: Site) -> None:
    on = [one for one in site.of_role("sites") if one.visible]
    layers = ",".join(one.id for one in on)
    filters = ["placement = 'township'", "placement IN ('site','park')", "placement IS NULL"]
    for asked in [{}, *({"filter": one} for one in filters)]:
        matches = site.get("/matches", params={**asked, "layers": layers})
        if matches.status_code == 400:
            assert site.get("/board.pdf", params=asked).status_code == 400
            continue
        matched = {one["id"]: one["matched"] for one in matches.json()["layers"]}
        lines = [one.text for one in inks(board(site, lang="en", paper="A3", **asked))]
        number = f"{sum(matched.values()):,}"
        assert any(re.match(rf"{number}\b", line) for line in lines), (asked, number)


def test_numbers_on_the_map_are_those_of_the_list(bundled_site: Site) -> None:
    pdf = board(bundled_site, paper="A3", lang="zh")
    pages = [inks(pdf, page) for page in range(len(sizes(pdf)))]
    frame = the(pages[0], "图例").left
    on_map = [int(one.text) for one in pages[0] if one.right < frame and is_number(one)]
    beside = [one for one in pages[0] if one.left >= frame]
    listed = [int(one.text) for page in (beside, *pages[1:]) for one in page if is_number(one)]
    numbers = in_order(listed)
    assert len(numbers) > 10
    assert set(numbers) <= set(on_map)


def is_number(one: Ink) -> bool:
    return one.text.isascii() and one.text.isdigit()


def in_order(found: list[int]) -> list[int]:
    """1, 2, 3 ... in the order of reading; counts of the legend stand between."""
    wanted, numbers = 1, []
    for one in found:
        if one == wanted:
            numbers.append(one)
            wanted += 1
    return numbers


def test_a_large_zone_ends_somewhere(made_up_site: Site) -> None:
    layers = made_up_site.largest()
    pdf = board(made_up_site, layers=layers, lang="en", paper="A3")
    assert 2 < len(sizes(pdf)) < 60
    assert re.search(r"[\d,]+ more, not listed here", said(pdf))


def test_what_lies_outside_is_counted(bundled_site: Site) -> None:
    near = board(bundled_site, extent="120.95,31.05,121.0,31.12", lang="zh")
    assert re.search(r"图幅之外另有\d+项", said(near))
    whole = board(bundled_site, lang="zh")
    assert "图幅之外" not in said(whole)
    scales = [the(inks(one), r"1:[\d,]+").text[2:].replace(",", "") for one in (near, whole)]
    assert int(scales[0]) < int(scales[1])


@pytest.mark.parametrize("extent", ["179,-17,-179,-15", "-180,-90,180,90", "10,50,10,50"])
def test_any_part_of_the_world_is_drawn(site: Site, extent: str) -> None:
    for way in ("landscape", "portrait"):
        assert re.search(r"1:[\d,]+", said(board(site, extent=extent, orientation=way)))


def test_a_scale_that_is_another_at_the_edges_says_so(bundled_site: Site) -> None:
    assert "以图幅中部为准" in said(board(bundled_site, extent="100,20,130,45", lang="zh"))
    assert "以图幅中部为准" not in said(board(bundled_site, lang="zh"))


def test_what_stands_for_several_places_says_how_many(bundled_site: Site) -> None:
    """On the map beside its number, in the list over its items."""
    pdf = board(bundled_site, zoom=0, lang="zh", paper="A3")
    counts = [int(one.text[1:]) for one in inks(pdf) if re.fullmatch(r"×\d+", one.text)]
    assert counts
    listed = [int(one) for one in re.findall(r"\d+处共(\d+)项", said(pdf))]
    assert set(counts) <= set(listed)


def test_it_says_what_cannot_be_told_of_an_area(bundled_site: Site) -> None:
    asked = {"area": "circle:120.9,31.1,12000"}
    on = [one.id for one in bundled_site.of_role("sites") if one.visible]
    layers = bundled_site.json("/matches", params={**asked, "layers": ",".join(on)})["layers"]
    certain, possible, undecided = (
        sum(one[kind] for one in layers) for kind in ("certain", "possible", "undecided")
    )
    assert certain * possible * undecided
    text = f"一定{certain}项 · 可能{possible}项 · 无法判断{undecided}项"
    assert plain(text) in plain(said(board(bundled_site, lang="zh", **asked)))
    assert "浅色：可能在范围内" in said(board(bundled_site, lang="zh", **asked))


def test_it_says_what_of_all_is_on_the_sheet(bundled_site: Site) -> None:
    """However few that are: what is counted is not all seen."""
    text = plain(said(board(bundled_site, center="120.9,31.05", zoom=12, lang="zh")))
    [whole] = map(int, re.findall(r"所选图层(\d+)项", text))
    parts = r"图上(\d+)项·仅知区县(\d+)项·图幅之外(\d+)项·(\d+)项不是单一地点·待落图(\d+)"
    [groups] = re.findall(parts, text)
    found = [int(one) for one in groups]
    assert found[0] < 20
    assert sum(found) == whole


def test_a_filter_is_said_whole(bundled_site: Site) -> None:
    asked = " OR ".join(f"name_en LIKE '%{word}%'" for word in ["Park", "Zone", "Centre"] * 9)
    text = plain(said(board(bundled_site, filter=f"{asked} OR NOT (placement='unknown')")))
    assert "ORNOT(placement='unknown')" in text


def test_a_small_window_is_drawn_large(bundled_site: Site) -> None:
    found = inks(board(bundled_site, extent="120.900,31.100,120.905,31.103"))
    assert int(the(found, r"1:[\d,]+").text[2:].replace(",", "")) <= 2500


def test_without_a_short_link_there_is_no_code(
    bundled: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long address on paper is no reason to have no board."""
    asked = " OR ".join(f"name_en LIKE '%{word}%'" for word in ["Park", "Zone", "Centre"] * 9)
    monkeypatch.setattr("server.site.LINKS_PER_HOUR", 0)
    with serving(bundled) as site:
        pdf = board(site, filter=asked, lang="zh")
        assert "扫码看实时地图" not in said(pdf)
        assert "实时地图" in said(pdf)
        assert site.get("/presskit.zip", params={"filter": asked}).status_code == 200
        refused = site.get("/qr.svg", params={"filter": asked})
        assert refused.status_code == 429
        assert refused.headers["retry-after"]


def test_the_code_leads_to_the_live_view(bundled_site: Site) -> None:
    pdf = board(bundled_site, filter="placement = 'township'", paper="A3")
    asked = urlencode({"filter": "placement = 'township'"})
    address = f"{bundled_site.url}/?{asked}"
    assert pdf.count(f"/URI({address})".encode()) == 2  # the code, and what is written beside it
    assert plain(address) in plain(said(pdf))


def test_titles_are_as_one_wishes(bundled_site: Site) -> None:
    own = said(board(bundled_site, title="示范区要闻", subtitle="第三季度"))
    assert "示范区要闻" in own
    assert "第三季度" in own
    assert "长三角示范区产业地图" not in own
    assert "青浦 · 吴江 · 嘉善" not in said(board(bundled_site, subtitle=""))


def test_a_review_number_stands_in_its_slot(bundled: Catalog) -> None:
    with serving(bundled, map_approval_number="GS(2024)0001号") as site:
        text = said(board(site, lang="zh"))
        assert text.count("审图号：GS(2024)0001号") >= 2
        assert "未送审" not in text


def test_the_longest_texts_leave_room_for_the_rest(bundled_site: Site) -> None:
    asked = " OR ".join(f"name_en LIKE '%{'W' * 60}{n}%'" for n in range(30))
    pdf = board(
        bundled_site, title="W" * 200, subtitle="W" * 200, lang="en",
        filter=f"{asked} OR NOT (placement = 'unknown')",
    )  # fmt: skip
    assert "Numbers on the map" in said(pdf)


@pytest.mark.parametrize("text", XSS)
def test_hostile_titles_are_only_text(bundled_site: Site, text: str) -> None:
    pdf = board(bundled_site, title=text, subtitle=text, lang="en")
    assert len(texts(pdf)) >= 1
    for mark in (b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch"):
        assert mark not in pdf


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_what_is_broken_is_refused_by_name(bundled_site: Site, form: str) -> None:
    cases = {name: one for name, one in BROKEN.items() if name not in OF_IMAGES} | OF_BOARDS
    for name, values in (cases | (OF_PNG if form == "png" else {})).items():
        for text in values:
            answer = bundled_site.get(f"/board.{form}", params={name: text})
            assert answer.status_code == 400, (name, text)
            problem = answer.json()
            assert problem["parameter"] == name
            assert problem["detail"]


@pytest.mark.parametrize("dpi", [96, 300])
def test_a_page_as_pixels(site: Site, dpi: int) -> None:
    asked = {"paper": "A4", "dpi": dpi, "lang": "en"}
    answer = site.get("/board.png", params=asked)
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(BytesIO(answer.content))
    wanted = 297 / 25.4 * dpi, 210 / 25.4 * dpi
    assert picture.size == pytest.approx(wanted, abs=1)
    assert picture.info["dpi"] == pytest.approx((dpi, dpi), abs=0.02)
    assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 100
    pages = int(answer.headers["page-count"])
    with pdfium.PdfDocument(board(site, paper="A4", lang="en")) as document:
        assert len(document) == pages
    beyond = site.get("/board.png", params={**asked, "page": min(pages + 1, 60)})
    assert beyond.status_code == 404
    assert f"ends with {pages}" in beyond.json()["detail"]
    # Kept ones say it as well.
    assert site.get("/board.png", params=asked).headers["page-count"] == str(pages)


def test_who_has_it_is_told_so(bundled_site: Site) -> None:
    for address in ("/board.pdf?paper=A4", "/board.png?dpi=96"):
        first = bundled_site.get(address)
        assert "inline" in first.headers["content-disposition"]
        assert quote("长三角示范区产业地图") in first.headers["content-disposition"]
        again = bundled_site.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert bundled_site.get(address).content == first.content

"""Drawings: their letters, and what other programs read in the SVG, the PDF and the pixels."""

import re
from io import BytesIO

import numpy as np
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image

from server.drawing.drawing import Drawing, Lettering, Paint
from server.drawing.fonts import FILES, FOLDER, font, parts, printable, text_width
from server.drawing.pdf import write_pdf
from server.drawing.raster import write_pixels
from server.drawing.svg import write_svg
from tests.rows import first_quick

SVG = "{http://www.w3.org/2000/svg}"
TEXTS = ["长三角示范区 86.3亿元", "Qingpu & <b>Wujiang</b>", "堃喆䶮 é ≥ ²"]
RED, BLUE = (217, 95, 54), (22, 39, 89)


@pytest.fixture
def drawing() -> Drawing:
    made = Drawing(300, 200, title="图 & <title>", lang="zh")
    made.rectangle(0, 0, 300, 200, Paint(fill="#ffffff"))
    made.rings([[(10, 10), (90, 10), (90, 90), (10, 90)]], Paint(fill="#d95f36"))
    # A ring within a ring is a hole.
    outer, hole = [(110, 10), (190, 10), (190, 90), (110, 90)], [(130, 30), (170, 30), (150, 70)]
    made.rings([outer, hole], Paint(fill="#162759"))
    with made.clip([[(210, 10), (250, 10), (250, 90), (210, 90)]]):
        made.circle(250, 50, 40, Paint(fill="#d95f36"))
    for number, text in enumerate(TEXTS):
        lettering = Lettering(12, "#222222", bold=number == 1, halo="#ffffff")
        made.text(10, 120 + 20 * number, text, lettering)
    made.link(0, 100, 100, 20, "http://127.0.0.1/s/a?b=(1)")
    return made


@pytest.mark.parametrize("bold", first_quick(1, [True, False]))
def test_widths_and_outlines_are_those_of_the_font(bold: bool) -> None:
    whole = TTFont(FOLDER / FILES[bold])
    characters = whole.getBestCmap()
    for text in TEXTS:
        units = sum(whole["hmtx"][characters[ord(one)]][0] for one in text)
        assert text_width(text, 10, bold) == pytest.approx(units / 100)
    part = font(bold).part("".join(TEXTS))
    read = TTFont(BytesIO(part.file), checkChecksums=2)
    assert set(read.getBestCmap()) == set(map(ord, "".join(TEXTS)))
    for code, name in read.getBestCmap().items():
        ours = read["glyf"][name].getCoordinates(read["glyf"])
        theirs = whole["glyf"][characters[code]].getCoordinates(whole["glyf"])
        assert ours == theirs


@pytest.mark.parametrize("bold", [False, True])
def test_no_glyph_is_made_of_others(bold: bool) -> None:
    one = font(bold)
    firsts = (one.outline(number)[:2] for number in range(one.glyphs))
    assert all(int.from_bytes(first, "big", signed=True) >= 0 for first in firsts)


def test_every_character_of_gbk_has_its_glyph() -> None:
    pairs = [bytes([first, last]) for first in range(0x81, 0xFF) for last in range(0x40, 0xFF)]
    characters = {pair.decode("gbk", "ignore") for pair in pairs} - {""}
    assert len(characters) > 21_000
    marked = {one for one in characters if one.isprintable() and printable(one) != one}
    assert marked == {"≒"}


def test_what_has_no_glyph_is_marked_and_what_has_no_form_is_left_out() -> None:
    assert printable("a\u202eb\u200dc\ufe0f😀\n𬱖𮧵") == "abc〓 𬱖〓"


def test_svg_is_one_file_with_its_letters_and_text_is_text(drawing: Drawing) -> None:
    root = etree.fromstring(write_svg(drawing))
    assert [one.text for one in root.iter(f"{SVG}text")] == TEXTS
    assert root.findtext(f"{SVG}title") == "图 & <title>"
    assert root.find(f"{SVG}b") is None
    assert root.find(f"{SVG}a").get("href") == "http://127.0.0.1/s/a?b=(1)"
    style = root.findtext(f"{SVG}style")
    assert style.count("@font-face") == 2
    assert style.count("data:font/ttf;base64,") == 2
    assert "http" not in style


def test_pdf_says_each_text_once_and_carries_its_fonts(drawing: Drawing) -> None:
    document = pdfium.PdfDocument(write_pdf([drawing, drawing]))
    assert len(document) == 2
    assert document.get_metadata_dict()["Title"] == "图 & <title>"
    page = document[0]
    assert page.get_size() == (300, 200)
    said = page.get_textpage().get_text_range()
    for text in TEXTS:
        assert said.count(text) == 1, said
    fonts = {one.get_font().get_base_name() for one in page.get_objects() if one.type == 1}
    tags, names = zip(*(one.split("+") for one in sorted(fonts)), strict=True)
    assert {*names} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    # Each part of a font has a tag of its own, so that files may be put together.
    assert all(re.fullmatch("[A-Z]{6}", one) for one in tags)
    assert len({*tags}) == 2
    assert all(one.get_font().is_embedded for one in page.get_objects() if one.type == 1)


@pytest.mark.parametrize("form", ["png", "webp"])
def test_pixels_are_where_the_shapes_are(drawing: Drawing, form: str) -> None:
    picture = Image.open(BytesIO(write_pixels(drawing, form, 2)))
    assert picture.size == (600, 400)
    pixels = np.asarray(picture.convert("RGB")).astype(int)

    def at(x: int, y: int) -> tuple[int, ...]:
        return tuple(pixels[2 * y, 2 * x])

    near = 6 if form == "webp" else 0
    for spot, colour in {
        (50, 50): RED,
        (115, 15): BLUE,
        (150, 40): (255, 255, 255),
        (230, 50): RED,
        (270, 50): (255, 255, 255),
    }.items():
        assert at(*spot) == pytest.approx(colour, abs=near), spot
    assert (pixels[2 * 110 : 2 * 122, 20:280].sum(axis=2) < 300).any()


def test_only_the_letters_that_are_needed_are_in_it(drawing: Drawing) -> None:
    assert {len(part.letters) for part in parts([drawing]).values()} == {
        len(set(TEXTS[0] + TEXTS[2])),
        len(set(TEXTS[1])),
    }
    assert len(write_pdf([drawing])) < 20_000

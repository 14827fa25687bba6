"""Drawings as a PDF of vectors and text, a sheet a page (ISO 32000-1).

Text is set in the part of our font that it needs and can be selected, searched and read aloud.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.drawing.drawing import Clip, Drawing, Lettering, Line, Link, Paint, Shape, Unclip, Words
from server.drawing.fonts import FAMILY, parts, printable
from server.drawing.sfnt import Part

Alpha = tuple[float, float]  # of fills and of lines

FONT_NAMES = {False: "F0", True: "F1"}
SYMBOLIC = 4  # a font flag: the glyphs are not those of a standard set


def write_pdf(drawings: Sequence[Drawing], packed: bool = True) -> bytes:
    """`packed` makes it small; what is only drawn to pixels is quicker without."""
    return _Writer(packed).write(drawings)


@dataclass
class _Writer:
    packed: bool

    def __post_init__(self) -> None:
        self.objects: list[bytes] = []

    def add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def stream(self, content: bytes, entries: bytes = b"") -> int:
        if self.packed:
            content, entries = zlib.compress(content, 6), entries + b"/Filter/FlateDecode"
        head = b"<<%b/Length %d>>stream\n" % (entries, len(content))
        return self.add(head + content + b"\nendstream")

    def write(self, drawings: Sequence[Drawing]) -> bytes:
        first = drawings[0]
        used = parts(drawings)
        fonts = b"".join(
            b"/%b %d 0 R" % (FONT_NAMES[bold].encode(), self.font(part, bold))
            for bold, part in used.items()
        )
        pages = self.add(b"")  # known when its pages are
        kids = [self.page(drawing, used, fonts, pages) for drawing in drawings]
        self.objects[pages - 1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (
            len(kids),
            b" ".join(b"%d 0 R" % kid for kid in kids),
        )
        about = self.add(b"<</Title %b/Creator(ZoneAtlas)>>" % _text(first.title))
        catalog = self.add(
            b"<</Type/Catalog/Pages %d 0 R/Lang(%b)/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (pages, first.lang.encode("ascii"))
        )
        return _file_of(self.objects, catalog, about)

    def page(self, drawing: Drawing, used: Mapping[bool, Part], fonts: bytes, pages: int) -> int:
        alphas: dict[Alpha, str] = {}
        content = self.stream(_content(drawing, used, alphas))
        states = b"".join(
            b"/%b<</ca %b/CA %b>>" % (name.encode(), _number(fill), _number(stroke))
            for (fill, stroke), name in alphas.items()
        )
        links = b" ".join(_link(link, drawing.height) for link in drawing.links)
        return self.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %b %b]/Contents %d 0 R"
            b"/Group<</S/Transparency/CS/DeviceRGB>>"
            b"/Resources<</Font<<%b>>/ExtGState<<%b>>>>/Annots[%b]>>"
            % (
                pages,
                _number(drawing.width),
                _number(drawing.height),
                content,
                fonts,
                states,
                links,
            )
        )

    def font(self, part: Part, bold: bool) -> int:
        """A composite font whose codes are glyph numbers (9.7); the file has those glyphs only."""
        whole = part.font
        scale = 1000 / whole.units
        file = self.stream(part.file, b"/Length1 %d" % len(part.file))
        weight = "Bold" if bold else "Regular"
        name = f"{_tag(part)}+{FAMILY.replace(' ', '')}-{weight}".encode()
        box = b" ".join(b"%d" % round(side * scale) for side in whole.box)
        about = self.add(
            b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[%b]/ItalicAngle 0/Ascent %d"
            b"/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
            % (
                name,
                SYMBOLIC,
                box,
                round(whole.ascent * scale),
                round(whole.descent * scale),
                round(whole.cap_height * scale),
                140 if bold else 80,
                file,
            )
        )
        widths = b" ".join(b"%d" % round(width * scale) for width in part.widths)
        letters = self.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)"
            b"/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/W[0[%b]]"
            b"/CIDToGIDMap/Identity>>" % (name, about, widths)
        )
        read = self.stream(_unicode(part))
        return self.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]"
            b"/ToUnicode %d 0 R>>" % (name, letters, read)
        )


def _content(drawing: Drawing, used: Mapping[bool, Part], alphas: dict[Alpha, str]) -> bytes:
    out = [f"1 0 0 -1 0 {_figure(drawing.height)} cm 1 j 1 J"]
    for mark in drawing.marks:
        match mark:
            case Shape():
                out.append(_shape(mark, alphas))
            case Words():
                out.append(_words(mark, used[mark.lettering.bold], alphas))
            case Clip():
                out.append(f"q {_path(mark.rings, True)} W* n")
            case Unclip():
                out.append("Q")
    return "\n".join(out).encode("ascii")


def _shape(shape: Shape, alphas: dict[Alpha, str]) -> str:
    paint = shape.paint
    fills, draws = paint.fill is not None and shape.closed, paint.stroke is not None
    paints = {(True, True): "B*", (True, False): "f*", (False, True): "S"}.get((fills, draws), "n")
    return f"q {_paint(paint, alphas)} {_path(shape.lines, shape.closed)} {paints} Q"


def _paint(paint: Paint, alphas: dict[Alpha, str]) -> str:
    out = [_alpha(paint.fill_opacity, paint.stroke_opacity, alphas)]
    if paint.fill:
        out.append(f"{_colour(paint.fill)} rg")
    if paint.stroke:
        out.append(f"{_colour(paint.stroke)} RG {_figure(paint.width)} w")
    if paint.dash:
        # Round ends would fill the gaps.
        out.append(f"0 J [{' '.join(map(_figure, paint.dash))}] 0 d")
    return " ".join(out)


def _alpha(fill: float, stroke: float, alphas: dict[Alpha, str]) -> str:
    if fill == stroke == 1:
        return ""
    return f"/{alphas.setdefault((fill, stroke), f'A{len(alphas)}')} gs"


def _path(lines: Sequence[Line], closed: bool) -> str:
    end = " h" if closed else ""
    return " ".join(_corners(line) + end for line in lines)


def _corners(line: Line) -> str:
    """Hundredths of a point are finer than any printer; `%g` of them is short."""
    first, *others = [f"{x:.6g} {y:.6g}" for x, y in line.round(2).tolist()]
    return f"{first} m " + "".join(f"{corner} l " for corner in others)


def _words(words: Words, part: Part, alphas: dict[Alpha, str]) -> str:
    lettering = words.lettering
    text = printable(words.text)
    if not text:
        return ""
    x = words.x - _before(text, lettering, part)
    codes = "".join(f"{part.letters[character]:04X}" for character in text)
    # The text matrix turns the letters up again, for y goes down here.
    put = f"1 0 0 -1 {_figure(x)} {_figure(words.y)} Tm <{codes}> Tj"
    font = f"/{FONT_NAMES[lettering.bold]} {_figure(lettering.size)} Tf"
    spacing = f" {_figure(lettering.spacing)} Tc" if lettering.spacing else ""
    out = ["q"]
    if lettering.halo:
        # Beneath the letters, and no text of its own to whoever reads the page.
        out.append(
            f"{_colour(lettering.halo)} RG {_figure(lettering.halo_width)} w"
            f" /Span<</ActualText()>>BDC BT {font}{spacing} 1 Tr {put} ET EMC"
        )
    out.append(f"{_colour(lettering.colour)} rg BT {font}{spacing} 0 Tr {put} ET Q")
    return " ".join(out)


def _before(text: str, lettering: Lettering, part: Part) -> float:
    """How far a line begins before the place that it hangs on."""
    if lettering.anchor == "start":
        return 0
    width = part.font.width(text, lettering.size) + lettering.spacing * (len(text) - 1)
    return width / 2 if lettering.anchor == "middle" else width


def _tag(part: Part) -> str:
    """Six letters that are others for another part of the font (9.6.4)."""
    digest = hashlib.blake2b("".join(part.letters).encode(), digest_size=6).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest)


def _unicode(part: Part) -> bytes:
    """Which character each glyph stands for (9.10.3), at most a hundred a block."""
    pairs = [
        f"<{glyph:04X}> <{character.encode('utf-16-be').hex()}>"
        for character, glyph in part.letters.items()
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _link(link: Link, height: float) -> bytes:
    sides = (link.x, height - link.y - link.height, link.x + link.width, height - link.y)
    # Addresses are of ASCII letters; what has a meaning in a string is written as a number.
    address = "".join(
        character if character not in "()\\" else f"\\{ord(character):03o}"
        for character in link.address
    )
    return b"<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[%b]/A<</S/URI/URI(%b)>>>>" % (
        b" ".join(map(_number, sides)),
        address.encode("ascii"),
    )


def _text(text: str) -> bytes:
    return b"<FEFF%b>" % text.encode("utf-16-be", "replace").hex().encode("ascii")


def _colour(text: str) -> str:
    return " ".join(f"{int(text[start : start + 2], 16) / 255:.3g}" for start in (1, 3, 5))


def _figure(number: float) -> str:
    return f"{round(number, 3):g}"


def _number(number: float) -> bytes:
    return _figure(number).encode("ascii")


def _file_of(objects: Sequence[bytes], catalog: int, about: int) -> bytes:
    out = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    place, places = len(out[0]), []
    for number, body in enumerate(objects, 1):
        places.append(place)
        out.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        place += len(out[-1])
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.extend(b"%010d 00000 n \n" % each for each in places)
    out.append(
        b"trailer<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, catalog, about, place)
    )
    return b"".join(out)

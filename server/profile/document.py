"""A profile as a Word document of one A4 page: headings, a table, two pictures with their words.

The page is that of the PDF (fitting.py), with room for letters wider than ours.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from server.drawing.raster import write_pixels
from server.picture.colours import palette
from server.picture.qr import qr_bytes
from server.picture.symbols import colour_of
from server.picture.wording import on_one_line, said
from server.profile.blank import (
    DENSE_STYLE,
    HEI,
    LABEL_STYLE,
    LANGUAGES,
    QUIET_STYLE,
    SANS,
    SMALL_STYLE,
    blank,
    packed,
    set_fonts,
)
from server.profile.content import Profile
from server.profile.fitting import Fitting
from server.profile.layout import (
    ASIDE,
    ASIDE_GAP,
    BAND_GAP,
    BETWEEN,
    FOOT_GAP,
    GAP,
    HALF,
    HEAD,
    KIND,
    LABEL,
    LEADING,
    MARGIN,
    PAD,
    QR,
    TIGHT,
    TITLE,
    WIDE_LABEL,
    WIDTH,
    Cell,
    Fitted,
    Laid,
    Line,
    Part,
    before,
)
from server.profile.markup import (
    add_edge,
    at_least,
    colour_run,
    first_paragraph,
    joined_cells,
    keep_whole,
    lay_table,
    pad_cells,
    paragraph_borders,
)
from server.profile.window import SCALE, draw_window

# The letters of Word and WPS are somewhat wider than ours; what stands in for them elsewhere
# has the spare room.
WIDER = {"zh": 1.06, "en": 1.15}
# A head over the table, the lines between its rows, and what programs round up.
SPARE = LEADING + 2 * PAD + 34
PIXELS_PER_INCH, POINTS_PER_INCH = 200, 72
NAMELESS = 1.0  # the height of a paragraph that there has to be and nobody sees
LONGEST_TITLE = 200
# The table's columns, in points: a block's title; a label; where the label of a layer ends; what
# it says; a second label; what that says.
GRID = (TITLE, LABEL, WIDE_LABEL - LABEL, HALF - WIDE_LABEL, LABEL, HALF - LABEL)
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
# Characters that every Chinese font has, for the symbols of layers.
SIGNS = {"triangle": "▲", "diamond": "◆", "circle": "●", "star": "★", "dot": "·", "area": "□"}
SIGN = "■"


def profile_docx(profile: Profile) -> bytes:
    return packed(draw_document(profile))


def fitted(profile: Profile) -> Fitted:
    return Fitting(profile, WIDER[profile.lang], SPARE).fit()


def draw_document(profile: Profile) -> Document:
    document = blank(profile.lang)
    _Writer(document, profile, fitted(profile)).write()
    return document


class _Writer:
    def __init__(self, document: Document, profile: Profile, fitted: Fitted) -> None:
        self.document, self.profile, self.fitted = document, profile, fitted
        self.words = profile.words
        colours = palette(False)
        self.ink, self.quiet = colours["ink"].name, colours["ink-quiet"].name
        self.line, self.strong_line = colours["line"].name, colours["line-strong"].name
        self.accent = colours["accent"].name

    def write(self) -> None:
        self.properties()
        self.head()
        self.band()
        self.table()
        self.foot()

    def properties(self) -> None:
        """The day of the data is that of the file: the same data is the same file."""
        zone, lang = self.profile.view.zone, self.profile.lang
        about = self.document.core_properties
        about.title = on_one_line(self.profile.name, LONGEST_TITLE)
        about.subject = on_one_line(self.profile.kind.title.of(lang), LONGEST_TITLE)
        about.author = about.last_modified_by = on_one_line(zone.title.of(lang), LONGEST_TITLE)
        about.comments = about.keywords = about.category = ""
        about.language = LANGUAGES[lang]
        about.created = about.modified = day_of(zone.as_of)
        about.revision = 1

    def head(self) -> None:
        fitted = self.fitted
        over = self.document.add_paragraph(style=SMALL_STYLE)
        over.paragraph_format.tab_stops.add_tab_stop(Pt(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        over.add_run(f"{fitted.head}\t{self.words['profile.title']}")
        over.paragraph_format.space_after = Pt(HEAD - TIGHT - 3)
        add_edge(paragraph_borders(over), "bottom", self.ink, 1, 2)
        kind = self.document.add_paragraph(style=QUIET_STYLE)
        kind.paragraph_format.space_after = Pt(KIND - LEADING)
        self.sign(kind, self.profile.kind.style.symbol, colour_of(self.profile.kind.style, False))
        kind.add_run(fitted.kind)
        name = self.document.add_paragraph("".join(fitted.name), style="Heading 1")
        name.paragraph_format.space_after = Pt(BAND_GAP)

    def sign(self, paragraph: Paragraph, symbol: str, colour: str) -> None:
        run = paragraph.add_run(SIGNS.get(symbol, SIGN))
        colour_run(run, colour)
        paragraph.add_run(" ")

    def band(self) -> None:
        """The map, and what stands beside it."""
        fitted = self.fitted
        beside = WIDTH - fitted.map_width
        widths = (fitted.map_width + ASIDE, beside - ASIDE) if fitted.aside else (WIDTH,)
        table = self.document.add_table(1, len(widths))
        lay_table(table, widths)
        [row] = table.rows
        at_least(row, fitted.map_height)
        drawing = draw_window(self.profile.view, fitted.map_width, fitted.map_height)
        scale = SCALE * PIXELS_PER_INCH / POINTS_PER_INCH
        picture = write_pixels(drawing, "png", scale)
        self.picture(
            row.cells[0].paragraphs[0], picture, (fitted.map_width, fitted.map_height), self.seen()
        )
        if fitted.aside:
            self.aside(row.cells[1])
        # Two tables that touch would be one; where there are words under the map, these part them.
        lines = fitted.under_map
        under = self.document.add_paragraph("".join(lines), style=SMALL_STYLE)
        if lines:
            under.paragraph_format.space_after = Pt(BAND_GAP - 3)
        else:
            under.paragraph_format.line_spacing = Pt(BAND_GAP)

    def aside(self, cell: _Cell) -> None:
        for place, part in enumerate(self.fitted.aside):
            self.part(cell, part, is_first=place == 0)

    def part(self, cell: _Cell, part: Part, is_first: bool) -> None:
        for place, one in enumerate(part):
            found = cell.paragraphs[0] if is_first and not place else cell.add_paragraph()
            found.style = QUIET_STYLE if one.style == "title" else "Normal"
            space = before(one, place) + (ASIDE_GAP if not is_first and not place else 0)
            found.paragraph_format.space_before = Pt(space)
            self.run(found, "".join(one.lines), is_strong=one.style == "strong")

    def run(self, paragraph: Paragraph, text: str, is_strong: bool = False) -> None:
        if not text:
            return
        run = paragraph.add_run(text)
        if is_strong:
            set_fonts(run._r.get_or_add_rPr(), (SANS, HEI))
            run.bold = True

    def picture(
        self, paragraph: Paragraph, body: bytes, size: tuple[float, float], words: str
    ) -> None:
        """In a line of its own height, with what it shows in words (WCAG 2.2, 1.1.1)."""
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        run = paragraph.add_run()
        run.font.size = Pt(NAMELESS)
        shape = run.add_picture(BytesIO(body), Pt(size[0]), Pt(size[1]))
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")
        about = shape._inline.docPr
        about.set("descr", words)
        about.set("title", on_one_line(self.profile.name, LONGEST_TITLE))

    def seen(self) -> str:
        """What the map shows, in words."""
        place = self.profile.place
        told = [
            said(self.words, "picture.alt", title=on_one_line(self.profile.name, LONGEST_TITLE))
        ]
        told += [place.kind, *place.lines, place.under_map]
        return on_one_line(" · ".join(text.rstrip("。. ") for text in told if text), 1_000)

    def table(self) -> None:
        blocks = self.fitted.blocks
        if not blocks:
            return
        number = sum(len(one.lines) + bool(one.closing) + bool(one.note) for one in blocks)
        table = self.document.add_table(1 + number, len(GRID))
        lay_table(table, GRID)
        pad_cells(table, PAD)
        rows = iter(table.rows)
        self.header(next(rows))
        for block in blocks:
            self.block(rows, block)

    def header(self, row: _Row) -> None:
        names = ("profile.section", "profile.item", "profile.value")
        cells = joined_cells(row, ((0, 0), (1, 1), (2, 5)), GRID)
        for cell, name in zip(cells, names, strict=True):
            first_paragraph(cell, SMALL_STYLE).add_run(self.words[name])
        head = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(head)

    def block(self, rows: Iterator[_Row], block: Laid) -> None:
        is_first = True
        for line in block.lines:
            row = next(rows)
            keep_whole(row)
            self.cells(row, line, is_first)
            self.title(row, block, is_first)
            is_first = False
        for texts in ([block.closing] if block.closing else [], block.note):
            if not texts:
                continue
            row = next(rows)
            keep_whole(row)
            cells = joined_cells(row, ((0, 0), (1, 5)), GRID)
            first_paragraph(cells[1], QUIET_STYLE).add_run("".join(texts))
            self.edges(cells, is_first)
            self.title(row, block, is_first)
            is_first = False
        row.cells[-1].paragraphs[-1].paragraph_format.space_after = Pt(BETWEEN)

    def title(self, row: _Row, block: Laid, is_first: bool) -> None:
        if is_first:
            first_paragraph(row.cells[0], "Heading 2").add_run("".join(block.title))

    def cells(self, row: _Row, line: Line, is_first: bool) -> None:
        one = line.cells[0]
        parts: Sequence[tuple[int, int]]
        if len(line.cells) > 1:
            parts = ((0, 0), (1, 1), (2, 3), (4, 4), (5, 5))
        elif not one.label:
            parts = ((0, 0), (1, 5))
        elif one.layer is not None:
            parts = ((0, 0), (1, 2), (3, 5))
        else:
            parts = ((0, 0), (1, 1), (2, 5))
        cells = joined_cells(row, parts, GRID)
        rest = cells[1:]
        for cell in line.cells:
            if cell.label:
                self.label(rest.pop(0), cell)
            text = rest.pop(0)
            self.text(text, cell, line)
            if rest:
                text.paragraphs[0].paragraph_format.right_indent = Pt(GAP)
        self.edges(cells, is_first)

    def label(self, into: _Cell, cell: Cell) -> None:
        paragraph = first_paragraph(into, LABEL_STYLE)
        paragraph.paragraph_format.right_indent = Pt(GAP)
        if cell.layer is not None:
            self.sign(paragraph, cell.layer.style.symbol, colour_of(cell.layer.style, False))
        paragraph.add_run("".join(cell.label))

    def text(self, into: _Cell, cell: Cell, line: Line) -> None:
        paragraph = first_paragraph(into, DENSE_STYLE if line.is_small else "Normal")
        text = "".join(cell.lines)
        self.run(paragraph, text[: cell.strong], is_strong=True)
        self.run(paragraph, text[cell.strong :])

    def edges(self, cells: Sequence[_Cell], is_first: bool) -> None:
        """A rule over each block, a quieter one over each further row of it."""
        for cell in cells if is_first else cells[1:]:
            colour = self.strong_line if is_first else self.line
            borders = OxmlElement("w:tcBorders")
            add_edge(borders, "top", colour, 0.75 if is_first else 0.5)
            cell._tc.get_or_add_tcPr().append(borders)

    def foot(self) -> None:
        """In the page's footer, so that it stands at its end: credit, address, code."""
        fitted = self.fitted
        [section] = self.document.sections
        section.bottom_margin = Pt(MARGIN + fitted.foot + FOOT_GAP)
        section.footer_distance = Pt(MARGIN - NAMELESS)
        footer = section.footer
        [last] = footer.paragraphs
        widths = (WIDTH - QR, QR)
        table = footer.add_table(1, 2, Pt(WIDTH))
        lay_table(table, widths)
        [row] = table.rows
        at_least(row, fitted.foot)
        pad_cells(table, PAD)
        words, code = row.cells
        self.edges((words, code), True)
        first_paragraph(words, SMALL_STYLE).add_run("".join(fitted.credit))
        words.paragraphs[0].paragraph_format.right_indent = Pt(ASIDE)
        live = words.add_paragraph(self.words["profile.live"], style=SMALL_STYLE)
        live.paragraph_format.space_before = Pt(FOOT_GAP - 2)
        self.link(words.add_paragraph(style=SMALL_STYLE))
        code.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        picture = qr_bytes(self.profile.address, "png")
        self.picture(
            code.paragraphs[0],
            picture,
            (QR - 2 * PAD - 2, QR - 2 * PAD - 2),
            self.words["profile.code"],
        )
        # A footer ends with a paragraph.
        footer._element.append(last._p)
        last.style = SMALL_STYLE
        last.paragraph_format.line_spacing = Pt(NAMELESS)

    def link(self, paragraph: Paragraph) -> None:
        address = self.profile.address
        name = paragraph.part.relate_to(address, RT.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), name)
        run = paragraph.add_run("".join(self.fitted.address))
        colour_run(run, self.accent)
        link.append(run._r)
        paragraph._p.append(link)


def day_of(text: str | None) -> datetime:
    """Of a date that may have no day or month; zip files and offices know none before 1980."""
    parts = (text or "").split("-")
    try:
        year, month, day = map(int, [*parts, "1", "1"][:3])
        return max(datetime(year, month, day, tzinfo=UTC), UNDATED)
    except ValueError:
        return UNDATED

"""A profile as a PDF of one A4 page: vectors, and text that can be searched and copied."""

from server.drawing.drawing import Drawing, Lettering, Paint
from server.drawing.pdf import write_pdf
from server.picture.colours import palette
from server.picture.draw_labels import MIDDLE, draw_item
from server.picture.pasting import paste
from server.picture.qr import draw_qr
from server.picture.symbols import colour_of, draw_symbol
from server.picture.wording import measured
from server.profile import layout
from server.profile.content import Profile
from server.profile.fitting import Fitting
from server.profile.layout import (
    ASIDE,
    ASIDE_GAP,
    BAND_GAP,
    HALF,
    HEAD,
    HEADING,
    HEADING_LEADING,
    KIND,
    LEADING,
    MARGIN,
    PAD,
    PAPER,
    QR,
    SMALL,
    SYMBOL,
    TEXT,
    TIGHT,
    TITLE,
    WIDTH,
    Cell,
    Fitted,
    Laid,
    Line,
    before,
    high,
)
from server.profile.window import SCALE, draw_window

LEFT, RIGHT = MARGIN, MARGIN + WIDTH
COLUMN = LEFT + TITLE


def profile_pdf(profile: Profile) -> bytes:
    return write_pdf([draw_profile(profile)])


def draw_profile(profile: Profile) -> Drawing:
    drawing = Drawing(*PAPER, title=profile.name)
    drawing.lang = "en" if profile.lang == "en" else "zh-CN"
    _Sheet(drawing, profile, Fitting(profile).fit()).draw()
    return drawing


class _Sheet:
    def __init__(self, drawing: Drawing, profile: Profile, fitted: Fitted) -> None:
        self.drawing, self.profile, self.fitted = drawing, profile, fitted
        self.colours = palette(False)
        self.ink, self.quiet = self.colours["ink"].name, self.colours["ink-quiet"].name

    def draw(self) -> None:
        paper = Paint(fill="#ffffff")
        self.drawing.rectangle(0, 0, *PAPER, paper)
        y = self.head(MARGIN)
        y = self.band(y)
        for block in self.fitted.blocks:
            y = self.block(block, y)
        self.foot()

    def text(
        self, x: float, y: float, text: str, size: float, colour: str, bold: bool = False
    ) -> None:
        """`y` is the middle of the line."""
        lettering = Lettering(size, colour, bold=bold)
        self.drawing.text(x, y + MIDDLE * size, text.rstrip(), lettering)

    def rule(self, y: float, colour: str, width: float, left: float = LEFT) -> None:
        self.drawing.lines([[(left, y), (RIGHT, y)]], Paint(stroke=colour, width=width))

    def head(self, y: float) -> float:
        fitted, words = self.fitted, self.profile.words
        self.text(LEFT, y + 5, fitted.head, SMALL, self.quiet)
        title = words["profile.title"]
        x = RIGHT - measured(title, SMALL)
        self.text(x, y + 5, title, SMALL, self.quiet)
        self.rule(y + 14, self.ink, 1)
        y += HEAD
        style = self.profile.kind.style
        corner = (LEFT, y + 1.5)
        if self.profile.kind.role == "sites":
            draw_item(self.drawing, self.profile.item, corner, SYMBOL, dark=False)
        else:
            draw_symbol(self.drawing, self.colours, style, colour_of(style, False), corner, SYMBOL)
        self.text(LEFT + SYMBOL + 5, y + 6.5, fitted.kind, TEXT, self.quiet)
        y += KIND
        for line in fitted.name:
            self.text(LEFT, y + HEADING_LEADING / 2, line, HEADING, self.ink, bold=True)
            y += HEADING_LEADING
        return y

    def band(self, y: float) -> float:
        """The map, and beside it what it is and how well its place is known."""
        fitted = self.fitted
        top = y + BAND_GAP
        width, height = fitted.map_width, fitted.map_height
        window = draw_window(self.profile.view, width, height)
        paste(self.drawing, window, LEFT, top, SCALE)
        self.aside(LEFT + width + ASIDE, top, height)
        y = top + height + 3
        for line in fitted.under_map:
            self.text(LEFT, y + TIGHT / 2 + 1, line, SMALL, self.quiet)
            y += TIGHT
        return y - 3 + BAND_GAP

    def aside(self, x: float, top: float, height: float) -> None:
        """The place stands on the map's lower edge, the others hang from the upper one."""
        y = top - 2
        for place, part in enumerate(self.fitted.aside):
            if part is self.fitted.place:
                y = top + height + 2 - high(part)
            if place or part is self.fitted.place:
                self.rule(y - 2, self.colours["line-strong"].name, 0.5, x)
            for number, one in enumerate(part):
                y += before(one, number)
                colour = self.quiet if one.style == "title" else self.ink
                for line in one.lines:
                    self.text(x, y + LEADING / 2, line, TEXT, colour, one.style == "strong")
                    y += LEADING
            y += ASIDE_GAP

    def block(self, block: Laid, y: float) -> float:
        line = self.colours["line"].name
        self.rule(y, self.colours["line-strong"].name, 0.75)
        first = y + (
            block.lines[0].pad + block.lines[0].leading / 2 if block.lines else PAD + LEADING / 2
        )
        for place, text in enumerate(block.title):
            at = first + place * LEADING
            self.text(LEFT, at, text, TEXT, self.ink, bold=True)
        end = y + block.height
        for place, row in enumerate(block.lines):
            if place:
                self.rule(y, line, 0.5, COLUMN)
            for column, cell in enumerate(row.cells):
                self.cell(cell, row, COLUMN + column * HALF, y + row.pad)
            y += row.height
        if block.closing:
            self.rule(y, line, 0.5, COLUMN)
            self.text(COLUMN, y + PAD + LEADING / 2, block.closing, TEXT, self.quiet)
            y += LEADING + 2 * PAD
        if block.note:
            if block.lines:
                self.rule(y, line, 0.5, COLUMN)
            for place, text in enumerate(block.note):
                at = y + PAD + LEADING / 2 + place * LEADING
                self.text(COLUMN, at, text, TEXT, self.quiet)
        return end

    def cell(self, cell: Cell, row: Line, x: float, y: float) -> None:
        label = x
        if cell.layer is not None:
            style = cell.layer.style
            corner = (x, y + LEADING / 2 - SYMBOL / 2)
            draw_symbol(self.drawing, self.colours, style, colour_of(style, False), corner, SYMBOL)
            label += SYMBOL + 4
        for place, text in enumerate(cell.label):
            self.text(label, y + LEADING / 2 + place * LEADING, text, TEXT, self.quiet)
        at = x + cell.beside
        strong = cell.strong
        size = SMALL if row.is_small else TEXT
        for place, text in enumerate(cell.lines):
            middle = y + row.leading / 2 + place * row.leading
            first, rest = text[:strong], text[strong:]
            self.text(at, middle, first, size, self.ink, bold=True)
            self.text(at + measured(first, size, True), middle, rest, size, self.ink)
            strong = max(strong - len(text), 0)

    def foot(self) -> None:
        fitted = self.fitted
        top = MARGIN + layout.HEIGHT - fitted.foot
        self.rule(top - 5, self.ink, 0.75)
        draw_qr(self.drawing, self.profile.address, RIGHT - QR + 6, top, QR)
        y = top + TIGHT / 2 + 3
        for line in fitted.credit:
            self.text(LEFT, y, line, SMALL, self.quiet)
            y += TIGHT
        label = self.profile.words["profile.live"]
        y = top + fitted.foot - (len(fitted.address) + 1) * TIGHT + TIGHT / 2 - 2
        self.text(LEFT, y, label, SMALL, self.quiet)
        for line in fitted.address:
            y += TIGHT
            self.text(LEFT, y, line, SMALL, self.colours["accent"].name)
            width = measured(line, SMALL)
            self.drawing.link(LEFT, y - TIGHT / 2, width, TIGHT, self.profile.address)

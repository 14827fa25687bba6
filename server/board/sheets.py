"""A board's sheets: the first with the map, and as many more as what is to be read needs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from server.board.blocks import blocks
from server.board.flow import Put, flow
from server.board.furniture import ARROW, draw_north, draw_scale, scale_box
from server.board.listing import rows
from server.board.parameters import MOST_PAGES, Wish
from server.board.scale import Scaled, scaled
from server.drawing.drawing import Drawing, Lettering, Paint
from server.html_values import date
from server.picture.colours import palette
from server.picture.credit import draw_credit
from server.picture.draw import draw_map
from server.picture.draw_labels import MIDDLE
from server.picture.pasting import paste
from server.picture.placing import Box
from server.picture.plan import Plan, plan
from server.picture.qr import draw_qr, has_code
from server.picture.sheet import asked_line
from server.picture.view import View
from server.picture.wording import measured, plain, said, shortened, wrapped

TITLE, SUBTITLE, ASKED, SMALL, TINY = 24, 13, 12, 10, 9
GAP = 22  # between columns, and around the map
COLUMN = 258  # units; about as wide as a column is
QR = 104
LEADING, TIGHT = 18, 12
QUIET = 9  # the light edge of the code stands beyond the column's
ASIDE = 26  # of the arrow, from the map's corner
FOOT = 10  # between what is read and the credit
MOST_ASKED = 9  # lines of what a view is narrowed by
MAP_PARTS = (0.66, 0.6, 0.54, 0.48, 0.42)  # of the height, for a map over columns


@dataclass(frozen=True)
class Page:
    """The room of a sheet, in units: between its title and its credit there are columns."""

    width: float
    height: float
    margin: float
    top: float
    bottom: float

    @property
    def inner(self) -> float:
        return self.width - 2 * self.margin

    @property
    def columns(self) -> int:
        return round(self.inner / COLUMN)

    @property
    def column(self) -> float:
        return (self.inner - (self.columns - 1) * GAP) / self.columns

    def boxes(self, first: int, top: float) -> list[Box]:
        """The columns from this one on, from there to the credit."""
        step = self.column + GAP
        return [
            Box(self.margin + one * step, top, self.column, self.bottom - top)
            for one in range(first, self.columns)
        ]


@dataclass(frozen=True)
class Layout:
    """A window for the map, and the columns that are left of its sheet."""

    window: Box
    columns: Sequence[Box]


@dataclass(frozen=True)
class Laid:
    """A board before it is drawn: its map, and where everything beside it stands."""

    layout: Layout
    scale: Scaled
    plan: Plan
    puts: Sequence[Put]

    @property
    def more(self) -> int:
        """Columns beyond the first sheet."""
        return max(one.column for one in self.puts) + 1 - len(self.layout.columns)

    @property
    def shown(self) -> int:
        return sum(len(one.group.items) for one in self.plan.pills)


def sheets(view: View, wish: Wish, address: str, day: str) -> list[Drawing]:
    """In points. `address`: of the live view. `day`: when it is made, YYYY-MM-DD."""
    view = replace(view, dark=False)  # paper is light
    page = _page(view, wish, day)
    laid = _laid(view, wish, page)
    number = 1 + max(0, math.ceil(laid.more / page.columns))
    drawings = [
        Drawing(page.width, page.height, _title(view, wish), "en" if view.lang == "en" else "zh-CN")
        for _ in range(number)
    ]
    for at, drawing in enumerate(drawings, 1):
        white = Paint(fill=palette(view.dark)["surface"].name)
        drawing.rectangle(0, 0, page.width, page.height, white)
        _head(drawing, view, wish, page.margin)
        _foot(drawing, view, page.margin, page.bottom, _end(view, day, at, number))
    _map(drawings[0], laid)
    _code(drawings[0], view, address, laid.layout.columns[-1])
    for put in laid.puts:
        beyond = put.column - len(laid.layout.columns)
        sheet = 0 if beyond < 0 else 1 + beyond // page.columns
        put.block.draw(drawings[sheet], put.x, put.y)
    return [_on_paper(one, wish) for one in drawings]


def _on_paper(drawing: Drawing, wish: Wish) -> Drawing:
    unit = wish.paper.unit
    sheet = Drawing(drawing.width * unit, drawing.height * unit, drawing.title, drawing.lang)
    paste(sheet, drawing, 0, 0, unit)
    return sheet


def _laid(view: View, wish: Wish, page: Page) -> Laid:
    """All on one sheet, if the map then shows as much at the same scale; else the largest map."""
    largest: Laid | None = None
    for layout in _layouts(page, wish):
        scale = scaled(view, wish, layout.window.width, layout.window.height)
        if largest is not None and scale.denominator > largest.scale.denominator:
            break
        taken = [scale_box(view, scale), _arrow_box(layout.window)]
        planned = plan(view, scale.camera, numbered=True, taken=taken)
        beside = blocks(planned, rows(planned), page.column)
        puts = flow(beside, _columns(layout, page), page.bottom - page.top)
        laid = Laid(layout, scale, planned, puts)
        largest = largest or laid
        if laid.more <= 0 and laid.shown >= largest.shown:
            return laid
        if laid.more > page.columns:
            break  # no sheet has room for that
    assert largest is not None
    return largest


def _layouts(page: Page, wish: Wish) -> Iterator[Layout]:
    """From the largest map down."""
    high = page.bottom - page.top
    if wish.orientation == "landscape":
        for beside in range(1, page.columns - 1):
            columns = page.boxes(page.columns - beside, page.top)
            width = columns[0].x - GAP - page.margin
            yield Layout(Box(page.margin, page.top, width, high), columns)
        return
    for part in MAP_PARTS:
        window = Box(page.margin, page.top, page.inner, part * high)
        yield Layout(window, page.boxes(0, page.top + window.height + GAP))


def _columns(layout: Layout, page: Page) -> Iterator[Box]:
    """Those beside the map, the last one shorter by the code at its foot; then whole sheets."""
    *before, last = layout.columns
    yield from before
    yield last._replace(height=last.height - QR - GAP / 2)
    while True:
        yield from page.boxes(0, page.top)


def _map(drawing: Drawing, laid: Laid) -> None:
    window, view = laid.layout.window, laid.plan.view
    draw_map(drawing, laid.plan, window.x, window.y)
    bar = scale_box(view, laid.scale).moved(window.x, window.y)
    draw_scale(drawing, view, laid.scale, bar.x, bar.y)
    arrow = _arrow_box(window).moved(window.x, window.y)
    draw_north(drawing, view, arrow.x, arrow.y)
    edge = Paint(stroke=palette(view.dark)["ink-quiet"].name, width=1)
    drawing.rectangle(*window, edge)


def _arrow_box(window: Box) -> Box:
    """Clear of the degrees along the edges."""
    width, height = ARROW
    return Box(window.width - width - ASIDE, ASIDE, width, height)


def _code(drawing: Drawing, view: View, address: str, column: Box) -> None:
    """The way to the live view, at the foot of a column."""
    colours = palette(view.dark)
    y = column.y + column.height - QR
    x, title = column.x, "board.address"
    if has_code(address):
        title = "board.live"
        draw_qr(drawing, address, x - QUIET, y + QUIET / 2, QR)
        x += QR
    room = column.x + column.width - x
    ink = Lettering(SUBTITLE, colours["ink"].name, bold=True)
    quiet = Lettering(TINY, colours["ink-quiet"].name)
    lines = [(one, ink) for one in wrapped(view.words[title], room, SUBTITLE, True)]
    lines += [(one, quiet) for one in wrapped(address, room, TINY, lines=7)]
    high = sum(TIGHT if lettering is quiet else LEADING for _, lettering in lines)
    base = y + QR - high
    drawing.link(x, base, room, high, address)
    for text, lettering in lines:
        base += TIGHT if lettering is quiet else LEADING
        drawing.text(x, base - 3, text, lettering)


def _page(view: View, wish: Wish, day: str) -> Page:
    width, height = wish.paper.units(wish.orientation)
    margin = wish.paper.margin
    empty = Drawing(width, height)
    top = margin + _head(empty, view, wish, margin)
    # The longest that may stand at the foot's right leaves the least room for the credit.
    foot = _foot(empty, view, margin, 0, _end(view, day, MOST_PAGES, MOST_PAGES))
    return Page(width, height, margin, top, height - margin - foot)


def _title(view: View, wish: Wish) -> str:
    return plain(view.zone.title.of(view.lang) if wish.title is None else wish.title)


def _head(drawing: Drawing, view: View, wish: Wish, margin: float) -> float:
    """Title and subtitle, the slot of the review at the right, what is asked under them."""
    colours, review = palette(view.dark), _review(view, drawing.width / 3)
    slot = measured(review, SUBTITLE, True) + 16
    room = drawing.width - 2 * margin - slot - GAP
    lines = wrapped(_title(view, wish), room, TITLE, bold=True)
    high: float = TITLE
    for place, line in enumerate(lines):
        high = TITLE * (1 + 1.2 * place)
        drawing.text(margin, margin + high, line, Lettering(TITLE, colours["ink"].name, bold=True))
    given = plain(view.zone.subtitle.of(view.lang) if wish.subtitle is None else wish.subtitle)
    x = margin + (measured(lines[-1], TITLE, True) + 14 if lines else 0)
    quiet = Lettering(SUBTITLE, colours["ink-quiet"].name)
    if measured(given, SUBTITLE) <= margin + room - x:
        drawing.text(x, margin + high, given, quiet)
    else:
        high += LEADING
        drawing.text(margin, margin + high, shortened(given, room, SUBTITLE), quiet)
    _slot(drawing, review, drawing.width - margin - slot, margin, slot, colours["ink"].name)
    asked = wrapped(asked_line(view), drawing.width - 2 * margin, ASKED, lines=MOST_ASKED)
    high += 4 if asked else 0
    for line in asked:
        high += LEADING
        drawing.text(margin, margin + high, line, Lettering(ASKED, colours["accent"].name))
    return high + 12


def _review(view: View, room: float) -> str:
    """The number of the map's review, or that there is none yet."""
    words = view.words
    text = said(words, "strip.approval", number=plain(view.approval)) if view.approval else ""
    return shortened(text or words["strip.unapproved"], room, SUBTITLE, bold=True)


def _slot(drawing: Drawing, text: str, x: float, y: float, width: float, ink: str) -> None:
    drawing.rectangle(x, y, width, TITLE, Paint(stroke=ink, width=1))
    middle = Lettering(SUBTITLE, ink, bold=True, anchor="middle")
    drawing.text(x + width / 2, y + TITLE / 2 + MIDDLE * SUBTITLE, text, middle)


def _foot(drawing: Drawing, view: View, margin: float, y: float, end: str) -> float:
    """Whose boundaries, how old; when it is made, and the page, at the right."""
    colours = palette(view.dark)
    right = drawing.width - margin
    y += FOOT
    drawing.lines([[(margin, y), (right, y)]], Paint(stroke=colours["line"].name, width=1))
    room = right - margin - measured(end, SMALL) - GAP
    # On paper nobody sees how far one may zoom in: it always says what boundaries are not.
    high = draw_credit(drawing, view, margin, y + 5, room, is_close=True, more=_datum(view))
    quiet = Lettering(SMALL, colours["ink-quiet"].name, anchor="end")
    drawing.text(right, y + 5 + 7 + MIDDLE * SMALL, end, quiet)
    return FOOT + 5 + high


def _datum(view: View) -> str:
    """EPSG:4326 and 4490 are taken as equal."""
    names = {"datum": "WGS 84 / CGCS2000", "projection": "Web Mercator (EPSG:3857)"}
    return said(view.words, "board.datum", **names)


def _end(view: View, day: str, page: int, pages: int) -> str:
    made = said(view.words, "board.made", date=date(day, view.lang))
    if pages == 1:
        return made
    return f"{made} · {said(view.words, 'board.page', page=page, pages=pages)}"

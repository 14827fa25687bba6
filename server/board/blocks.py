"""What stands beside a board's map, in pieces that can be put into columns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.board.flow import Block, Draw
from server.board.listing import Row, whereabouts
from server.drawing.drawing import Drawing, Lettering, Paint
from server.picture.caption import sources
from server.picture.colours import palette
from server.picture.draw_labels import MIDDLE, draw_item
from server.picture.legend import Entry, draw_entry, draw_title, ground, legend
from server.picture.plan import Plan
from server.picture.totals import totals
from server.picture.view import View
from server.picture.wording import measured, wrapped

TEXT, SMALL, LEADING, TIGHT, SYMBOL = 11, 10, 15, 13, 13
TOGETHER = 6  # entries or totals that are kept in one piece
NUMBER = 28  # units of the column of numbers
SECTION = 14  # room above a section
SPARSE = 3  # lines of a name, a title, a total


def blocks(plan: Plan, rows: Sequence[Row], width: float) -> list[Block]:
    """The answer first: it must not be what goes over to another sheet."""
    view = plan.view
    return [
        *_totals(view, whereabouts(plan), width),
        *_legend(_seen(plan), width),
        *_list(view, rows, width),
        *_sources(view, width),
    ]


def _seen(plan: Plan) -> View:
    """The view as the legend has it: layers of which something is on the sheet."""
    on = {one.layer.id for pill in plan.pills for one in pill.group.items}
    on |= {one.layer.id for one in plan.view.items if one.home != "map" or not one.point}
    return replace(plan.view, shown=[one for one in plan.view.shown if one.layer.id in on])


def _legend(view: View, width: float) -> Iterator[Block]:
    for section in [*legend(view), *filter(None, [ground(view)])]:
        yield _title(view, section.title, width)
        last = len(section.entries) - 1
        together = last < TOGETHER
        for place, entry in enumerate(section.entries):
            yield Block(_entry(view, entry, width), leads=together and place < last)


def _entry(view: View, entry: Entry, width: float) -> Draw:
    return lambda drawing, x, y: draw_entry(drawing, view, entry, x, y, width)


def _title(view: View, text: str, width: float) -> Block:
    def draw(drawing: Drawing, x: float, y: float) -> float:
        return draw_title(drawing, view, text, x, y, width)

    return Block(draw, leads=True, over=SECTION)


def _totals(view: View, where: str, width: float) -> Iterator[Block]:
    """In one piece: a sum is nothing without its qualifiers."""
    yield _title(view, view.words["totals.label"], width)
    ink = palette(view.dark)["ink"].name
    first, *others = totals(view, "board.total")
    texts = [first, *filter(None, [where]), *others]
    for place, text in enumerate(texts):
        lettering = Lettering(TEXT, ink, bold=place == 0)
        leads = place < min(len(texts), TOGETHER) - 1
        yield Block(_lines(text, lettering, width, LEADING, lines=4), leads, over=3)


def _sources(view: View, width: float) -> Iterator[Block]:
    found = sources(view)
    if not found:
        return
    yield _title(view, view.words["board.sources"], width)
    quiet = Lettering(SMALL, palette(view.dark)["ink-quiet"].name)
    for text in found:
        yield Block(_lines(text, quiet, width, TIGHT, lines=4), over=2)


def _list(view: View, rows: Sequence[Row], width: float) -> Iterator[Block]:
    for row in rows:
        if row.kind == "heading":
            yield _title(view, row.text, width)
        elif row.kind == "note":
            quiet = Lettering(TEXT, palette(view.dark)["ink-quiet"].name)
            yield Block(_lines(row.text, quiet, width, LEADING, lines=SPARSE), over=4)
        else:
            draw = _row(view, row, width)
            yield Block(draw, leads=row.kind == "place", over=3 if row.number else 0)


def _lines(text: str, lettering: Lettering, width: float, leading: float, lines: int) -> Draw:
    laid = wrapped(text, width, lettering.size, lettering.bold, lines)

    def draw(drawing: Drawing, x: float, y: float) -> float:
        for place, line in enumerate(laid):
            base = y + (place + 0.5) * leading + MIDDLE * lettering.size
            drawing.text(x, base, line, lettering)
        return len(laid) * leading

    return draw


def _row(view: View, row: Row, width: float) -> Draw:
    """The number in a pill as on the map, the symbol, the name."""
    colours = palette(view.dark)
    ink = colours["ink"].name
    bold = row.kind == "place"
    before = NUMBER + (SYMBOL + 5 if row.item else 0)
    laid = wrapped(row.text, width - before, TEXT, bold, SPARSE)

    def draw(drawing: Drawing, x: float, y: float) -> float:
        middle = y + LEADING / 2
        if row.number is not None:
            text = str(row.number)
            wide = max(measured(text, TEXT, True) + 6, 16)
            edge = Paint(colours["surface"].name, colours["line-strong"].name, 0.8)
            drawing.rectangle(x, middle - 7, wide, 14, edge, radius=7)
            drawing.text(
                x + wide / 2, middle + MIDDLE * TEXT, text,
                Lettering(TEXT, ink, bold=True, anchor="middle"),
            )  # fmt: skip
        if row.item is not None:
            draw_item(drawing, row.item, (x + NUMBER, middle - SYMBOL / 2), SYMBOL, view.dark)
        for place, line in enumerate(laid):
            base = middle + place * (LEADING - 1) + MIDDLE * TEXT
            drawing.text(x + before, base, line, Lettering(TEXT, ink, bold=bold))
        return max(len(laid), 1) * (LEADING - 1) + 2

    return draw

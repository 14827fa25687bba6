"""Under a map: how many and how much, what has no place on it, and whose boundaries they are."""

from collections.abc import Sequence

from server.drawing.drawing import Drawing, Lettering, Paint
from server.html_values import date, number
from server.picture.colours import palette
from server.picture.draw_labels import MIDDLE
from server.picture.symbols import Look, colour_of, draw_symbol
from server.picture.totals import totals, unplaced_by_layer
from server.picture.view import View
from server.picture.wording import ELLIPSIS, measured, plain, said, shortened, wrapped

TEXT, SMALL, SYMBOL = 12, 10, 13
LEADING, TIGHT = 18, 14
MOST_SYMBOLS = 12
DOT = " · "
LONGEST_CREDIT = 600


def draw_totals(
    drawing: Drawing, view: View, x: float, y: float, width: float, lines: int = 3
) -> float:
    """The answer first, in bold, in at most so many lines; its height comes back.

    In one line it says as well how many have no place on the map: there is no row of them.
    """
    texts = totals(view)
    if lines == 1 and (unplaced := unplaced_title(view)):
        texts.insert(1, unplaced)
    colours = palette(view.dark)
    quiet, ink = colours["ink-quiet"].name, colours["ink"].name
    rows = _rows(texts, width, lines)
    for line, row in enumerate(rows):
        at, base = x, y + line * LEADING + LEADING / 2 + MIDDLE * TEXT
        for place, (text, bold) in enumerate(row):
            if place:
                drawing.text(at, base, DOT, Lettering(TEXT, quiet))
                at += measured(DOT, TEXT)
            drawing.text(at, base, text, Lettering(TEXT, ink, bold=bold))
            at += measured(text, TEXT, bold)
    return len(rows) * LEADING


def _rows(texts: Sequence[str], width: float, lines: int) -> list[list[tuple[str, bool]]]:
    """Texts side by side in at most so many lines, the first in bold: each whole or not at all.

    What was published for several things is nothing without its qualifier.
    """
    rows = [[(shortened(texts[0], width, TEXT, True), True)]]
    used = measured(rows[0][0][0], TEXT, True)
    for text in texts[1:]:
        needed = measured(DOT, TEXT) + measured(text, TEXT)
        if used + needed <= width:
            rows[-1].append((text, False))
            used += needed
            continue
        parts = wrapped(text, width, TEXT, lines=lines + 1)
        if len(rows) + len(parts) <= lines:
            rows += [[(part, False)] for part in parts]
            used = measured(parts[-1], TEXT)
    return rows


def draw_unplaced(drawing: Drawing, view: View, x: float, y: float, width: float) -> float:
    """The row at the map's edge: what has no place on it, by layer; 0 where all have one."""
    layers = unplaced_by_layer(view)
    if not layers:
        return 0
    colours = palette(view.dark)
    ink, quiet = colours["ink"].name, colours["ink-quiet"].name
    middle = y + LEADING / 2
    base, end = middle + MIDDLE * TEXT, x + width
    title = unplaced_title(view)
    drawing.text(x, base, title, Lettering(TEXT, ink, bold=True))
    at = x + measured(title, TEXT, True) + 12
    more = measured(ELLIPSIS, TEXT)
    for layer, count in layers:
        name = shortened(layer.title.of(view.lang), 150, TEXT)
        text = f"{name} {number(count)}"
        symbols = min(count, MOST_SYMBOLS)
        needed = measured(text, TEXT) + 5
        if at + needed + SYMBOL + more > end:
            drawing.text(min(at, end - more), base, ELLIPSIS, Lettering(TEXT, quiet))
            break
        drawing.text(at, base, text, Lettering(TEXT, quiet))
        at += needed
        for _ in range(symbols):
            if at + SYMBOL + more > end:
                break
            colour = colour_of(layer.style, view.dark)
            corner = (at, middle - SYMBOL / 2)
            draw_symbol(drawing, colours, layer.style, colour, corner, SYMBOL, Look(hollow=True))
            at += SYMBOL + 2
        at += 10
    return LEADING


def unplaced_title(view: View) -> str:
    count = sum(count for _, count in unplaced_by_layer(view))
    return f"{view.words['tray.title']} {number(count)}" if count else ""


def credit_lines(view: View, is_close: bool) -> list[str]:
    """The edition with its review number, the age of the data, and whose boundaries they are."""
    words = view.words
    number_ = view.approval
    edition = words["strip.unapproved"]
    if number_:
        edition = words["strip.public"] + DOT + said(words, "strip.approval", number=plain(number_))
    as_of = view.zone.as_of
    return [
        text
        for text in (
            words["map.generalised"] if is_close and view.ground.areas else "",
            edition,
            said(words, "panel.as_of", date=date(as_of, view.lang)) if as_of else "",
            plain(view.zone.credit.of(view.lang), LONGEST_CREDIT),
        )
        if text
    ]


def draw_credit(
    drawing: Drawing,
    view: View,
    x: float,
    y: float,
    width: float,
    is_close: bool = False,
    more: str = "",
) -> float:
    """Small and quiet, never cut where four lines hold it. Returns its height."""
    lines = _joined([*credit_lines(view, is_close), *filter(None, [more])], width)
    ink = Lettering(SMALL, palette(view.dark)["ink-quiet"].name)
    for place, line in enumerate(lines):
        drawing.text(x, y + place * TIGHT + TIGHT / 2 + MIDDLE * SMALL, line, ink)
    return len(lines) * TIGHT


def _joined(texts: Sequence[str], width: float) -> list[str]:
    return wrapped(DOT.join(texts), width, SMALL, lines=4)


def band(drawing: Drawing, view: View, y: float, height: float) -> None:
    """The paper that such lines stand on, parted from the map."""
    colours = palette(view.dark)
    drawing.rectangle(0, y, drawing.width, height, Paint(fill=colours["surface"].name))
    drawing.lines([[(0, y), (drawing.width, y)]], Paint(stroke=colours["line"].name, width=1))

"""A picture of a view: title, map, legend beside or under it, totals and credit."""

from collections.abc import Callable

from server.drawing.drawing import Drawing, Lettering, Paint
from server.html_values import number
from server.picture.colours import palette
from server.picture.credit import LEADING, band, draw_credit, draw_totals, draw_unplaced
from server.picture.draw import draw_map, draw_scale_bar
from server.picture.draw_labels import MIDDLE
from server.picture.items import Item
from server.picture.legend import draw_legend, draw_sections, legend_height
from server.picture.parameters import Sheet
from server.picture.placing import Box
from server.picture.plan import Plan, camera_of, plan
from server.picture.view import View
from server.picture.wording import measured, plain, said, shortened

PADDING = 12
TITLE, SUBTITLE, ASKED, NOTE = 18, 12, 12, 10
SIDE, NARROWEST = 212, 640  # points of a legend beside the map, and of a picture that has one
COLUMN = 190  # of a legend under it
LARGEST = 0.42  # part of the height that a legend under the map may take
LEAST = (120, 90)  # of a map: in less room it stands alone
BARRED = 180  # the height from which a map has a scale
LOW = 460  # pictures lower than this say the totals in one line
SCALE_BAR = (130, 26)
CLOSE = 12  # the zoom from which boundaries say what they are not

Draw = Callable[[Drawing, float], float]  # at a height; says how high it is


def draw_picture(view: View, sheet: Sheet) -> Drawing:
    title = plain(view.zone.title.of(view.lang) if sheet.title is None else sheet.title)
    drawing = Drawing(sheet.width, sheet.height, title or plain(view.zone.title.of(view.lang)))
    drawing.lang = "en" if view.lang == "en" else "zh-CN"
    over = _height(lambda on, y: _head(on, view, sheet, title, y), sheet)
    under = _height(lambda on, y: _foot(on, view, sheet, y), sheet)
    room = sheet.height - over - under
    side, few = _side(view, sheet, room)
    legend = 0 if side else _legend_under(view, sheet, room)
    width, height = sheet.width - side, room - legend
    if width < LEAST[0] or height < LEAST[1]:
        # Too small for words around it: the map is what was asked for.
        _map(drawing, view, Box(0, 0, sheet.width, sheet.height))
        return drawing
    surface = Paint(fill=palette(view.dark)["surface"].name)
    drawing.rectangle(0, 0, sheet.width, sheet.height, surface)
    _head(drawing, view, sheet, title, 0)
    _map(drawing, view, Box(side, over, width, height))
    if side:
        edge = Paint(stroke=palette(view.dark)["line"].name, width=1)
        drawing.lines([[(side, over), (side, over + height)]], edge)
        draw_legend(drawing, view, PADDING, over + PADDING, side - 2 * PADDING, few)
    if legend:
        band(drawing, view, over + height, legend)
        _sections(drawing, view, sheet, over + height + PADDING)
    if under:
        band(drawing, view, sheet.height - under, under)
        _foot(drawing, view, sheet, sheet.height - under)
    return drawing


def asked_line(view: View) -> str:
    """What it is narrowed by, and what is lifted out."""
    chosen, selected = [], view.selected
    if selected is not None and _is_shown(view, selected):
        chosen = [said(view.words, "picture.selected", name=selected.name)]
    return " · ".join([*view.asked, *chosen])


def _is_shown(view: View, item: Item) -> bool:
    if item.layer.role != "sites":
        return item.layer.id in view.on
    return any(one.key == item.key for one in view.items)


def _height(draw: Draw, sheet: Sheet) -> float:
    return draw(Drawing(sheet.width, 0), 0)


def _map(drawing: Drawing, view: View, window: Box) -> None:
    bar = [Box(0, window.height - SCALE_BAR[1], *SCALE_BAR)] if window.height > BARRED else []
    camera = camera_of(view, window.width, window.height)
    planned = plan(view, camera, taken=bar)
    note = _note(view, planned, window)
    if note is not None:
        planned = plan(view, camera, taken=[*bar, note[1]])
    draw_map(drawing, planned, window.x, window.y)
    if bar:
        draw_scale_bar(drawing, planned, window.x + 12, window.y + window.height - 10)
    if note is not None:
        text, box = note
        colours = palette(view.dark)
        box = box.moved(window.x, window.y)
        drawing.rectangle(*box, Paint(fill=colours["surface"].name, fill_opacity=0.8), radius=3)
        ink = Lettering(NOTE, colours["ink"].name)
        drawing.text(box.x + 4, box.middle[1] + MIDDLE * NOTE, text, ink)


def _note(view: View, planned: Plan, window: Box) -> tuple[str, Box] | None:
    """How many things of districts whose plates have no room, and where that is said."""
    if not planned.left_out:
        return None
    text = said(view.words, "picture.left_out", count=number(len(planned.left_out)))
    text = shortened(text, window.width - 16, NOTE)
    width = measured(text, NOTE) + 8
    return text, Box(window.width - width - 4, window.height - 20, width, 16)


def _head(drawing: Drawing, view: View, sheet: Sheet, title: str, y: float) -> float:
    """The title, the zone's subtitle beside it, and what the view is narrowed to under it."""
    colours = palette(view.dark)
    room, high = sheet.width - 2 * PADDING, 0.0
    if title:
        text = shortened(title, room, TITLE, bold=True)
        high = TITLE + 2 * PADDING
        base = y + high / 2 + MIDDLE * TITLE
        drawing.text(PADDING, base, text, Lettering(TITLE, colours["ink"].name, bold=True))
        subtitle = plain(view.zone.subtitle.of(view.lang)) if sheet.title is None else ""
        x = PADDING + measured(text, TITLE, True) + PADDING
        if x + measured(subtitle, SUBTITLE) <= sheet.width - PADDING:
            quiet = Lettering(SUBTITLE, colours["ink-quiet"].name)
            drawing.text(x, base, subtitle, quiet)
    asked = asked_line(view)
    if asked:
        high = high - 4 if title else PADDING / 2
        ink = Lettering(ASKED, colours["accent"].name)
        base = y + high + LEADING / 2 + MIDDLE * ASKED
        drawing.text(PADDING, base, shortened(asked, room, ASKED), ink)
        high += LEADING + 6
    return high


def _foot(drawing: Drawing, view: View, sheet: Sheet, y: float) -> float:
    if not sheet.credit:
        return 0
    top, room = y, sheet.width - 2 * PADDING
    is_low = sheet.height < LOW
    y += 6
    y += draw_totals(drawing, view, PADDING, y, room, 1 if is_low else 3)
    if not is_low:
        y += draw_unplaced(drawing, view, PADDING, y + 2, room)
    is_close = camera_of(view, sheet.width, sheet.height).zoom >= CLOSE
    y += draw_credit(drawing, view, PADDING, y + 4, room, is_close)
    return y + 10 - top


def _side(view: View, sheet: Sheet, height: float) -> tuple[float, bool]:
    """How wide a legend beside the map is, 0 where there is none, and whether it says less."""
    if not sheet.legend or sheet.width < NARROWEST or sheet.width < 1.15 * sheet.height:
        return 0, False
    for few in (False, True):
        needed = legend_height(view, SIDE - 2 * PADDING, few)
        if 0 < needed <= height - 2 * PADDING:
            return SIDE, few
    return 0, False


def _sections(drawing: Drawing, view: View, sheet: Sheet, y: float) -> float:
    columns = max(1, int((sheet.width - PADDING) // COLUMN))
    return draw_sections(drawing, view, PADDING, y, sheet.width - 2 * PADDING, columns)


def _legend_under(view: View, sheet: Sheet, height: float) -> float:
    """0 where it would leave too little of the map."""
    needed = _height(lambda on, y: _sections(on, view, sheet, y), sheet) if sheet.legend else 0
    needed += 2 * PADDING if needed else 0
    return needed if needed <= LARGEST * height else 0

"""What a printed map carries besides what it shows: scale, north, a frame."""

import math

from server.board.scale import Scaled
from server.drawing.drawing import Drawing, Lettering, Paint
from server.html_values import number
from server.picture.asked import distance
from server.picture.colours import palette
from server.picture.placing import Box
from server.picture.view import View
from server.picture.wording import measured, said

WIDEST = 190  # units of a scale bar
NOTED = 0.01  # from which straying of the scale on it is said
USELESS = 0.5  # from which on a bar would mislead
TEXT, SMALL, BAR, PADDING = 12, 10, 6, 8
ARROW = (34, 52)  # with its letter


def bar_length(metres_per_unit: float) -> tuple[float, int]:
    """The longest of 1, 2 or 5 times a power of ten metres, and how many parts it has."""
    most = WIDEST * metres_per_unit
    power = 10 ** math.floor(math.log10(most))
    times = next(one for one in (5, 2, 1) if one * power <= most)
    return times * power, {5: 5, 2: 4, 1: 4}[times]


def scale_box(view: View, scale: Scaled) -> Box:
    """From the map's lower left corner."""
    title, note = _title(scale), _note(view, scale)
    length = bar_length(scale.metres_per_unit)[0] / scale.metres_per_unit
    end = distance(bar_length(scale.metres_per_unit)[0], view.words)
    width = max(
        length + measured("0", SMALL) / 2 + measured(end, SMALL) / 2 + 4,
        measured(title, TEXT, True),
        measured(note, SMALL),
    )
    height = (52 if has_bar(scale) else 26) + (14 if note else 0)
    return Box(0, scale.camera.height - height, width + 2 * PADDING, height)


def draw_scale(drawing: Drawing, view: View, scale: Scaled, x: float, y: float) -> None:
    """The scale in numbers over a bar; with the upper left corner of its box there."""
    colours, box = palette(view.dark), scale_box(view, scale)
    ink = colours["ink"].name
    paper = Paint(fill=colours["surface"].name, fill_opacity=0.85)
    drawing.rectangle(x, y, box.width, box.height, paper)
    drawing.text(x + PADDING, y + 18, _title(scale), Lettering(TEXT, ink, bold=True))
    if note := _note(view, scale):
        drawing.text(x + PADDING, y + box.height - 6, note, Lettering(SMALL, ink))
    if has_bar(scale):
        _bar(drawing, view, scale, x, y)


def has_bar(scale: Scaled) -> bool:
    return scale.strays < USELESS


def _bar(drawing: Drawing, view: View, scale: Scaled, x: float, y: float) -> None:
    colours = palette(view.dark)
    ink = colours["ink"].name
    metres, parts = bar_length(scale.metres_per_unit)
    length = metres / scale.metres_per_unit
    left, top = x + PADDING + measured("0", SMALL) / 2, y + 26
    edge = Paint(stroke=ink, width=0.8)
    for part in range(parts):
        fill = ink if part % 2 == 0 else colours["surface"].name
        at = left + part * length / parts
        drawing.rectangle(at, top, length / parts, BAR, Paint(fill, ink, 0.8))
    drawing.lines([[(left + length, top), (left + length, top + BAR)]], edge)
    middle = Lettering(SMALL, ink, anchor="middle")
    drawing.text(left, top + BAR + 12, "0", middle)
    drawing.text(left + length, top + BAR + 12, distance(metres, view.words), middle)


def _title(scale: Scaled) -> str:
    return f"1:{number(scale.denominator)}"


def _note(view: View, scale: Scaled) -> str:
    """Where the scale is another at the map's edges by so much that one would measure it."""
    if scale.strays < NOTED:
        return ""
    percent = number(round(100 * scale.strays))
    return said(view.words, "board.strays", percent=percent)


def draw_north(drawing: Drawing, view: View, x: float, y: float) -> None:
    """North is up wherever one is: meridians of web Mercator are parallel."""
    colours = palette(view.dark)
    ink = colours["ink"].name
    width, height = ARROW
    paper = Paint(fill=colours["surface"].name, fill_opacity=0.85)
    drawing.rectangle(x, y, width, height, paper, radius=4)
    drawing.text(
        x + width / 2, y + 14, view.words["board.north"],
        Lettering(TEXT, ink, bold=True, anchor="middle"),
    )  # fmt: skip
    middle, top, base = x + width / 2, y + 18, y + height - 5
    notch = base - 7
    left = [(middle, top), (middle - 9, base), (middle, notch)]
    right = [(middle, top), (middle + 9, base), (middle, notch)]
    drawing.rings([left], Paint(ink, ink, 0.8))
    drawing.rings([right], Paint(colours["surface"].name, ink, 0.8))

"""The symbols of layers, as static/symbols.js draws them: filled, hollow or dashed."""

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from layers.model import Style
from server.drawing.drawing import Drawing, Line, Paint
from server.picture.colours import Palette, full

# In a box of 16 x 16; a test holds them to the page's.
OUTLINES = {
    "square": "M3 3H13V13H3Z",
    "hexagon": "M8 1.6 13.6 4.8V11.2L8 14.4 2.4 11.2V4.8Z",
    "diamond": "M8 1.2 14.8 8 8 14.8 1.2 8Z",
    "triangle": "M8 2 14.8 13.6H1.2Z",
    "circle": "M8 2.2A5.8 5.8 0 1 1 8 13.8 5.8 5.8 0 1 1 8 2.2Z",
    "star": "M8 1.2 10 5.9 15.1 6.3 11.2 9.6 12.4 14.6 8 11.9 3.6 14.6 4.8 9.6 .9 6.3 6 5.9Z",
    "pentagon": "M8 1.6 14.5 6.4 12 14H4L1.5 6.4Z",
    "cross": "M5.8 1.8H10.2V5.8H14.2V10.2H10.2V14.2H5.8V10.2H1.8V5.8H5.8Z",
    "dot": "M8 4.6A3.4 3.4 0 1 1 8 11.4 3.4 3.4 0 1 1 8 4.6Z",
    "area": "M2 3.5H14V12.5H2Z",
    "line": "M1.5 12.5 6 5.5 10 10.5 14.5 3.5",
}
BOX = 16
_ROUND = 32  # corners of a circle


class Look(NamedTuple):
    """How well a position is known; `possible`: it may be in the area that is asked about."""

    hollow: bool = False
    dashed: bool = False
    possible: bool = False


KNOWN = Look()


@cache
def outline(symbol: str) -> Line:
    """The corners of a symbol. Its arcs are the halves of a circle."""
    points: list[tuple[float, float]] = []
    for command, text in re.findall(r"([MHVLA])([^MHVLAZ]*)", OUTLINES[symbol]):
        numbers = [float(one) for one in text.split()]
        if command == "H":
            points.append((numbers[0], points[-1][1]))
        elif command == "V":
            points.append((points[-1][0], numbers[0]))
        elif command == "A":
            return _circle(points[0], numbers[0])
        else:
            points += zip(numbers[::2], numbers[1::2], strict=True)
    return np.array(points)


def _circle(top: tuple[float, float], radius: float) -> Line:
    turn = np.linspace(0, 2 * np.pi, _ROUND, endpoint=False)
    return np.column_stack(
        [top[0] + radius * np.sin(turn), top[1] + radius - radius * np.cos(turn)]
    )


def colour_of(style: Style, dark: bool) -> str:
    return full(style.dark or style.colour) if dark else full(style.colour)


def draw_symbol(
    drawing: Drawing,
    palette: Palette,
    style: Style,
    colour: str,
    at: tuple[float, float],
    size: float,
    look: Look = KNOWN,
) -> None:
    """`at` is the upper left corner of its box."""
    kind = style.symbol if style.symbol in OUTLINES else "circle"
    scale = size / BOX
    line = outline(kind) * scale + at
    if kind == "line":
        drawing.lines([line], Paint(stroke=colour, width=2 * scale))
        return
    surface, quiet = palette["surface"].name, palette["surface-quiet"].name
    if kind == "area":
        paint = Paint(fill=quiet, stroke=colour, width=1.5 * scale)
    elif look.possible:
        # Dashes are for what is inferred; what is hollow is paler still.
        dash = _dash(3, 1.8, scale) if look.dashed else ()
        pale = 0.14 if look.hollow else 0.42
        drawing.rings([line], Paint(fill=surface))
        paint = Paint(colour, colour, 1.8 * scale, dash, fill_opacity=pale)
    elif look.hollow:
        dash = _dash(3, 1.8, scale) if look.dashed else ()
        paint = Paint(surface, colour, 2 * scale, dash)
    elif look.dashed:
        paint = Paint(colour, surface, scale, _dash(3, 1.8, scale))
    else:
        # The page paints the white edge beneath the fill, so that it leaves the shape whole.
        drawing.rings([line], Paint(stroke=surface, width=scale))
        paint = Paint(fill=colour)
    drawing.rings([line], paint)


def _dash(on: float, off: float, scale: float) -> tuple[float, ...]:
    return (on * scale, off * scale)

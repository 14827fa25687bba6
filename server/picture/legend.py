"""The legend of what is seen: the layers with something in them, the ways of placing, the tones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from layers.model import Layer
from layers.style import FILLED
from server.drawing.drawing import Drawing, Lettering, Paint
from server.html_values import number
from server.picture.colours import Palette, palette
from server.picture.draw_labels import MIDDLE
from server.picture.items import Item
from server.picture.shading import UNKNOWN
from server.picture.symbols import colour_of, draw_symbol
from server.picture.view import View
from server.picture.wording import measured, plain, said, wrapped

Sample = Literal["filled", "hollow", "plate", "row", "dashed", "possible"]
Ground = Literal["area", "town", "border"]

_WAYS: tuple[tuple[Sample, str, Callable[[Item], bool]], ...] = (
    ("filled", "legend.exact", lambda item: item.placement in FILLED),
    ("hollow", "legend.township", lambda item: item.hollow),
    ("plate", "legend.district", lambda item: item.home == "plate"),
    ("row", "legend.unplaced", lambda item: item.home == "tray"),
    ("dashed", "legend.inferred", lambda item: item.inferred),
    ("possible", "legend.possible", lambda item: item.certain is False),
)

TITLE, TEXT, SYMBOL, LEADING = 12, 12, 15, 16
GAP, SECTION = 7, 12
LINES = 3  # of an entry at most


@dataclass(frozen=True)
class Entry:
    """One line: a layer with how many of it are shown, a way of placing, or a tone."""

    text: str
    count: str = ""
    layer: Layer | None = None
    sample: Sample | None = None
    ground: Ground | None = None
    tone: int | None = None


@dataclass(frozen=True)
class Section:
    title: str
    entries: Sequence[Entry]


def legend(view: View, few: bool = False) -> list[Section]:
    """`few` leaves out what is the same for all layers."""
    found = []
    layers = [
        Entry(plain(one.layer.title.of(view.lang)), _count(one.count, one.all), one.layer)
        for one in view.shown
        if one.count
    ]
    if layers:
        found.append(Section(view.words["picture.legend"], layers))
    if view.shading is not None:
        tones = [Entry(text, tone=tone) for tone, text in view.shading.steps]
        found.append(Section(view.shading.title, tones))
    ways = [
        Entry(view.words[key], sample=sample)
        for sample, key, is_used in _WAYS
        if any(map(is_used, view.items))
    ]
    if ways and not few:
        found.append(Section(view.words["legend.title"], ways))
    return found


def _count(count: int, whole: int) -> str:
    return number(count) if count == whole else f"{number(count)} / {number(whole)}"


def ground(view: View) -> Section | None:
    """What the map lies on: for sheets that nobody can ask."""
    shown: tuple[tuple[Ground, list[Layer]], ...] = (
        ("area", [one.item.layer for one in view.ground.areas]),
        ("town", [one.layer for one in view.ground.towns]),
    )
    entries = [
        Entry(plain(layer.title.of(view.lang)), ground=kind)
        for kind, layers in shown
        for layer in {one.id: one for one in layers if one.id in view.on}.values()
    ]
    regions = [
        one for one in (*view.ground.backdrop, *view.ground.areas) if one.item.layer.id in view.on
    ]
    group = next((one.item.layer.schema.with_role("group", view.lang) for one in regions), None)
    if group is not None and len(view.ground.borders):
        name = plain(group.label.of(view.lang))
        entries.append(Entry(said(view.words, "board.border", name=name), ground="border"))
    return Section(view.words["board.ground"], entries) if entries else None


@dataclass(frozen=True)
class _Laid:
    entry: Entry
    lines: Sequence[str]

    @property
    def height(self) -> float:
        return max(SYMBOL + 4, len(self.lines) * LEADING) + 3


def draw_legend(
    drawing: Drawing, view: View, x: float, y: float, width: float, few: bool = False
) -> float:
    """One column; its height comes back."""
    sections = legend(view, few)
    top = y
    for place, section in enumerate(sections):
        y += SECTION if place else 0
        y += _draw_section(drawing, view, section, x, y, width)
    return y - top


def legend_height(view: View, width: float, few: bool = False) -> float:
    return draw_legend(Drawing(width, 0), view, 0, 0, width, few)


def draw_sections(
    drawing: Drawing, view: View, x: float, y: float, width: float, columns: int
) -> float:
    """The same in columns side by side, each section whole in one of them."""
    each = (width - (columns - 1) * 2 * SECTION) / columns
    heights = [y] * columns
    for section in legend(view):
        column = min(range(columns), key=lambda one: heights[one])
        at = heights[column] + (SECTION if heights[column] > y else 0)
        left = x + column * (each + 2 * SECTION)
        heights[column] = at + _draw_section(drawing, view, section, left, at, each)
    return max(heights) - y


def _draw_section(
    drawing: Drawing, view: View, section: Section, x: float, y: float, width: float
) -> float:
    top = y
    y += draw_title(drawing, view, section.title, x, y, width)
    for entry in section.entries:
        y += draw_entry(drawing, view, entry, x, y, width)
    return y - top


def draw_title(drawing: Drawing, view: View, title: str, x: float, y: float, width: float) -> float:
    quiet = Lettering(TITLE, palette(view.dark)["ink-quiet"].name, bold=True)
    lines = wrapped(title, width, TITLE, bold=True)
    for place, line in enumerate(lines):
        drawing.text(x, y + place * LEADING + LEADING / 2 + MIDDLE * TITLE, line, quiet)
    return len(lines) * LEADING + 4


def draw_entry(
    drawing: Drawing, view: View, entry: Entry, x: float, y: float, width: float
) -> float:
    """Its height comes back."""
    room = width - SYMBOL - GAP - (measured(entry.count, TEXT) + GAP if entry.count else 0)
    laid = _Laid(entry, wrapped(entry.text, room, TEXT, lines=LINES))
    colours = palette(view.dark)
    middle = y + LEADING / 2 + 1
    corner = (x, middle - SYMBOL / 2)
    if entry.layer is not None:
        style = entry.layer.style
        draw_symbol(drawing, colours, style, colour_of(style, view.dark), corner, SYMBOL)
    elif entry.tone is not None:
        name = "zone" if entry.tone == UNKNOWN else f"tone-{entry.tone}"
        edge = Paint(colours[name].name, colours["line-strong"].name, 1)
        drawing.rectangle(x, middle - 5, SYMBOL, 10, edge)
    elif entry.sample is not None:
        draw_sample(drawing, entry.sample, corner, colours["ink-quiet"].name)
    elif entry.ground is not None:
        _draw_ground(drawing, entry.ground, corner, colours)
    ink = Lettering(TEXT, colours["ink"].name)
    for place, line in enumerate(laid.lines):
        drawing.text(x + SYMBOL + GAP, middle + place * LEADING + MIDDLE * TEXT, line, ink)
    if entry.count:
        quiet = Lettering(TEXT, colours["ink-quiet"].name)
        at = x + width - measured(entry.count, TEXT)
        drawing.text(at, middle + MIDDLE * TEXT, entry.count, quiet)
    return laid.height


def draw_sample(drawing: Drawing, sample: Sample, corner: tuple[float, float], colour: str) -> None:
    """What a way of placing looks like, of no layer (static/legend.js)."""
    x, y = corner
    unit = SYMBOL / 16
    stroke = Paint(stroke=colour, width=1.6 * unit)
    if sample in ("filled", "hollow", "dashed"):
        dash = (2.6 * unit, 2 * unit) if sample == "dashed" else ()
        fill = colour if sample == "filled" else None
        disc = Paint(fill, colour, 1.6 * unit, dash)
        drawing.circle(x + 8 * unit, y + 8 * unit, 5 * unit, disc)
    elif sample == "possible":
        edge = Paint(colour, colour, 1.6 * unit, fill_opacity=0.42)
        drawing.circle(x + 8 * unit, y + 8 * unit, 5 * unit, edge)
    elif sample == "plate":
        drawing.rectangle(x + 1.5 * unit, y + 5 * unit, 13 * unit, 6 * unit, stroke)
    else:
        drawing.lines([[(x + 2 * unit, y + 13.5 * unit), (x + 14 * unit, y + 13.5 * unit)]], stroke)
        for left in (3, 9):
            peak = [(left, 10), (left + 2, 6), (left + 4, 10)]
            drawing.rings([[(x + a * unit, y + b * unit) for a, b in peak]], stroke)


def _draw_ground(
    drawing: Drawing, kind: Ground, corner: tuple[float, float], colours: Palette
) -> None:
    x, y = corner
    if kind == "area":
        edge = Paint(colours["zone"].name, colours["zone-line"].name, 1.6)
        drawing.rectangle(x + 1, y + 3, SYMBOL - 2, SYMBOL - 6, edge)
    elif kind == "town":
        dot = Paint(colours["town-dot"].name, colours["zone"].name, 1)
        drawing.circle(x + SYMBOL / 2, y + SYMBOL / 2, 2.5, dot)
    else:
        dash = Paint(stroke=colours["group-border"].name, width=1.4, dash=(6, 2, 1.5, 2))
        drawing.lines([[(x, y + SYMBOL / 2), (x + SYMBOL, y + SYMBOL / 2)]], dash)

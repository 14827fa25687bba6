"""How a layer looks, read from its definition and written back; without one, a look by geometry."""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from layers.document import Node, without_nothing
from layers.model import SYMBOLS, Field, Fill, Layer, Spot, Style

_COLOUR = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
# Okabe and Ito's colours, made darker for paper, and two more; as light and dark pairs.
_PALETTE = (
    ("#0072B2", "#56B4E9"),
    ("#B34700", "#F0954F"),
    ("#00795A", "#3FCFA5"),
    ("#8C3D78", "#DB9AC4"),
    ("#6B5B00", "#E0C94A"),
    ("#4A4F55", "#A9B1BA"),
    ("#3A1FAE", "#8F72F7"),
    ("#5E1508", "#E8505B"),
)
# Those of points, by turns; an area stays an area.
_SHAPES = ("circle", "square", "triangle", "diamond", "hexagon", "pentagon", "star")


def parse_style(node: Node, layer_id: str, geometry: str) -> Style:
    if node.missing:
        return default_style(layer_id, geometry)
    node.members("symbol", "colour", "dark", "importance", "fills", "labels_at")
    default = default_style(layer_id, geometry)
    automatic = [name for name in ("symbol", "colour") if node[name].missing]
    colour = default.colour if node["colour"].missing else _colour(node["colour"])
    dark = colour
    if not node["dark"].missing:
        dark = _colour(node["dark"])
    elif "colour" in automatic:
        automatic, dark = [*automatic, "dark"], default.dark
    fills = node["fills"]
    if not fills.missing:
        fills.members("values")
    return Style(
        symbol=node["symbol"].one_of(SYMBOLS, default.symbol),
        colour=colour,
        dark=dark,
        importance=node["importance"].whole() or 0,
        fills={key: _fill(pair) for key, pair in fills["values"].pairs()},
        labels_at={key: _spot(pair) for key, pair in node["labels_at"].pairs()},
        automatic=tuple(automatic),
    )


def style_document(style: Style) -> dict[str, Any]:
    chosen = {"symbol": style.symbol, "colour": style.colour, "dark": style.dark}
    return without_nothing(
        {
            **{name: value for name, value in chosen.items() if name not in style.automatic},
            "importance": style.importance or None,
            "fills": {"values": {key: list(fill) for key, fill in style.fills.items()}}
            if style.fills
            else None,
            "labels_at": {key: list(spot) for key, spot in style.labels_at.items()},
        }
    )


def filled_by(layer: Layer) -> Field | None:
    """The field whose values the fills of the style are for; None: the features' own ids."""
    group = layer.schema.with_role("group")
    codes = set(group.codes or ()) if group else set()
    return group if not codes or codes & set(layer.style.fills) else None


def default_style(layer_id: str, geometry: str) -> Style:
    """A symbol that fits the geometry, in the colour that the id would have if it stood alone."""
    symbol = "circle"
    if geometry.endswith("LineString"):
        symbol = "line"
    elif geometry.endswith("Polygon"):
        symbol = "area"
    light, dark = _PALETTE[_first_choice(layer_id)]
    return Style(symbol, light, dark, automatic=("symbol", "colour", "dark"))


def told_apart(layers: Sequence[Layer]) -> list[Layer]:
    """The layers in their order, with what nobody has chosen of their looks chosen among them.

    A layer takes the colour that it would have alone, so that most keep theirs when others come and
    go; where that is taken already, the next one free. Points change their shape when no colour is.
    """
    styles = [layer.style for layer in layers]
    colours = Counter(one.colour.upper() for one in styles if "colour" not in one.automatic)
    looks: Counter[tuple[str, str]] = Counter()
    found = []
    for layer in layers:
        style = _chosen(layer, colours, looks) if layer.style.automatic else layer.style
        looks[style.symbol, style.colour.upper()] += 1
        found.append(replace(layer, style=style))
    return found


def _chosen(layer: Layer, colours: Counter[str], looks: Counter[tuple[str, str]]) -> Style:
    style, first = layer.style, _first_choice(layer.id)
    colour, dark = style.colour, style.dark
    if "colour" in style.automatic:
        # Python's min takes the first of equals: those after the layer's own colour come in turn.
        turns = _PALETTE[first:] + _PALETTE[:first]
        colour, its_dark = min(turns, key=lambda pair: colours[pair[0]])
        colours[colour] += 1
        dark = its_dark if "dark" in style.automatic else dark
    free = "symbol" in style.automatic and style.symbol in _SHAPES
    shapes = _SHAPES if free else (style.symbol,)
    symbol = min(shapes, key=lambda shape: looks[shape, colour.upper()])
    return replace(style, symbol=symbol, colour=colour, dark=dark, automatic=())


def _first_choice(layer_id: str) -> int:
    return zlib.crc32(layer_id.encode()) % len(_PALETTE)


def _colour(node: Node) -> str:
    if not isinstance(node.value, str) or not _COLOUR.fullmatch(node.value):
        node.fail("a colour like #162759")
    return node.value


def _fill(node: Node) -> Fill:
    colours = [_colour(one) for one in node]
    if len(colours) != 2:
        node.fail("two colours, [light, dark]")
    return Fill(*colours)


def _spot(node: Node) -> Spot:
    numbers = [one.number() for one in node]
    if len(numbers) != 2 or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        node.fail("a position [lon, lat]")
    return Spot(*numbers)

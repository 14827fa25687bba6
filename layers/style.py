"""How a layer looks, read from its definition and written back; without one, a look by geometry."""

import re
import zlib
from typing import Any

from layers.document import Node, without_nothing
from layers.model import SYMBOLS, Fill, Spot, Style

_COLOUR = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
# Told apart also by those who see no red or green (Okabe and Ito), as light and dark pairs.
_PALETTE = (
    ("#0072B2", "#56B4E9"),
    ("#B34700", "#F0954F"),
    ("#00795A", "#3FCFA5"),
    ("#8C3D78", "#DB9AC4"),
    ("#6B5B00", "#E0C94A"),
    ("#4A4F55", "#A9B1BA"),
)


def parse_style(node: Node, layer_id: str, geometry: str) -> Style:
    if node.missing:
        return default_style(layer_id, geometry)
    node.members("symbol", "colour", "dark", "importance", "fills", "labels_at")
    default = default_style(layer_id, geometry)
    colour = default.colour if node["colour"].missing else _colour(node["colour"])
    dark = node["dark"]
    fills = node["fills"]
    if not fills.missing:
        fills.members("values")
    return Style(
        symbol=node["symbol"].one_of(SYMBOLS, default.symbol),
        colour=colour,
        dark=_colour(dark) if not dark.missing else colour,
        importance=node["importance"].whole() or 0,
        fills={key: _fill(pair) for key, pair in fills["values"].pairs()},
        labels_at={key: _spot(pair) for key, pair in node["labels_at"].pairs()},
    )


def style_document(style: Style) -> dict[str, Any]:
    return without_nothing(
        {
            "symbol": style.symbol,
            "colour": style.colour,
            "dark": style.dark,
            "importance": style.importance or None,
            "fills": {"values": {key: list(fill) for key, fill in style.fills.items()}}
            if style.fills
            else None,
            "labels_at": {key: list(spot) for key, spot in style.labels_at.items()},
        }
    )


def default_style(layer_id: str, geometry: str) -> Style:
    """A symbol that fits the geometry, in a colour that stays the same for the id."""
    symbol = "circle"
    if geometry.endswith("LineString"):
        symbol = "line"
    elif geometry.endswith("Polygon"):
        symbol = "area"
    light, dark = _PALETTE[zlib.crc32(layer_id.encode()) % len(_PALETTE)]
    return Style(symbol, light, dark)


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

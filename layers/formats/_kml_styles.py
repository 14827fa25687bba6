"""How KML draws the layers: a style for each look of a layer, whatever its shapes are."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from layers.export.colours import colour
from layers.export.xml import escaped
from layers.model import Feature, Layer
from layers.style import filled_by

# Points of these placements stand at their place; others are hollow.
_AT_ITS_PLACE = ("site", "park", None)
# The name stands in the description, so that no viewer renders markup out of it.
_BALLOON = '<div style="white-space:pre-line">$[description]</div>'


class Look(NamedTuple):
    """A style of the document; `image` is where its symbol lies, if it has one."""

    id: str
    symbol: str
    colour: str
    fill: str
    hollow: bool
    image: str


class Looks(NamedTuple):
    """Those of a layer, and which one a feature has."""

    all: tuple[Look, ...]
    of: Callable[[Feature], str]


def looks(layer: Layer, number: int, packed: bool) -> Looks:
    """`number` tells apart the layers of the document."""
    style, first = layer.style, f"layer{number}"

    def look(id: str, fill: str, hollow: bool = False) -> Look:
        image = f"icons/{first}{'-hollow' if hollow else ''}.png" if packed else ""
        return Look(id, style.symbol, style.colour, fill, hollow, image)

    fills = {
        value: look(f"{first}-fill{n}", fill.light)
        for n, (value, fill) in enumerate(style.fills.items(), 1)
    }
    plain, hollow = look(first, style.colour), look(f"{first}-hollow", style.colour, hollow=True)
    placement = layer.schema.with_role("placement") if layer.role == "sites" else None
    everyone = (plain, *((hollow,) if placement else ()), *fills.values())
    by_fill = {value: one.id for value, one in fills.items()}
    return Looks(everyone, _chooser(layer, by_fill, plain.id, hollow.id))


def _chooser(
    layer: Layer, by_fill: Mapping[str, str], plain: str, hollow: str
) -> Callable[[Feature], str]:
    group = filled_by(layer)
    placement = layer.schema.with_role("placement") if layer.role == "sites" else None

    def of(feature: Feature) -> str:
        if by_fill:
            value = feature.properties.get(group.name) if group else feature.id
            return by_fill.get(str(value), plain)
        if placement and feature.properties[placement.name] not in _AT_ITS_PLACE:
            return hollow
        return plain

    return of


def style_elements(all_looks: tuple[Look, ...]) -> Iterator[str]:
    for one in all_looks:
        line = _kml_colour(one.colour)
        inside = _kml_colour(one.fill, 0x66)
        yield (
            f'<Style id="{one.id}">'
            f"<IconStyle>{_icon(one)}</IconStyle>"
            "<LabelStyle><scale>0.8</scale></LabelStyle>"
            f"<LineStyle><color>{line}</color><width>2</width></LineStyle>"
            f"<PolyStyle><color>{inside}</color></PolyStyle>"
            f"<BalloonStyle><text>{escaped(_BALLOON)}</text></BalloonStyle>"
            "</Style>\n"
        )


def _icon(look: Look) -> str:
    """Without an image the viewer takes a pin of its own, which the colour tints."""
    if look.image:
        return f"<scale>0.7</scale><Icon><href>{look.image}</href></Icon>"
    tint = _kml_colour(look.colour, 0x8C if look.hollow else 0xFF)
    return f"<color>{tint}</color><scale>0.7</scale>"


def _kml_colour(text: str, opacity: int = 0xFF) -> str:
    """Opacity, blue, green, red."""
    red, green, blue = colour(text)
    return f"{opacity:02x}{blue:02x}{green:02x}{red:02x}"

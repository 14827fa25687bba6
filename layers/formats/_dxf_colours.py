"""Colours for a drawing, which is seen on a dark screen and printed on white paper."""

from layers.export.colours import Colour, colour
from layers.model import Style

_SCREEN, _PAPER = Colour(33, 40, 48), Colour(255, 255, 255)


def seen_on_both(style: Style) -> Colour:
    """Of the two colours of a style the one that is told better from screen and paper."""
    return max((colour(style.colour), colour(style.dark)), key=_least_contrast)


def paler(one: Colour) -> Colour:
    return Colour(*((part + 160) // 2 for part in one))


def nearest_index(one: Colour) -> int:
    """The AutoCAD colour for programs that know no other."""
    from ezdxf.colors import aci2rgb

    def distance(index: int) -> float:
        other = aci2rgb(index)
        return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))

    return min(range(1, 256), key=distance)


def _least_contrast(one: Colour) -> float:
    light = _luminance(one)
    return min(
        (max(light, other) + 0.05) / (min(light, other) + 0.05)
        for other in (_luminance(_SCREEN), _luminance(_PAPER))
    )


def _luminance(one: Colour) -> float:
    """As WCAG 2 defines it."""
    shares = [part / 255 for part in one]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

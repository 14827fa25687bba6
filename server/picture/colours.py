"""The page's colours, read from its style sheets: they are said in one place."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parents[1] / "static"
SHEETS = ("colours.css", "stats.css")
_BLOCK = re.compile(r":root(\[data-theme=\"dark\"\])?\s*\{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6}|rgb\((\d+) (\d+) (\d+) / (\d+)%\))\s*;")


class Colour(NamedTuple):
    """#rrggbb, and how much it covers."""

    name: str
    opacity: float = 1


Palette = Mapping[str, Colour]


@cache
def palette(dark: bool) -> Palette:
    """All colours by their names in the style sheets; dark ones stand over those of paper."""
    found: dict[str, Colour] = {}
    blocks = [
        (bool(is_dark), block)
        for sheet in SHEETS
        for is_dark, block in _BLOCK.findall((STATIC / sheet).read_text(encoding="utf-8"))
    ]
    for is_dark, block in sorted(blocks, key=lambda one: one[0]):
        if dark or not is_dark:
            found |= {match[1]: _colour(match) for match in _COLOUR.finditer(block)}
    return found


def full(colour: str) -> str:
    """A colour of a layer's style as #rrggbb."""
    digits = colour.removeprefix("#")
    return "#" + ("".join(2 * one for one in digits) if len(digits) == 3 else digits).lower()


def _colour(match: re.Match[str]) -> Colour:
    if match[2].startswith("#"):
        return Colour(match[2])
    red, green, blue, percent = map(int, match.groups()[2:])
    return Colour(f"#{red:02x}{green:02x}{blue:02x}", percent / 100)

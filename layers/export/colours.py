"""Colours of a style as numbers."""

from functools import cache
from typing import NamedTuple


class Colour(NamedTuple):
    """Red, green and blue, 0 to 255."""

    red: int
    green: int
    blue: int


@cache
def colour(text: str) -> Colour:
    """Of `#162759` or `#159`."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return Colour(*bytes.fromhex(digits))

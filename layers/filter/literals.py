"""Numbers as they are written: exact to 64 bits, finite, or refused."""

import math

from layers.filter.errors import FilterError, Place, short
from layers.filter.numbers import INT64

_DIGITS = 20  # of an integer of 64 bits with its sign; int() of a long text is slow


def number(text: str, at: Place) -> int | float:
    """The number a token stands for: an integer stays one, whatever float64 would make of it."""
    if not text.lstrip("-").isdigit():
        return checked(float(text), text, at)
    digits = text.lstrip("-0") or "0"
    if len(digits) > _DIGITS:
        raise _too_large(text, at)
    value = int(digits)  # of thousands of zeros before it int() would be a ValueError
    return checked(-value if text.startswith("-") else value, text, at)


def checked(value: int | float, text: object, at: Place) -> int | float:
    if isinstance(value, int):
        if not -INT64 <= value < INT64:
            raise _too_large(text, at)
    elif not math.isfinite(value):
        raise FilterError(f"{short(text)} is not a finite number", at)
    return value


def _too_large(text: object, at: Place) -> FilterError:
    return FilterError(f"the whole number {short(text)} does not fit into 64 bits", at)

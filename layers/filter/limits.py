"""How large a filter may be: checked before and while it is parsed, so that none is expensive."""

import re
from typing import NamedTuple

from layers.filter.errors import FilterError


class Limits(NamedTuple):
    bytes: int = 8192
    depth: int = 32  # parentheses, functions and operators inside one another
    terms: int = 500  # of AND and OR, arithmetic operators, CASEI and ACCENTI
    members: int = 1_000  # of all lists together
    points: int = 10_000


LIMITS = Limits()
# One op is an object and an array inside it; a geometry or a bbox has at most six more.
_BRACKETS_PER_LEVEL = 2
_BRACKETS_BESIDE = 8
# Every bracket outside of a text; possessive, so that a text without end costs one look.
_JSON_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|([\[{])|[\]}]', re.DOTALL)


class Budget:
    """What a filter that is being parsed may still use."""

    __slots__ = ("limits", "members", "points", "terms")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.terms = limits.terms - 1  # the filter itself is one
        self.members, self.points = limits.members, limits.points

    def term(self, at: int | str | None) -> None:
        self.terms -= 1
        if self.terms < 0:
            raise FilterError(f"has more than {self.limits.terms} terms", at)

    def member(self, at: int | str | None) -> None:
        self.members -= 1
        if self.members < 0:
            raise FilterError(f"has more than {self.limits.members} list members", at)

    def point(self, at: int | str | None) -> None:
        self.points -= 1
        if self.points < 0:
            raise FilterError(f"has more than {self.limits.points} positions", at)


def check_size(text: str, limits: Limits) -> None:
    """Bytes, NUL and half characters; before anything else looks at the text."""
    if len(text) > limits.bytes or len(_encoded(text)) > limits.bytes:
        raise FilterError(f"is longer than {limits.bytes} bytes")
    if "\0" in text:
        raise FilterError("has a NUL character", text.index("\0"))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise FilterError("has half a character (a lone surrogate)", error.start) from None


def check_json_depth(text: str, limits: Limits) -> None:
    """Brackets inside one another, before a JSON parser follows them down."""
    most = limits.depth * _BRACKETS_PER_LEVEL + _BRACKETS_BESIDE
    depth = 0
    for found in _JSON_BRACKET.finditer(text):
        if found[1]:
            depth += 1
            if depth > most:
                raise too_deep(limits, found.start())
        elif found[0][0] != '"':
            depth -= 1


def too_deep(limits: Limits, at: int | str | None) -> FilterError:
    return FilterError(f"is nested more than {limits.depth} deep", at)

"""Words in pictures: sentences of the page's own, and names cut to the room there is."""

import re
from collections.abc import Mapping
from functools import lru_cache

from server.drawing.fonts import printable, text_width, visible

Words = Mapping[str, str]

# No name is looked at further: none of that would be seen.
LONGEST = 200
ELLIPSIS = "…"


def said(words: Words, key: str, **values: object) -> str:
    """A sentence of the page; what it is filled with is never looked at again."""
    return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), words[key])


def plain(text: str, most: int = LONGEST) -> str:
    """A name on one line, without what has no form of its own."""
    found = " ".join(printable(text[: 4 * most]).split())
    return found if len(found) <= most else found[: most - 1] + ELLIPSIS


def on_one_line(text: str, longest: int) -> str:
    """The beginning of a text without line breaks and what has no form; nothing is replaced."""
    return " ".join(visible(text[: 4 * longest]).split())[:longest]


@lru_cache(maxsize=4096)
def measured(text: str, size: float, bold: bool = False) -> float:
    return text_width(text, size, bold)


def shortened(text: str, most: float, size: float, bold: bool = False) -> str:
    """A text cut to a width, with an ellipsis where something is missing."""
    text = plain(text)
    if measured(text, size, bold) <= most:
        return text
    room = most - measured(ELLIPSIS, size, bold)
    length = _fits(text, room, size, bold, anywhere=True)
    return text[:length].rstrip() + ELLIPSIS


def wrapped(text: str, most: float, size: float, bold: bool = False, lines: int = 2) -> list[str]:
    """A text in at most so many lines: broken between words, Chinese anywhere; the last is cut."""
    found: list[str] = []
    rest = plain(text, LONGEST * lines)
    while rest and len(found) < lines - 1 and measured(rest, size, bold) > most:
        length = _fits(rest, most, size, bold)
        found.append(rest[:length].rstrip())
        rest = rest[length:].lstrip()
    return [*found, shortened(rest, most, size, bold)] if rest else found


def cut(text: str, most: float, size: float, bold: bool = False, lines: int = 1) -> list[str]:
    """A text in at most so many lines, which together are the text itself, or its beginning and an
    ellipsis. It is on one line already.
    """
    found: list[str] = []
    rest = text
    while rest and len(found) < lines - 1:
        length = _fits(rest, most, size, bold)
        found.append(rest[:length])
        rest = rest[length:]
    if not rest:
        return found
    length = _fits(rest, most, size, bold)
    if length == len(rest):
        return [*found, rest]
    length = _fits(rest, most - measured(ELLIPSIS, size, bold), size, bold, anywhere=True)
    return [*found, rest[:length].rstrip() + ELLIPSIS]


# What no line begins with.
_CLOSING = "，。；：、）》」』”’！？,.;:)]}%…·"
# What none ends with.
_OPENING = "（《「『“‘([{©№"


def _fits(text: str, most: float, size: float, bold: bool, anywhere: bool = False) -> int:
    """How many characters of a text a line takes, at least one; `anywhere`: inside of words too."""
    width, good = 0.0, 0
    for length, character in enumerate(text):
        width += measured(character, size, bold)
        if width > most:
            return max(1, length) if anywhere else good or max(1, length)
        after = text[length + 1 : length + 2]
        breaks = character == " " or _is_wide(character) or _is_wide(after)
        before = text[: length + 1].rstrip()[-1:]
        if breaks and after not in _CLOSING and before not in _OPENING:
            good = length + 1
    return len(text)


def _is_wide(character: str) -> bool:
    return character > "\u2e7f"

"""LIKE patterns: % any characters, _ one, a backslash before either (or itself) to mean it."""

import re
from functools import lru_cache
from typing import NamedTuple

_PART = re.compile(r"\\([%_\\])|(%+)|(_)|(\\)|([^%_\\]+)", re.DOTALL)
_GLOB_SPECIAL = re.compile(r"([*?\[])")
_LAST_BEFORE_SURROGATES, _FIRST_AFTER_SURROGATES = 0xD7FF, 0xE000
_LAST = 0x10FFFF


class Part(NamedTuple):
    """A literal text, or one of the wildcards % and _."""

    text: str
    wildcard: bool


def parts(pattern: str) -> list[Part]:
    found = []
    for escaped, many, one, lone, text in _PART.findall(pattern):
        wildcard = bool(many or one)
        found.append(Part(many[:1] or one or escaped or lone or text, wildcard))
    return found


@lru_cache(maxsize=256)
def matcher(pattern: str) -> "re.Pattern[str]":
    """A regular expression in which each % is settled once: no pattern makes it slow.

    Between two % the first place that fits is as good as any later one, so that part may be atomic.
    """
    segments = [""]
    for text, wildcard in parts(pattern):
        if wildcard and text == "%":
            segments.append("")
        else:
            segments[-1] += "." if wildcard else re.escape(text)
    if len(segments) == 1:
        return re.compile(rf"\A{segments[0]}\Z", re.DOTALL)
    first, *middle, last = segments
    loose = "".join(f"(?>.*?{segment})" for segment in middle if segment)
    return re.compile(rf"\A{first}{loose}.*{last}\Z", re.DOTALL)


@lru_cache(maxsize=256)
def glob(pattern: str) -> str:
    """The same for SQLite's GLOB, which tells A from a and knows characters from bytes."""
    wildcards = {"%": "*", "_": "?"}
    return "".join(
        wildcards[text] if wildcard else _GLOB_SPECIAL.sub(r"[\1]", text)
        for text, wildcard in parts(pattern)
    )


def prefix(pattern: str) -> str:
    """What every text that fits begins with."""
    text = ""
    for part in parts(pattern):
        if part.wildcard:
            break
        text += part.text
    return text


def after_prefix(text: str) -> str | None:
    """The first text after all that begin so, in code-point order; None if there is none."""
    while text:
        code = ord(text[-1])
        if code < _LAST:
            code = _FIRST_AFTER_SURROGATES if code == _LAST_BEFORE_SURROGATES else code + 1
            return text[:-1] + chr(code)
        text = text[:-1]
    return None

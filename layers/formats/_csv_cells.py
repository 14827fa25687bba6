"""Values as the cells of a CSV file (RFC 4180), a column at a time, and cells as values again."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

import orjson

from layers.export.fields import list_text

# What a spreadsheet takes for a formula; a value that looks guarded is guarded once more.
_FORMULA = re.compile(r"'*[=+\-@\t\r|]")
_GUARDED = re.compile(r"'+[=+\-@\t\r|]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_ODD_FIRST = frozenset(("", "'", "=", "+", "-", "@", "\t", "\r", "|"))
_FIRST = itemgetter(slice(1))
# The semicolon and the tab too: where these stand between cells, a part must not become a formula.
_MARKS = ('"', ",", ";", "\t", "\r", "\n")


def column(values: Sequence[object], guard: bool) -> Sequence[str]:
    """The cells of a column, by what is in it: whatever a store holds, no text goes unguarded."""
    kinds = {*map(type, values)} - {type(None)}
    if kinds <= {int, float, bool}:
        with suppress(orjson.JSONEncodeError):  # a whole number of more than 64 bits
            return orjson.dumps(values)[1:-1].decode().replace("null", "").split(",")
    if kinds == {list}:
        return _texts([list_text(one) if isinstance(one, list) else None for one in values], guard)
    texts: Sequence[Any] = values
    if kinds != {str}:
        texts = [None if one is None else str(one) for one in values]
    return _texts(texts, guard)


def _texts(values: Sequence[Any], guard: bool) -> Sequence[str]:
    """Looked at together, and each only once: mostly nothing is to be done to any."""
    present = {*values} - {None}
    together = "\0".join(present)
    plain = not any(mark in together for mark in _MARKS)
    if plain and _ODD_FIRST.isdisjoint(map(_FIRST, present)):
        return [one or "" for one in values]
    cells = {one: cell(one, guard) for one in present}
    return [cells.get(one, "") for one in values]


def cell(text: str, guard: bool) -> str:
    """An empty text has quotes, which tells it from nothing."""
    if guard and _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    if not text or any(mark in text for mark in _MARKS):
        return '"' + text.replace('"', '""') + '"'
    return text


def unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def rows(columns: Iterable[Sequence[str]]) -> str:
    """Lines of these columns, each with its end."""
    return "\r\n".join([*map(",".join, zip(*columns, strict=True)), ""])

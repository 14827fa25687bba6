"""Values as the cells of a CSV file (RFC 4180), a column at a time, and cells as values again."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

import orjson

from layers.export.fields import list_text

# What a spreadsheet takes for a formula; a value that looks guarded is guarded once more.
_FORMULA = re.compile(r"'*[=+\-@\t\r|]")
_GUARDED = re.compile(r"'+[=+\-@\t\r|]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_ODD_FIRST = frozenset(("", "'", "=", "+", "-", "@", "\t", "\r", "|"))
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
    return _texts([None if one is None else str(one) for one in values], guard)


def _texts(values: Sequence[str | None], guard: bool) -> Sequence[str]:
    """Looked at together, and each only once: mostly nothing is to be done to any."""
    different: set[str | None] = {*values}
    present = [one for one in different if one is not None]
    together = "\0".join(present)
    plain = not any(mark in together for mark in _MARKS)
    if plain and _ODD_FIRST.isdisjoint({one[:1] for one in present}):
        return ["" if one is None else one for one in values]
    cells = {one: "" if one is None else cell(one, guard) for one in different}
    return [cells[one] for one in values]


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

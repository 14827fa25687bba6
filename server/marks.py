"""Where a page ends, as its links say it: the sort values of its last feature, and its key."""

import base64
import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from layers.model import OfFeature

LONGEST_MARK = 4_000


class Mark(NamedTuple):
    values: tuple[Any, ...]
    fid: int


def parse_mark(text: str) -> Mark:
    """The key of a feature, or that and its sort values as a link has them (base64url of JSON)."""
    if re.fullmatch(r"-?\d{1,19}", text, re.ASCII):
        return Mark((), whole(int(text)))
    if len(text) > LONGEST_MARK or not re.fullmatch(r"[A-Za-z0-9_-]+", text, re.ASCII):
        raise ValueError
    try:
        *values, fid = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Mark(tuple(map(unpacked, values)), whole(fid))
    except (ValueError, TypeError):
        raise ValueError from None  # whatever it says of bytes and JSON


def mark_text(mark: Mark) -> str:
    if not mark.values:
        return str(mark.fid)
    text = _mark_text([*map(packed, mark.values), mark.fid])
    if len(text) <= LONGEST_MARK:
        return text
    short = [OfFeature.VALUE if is_long(value) else value for value in mark.values]
    return _mark_text([*map(packed, short), mark.fid])


def _mark_text(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def is_long(value: object) -> bool:
    """So many characters of each of the most fields to sort by fit into a mark."""
    return isinstance(value, str | bytes) and len(value) > 80


def packed(value: object) -> object:
    """A sort value in JSON; what JSON has no word for, as a list of its kind and its text."""
    match value:
        case OfFeature.VALUE:
            return ["feature"]
        case bytes():
            return ["bytes", value.hex()]
        case str() if not is_utf8(value):
            return ["text", value.encode("utf-8", "surrogateescape").hex()]
        case float() if not math.isfinite(value):
            return ["number", str(value)]
    return value


def unpacked(value: object) -> object:
    """ValueError for all that `packed` does not give."""
    match value:
        case ["feature"]:
            return OfFeature.VALUE
        case ["bytes", str(text)]:
            return bytes.fromhex(text)
        case ["text", str(text)]:
            return bytes.fromhex(text).decode("utf-8", "surrogateescape")
        case ["number", "inf" | "-inf" as text]:
            return float(text)
        case None | str() | float():
            return value
    return whole(value)


def is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def whole(value: object) -> int:
    if not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise ValueError
    return value

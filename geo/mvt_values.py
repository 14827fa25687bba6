"""Attributes of vector tile features: keys, typed values, and tags (MVT 2.1 clause 4.4)."""

import json
import math
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from geo.mvt_wire import Ints, Words, varint

Column = Sequence[object]

# Fields of the message Value in vector_tile.proto, with their wire types.
_STRING, _DOUBLE, _UINT, _SINT, _BOOL = b"\x0a", b"\x19", b"\x28", b"\x30", b"\x38"
_INT64 = range(-(2**63), 2**63)
_SCALARS = frozenset({str, int, float, bool, type(None)})


class Tags(NamedTuple):
    """What features of one layer say: index pairs key, value, and the texts they point to."""

    keys: list[bytes]
    values: list[bytes]  # encoded messages Value
    words: Words
    counts: Ints  # words of each feature


def tags(attributes: Mapping[str, Column], rows: Ints) -> Tags:
    """The tags of these rows of the columns, in that order.

    None and numbers that are not finite are left out, as JSON has neither; a key that no feature
    uses is left out too. Text, bool, float are what they are; an int is uint (sint when negative);
    an int beyond int64, which readers would wrap round or round, is its digits as text. Lists and
    objects are JSON text, all else its text.
    """
    table: dict[bytes, int] = {}
    picked = rows.tolist()
    columns: dict[bytes, Ints] = {}
    for name, column in attributes.items():
        numbers = _numbers([column[row] for row in picked], table)
        if (numbers >= 0).any():
            columns[_utf8(name)] = numbers
    if not columns:
        return Tags([], [], np.empty(0, np.uint64), np.zeros(len(rows), np.int64))
    values = np.column_stack(list(columns.values()))
    said = values >= 0
    pairs = np.stack(np.broadcast_arrays(np.arange(len(columns)), values), axis=-1)
    words = pairs[said].ravel().astype(np.uint64)
    return Tags(list(columns), list(table), words, 2 * said.sum(axis=1))


def _numbers(column: list[object], table: dict[bytes, int]) -> Ints:
    """For each value its place in the table, which grows; -1 where there is nothing to say.

    A value is encoded once: most columns hold few different ones.
    """
    if not _SCALARS.issuperset(map(type, column)):
        column = [value if type(value) in _SCALARS else _scalar(value) for value in column]
    typed = list(zip(map(type, column), column, strict=True))  # or True would be found as 1
    places = {key: _place(key[1], table) for key in dict.fromkeys(typed)}
    return np.fromiter(map(places.__getitem__, typed), np.int64, len(typed))


def _place(value: object, table: dict[bytes, int]) -> int:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return -1
    return table.setdefault(_encoded(value), len(table))


def _encoded(value: object) -> bytes:
    """The message Value of a scalar."""
    if isinstance(value, str):
        text = _utf8(value)
        return _STRING + varint(len(text)) + text
    if isinstance(value, bool):  # before int, which it also is
        return _BOOL + varint(value)
    if isinstance(value, float):
        return _DOUBLE + struct.pack("<d", value)
    if isinstance(value, int) and value in _INT64:
        if value < 0:
            return _SINT + varint(-2 * value - 1)  # zigzag
        return _UINT + varint(value)
    return _encoded(str(value))


def _scalar(value: object) -> object:
    if isinstance(value, np.generic):
        return _scalar(value.item())
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return value if type(value) in _SCALARS else str(value)


def _utf8(text: str) -> bytes:
    """Half of a surrogate pair, which is no character, becomes a question mark."""
    return text.encode("utf-8", "replace")

"""What of a layer is other than the index has it, told by a digest of what each feature says."""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import compress
from typing import NamedTuple

import orjson

from layers.model import Batch, Feature, Layer
from layers.search.texts import searched

AT_ONCE = 500


class Change(NamedTuple):
    """Features that are new or other, each with its digest, and rows that are no longer right."""

    new: list[tuple[Feature, int]]
    gone: list[int]


def changes(
    connection: sqlite3.Connection, number: int, layer: Layer, batches: Iterable[Batch]
) -> Iterator[Change]:
    """All features of a layer beside those in its tables, both in the order of their keys, batch by
    batch; of most there is nothing to tell.

    The tables may be brought up as one goes. Every row is looked at, 3 microseconds each: it is
    words and sounds that cost, so that only features which say something else are worth it.
    """
    names = [one.name for one in searched(layer)]
    before = -math.inf
    for batch in batches:
        values = zip(batch.ids, *(batch.columns[one] for one in names), strict=True)
        now = dict(zip(batch.fids, map(digest, values), strict=True))
        sql = f"SELECT row, digest FROM features_{number} WHERE row > ? AND row <= ?"
        known = dict(connection.execute(sql, (before, before := batch.fids[-1])).fetchall())
        if now == known:
            yield Change([], [])
            continue
        other = [known.get(row) != one for row, one in now.items()]
        new = zip(compress(batch.features(), other), compress(now.values(), other), strict=True)
        yield Change(list(new), [row for row, was in known.items() if now.get(row) != was])
    sql = f"SELECT row FROM features_{number} WHERE row > ? ORDER BY row LIMIT {AT_ONCE}"
    while gone := [row for (row,) in connection.execute(sql, (before,))]:
        before = gone[-1]
        yield Change([], gone)


def digest(values: tuple[object, ...]) -> int:
    """Of values as JSON has them; 64 bits, for SQLite."""
    found = blake2b(orjson.dumps(values), digest_size=8).digest()
    return int.from_bytes(found, "big", signed=True)

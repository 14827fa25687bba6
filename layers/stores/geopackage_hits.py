"""How many features a query matches: exact, mostly by the indexes alone; of few, their keys too."""

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.crs import CRS84
from geo.extent import Extent
from layers.filter.functions import FUNCTIONS
from layers.stores.geopackage_blob import blobs_touching, only_blobs, touching
from layers.stores.geopackage_connect import SqliteReading
from layers.stores.geopackage_order import ANY, Condition, united
from layers.stores.geopackage_plan import Asked, across, elsewhere, inside, near
from layers.stores.geopackage_rows import crs84
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table

BATCH = 500
# The keys of so many hits are worth keeping: their pages need no search.
MOST_KEYS = 2_000
# Up to so many matches of its other conditions a query need not ask the R-tree.
MOST_LOOKED_AT = 20_000

_SLOW = {*FUNCTIONS} - {"zoneatlas_text"}  # which is called for odd values only


class Hits(NamedTuple):
    """How many features a query matches, of how many; and, of few, their keys in order."""

    number: int
    total: int
    keys: "array[int] | None" = None


def _found(keys: Sequence[int], total: int) -> Hits:
    """An array, for hundreds of these are remembered: a fifth of what a list of numbers takes."""
    try:
        return Hits(len(keys), total, array("q", sorted(keys)))
    except TypeError:  # a view of another program, with something else as its key
        return Hits(len(keys), total)


def count(reading: SqliteReading, asked: Asked, total: int) -> Hits:
    """Exact, whatever the R-tree's float32 makes of the edges; `total` is the number of rows."""
    if asked.boxes == ():
        return _found((), total)
    if asked.matching == ANY and asked.area is not None and asked.table.rtree is not None:
        keys = _few_in(reading, asked, asked.area)
        if keys is None:
            return Hits(_count_in(reading, asked, asked.area), total)
        return _found(keys, total)
    if asked.area is None:
        by_tree = asked.boxes is not None and asked.table.rtree is not None
        condition = (asked.in_boxes() if by_tree else ANY).and_(asked.matching)
        return _count_matching(reading, asked.table, condition, total)
    some = _few_rows(reading, asked, total)
    if some is None:
        return _count_both(reading, asked, asked.area, total)
    keys = [key for key, touches in checked(reading, asked, some, asked.area) if touches]
    return _found(keys, total) if len(keys) <= MOST_KEYS else Hits(len(keys), total)


def count_all(reading: SqliteReading, table: Table) -> int:
    return _number(reading, table, ANY)


def few(total: int, limit: int) -> int:
    """Up to so many hits an index is the shorter way to a page of `limit`.

    To look for `hits` rows by an index costs each of them; in order, `total / hits` rows are looked
    at for one that fits. Measured on a million points, a look by index is the dearer by a half.
    """
    return math.isqrt(2 * limit * total)


def few_near(reading: SqliteReading, asked: Asked, most: int) -> bool:
    """Whether the R-tree finds no more than that."""
    total = 0
    for box in map(near, asked.native()):
        sql = (
            f"SELECT count(*) FROM (SELECT 1 FROM {quoted(asked.table.rtree or '')}"
            f" WHERE {box.sql} LIMIT {most + 1})"
        )
        total += reading.connection.execute(sql, box.values).fetchone()[0]
    return total <= most


def in_sql(reading: SqliteReading, asked: Asked, area: Extent) -> Asked:
    """The same with its area as a condition: SQLite can leave out rows that nobody looks at."""
    near_it = replace(asked, boxes=(area,))
    outside = [key for key, touches in on_edges(reading, near_it, area) if not touches]
    exactly = without(asked.table, outside)
    matching = near_it.in_boxes().and_(exactly).and_(asked.matching)
    return replace(asked, matching=matching, area=None, boxes=None)


def without(table: Table, keys: Sequence[int]) -> Condition:
    """All rows but these, however many they are."""
    if not keys:
        return ANY
    listed = orjson.dumps(keys).decode()
    return Condition(f"{quoted(table.key)} NOT IN (SELECT value FROM json_each(?))", (listed,))


def touching_area(asked: Asked, blobs: Sequence[bytes | None], area: Extent) -> Any:
    table, blobs = asked.table, only_blobs(blobs)
    missing = np.array([blob is None for blob in blobs], bool)
    if table.crs == CRS84:
        found = blobs_touching(blobs, area.parts)  # of them, or without a geometry
        return found if asked.unplaced else found & ~missing
    found = touching(crs84(table, blobs), area.parts)
    return found | missing if asked.unplaced else found


def _count_matching(reading: SqliteReading, table: Table, condition: Condition, total: int) -> Hits:
    rows = f"SELECT {quoted(table.key)} AS k FROM {quoted(table.name)} WHERE {condition.sql}"
    keys = _few_keys(reading, Condition(rows, condition.values))
    if keys is None:
        return Hits(_number(reading, table, condition), total)
    return _found(keys, total)


def _few_keys(reading: SqliteReading, select: Condition) -> list[int] | None:
    """The column k of a SELECT, unless it is too long. As one text: a third of the work of rows."""
    sql = f"SELECT json_group_array(k) FROM ({select.sql} LIMIT {MOST_KEYS + 1})"
    [text] = reading.connection.execute(sql, select.values).fetchone()
    keys: list[int] = orjson.loads(text)
    return keys if len(keys) <= MOST_KEYS else None


def _few_rows(reading: SqliteReading, asked: Asked, total: int) -> Condition | None:
    """What leads to few rows, each of which can be looked at; None where all ways are long."""
    if asked.boxes is None or asked.table.rtree is None:
        return asked.matching
    if few_near(reading, asked, few(total, BATCH)):
        return asked.in_boxes().and_(asked.matching)
    rows = _matching_keys(asked)
    if not _by_index_alone(reading, rows):
        return None
    sql = f"SELECT count(*) FROM ({rows.sql} LIMIT {MOST_LOOKED_AT + 1})"
    others = reading.connection.execute(sql, rows.values).fetchone()[0]
    return asked.matching if others <= MOST_LOOKED_AT else None


def _count_both(reading: SqliteReading, asked: Asked, area: Extent, total: int) -> Hits:
    """Where many are in the area and many match: by two sets of keys.

    Where a look at a row costs more than to find it, it is not taken outside of the area.
    """
    if any(name in asked.matching.sql for name in _SLOW):
        exactly = in_sql(reading, asked, area).matching
        return _count_matching(reading, asked.table, exactly, total)
    near_it = replace(asked, boxes=(area,))
    outside = [key for key, touches in on_edges(reading, near_it, area) if not touches]
    keys = _all_keys(reading, _matching_keys(asked))
    keys = keys[np.isin(keys, _all_keys(reading, near_it.keys_in_boxes()))]
    keys = keys[np.isin(keys, outside, invert=True)]
    return _found(keys.tolist(), total) if len(keys) <= MOST_KEYS else Hits(len(keys), total)


def _matching_keys(asked: Asked) -> Condition:
    table = asked.table
    sql = f"SELECT {quoted(table.key)} AS k FROM {quoted(table.name)} WHERE {asked.matching.sql}"
    return Condition(sql, asked.matching.values)


def _all_keys(reading: SqliteReading, select: Condition) -> NDArray[np.int64]:
    """The column k of a SELECT, however long: as one text, a third of the work of rows."""
    sql = f"SELECT group_concat(CAST(k AS INTEGER)) FROM ({select.sql})"
    [text] = reading.connection.execute(sql, select.values).fetchone()
    return np.fromstring(text or "", np.int64, sep=",")


def _by_index_alone(reading: SqliteReading, select: Condition) -> bool:
    """Whether SQLite finds the rows without a look at them, or with one at few others."""
    plan = reading.connection.execute(f"EXPLAIN QUERY PLAN {select.sql}", select.values)
    way = str(plan.fetchone()[3])
    alone = "COVERING INDEX" in way or "PRIMARY KEY" in way
    return way == "MULTI-INDEX OR" or (way.startswith("SEARCH") and alone)


def _number(reading: SqliteReading, table: Table, condition: Condition) -> int:
    where = f" WHERE {condition.sql}" if condition.sql else ""
    sql = f"SELECT count(*) FROM {quoted(table.name)}{where}"
    return int(reading.connection.execute(sql, condition.values).fetchone()[0])


def _few_in(reading: SqliteReading, asked: Asked, area: Extent) -> list[int] | None:
    """The keys of what touches the area, unless they are many."""
    keys = _few_keys(reading, asked.keys_in_boxes())
    if keys is None:
        return None
    outside = {key for key, touches in on_edges(reading, asked, area) if not touches}
    return list({*keys} - outside)


def _count_in(reading: SqliteReading, asked: Asked, area: Extent) -> int:
    table = asked.table
    total = sum(touches for _, touches in on_edges(reading, asked, area))
    if asked.unplaced:
        total += _number(reading, table, Condition(f"{quoted(table.geom)} IS NULL"))
    for box in asked.all_hits():
        if box is not None:
            sql = f"SELECT count(*) FROM {quoted(table.rtree or '')} WHERE {inside(box).sql}"
            total += int(reading.connection.execute(sql, inside(box).values).fetchone()[0])
    return total


def on_edges(reading: SqliteReading, asked: Asked, area: Extent) -> Iterator[tuple[int, bool]]:
    """What has to be looked at: features whose float32 box lies across an edge of the area.

    Edge by edge the R-tree has little to look through; all at once it would go through the inside.
    In another CRS the edge is as wide as it is not certain there.
    """
    sure = asked.all_hits()
    parts = [
        part.and_(elsewhere(sure[:number] + sure[number + 1 :]))
        for number, box in enumerate(asked.native())
        for part in across(near(box), sure[number])
    ]
    keys = united([asked.near(part) for part in parts])
    these = Condition(f"{quoted(asked.table.key)} IN ({keys.sql})", keys.values)
    return checked(reading, asked, these, area)


def checked(
    reading: SqliteReading, asked: Asked, condition: Condition, area: Extent
) -> Iterator[tuple[int, bool]]:
    """The keys of the rows that fulfil a condition, and whether they touch the area."""
    table = asked.table
    columns = f"{quoted(table.key)}, {quoted(table.geom)}"
    sql = f"SELECT {columns} FROM {quoted(table.name)} WHERE {condition.sql or '1'}"
    cursor = reading.connection.execute(sql, condition.values)
    while rows := cursor.fetchmany(BATCH):
        reading.check()
        found = touching_area(asked, [row[1] for row in rows], area)
        yield from zip((row[0] for row in rows), found.tolist(), strict=True)

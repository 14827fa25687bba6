"""Reading a layer of a GeoPackage: which way to go for a query, exact answers, rows to features."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple

import numpy as np

from geo.crs import CRS84
from geo.extent import Extent
from layers.model import Feature, Query
from layers.stores.geopackage_blob import blobs_touching, geometries_of, touching
from layers.stores.geopackage_connect import SqliteReading
from layers.stores.geopackage_order import ANY, Condition, Key, after, clause, keys_of
from layers.stores.geopackage_plan import Asked, inside, near
from layers.stores.geopackage_rows import Row, crs84, feature_maker
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table, select_list

BATCH = 500
_KEY = re.compile(r"-?[0-9]{1,19}")
# If a page is not full after so many rows in order, it is sought through an index.
MOST_SCANNED = 20_000
# The keys of so many hits are worth keeping: their pages need no search.
MOST_KEYS = 2_000


class Hits(NamedTuple):
    """How many features a query matches, of how many; and, of few, their keys in order."""

    number: int
    total: int
    keys: Sequence[int] | None = None


def select(
    reading: SqliteReading, asked: Asked, query: Query, hits: Hits | None
) -> Iterator[Feature]:
    """The features of a query; its `hits` are known where it has a limit and conditions."""
    to_features = _feature_maker(asked.table)
    skip, left = query.offset, query.limit
    for rows in _batches(reading, asked, query, hits):
        page = rows[skip:] if left is None else rows[skip : skip + left]
        skip -= min(skip, len(rows))
        yield from to_features(page)
        if left is not None:
            left -= len(page)
            if left <= 0:
                return


def find(reading: SqliteReading, table: Table, id: str) -> Feature | None:
    given = id if table.id else _key(id)
    if given is None:
        return None
    row = reading.connection.execute(_find_sql(table), (given,)).fetchone()
    found = None if row is None else next(iter(_feature_maker(table)([row])))
    return found if found is None or found.id == id else None


def _key(id: str) -> int | None:
    """The key a public id stands for where there is no column of ids."""
    key = int(id) if _KEY.fullmatch(id) else None
    return key if key is not None and -(2**63) <= key < 2**63 else None


@lru_cache(maxsize=256)
def _find_sql(table: Table) -> str:
    column = quoted(table.id or table.key)
    return f"SELECT {select_list(table)} FROM {quoted(table.name)} WHERE {column} = ?"


_feature_maker = lru_cache(maxsize=256)(feature_maker)


def count(reading: SqliteReading, asked: Asked, total: int) -> Hits:
    """Exact, whatever the R-tree's float32 makes of the edges; `total` is the number of rows."""
    if asked.boxes == ():
        return Hits(0, total, ())
    if asked.matching == ANY and asked.area is not None and asked.table.rtree is not None:
        return Hits(_count_in(reading, asked, asked.area), total)
    condition = _driver(reading, asked, few(total, BATCH)).and_(asked.matching)
    if asked.area is None:
        return _count_matching(reading, asked.table, condition, total)
    keys: list[int] = []
    for rows in _geometries(reading, asked.table, condition):
        touching_it = _touching(asked, [row[1] for row in rows], asked.area)
        keys += [row[0] for row in compress(rows, touching_it.tolist())]
    return Hits(len(keys), total, sorted(keys) if len(keys) <= MOST_KEYS else None)


def count_all(reading: SqliteReading, table: Table) -> int:
    return _number(reading, table, ANY)


def few(total: int, limit: int) -> int:
    """Up to so many hits an index is the shorter way to a page of `limit`.

    To look for `hits` rows by an index costs each of them; in order, `total / hits` rows are looked
    at for one that fits. Measured on a million points, a look by index is the dearer by a half.
    """
    return math.isqrt(2 * limit * total)


def _count_matching(reading: SqliteReading, table: Table, condition: Condition, total: int) -> Hits:
    key, name = quoted(table.key), quoted(table.name)
    sql = f"SELECT {key} FROM {name} WHERE {condition.sql} LIMIT {MOST_KEYS + 1}"
    keys = [row[0] for row in reading.connection.execute(sql, condition.values)]
    if len(keys) > MOST_KEYS:
        return Hits(_number(reading, table, condition), total)
    return Hits(len(keys), total, sorted(keys))


def _driver(reading: SqliteReading, asked: Asked, few_hits: int) -> Condition:
    """The condition that lets the R-tree lead, unless that finds much more than the others do."""
    if asked.boxes is None or asked.table.rtree is None:
        return ANY
    if asked.area is None or asked.matching == ANY or _few_near(reading, asked, few_hits):
        return asked.in_boxes()
    rows = f"SELECT 1 FROM {quoted(asked.table.name)} WHERE {asked.matching.sql}"
    sql = f"SELECT count(*) FROM ({rows} LIMIT {MOST_SCANNED + 1})"
    others = reading.connection.execute(sql, asked.matching.values).fetchone()[0]
    return ANY if others <= MOST_SCANNED else asked.in_boxes()


def _number(reading: SqliteReading, table: Table, condition: Condition) -> int:
    where = f" WHERE {condition.sql}" if condition.sql else ""
    sql = f"SELECT count(*) FROM {quoted(table.name)}{where}"
    return int(reading.connection.execute(sql, condition.values).fetchone()[0])


def _count_in(reading: SqliteReading, asked: Asked, area: Extent) -> int:
    """Only features whose float32 box lies across an edge must be looked at themselves."""
    table = asked.table
    total = 0
    if asked.unplaced:
        total = _number(reading, table, Condition(f"{quoted(table.geom)} IS NULL"))
    surely = [inside(part) for part in area.parts] if table.crs == CRS84 else []
    for box in surely:
        sql = f"SELECT count(*) FROM {quoted(table.rtree or '')} WHERE {box.sql}"
        total += int(reading.connection.execute(sql, box.values).fetchone()[0])
    for rows in _geometries(reading, table, _on_the_edge(asked, surely)):
        total += int(_touching(asked, [row[1] for row in rows], area).sum())
    return total


def _on_the_edge(asked: Asked, surely: Sequence[Condition]) -> Condition:
    """Features whose box touches the area without being surely inside it."""
    rtree = quoted(asked.table.rtree or "")
    without = "".join(f" AND NOT ({box.sql})" for box in surely)
    not_in = tuple(value for box in surely for value in box.values)
    boxes = [near(box) for box in asked.native()]
    found = " UNION ".join(f"SELECT id FROM {rtree} WHERE {box.sql}{without}" for box in boxes)
    values = tuple(value for box in boxes for value in (*box.values, *not_in))
    return Condition(f"{quoted(asked.table.key)} IN ({found})", values)


def _geometries(
    reading: SqliteReading, table: Table, condition: Condition
) -> Iterator[list[tuple[int, bytes | None]]]:
    """Keys and geometries."""
    where = f" WHERE {condition.sql}" if condition.sql else ""
    columns = f"{quoted(table.key)}, {quoted(table.geom)}"
    sql = f"SELECT {columns} FROM {quoted(table.name)}{where}"
    cursor = reading.connection.execute(sql, condition.values)
    while rows := cursor.fetchmany(BATCH):
        reading.check()
        yield rows


def bounds(reading: SqliteReading, table: Table) -> Extent | None:
    """The exact box around all geometries in CRS84."""
    if table.rtree is None or table.crs != CRS84:
        return _bounds_of_all(reading, table)
    rtree, name, key = quoted(table.rtree), quoted(table.name), quoted(table.key)
    sql = f"SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {rtree}"
    rough = reading.connection.execute(sql).fetchone()
    if rough[0] is None:
        return None
    # The R-tree rounds outward to float32: the features that reach its edge say where it is.
    exact = []
    for column, compare, edge in zip(
        ("minx", "miny", "maxx", "maxy"), ("<=", "<=", ">=", ">="), rough, strict=True
    ):
        sql = (
            f"SELECT {quoted(table.geom)} FROM {name} WHERE {key} IN"
            f" (SELECT id FROM {rtree} WHERE {column} {compare} ?) LIMIT {BATCH + 1}"
        )
        blobs = [row[0] for row in reading.connection.execute(sql, (edge,))]
        exact.append(Extent.of(geometries_of(blobs)) if len(blobs) <= BATCH else Extent(*rough))
    if any(one is None for one in exact):
        return Extent(*rough)
    sides = [one[side] for side, one in enumerate(exact) if one is not None]
    return Extent(*sides)


def _bounds_of_all(reading: SqliteReading, table: Table) -> Extent | None:
    found: Extent | None = None
    sql = f"SELECT {quoted(table.geom)} FROM {quoted(table.name)}"
    cursor = reading.connection.execute(sql)
    while rows := cursor.fetchmany(BATCH):
        reading.check()
        one = Extent.of(crs84(table, [row[0] for row in rows]))
        found = one if found is None else found.union(one) if one else found
    return found


def _batches(
    reading: SqliteReading, asked: Asked, query: Query, hits: Hits | None
) -> Iterator[list[Row]]:
    """Rows that answer the query in its order; maybe more than its limit."""
    if asked.boxes == () or (hits is not None and hits.number == 0):
        return
    order = keys_of(asked.table, query)
    mark = None if query.after is None else (*query.after_values, query.after)
    way = _Way(reading, asked, order, query.limit and query.limit + query.offset)
    tree_leads = asked.boxes is not None and asked.table.rtree is not None
    by_tree = asked.in_boxes() if tree_leads else ANY
    if way.limit is None or hits is None:
        yield from way.rows(mark, by_tree)
    elif hits.keys is not None and len(order) == 1:
        yield from way.known(hits.keys, mark)
    elif tree_leads and asked.matching != ANY:
        near_few = _few_near(reading, asked, few(hits.total, way.limit))
        yield from way.rows(mark, by_tree) if near_few else way.walk(mark, by_tree)
    elif hits.number > few(hits.total, way.limit):
        yield from way.walk(mark, by_tree)
    else:
        yield from way.rows(mark, by_tree, by_sorting=asked.matching != ANY)


class _Way:
    """Statements that give the rows of a query in its order."""

    def __init__(
        self, reading: SqliteReading, asked: Asked, order: Sequence[Key], limit: int | None
    ) -> None:
        self.reading, self.asked, self.order, self.limit = reading, asked, order, limit

    def rows(
        self, mark: Sequence[Any] | None, also: Condition = ANY, by_sorting: bool = False
    ) -> Iterator[list[Row]]:
        for part in after(self.order, mark):
            yield from self._select(part.and_(also).and_(self.asked.matching), by_sorting)

    def known(self, keys: Sequence[int], mark: Sequence[Any] | None) -> Iterator[list[Row]]:
        """The rows of a page whose keys have been found already."""
        [order] = self.order
        if mark is not None:
            middle = bisect_right(keys, mark[0]), bisect_left(keys, mark[0])
            keys = keys[: middle[1]] if order.descending else keys[middle[0] :]
        page = keys[::-1][: self.limit] if order.descending else keys[: self.limit]
        for start in range(0, len(page), BATCH):
            some = page[start : start + BATCH]
            condition = Condition(f"{order.sql} IN ({', '.join('?' * len(some))})", tuple(some))
            yield from self._select(condition)

    def walk(self, mark: Sequence[Any] | None, otherwise: Condition) -> Iterator[list[Row]]:
        """In order, which will do if hits are many everywhere; through an index if it does not.

        By the order of keys it is known where MOST_SCANNED rows end. By other orders it is not:
        there it may take until the time is up.
        """
        edge = self._edge(mark) if len(self.order) == 1 else None
        if edge is None:
            yield from self.rows(mark)
            return
        [key] = self.order
        until = Condition(f"{key.sql} {'>=' if key.descending else '<='} ?", (edge,))
        [start] = after(self.order, mark)
        yield from self._select(start.and_(until).and_(self.asked.matching), indexed=False)
        yield from self.rows((edge,), otherwise, by_sorting=True)

    def _edge(self, mark: Sequence[Any] | None) -> int | None:
        [key] = self.order
        if mark is not None:
            first = mark[0]
        else:
            end = "max" if key.descending else "min"
            sql = f"SELECT {end}({key.sql}) FROM {quoted(self.asked.table.name)}"
            first = self.reading.connection.execute(sql).fetchone()[0]
        if not isinstance(first, int):
            return None
        edge = first - MOST_SCANNED if key.descending else first + MOST_SCANNED
        return min(max(edge, -(2**63)), 2**63 - 1)

    def _select(
        self, condition: Condition, by_sorting: bool = False, indexed: bool = True
    ) -> Iterator[list[Row]]:
        table, area = self.asked.table, self.asked.area
        where = f" WHERE {condition.sql}" if condition.sql else ""
        by_key = " NOT INDEXED" if not indexed and table.ours else ""
        limit = -1 if self.limit is None or area is not None else self.limit
        sql = (
            f"SELECT {select_list(table)} FROM {quoted(table.name)}{by_key}{where}"
            f" {clause(self.order, by_sorting)} LIMIT {limit}"
        )
        cursor = self.reading.connection.execute(sql, condition.values)
        try:
            while rows := cursor.fetchmany(min(self.limit or BATCH, BATCH)):
                self.reading.check()
                yield self._exact(rows)
        finally:
            cursor.close()

    def _exact(self, rows: list[Row]) -> list[Row]:
        if self.asked.area is None:
            return rows
        hits = _touching(self.asked, [row[2] for row in rows], self.asked.area)
        return list(compress(rows, hits.tolist()))


def _few_near(reading: SqliteReading, asked: Asked, most: int) -> bool:
    """Whether the R-tree finds no more than that."""
    total = 0
    for box in map(near, asked.native()):
        sql = (
            f"SELECT count(*) FROM (SELECT 1 FROM {quoted(asked.table.rtree or '')}"
            f" WHERE {box.sql} LIMIT {most + 1})"
        )
        total += reading.connection.execute(sql, box.values).fetchone()[0]
    return total <= most


def _touching(asked: Asked, blobs: Sequence[bytes | None], area: Extent) -> Any:
    table = asked.table
    missing = np.array([blob is None for blob in blobs], bool)
    if table.crs == CRS84:
        found = blobs_touching(blobs, area.parts)  # of them, or without a geometry
        return found if asked.unplaced else found & ~missing
    found = touching(crs84(table, blobs), area.parts)
    return found | missing if asked.unplaced else found

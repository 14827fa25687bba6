"""Reading a layer of a GeoPackage: which way to go for a query, exact answers, rows to features."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import compress
from typing import Any

import orjson

from layers.errors import InvalidQuery
from layers.model import Batch, Feature, OfFeature, Query
from layers.stores.geopackage_connect import SqliteReading, batches
from layers.stores.geopackage_hits import BATCH, Hits, few, few_near, in_sql, touching_area
from layers.stores.geopackage_order import (
    ANY,
    Condition,
    Key,
    after,
    clause,
    keys_of,
    mark_value,
    marks,
)
from layers.stores.geopackage_plan import Asked
from layers.stores.geopackage_rows import Row, batch_maker
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table
from layers.stores.geopackage_values import select_list

_KEY = re.compile(r"-?[0-9]{1,19}")
# A page that is sought in order is expected to be full after `limit * total / hits` rows. After so
# many times as many, or so many rows, hits do not lie evenly and it is sought through an index.
PATIENCE = 4
MOST_SCANNED = 20_000
# How much less than a row by an index (`few`) a hit costs: in an R-tree, and one that it orders.
IN_TREE, ORDERED_IN_TREE = 2, 24


def select(
    reading: SqliteReading, asked: Asked, query: Query, hits: Hits | None
) -> Iterator[Batch]:
    """The features of a query; its `hits` are known where it has a limit and conditions."""
    to_batch = _batch_maker(asked.table)
    if query.offset and asked.area is not None and asked.table.rtree is not None:
        asked = in_sql(reading, asked, asked.area)
    # SQLite leaves rows out for less than it reads them, where all that it finds are hits.
    offset = query.offset if asked.area is None and query.after is None else 0
    skip, left = query.offset - offset, query.limit
    for rows in _batches(reading, asked, query, hits, offset):
        page = rows[skip:] if left is None else rows[skip : skip + left]
        skip -= min(skip, len(rows))
        if page:
            yield to_batch(page)
        if left is not None:
            left -= len(page)
            if left <= 0:
                return


def find(reading: SqliteReading, table: Table, id: str) -> Feature | None:
    given = id if table.id else _key(id)
    if given is None:
        return None
    row = reading.connection.execute(_find_sql(table), (given,)).fetchone()
    found = None if row is None else next(_batch_maker(table)([row]).features())
    return found if found is None or found.id == id else None


def with_mark(reading: SqliteReading, table: Table, query: Query) -> Query:
    """With the sort values that its mark left out; InvalidQuery if the feature is gone."""
    order = keys_of(table, query)
    sql = f"SELECT {marks(order[:-1])} FROM {quoted(table.name)} WHERE {order[-1].sql} = ?"
    [row] = next(batches(reading.connection, sql, (query.after,), 1), [None])
    if row is None:
        raise InvalidQuery("after", query.after, "the mark of a page whose last feature is there")
    values = [
        mark_value(stored) if value is OfFeature.VALUE else value
        for value, stored in zip(query.after_values, row, strict=True)
    ]
    return replace(query, after_values=tuple(values))


def _key(id: str) -> int | None:
    """The key a public id stands for where there is no column of ids."""
    key = int(id) if _KEY.fullmatch(id) else None
    return key if key is not None and -(2**63) <= key < 2**63 else None


@lru_cache(maxsize=256)
def _find_sql(table: Table) -> str:
    column = quoted(table.id or table.key)
    return f"SELECT {select_list(table)} FROM {quoted(table.name)} WHERE {column} = ?"


_batch_maker = lru_cache(maxsize=256)(batch_maker)


def _batches(
    reading: SqliteReading, asked: Asked, query: Query, hits: Hits | None, offset: int
) -> Iterator[list[Row]]:
    """Rows that answer the query in its order, after `offset` of them; maybe too many."""
    if asked.boxes == () or (hits is not None and hits.number == 0):
        return
    order = keys_of(asked.table, query)
    mark = None if query.after is None else (*query.after_values, query.after)
    limit = query.limit and query.limit + query.offset - offset
    way = _Way(reading, asked, order, limit, offset)
    if limit is None or hits is None:
        yield from way.rows(mark)
    elif hits.keys is not None and len(order) == 1:
        yield from way.known(hits.keys, mark)
    elif way.tree_leads and asked.matching != ANY:
        near_few = few_near(reading, asked, few(hits.total, limit))
        yield from way.rows(mark) if near_few else way.walk(mark, hits)
    elif hits.number > few(hits.total, limit) * way.cheaper:
        yield from way.walk(mark, hits)
    else:
        yield from way.rows(mark, by_sorting=asked.matching != ANY)


class _Way:
    """Statements that give the rows of a query in its order."""

    def __init__(
        self,
        reading: SqliteReading,
        asked: Asked,
        order: Sequence[Key],
        limit: int | None,
        offset: int,
    ) -> None:
        self.reading, self.asked, self.order = reading, asked, order
        self.limit, self.offset = limit, offset
        self.tree_leads = asked.boxes is not None and asked.table.rtree is not None
        # The R-tree knows the keys of a page, and nothing else is asked.
        self.tree_alone = self.tree_leads and asked.matching == ANY and len(order) == 1
        self.cheaper = ORDERED_IN_TREE if self.tree_alone else IN_TREE if self.tree_leads else 1

    def rows(self, mark: Sequence[Any] | None, by_sorting: bool = False) -> Iterator[list[Row]]:
        if self.tree_alone and self.limit is not None:
            yield from self._in_tree(mark)
            return
        also = self.asked.in_boxes() if self.tree_leads else ANY
        yield from self._rows(mark, also, by_sorting)

    def _rows(
        self, mark: Sequence[Any] | None, also: Condition = ANY, by_sorting: bool = False
    ) -> Iterator[list[Row]]:
        table = Condition(quoted(self.asked.table.name))
        for part in after(self.order, mark):
            condition = part.and_(also).and_(self.asked.matching)
            if self._by_keys_first(condition != part):
                yield from self._by_keys(table, self.order, condition, by_sorting)
            else:
                yield from self._select(condition, by_sorting)

    def _in_tree(self, mark: Sequence[Any] | None) -> Iterator[list[Row]]:
        """As it finds them, the R-tree's keys go through a heap as long as the page: 240,000 take
        13 ms, and 80 where each is looked up in the table first.
        """
        found = self.asked.keys_in_boxes()
        once = "DISTINCT " if len(self.asked.native()) > 1 else ""  # some may lie in both
        keys = Condition(f"(SELECT {once}k FROM ({found.sql}))", found.values)
        order = [Key("k", self.order[0].descending, False)]
        [start] = after(order, mark)
        yield from self._by_keys(keys, order, start, False)

    def _by_keys_first(self, has_conditions: bool) -> bool:
        """Whether to find a page's keys before its rows are read: where many are passed over or
        sorted, and what follows a full page can be asked for by the key of its last row.
        """
        passes = has_conditions or self.offset > 0 or len(self.order) > 2
        goes_on = self.asked.area is None or len(self.order) == 1
        return self.limit is not None and passes and goes_on

    def _by_keys(
        self, source: Condition, order: Sequence[Key], condition: Condition, by_sorting: bool
    ) -> Iterator[list[Row]]:
        """The keys of a page first, which an index often has, and then their rows.

        Rows that do not touch the area drop out of the page: then another one is needed.
        """
        key = quoted(self.asked.table.key)
        further = condition
        while True:
            page = (
                f"SELECT {order[-1].sql} FROM {source.sql} WHERE {further.sql or '1'}"
                f" {clause(order, by_sorting)} LIMIT {self.limit} OFFSET {self.offset}"
            )
            found, last = 0, None
            these = Condition(f"{key} IN ({page})", (*source.values, *further.values))
            # not by the index of a field: those of a page are sorted in no time
            for rows in self._fetched(these, clause(self.order, len(self.order) > 1)):
                found, last = found + len(rows), rows[-1][0]
                yield self._exact(rows)
            if self.asked.area is None or self.limit is None or found < self.limit:
                return
            [start] = after(order, (last,))
            further = start.and_(condition)

    def known(self, keys: "array[int]", mark: Sequence[Any] | None) -> Iterator[list[Row]]:
        """The rows of a page whose keys have been found already."""
        [order] = self.order
        if mark is not None:
            middle = bisect_right(keys, mark[0]), bisect_left(keys, mark[0])
            keys = keys[: middle[1]] if order.descending else keys[middle[0] :]
        keys = keys[::-1] if order.descending else keys
        page = keys[self.offset :][: self.limit]
        for start in range(0, len(page), BATCH):
            some = orjson.dumps(page[start : start + BATCH].tolist()).decode()
            condition = Condition(f"{order.sql} IN (SELECT value FROM json_each(?))", (some,))
            yield from self._fetched(condition, clause(self.order))

    def walk(self, mark: Sequence[Any] | None, hits: Hits) -> Iterator[list[Row]]:
        """In order, which will do if hits are many everywhere; through an index if it does not.

        By the order of keys it is known where so many rows end. By other orders it is not: there it
        may take until the time is up.
        """
        expected = (self.limit or 0) * hits.total // hits.number
        most = min(PATIENCE * expected, MOST_SCANNED)
        edge = self._edge(mark, most) if len(self.order) == 1 and not self.offset else None
        if edge is None:
            yield from self._rows(mark)
            return
        [key] = self.order
        until = Condition(f"{key.sql} {'>=' if key.descending else '<='} ?", (edge,))
        [start] = after(self.order, mark)
        yield from self._select(start.and_(until).and_(self.asked.matching), indexed=False)
        yield from self.rows((edge,), by_sorting=True)

    def _edge(self, mark: Sequence[Any] | None, most: int) -> int | None:
        [key] = self.order
        if mark is not None:
            first = mark[0]
        else:
            end = "max" if key.descending else "min"
            sql = f"SELECT {end}({key.sql}) FROM {quoted(self.asked.table.name)}"
            first = self.reading.connection.execute(sql).fetchone()[0]
        if not isinstance(first, int):
            return None
        edge = first - most if key.descending else first + most
        return min(max(edge, -(2**63)), 2**63 - 1)

    def _select(
        self, condition: Condition, by_sorting: bool = False, indexed: bool = True
    ) -> Iterator[list[Row]]:
        limit = -1 if self.limit is None or self.asked.area is not None else self.limit
        page = f"{clause(self.order, by_sorting)} LIMIT {limit} OFFSET {self.offset}"
        for rows in self._fetched(condition, page, indexed):
            yield self._exact(rows)

    def _fetched(
        self, condition: Condition, page: str, indexed: bool = True
    ) -> Iterator[list[Row]]:
        table = self.asked.table
        where = f" WHERE {condition.sql}" if condition.sql else ""
        by_key = " NOT INDEXED" if not indexed and table.ours else ""
        columns = select_list(table)
        if len(self.order) > 1:
            columns += f", {marks(self.order[:-1])}"
        sql = f"SELECT {columns} FROM {quoted(table.name)}{by_key}{where} {page}"
        size = min(self.limit or BATCH, BATCH)
        for rows in batches(self.reading.connection, sql, condition.values, size):
            self.reading.check()
            yield rows

    def _exact(self, rows: list[Row]) -> list[Row]:
        if self.asked.area is None:
            return rows
        hits = touching_area(self.asked, [row[2] for row in rows], self.asked.area)
        return list(compress(rows, hits.tolist()))

"""Reading a layer of a GeoPackage: which way to go for a box, exact answers, rows to features."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any

import numpy as np

from geo.crs import CRS84, transform
from geo.extent import Extent
from layers.model import Feature, Query
from layers.stores.geopackage_blob import blobs_touching, geometries_of, touching
from layers.stores.geopackage_connect import SqliteReading
from layers.stores.geopackage_rows import Row, crs84, feature_maker
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table, select_list

BATCH = 500
# Going through the index costs by the hit; going through the rows in order fills a page after
# rows * limit / hits of them, if hits lie evenly. A row looked at costs about five hits. If they do
# not lie evenly, the page is not full after MOST_SCANNED, and the index takes over.
ROW_COST = 5
MOST_SCANNED = 20_000
LOWEST = -(2**63)
_KEY = re.compile(r"-?[0-9]{1,19}")

Box = tuple[str, tuple[float, ...]]


def select(reading: SqliteReading, table: Table, query: Query) -> Iterator[Feature]:
    to_features = feature_maker(table)
    left = query.limit
    for rows in _batches(reading, table, query):
        page = rows if left is None else rows[:left]
        yield from to_features(page)
        if left is not None:
            left -= len(page)
            if left <= 0:
                return


def find(reading: SqliteReading, table: Table, id: str) -> Feature | None:
    column, value = table.id or table.key, id if table.id else _key(id)
    if value is None:
        return None
    sql = f"SELECT {select_list(table)} FROM {quoted(table.name)} WHERE {quoted(column)} = ?"
    row = reading.connection.execute(sql, (value,)).fetchone()
    found = None if row is None else next(iter(feature_maker(table)([row])))
    return found if found is None or found.id == id else None


def _key(id: str) -> int | None:
    """The key a public id stands for where there is no column of ids."""
    key = int(id) if _KEY.fullmatch(id) else None
    return key if key is not None and LOWEST <= key < -LOWEST else None


def count(reading: SqliteReading, table: Table, extent: Extent | None) -> int:
    """Exact: only features whose float32 box lies across an edge must be looked at themselves."""
    connection, name = reading.connection, quoted(table.name)
    if extent is None:
        return int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])
    if table.rtree is None:
        return sum(len(rows) for rows in _scan(reading, table, extent, LOWEST))
    nothing = f"SELECT count(*) FROM {name} WHERE {quoted(table.geom)} IS NULL"
    total = int(connection.execute(nothing).fetchone()[0])
    inside: list[Box] = []
    if table.crs == CRS84:
        inside = [_inside(part) for part in extent.parts]
        for where, values in inside:
            sql = f"SELECT count(*) FROM {quoted(table.rtree)} WHERE {where}"
            total += int(connection.execute(sql, values).fetchone()[0])
    for blobs in _on_the_edge(reading, table, extent, inside):
        total += int(_touching(table, blobs, extent).sum())
    return total


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


def _batches(reading: SqliteReading, table: Table, query: Query) -> Iterator[list[Row]]:
    """Rows that answer the query in the order of their keys; maybe more than its limit."""
    after = LOWEST if query.after is None else query.after
    if query.extent is None:
        yield from _rows(reading, table, "", (), after, query.limit)
    elif table.rtree is None:
        yield from _scan(reading, table, query.extent, after)
    elif query.limit is None or _few_hits(reading, table, query.extent, query.limit):
        yield from _through_index(reading, table, query.extent, after)
    else:
        scanned = 0
        for rows, last, size in _scanned(reading, table, query.extent, after):
            yield rows
            after, scanned = last, scanned + size
            if scanned >= MOST_SCANNED:
                yield from _through_index(reading, table, query.extent, after)
                return


def _rows(
    reading: SqliteReading,
    table: Table,
    where: str,
    values: tuple[object, ...],
    after: int,
    limit: int | None = None,
) -> Iterator[list[Row]]:
    key = quoted(table.key)
    sql = (
        f"SELECT {select_list(table)} FROM {quoted(table.name)} WHERE {key} > ? {where}"
        f" ORDER BY {key} LIMIT {-1 if limit is None else int(limit)}"
    )
    if after == LOWEST:
        sql = sql.replace("> ?", ">= ?", 1)
    cursor = reading.connection.execute(sql, (after, *values))
    try:
        while rows := cursor.fetchmany(BATCH):
            reading.check()
            yield rows
    finally:
        cursor.close()


def _scanned(
    reading: SqliteReading, table: Table, extent: Extent, after: int
) -> Iterator[tuple[list[Row], int, int]]:
    """Hits among the rows in order; with the last key seen and how many rows were."""
    for rows in _rows(reading, table, "", (), after):
        hits = _touching(table, [row[2] for row in rows], extent)
        yield list(compress(rows, hits.tolist())), rows[-1][0], len(rows)


def _scan(reading: SqliteReading, table: Table, extent: Extent, after: int) -> Iterator[list[Row]]:
    return (rows for rows, _, _ in _scanned(reading, table, extent, after))


def _through_index(
    reading: SqliteReading, table: Table, extent: Extent, after: int
) -> Iterator[list[Row]]:
    """Only rows whose box in the R-tree may touch, and those without a geometry."""
    key = quoted(table.key)
    boxes = [_near(box) for box in _native(table, extent)]
    found = [f"SELECT id FROM {quoted(table.rtree or '')} WHERE {where}" for where, _ in boxes]
    found.append(f"SELECT {key} FROM {quoted(table.name)} WHERE {quoted(table.geom)} IS NULL")
    where = f"AND {key} IN ({' UNION ALL '.join(found)})"
    values = tuple(value for _, box in boxes for value in box)
    for rows in _rows(reading, table, where, values, after):
        hits = _touching(table, [row[2] for row in rows], extent)
        yield list(compress(rows, hits.tolist()))


def _few_hits(reading: SqliteReading, table: Table, extent: Extent, limit: int) -> bool:
    """Whether the index is the shorter way to a page."""
    sql = f"SELECT max({quoted(table.key)}) FROM {quoted(table.name)}"
    rows = reading.connection.execute(sql).fetchone()[0] or 0
    few = math.isqrt(ROW_COST * max(rows, 0) * limit)
    total = 0
    for where, values in map(_near, _native(table, extent)):
        sql = (
            f"SELECT count(*) FROM (SELECT 1 FROM {quoted(table.rtree or '')} WHERE {where}"
            f" LIMIT {few + 1})"
        )
        total += reading.connection.execute(sql, values).fetchone()[0]
    return total <= few


def _on_the_edge(
    reading: SqliteReading, table: Table, extent: Extent, inside: Sequence[Box]
) -> Iterator[list[bytes | None]]:
    """The geometries whose box touches the extent without being surely inside it."""
    boxes = [_near(box) for box in _native(table, extent)]
    rtree = quoted(table.rtree or "")
    without = "".join(f" AND NOT ({where})" for where, _ in inside)
    found = " UNION ".join(f"SELECT id FROM {rtree} WHERE {where}{without}" for where, _ in boxes)
    surely = tuple(value for _, values in inside for value in values)
    values = tuple(value for _, box in boxes for value in (*box, *surely))
    sql = (
        f"SELECT {quoted(table.geom)} FROM {quoted(table.name)}"
        f" WHERE {quoted(table.key)} IN ({found})"
    )
    cursor = reading.connection.execute(sql, values)
    while rows := cursor.fetchmany(BATCH):
        reading.check()
        yield [row[0] for row in rows]


def _near(box: Extent) -> Box:
    return (
        "maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?",
        (box.west, box.east, box.south, box.north),
    )


def _inside(box: Extent) -> Box:
    return (
        "minx >= ? AND maxx <= ? AND miny >= ? AND maxy <= ?",
        (box.west, box.east, box.south, box.north),
    )


def _native(table: Table, extent: Extent) -> list[Extent]:
    """Boxes in the table's own CRS that surely cover the extent; hits are rechecked in CRS84."""
    if table.crs == CRS84:
        return extent.parts
    return [_turned(part, table.crs) for part in extent.parts]


def _turned(part: Extent, crs: str) -> Extent:
    """The edges of a box become curves: many points of its grid, and some margin."""
    xs = np.linspace(part.west, part.east, 21)
    ys = np.linspace(part.south, part.north, 21)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    coords = transform(grid, CRS84, crs)
    if not np.isfinite(coords).all():  # reaches beyond where the CRS is defined: no help from it
        return Extent(-np.inf, -np.inf, np.inf, np.inf)
    (west, south), (east, north) = coords.min(axis=0), coords.max(axis=0)
    dx, dy = (east - west) * 0.05 + 1e-9, (north - south) * 0.05 + 1e-9
    return Extent(float(west - dx), float(south - dy), float(east + dx), float(north + dy))


def _touching(table: Table, blobs: Sequence[bytes | None], extent: Extent) -> Any:
    if table.crs == CRS84:
        return blobs_touching(blobs, extent.parts)
    missing = np.array([blob is None for blob in blobs], bool)
    return touching(crs84(table, blobs), extent.parts) | missing

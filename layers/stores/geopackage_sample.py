"""Some of the features about a place, spread evenly: as many as can be told apart there."""

from collections.abc import Iterator
from dataclasses import replace

import orjson

from geo.extent import Extent
from layers.model import Feature, Query
from layers.stores.geopackage_connect import SqliteReading, batches
from layers.stores.geopackage_hits import checked
from layers.stores.geopackage_order import ANY, Condition, united
from layers.stores.geopackage_plan import Asked, ask, near
from layers.stores.geopackage_rows import batch_maker
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table
from layers.stores.geopackage_values import select_list

# Shapes of thousands of vertices come a few at a time.
BATCH = 100


def sample(
    reading: SqliteReading, table: Table, extent: Extent, most: int
) -> tuple[Iterator[Feature], int]:
    """All features, or those of every n-th key; and how many there are."""
    asked = replace(ask(table, Query(extent=extent)), unplaced=False)
    keys, number = (_by_tree if table.rtree is not None else _by_looking)(reading, asked, most)
    key, name = quoted(table.key), quoted(table.name)
    sql = f"SELECT {select_list(table)} FROM {name} WHERE {key} IN ({keys.sql}) ORDER BY {key}"
    return _features(reading, table, Condition(sql, keys.values)), number


def _by_tree(reading: SqliteReading, asked: Asked, most: int) -> tuple[Condition, int]:
    """The choice is made in the R-tree: of those that are left out nothing is read."""
    rtree, boxes = quoted(asked.table.rtree or ""), [near(box) for box in asked.native()]
    counted = (f"SELECT count(*) FROM {rtree} WHERE {box.sql}" for box in boxes)
    number = sum(
        int(reading.connection.execute(sql, box.values).fetchone()[0])
        for sql, box in zip(counted, boxes, strict=True)
    )
    chosen = Condition(f"id % {_step(number, most)} = 0")
    return united([asked.near(box.and_(chosen)) for box in boxes]), number


def _by_looking(reading: SqliteReading, asked: Asked, most: int) -> tuple[Condition, int]:
    """Without an R-tree each row has to be looked at."""
    assert asked.area is not None
    keys = [key for key, touches in checked(reading, asked, ANY, asked.area) if touches]
    chosen = orjson.dumps(keys[:: _step(len(keys), most)]).decode()
    return Condition("SELECT value FROM json_each(?)", (chosen,)), len(keys)


def _step(number: int, most: int) -> int:
    return max(1, -(-number // most))


def _features(reading: SqliteReading, table: Table, rows: Condition) -> Iterator[Feature]:
    to_batch = batch_maker(table)
    for some in batches(reading.connection, rows.sql, rows.values, BATCH):
        reading.check()
        yield from to_batch(some).features()

"""Some of the features about a place, spread evenly: as many as can be told apart there."""

from collections.abc import Iterator

from geo.extent import Extent
from layers.model import Feature, Query
from layers.stores.geopackage_connect import SqliteReading, batches
from layers.stores.geopackage_order import Condition, united
from layers.stores.geopackage_plan import ask, near
from layers.stores.geopackage_rows import feature_maker
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table, select_list

# Shapes of thousands of vertices come a few at a time.
BATCH = 100


def sample(
    reading: SqliteReading, table: Table, extent: Extent, most: int
) -> tuple[Iterator[Feature], int]:
    """Every feature, or those of every n-th key, which are the same ones in all extents.

    The choice is made in the R-tree: of those that are left out nothing is read. Without an R-tree
    all of the table is looked at, and all of it is what the extent may hold.
    """
    key, name = quoted(table.key), quoted(table.name)
    source, column, places = name, key, [Condition(f"{quoted(table.geom)} IS NOT NULL")]
    if table.rtree is not None:
        asked = ask(table, Query(extent=extent))
        source, column = quoted(table.rtree), "id"
        places = [near(box) for box in asked.native()]
    every = [
        place._replace(sql=f"SELECT count(*) FROM {source} WHERE {place.sql}") for place in places
    ]
    number = sum(int(reading.connection.execute(*one).fetchone()[0]) for one in every)
    step = max(1, -(-number // most))
    keys = united(
        [
            place._replace(
                sql=f"SELECT {column} FROM {source} WHERE {place.sql} AND {column} % {step} = 0"
            )
            for place in places
        ]
    )
    sql = f"SELECT {select_list(table)} FROM {name} WHERE {key} IN ({keys.sql}) ORDER BY {key}"
    return _features(reading, table, sql, keys.values), number


def _features(
    reading: SqliteReading, table: Table, sql: str, values: tuple[object, ...]
) -> Iterator[Feature]:
    to_features = feature_maker(table)
    for rows in batches(reading.connection, sql, values, BATCH):
        reading.check()
        yield from to_features(rows)

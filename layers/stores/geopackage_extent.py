"""Where a layer lies: exact where that takes no look at everything, else around all of it."""

from geo.crs import CRS84, transform_extent
from geo.extent import Extent
from layers.stores.geopackage_blob import geometries_of
from layers.stores.geopackage_connect import SqliteReading
from layers.stores.geopackage_order import ANY, Condition
from layers.stores.geopackage_rows import crs84
from layers.stores.geopackage_rtree import edges
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table

BATCH = 500
# So many geometries are turned to CRS84 and looked at in some hundredths of a second.
MOST_LOOKED_AT = 20_000
GLOBE = Extent(-180.0, -90.0, 180.0, 90.0)


def bounds(reading: SqliteReading, table: Table) -> Extent | None:
    """The box around all geometries in CRS84; of a large layer in another CRS a little larger."""
    if table.rtree is not None and table.crs == CRS84:
        return _by_tree(reading, table)
    name = quoted(table.rtree or table.name)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT {MOST_LOOKED_AT + 1})"
    if reading.connection.execute(sql).fetchone()[0] > MOST_LOOKED_AT:
        box = table.within or _said(reading, table)
        if box is not None:
            # Some position that is nowhere on the globe leaves no box but that.
            return transform_extent(box, table.crs) or GLOBE
    return bounds_where(reading, table, ANY)


def bounds_where(reading: SqliteReading, table: Table, condition: Condition) -> Extent | None:
    """The exact box around the geometries of the rows that fulfil a condition."""
    found: Extent | None = None
    sql = f"SELECT {quoted(table.geom)} FROM {quoted(table.name)} WHERE {condition.sql or '1'}"
    cursor = reading.connection.execute(sql, condition.values)
    while rows := cursor.fetchmany(BATCH):
        reading.check()
        one = Extent.of(crs84(table, [row[0] for row in rows]))
        found = one if found is None else found.union(one) if one else found
    return found


def _by_tree(reading: SqliteReading, table: Table) -> Extent | None:
    rough = edges(reading.connection, table)
    if rough is None:
        return None
    rtree, name, key = quoted(table.rtree or ""), quoted(table.name), quoted(table.key)
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
        exact.append(Extent.of(geometries_of(blobs)) if len(blobs) <= BATCH else rough)
    if any(one is None for one in exact):
        return rough
    sides = [one[side] for side, one in enumerate(exact) if one is not None]
    return Extent(*sides)


def _said(reading: SqliteReading, table: Table) -> Extent | None:
    """What the file says of a table without an R-tree, unless its first rows know better.

    A program that keeps no R-tree may not keep this either: it is believed of what it says only.
    """
    sql = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE lower(table_name) = lower(?)"
    found = reading.connection.execute(sql, (table.name,)).fetchone()
    if found is None or not all(isinstance(one, int | float) for one in found):
        return None
    said = Extent(*map(float, found))
    sql = f"SELECT {quoted(table.geom)} FROM {quoted(table.name)} LIMIT {BATCH}"
    some = Extent.of(geometries_of([row[0] for row in reading.connection.execute(sql)]))
    return said if some is None or said.union(some) == said else None

"""The exact box around a layer of a GeoPackage: from the R-tree, or from all its geometries."""

from geo.crs import CRS84
from geo.extent import Extent
from layers.stores.geopackage_blob import geometries_of
from layers.stores.geopackage_connect import SqliteReading
from layers.stores.geopackage_hits import BATCH
from layers.stores.geopackage_rows import crs84
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table


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

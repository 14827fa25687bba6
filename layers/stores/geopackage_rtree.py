"""The R-tree of a table: how far it reaches, and whether that of another program can be trusted."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from geo.extent import Extent
from layers.filter.sql import EMPTY
from layers.stores.geopackage_schema import quoted

if TYPE_CHECKING:
    from layers.stores.geopackage_tables import Table


def is_whole(connection: sqlite3.Connection, table: Table) -> bool:
    """Whether it has an entry for each row with a shape, and none for a row that is gone.

    A program that does not know the standard's triggers leaves it behind: counts would be wrong,
    and pages end too soon. Half a second at most for a million rows, once for each state of a file.
    """
    if table.rtree is None:
        return False
    name, key, geom = quoted(table.name), quoted(table.key), quoted(table.geom)
    entries = quoted(f"{table.rtree}_rowid")
    dead = f"""SELECT EXISTS (SELECT 1 FROM {entries} AS e
        WHERE NOT EXISTS (SELECT 1 FROM {name} WHERE {key} = e.rowid))"""
    named = f"SELECT EXISTS (SELECT minx, maxx, miny, maxy FROM {quoted(table.rtree)})"
    equal = f"SELECT (SELECT count(*) FROM {entries}) = (SELECT count({geom}) FROM {name})"
    missing = f"""SELECT EXISTS (SELECT 1 FROM {name} WHERE {geom} IS NOT NULL
        AND {key} NOT IN (SELECT rowid FROM {entries}) AND NOT {EMPTY.format(geom=geom)})"""

    def holds(sql: str) -> bool:
        return bool(connection.execute(sql).fetchone()[0])

    try:
        holds(named)
        return not holds(dead) and (holds(equal) or not holds(missing))
    except sqlite3.DatabaseError:  # something else of that name
        return False


def edges(connection: sqlite3.Connection, table: Table) -> Extent | None:
    """Its outermost edges, in the CRS of the table; float32, rounded outward."""
    if table.rtree is None:
        return None
    sql = f"SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {quoted(table.rtree)}"
    found = connection.execute(sql).fetchone()
    return None if found[0] is None else Extent(*found)

"""A GeoPackage as SQLite has it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from layers.stores.geopackage_blob import register_functions


def rows(file: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql, values).fetchall()


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        register_functions(connection)  # for the triggers of the R-tree
        for statement in statements:
            connection.execute(statement)

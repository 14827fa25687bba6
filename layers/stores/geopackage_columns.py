"""The columns of a table nobody described to us, as fields: types, labels, conventional names."""

import sqlite3
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from layers.conventions import LONGEST_NAME, LOOKED_AT, Conventions
from layers.model import Field, Text
from layers.stores.geopackage_blob import geometries_of
from layers.stores.geopackage_schema import quoted

# By the names that geometry columns are declared with.
GEOMETRIES = {
    name.upper(): name
    for name in ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
}
_TYPES = {
    "BOOLEAN": "boolean", "TINYINT": "integer", "SMALLINT": "integer", "MEDIUMINT": "integer",
    "INT": "integer", "INTEGER": "integer", "FLOAT": "number", "DOUBLE": "number",
    "REAL": "number", "DATE": "date", "DATETIME": "datetime",
    # not of the standard, but there
    "BIGINT": "integer", "DECIMAL": "number", "NUMERIC": "number", "DOUBLE PRECISION": "number",
}  # fmt: skip


class Column(NamedTuple):
    name: str
    type: str
    is_key: bool


def columns_of(connection: sqlite3.Connection, table: str) -> list[Column]:
    rows = connection.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,))
    return [Column(name, kind.upper(), bool(pk)) for name, kind, pk in rows]


def fields_of(
    connection: sqlite3.Connection, table: str, columns: Sequence[Column]
) -> Iterator[tuple[Field, str]]:
    """Fields and their columns; binary ones have no place in JSON."""
    described = _described(connection, table)
    for column in columns:
        kind = type_of(column)
        if kind is None:
            continue
        label, codes = described.get(column.name.lower(), ("", None))
        label = label or column.name
        yield (
            Field(column.name, kind, Text(label, label), codes=codes if kind == "text" else None),
            column.name,
        )


def type_of(column: Column) -> str | None:
    """The type of a field by that of its column; None for what is binary."""
    kind = column.type.partition("(")[0].strip()
    return None if kind in ("BLOB", "GEOMETRY", *GEOMETRIES) else _TYPES.get(kind, "text")


def makes_text(column: Column) -> bool:
    """Whether SQLite turns numbers to text in such a column (its documentation: affinity)."""
    return "INT" not in column.type and any(
        word in column.type for word in ("CHAR", "CLOB", "TEXT")
    )


def fits(column: Column, field: Field) -> bool:
    """Whether the column can be that of the field; a list is kept as text."""
    return type_of(column) == ("text" if field.type == "list" else field.type)


def _described(
    connection: sqlite3.Connection, table: str
) -> dict[str, tuple[str, dict[str, Text] | None]]:
    """By column: the title and the enumeration that the extension `gpkg_schema` has for it."""
    if not exists(connection, "gpkg_data_columns"):
        return {}
    rows = connection.execute(
        "SELECT column_name, title, constraint_name FROM gpkg_data_columns"
        " WHERE lower(table_name) = lower(?)",
        (table,),
    )
    return {
        column.lower(): (title or "", _enumeration(connection, constraint))
        for column, title, constraint in rows.fetchall()
    }


def _enumeration(connection: sqlite3.Connection, name: str | None) -> dict[str, Text] | None:
    if name is None or not exists(connection, "gpkg_data_column_constraints"):
        return None
    rows = connection.execute(
        "SELECT value, description FROM gpkg_data_column_constraints"
        " WHERE constraint_name = ? AND lower(constraint_type) = 'enum' AND value NOTNULL",
        (name,),
    )
    return {str(code): Text(*[str(words or code)] * 2) for code, words in rows.fetchall()} or None


def holds_ids(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether every row has a value of its own in the column, and SQLite sees to it."""
    indexes = connection.execute(
        'SELECT l.name FROM pragma_index_list(?) l WHERE l."unique" AND NOT l.partial'
        " AND (SELECT group_concat(i.name, char(0)) FROM pragma_index_info(l.name) i) = ?",
        (table, column),
    )
    if indexes.fetchone() is None:
        return False
    sql = f"SELECT 1 FROM {quoted(table)} WHERE {quoted(column)} IS NULL LIMIT 1"
    return connection.execute(sql).fetchone() is None


def with_roles(
    connection: sqlite3.Connection, table: str, fields: Sequence[Field], drawn: str
) -> Sequence[Field]:
    """The roles that conventional names give, as in a file without a schema.

    A look at the first rows finds a name where none is called so, and placements that are not
    ours. It is left out for a view, whose first row may cost as much as all of them.
    """
    conventions = Conventions()
    texts = [field.name for field in fields if field.type == "text"]
    if texts and not is_view(connection, table):
        starts = ", ".join(f"substr({quoted(name)}, 1, {LONGEST_NAME + 1})" for name in texts)
        for row in connection.execute(f"SELECT {starts} FROM {quoted(table)} LIMIT {LOOKED_AT}"):
            conventions.add(dict(zip(texts, row, strict=True)))
    return conventions.applied(fields, drawn in ("Point", "MultiPoint", "Geometry"))


def are_utf8(connection: sqlite3.Connection, table: str, names: Sequence[str]) -> bool:
    """Whether texts are UTF-8 as the standard wants; a program that writes others does so soon."""
    if not names or is_view(connection, table):
        return True
    starts = ", ".join(f"substr(CAST({quoted(name)} AS BLOB), 1, {LONGEST_NAME})" for name in names)
    rows = connection.execute(f"SELECT {starts} FROM {quoted(table)} LIMIT {LOOKED_AT}")
    try:
        for value in (value for row in rows for value in row if value):
            getincrementaldecoder("utf-8")().decode(value)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return True


def geometry_of(connection: sqlite3.Connection, table: str, column: str, declared: str) -> str:
    """What a layer is mostly drawn as: where its table is declared for any geometry, the first
    rows say that there are only areas in it, or only lines.
    """
    if declared != "Geometry" or is_view(connection, table):
        return declared
    sql = f"SELECT {quoted(column)} FROM {quoted(table)} LIMIT {LOOKED_AT // 10}"
    shapes = geometries_of([blob for (blob,) in connection.execute(sql)])
    kinds = {one.geom_type.removeprefix("Multi") for one in shapes if one is not None}
    return kinds.pop() if len(kinds) == 1 else declared


def exists(connection: sqlite3.Connection, name: str) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE lower(name) = lower(?)"
    return connection.execute(sql, (name,)).fetchone() is not None


def is_view(connection: sqlite3.Connection, name: str) -> bool:
    sql = "SELECT type FROM sqlite_master WHERE lower(name) = lower(?)"
    found = connection.execute(sql, (name,)).fetchone()
    return found is not None and found[0] == "view"

"""What stands in a column, as features give it: one SQL for reading, filters, sorts and sums.

SQLite keeps any value in any column, and other programs make use of that. What does not fit the
type of its column is null to everybody. What we have laid out ourselves is as it stands.
"""

from collections.abc import Callable, Mapping

from layers.filter.lists import members
from layers.model import Field
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table

_LARGEST = "1.7976931348623157e308"
_DATED = "typeof({0}) = 'text' AND {0} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'"
_READ = "zoneatlas_text(CAST({0} AS BLOB))"  # whatever its encoding
_PUBLISHED = {
    # Numbers among texts, and bytes; in the order of code points, whatever the column declares.
    "text": f"CASE typeof({{0}}) WHEN 'blob' THEN {_READ} ELSE CAST({{0}} AS TEXT) END"
    " COLLATE BINARY",
    "integer": "CASE WHEN typeof({0}) = 'integer' THEN {0} END",
    "number": f"CASE WHEN typeof({{0}}) IN ('integer', 'real')"
    f" AND {{0}} BETWEEN -{_LARGEST} AND {_LARGEST} THEN {{0}} END",
    "boolean": "CASE WHEN typeof({0}) = 'integer' THEN {0} <> 0 END",
    "date": f"CASE WHEN {_DATED} THEN {{0}} END",
    "datetime": f"CASE WHEN {_DATED} THEN {{0}} END",
}


def sql(table: Table, name: str) -> str | None:
    """The value of a field, or the public id under its name; None where there is no such column."""
    column, field = table.column(name), table.layer.schema.field(name)
    if column is None:
        return None
    return quoted(column) if field is None or table.ours else _published(table, field, column)


def published(table: Table) -> Mapping[str, str]:
    """The fields of whose columns not every value is published as it stands, in SQL."""
    if table.ours:
        return {}
    fields = zip(table.layer.schema.fields, table.columns, strict=True)
    return {field.name: _published(table, field, column) for field, column in fields}


def select_list(table: Table) -> str:
    """Key, public id, geometry, then the fields."""
    key = quoted(table.key)
    public = quoted(table.id) if table.id else key
    fields = published(table).values() or map(quoted, table.columns)
    return ", ".join([key, public, quoted(table.geom), *fields])


def _published(table: Table, field: Field, column: str) -> str:
    how = _READ if field.type == "text" and not table.utf8 else _PUBLISHED[field.type]
    return how.format(quoted(column))


def _as_list(value: object) -> object:
    return members(str(value))


# By the type of the field: what JSON has another form for than SQLite.
IN_JSON: Mapping[str, Callable[[object], object]] = {"boolean": bool, "list": _as_list}

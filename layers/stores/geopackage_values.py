"""What stands in a column, as features give it: in Python for rows, in SQL to sort and to sum up.

SQLite keeps any value in any column, and other programs make use of that. What does not fit the
type of its column is null to everybody: both ways say so by the same rules.
"""

import math
import re
from collections.abc import Callable, Mapping

from layers.filter.lists import members
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table

Convert = Callable[[object], object]

_LARGEST = "1.7976931348623157e308"
_DATED = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATED_GLOB = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'"
_FITS = {
    "integer": "typeof({0}) = 'integer'",
    "number": f"typeof({{0}}) IN ('integer', 'real') AND {{0}} BETWEEN -{_LARGEST} AND {_LARGEST}",
    "boolean": "typeof({0}) = 'integer'",
    "date": f"typeof({{0}}) = 'text' AND {{0}} GLOB {_DATED_GLOB}",
    "datetime": f"typeof({{0}}) = 'text' AND {{0}} GLOB {_DATED_GLOB}",
}


def converters(table: Table) -> Mapping[str, Convert]:
    """By the type of the field, what makes a value that is not null fit for JSON."""
    return _OURS if table.ours else _OTHERS


def sql(table: Table, name: str) -> str | None:
    """The value of a field, or the public id under its name; None where there is no such column."""
    column, field = table.column(name), table.layer.schema.field(name)
    if column is None:
        return None
    place = quoted(column)
    if field is None or table.ours:
        return place
    if field.type == "text":
        return f"CAST({place} AS TEXT)"  # other programs put numbers into text columns
    fits = _FITS.get(field.type)
    return f"CASE WHEN {fits.format(place)} THEN {place} END" if fits else place


def _as_list(value: object) -> object:
    return members(str(value))


def _as_text(value: object) -> object:
    return value if isinstance(value, str) else str(value)


def _as_integer(value: object) -> object:
    return value if type(value) is int else None


def _as_number(value: object) -> object:
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _as_boolean(value: object) -> object:
    return bool(value) if type(value) is int else None


def _as_dated(value: object) -> object:
    return value if isinstance(value, str) and _DATED.match(value) else None


_OURS: Mapping[str, Convert] = {"boolean": bool, "list": _as_list}
_OTHERS: Mapping[str, Convert] = {
    "text": _as_text,
    "integer": _as_integer,
    "number": _as_number,
    "boolean": _as_boolean,
    "date": _as_dated,
    "datetime": _as_dated,
}

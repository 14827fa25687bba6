"""What is said of all features of a query at once, worked out where they lie: keys and groups."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from layers.errors import InvalidQuery
from layers.model import Field, Group, Query, Summary
from layers.stores import geopackage_values
from layers.stores.geopackage_connect import SqliteReading, batches
from layers.stores.geopackage_hits import checked, in_sql, without
from layers.stores.geopackage_order import ANY, Condition, clause, keys_of
from layers.stores.geopackage_plan import Asked
from layers.stores.geopackage_rows import Row, fitted
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table
from layers.stores.geopackage_values import IN_JSON

BATCH = 2_000
_WHOLE, _NUMBERS = ("integer", "boolean"), ("integer", "boolean", "number")
# SQLite's sum of whole numbers ends at 64 bits: the upper and the lower half are added apart.
_HALF = 32


def matching(reading: SqliteReading, asked: Asked) -> Condition:
    """The query as SQL alone: where SQL cannot tell, what does not match has been looked up."""
    if asked.boxes == ():
        return Condition("0")
    by_tree = asked.boxes is not None and asked.table.rtree is not None
    if asked.area is None:
        return (asked.in_boxes() if by_tree else ANY).and_(asked.matching)
    if by_tree:
        return in_sql(reading, asked, asked.area).matching
    outside = [key for key, touches in checked(reading, asked, ANY, asked.area) if not touches]
    return asked.matching.and_(without(asked.table, outside))


def keys(reading: SqliteReading, asked: Asked, query: Query) -> Sequence[int]:
    found = array("q")
    rest = _from(asked.table, matching(reading, asked))
    sql = f"SELECT {quoted(asked.table.key)}{rest.sql} {clause(keys_of(asked.table, query))}"
    for rows in _read(reading, sql, rest.values):
        found.extend(key for (key,) in rows)
    return found


class _Measured(NamedTuple):
    """A field of which a summary is wanted: its value in SQL, and what that is."""

    value: str
    kind: str
    # Near the values, where squares are wanted: those of large numbers lose what tells them apart.
    start: float | None = None

    @property
    def columns(self) -> list[str]:
        value, low = self.value, (1 << _HALF) - 1
        found = [f"count({value})", f"min({value})", f"max({value})"]
        if self.kind not in _NUMBERS:
            return found
        if self.kind in _WHOLE:
            found += [f"sum({value} >> {_HALF})", f"sum({value} & {low})"]
        else:
            found += [f"total({value})", "0"]
        away = f"({value} - {self.start!r})"
        if self.start is None:
            return found
        return [*found, f"total({away})", f"total({away} * {away})"]

    def summary(self, row: Sequence[Any]) -> Summary:
        number, least, greatest, *sums = row
        if not number or not sums:
            return Summary(number, least, greatest)
        upper, lower, *distances = sums
        total = (upper << _HALF) + lower if self.kind in _WHOLE else upper
        if not distances:
            return Summary(number, least, greatest, total)
        away, squares = distances
        return Summary(number, least, greatest, total, max(0.0, squares - away * away / number))


def groups(
    reading: SqliteReading,
    asked: Asked,
    by: Sequence[str],
    of: Sequence[str | None],
    spread: bool,
) -> Iterator[Group]:
    table = asked.table
    shared = [(_value(table, name), _kind(table, name)) for name in by]
    measured = [_measured(reading, table, name, spread) for name in of]
    columns = [value for value, _ in shared] + ["count(*)"]
    for one in measured:
        columns += one.columns
    places = ", ".join(str(n + 1) for n in range(len(by)))
    rest = _from(table, matching(reading, asked))
    sql = f"SELECT {', '.join(columns)}{rest.sql}{' GROUP BY ' if by else ''}{places}"
    for rows in _read(reading, sql, rest.values):
        yield from _groups(table, rows, [kind for _, kind in shared], measured)


def _groups(
    table: Table, rows: list[Row], kinds: Sequence[str], measured: Sequence[_Measured]
) -> Iterator[Group]:
    values = [fitted([row[n] for row in rows], IN_JSON.get(kind)) for n, kind in enumerate(kinds)]
    for place, row in enumerate(rows):
        rest = iter(row[len(kinds) + 1 :])
        of = tuple(one.summary([next(rest) for _ in one.columns]) for one in measured)
        yield Group(tuple(column[place] for column in values), row[len(kinds)], of)


def _measured(reading: SqliteReading, table: Table, name: str | None, spread: bool) -> _Measured:
    value = quoted(table.key) if name is None else _value(table, name)
    kind = "integer" if name is None else _kind(table, name)
    if kind not in _NUMBERS or not spread:
        return _Measured(value, kind)
    sql = f"SELECT {value} FROM {quoted(table.name)} WHERE {value} IS NOT NULL LIMIT 1"
    first = reading.connection.execute(sql).fetchone()
    near = first is not None and isinstance(first[0], int | float)
    return _Measured(value, kind, float(first[0]) if near else 0.0)


def _value(table: Table, name: str) -> str:
    value = geopackage_values.sql(table, name)
    if value is None:
        raise InvalidQuery("field", name, "a field of the layer")
    return value


def _kind(table: Table, name: str) -> str:
    field: Field | None = table.layer.schema.field(name)
    return field.type if field else "text"


def _from(table: Table, condition: Condition) -> Condition:
    where = f" WHERE {condition.sql}" if condition.sql else ""
    return Condition(f" FROM {quoted(table.name)}{where}", condition.values)


def _read(reading: SqliteReading, sql: str, values: Sequence[object]) -> Iterator[list[Row]]:
    for rows in batches(reading.connection, sql, values, BATCH):
        reading.check()
        yield rows

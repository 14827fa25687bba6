"""What is said of all features of a query at once, worked out where they lie: keys and groups."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from layers.errors import InvalidQuery
from layers.model import Began, By, Field, Group, Query, Summary
from layers.stores import geopackage_values
from layers.stores.geopackage_connect import SqliteReading, batches
from layers.stores.geopackage_hits import checked, in_sql, without
from layers.stores.geopackage_order import ANY, Condition, clause, keys_of
from layers.stores.geopackage_plan import Asked
from layers.stores.geopackage_rows import Row, fitted
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table
from layers.stores.geopackage_tally import Share, tally
from layers.stores.geopackage_values import IN_JSON

BATCH = 2_000
MANY = 50_000  # of short rows that are counted only
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


class _Shared(NamedTuple):
    """What groups are told apart by: its value in SQL, and what that is."""

    value: Condition
    kind: str


def groups(
    reading: SqliteReading,
    asked: Asked,
    by: Sequence[By],
    of: Sequence[str | None],
    spread: bool,
    is_most: Callable[[], bool],
) -> Iterator[Group]:
    """`is_most` says whether most of the rows match: an index is no help then."""
    table = asked.table
    shared = [_shared(table, one) for one in by]
    measured = [_measured(reading, table, name, spread) for name in of]
    condition = matching(reading, asked)
    rest = _from(table, condition)
    values = (*(value for one in shared for value in one.value.values), *rest.values)
    keys = [one.value.sql for one in shared]
    columns = [*keys, "count(*)", *(column for one in measured for column in one.columns)]
    places = ", ".join(str(n + 1) for n in range(len(by)))
    sql = f"SELECT {', '.join(columns)}{rest.sql}{' GROUP BY ' if by else ''}{places}"
    if not spread and _is_slow(reading, sql, values, measured):
        each = ", ".join([*keys, *(one.value for one in measured)])
        rows = _read(
            reading, f"SELECT {each}{_from(table, condition, is_most()).sql}", values, MANY
        )
        found = tally(rows, len(by))
    else:
        found = (_shares(rows, len(by), measured) for rows in _read(reading, sql, values))
    converts = [IN_JSON.get(one.kind) for one in shared]
    for shares in found:
        columns_of = zip(*(one.values for one in shares), strict=True)
        fit = [fitted(*pair) for pair in zip(columns_of, converts, strict=False)]
        for place, one in enumerate(shares):
            yield Group(tuple(column[place] for column in fit), one.number, one.of)


def _is_slow(
    reading: SqliteReading, sql: str, values: Sequence[object], measured: Sequence[_Measured]
) -> bool:
    """Whether SQLite would sort all rows for it, and there is nothing but numbers to sum up."""
    if any(one.kind not in _NUMBERS for one in measured):
        return False
    plan = reading.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
    return any("TEMP B-TREE FOR GROUP BY" in row[-1] for row in plan)


def _shares(rows: Sequence[Row], shared: int, measured: Sequence[_Measured]) -> list[Share]:
    found = []
    for row in rows:
        rest = iter(row[shared + 1 :])
        of = tuple(one.summary([next(rest) for _ in one.columns]) for one in measured)
        found.append(Share(row[:shared], row[shared], of))
    return found


def _shared(table: Table, by: By) -> _Shared:
    if isinstance(by, str):
        return _Shared(Condition(_value(table, by)), _kind(table, by))
    value = _value(table, by.field)
    if isinstance(by, Began):
        length = len("2024" if by.unit == "year" else "2024-08")
        return _Shared(Condition(f"substr({value}, 1, {length})"), "text")
    inner = by.edges[1:-1]
    number = _interval(value, inner, 0)
    sql = f"CASE WHEN {value} IS NOT NULL THEN {number} END"
    return _Shared(Condition(sql, tuple(_halved(inner))), "integer")


def _interval(value: str, edges: Sequence[object], first: int) -> str:
    """The number of the interval: SQL that halves them, which binds `_halved(edges)`."""
    if not edges:
        return str(first)
    middle = len(edges) // 2
    below = _interval(value, edges[:middle], first)
    above = _interval(value, edges[middle + 1 :], first + middle + 1)
    return f"CASE WHEN {value} < ? THEN {below} ELSE {above} END"


def _halved(edges: Sequence[object]) -> Iterator[object]:
    """The edges in the order in which they are compared with."""
    if edges:
        middle = len(edges) // 2
        yield edges[middle]
        yield from _halved(edges[:middle])
        yield from _halved(edges[middle + 1 :])


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


def _from(table: Table, condition: Condition, in_order: bool = False) -> Condition:
    where = f" WHERE {condition.sql}" if condition.sql else ""
    way = " NOT INDEXED" if in_order and condition.sql else ""
    return Condition(f" FROM {quoted(table.name)}{way}{where}", condition.values)


def _read(
    reading: SqliteReading, sql: str, values: Sequence[object], size: int = BATCH
) -> Iterator[list[Row]]:
    for rows in batches(reading.connection, sql, values, size):
        reading.check()
        yield rows

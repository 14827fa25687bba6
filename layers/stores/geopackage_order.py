"""The total order of a query's rows, and the part of it that comes after a mark (keyset)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from layers.errors import InvalidQuery
from layers.filter.queryables import geometry_name
from layers.model import Query
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table


class Condition(NamedTuple):
    """SQL that a row must fulfil, and the values bound in it."""

    sql: str
    values: tuple[object, ...] = ()

    def and_(self, other: "Condition") -> "Condition":
        if ANY in (self, other):
            return other if self == ANY else self
        return Condition(f"{self.sql} AND {other.sql}", (*self.values, *other.values))


ANY = Condition("")


def united(selects: Sequence[Condition]) -> Condition:
    """SELECTs one after the other."""
    values = (value for one in selects for value in one.values)
    return Condition(" UNION ALL ".join(one.sql for one in selects), tuple(values))


class Key(NamedTuple):
    sql: str
    descending: bool
    may_be_null: bool = True


def keys_of(table: Table, query: Query) -> list[Key]:
    """What rows are ordered by, ending with their key; all turned round to go backward."""
    keys = []
    for name, descending in query.sort:
        keys.append(Key(_sortable(table, name), descending != query.backward))
    # In the direction of the last one: then one index gives the order, to either side.
    last = query.sort[-1].descending if query.sort else False
    return [*keys, Key(quoted(table.key), last != query.backward, False)]


def _sortable(table: Table, name: str) -> str:
    field = table.layer.schema.field(name)
    column = table.column(name)
    if column is None or (field is not None and field.type == "list"):
        fit = [one.name for one in table.layer.schema.fields if one.type != "list"]
        allowed = f"one of the fields {', '.join(fit)}" if fit else "left out here"
        if name == geometry_name(table.layer):
            allowed += ", not the geometry"
        raise InvalidQuery("sortby", name, allowed)
    if field is not None and field.type == "text" and not table.ours:
        return f"CAST({quoted(column)} AS TEXT)"  # other programs put numbers into text columns
    return quoted(column)


def clause(keys: Sequence[Key], by_sorting: bool = False) -> str:
    """ORDER BY; `by_sorting` says that no index shall give the order, but the rows be sorted."""
    plus = "+" if by_sorting else ""
    return "ORDER BY " + ", ".join(
        f"{plus}{key.sql} {'DESC' if key.descending else 'ASC'}" for key in keys
    )


def marks(keys: Sequence[Key]) -> str:
    """The sort values of a row as they are stored, whatever is published for them.

    Texts and blobs as the bytes of both with a letter before: what is no UTF-8 stays what it is.
    """
    return ", ".join(
        f"CASE typeof({key.sql}) WHEN 'text' THEN CAST('t' || {key.sql} AS BLOB)"
        f" WHEN 'blob' THEN CAST('b' || {key.sql} AS BLOB) ELSE {key.sql} END"
        for key in keys
    )


def mark_value(stored: object) -> object:
    """A value of `marks`: null, a number, a blob, or a text (what is no UTF-8: surrogates)."""
    if not isinstance(stored, bytes):
        return stored
    return stored[1:] if stored[:1] == b"b" else stored[1:].decode("utf-8", "surrogateescape")


def after(keys: Sequence[Key], mark: Sequence[Any] | None) -> list[Condition]:
    """The rows after a mark, as conditions that follow each other in the order.

    Each begins with a bound that an index can start at; nulls, which SQLite puts before all
    values, come last where the order descends, and so need one of their own.
    """
    if mark is None:
        return [ANY]
    first, value = keys[0], mark[0]
    later = _later(keys, mark)
    if len(keys) == 1:
        return [later]
    if value is None:
        same = Condition(f"{first.sql} IS NULL").and_(_later(keys[1:], mark[1:]))
        return [same] if first.descending else [same, Condition(f"{first.sql} IS NOT NULL")]
    start = _compared(first, "<=" if first.descending else ">=", value).and_(later)
    return [start, Condition(f"{first.sql} IS NULL")] if first.descending else [start]


def _later(keys: Sequence[Key], mark: Sequence[Any]) -> Condition:
    """Later in the first key, or equal there and later in the second, and so on."""
    terms: list[Condition] = []
    equal = ANY
    for key, value in zip(keys, mark, strict=True):
        terms.append(equal.and_(_beyond(key, value)))
        equal = equal.and_(_compared(key, "IS", value))
    sql = " OR ".join(f"({term.sql})" for term in terms)
    return Condition(f"({sql})", tuple(value for term in terms for value in term.values))


def _beyond(key: Key, value: object) -> Condition:
    if value is None:
        return Condition("0" if key.descending else f"{key.sql} IS NOT NULL")
    if key.may_be_null and key.descending:
        below = _compared(key, "<", value)
        return Condition(f"({below.sql} OR {key.sql} IS NULL)", below.values)
    return _compared(key, "<" if key.descending else ">", value)


def _compared(key: Key, op: str, value: object) -> Condition:
    if isinstance(value, str) and not value.isascii():
        # as bytes: they may be no UTF-8, which only SQLite takes for a text
        return Condition(
            f"{key.sql} {op} CAST(? AS TEXT)", (value.encode("utf-8", "surrogateescape"),)
        )
    return Condition(f"{key.sql} {op} ?", (value,))

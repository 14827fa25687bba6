"""The total order of a query's rows, and the part of it that comes after a mark (keyset)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from layers.errors import InvalidQuery
from layers.filter.queryables import geometry_name
from layers.model import Query
from layers.stores import geopackage_values
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


def keys_of(table: Table, query: Query) -> list[Key]:
    """What rows are ordered by, ending with their key; all turned round to go backward."""
    keys = []
    for name, descending in query.sort:
        keys.append(Key(_sortable(table, name), descending != query.backward))
    # In the direction of the last one: then one index gives the order, to either side.
    last = query.sort[-1].descending if query.sort else False
    return [*keys, Key(quoted(table.key), last != query.backward)]


def _sortable(table: Table, name: str) -> str:
    field = table.layer.schema.field(name)
    value = geopackage_values.sql(table, name)
    if value is None or (field is not None and field.type == "list"):
        fit = [one.name for one in table.layer.schema.fields if one.type != "list"]
        allowed = f"one of the fields {', '.join(fit)}" if fit else "left out here"
        if name == geometry_name(table.layer):
            allowed += ", not the geometry"
        raise InvalidQuery("sortby", name, allowed)
    return value


def clause(keys: Sequence[Key], by_sorting: bool = False) -> str:
    """ORDER BY; `by_sorting` says that no index shall give the order, but the rows be sorted."""
    plus = "+" if by_sorting else ""
    return "ORDER BY " + ", ".join(
        f"{plus}{key.sql} {'DESC' if key.descending else 'ASC'}" for key in keys
    )


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
    start = Condition(f"{first.sql} {'<=' if first.descending else '>='} ?", (value,)).and_(later)
    return [start, Condition(f"{first.sql} IS NULL")] if first.descending else [start]


def _later(keys: Sequence[Key], mark: Sequence[Any]) -> Condition:
    """Later in the first key, or equal there and later in the second, and so on."""
    *sorted_by, unique = keys
    terms: list[Condition] = []
    values: list[object] = []
    equal = ""
    for key, value in zip(sorted_by, mark, strict=False):
        terms.append(Condition(equal + _beyond(key, value), (*values, *_bound(value))))
        equal += f"{key.sql} IS ? AND "
        values.append(value)
    beyond = f"{equal}{unique.sql} {'<' if unique.descending else '>'} ?"
    terms.append(Condition(beyond, (*values, mark[-1])))
    sql = " OR ".join(f"({term.sql})" for term in terms)
    return Condition(f"({sql})", tuple(value for term in terms for value in term.values))


def _bound(value: object) -> tuple[object, ...]:
    return () if value is None else (value,)


def _beyond(key: Key, value: object) -> str:
    if value is None:
        return "0" if key.descending else f"{key.sql} IS NOT NULL"
    if key.descending:
        return f"({key.sql} < ? OR {key.sql} IS NULL)"
    return f"{key.sql} > ?"

"""The number each layer has for clients that know no names: given once, never to another layer."""

import sqlite3
from collections.abc import Iterable

_PREFIX = "number:"


def give_numbers(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """A number to each layer that has none, in the order given; those of removed layers stay."""
    given = _given(connection)
    for id in ids:
        if id not in given:
            given[id] = _next(given)
            sql = "INSERT INTO zoneatlas_store VALUES (?, ?)"
            connection.execute(sql, (_PREFIX + id, str(given[id])))


def read_numbers(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of the layers; one that could not be given yet (a file that is read only) is
    what it would be.
    """
    given = _given(connection)
    for id in sorted(set(ids) - set(given)):
        given[id] = _next(given)
    return {id: given[id] for id in ids}


def _given(connection: sqlite3.Connection) -> dict[str, int]:
    sql = "SELECT substr(key, ?), value FROM zoneatlas_store WHERE substr(key, 1, ?) = ?"
    rows = connection.execute(sql, (len(_PREFIX) + 1, len(_PREFIX), _PREFIX))
    return {id: int(number) for id, number in rows}


def _next(given: dict[str, int]) -> int:
    return max(given.values(), default=-1) + 1

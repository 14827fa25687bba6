"""The number each layer has for clients that know no names: given once, never to another layer."""

import sqlite3
from collections.abc import Iterable

_PREFIX = "number:"


def give_numbers(connection: sqlite3.Connection, new: str) -> None:
    """A number to the new layer, and before it to those of an older file that have none yet.

    Those of removed layers stay theirs, should they come back.
    """
    given = _given(connection)
    rows = connection.execute("SELECT id FROM zoneatlas_layers ORDER BY id")
    for layer in [*(row[0] for row in rows), new]:
        if layer not in given:
            given[layer] = _next(given)
            sql = "INSERT INTO zoneatlas_store VALUES (?, ?)"
            connection.execute(sql, (_PREFIX + layer, str(given[layer])))


def read_numbers(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of the layers; one that could not be given yet (a file that is read only) is
    what it would be.
    """
    given = _given(connection)
    for layer in sorted(set(ids) - set(given)):
        given[layer] = _next(given)
    return {layer: given[layer] for layer in ids}


def _given(connection: sqlite3.Connection) -> dict[str, int]:
    sql = "SELECT substr(key, ?), value FROM zoneatlas_store WHERE substr(key, 1, ?) = ?"
    rows = connection.execute(sql, (len(_PREFIX) + 1, len(_PREFIX), _PREFIX))
    return {layer: int(number) for layer, number in rows}


def _next(given: dict[str, int]) -> int:
    return max(given.values(), default=-1) + 1

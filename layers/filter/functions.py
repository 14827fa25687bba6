"""The SQL functions that compiled filters call; a connection registers them once."""

import sqlite3
from functools import lru_cache

from layers.filter.folding import fold
from layers.filter.instants import stored_instant
from layers.filter.lists import Members, members
from layers.filter.lists import related as related_lists
from layers.filter.numbers import calculate
from layers.filter.stored import kind_of, related_blobs
from layers.filter.texts import decoded

FUNCTIONS = (
    "zoneatlas_calculate", "zoneatlas_fold", "zoneatlas_instant", "zoneatlas_kind",
    "zoneatlas_lists", "zoneatlas_spatial", "zoneatlas_text",
)  # fmt: skip


def register(connection: sqlite3.Connection) -> None:
    """Make FUNCTIONS known; all are deterministic, and none raises whatever it is given.

    Texts of a file are given as blobs: with bytes that are no UTF-8, Python would not be called.
    """
    for name, count, function in (
        ("zoneatlas_calculate", 3, _calculate),
        ("zoneatlas_fold", 3, _fold),
        ("zoneatlas_instant", 1, _instant),
        ("zoneatlas_kind", 1, kind_of),
        ("zoneatlas_lists", 3, _lists),
        ("zoneatlas_spatial", 4, related_blobs()),
        ("zoneatlas_text", 1, _text_of),
    ):
        connection.create_function(name, count, function, deterministic=True)


def _calculate(op: str, left: object, right: object) -> int | float | None:
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    return calculate(op, left, right)


def _fold(text: object, case: int, accents: int) -> str | None:
    return None if text is None else fold(_text(text), bool(case), bool(accents))


def _text_of(value: object) -> str | None:
    return None if value is None else _text(value)


def _instant(value: object) -> str | None:
    return None if value is None else stored_instant(_text(value))


def _text(value: object) -> str:
    return decoded(value) if isinstance(value, bytes) else str(value)


def _lists(op: str, left: object, right: object) -> int | None:
    return related_lists(op, _members(left), _members(right))


@lru_cache(maxsize=256)
def _members(value: object) -> Members | None:
    return None if value is None else members(_text(value))

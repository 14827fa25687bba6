"""Bringing the index up to the store: what has changed in the layers whose version is another."""

import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from layers.model import Feature, Layer, Query
from layers.search import sounds
from layers.search.changes import changes
from layers.search.sidecar import (
    Sidecar,
    Tables,
    drop,
    new_tables,
    put,
    size,
    tables,
    take_out,
)
from layers.search.spoken import known_readings
from layers.search.texts import definition_of, rank, texts_of
from layers.search.typos import can_be_misspelt, parts
from layers.search.words import LONGEST_WORD, folded, key_of, pieces, tokens
from layers.stores.store import Store

LONGEST_KEY = 200

Check = Callable[[], None]


def stale(store: Store, connection: sqlite3.Connection, layers: Iterable[str]) -> list[str]:
    """Those of the layers that the index does not have in the state of the store."""
    known = tables(connection)
    return [one for one in layers if one not in known or known[one].version != store.version(one)]


def catch_up(store: Store, sidecar: Sidecar, check: Check) -> None:
    """Read what has changed; memory does not grow with the layers. `check` may raise to end it."""
    with sidecar.open() as connection:
        layers = [layer.id for layer in store.layers()]
        for gone in tables(connection).keys() - set(layers):
            with _transaction(connection):
                drop(connection, gone)
        for layer in stale(store, connection, layers):
            with _transaction(connection):
                _read(store, connection, layer, check)
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Who searches meanwhile sees the layer as it was before."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _read(store: Store, connection: sqlite3.Connection, id: str, check: Check) -> None:
    with store.reading():
        if not stale(store, connection, [id]):
            return  # another process was quicker
        layer, version = store.layer(id), store.version(id)
        definition, known = definition_of(layer), tables(connection).get(id)
        number = None if known is None or known.definition != definition else known.number
        # Of a layer that has become another one it costs less to read it anew.
        most = 0 if number is None else size(connection, number) // 2
        if number is None or not _follow(store, connection, layer, number, check, most):
            number = new_tables(connection)
            _follow(store, connection, layer, number, check)
        put(connection, id, Tables(version, definition, number))


def _follow(
    store: Store,
    connection: sqlite3.Connection,
    layer: Layer,
    number: int,
    check: Check,
    most: float = math.inf,
) -> bool:
    """Bring the tables of a layer up to it; not to the end where more than `most` has changed."""
    touched = 0
    for change in changes(connection, number, layer, store.batches(layer.id, Query())):
        check()
        touched += max(len(change.new), len(change.gone))
        if touched > most:
            return False
        take_out(connection, number, change.gone)
        _write(connection, number, [_row_of(layer, *one) for one in change.new])
    return True


class _Row(NamedTuple):
    """What the index keeps of one feature."""

    row: int
    id: str
    length: int  # of the shortest name
    digest: int
    names: list[tuple[str, int]]  # their keys, and whether it is the name or another one
    spoken: list[str]
    name_words: str
    rest_words: str
    latin: set[str]


def _row_of(layer: Layer, feature: Feature, digest: int) -> _Row:
    found = list(texts_of(layer, feature))
    names = [one for one in found if one.is_name]
    texts = [one.text for one in names]
    plain = " ".join(texts)
    keys = dict.fromkeys((key_of(one.text)[:LONGEST_KEY], rank(one.field)) for one in names)
    latin = (piece.text for one in found for piece in pieces(folded(one.text).text))
    return _Row(
        feature.fid,
        feature.id,
        min(map(len, texts), default=0),
        digest,
        [key for key in keys if key[0]],
        [one for one in dict.fromkeys(map(sounds.sounded, texts)) if one],
        tokens(plain),
        " ".join(dict.fromkeys(tokens(one.text) for one in found if not one.is_name)),
        {one[:LONGEST_WORD] for one in latin if can_be_misspelt(one)},
    )


def _write(connection: sqlite3.Connection, number: int, batch: list[_Row]) -> None:
    known = _readings(connection, {one for row in batch for text in row.spoken for one in text})
    connection.executemany(
        f"INSERT INTO features_{number} VALUES (?, ?, ?, ?)",
        [(row.row, row.id, row.length, row.digest) for row in batch],
    )
    connection.executemany(
        f"INSERT INTO names_{number} VALUES (?, ?, ?)",
        [(name, kind, row.row) for row in batch for name, kind in row.names],
    )
    connection.executemany(
        f"INSERT INTO words_{number} (rowid, name, rest, syllables, initials)"
        " VALUES (?, ?, ?, ?, ?)",
        [(row.row, row.name_words, row.rest_words, *_sounds(row.spoken, known)) for row in batch],
    )
    connection.executemany(
        f"INSERT OR IGNORE INTO typos_{number} VALUES (?, ?)",
        [
            (part, word)
            for word in sorted({one for row in batch for one in row.latin})
            for part in sorted(parts(word))
        ],
    )


def _sounds(spoken: list[str], known: sounds.Readings) -> Iterator[str]:
    """The two columns, all names of a feature one after another."""
    gap = f" {sounds.GAP} "
    both = [sounds.sound_tokens(one, known) for one in spoken]
    yield gap.join(one for one, _ in both)
    yield gap.join(one for _, one in both)


def _readings(connection: sqlite3.Connection, characters: set[str]) -> sounds.Readings:
    """Those of the characters; new ones are looked up and kept, so that searching needs no more."""
    known = known_readings(connection, characters)
    new = {one for one in characters - known.keys() if not one.isascii()}
    if new:
        found = sounds.readings_of(new)
        connection.executemany(
            "INSERT OR IGNORE INTO characters VALUES (?, ?)",
            [(one, " ".join(readings)) for one, readings in found.items()],
        )
        known |= found
    return known

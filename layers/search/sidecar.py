"""The file of the index: derived from the store, it names the versions it is of."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from layers.errors import StoreError

FORMAT = 2
BUSY_SECONDS = 30.0
_TABLES = """
CREATE TABLE layers (id TEXT PRIMARY KEY, version TEXT NOT NULL, definition TEXT NOT NULL,
  number INTEGER NOT NULL);
CREATE TABLE numbers (number INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE characters (character TEXT PRIMARY KEY, readings TEXT NOT NULL) WITHOUT ROWID;
"""
# Of one layer; {n} is its number. `features` are in the order of the store. FTS5 keeps the words
# themselves too: without them it could not take a feature out again.
_OF_LAYER = """
CREATE TABLE features_{n} (row INTEGER PRIMARY KEY, id TEXT NOT NULL, length INTEGER NOT NULL,
  digest INTEGER NOT NULL);
CREATE TABLE names_{n} (name TEXT, rank INTEGER, row INTEGER, PRIMARY KEY (name, rank, row))
  WITHOUT ROWID;
CREATE INDEX names_{n}_row ON names_{n} (row);
CREATE TABLE typos_{n} (part TEXT, word TEXT, PRIMARY KEY (part, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words_{n} USING fts5(name, rest, syllables, initials,
  columnsize=0, prefix='1 2 3', tokenize='ascii');
"""
_KINDS = ("features", "names", "typos", "words")


class Tables(NamedTuple):
    """Where a layer is kept, and the state of it: of its features, and of what defines them."""

    version: str
    definition: str
    number: int


class Sidecar:
    """Opened for each use: several processes may share the file, and any of them may replace it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connect()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path} cannot be used: {error}.") from error
        with closing(connection):
            try:
                yield connection
            except sqlite3.OperationalError as error:
                raise StoreError(f"{self.path} cannot be read: {error}.") from error
            except sqlite3.DatabaseError as error:
                self._remove()
                raise StoreError(f"{self.path} is broken and made anew: {error}.") from error

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._opened()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
        self._remove()  # nothing is lost: it can be derived again
        return self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            [release] = connection.execute("PRAGMA user_version").fetchone()
            if release != FORMAT:
                if release:
                    raise sqlite3.DatabaseError("of another release")
                self._create(connection)
            connection.execute("PRAGMA synchronous=NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    @staticmethod
    def _create(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        [release] = connection.execute("PRAGMA user_version").fetchone()
        if not release:  # else another process was quicker
            _run(connection, _TABLES)
            connection.execute(f"PRAGMA user_version={FORMAT}")
        connection.execute("COMMIT")

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


def tables(connection: sqlite3.Connection) -> dict[str, Tables]:
    """The layers that are in the index."""
    rows = connection.execute("SELECT id, version, definition, number FROM layers")
    return {layer: Tables(*state) for layer, *state in rows}


def new_tables(connection: sqlite3.Connection) -> int:
    """Empty ones, not yet known under any layer: their number."""
    number = connection.execute("INSERT INTO numbers DEFAULT VALUES").lastrowid
    assert number is not None
    _run(connection, _OF_LAYER.format(n=number))
    return number


def put(connection: sqlite3.Connection, layer: str, found: Tables) -> None:
    """Let a layer be found in these tables, maybe in place of others."""
    before = tables(connection).get(layer)
    if before is not None and before.number != found.number:
        drop(connection, layer)
    connection.execute("INSERT OR REPLACE INTO layers VALUES (?, ?, ?, ?)", (layer, *found))


def drop(connection: sqlite3.Connection, layer: str) -> None:
    row = connection.execute("SELECT number FROM layers WHERE id = ?", (layer,)).fetchone()
    if row is not None:
        for kind in _KINDS:
            connection.execute(f"DROP TABLE {kind}_{row[0]}")
        connection.execute("DELETE FROM layers WHERE id = ?", (layer,))


def size(connection: sqlite3.Connection, number: int) -> int:
    found: int = connection.execute(f"SELECT count(*) FROM features_{number}").fetchone()[0]
    return found


def take_out(connection: sqlite3.Connection, number: int, rows: Sequence[int]) -> None:
    """Features of a layer. Words that only they had stay among the typos, and find nothing."""
    found = [(row,) for row in rows]
    for kind, column in (("features", "row"), ("names", "row"), ("words", "rowid")):
        connection.executemany(f"DELETE FROM {kind}_{number} WHERE {column} = ?", found)


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: executescript would end the transaction."""
    for statement in script.split(";"):
        connection.execute(statement)

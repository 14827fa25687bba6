"""Short links: a view kept under a name made of its own words, so that the same has the same.

They are kept in a SQLite file of their own in the data directory and never taken away: a link that
was sent must go on. When their room is used up, no new ones are made.
"""

import base64
import hashlib
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from layers.errors import NoRoom, StoreError
from server.params import pairs

MOST_LINKS = 200_000
MOST_BYTES = 100_000_000
SHORTEST = 8  # letters of an id: 40 bits
BUSY_SECONDS = 10.0
_ID = re.compile(r"[a-z2-7]{8,52}")
_TABLE = """
CREATE TABLE IF NOT EXISTS links
  (id TEXT PRIMARY KEY, query TEXT NOT NULL, made REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS room (links INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT INTO room SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM room);
"""


class ShortLinks:
    """Opened for each use: several processes may share the file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "links.sqlite"

    def keep(self, query: str) -> str:
        """The id of a view, whose parts are in order already. NoRoom; StoreError if not to be."""
        with self._open() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            for name in names_of(query):
                found = _find(connection, name)
                if found is None:
                    self._add(connection, name, query)
                if found in (None, query):
                    return name
        raise StoreError("No name is left for this link.")

    def named(self, query: str) -> str | None:
        """The id of a view that is kept already."""
        if not self.path.exists():
            return None
        with self._open() as connection:
            for name in names_of(query):
                found = _find(connection, name)
                if found == query:
                    return name
                if found is None:
                    break
        return None

    def find(self, id: str) -> str | None:
        """The view's query string; None if there is no such link."""
        if not _ID.fullmatch(id) or not self.path.exists():
            return None
        with self._open() as connection:
            return _find(connection, id)

    def _add(self, connection: sqlite3.Connection, name: str, query: str) -> None:
        links, size = connection.execute("SELECT links, bytes FROM room").fetchone()
        if links >= MOST_LINKS or size + len(query) > MOST_BYTES:
            raise NoRoom("The room for short links is used up; the long address goes on working.")
        row = (name, query, time.time())
        connection.execute("INSERT INTO links VALUES (?, ?, ?)", row)
        connection.execute("UPDATE room SET links = links + 1, bytes = bytes + ?", (len(query),))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(
                sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            ) as connection:
                _begin_log(connection)
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(_TABLE)
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise StoreError("Short links cannot be kept here; the long address works.") from error


def _begin_log(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for another process that is doing the same at this moment."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def ordered(query: bytes) -> str:
    """The same view in the same words, whatever the order it was written in."""
    return urlencode(sorted(pairs(query)))


def _find(connection: sqlite3.Connection, name: str) -> str | None:
    found = connection.execute("SELECT query FROM links WHERE id = ?", (name,)).fetchone()
    return found[0] if found else None


def names_of(query: str) -> Iterator[str]:
    """As short as it is free."""
    letters = base64.b32encode(hashlib.sha256(query.encode()).digest()).decode().rstrip("=").lower()
    yield from (letters[:length] for length in range(SHORTEST, len(letters) + 1))

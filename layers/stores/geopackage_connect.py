"""Connections to a GeoPackage: how they are opened and shared, and what their errors say."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from layers.errors import QueryStopped, StoreError, StoreLocked, StoreReadOnly
from layers.filter import functions as filters
from layers.filter.texts import decoded
from layers.stores.geopackage_blob import register_functions

if TYPE_CHECKING:
    from layers.stores.geopackage_tables import Table

BUSY_SECONDS = 5.0
MOST_IDLE = 8
# The R-tree of a million points: a look into it 15 %, a load 10 % quicker than with SQLite's 2 MB.
CACHE_KB = 16_000

log = logging.getLogger("zoneatlas")


def connect(path: Path, mode: str, busy_seconds: float) -> sqlite3.Connection:
    """A connection in autocommit; `mode` is rw, ro, or immutable (no side files can be written)."""
    options = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,  # SQLite is built serialised; a stream may change threads
        cached_statements=64,  # one of a long filter takes 100 kB
    )
    connection.text_factory = partial(_text, path)
    try:
        register_functions(connection)
        filters.register(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        connection.execute("PRAGMA trusted_schema=ON")  # the spec's triggers call ST_...
    except BaseException:
        connection.close()
        raise
    return connection


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        _say_other_encoding(path)
    return decoded(data)


@cache
def _say_other_encoding(path: Path) -> None:
    """Once for a file, not for each of its cells."""
    log.warning("%s has text that is not UTF-8; it is read as GB 18030 where it can be.", path)


def batches(
    connection: sqlite3.Connection, sql: str, values: Sequence[object], size: int
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows, so many at a time. Text is taken for UTF-8 until some is not: to ask that of each
    cell is a fifth of what reading rows costs.
    """
    given = 0
    try:
        for rows in _fetched(connection, sql, values, size, str):
            given += 1
            yield rows
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    else:
        return
    yield from islice(_fetched(connection, sql, values, size, connection.text_factory), given, None)


def _fetched(
    connection: sqlite3.Connection, sql: str, values: Sequence[object], size: int, text: Any
) -> Iterator[list[tuple[Any, ...]]]:
    with _reading_text(connection, text):
        cursor = connection.execute(sql, values)
    try:
        while True:
            with _reading_text(connection, text):  # others read between two batches
                rows = cursor.fetchmany(size)
            if not rows:
                return
            yield rows
    finally:
        cursor.close()


@contextmanager
def _reading_text(connection: sqlite3.Connection, text: Any) -> Iterator[None]:
    usual, connection.text_factory = connection.text_factory, text
    try:
        yield
    finally:
        connection.text_factory = usual


def use_wal(connection: sqlite3.Connection) -> None:
    """Readers and a writer beside each other; another program may have gone back to a journal."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")


def empty_log(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Move the log into the file, so that a large load does not leave a log as large.

    If somebody reads just now it stays for the next time: nobody waits for that.
    """
    connection.execute("PRAGMA busy_timeout=0")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")


def mode_for(path: Path) -> str:
    """rw where the file may be written. Permission bits count for root too: it could, but no."""
    if _writable(path) and _writable(path.parent):
        return "rw"
    wal = path.with_name(path.name + "-wal")
    if not _writable(path.parent) and not (wal.exists() and wal.stat().st_size):
        return "immutable"
    return "ro"


def _writable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o222) and os.access(path, os.W_OK)


class Said:
    """SQLite's errors inside, said as a StoreError in one sentence.

    No generator, and `Entered` neither: that costs thrice as much, and every look enters some.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise _in_a_sentence(error, self._path) from error


def _in_a_sentence(error: sqlite3.Error, path: Path) -> StoreError:
    name = str(getattr(error, "sqlite_errorname", ""))
    for prefix, kind, sentence in _SENTENCES:
        if name.startswith(prefix):
            return kind(sentence.format(path=path))
    return StoreError(f"{path} cannot be used: {error}.")


_SENTENCES: tuple[tuple[str, type[StoreError], str], ...] = (
    ("SQLITE_INTERRUPT", QueryStopped, "The query was stopped before it was done."),
    ("SQLITE_BUSY", StoreLocked, "{path} is locked by another program; close it there or wait."),
    ("SQLITE_LOCKED", StoreLocked, "{path} is locked by another program; close it there or wait."),
    ("SQLITE_NOTADB", StoreError, "{path} is not a GeoPackage; it was left as it is."),
    ("SQLITE_CORRUPT", StoreError, "{path} is damaged; restore it from a backup."),
    ("SQLITE_READONLY", StoreReadOnly, "{path} is read only; nothing was written."),
    ("SQLITE_FULL", StoreError, "There is no space left to write {path}; nothing was written."),
    ("SQLITE_CANTOPEN", StoreError, "{path} cannot be opened."),
    ("SQLITE_IOERR", StoreError, "{path} cannot be read or written: the disk reports an error."),
)


class FileState(NamedTuple):
    """What changes with every commit of any program: the file's and the log's size and time."""

    inode: int
    size: int
    mtime_ns: int
    wal_size: int
    wal_mtime_ns: int


def file_state(path: Path) -> FileState:
    name = os.fspath(path)  # a Path of its own for the log costs more than to ask for it
    try:
        file = os.stat(name)  # noqa: PTH116  # at every reading, and a Path costs more
    except OSError:
        return FileState(0, 0, 0, 0, 0)
    try:
        wal = os.stat(name + "-wal")  # noqa: PTH116  # at every reading, and a Path costs more
    except OSError:
        wal = None
    # an empty log is as good as none: reading alone can make one
    log = (wal.st_size, wal.st_mtime_ns) if wal and wal.st_size else (0, 0)
    return FileState(file.st_ino, file.st_size, file.st_mtime_ns, *log)


class SqliteReading:
    """One state of the file on one connection, as long as anyone who began in it still reads."""

    def __init__(self, connection: sqlite3.Connection, file: FileState) -> None:
        self.connection, self.file = connection, file
        self.tables: dict[str, Table] | None = None
        self.stopped = False
        self._users = 1
        self._lock = threading.Lock()

    def interrupt(self) -> None:
        with self._lock:  # not after the connection has gone back to serve somebody else
            if self._users:
                self.stopped = True
                self.connection.interrupt()

    def check(self) -> None:
        """Between two statements SQLite has nothing to interrupt: ask here."""
        if self.stopped:
            raise QueryStopped("The query was stopped before it was done.")

    def join(self) -> None:
        with self._lock:
            self._users += 1

    def leave(self) -> bool:
        """Whether that was the last one."""
        with self._lock:
            self._users -= 1
            return not self._users


class Entered:
    """A thread inside a reading, its own or the one it was in already."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def __enter__(self) -> SqliteReading:
        self._reading, self._is_new = self._readers.enter()
        return self._reading

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._is_new:
            self._readers.exit(self._reading)
        if isinstance(error, sqlite3.Error):
            raise _in_a_sentence(error, self._readers.path) from error


class Readers:
    """Read connections: a thread uses one at a time, and finds it again inside `reading`."""

    def __init__(self, path: Path, opened: Callable[[], sqlite3.Connection]) -> None:
        self.path, self._open = path, opened
        self._idle: list[SqliteReading] = []
        self._lock = threading.Lock()
        self._closed = False
        self._current = threading.local()

    def reading(self) -> Entered:
        return Entered(self)

    def enter(self) -> tuple[SqliteReading, bool]:
        """The reading this thread is in, or a new one, and whether it is new."""
        outer: SqliteReading | None = getattr(self._current, "reading", None)
        if outer is not None:
            return outer, False
        with Said(self.path):
            self._current.reading = new = self._begin()
        return new, True

    def exit(self, reading: SqliteReading) -> None:
        self._current.reading = None
        self.leave(reading)

    def leave(self, reading: SqliteReading) -> None:
        """The last one out ends the transaction and hands the connection on."""
        if not reading.leave():
            return
        reading.connection.rollback()
        with self._lock:
            if not self._closed and len(self._idle) < MOST_IDLE:
                self._idle.append(reading)
                return
        reading.connection.close()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for reading in idle:
            reading.connection.close()

    def _begin(self) -> SqliteReading:
        # before the first look, never after: an old state beside new rows only costs a cache miss
        file = file_state(self.path)
        connection = self._take(file.inode) or self._open()
        try:
            connection.execute("BEGIN")
        except BaseException:
            connection.close()
            raise
        return SqliteReading(connection, file)

    def _take(self, inode: int) -> sqlite3.Connection | None:
        """An idle connection to this very file: another program may have put a new one in place."""
        with self._lock:
            if self._closed:
                raise StoreError(f"{self.path} has been closed.")
            while self._idle:
                reading = self._idle.pop()
                if inode in (reading.file.inode, 0):
                    return reading.connection
                reading.connection.close()
        return None

"""For formats that need a file before they can be sent: a folder that always goes away."""

import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from layers.errors import NoRoom

PIECE = 256 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Libraries say "cannot write" for whatever reason; with less than this left, it is this one.
_TOO_LITTLE = 1_000_000
_PREFIX = ".zoneatlas-writing-"
YOUNG_SECONDS = 60.0  # made, but perhaps not locked yet


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder; NoRoom when the disk is full, and nothing is left behind.

    What a process that was killed has left goes with the next folder that is asked for.
    """
    _clear()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        path = Path(name)
        try:
            with locked(path):
                yield path
        except OSError as error:
            if error.errno in FULL:
                raise NoRoom from error
            raise
        except (RuntimeError, sqlite3.Error) as error:  # pyogrio and pyarrow raise the first
            if shutil.disk_usage(path).free < _TOO_LITTLE:
                raise NoRoom from error
            raise


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """For as long as this process lives and needs it; OSError where another process has it."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(held)


def _clear() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            found = left.lstat()
            if found.st_uid == os.getuid() and found.st_mtime < time.time() - YOUNG_SECONDS:
                with locked(left):
                    shutil.rmtree(left, ignore_errors=True)


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece

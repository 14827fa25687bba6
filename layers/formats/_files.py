"""For formats that need a file before they can be sent: a folder that always goes away."""

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.errors import NoRoom

PIECE = 256 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Libraries say "cannot write" for whatever reason; with less than this left, it is this one.
_TOO_LITTLE = 1_000_000


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder; NoRoom when the disk is full, and nothing is left behind."""
    with tempfile.TemporaryDirectory(prefix="zoneatlas-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        try:
            yield path
        except OSError as error:
            if error.errno in FULL:
                raise NoRoom from error
            raise
        except (RuntimeError, sqlite3.Error) as error:  # pyogrio and pyarrow raise the first
            if shutil.disk_usage(path).free < _TOO_LITTLE:
                raise NoRoom from error
            raise


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece

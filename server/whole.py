"""Files that nobody ever sees half of: written beside, put in their place when they are whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from layers.errors import AtlasError, NoRoom
from layers.formats._files import FULL


class CannotExport(AtlasError):
    """The file named cannot be written so."""


@contextmanager
def whole(file: Path) -> Iterator[BinaryIO]:
    """To be written to; what goes wrong meanwhile leaves nothing behind."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        beside.replace(file)
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom from error
        raise CannotExport(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)

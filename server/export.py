"""Writing a download to a file."""

import os
from collections.abc import Callable
from pathlib import Path

from layers.errors import AtlasError, NoRoom
from layers.formats._files import FULL
from server.order import Order, content_of
from server.source import Source


class CannotExport(AtlasError):
    """The file named cannot be written so."""


class TooLarge(AtlasError):
    def __init__(self, most: int) -> None:
        super().__init__(f"The file would be larger than {most:,} bytes; ask for less of it.")


def write_file(
    source: Source,
    order: Order,
    file: Path,
    watch: Callable[[int], None],
    most: int | None = None,
) -> int:
    """Write what is ordered, at most so many bytes, and say how many features that were.

    Nobody ever sees half a file: it is written beside and put in its place when it is whole.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    source.get_ready(order.given)
    try:
        with source.store.reading(), beside.open("wb") as sink:
            content = content_of(source, order, watch=watch)
            for chunk in order.kind.write(content):
                sink.write(chunk)
                if most is not None and sink.tell() > most:
                    raise TooLarge(most)
            sink.flush()
            os.fsync(sink.fileno())
            count = content.count()
        beside.replace(file)
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom from error
        raise CannotExport(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)
    return count

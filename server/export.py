"""Writing a download to a file."""

import os
from collections.abc import Callable
from pathlib import Path

from layers.errors import AtlasError
from layers.stores.store import Store
from server.order import Order, content_of
from server.settings import Settings


class CannotExport(AtlasError):
    """The file named cannot be written so."""


def write_file(
    store: Store, order: Order, settings: Settings, file: Path, watch: Callable[[int], None]
) -> int:
    """Write what is ordered, and say how many features that were.

    Nobody ever sees half a file: it is written beside and put in its place when it is whole.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with store.reading(), beside.open("wb") as sink:
            content = content_of(store, order, settings, watch=watch)
            sink.writelines(order.kind.write(content))
            sink.flush()
            os.fsync(sink.fileno())
            count = content.count()
        beside.replace(file)
    except OSError as error:
        raise CannotExport(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)
    return count

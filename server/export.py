"""Writing a layer to a file."""

import os
from collections.abc import Iterator
from pathlib import Path

from layers.errors import AtlasError
from layers.model import Feature, Query
from layers.registry import all_formats
from layers.stores.store import Store


class CannotExport(AtlasError):
    """The file named cannot be written so."""


def write_layer(store: Store, layer_id: str, file: Path) -> int:
    """Write the whole layer, and say how many features that were.

    Nobody ever sees half a file: it is written beside and put in its place when it is whole.
    """
    kind = all_formats().get(file.suffix.lower().removeprefix("."))
    if kind is None:
        known = " or ".join(f".{extension}" for extension in all_formats())
        raise CannotExport(f"{file} must end in {known}: other formats cannot be written.")
    layer = store.layer(layer_id)
    features = Counted(store.features(layer_id, Query()))
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as sink:
            sink.writelines(kind.write(layer, features))
            sink.flush()
            os.fsync(sink.fileno())
        beside.replace(file)
    except OSError as error:
        raise CannotExport(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)
    return features.count


class Counted:
    """Passes features on and counts them."""

    def __init__(self, features: Iterator[Feature]) -> None:
        self._features = features
        self.count = 0

    def __iter__(self) -> Iterator[Feature]:
        for one in self._features:
            self.count += 1
            yield one

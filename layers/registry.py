"""The formats there are: every module in `layers.formats` that names itself and can write."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Protocol, cast

from layers import formats
from layers.model import Feature, Layer


class Format(Protocol):
    """What a module in `layers.formats` offers."""

    name: str
    media_type: str
    extensions: tuple[str, ...]

    def write(self, layer: Layer, features: Iterable[Feature]) -> Iterator[bytes]: ...


@cache
def all_formats() -> dict[str, Format]:
    """By extension."""
    modules = [
        importlib.import_module(f"{formats.__name__}.{found.name}")
        for found in pkgutil.iter_modules(formats.__path__)
        if not found.name.startswith("_")
    ]
    return {
        extension: cast("Format", module) for module in modules for extension in module.extensions
    }

"""The formats there are: every module in `layers.formats` that has a FORMAT."""

import importlib
import pkgutil
from functools import cache

from layers import formats
from layers.format import Format


@cache
def all_formats() -> dict[str, Format]:
    """By extension."""
    modules = [
        importlib.import_module(f"{formats.__name__}.{found.name}")
        for found in pkgutil.iter_modules(formats.__path__)
        if not found.name.startswith("_")
    ]
    return {extension: one.FORMAT for one in modules for extension in one.FORMAT.extensions}


def each_format() -> dict[str, Format]:
    """Every format once, by the first of its extensions: for lists that people read."""
    return {one.extensions[0]: one for one in all_formats().values()}


def extension_of(name: str) -> str:
    """What a file of that name is asked for as: `shp` for `parks.shp.zip` and for `parks.shp`.

    The longest ending that a format has; of a name without a known one, what is after its last dot.
    """
    found = {one: one for one in all_formats()}
    found |= {kind.ending(one): one for one, kind in all_formats().items()}
    fits = [ending for ending in found if name.lower().endswith(f".{ending}")]
    return found[max(fits, key=len)] if fits else name.rpartition(".")[2].lower()

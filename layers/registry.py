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

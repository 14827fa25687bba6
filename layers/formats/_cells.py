"""What is written in a cell as the value of a field, or why it cannot be one."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from geo.crs import CRSError
from layers.errors import BadLayerFile
from layers.export.fields import text_list
from layers.export.file_crs import FileCrs, file_crs
from layers.model import Field
from layers.values import INT64, Check, check_of

_WHOLE = re.compile(r"[+-]?\d{1,400}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_FLAGS: Mapping[str, bool] = {"true": True, "false": False}


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What the operating system says against reading a file, said with its name."""
    try:
        yield
    except OSError as error:
        raise BadLayerFile(path.name, None, f"cannot be read: {error.strerror}") from error


class Checked:
    """Values of some fields, each checked as a store would check it."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._checks: list[tuple[str, Check]] = [(field.name, check_of(field)) for field in fields]

    def __call__(self, values: Sequence[object]) -> dict[str, object]:
        """By name; ValueError begins with the name of the field that does not fit."""
        found: dict[str, object] = {}
        for (name, check), value in zip(self._checks, values, strict=True):
            try:
                found[name] = None if value is None else check(value)
            except ValueError as error:
                raise ValueError(f"{name} {error}") from None
        return found


def parsed(text: str | None, type: str) -> object:
    """A cell's text as a value of that type; itself where it is none, for the check to refuse."""
    parse = _PARSERS.get(type)
    return text if text is None or parse is None else parse(text)


def guessed(text: str | None) -> object:
    """A value of the type it looks like. What a number would not keep as it is written is a text:

    a plus or a zero in front, more digits than 64 bits have.
    """
    if text is None or text[:1] == "+" or re.match(r"-?0\d", text):
        return text
    if _WHOLE.fullmatch(text) and not -INT64 <= int(text) < INT64:
        return text
    for parse in (_whole, _decimal, _flag):
        value = parse(text)
        if value is not text:
            return value
    return text


def crs_named(text: str) -> FileCrs:
    """The CRS that a cell names."""
    try:
        return file_crs(text, {})
    except CRSError as error:
        raise ValueError(f"is in a coordinate system that is not known here: {error}") from None


def _whole(text: str) -> object:
    return int(text) if _WHOLE.fullmatch(text) else text


def _decimal(text: str) -> object:
    return float(text) if _DECIMAL.fullmatch(text) else text


def _flag(text: str) -> object:
    return _FLAGS.get(text.lower(), text)


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "integer": lambda text: _whole(text) if _WHOLE.fullmatch(text) else _decimal(text),
    "number": _decimal,
    "boolean": _flag,
    "list": text_list,
}

"""The schema of a file that brings none, inferred over all of its features."""

from collections.abc import Mapping

import orjson

from layers.conventions import Conventions
from layers.model import Field, Schema, Text
from layers.values import INT64, as_date, as_datetime

_NUMBERS = {"integer", "number"}
_POINTS = ("Point", "MultiPoint", "GeometryCollection")


class Inference:
    """Takes features one by one; `schema()` is what fits them all."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[str]] = {}
        self._geometries: set[str] = set()
        self._conventions = Conventions()

    def add(self, geometry_type: str | None, properties: Mapping[str, object]) -> None:
        if geometry_type is not None:
            self._geometries.add(geometry_type)
        for name, value in properties.items():
            kinds = self._kinds.setdefault(name, set())
            if value is not None:
                kinds.add(_kind(value))
        self._conventions.add(properties)

    @property
    def width(self) -> int:
        return len(self._kinds)

    def schema(self) -> Schema:
        geometry = next(iter(self._geometries)) if len(self._geometries) == 1 else "Geometry"
        if geometry == "GeometryCollection":
            geometry = "Geometry"
        types = {name: _type(kinds) for name, kinds in self._kinds.items()}
        fields = [Field(name, kind, Text(name, name)) for name, kind in types.items()]
        points = not self._geometries or not self._geometries.isdisjoint(_POINTS)
        return Schema(geometry, tuple(self._conventions.applied(fields, points)))


def fitted(value: object, field: Field) -> object:
    """A value of a field whose values are of many kinds: text, written as JSON where it is none."""
    if field.type != "text" or value is None or isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        raise ValueError(f"{field.name} is nested too deeply") from None


def _kind(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer" if -INT64 <= value < INT64 else "number"
        case float():
            return "number"
        case str():
            return "date" if as_date(value) else "datetime" if as_datetime(value) else "text"
        case list() if all(isinstance(member, str) for member in value):
            return "list"
    return "anything"


def _type(kinds: set[str]) -> str:
    if kinds and kinds <= _NUMBERS:
        return "number" if "number" in kinds else "integer"
    [only] = kinds if len(kinds) == 1 else ["text"]
    return "text" if only == "anything" else only

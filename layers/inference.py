"""The schema of a file that brings none, inferred over all of its features."""

from collections.abc import Mapping
from dataclasses import replace

import orjson

from layers.model import PLACEMENTS, Field, Schema, Text
from layers.values import INT64, as_date, as_datetime

# Conventional names and the role they take: (role, lang, the types it may have).
_CONVENTIONS = {
    "name_zh": ("name", "zh", ("text",)),
    "name_en": ("name", "en", ("text",)),
    "名称": ("name", "zh", ("text",)),
    "name": ("name", None, ("text",)),
    "title": ("name", None, ("text",)),
    "placement": ("placement", None, ("text",)),
    "position_uncertainty_m": ("uncertainty", None, ("integer", "number")),
}
# Without one of these the first text that tells features apart stands for the name: filled in and
# different from the others nine times in ten, and short enough for a label.
LONGEST_NAME = 80
LOOKED_AT = 1_000
_NUMBERS = {"integer", "number"}


class Inference:
    """Takes features one by one; `schema()` is what fits them all."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[str]] = {}
        self._geometries: set[str] = set()
        self._strange_placement = False
        self._seen = 0
        self._texts: dict[str, set[str]] = {}
        self._no_names: set[str] = set()

    def add(self, geometry_type: str | None, properties: Mapping[str, object]) -> None:
        if geometry_type is not None:
            self._geometries.add(geometry_type)
        for name, value in properties.items():
            kinds = self._kinds.setdefault(name, set())
            if value is not None:
                kinds.add(_kind(value))
        if properties.get("placement") not in (*PLACEMENTS, None):
            self._strange_placement = True
        if self._seen < LOOKED_AT:
            self._look_for_names(properties)

    def _look_for_names(self, properties: Mapping[str, object]) -> None:
        self._seen += 1
        for name, value in properties.items():
            if isinstance(value, str) and value:
                self._texts.setdefault(name, set()).add(value[: LONGEST_NAME + 1])
                if len(value) > LONGEST_NAME or "://" in value:
                    self._no_names.add(name)

    @property
    def width(self) -> int:
        return len(self._kinds)

    def schema(self) -> Schema:
        geometry = next(iter(self._geometries)) if len(self._geometries) == 1 else "Geometry"
        types = {name: _type(kinds) for name, kinds in self._kinds.items()}
        if geometry == "GeometryCollection":
            geometry = "Geometry"
        fields = [self._field(name, types) for name in types]
        if not any(field.role == "name" for field in fields):
            fields = self._with_name(fields)
        return Schema(geometry, tuple(fields))

    def _with_name(self, fields: list[Field]) -> list[Field]:
        for index, field in enumerate(fields):
            different = len(self._texts.get(field.name, ())) >= max(1, 0.9 * self._seen)
            free = field.type == "text" and field.role is None
            if free and different and field.name not in self._no_names:
                return [*fields[:index], replace(field, role="name"), *fields[index + 1 :]]
        return fields

    def _field(self, name: str, types: Mapping[str, str]) -> Field:
        role, lang, allowed = _CONVENTIONS.get(name, (None, None, ()))
        if (
            types[name] not in allowed
            or (name == "title" and "name" in types)
            or (name == "placement" and self._strange_placement)
        ):
            role = lang = None
        return Field(name, types[name], Text(name, name), lang=lang, role=role)


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

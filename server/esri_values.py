"""Values as Esri's types have them: no truths, no lists, times in milliseconds."""

from typing import Any

from layers.model import Feature
from server.esri_layers import Column, Published, milliseconds


def attributes(one: Published, columns: tuple[Column, ...], feature: Feature) -> dict[str, Any]:
    found: dict[str, Any] = {one.key: feature.fid}
    for column in columns:
        value = feature.properties[column.field.name] if column.field else feature.id
        found[column.name] = value_of(column, value)
    return found


def value_of(column: Column, value: Any) -> object:
    if value is None:
        return None
    if column.field is None:
        return str(value)  # of another program's file it is the key
    match column.source:
        case "boolean":
            return int(bool(value))
        case "list":
            return ",".join(map(str, value)) if isinstance(value, list) else str(value)
        case "date" | "datetime":
            return milliseconds(value)
    return value

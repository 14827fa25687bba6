"""What a filter on a layer may ask for: its fields, its geometry and the id of its features."""

from collections.abc import Iterable

from layers.model import Layer

_TYPES = {"datetime": "timestamp"}
# A layer may have a field of the first name; then the next one that is free is taken.
_GEOMETRY_NAMES = ("geometry", "geom", "the_geom", "feature_geometry")
_ID_NAMES = ("id", "feature_id", "fid", "feature_identifier")


def queryables(layer: Layer) -> dict[str, str]:
    """Name to type: text, integer, number, boolean, date, timestamp, list or geometry."""
    fields = {field.name: _TYPES.get(field.type, field.type) for field in layer.schema.fields}
    return {id_name(layer): "text", geometry_name(layer): "geometry", **fields}


def geometry_name(layer: Layer) -> str:
    return _free(_GEOMETRY_NAMES, (field.name for field in layer.schema.fields))


def id_name(layer: Layer) -> str:
    return _free(_ID_NAMES, (field.name for field in layer.schema.fields))


def _free(names: tuple[str, ...], taken: Iterable[str]) -> str:
    used = frozenset(taken)
    free = (name for name in names if name not in used)
    return next(free, names[-1] + "_")

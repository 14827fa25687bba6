"""Rows of a GeoPackage to features: geometry in CRS84, values fit for JSON whoever wrote them."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
import shapely

from geo.crs import CRS84, transform_geometries
from layers.model import Batch
from layers.stores.geopackage_blob import Geometries, geometries_of, wkb_of
from layers.stores.geopackage_tables import Table

Row = tuple[Any, ...]


def batch_maker(table: Table) -> Callable[[Sequence[Row]], Batch]:
    """Rows, one or more, to features; values fit for JSON whoever has put them there."""
    fields = table.layer.schema.fields
    names = [field.name for field in fields]
    convert_of = _OURS if table.ours else _OTHERS
    converters = [convert_of.get(field.type) for field in fields]

    def make(rows: Sequence[Row]) -> Batch:
        # Column by column: half of what it costs to look at each row for itself.
        keys, ids, blobs, *columns = zip(*rows, strict=True)
        if {*map(type, ids)} != {str}:
            pairs = zip(keys, ids, strict=True)
            ids = tuple(str(key if one is None else one) for key, one in pairs)
        values = [_fit(*pair) for pair in zip(columns, converters, strict=True)]
        return Batch(keys, ids, _geometries(table, blobs), dict(zip(names, values, strict=True)))

    return make


def _fit(column: Sequence[object], convert: Callable[[object], object] | None) -> Sequence[object]:
    if bytes in {*map(type, column)}:
        column = [_no_bytes(value) for value in column]
    if convert is None:
        return column
    return [None if value is None else convert(value) for value in column]


def _geometries(table: Table, blobs: Sequence[bytes | None]) -> Sequence[bytes | None]:
    if table.crs == CRS84 and table.flat:
        return [wkb_of(blob) for blob in blobs]
    geometries = crs84(table, blobs)
    geometries[shapely.is_empty(geometries)] = None
    return list(shapely.to_wkb(geometries, output_dimension=2))


def _no_bytes(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _as_list(value: object) -> object:
    """A list is kept as JSON; what another program wrote there as it liked is one member."""
    try:
        members = orjson.loads(str(value))
    except orjson.JSONDecodeError:
        members = [value]
    if not isinstance(members, list):
        members = [members]
    return [one if isinstance(one, str) else orjson.dumps(one).decode() for one in members]


def _as_text(value: object) -> object:
    return value if isinstance(value, str) else str(value)


_Converters = dict[str, Callable[[object], object]]
_OURS: _Converters = {"boolean": bool, "list": _as_list}
# Their columns may have any declared type, and hold numbers where we say text.
_OTHERS: _Converters = {"boolean": bool, "text": _as_text}


def crs84(table: Table, blobs: Sequence[bytes | None]) -> Geometries:
    geometries = geometries_of(blobs)
    if table.crs == CRS84:
        return geometries
    return transform_geometries(geometries, table.crs, CRS84)

"""Rows of a GeoPackage to features: geometry in CRS84, values fit for JSON whoever wrote them."""

from collections.abc import Callable, Sequence
from typing import Any

import shapely

from geo.crs import CRS84, transform_geometries
from layers.filter.texts import decoded
from layers.model import Batch
from layers.stores.geopackage_blob import Geometries, geometries_of, wkbs_of
from layers.stores.geopackage_order import mark_value
from layers.stores.geopackage_tables import Table
from layers.stores.geopackage_values import IN_JSON

Row = tuple[Any, ...]


def batch_maker(table: Table) -> Callable[[Sequence[Row]], Batch]:
    """Rows, one or more, to features; values fit for JSON whatever another program put there.

    What a row has beyond its fields are its sort values.
    """
    fields = table.layer.schema.fields
    names = [field.name for field in fields]
    by_column = [IN_JSON.get(field.type) for field in fields]

    def make(rows: Sequence[Row]) -> Batch:
        # Column by column: half of what it costs to look at each row for itself.
        keys, ids, blobs, *columns = zip(*rows, strict=True)
        if {*map(type, ids)} != {str}:
            pairs = zip(keys, ids, strict=True)
            ids = tuple(str(key if one is None else one) for key, one in pairs)
        sort_values = [[*map(mark_value, column)] for column in columns[len(names) :]]
        values = [fitted(*pair) for pair in zip(columns, by_column, strict=False)]
        by_name = dict(zip(names, values, strict=True))
        return Batch(keys, ids, _geometries(table, blobs), by_name, sort_values)

    return make


def fitted(
    column: Sequence[object], convert: Callable[[object], object] | None
) -> Sequence[object]:
    if bytes in {*map(type, column)}:
        column = [_no_bytes(value) for value in column]
    if convert is None:
        return column
    return [None if value is None else convert(value) for value in column]


def _geometries(table: Table, blobs: Sequence[bytes | None]) -> Sequence[bytes | None]:
    if table.crs == CRS84 and table.flat:
        return wkbs_of(blobs)
    geometries = crs84(table, blobs)
    geometries[shapely.is_empty(geometries)] = None
    return list(shapely.to_wkb(geometries, output_dimension=2))


def _no_bytes(value: object) -> object:
    return decoded(value) if isinstance(value, bytes) else value


def crs84(table: Table, blobs: Sequence[bytes | None]) -> Geometries:
    geometries = geometries_of(blobs)
    if table.crs == CRS84:
        return geometries
    return transform_geometries(geometries, table.crs, CRS84)

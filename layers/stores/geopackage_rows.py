"""Rows of a GeoPackage to features: geometry in CRS84, values fit for JSON whoever wrote them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
import shapely

from geo.crs import CRS84, transform_geometries
from layers.model import Feature
from layers.stores.geopackage_blob import Geometries, geometries_of, wkb_of
from layers.stores.geopackage_tables import Table

Row = tuple[Any, ...]


def feature_maker(table: Table) -> Callable[[Sequence[Row]], Iterator[Feature]]:
    """Rows to features, with values fit for JSON whatever another program has put there."""
    fields = table.layer.schema.fields
    names = [field.name for field in fields]
    convert_of = _OURS if table.ours else _OTHERS
    special = [(field.name, convert_of[field.type]) for field in fields if field.type in convert_of]

    def make(rows: Sequence[Row]) -> Iterator[Feature]:
        for row, geometry in zip(rows, _geometries(table, rows), strict=True):
            values = row[3:]
            if bytes in map(type, values):
                values = tuple(_no_bytes(value) for value in values)
            properties = dict(zip(names, values, strict=True))
            for name, convert in special:
                if properties[name] is not None:
                    properties[name] = convert(properties[name])
            yield Feature(row[0], str(row[0] if row[1] is None else row[1]), geometry, properties)

    return make


def _geometries(table: Table, rows: Sequence[Row]) -> list[bytes | None]:
    blobs = [row[2] for row in rows]
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

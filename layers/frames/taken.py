"""A layer made of a GeoDataFrame: its columns are the fields, its index the ids."""

import datetime
from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.crs import CRS84, CRSError, canonical, transform_geometries
from layers.errors import AtlasError
from layers.inference import Inference, fitted
from layers.model import Layer, NewFeature, Text
from layers.names import LAYER_ID, feature_id
from layers.style import default_style

if TYPE_CHECKING:
    import geopandas as gpd


class BadFrame(AtlasError):
    """The sentence begins with the name of the argument."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}.")


def layer_of(
    name: str, id: str, frame: "gpd.GeoDataFrame", title: Text
) -> tuple[Layer, Iterator[NewFeature]]:
    """`name`: of the argument, for what is wrong with it."""
    import geopandas as gpd

    if not LAYER_ID.fullmatch(id):
        raise BadFrame(name, f"{id!r} is no id of a layer, which has letters, digits, _ and - only")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise BadFrame(name, f"a GeoDataFrame is expected, not {type(frame).__name__}")
    shapes = _shapes(name, frame)
    ids = [feature_id(str(one)) for one in frame.index]
    if len(set(ids)) < len(ids):
        raise BadFrame(name, "its index has values that occur twice; reset_index() numbers it anew")
    columns = {column: _values(name, column, frame) for column in _names(name, frame)}
    inference = Inference()
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    rows = rows or [{} for _ in ids]
    for shape, row in zip(shapes, rows, strict=True):
        inference.add(None if shape is None else shape.geom_type, row)
    schema = inference.schema()
    layer = Layer(id, title, schema, default_style(id, schema.geometry))
    features = (
        NewFeature(one, shape, {field.name: fitted(row[field.name], field) for field in fields})
        for fields in [schema.fields]
        for one, shape, row in zip(ids, shapes, rows, strict=True)
    )
    return layer, features


def _shapes(name: str, frame: "gpd.GeoDataFrame") -> list[Any]:
    """In CRS84 and two dimensions; None for what has no place."""
    try:
        crs = frame.crs
    except AttributeError:
        raise BadFrame(name, "it has no geometry; set_geometry() says which column it is") from None
    if crs is None:
        raise BadFrame(name, 'it has no crs; set_crs("EPSG:4326") says that it is in degrees')
    code = crs.to_epsg()
    shapes = shapely.force_2d(np.array([None, *frame.geometry], dtype=object)[1:])
    try:
        if code is None:
            shapes = np.array([None, *frame.geometry.to_crs("EPSG:4326")], dtype=object)[1:]
        else:
            shapes = transform_geometries(shapes, canonical(f"EPSG:{code}"), CRS84)
    except CRSError as error:
        raise BadFrame(name, str(error).rstrip(".")) from error
    return [None if one is None or one.is_empty else one for one in shapes]


def _names(name: str, frame: "gpd.GeoDataFrame") -> list[str]:
    names = [one for one in frame.columns if one != frame.geometry.name]
    for one in names:
        if not isinstance(one, str):
            raise BadFrame(name, f"the name of column {one!r} is no text")
    if len(set(names)) < len(names):
        raise BadFrame(name, "two of its columns have the same name")
    return names


def _values(name: str, column: str, frame: "gpd.GeoDataFrame") -> list[object]:
    import pandas as pd

    found: pd.Series[Any] = frame[column]
    if isinstance(found.dtype, pd.DatetimeTZDtype):
        found = found.dt.tz_convert("UTC")
    whole_days = found.dtype.kind == "M" and bool(
        (found.dropna().dt.normalize() == found.dropna()).all()
    )
    try:
        return [_value(one, whole_days) for one in found.astype(object)]
    except TypeError as error:
        raise BadFrame(name, f"column {column!r} {error}") from None


def _value(value: object, whole_days: bool) -> object:
    """As JSON has it; a time without a zone stays a text, for nobody knows which instant it is."""
    import pandas as pd

    match value:
        case list() | tuple() | np.ndarray():
            return [_value(one, False) for one in value] or None  # says no more than nothing
        case _ if value is None or pd.isna(value):  # type: ignore[call-overload]  # the stubs of pandas know no object
            return None
        case datetime.datetime():
            if whole_days and value.tzinfo is None:
                return value.date().isoformat()
            if value.tzinfo is None:
                return value.isoformat()
            return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
        case datetime.date():
            return value.isoformat()
        case bool() | int() | float() | str():
            return value
        case np.generic():
            return _value(value.item(), whole_days)
        case Decimal():
            return float(value)
    raise TypeError(f"has a value of a kind that no field has: {_short(value)}")


def _short(value: Hashable | object) -> str:
    return f"{type(value).__name__} {str(value)[:60]!r}"

"""A layer's features as a GeoDataFrame: by their ids, each field in the type its schema says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.export.content import Part
from layers.export.file_crs import FileCrs
from layers.model import Field

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def frame_of(part: Part, crs: FileCrs) -> "gpd.GeoDataFrame":
    """What is not known is None or NaN, never an empty text or nought."""
    import geopandas as gpd
    import pandas as pd

    batches = list(part.batches())
    ids = [one for batch in batches for one in batch.ids]
    shapes = [one for batch in batches for one in batch.geometries]
    index = pd.Index(ids, name="id", dtype=object)
    columns = {
        field.name: series(field, [one for batch in batches for one in batch.columns[field.name]])
        for field in part.layer.schema.fields
    }
    table = pd.DataFrame(columns).set_axis(index, axis="index") if columns else None
    geometry = shapely.from_wkb(np.array([None, *shapes], dtype=object)[1:])
    return gpd.GeoDataFrame(table, index=index, geometry=geometry, crs=crs.proj)


def series(field: Field, values: Sequence[object]) -> "pd.Series[Any]":
    import pandas as pd

    if field.type in ("date", "datetime"):
        try:
            return pd.Series(times(field, values))
        except ValueError:
            pass  # other programs' GeoPackages hold anything, a 31 February too: texts then
    kind = {"integer": "Int64", "number": "float64", "boolean": "boolean"}.get(field.type, object)
    return pd.Series(list(values), dtype=kind)


def times(field: Field, values: Sequence[object]) -> "pd.DatetimeIndex":
    """Days without a time zone, instants in UTC; to the millisecond, which holds any year."""
    import pandas as pd

    is_day = field.type == "date"
    text = [None if one is None else str(one).removesuffix("Z") for one in values]
    found = pd.DatetimeIndex(np.array(text, "datetime64[ms]"))
    return found if is_day else found.tz_localize("UTC")

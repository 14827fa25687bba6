"""A position for each feature of a table: where it is, or a point that is sure to lie on it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.geometry import geometry_from_geojson
from layers.export.fields import free_name
from layers.export.file_crs import FileCrs
from layers.formats.geojson import POINT, POINT_HEAD, decimals_of
from layers.model import Layer, Text

# Nobody shall take a point on a line or an area for its centre.
ON_SHAPE = "representative_"
_LABELS = {
    "lon": Text("经度", "Longitude"),
    "lat": Text("纬度", "Latitude"),
    "x": Text("东坐标x", "Easting x"),
    "y": Text("北坐标y", "Northing y"),
}
_ON_SHAPE_LABEL = Text("代表点", "Representative point: ")


class Axis(NamedTuple):
    """A column of coordinates."""

    name: str
    label: Text
    unit: str


class Places(NamedTuple):
    """x and y of each feature, None where it has no place; `wkt` unless all are plain points."""

    x: Sequence[float | None]
    y: Sequence[float | None]
    wkt: Sequence[str | None] | None


def axes(layer: Layer, crs: FileCrs) -> tuple[Axis, Axis]:
    """The columns x and y: `lon`, `lat` in degrees, else `x`, `y`; free of the layer's fields."""
    taken = [field.name for field in layer.schema.fields]
    points = layer.schema.geometry == "Point"
    unit = "°" if crs.is_degrees else "m"

    def axis(name: str) -> Axis:
        label = _LABELS[name]
        if points:
            return Axis(free_name(name, taken), label, unit)
        front = _ON_SHAPE_LABEL
        words = Text(front.zh + label.zh, front.en + label.en.lower())
        return Axis(free_name(ON_SHAPE + name, taken), words, unit)

    return (axis("lon"), axis("lat")) if crs.is_degrees else (axis("x"), axis("y"))


def places(wkb: Sequence[bytes | None], crs: FileCrs) -> Places:
    """Of geometries in `crs`, to the decimals that all files have."""
    decimals = decimals_of(crs)
    plain = [one for one in wkb if one is not None]
    if {*map(len, plain)} <= {POINT.itemsize}:
        points = np.frombuffer(b"".join(plain), POINT)
        coords = np.stack([points["x"], points["y"]], axis=1)
        if (points["head"] == np.void(POINT_HEAD)).all() and np.isfinite(coords).all():
            return _points(wkb, np.round(coords, decimals) + 0.0)  # no negative zero
    return _shapes(shapes_of(wkb), decimals)


def shapes_of(wkb: Sequence[bytes | None]) -> NDArray[Any]:
    return np.asarray(
        shapely.from_wkb(np.array([None, *wkb], dtype=object)[1:], on_invalid="ignore")
    )


def _points(wkb: Sequence[bytes | None], coords: NDArray[np.float64]) -> Places:
    """Nearly all layers: no shapes are built, which would cost more than all the rest."""
    x, y = coords.T.tolist()
    if len(x) == len(wkb):
        return Places(x, y, None)
    xs, ys = iter(x), iter(y)
    return Places(
        [None if one is None else next(xs) for one in wkb],
        [None if one is None else next(ys) for one in wkb],
        None,
    )


def _shapes(shapes: NDArray[Any], decimals: int) -> Places:
    on_shape = np.where(shapely.get_type_id(shapes) == 0, shapes, shapely.point_on_surface(shapes))
    x, y = (np.round(of(on_shape), decimals) + 0.0 for of in (shapely.get_x, shapely.get_y))
    wkt = shapely.to_wkt(shapes, rounding_precision=decimals, trim=True)
    return Places(_or_none(x), _or_none(y), list(wkt))


def _or_none(values: NDArray[np.float64]) -> list[float | None]:
    return [one if one == one else None for one in values.tolist()]  # nan is not itself


def shape_from(
    wkt: str | None, x: float | None, y: float | None, crs: FileCrs
) -> shapely.Geometry | None:
    """The way back, in CRS84: the whole geometry, or the point there is instead of one.

    ValueError where it cannot be, and where a point and its coordinates contradict each other: who
    moved a point in a spreadsheet has changed one of them.
    """
    if (x is None) != (y is None):
        raise ValueError("has one of its two coordinates only")
    if wkt is None:
        document = None if x is None else {"type": "Point", "coordinates": [x, y]}
        return geometry_from_geojson(document, crs=crs.definition)
    try:
        shape = shapely.from_wkt(wkt)
    except shapely.GEOSException:
        raise ValueError(f"has a geometry that is no WKT: {wkt[:40]!r}") from None
    if x is not None and y is not None and shape.geom_type == "Point" and not shape.is_empty:
        near = 1e-6 if crs.is_degrees else 0.1  # what a spreadsheet may round away
        if abs(shape.x - x) > near or abs(shape.y - y) > near:
            raise ValueError(
                f"is at {x:.12g}, {y:.12g} by its coordinates and at {shape.x:.12g}, "
                f"{shape.y:.12g} by its WKT; change both, or empty the WKT"
            )
    return geometry_from_geojson(shape.__geo_interface__ if not shape.is_empty else None,
                                 crs=crs.definition)  # fmt: skip

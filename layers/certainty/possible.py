"""Where features may lie, column by column: a point with some metres around it, or a shape."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.discs import discs
from geo.plane import grown
from layers.districts import Districts, codes_of
from layers.model import Batch, Layer

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Shapes = NDArray[Any]

# What tells where a feature may lie, beside its geometry.
ROLES = ("placement", "uncertainty", "district", "inferred")
DISTRICT, UNKNOWN = "district", "unknown"


class Possible(NamedTuple):
    """Features one by one; whoever is neither a point nor has a shape may be anywhere.

    `lon` and `lat` (CRS84) are nan where it is no point; `metres` is how far from there it may
    be. `shapes` holds the possible region of the others, `by_district` says where that is all
    that is known. `declared` is what each says of its district or districts.
    """

    lon: Floats
    lat: Floats
    metres: Floats
    shapes: Shapes
    by_district: Flags
    declared: Sequence[object]
    inferred: Flags

    @property
    def points(self) -> Flags:
        return ~np.isnan(self.lon)

    @property
    def anywhere(self) -> Flags:
        return np.asarray(~self.points & shapely.is_missing(self.shapes), bool)


def possible(layer: Layer, batch: Batch, districts: Districts) -> Possible:
    """The batch needs the columns of `ROLES` only, as far as the layer has them."""
    shapes = _shapes(batch.geometries)
    shapes[_each(layer, batch, "placement", lambda value: value == UNKNOWN, bool)] = None
    metres = _each(layer, batch, "uncertainty", _metres, float)
    declared = _column(layer, batch, "district") or [None] * len(shapes)
    points = shapely.get_type_id(shapes) == 0
    # A point stands for a district; an area or a line is where it is, whatever is said of it.
    by_district = points & _each(layer, batch, "placement", lambda one: one == DISTRICT, bool)
    for place in np.flatnonzero(by_district).tolist():
        region = districts.of(codes_of(declared[place]))
        if region is not None or not metres[place]:
            shapes[place], points[place] = region, False
    vague = ~points & ~by_district & ~shapely.is_missing(shapes) & (metres > 0)
    for place in np.flatnonzero(vague).tolist():
        shapes[place] = grown(shapes[place], float(metres[place]))
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    lon[points], lat[points] = shapely.get_x(shapes[points]), shapely.get_y(shapes[points])
    shapes[points] = None
    inferred = _each(layer, batch, "inferred", lambda value: value is True, bool)
    return Possible(lon, lat, metres, shapes, by_district, declared, inferred)


def regions(found: Possible, places: NDArray[np.int64], districts: Districts) -> Shapes:
    """The discs in which some of the points may lie, cut by the districts that they declare."""
    shapes = discs(found.lon[places], found.lat[places], found.metres[places])
    for number, place in enumerate(places.tolist()):
        within = districts.of(codes_of(found.declared[place]))
        if within is not None:
            cut = shapely.intersection(shapes[number], within)
            # A generalised border may leave nothing of a small disc: then it is taken whole.
            if shapely.area(cut) > 0:
                shapes[number] = cut
    return shapes


def _shapes(wkb: Sequence[bytes | None]) -> Shapes:
    shapes = shapely.from_wkb(np.array([None, *wkb], dtype=object)[1:], on_invalid="ignore")
    shapes = np.asarray(shapes, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    return shapes


def _metres(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if value > 0 else 0.0


def _column(layer: Layer, batch: Batch, role: str) -> Sequence[object]:
    """Of the field with that role; empty where there is none."""
    field = layer.schema.with_role(role)
    return batch.columns[field.name] if field else ()


def _each(
    layer: Layer, batch: Batch, role: str, of: Callable[[object], object], kind: type
) -> NDArray[Any]:
    """Something of each value of that field, in an array; zeros where there is none."""
    column = _column(layer, batch, role)
    return np.array([*map(of, column)], kind) if column else np.zeros(len(batch.fids), kind)

"""Which geometry stands for an uncertain position: its point, the area it may lie in, or none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import CRS84, transform_geometries
from geo.geodesic import circle
from layers.districts import Areas, codes_of
from layers.export.file_crs import FileCrs
from layers.model import Batch, Layer, Text

POSITION, POSSIBLE_AREA, WITHOUT_DISTRICT = "position", "possible-area", "without-district"
GEOMETRIES: Mapping[str, Text] = {
    POSITION: Text("代表点", "Representative points"),
    POSSIBLE_AREA: Text("可能范围面", "Areas in which a position may lie"),
    WITHOUT_DISTRICT: Text("不输出区县级点", "No points for what is known to its district only"),
}
# Of these placements a point stands for a district or for nothing.
DISTRICT_ONLY = ("district", "unknown")

Geometries = NDArray[Any]


def placed(layer: Layer, batches: Iterable[Batch], geometry: str, areas: Areas) -> Iterator[Batch]:
    """The features with the geometry that was asked for; CRS84."""
    if geometry == POSITION:
        return iter(batches)
    of = _possible if geometry == POSSIBLE_AREA else _without_district
    return (batch._replace(geometries=[*of(layer, batch, areas)]) for batch in batches)


def _without_district(layer: Layer, batch: Batch, _: Areas) -> Iterator[bytes | None]:
    for wkb, placement in zip(batch.geometries, _values(layer, batch, "placement"), strict=True):
        yield None if placement in DISTRICT_ONLY and _is_point(wkb) else wkb


def _possible(layer: Layer, batch: Batch, areas: Areas) -> Iterator[bytes | None]:
    """Points become the circle of their uncertainty, cut by the one district they are known in."""
    radii, districts = (_values(layer, batch, role) for role in ("uncertainty", "district"))
    for wkb, radius, district in zip(batch.geometries, radii, districts, strict=True):
        if isinstance(radius, int | float) and radius > 0 and _is_point(wkb):
            codes = codes_of(district)
            area = areas.get(codes[0]) if len(codes) == 1 else None
            yield _around(wkb, float(radius), area)
        else:
            yield wkb


def _values(layer: Layer, batch: Batch, role: str) -> Sequence[object]:
    """Of the field with that role; nulls where there is none."""
    field = layer.schema.with_role(role)
    return batch.columns[field.name] if field else [None] * len(batch.fids)


def _around(wkb: bytes | None, radius: float, area: shapely.Geometry | None) -> bytes | None:
    point = shapely.from_wkb(wkb)
    try:
        round_about = circle(point.x, point.y, radius)
    except ValueError:  # over the antimeridian or a pole: no single polygon says it
        return wkb
    if area is not None:
        within = shapely.intersection(round_about, area)
        # A generalised border may leave nothing of a small circle: then the circle is said whole.
        if not within.is_empty and within.geom_type in ("Polygon", "MultiPolygon"):
            round_about = within
    return bytes(shapely.to_wkb(round_about))


def _is_point(wkb: bytes | None) -> bool:
    return wkb is not None and shapely.from_wkb(wkb, on_invalid="ignore").geom_type == "Point"


def turned(batches: Iterable[Batch], crs: FileCrs) -> Iterator[Batch]:
    """Features of CRS84 in the CRS of a file; without geometry if they have no place in it."""
    if crs.definition in (CRS84, "EPSG:4326", "EPSG:4490"):
        yield from batches
        return
    for batch in batches:
        yield batch._replace(geometries=_turned(batch.geometries, crs))


def _turned(wkb: Sequence[bytes | None], crs: FileCrs) -> list[bytes | None]:
    shapes: Geometries = shapely.from_wkb(np.array([None, *wkb], dtype=object)[1:])
    return list(shapely.to_wkb(transform_geometries(shapes, CRS84, crs.definition)))

"""Which geometry stands for an uncertain position: its point, the area it may lie in, or none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import CRS84, transform_geometries
from geo.geodesic import circle
from layers.export.file_crs import FileCrs
from layers.model import Feature, Layer, Query, Text
from layers.stores.store import Store

CHUNK = 2_000
POSITION, POSSIBLE_AREA, WITHOUT_DISTRICT = "position", "possible-area", "without-district"
GEOMETRIES: Mapping[str, Text] = {
    POSITION: Text("代表点", "Representative points"),
    POSSIBLE_AREA: Text("可能范围面", "Areas in which a position may lie"),
    WITHOUT_DISTRICT: Text("不输出区县级点", "No points for what is known to its district only"),
}
# Of these placements a point stands for a district or for nothing.
DISTRICT_ONLY = ("district", "unknown")

Geometries = NDArray[Any]
Areas = Mapping[str, shapely.Geometry]


def district_areas(store: Store) -> Areas:
    """The polygon of each district by its code, from the layers whose role is `areas`."""
    found: dict[str, shapely.Geometry] = {}
    for layer in store.layers():
        field = layer.schema.with_role("district")
        if layer.role != "areas" or field is None:
            continue
        for feature in store.features(layer.id, Query()):
            shape = shapely.from_wkb(feature.geometry, on_invalid="ignore")
            for code in codes_of(feature.properties[field.name]):
                if shape is not None and shapely.is_valid(shape):
                    found.setdefault(code, shape)
    return found


def codes_of(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def placed(
    layer: Layer, features: Iterable[Feature], geometry: str, areas: Areas
) -> Iterator[Feature]:
    """The features with the geometry that was asked for; CRS84."""
    if geometry == POSSIBLE_AREA:
        return _possible(layer, features, areas)
    if geometry == WITHOUT_DISTRICT:
        return _without_district(layer, features)
    return iter(features)


def _without_district(layer: Layer, features: Iterable[Feature]) -> Iterator[Feature]:
    field = layer.schema.with_role("placement")
    for feature in features:
        unplaced = field is not None and feature.properties[field.name] in DISTRICT_ONLY
        point = unplaced and _is_point(feature.geometry)
        yield feature._replace(geometry=None) if point else feature


def _possible(layer: Layer, features: Iterable[Feature], areas: Areas) -> Iterator[Feature]:
    """Points become the circle of their uncertainty, cut by the one district they are known in."""
    uncertainty = layer.schema.with_role("uncertainty")
    district = layer.schema.with_role("district")
    for feature in features:
        radius = feature.properties[uncertainty.name] if uncertainty else None
        if not (isinstance(radius, int | float) and radius > 0 and _is_point(feature.geometry)):
            yield feature
            continue
        codes = codes_of(feature.properties[district.name]) if district else []
        area = areas.get(codes[0]) if len(codes) == 1 else None
        yield feature._replace(geometry=_around(feature.geometry, float(radius), area))


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


def turned(features: Iterable[Feature], crs: FileCrs) -> Iterator[Feature]:
    """Features of CRS84 in the CRS of a file; without geometry if they have no place in it."""
    if crs.definition in (CRS84, "EPSG:4326", "EPSG:4490"):
        yield from features
        return
    iterator = iter(features)
    while chunk := list(islice(iterator, CHUNK)):
        wkb = _turned([feature.geometry for feature in chunk], crs)
        for feature, moved in zip(chunk, wkb, strict=True):
            yield feature._replace(geometry=moved)


def _turned(wkb: Sequence[bytes | None], crs: FileCrs) -> Sequence[bytes | None]:
    shapes: Geometries = shapely.from_wkb(np.array([None, *wkb], dtype=object)[1:])
    return list(shapely.to_wkb(transform_geometries(shapes, CRS84, crs.definition)))

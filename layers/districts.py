"""The districts of a zone: their polygons by code, and the codes that features declare."""

from collections.abc import Mapping, Sequence

import shapely

from layers.model import Query
from layers.stores.store import Store

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


class Districts:
    """The polygons of districts, and of several together."""

    def __init__(self, areas: Areas) -> None:
        self._areas = areas
        self._known: dict[tuple[str, ...], shapely.Geometry | None] = {}

    def of(self, codes: Sequence[str]) -> shapely.Geometry | None:
        """What they cover; None where there are none, or the polygon of one is not known."""
        key = tuple(sorted(set(codes)))
        if key not in self._known:
            shapes = [self._areas.get(code) for code in key]
            known = bool(shapes) and None not in shapes
            self._known[key] = shapely.union_all(shapes) if known else None
        return self._known[key]

"""The window the map opens with: the zone's areas, the narrower way round the globe."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.extent import Extent
from layers.model import Layer, Query
from layers.stores.store import Store

BATCH = 1_000


def opening(store: Store, layers: Sequence[Layer]) -> Extent | None:
    """The extent of the zone's areas; where there are none, of everything."""
    for among in ([layer for layer in layers if layer.role == "areas"], layers):
        whole = union(store, among)
        if whole:
            return across(store, among, whole) if whole.width > 180 else whole
    return None


def unwrapped(extent: Extent) -> list[float]:
    """West, south, east, north as a map wants them: east beyond 180 where it lies further on."""
    east = extent.east + 360 if extent.crosses_antimeridian else extent.east
    return [extent.west, extent.south, east, extent.north]


def union(store: Store, layers: Sequence[Layer]) -> Extent | None:
    whole: Extent | None = None
    for layer in layers:
        extent = store.extent(layer.id)
        if extent:
            whole = whole.union(extent) if whole else extent
    return whole


def across(store: Store, layers: Sequence[Layer], whole: Extent) -> Extent:
    """The extent over the antimeridian, if half the globe or more lies empty between both sides.

    Extents of layers never cross it: geometries are cut there (RFC 7946, 3.1.9), so that a zone on
    both sides seems to go round the world.
    """
    west, east = 180.0, -180.0
    for bounds in bounds_of_parts(store, layers):
        eastern = bounds[:, 0] >= 0
        west = float(bounds[eastern, 0].min(initial=west))
        east = float(bounds[~eastern, 2].max(initial=east))
        if west - east < 180:
            return whole
    return Extent(west, whole.south, east, whole.north)


def bounds_of_parts(store: Store, layers: Sequence[Layer]) -> Iterator[NDArray[np.float64]]:
    for layer in layers:
        found = (one.geometry for one in store.features(layer.id, Query()) if one.geometry)
        while batch := list(islice(found, BATCH)):
            yield shapely.bounds(shapely.get_parts(shapely.from_wkb(batch)))

"""A layer's features column by column, as a file of the map holds them (static/unpacked.js)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from geo.geometry import DECIMALS, geojson_fragments
from layers.model import Batch, Layer, Query
from layers.stores.store import Store

Json = dict[str, Any]

# What the stream of shapes says of each: its kind, and after it how many parts there are.
KINDS = (
    None, "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
_PARTS_WITHIN = {
    "MultiPoint": 0, "LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2,
}  # fmt: skip


def packed(store: Store, layer: Layer) -> Json:
    """In the order of the store."""
    batches = list(store.batches(layer.id, Query()))
    fields = {one.name: column(_of(batches, one.name)) for one in layer.schema.fields}
    return {
        "ids": [one for batch in batches for one in batch.ids],
        **shapes([one for batch in batches for one in batch.geometries]),
        "fields": {name: values for name, values in fields.items() if values is not None},
    }


def _of(batches: Sequence[Batch], name: str) -> list[object]:
    return [value for batch in batches for value in batch.columns[name]]


def column(values: Sequence[object]) -> object:
    """The values; or each different one once, and which of them stands where; None for nothing."""
    if all(one is None for one in values):
        return None
    known: dict[bytes, int] = {}
    at = [known.setdefault(orjson.dumps(one), len(known)) for one in values]
    once = [orjson.loads(one) for one in known]
    if len(once) == 1:
        return {"of": once}
    short = {"of": once, "at": at}
    return short if len(orjson.dumps(short)) < len(orjson.dumps(values)) else values


def shapes(geometries: Sequence[bytes | None]) -> Json:
    """What each is made of, and all positions one after another as steps from the one before.

    `decimals` is as fine as the data is: no digit is lost, and none is made up.
    """
    found = shapely.from_wkb(np.array([None, *geometries], dtype=object)[1:], on_invalid="ignore")
    kinds: list[int] = []
    positions: list[Sequence[float]] = []
    for fragment in geojson_fragments(found, DECIMALS):
        _walk(None if fragment is None else orjson.loads(fragment), kinds, positions.append)
    numbers = np.array(positions, np.float64).reshape(-1, 2)
    decimals = next(one for one in range(DECIMALS + 1) if (np.round(numbers, one) == numbers).all())
    whole = np.rint(numbers * 10**decimals).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int64))
    return {"shapes": kinds, "decimals": decimals, "steps": steps.ravel().tolist()}


def _walk(
    geometry: Json | None, kinds: list[int], position: Callable[[Sequence[float]], None]
) -> None:
    kinds.append(KINDS.index(None if geometry is None else geometry["type"]))
    if geometry is None:
        return
    kind = geometry["type"]
    if kind == "GeometryCollection":
        kinds.append(len(geometry["geometries"]))
        for one in geometry["geometries"]:
            _walk(one, kinds, position)
    elif kind == "Point":
        position(geometry["coordinates"])
    else:
        for one in _inside(geometry["coordinates"], _PARTS_WITHIN[kind], kinds):
            position(one)


def _inside(parts: Sequence[Any], depth: int, kinds: list[int]) -> Iterator[Sequence[float]]:
    kinds.append(len(parts))
    for one in parts:
        if depth:
            yield from _inside(one, depth - 1, kinds)
        else:
            yield one

"""The document of matches: counts, and of each feature how sure it is and how far away."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from layers.certainty.areas import Places
from layers.certainty.find import Keys, Within, among
from layers.export.areas import columns_of
from layers.filter import tree
from layers.model import Layer, Query
from layers.stores.store import Store
from server.asks import Ask
from server.params import Given
from server.source import Source

MOST_LISTED = 100_000
NONE: Keys = np.empty(0, np.int64)
DECIMALS = 7  # of degrees: a centimetre

Json = dict[str, Any]


def document(source: Source, asks: Sequence[tuple[Ask, Query]], given: Given) -> Json:
    found = source.located(given)
    return {
        "area": None if found is None else geometry(found.area.shape),
        "label": None if found is None else found.label,
        "target": None if found is None or found.target is None else found.target._asdict(),
        "layers": [layer_document(source, ask, whole, given) for ask, whole in asks],
    }


def geometry(shape: shapely.Geometry) -> Any:
    rounded = shapely.transform(shape, lambda at: np.round(at, DECIMALS))
    return orjson.loads(shapely.to_geojson(rounded))


def layer_document(source: Source, ask: Ask, whole: Query, given: Given) -> Json:
    """Counts are exact, however few are listed; `whole` is the query without the area."""
    store, layer, within = source.store, ask.layer, ask.within
    keys = np.array(store.keys(layer.id, ask.query), np.int64)
    certain = possible = outside = 0
    lost = NONE
    if within is not None:
        inside = both(store, layer, whole, within.keys)
        certain = int(within.certain[within.places(inside)].sum())
        possible = len(inside) - certain
        lost = undecided(source, layer, whole, given)
        outside = store.count(layer.id, whole) - len(inside) - len(lost)
    listed = keys[nearest_first(within, keys)][:MOST_LISTED]
    return {
        "id": layer.id,
        "matched": len(keys),
        "certain": certain,
        "possible": possible,
        "outside": outside,
        "undecided": len(lost),
        "knows": ask.knows,
        "features": features(store, layer, within, listed),
        "undecided_ids": [one for one, _ in about(store, layer, lost[:MOST_LISTED])],
        "left_out": len(keys) - len(listed),
    }


def undecided(source: Source, layer: Layer, whole: Query, given: Given) -> Keys:
    """What may be inside of the area as well as outside, of all that is asked besides."""
    found = source.undecided(layer, given)
    return NONE if found is None else both(source.store, layer, whole, found)


def both(store: Store, layer: Layer, query: Query, keys: Keys) -> Keys:
    """Those of some features that a query is about, too."""
    if not len(keys) or query == Query(sort=query.sort):
        return keys
    terms = [among(keys), *([] if query.filter is None else [query.filter])]
    found = store.keys(layer.id, Query(query.extent, filter=tree.joined(tree.And, terms, None)))
    return np.array(found, np.int64)


def nearest_first(within: Within | None, keys: Keys) -> Places:
    """The order of the features: certain before possible where they are equally far away."""
    if within is None or within.distances is None:
        return np.arange(len(keys))
    places = within.places(keys)
    return np.lexsort((keys, ~within.certain[places], within.distances[places]))


def features(store: Store, layer: Layer, within: Within | None, keys: Keys) -> list[Json]:
    said: list[Sequence[object]] = [] if within is None else columns_of(within, keys.tolist())
    nothing: list[Sequence[object]] = [[None] * len(keys)] * (2 - len(said))
    names = ("certainty", "distance_m")
    found = []
    for (feature, vague), *row in zip(about(store, layer, keys), *said, *nothing, strict=True):
        more = dict(zip(names, row, strict=True))
        found.append({"id": feature, **more, "uncertainty_m": vague})
    return found


def about(store: Store, layer: Layer, keys: Keys) -> Iterator[tuple[str, object]]:
    """The id of each, and its uncertainty in metres if it is known."""
    field = layer.schema.with_role("uncertainty")
    names = [field.name] if field else []
    found: dict[int, tuple[str, object]] = {}
    for batch in store.batches(layer.id, Query(filter=among(keys)), names) if len(keys) else ():
        vague = batch.columns[field.name] if field else [None] * len(batch.fids)
        found.update(zip(batch.fids, zip(batch.ids, vague, strict=True), strict=True))
    return map(found.__getitem__, keys.tolist())

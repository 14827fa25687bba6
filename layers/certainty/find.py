"""The features of a layer that lie in an area, certainly or possibly, and those that nobody knows.

The R-tree finds what can be near; what is known to its district only is looked at wherever its
point lies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.discs import QUARTER, with_room
from layers.certainty.areas import CERTAIN, POSSIBLE, UNDECIDED, Area
from layers.certainty.possible import DISTRICT, ROLES, UNKNOWN, possible
from layers.districts import Districts
from layers.filter import tree
from layers.filter.queryables import geometry_name
from layers.model import Batch, Layer, Query
from layers.stores.store import Store

Keys = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Within:
    """The keys (fid) of what lies in an area, certainly or possibly, in their order.

    `distances` in metres, nan where not known; None where the area is not about distances.
    """

    keys: Keys
    certain: NDArray[np.bool_]
    distances: Floats | None = None

    def places(self, keys: Any) -> NDArray[np.int64]:
        """Where some of the keys stand in the columns."""
        return np.searchsorted(self.keys, np.asarray(keys, np.int64))


def find(store: Store, layer: Layer, area: Area, districts: Districts, furthest: float) -> Within:
    """`furthest`: the largest uncertainty in the layer, in metres."""
    keys, certain, distances = [np.empty(0, np.int64)], [np.empty(0, bool)], [np.empty(0)]
    for batch in _looked_at(store, layer, area, furthest):
        said, away = area.answers(possible(layer, batch, districts), districts)
        inside = said >= POSSIBLE
        keys.append(np.array(batch.fids, np.int64)[inside])
        certain.append(said[inside] == CERTAIN)
        distances.append(np.empty(0) if away is None else away[inside])
    once, first = np.unique(np.concatenate(keys), return_index=True)
    measured = np.concatenate(distances)[first] if area.measures else None
    return Within(once, np.concatenate(certain)[first], measured)


def undecided(store: Store, layer: Layer, area: Area, districts: Districts) -> Keys:
    """The keys of what may be inside as well as outside, for nobody knows where it is."""
    place = tree.Property(geometry_name(layer), "geometry")
    terms: list[tree.Node] = [tree.IsNull(place)]
    placed = _one_of(layer, "placement", DISTRICT, UNKNOWN)
    found: list[int] = []
    query = Query(filter=tree.joined(tree.Or, [*terms, *placed], None))
    for batch in store.batches(layer.id, query, _fields(layer)):
        said, _ = area.answers(possible(layer, batch, districts), districts)
        found += [batch.fids[at] for at in np.flatnonzero(said == UNDECIDED).tolist()]
    return np.array(sorted(found), np.int64)


def furthest_m(store: Store, layer: Layer) -> float:
    """The largest uncertainty of a layer in metres, 0 where it has none."""
    field = layer.schema.with_role("uncertainty")
    if field is None:
        return 0.0
    [whole] = store.groups(layer.id, Query(), [], [field.name])
    greatest = whole.of[0].greatest
    return min(max(float(greatest), 0.0), QUARTER) if isinstance(greatest, int | float) else 0.0


def among(keys: Any) -> tree.Node:
    """That a feature is one of those with such keys."""
    return tree.Among(orjson.dumps(np.asarray(keys, np.int64).tolist()).decode())


def _looked_at(store: Store, layer: Layer, area: Area, furthest: float) -> Iterator[Batch]:
    """All that can be inside; some may come twice."""
    place = tree.Property(geometry_name(layer), "geometry")
    boxes = [part.shape for part in with_room(area.extent, furthest).parts]
    around = tree.Shape(boxes[0] if len(boxes) == 1 else shapely.union_all(boxes))
    terms: list[tree.Node] = [tree.SpatialPredicate("S_INTERSECTS", place, around)]
    terms += _one_of(layer, "placement", DISTRICT)
    if area.district is not None:
        terms += _one_of(layer, "district", area.district)
    for term in terms:
        yield from store.batches(layer.id, Query(filter=term), _fields(layer))


def _one_of(layer: Layer, role: str, *values: str) -> list[tree.Node]:
    """Whether the field of a role has one of some values; nothing where there is no such field."""
    field = layer.schema.with_role(role)
    if field is None:
        return []
    literals = tuple(tree.Literal(value, "text") for value in values)
    named = tree.Property(field.name, field.type)
    if field.type != "list":
        return [tree.In(named, literals)]
    return [tree.ArrayPredicate("A_OVERLAPS", named, tree.Array(literals))]


def _fields(layer: Layer) -> list[str]:
    found = (layer.schema.with_role(role) for role in ROLES)
    return [one.name for one in found if one is not None]

"""Where things of several layers share one point: a side of it for each, so that all are seen.

QGIS fans out what shares a point within a layer; between layers it draws one over the other. The
project file says for each feature that shares its point with another layer to which side it goes.
"""

import math
from collections.abc import Mapping, Sequence

import shapely

from layers.model import Query
from layers.stores.store import Store
from server.esri_layers import Published

RADIUS = 3.2  # millimetres, a little less than a symbol
# Beyond this a layer is no set of places with names, and the expression would be long.
MOST_FEATURES = 2_000

Offset = tuple[float, float]
Fan = Mapping[int, Mapping[str, Offset]]  # number of the layer -> id of the feature -> where to


def fan(store: Store, found: Sequence[Published], drawn: Sequence[str]) -> Fan:
    """`drawn` are the placements that are drawn at all; a layer without placements draws each."""
    places: dict[tuple[float, float], dict[int, list[str]]] = {}
    for one in found:
        if one.kind == "point" and one.layer.role == "sites":
            for point, feature in _points(store, one, drawn):
                places.setdefault(point, {}).setdefault(one.number, []).append(feature)
    offsets: dict[int, dict[str, Offset]] = {}
    for layers in places.values():
        for place, (number, features) in enumerate(layers.items()):
            if len(layers) > 1:
                for feature in features:
                    offsets.setdefault(number, {})[feature] = _side(place, len(layers))
    return offsets


def _points(
    store: Store, one: Published, drawn: Sequence[str]
) -> list[tuple[tuple[float, float], str]]:
    field = one.layer.schema.with_role("placement")
    features = list(store.features(one.layer.id, Query(limit=MOST_FEATURES + 1)))
    if len(features) > MOST_FEATURES:
        return []
    found = []
    for feature in features:
        placement = feature.properties[field.name] if field else None
        shape = shapely.from_wkb(feature.geometry, on_invalid="ignore")
        if shape is not None and shape.geom_type == "Point" and placement in (None, *drawn):
            found.append(((shape.x, shape.y), feature.id))
    return found


def _side(place: int, among: int) -> Offset:
    """Beginning at the left, clockwise; y goes down, as on a screen."""
    angle = math.pi + 2 * math.pi * place / among
    return round(RADIUS * math.cos(angle), 2), round(RADIUS * math.sin(angle), 2)


def expression(offsets: Mapping[str, Offset], quoted_id: str, texts: Mapping[str, str]) -> str:
    """CASE in QGIS's words; `texts` are the ids as its literals."""
    sides: dict[Offset, list[str]] = {}
    for feature, offset in offsets.items():
        sides.setdefault(offset, []).append(texts[feature])
    cases = " ".join(
        f"WHEN {quoted_id} IN ({', '.join(ids)}) THEN '{x},{y}'" for (x, y), ids in sides.items()
    )
    return f"CASE {cases} ELSE '0,0' END"

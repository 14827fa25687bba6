"""Where several things share one point: a place beside it for each, so that all are seen.

QGIS fans out what shares a point within a layer, and its labels do not follow; between layers it
draws one over the other. The project file says for each such feature where its symbol and label go.
"""

from collections.abc import Mapping, Sequence

import shapely

from layers.model import Query
from layers.stores.store import Store
from server.esri_layers import Published

# Millimetres: two columns, between which the dot of a town has room; symbols are 3.4 wide.
ASIDE, ROW = 2.7, 4.4
# Beyond this a layer is no set of places with names, and the expression would be long.
MOST_FEATURES = 2_000

Offset = tuple[float, float]
Fan = Mapping[int, Mapping[str, Offset]]  # number of the layer -> id of the feature -> where to


def fan(store: Store, found: Sequence[Published], drawn: Sequence[str]) -> Fan:
    """`drawn` are the placements that are drawn at all; a layer without placements draws each."""
    places: dict[tuple[float, float], list[tuple[int, str]]] = {}
    for one in found:
        if one.kind == "point" and one.layer.role == "sites":
            for point, feature in _points(store, one, drawn):
                places.setdefault(point, []).append((one.number, feature))
    offsets: dict[int, dict[str, Offset]] = {}
    for sharing in places.values():
        if len(sharing) > 1:
            for (number, feature), offset in zip(sharing, _columns(len(sharing)), strict=True):
                offsets.setdefault(number, {})[feature] = offset
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


def _columns(count: int) -> list[Offset]:
    """Down the left column, then down the right one; y goes down, as on a screen."""
    left = (count + 1) // 2
    columns = ((-ASIDE, left), (ASIDE, count - left))
    return [
        (x, round((row - (rows - 1) / 2) * ROW, 2)) for x, rows in columns for row in range(rows)
    ]


def expression(offsets: Mapping[str, Offset], quoted_id: str, texts: Mapping[str, str]) -> str:
    """CASE in QGIS's words; `texts` are the ids as its literals."""
    sides: dict[Offset, list[str]] = {}
    for feature, offset in offsets.items():
        sides.setdefault(offset, []).append(texts[feature])
    cases = " ".join(
        f"WHEN {quoted_id} IN ({', '.join(ids)}) THEN '{x},{y}'" for (x, y), ids in sides.items()
    )
    return f"CASE {cases} ELSE '0,0' END"

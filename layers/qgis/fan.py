"""Where several things share one point: a place beside it for each, so that all are seen.

QGIS fans out what shares a point within a layer, and its labels do not follow; between layers it
draws one over the other. A style says for each such feature where its symbol and label go.
"""

from collections.abc import Hashable, Iterable
from typing import TypeVar

import shapely

from layers.model import Feature, Layer
from layers.qgis.look import Look, Offset, quoted, text
from layers.style import FILLED, HOLLOW

# Millimetres: two columns, between which the dot of a town has room; symbols are 3.4 wide.
ASIDE, ROW = 2.7, 4.4
# Beyond this a layer is no set of places with names, and the expression would be long. Whoever
# reads features for a fan reads one more, so that it is seen.
MOST_FEATURES = 2_000

Key = TypeVar("Key", bound=Hashable)


def fan(
    layers: Iterable[tuple[Key, Layer, Iterable[Feature]]],
) -> dict[Key, dict[str, Offset]]:
    """By the key of the layer and the id of the feature: where to. A layer with placements draws
    those that stand at their place or in their town, one without draws each.
    """
    places: dict[tuple[float, float], list[tuple[Key, str]]] = {}
    for key, layer, features in layers:
        for point, feature in _points(layer, features):
            places.setdefault(point, []).append((key, feature))
    offsets: dict[Key, dict[str, Offset]] = {}
    for sharing in places.values():
        if len(sharing) > 1:
            for (key, feature), offset in zip(sharing, _columns(len(sharing)), strict=True):
                offsets.setdefault(key, {})[feature] = offset
    return offsets


def _points(layer: Layer, features: Iterable[Feature]) -> list[tuple[tuple[float, float], str]]:
    field = layer.schema.with_role("placement")
    features = list(features)
    if len(features) > MOST_FEATURES:
        return []
    found = []
    for feature in features:
        placement = feature.properties[field.name] if field else None
        shape = shapely.from_wkb(feature.geometry, on_invalid="ignore")
        drawn = placement in (None, *FILLED, *HOLLOW)
        if shape is not None and shape.geom_type == "Point" and drawn:
            found.append(((shape.x, shape.y), feature.id))
    return found


def _columns(count: int) -> list[Offset]:
    """Down the left column, then down the right one; y goes down, as on a screen."""
    left = (count + 1) // 2
    columns = ((-ASIDE, left), (ASIDE, count - left))
    return [
        (x, round((row - (rows - 1) / 2) * ROW, 2)) for x, rows in columns for row in range(rows)
    ]


def aside(look: Look) -> str:
    """Where a feature goes, as "x,y" in millimetres: CASE in QGIS's words."""
    sides: dict[Offset, list[str]] = {}
    for feature, offset in look.offsets.items():
        sides.setdefault(offset, []).append(text(feature))
    public = quoted(look.names[None])
    cases = " ".join(
        f"WHEN {public} IN ({', '.join(ids)}) THEN '{x},{y}'" for (x, y), ids in sides.items()
    )
    return f"CASE {cases} ELSE '0,0' END"

"""What a file says of features that lie in an area: how sure that is, and how far away they are."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from layers.certainty.find import Within
from layers.export.fields import FIRST_ROLES, free_name, with_fields
from layers.model import Batch, Field, Layer, Text

CERTAINTIES: Mapping[str, Text] = {
    "certain": Text("一定", "certain"),
    "possible": Text("可能", "possible"),
}
CERTAINTY, DISTANCE = "area_certainty", "distance_m"
_CERTAINTY = Text("是否在范围内", "Inside of the area")
_DISTANCE = Text("距离", "Distance")


def with_area(layer: Layer, within: Within) -> tuple[Layer, Callable[[Batch], Batch]]:
    """The layer with these fields right after its placement and uncertainty, and what adds them."""
    names = [one.name for one in layer.schema.fields]
    added = [Field(free_name(CERTAINTY, names), "text", _CERTAINTY, codes=CERTAINTIES)]
    if within.distances is not None:
        added.append(Field(free_name(DISTANCE, names), "number", _DISTANCE, unit="m"))
    first = [one for one in layer.schema.fields if one.role in FIRST_ROLES]
    rest = [one for one in layer.schema.fields if one.role not in FIRST_ROLES]

    def said(batch: Batch) -> Batch:
        columns: list[Sequence[object]] = [*columns_of(within, batch.fids)]
        new = dict(zip((one.name for one in added), columns, strict=True))
        return batch._replace(columns={**batch.columns, **new})

    return with_fields(layer, [*first, *added, *rest]), said


def columns_of(within: Within, keys: Sequence[int]) -> list[Sequence[object]]:
    """The certainty of each, and its distance in metres, to the millimetre, if it is known."""
    places = within.places(keys)
    certain = ["certain" if one else "possible" for one in within.certain[places].tolist()]
    if within.distances is None:
        return [certain]
    metres = np.round(within.distances[places], 3)
    return [certain, [None if one != one else one for one in metres.tolist()]]

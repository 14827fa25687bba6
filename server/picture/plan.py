"""Where everything of a view stands on a sheet: laid out once, before anything is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from server.html_values import number
from server.picture.camera import Camera, framing, looking_at
from server.picture.groups import grouped
from server.picture.items import Item
from server.picture.names import Label, labels, shown_towns
from server.picture.pills import APART_FROM, Pill, Pills, named_keys, town_names
from server.picture.placing import Box, Placing, Point
from server.picture.plates import Plate, Plates
from server.picture.view import View
from server.picture.wording import measured, said

# The band of the frame's degrees, which stays free.
TOP, SIDE, BOTTOM = 22, 46, 10
EDGE, TICKED = 4, 150  # points; of a map that has degrees along its edges
AREA_TEXT = 12
SMALL = 620  # a map narrower than this has small plates and fewer symbols


@dataclass(frozen=True, eq=False)
class Plan:
    """A view in a window of `camera`; lengths are points from the map's upper left corner."""

    view: View
    camera: Camera
    pills: Sequence[Pill]
    plates: Sequence[Plate]
    labels: Sequence[Label]
    dots: Sequence[Point]  # of towns
    unplaced: Sequence[Item]
    left_out: Sequence[Item]  # known to a district whose plate has found no room
    area_label: tuple[str, Box] | None = None

    @property
    def numbers(self) -> Mapping[int, Pill]:
        """Of a numbered plan: the pills by their numbers, as one reads them."""
        return {pill.number: pill for pill in self.pills if pill.number is not None}


def plan(view: View, camera: Camera, *, numbered: bool = False, taken: Sequence[Box] = ()) -> Plan:
    """`taken`: what stands on the map besides. `numbered`: pills have numbers for a list."""
    placing = Placing(frame(camera.width, camera.height))
    for box in taken:
        placing.take(box)
    area_label = _area_label(view, camera, placing)
    small, apart = camera.width < SMALL, camera.zoom >= APART_FROM
    towns = shown_towns(view, camera)
    pills = Pills(
        placing, town_names(view.ground.towns), view.selected,
        small=small, apart=apart, numbered=numbered,
    )  # fmt: skip
    groups = sorted(
        grouped(view.items, camera, view.ground, apart), key=lambda one: not pills.is_chosen(one)
    )
    pills.reserve(groups)
    points = [*(one.point for one in groups), *(point for _, point in towns)]
    plates = Plates(view, camera, placing, points, small)
    drawn = plates.draw()
    settled = pills.settle(groups)
    if numbered:
        _number(settled)
    for town, (x, y) in towns:
        placing.take(Box(x - 3, y - 3, 6, 6), town)
    return Plan(
        view=view,
        camera=camera,
        pills=settled,
        plates=drawn,
        labels=list(labels(view, camera, placing, towns, named_keys(settled))),
        dots=[point for _, point in towns],
        unplaced=[one for one in view.items if one.home == "tray"],
        left_out=plates.left_out,
        area_label=area_label,
    )


def frame(width: float, height: float) -> Box:
    """Where labels stand. A map too small for degrees along its edges has no band for them."""
    if not has_ticks(width, height):
        return Box(EDGE, EDGE, width - 2 * EDGE, height - 2 * EDGE)
    return Box(SIDE, TOP, width - SIDE - BOTTOM, height - TOP - BOTTOM)


def has_ticks(width: float, height: float) -> bool:
    return width >= TICKED and height >= TICKED


def _area_label(view: View, camera: Camera, placing: Placing) -> tuple[str, Box] | None:
    """How sure it is that things are in the area, beside its upper right corner."""
    if view.area is None:
        return None
    certain = sum(one.certain is True for one in view.items)
    values = {"certain": certain, "possible": len(view.items) - certain}
    text = said(view.words, "area.counts", **{key: number(one) for key, one in values.items()})
    world = shapely.transform(view.ground.world([view.area])[0], camera.points)
    _, top, right, _ = shapely.bounds(world).tolist()
    box = placing.clamped(Box(right + 6, top - 12, measured(text, AREA_TEXT) + 16, 24))
    placing.take(box)
    return text, box


def camera_of(view: View, width: float, height: float) -> Camera:
    """The link's middle and zoom; without them those of the whole zone."""
    whole = framing(view.ground.box, width, height)
    if view.center is None and view.zoom is None:
        return whole
    lon, lat = view.center or whole.middle
    zoom = whole.zoom if view.zoom is None else view.zoom
    return looking_at(view.ground.turned(lon), lat, zoom, width, height)


def _number(pills: Sequence[Pill]) -> None:
    """From above downwards, in bands as high as a pill, and from left to right in each."""
    order = sorted(pills, key=lambda one: (np.floor(one.box.y / 48), one.box.x))
    for at, pill in enumerate(order, 1):
        pill.number = at

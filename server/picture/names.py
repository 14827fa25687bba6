"""Names on the ground: towns, neighbouring areas, the groups they belong to (static/names.js)."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from server.picture.camera import Camera
from server.picture.groups import key_of
from server.picture.innermost import innermost
from server.picture.items import Item
from server.picture.placing import Box, Placing, Point, around
from server.picture.view import View
from server.picture.wording import measured, shortened

TOWN, NEIGHBOUR, GROUP, SPACING = 11, 11, 15, 8
LONGEST = 160
DOT = 2.5

Kind = Literal["town", "neighbour", "group"]


@dataclass(frozen=True)
class Label:
    kind: Kind
    text: str
    box: Box


def shown_towns(view: View, camera: Camera) -> list[tuple[Item, Point]]:
    """Those in the window; first those that hold something: they are the ones one looks for."""
    busy = {key_of(one.point) for one in view.items if one.home == "map" and one.point}
    found = []
    for town in view.ground.towns:
        if town.point is None or town.layer.id not in view.on:
            continue
        x, y = camera.at((view.ground.turned(town.point[0]), town.point[1]))
        if -DOT <= x <= camera.width + DOT and -DOT <= y <= camera.height + DOT:
            found.append((town, (x, y)))
    return sorted(found, key=lambda one: key_of(one[0].point or (0, 0)) not in busy)


def labels(
    view: View,
    camera: Camera,
    placing: Placing,
    towns: list[tuple[Item, Point]],
    named: Container[object],
) -> Iterator[Label]:
    """`named`: places that a pill names already."""
    for town, point in towns:
        key = key_of(town.point or (0, 0))
        text = shortened(town.name, LONGEST, TOWN)
        boxes = around(point, measured(text, TOWN), TOWN + 4, 5)
        if key not in named and (box := placing.place(boxes, town)):
            yield Label("town", text, box)
    yield from _groups(view, camera, placing)
    yield from _neighbours(view, camera, placing)


def _groups(view: View, camera: Camera, placing: Placing) -> Iterator[Label]:
    layers = {one.item.layer.id: one.item.layer for one in view.ground.backdrop}
    for layer in layers.values():
        field = layer.schema.with_role("group")
        codes = (field.codes or {}) if field else {}
        for key, spot in layer.style.labels_at.items() if layer.id in view.on else ():
            text = shortened(codes[key].of(view.lang) if key in codes else key, LONGEST, GROUP)
            x, y = camera.at((view.ground.turned(spot.lon), spot.lat))
            width = measured(text, GROUP) + SPACING * len(text)
            box = placing.place([Box(x - width / 2, y - GROUP / 2 - 3, width, GROUP + 6)])
            if box is not None:
                yield Label("group", text, box)


def _neighbours(view: View, camera: Camera, placing: Placing) -> Iterator[Label]:
    """Where the part of them that is seen has the most room."""
    shown = [one for one in view.ground.backdrop if one.item.layer.id in view.on]
    shapes = camera.shapes(np.array([one.shape for one in shown], dtype=object), room=0)
    for region, shape in zip(shown, shapes.tolist(), strict=True):
        if not any(one.role == "name" for one in region.item.layer.schema.fields):
            continue
        inner = None if shape is None or shape.is_empty else innermost(_largest(shape))
        text = shortened(region.item.name, LONGEST, NEIGHBOUR)
        width = measured(text, NEIGHBOUR)
        if inner is None or inner.room * 2.4 < width:
            continue
        x, y = inner.point
        box = placing.place([Box(x - width / 2, y - 8, width, 16)])
        if box is not None:
            yield Label("neighbour", text, box)


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return parts[int(shapely.area(parts).argmax())]

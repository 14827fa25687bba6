"""District plates and the room there is for them, as the page finds it (static/plateroom.js)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from server.picture.camera import Camera
from server.picture.ground import Region
from server.picture.innermost import innermost
from server.picture.items import Item
from server.picture.placing import Box, Placing, Point, outward
from server.picture.plate_lines import Line, plate_lines
from server.picture.view import View

MOST = 12  # areas with plates of their own; more are a subdivision, and have small ones
FURTHEST, ANYWHERE = 190, 600  # points that a plate, or a small one, may stand from its spot
CROWD = 500  # more places than this cannot all be kept free
SEARCHED = 60  # plates that are searched room for; more have their spot or nothing
TOO_MUCH, TOO_MUCH_CLOSE_UP, CLOSE_UP = 0.3, 0.05, 11
EDGE, ROOM = 0.06, 16
OUTSIDE, COVERED, MARGIN = 400, 25, 4


@dataclass(frozen=True, eq=False)
class Plate:
    region: Region
    lines: Sequence[Line]  # their boxes on the map
    box: Box
    lead: tuple[Point, Point] | None


@dataclass(frozen=True)
class _Stand:
    box: Box
    outside: float
    cost: float


def held(items: Sequence[Item]) -> Mapping[str, list[Item]]:
    """Those that are known to lie in one district alone, by its code."""
    found: dict[str, list[Item]] = {}
    for item in items:
        if len(item.districts) == 1:
            found.setdefault(item.districts[0], []).append(item)
    return found


class Plates:
    """`points`: places that a plate would rather not cover."""

    def __init__(
        self, view: View, camera: Camera, placing: Placing, points: Sequence[Point], small: bool
    ) -> None:
        self.view, self.camera, self.placing = view, camera, placing
        self.points = np.array(points if len(points) <= CROWD else []).reshape(-1, 2)
        self.small = small or len(view.ground.areas) > MOST
        self.held = held(view.items)
        self.left_out: list[Item] = []  # for want of room

    def draw(self) -> list[Plate]:
        found = []
        shapes = self.camera.shapes(np.array([one.shape for one in self.view.ground.areas], object))
        for n, (region, shape) in enumerate(zip(self.view.ground.areas, shapes, strict=True)):
            items = [one for code in region.item.districts for one in self.held.get(code, ())]
            only = [one for one in items if one.home == "plate"]
            spot = self._seen(region, shape)
            if spot is None or not (region.item.layer.id in self.view.on or only):
                continue
            reach = (FURTHEST, ANYWHERE) if n < SEARCHED else (0, 0)
            plate = self._chosen(region, shape, spot, items, only, reach)
            if plate is not None:
                found.append(plate)
        return found

    def _seen(self, region: Region, shape: shapely.Geometry) -> Point | None:
        """Its spot, or the roomiest place of what is seen of it; None where that is too little."""
        lon, lat = region.spot
        spot = self.camera.at((self.view.ground.turned(lon), lat))
        x, y, width, height = self.placing.frame
        inside = Box(
            x + width * EDGE, y + height * EDGE, width * (1 - 2 * EDGE), height * (1 - 2 * EDGE)
        )
        if inside.holds(*spot):
            return spot
        part = shapely.clip_by_rect(
            shape, inside.x, inside.y, inside.x + inside.width, inside.y + inside.height
        )
        inner = None if part is None or part.is_empty else innermost(part)
        return inner.point if inner and inner.room > ROOM else None

    def _chosen(
        self,
        region: Region,
        shape: shapely.Geometry,
        spot: Point,
        items: Sequence[Item],
        only: Sequence[Item],
        reach: tuple[int, int],
    ) -> Plate | None:
        """The full plate, or a small one where that has room in the district and it has not.

        Where even what is known to the district only finds no room there is none: words that lie
        over others cannot be read.
        """
        lines = plate_lines(self.view, region, items, only, self.small)
        at = self._room(lines, shape, spot, reach[1 if self.small else 0])
        most = TOO_MUCH_CLOSE_UP if self.camera.zoom >= CLOSE_UP else TOO_MUCH
        if not (self.small or (at is not None and at.outside <= most)):
            fewer = plate_lines(self.view, region, items, only, True)
            other = self._room(fewer, shape, spot, reach[1])
            if other is not None and (at is None or other.outside < at.outside):
                lines, at = fewer, other
        if at is None and only:
            lines = plate_lines(self.view, region, items, only, True, named=False)
            at = self._room(lines, shape, spot, reach[1])
        if at is None:
            self.left_out += only
            return None
        moved = [
            Line(one.kind, one.text, one.box.moved(at.box.x, at.box.y), one.counts) for one in lines
        ]
        for line in moved:
            self.placing.take(_wide(line.box))
        lead = None
        if not shapely.contains_xy(shape, *at.box.middle):
            ends = [_wide(line.box).nearest(*spot) for line in moved]
            lead = spot, min(ends, key=lambda end: math.dist(end, spot))
            lead = None if lead[0] == at.box.nearest(*spot) else lead
        return Plate(region, moved, at.box, lead)

    def _room(
        self, lines: Sequence[Line], shape: shapely.Geometry, spot: Point, furthest: int
    ) -> _Stand | None:
        """The free place that costs least."""
        width, height = _size(lines)
        drawn = [_wide(line.box) for line in lines]
        words = np.array([point for box in drawn for point in _along(box)])
        shapely.prepare(shape)
        best: _Stand | None = None
        for box in outward(spot, width, height, furthest):
            away = math.dist(box.middle, spot)
            if best is not None and away >= best.cost:
                break  # they come in rings: none that follows can cost less
            # What costs little to find out first: most places are ruled out by it.
            if not self.placing.inside(box):
                continue
            if not all(self.placing.is_free(one.moved(box.x, box.y)) for one in drawn):
                continue
            at = words + np.array([box.x, box.y])
            inside = int(np.count_nonzero(shapely.contains_xy(shape, at[:, 0], at[:, 1])))
            outside = 1 - inside / len(at)
            cost = away + OUTSIDE * outside
            if best is not None and cost >= best.cost:
                continue
            cost += COVERED * self._covered([one.moved(box.x, box.y) for one in drawn])
            if best is None or cost < best.cost:
                best = _Stand(box, outside, cost)
        return best

    def _covered(self, boxes: Sequence[Box]) -> int:
        x, y = self.points[:, 0], self.points[:, 1]
        under = np.zeros(len(x), bool)
        for box in boxes:
            across = (x > box.x) & (x < box.x + box.width)
            under |= across & (y > box.y) & (y < box.y + box.height)
        return int(under.sum())


def _size(lines: Sequence[Line]) -> tuple[float, float]:
    return (
        max((one.box.x + one.box.width for one in lines), default=0),
        max((one.box.y + one.box.height for one in lines), default=0),
    )


def _wide(box: Box) -> Box:
    """A line as wide as its words and a margin: a pill may stand beside a short one."""
    return Box(box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN)


def _along(box: Box) -> list[Point]:
    """Points above and below a line's words, from their first to their last."""
    parts = (0, 0.25, 0.5, 0.75, 1)
    return [
        (box.x + MARGIN + part * (box.width - 2 * MARGIN), y)
        for part in parts
        for y in (box.y + MARGIN, box.y + box.height - MARGIN)
    ]

"""Things at one place are one group; where too many meet, neighbours in a cell become one.

As on the page (static/groups.js), nothing is ever left out for want of room.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from geo.tiles import world_fractions
from server.picture.camera import Camera
from server.picture.ground import Ground
from server.picture.items import Item
from server.picture.placing import Point

MOST = 160  # groups; the names of more could not be read anyway
CELL = 72


@dataclass(eq=False)
class Group:
    """`places`: how many different positions it stands for."""

    key: tuple[float, float]
    items: list[Item]
    point: Point
    places: int = 1
    spots: list[Point] = field(default_factory=list)  # of all its places

    @property
    def districts(self) -> frozenset[str]:
        return frozenset(code for item in self.items for code in item.districts)

    @property
    def is_fixed(self) -> bool:
        """Stands on its place; what is known to towns only, or stands for several, has none."""
        return self.places == 1 and not all(item.hollow for item in self.items)

    def absorb(self, other: "Group") -> None:
        self.items += other.items
        self.places += other.places
        self.spots += other.spots
        self.items.sort(key=by_importance)


def key_of(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], 5), round(point[1], 5)


def by_importance(item: Item) -> tuple[int, int]:
    return -item.importance, item.order


def grouped(items: Iterable[Item], camera: Camera, ground: Ground, apart: bool) -> list[Group]:
    """The most important first. `apart`: nothing becomes one across the border of a district."""
    anchors: dict[tuple[float, float], list[Item]] = {}
    for item in items:
        if item.home == "map" and item.point:
            anchors.setdefault(key_of(item.point), []).append(item)
    places = [held[0].point or key for key, held in anchors.items()]
    degrees = np.array([(ground.turned(lon), lat) for lon, lat in places]).reshape(-1, 2)
    points = camera.points(world_fractions(degrees)).tolist()
    groups = []
    for (key, held), (x, y) in zip(anchors.items(), points, strict=True):
        if 0 <= x <= camera.width and 0 <= y <= camera.height:
            groups.append(Group(key, held, (x, y), spots=[(x, y)]))
    return _ordered(_merged(groups, apart) if len(groups) > MOST else groups)


def _merged(groups: Sequence[Group], apart: bool) -> list[Group]:
    cells: dict[object, Group] = {}
    for group in groups:
        x, y = group.point
        key = (int(x // CELL), int(y // CELL), group.districts if apart else None)
        first = cells.setdefault(key, group)
        if first is not group:
            first.items += group.items
            first.places += group.places
            first.spots += group.spots
    return list(cells.values())


def _ordered(groups: list[Group]) -> list[Group]:
    for group in groups:
        group.items.sort(key=by_importance)
    return sorted(groups, key=lambda one: (-one.items[0].importance, -len(one.items)))


def shown_items(group: Group, most: int) -> list[Item]:
    """The few whose symbols stand for it: one of each layer first, then more of the same."""
    first = list({item.layer.id: item for item in reversed(group.items)}.values())
    first.sort(key=group.items.index)
    if group.places > 1:
        return first[:most]
    others = (item for item in group.items if item not in first)
    chosen = [*first, *others][:most]
    return sorted(chosen, key=group.items.index)

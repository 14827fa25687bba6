"""Labels without overlap: the important first, each at the first of its places that is free.

The places are those of the page (static/placing.js).
"""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

CELL = 64
_TURNS = [(math.cos(step * math.pi / 8), math.sin(step * math.pi / 8)) for step in range(16)]

Point = tuple[float, float]


class Box(NamedTuple):
    """x and y of the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float) -> "Box":
        return Box(self.x + x, self.y + y, self.width, self.height)

    def overlaps(self, other: "Box") -> bool:
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height

    def holds(self, x: float, y: float) -> bool:
        return self.x < x < self.x + self.width and self.y < y < self.y + self.height

    def nearest(self, x: float, y: float) -> Point:
        """Its point that is nearest to another: where a line from there ends."""
        right, bottom = self.x + self.width, self.y + self.height
        return min(max(x, self.x), right), min(max(y, self.y), bottom)


class Placing:
    """What is taken already, in a coarse grid: each test looks at its neighbours only."""

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self._cells: dict[tuple[int, int], list[tuple[Box, object]]] = {}

    def take(self, box: Box, owner: object = None) -> None:
        """Whether or not it is free."""
        for cell in _cells(box):
            self._cells.setdefault(cell, []).append((box, owner))

    def release(self, owners: Iterable[object]) -> None:
        """Gives back all that they took."""
        gone = set(map(id, owners))
        for cell, entries in self._cells.items():
            self._cells[cell] = [one for one in entries if id(one[1]) not in gone]

    def is_free(self, box: Box, owner: object = None) -> bool:
        """An owner's own boxes are never in its way."""
        for cell in _cells(box):
            for other, its in self._cells.get(cell, ()):
                if (owner is None or its is not owner) and box.overlaps(other):
                    return False
        return True

    def inside(self, box: Box) -> bool:
        x, y, width, height = self.frame
        across = box.x >= x and box.x + box.width <= x + width
        return across and box.y >= y and box.y + box.height <= y + height

    def fits(self, box: Box, owner: object = None) -> bool:
        return self.inside(box) and self.is_free(box, owner)

    def place(self, boxes: Iterable[Box], owner: object = None) -> Box | None:
        """The first that is free and inside, taken."""
        for box in boxes:
            if self.fits(box, owner):
                self.take(box, owner)
                return box
        return None

    def clamped(self, box: Box) -> Box:
        """Moved into the frame."""
        x, y, width, height = self.frame
        return box._replace(
            x=max(x, min(box.x, x + width - box.width)),
            y=max(y, min(box.y, y + height - box.height)),
        )


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.x // CELL), int((box.x + box.width) // CELL) + 1):
        for row in range(int(box.y // CELL), int((box.y + box.height) // CELL) + 1):
            yield column, row


def outward(spot: Point, width: float, height: float, furthest: float) -> Iterator[Box]:
    """Around the middle of a label: there, else in rings further and further off."""
    x, y = spot[0] - width / 2, spot[1] - height / 2
    yield Box(x, y, width, height)
    for radius in range(10, int(furthest) + 1, 10):
        for across, down in _TURNS:
            yield Box(x + radius * across, y + radius * down, width, height)


def around(point: Point, width: float, height: float, gap: float) -> Iterator[Box]:
    """Beside a point first, then above and below, then further out."""
    x, y = point
    for far in (gap, gap + 10, gap + 22):
        near = far * 0.7
        yield Box(x + far, y - height / 2, width, height)
        yield Box(x - far - width, y - height / 2, width, height)
        yield Box(x - width / 2, y - far - height, width, height)
        yield Box(x - width / 2, y + far, width, height)
        yield Box(x + near, y - near - height, width, height)
        yield Box(x + near, y + near, width, height)
        yield Box(x - near - width, y - near - height, width, height)
        yield Box(x - near - width, y + near, width, height)

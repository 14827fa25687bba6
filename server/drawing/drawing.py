"""What is drawn on one sheet, before it is written in any format.

Lengths are points (1/72 inch), from the sheet's top left corner, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Line = npt.NDArray[np.float64]
"""Corners of a line or a ring, shape (n, 2): x, y."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Paint:
    """How a shape is filled and its edge drawn; colours are #rrggbb, None leaves it out."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1
    dash: tuple[float, ...] = ()
    fill_opacity: float = 1
    stroke_opacity: float = 1


@dataclass(frozen=True)
class Lettering:
    """How text is set: in the drawing's own font, upright."""

    size: float
    colour: str
    bold: bool = False
    anchor: Anchor = "start"
    halo: str | None = None  # the colour of a line around the letters, beneath them
    halo_width: float = 3
    spacing: float = 0  # after each letter


@dataclass(frozen=True)
class Shape:
    """Lines, or rings filled by the even-odd rule."""

    lines: tuple[Line, ...]
    closed: bool
    paint: Paint


@dataclass(frozen=True)
class Words:
    """One line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    lettering: Lettering


@dataclass(frozen=True)
class Clip:
    """What is drawn until the `Unclip` that belongs to it is seen inside these rings only."""

    rings: tuple[Line, ...]


@dataclass(frozen=True)
class Unclip:
    pass


Mark = Shape | Words | Clip | Unclip


@dataclass(frozen=True)
class Link:
    """A rectangle that leads to an address, where the format can."""

    x: float
    y: float
    width: float
    height: float
    address: str


@dataclass
class Drawing:
    """A sheet and its marks, the later over the earlier."""

    width: float
    height: float
    title: str = ""
    lang: str = "zh"
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def lines(self, lines: Iterable[Sequence[Sequence[float]] | Line], paint: Paint) -> None:
        self._shape(lines, False, paint)

    def rings(self, rings: Iterable[Sequence[Sequence[float]] | Line], paint: Paint) -> None:
        self._shape(rings, True, paint)

    def _shape(
        self, lines: Iterable[Sequence[Sequence[float]] | Line], closed: bool, paint: Paint
    ) -> None:
        kept = tuple(line for line in map(_line, lines) if len(line) > 1)
        if kept:
            self.marks.append(Shape(kept, closed, paint))

    def rectangle(
        self, x: float, y: float, width: float, height: float, paint: Paint, radius: float = 0
    ) -> None:
        self.rings([rounded(x, y, width, height, radius)], paint)

    def circle(self, x: float, y: float, radius: float, paint: Paint) -> None:
        """As many corners as make it round on paper at 300 dots an inch."""
        turn = np.linspace(0, 2 * np.pi, max(24, int(4 * radius)), endpoint=False)
        self.rings([np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])], paint)

    def text(self, x: float, y: float, text: str, lettering: Lettering) -> None:
        if text:
            self.marks.append(Words(x, y, text, lettering))

    @contextmanager
    def clip(self, rings: Iterable[Sequence[Sequence[float]] | Line]) -> Iterator[None]:
        self.marks.append(Clip(tuple(map(_line, rings))))
        yield
        self.marks.append(Unclip())

    def link(self, x: float, y: float, width: float, height: float, address: str) -> None:
        self.links.append(Link(x, y, width, height, address))


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Line:
    """The ring of a rectangle, its corners rounded."""
    if radius <= 0:
        return _line([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    radius = min(radius, width / 2, height / 2)
    quarter = np.linspace(0, np.pi / 2, max(5, int(radius)))
    arcs = []
    for middle_x, middle_y, start in (
        (x + width - radius, y + height - radius, 0.0),
        (x + radius, y + height - radius, np.pi / 2),
        (x + radius, y + radius, np.pi),
        (x + width - radius, y + radius, 3 * np.pi / 2),
    ):
        turn = start + quarter
        arcs.append(
            np.column_stack([middle_x + radius * np.cos(turn), middle_y + radius * np.sin(turn)])
        )
    return np.concatenate(arcs)


def _line(corners: Sequence[Sequence[float]] | Line) -> Line:
    return np.asarray(corners, np.float64).reshape(-1, 2)

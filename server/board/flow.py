"""What is read beside a map, laid into columns one after the other, from sheet to sheet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from server.drawing.drawing import Drawing
from server.picture.placing import Box

Draw = Callable[[Drawing, float, float], float]  # at its upper left corner; says how high it is


@dataclass(frozen=True)
class Block:
    """What stays in one piece, some lines high.

    `leads`: no column ends with it. `over`: room above it, but for the first of a column.
    """

    draw: Draw
    leads: bool = False
    over: float = 0

    @property
    def height(self) -> float:
        return self.draw(Drawing(0, 0), 0, 0)


@dataclass(frozen=True)
class Put:
    block: Block
    column: int
    x: float
    y: float


def flow(blocks: Sequence[Block], columns: Iterable[Box], tallest: float) -> list[Put]:
    """Each block in the first column with room for it and what it leads.

    `columns` never end, and those of whole sheets are `tallest` high: what is higher than they are
    begins at the top of one.
    """
    found: list[Put] = []
    numbered = enumerate(columns)
    column, box = next(numbered)
    y = box.y
    for piece in _pieces(blocks):
        tall = sum(height + block.over for block, height in piece) - piece[0][0].over
        tall = min(tall, tallest)
        over = piece[0][0].over if y > box.y else 0
        while y + over + tall > box.y + box.height:
            column, box = next(numbered)
            y, over = box.y, 0
        for place, (block, height) in enumerate(piece):
            y += block.over if place else over
            found.append(Put(block, column, box.x, y))
            y += height
    return found


def _pieces(blocks: Iterable[Block]) -> Iterator[list[tuple[Block, float]]]:
    piece: list[tuple[Block, float]] = []
    for block in blocks:
        piece.append((block, block.height))
        if not block.leads:
            yield piece
            piece = []
    if piece:
        yield piece

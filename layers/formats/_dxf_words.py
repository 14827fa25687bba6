"""The words of a drawing: labels at their places, and beside it the note and what has no place."""

from array import array
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from layers.formats._dxf_entities import Entities, wrapped
from layers.formats._dxf_layers import Drawn
from layers.formats._dxf_text import width
from layers.formats._dxf_xdata import Fields

_LINE = 1.8  # from line to line, in heights of the text
_WIDEST = 80.0  # of the note and the list, in heights
_FEWEST_ROWS = 40


class Waiting(NamedTuple):
    """A text without a place, and the fields of its feature."""

    layer: str
    text: str
    fields: Fields


class Labels:
    """Kept in a file until the size of the drawing, and so of its letters, is known."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._x, self._y = array("d"), array("d")

    def add(self, drawn: Drawn, place: Sequence[float]) -> None:
        if drawn.text:
            self._file.write(orjson.dumps([drawn.label, drawn.text]) + b"\n")
            self._x.append(place[0])
            self._y.append(place[1])

    def write(self, entities: Entities, height: float) -> None:
        """Right of their places; where several share one, below each other."""
        self._file.seek(0)
        turns = _turns(np.frombuffer(self._x), np.frombuffer(self._y)).tolist()
        for row, x, y, turn in zip(self._file, self._x, self._y, turns, strict=True):
            layer, text = orjson.loads(row)
            place = [x + 1.2 * height, y - (0.4 + turn * _LINE) * height]
            entities.text(layer, place, text, height)


def _turns(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many before it have the same place."""
    order = np.lexsort((y, x))
    xs, ys = x[order], y[order]
    first = np.ones(len(x), dtype=bool)
    first[1:] = (xs[1:] != xs[:-1]) | (ys[1:] != ys[:-1])
    count = np.arange(len(x))
    turns = np.empty(len(x), dtype=np.int64)
    turns[order] = count - np.maximum.accumulate(np.where(first, count, 0))
    return turns


class Placeless:
    """Features without coordinates, kept in a file until the drawing beside them is whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, drawn: Drawn, fields: Fields) -> None:
        self._file.write(orjson.dumps([drawn.label, drawn.text, tuple(fields)]) + b"\n")

    def all(self) -> Iterator[Waiting]:
        self._file.seek(0)
        for row in self._file:
            layer, text, fields = orjson.loads(row)
            yield Waiting(layer, text, Fields(*fields))


class Column:
    """Lines one below the other, from the upper right of what is drawn; then the next column."""

    def __init__(self, entities: Entities, height: float) -> None:
        bounds = entities.bounds
        self._entities, self._height = entities, height
        self._x, self._top = (bounds.most[0] + 4 * height, bounds.most[1]) if bounds else (0.0, 0.0)
        tall = bounds.most[1] - bounds.least[1] if bounds else 0.0
        self._rows = max(_FEWEST_ROWS, int(tall / (_LINE * height)))
        self._row, self._widest = 0, 0.0

    def paragraph(self, layer: str, text: str) -> None:
        for piece in wrapped(text, _WIDEST):
            self.line(layer, piece)

    def line(self, layer: str, text: str, fields: Fields | None = None) -> None:
        if self._row == self._rows:
            self.begin_next()
        self._row += 1
        self._widest = max(self._widest, width(text))
        place = [self._x, self._top - self._row * _LINE * self._height]
        self._entities.text(layer, place, text, self._height, fields)

    def begin_next(self) -> None:
        self._x += (self._widest + 3) * self._height
        self._row, self._widest = 0, 0.0

"""Parts of a picture, each drawn from a corner of its own, put onto one sheet."""

from dataclasses import replace

import numpy as np

from server.drawing.drawing import Clip, Drawing, Mark, Shape, Words


def paste(drawing: Drawing, part: Drawing, x: float, y: float) -> None:
    by = np.array([x, y])
    drawing.marks += [_moved(mark, by) for mark in part.marks]
    drawing.links += [replace(one, x=one.x + x, y=one.y + y) for one in part.links]


def _moved(mark: Mark, by: np.ndarray) -> Mark:
    match mark:
        case Shape():
            return replace(mark, lines=tuple(line + by for line in mark.lines))
        case Clip():
            return replace(mark, rings=tuple(ring + by for ring in mark.rings))
        case Words():
            return replace(mark, x=mark.x + by[0], y=mark.y + by[1])
    return mark

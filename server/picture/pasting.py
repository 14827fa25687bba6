"""Parts of a picture, each drawn from a corner of its own, put onto one sheet."""

from dataclasses import replace

import numpy as np

from server.drawing.drawing import Clip, Drawing, Lettering, Mark, Paint, Shape, Words


def paste(drawing: Drawing, part: Drawing, x: float, y: float, scale: float = 1) -> None:
    """With its upper left corner there, `scale` times as large, lines and letters too."""
    by = np.array([x, y])
    drawing.marks += [_moved(mark, by, scale) for mark in part.marks]
    drawing.links += [
        replace(
            one,
            x=one.x * scale + x,
            y=one.y * scale + y,
            width=one.width * scale,
            height=one.height * scale,
        )
        for one in part.links
    ]


def _moved(mark: Mark, by: np.ndarray, scale: float) -> Mark:
    match mark:
        case Shape():
            lines = tuple(line * scale + by for line in mark.lines)
            return Shape(lines, mark.closed, _scaled(mark.paint, scale))
        case Clip():
            return Clip(tuple(ring * scale + by for ring in mark.rings))
        case Words():
            x, y = mark.x * scale + by[0], mark.y * scale + by[1]
            return replace(mark, x=x, y=y, lettering=_set(mark.lettering, scale))
    return mark


def _scaled(paint: Paint, scale: float) -> Paint:
    if scale == 1:
        return paint
    dash = tuple(one * scale for one in paint.dash)
    return replace(paint, width=paint.width * scale, dash=dash)


def _set(lettering: Lettering, scale: float) -> Lettering:
    if scale == 1:
        return lettering
    return replace(
        lettering,
        size=lettering.size * scale,
        halo_width=lettering.halo_width * scale,
        spacing=lettering.spacing * scale,
    )

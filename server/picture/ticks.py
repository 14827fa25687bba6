"""Degrees on the frame of a map: ticks and labels along its edges (static/ticks.js)."""

import math
from collections.abc import Iterator

from server.drawing.drawing import Drawing, Lettering, Paint
from server.picture.camera import Camera
from server.picture.colours import palette

STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 2700, 5400)  # minutes of arc
ROOM, CORNER, LENGTH, SIZE = 84, 40, 6, 10


def draw_ticks(drawing: Drawing, camera: Camera, dark: bool) -> None:
    colours = palette(dark)
    stroke = Paint(stroke=colours["line-strong"].name, width=1)
    ink, halo = colours["ink-quiet"].name, colours["paper"].name
    width, height = camera.width, camera.height
    west, north = _degrees(camera, 0, 0)
    east, south = _degrees(camera, width, height)
    for minute in _minutes(west, east, width):
        x = camera.at((minute / 60, camera.middle[1]))[0]
        if CORNER <= x <= width - CORNER:
            drawing.lines([[(x, 0), (x, LENGTH)], [(x, height), (x, height - LENGTH)]], stroke)
            lettering = Lettering(SIZE, ink, anchor="middle", halo=halo)
            drawing.text(x, 16, _label(minute), lettering)
    for minute in _minutes(south, north, height):
        y = camera.at((camera.middle[0], minute / 60))[1]
        if CORNER <= y <= height - CORNER:
            drawing.lines([[(0, y), (LENGTH, y)], [(width, y), (width - LENGTH, y)]], stroke)
            drawing.text(9, y + 0.36 * SIZE, _label(minute), Lettering(SIZE, ink, halo=halo))


def _degrees(camera: Camera, x: float, y: float) -> tuple[float, float]:
    return (camera.west + x / camera.scale) * 360 - 180, camera.latitude(y)


def _minutes(low: float, high: float, length: float) -> Iterator[int]:
    span = max((high - low) * 60, 1e-9)
    step = next((one for one in STEPS if one / span * length >= ROOM), 0)
    if step:  # else one sees the world several times over
        yield from range(math.ceil(low * 60 / step) * step, math.floor(high * 60) + 1, step)


def _label(minute: int) -> str:
    """Beyond 180 degrees it goes on at -180."""
    turned = minute if -180 * 60 <= minute <= 180 * 60 else (minute + 180 * 60) % (360 * 60) - 10800
    size = abs(turned)
    return f"{'−' if turned < 0 else ''}{size // 60}°{size % 60:02}′"

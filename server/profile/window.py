"""The map of a profile: close enough to see where it is, wide enough to know what around."""

import math

import numpy as np
import shapely

from geo.discs import discs
from server.drawing.drawing import Drawing, Paint
from server.picture.camera import EARTH, framing
from server.picture.colours import palette
from server.picture.draw import draw_map, draw_scale_bar
from server.picture.placing import Box
from server.picture.plan import plan
from server.picture.view import View

# Points of the sheet for each of the map's own: its words are those of the sheet's text.
SCALE = 0.75
LEAST_METRES = 8_000.0  # from the middle to the edge of a map around one place
AROUND = 2.2  # times the possible area, and the shape of a thing
BAR = Box(0, 0, 130, 26)  # room for the scale

Bounds = tuple[float, float, float, float]  # shares of the world: west, north, east, south


def draw_window(view: View, width: float, height: float) -> Drawing:
    """The map of a profile in points of the sheet, its frame included."""
    wide, high = width / SCALE, height / SCALE
    camera = framing(_bounds(view), wide, high)
    bar = BAR.moved(0, high - BAR.height)
    part = Drawing(wide, high, title=view.selected.name if view.selected else "")
    planned = plan(view, camera, taken=[bar])
    draw_map(part, planned)
    draw_scale_bar(part, planned, 12, high - 10)
    line = palette(view.dark)["line-strong"].name
    part.rectangle(0, 0, wide, high, Paint(stroke=line, width=1.4))
    return part


def _bounds(view: View) -> Bounds | None:
    """What is to be seen whole; None where there is nothing at all."""
    item = view.selected
    if item is None:
        return view.ground.box
    ground = view.ground
    own = next((one for one in ground.areas if one.item.key == item.key), None)
    if own is not None:
        return _box(own.shape)
    if item.layer.role == "sites" and item.home == "plate":
        area = ground.by_district.get(item.districts[0])
        return _box(area.shape) if area is not None else ground.box
    if item.home != "map" or item.geometry is None:
        return ground.box
    if item.point is None:
        [found] = ground.world([item.geometry]).tolist()
        return _wider(_box(found), AROUND, LEAST_METRES / 2)
    lon, lat = item.point
    if item.uncertainty:
        around = discs(np.array([lon]), np.array([lat]), np.array([item.uncertainty]))
        [found] = ground.world(around).tolist()
    else:
        [found] = ground.world([item.geometry]).tolist()
    return _wider(_box(found), AROUND, LEAST_METRES)


def _box(shape: shapely.Geometry) -> Bounds:
    west, north, east, south = shapely.bounds(shape).tolist()
    return west, north, east, south


def _wider(box: Bounds, times: float, metres: float) -> Bounds:
    """So many times as large, and at least so many metres from its middle to each side."""
    west, north, east, south = box
    x, y = (west + east) / 2, (north + south) / 2
    latitude = math.atan(math.sinh(math.pi * (1 - 2 * y)))
    least = metres / (EARTH * math.cos(latitude))
    across = max((east - west) / 2 * times, least)
    down = max((south - north) / 2 * times, least)
    return x - across, y - down, x + across, y + down

"""Which part of the world a board shows, at a true round scale."""

import math
from dataclasses import dataclass, replace

import numpy as np

from geo.geodesic import distance_m
from geo.tiles import world_fractions
from server.board.parameters import LEAST_SCALE, MOST_SCALE, Box, Wish
from server.picture.camera import CLOSEST, MARGIN, TILE, Camera
from server.picture.ground import Ground
from server.picture.plan import camera_of
from server.picture.view import View

# Round ones, close enough to each other to fill the paper.
STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10)
FURTHEST = 85.0  # degrees of latitude that a map of web Mercator has


@dataclass(frozen=True)
class Scaled:
    """A window whose middle has the scale 1:`denominator`, and what is so long there."""

    camera: Camera
    denominator: int
    metres_per_unit: float

    @property
    def strays(self) -> float:
        """By how much of itself a length is wrong that is measured at the upper or lower edge.

        Web Mercator grows with latitude, by the inverse of its cosine.
        """
        heights = (self.camera.height / 2, 0, self.camera.height)
        latitudes = map(self.camera.latitude, heights)
        middle, *edges = (math.cos(math.radians(one)) for one in latitudes)
        return max(max(one / middle, middle / one) - 1 for one in edges)


def scaled(view: View, wish: Wish, width: float, height: float) -> Scaled:
    """A window of so many units: the scale wished for, else one at which all is seen."""
    camera = _wanted(view, wish, width, height)
    needed = metres_per_unit(camera) / wish.paper.metres
    # A whole zone is framed with room around it, some of which may go.
    is_framed = wish.extent is None and view.center is None and view.zoom is None
    least = needed * (1 - MARGIN / max(width, height)) if is_framed else needed
    denominator = wish.map_scale or min(max(rounded_up(least), LEAST_SCALE), MOST_SCALE)
    camera = _rescaled(camera, needed / denominator)
    return Scaled(camera, denominator, denominator * wish.paper.metres)


def rounded_up(needed: float) -> int:
    """The next round scale, of those that whole numbers are."""
    power: int = 10 ** max(1, math.floor(math.log10(needed)))
    step = next(one for one in STEPS if one * power >= needed * (1 - 1e-9))
    return round(step * power)


def metres_per_unit(camera: Camera) -> float:
    """From west to east in the map's middle, on the ellipsoid."""
    lon, lat = camera.middle
    part = 1e-3  # of a degree
    metres = float(distance_m(lon - part / 2, lat, lon + part / 2, lat))
    return metres * 360 / part / camera.scale


def _wanted(view: View, wish: Wish, width: float, height: float) -> Camera:
    if wish.extent is None:
        return camera_of(view, width, height)
    west, north, east, south = _box(view.ground, wish.extent)
    sides = [width / (east - west)] if east > west else []
    sides += [height / (south - north)] if south > north else []
    scale = min(sides, default=TILE * 2**CLOSEST)
    x, y = (west + east) / 2, (north + south) / 2
    return Camera(x - width / 2 / scale, y - height / 2 / scale, scale, width, height)


def _box(ground: Ground, extent: Box) -> Box:
    """In shares of the world: west, north, east, south."""
    west, south, east, north = extent
    west, east = ground.turned(west), ground.turned(east)
    east += 360 if east < west else 0
    south, north = (min(max(one, -FURTHEST), FURTHEST) for one in (south, north))
    corners = world_fractions(np.array([(west, north), (east, south)])).ravel().tolist()
    return corners[0], corners[1], corners[2], corners[3]


def _rescaled(camera: Camera, times: float) -> Camera:
    """Around its middle."""
    x = camera.west + camera.width / 2 / camera.scale
    y = camera.north + camera.height / 2 / camera.scale
    scale = camera.scale * times
    west, north = x - camera.width / 2 / scale, y - camera.height / 2 / scale
    return replace(camera, west=west, north=north, scale=scale)

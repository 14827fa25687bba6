"""Where positions stand on a sheet: web Mercator, of which the sheet is a window."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.tiles import world_fractions

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[Any]

TILE = 256  # points of the world at zoom 0, as the page has it
CLOSEST = 14.0  # of what is framed by itself: there is nothing finer to be seen
MARGIN = 26  # points around what is framed
WORLD = (0.0, 20.0, 1.0)  # where there is nothing: longitude, latitude, zoom
EARTH = 2 * math.pi * 6378137  # metres round the equator


@dataclass(frozen=True)
class Camera:
    """A window of the world, whose lengths are shares of its width."""

    west: float
    north: float
    scale: float  # points that the whole world is wide
    width: float
    height: float

    @property
    def zoom(self) -> float:
        return math.log2(self.scale / TILE)

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude, latitude."""
        x = self.west + self.width / 2 / self.scale
        return x * 360 - 180, self.latitude(self.height / 2)

    @property
    def metres_per_point(self) -> float:
        """In the middle."""
        return EARTH * math.cos(math.radians(self.middle[1])) / self.scale

    def latitude(self, y: float) -> float:
        """So far down on the sheet."""
        down = self.north + y / self.scale
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))

    def points(self, world: Floats) -> Floats:
        return (world - (self.west, self.north)) * self.scale

    def at(self, position: tuple[float, float]) -> tuple[float, float]:
        [(x, y)] = self.points(world_fractions(np.array([position]))).tolist()
        return x, y

    def shapes(self, world: Shapes, room: float = 40) -> Shapes:
        """Shapes of the world as far as they are seen, and somewhat further, as exact as needed."""
        found = shapely.transform(world, self.points)
        found = shapely.clip_by_rect(found, -room, -room, self.width + room, self.height + room)
        return np.asarray(shapely.simplify(found, 0.3, preserve_topology=False), dtype=object)


def looking_at(lon: float, lat: float, zoom: float, width: float, height: float) -> Camera:
    scale = TILE * 2**zoom
    [(x, y)] = world_fractions(np.array([(lon, lat)])).tolist()
    return Camera(x - width / 2 / scale, y - height / 2 / scale, scale, width, height)


def framing(box: tuple[float, float, float, float] | None, width: float, height: float) -> Camera:
    """The whole of a box of the world (west, north, east, south), as large as there is room."""
    if box is None:
        return looking_at(*WORLD, width, height)
    west, north, east, south = box
    room_x, room_y = max(width - 2 * MARGIN, 1), max(height - 2 * MARGIN, 1)
    scales = [room_x / (east - west)] if east > west else []
    scales += [room_y / (south - north)] if south > north else []
    scale = min([*scales, TILE * 2**CLOSEST])
    x, y = (west + east) / 2, (north + south) / 2
    return Camera(x - width / 2 / scale, y - height / 2 / scale, scale, width, height)

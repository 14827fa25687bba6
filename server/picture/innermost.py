"""The most inner point of a polygon: where its name has the most room (static/interior.js)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

STEPS = 14  # along each side of the shape's box; more move a name by less than its own height


class Inner(NamedTuple):
    """A point, and how far it is to the nearest edge or point to be kept away from."""

    point: tuple[float, float]
    room: float


def innermost(
    shape: shapely.Geometry, avoided: npt.NDArray[np.float64] | None = None
) -> Inner | None:
    west, north, east, south = shapely.bounds(shape).tolist()
    if not (east > west and south > north):
        return None
    across = west + (east - west) * np.arange(1, STEPS) / STEPS
    down = north + (south - north) * np.arange(1, STEPS) / STEPS
    x, y = (one.ravel() for one in np.meshgrid(across, down, indexing="ij"))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, x, y)
    if not inside.any():
        return None
    x, y = x[inside], y[inside]
    room = shapely.distance(shapely.boundary(shape), shapely.points(x, y))
    if avoided is not None:
        apart = np.hypot(x[:, None] - avoided[:, 0], y[:, None] - avoided[:, 1])
        room = np.minimum(room, apart.min(axis=1))
    best = int(room.argmax())
    return Inner((float(x[best]), float(y[best])), float(room[best]))

"""A box of degrees in another CRS, where its edges are curves: what covers it, what it covers."""

import numpy as np
from numpy.typing import NDArray

from geo.crs import CRS84, there_and_back, transform, transform_extent
from geo.extent import Extent

Floats = NDArray[np.float64]
EVERYWHERE = Extent(-np.inf, -np.inf, np.inf, np.inf)
_STEPS = 33  # along a side
_MARGIN = 1e-3  # of its size, for what bulges between two steps


def covering(box: Extent, crs: str) -> Extent:
    """A box of `crs`, x before y, that surely has all of a CRS84 box in it; maybe EVERYWHERE."""
    grid = transform(_grid(box), CRS84, crs)
    if not np.isfinite(grid).all():  # reaches beyond where the CRS is defined: no help from it
        return EVERYWHERE
    low, high = grid.min(axis=0), grid.max(axis=0)
    around = (high - low) * 0.05 + 1e-9
    return Extent(*(low - around).tolist(), *(high + around).tolist())


def covered(box: Extent, crs: str, known: Extent) -> Extent | None:
    """A box of `crs`, x before y, that surely lies inside a CRS84 box which is convex there.

    `known` is around all positions in question, in `crs`: on a side where the box reaches beyond
    them it is of no interest how far. None where nothing is sure.
    """
    around = transform_extent(known, crs)
    if around is None or not around.intersects(box):
        return None
    reached = Extent(
        max(box.west, around.west),
        max(box.south, around.south),
        min(box.east, around.east),
        min(box.north, around.north),
    )
    sides = transform(_sides(reached), CRS84, crs).reshape(4, _STEPS, 2)
    if not np.isfinite(sides).all():
        return None
    south, north, west, east = sides[0, :, 1], sides[1, :, 1], sides[2, :, 0], sides[3, :, 0]
    x, y = np.array([east.min() - west.max(), north.min() - south.max()]) * _MARGIN
    # Where all of them lie on this side of an edge, that edge is none.
    found = Extent(
        known.west if box.west <= around.west else float(west.max() + x),
        known.south if box.south <= around.south else float(south.max() + y),
        known.east if box.east >= around.east else float(east.min() - x),
        known.north if box.north >= around.north else float(north.min() - y),
    )
    if found.west >= found.east or found.south >= found.north:
        return None
    return found if _lies_inside(found, crs, box) else None


def _lies_inside(found: Extent, crs: str, box: Extent) -> bool:
    """By a grid of it: whatever the projection does, it has to do between two of its lines."""
    turned, fits = there_and_back(_grid(found), crs)
    return bool(fits.all() and (turned >= box[:2]).all() and (turned <= box[2:]).all())


def _grid(box: Extent) -> Floats:
    x, y = np.linspace(box.west, box.east, _STEPS), np.linspace(box.south, box.north, _STEPS)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _sides(box: Extent) -> Floats:
    """Along the south, the north, the west and the east."""
    grid = _grid(box).reshape(_STEPS, _STEPS, 2)
    return np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]])

"""Where a box of any coordinate system lies: its edges are curves in degrees."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import (
    CRS84,
    authority_axis_is_north_first,
    decimals,
    is_wgs84,
    there_and_back,
    transform,
)
from geo.extent import Extent

_PIECES = 32  # of an edge
_NEAR = 1e-6  # degrees
_AROUND = 10.0  # degrees around its area of use in which a CRS is still meant

Bounds = tuple[float, float, float, float]
Floats = NDArray[np.float64]


class Region(NamedTuple):
    """A box of any CRS in CRS84: the extent around it, and its exact shape unless it is that."""

    extent: Extent
    shape: shapely.Geometry | None = None
    is_in_use: bool = True  # whether it lies near to where the authority says the CRS is used


def x_first(bounds: Bounds, name: str) -> Bounds:
    """Two corners in the order of the authority, as west, south, east, north."""
    first, second, third, fourth = bounds
    swap = authority_axis_is_north_first(name)
    return (second, first, fourth, third) if swap else bounds


def region(bounds: Bounds, name: str) -> Region | None:
    """A box, its first two numbers before the last, in the order of the authority.

    It touches what it was drawn around, though positions are written with few decimals. None where
    nothing can be: the box is turned round, or lies outside of where the CRS is defined.
    """
    box = Extent(*x_first(bounds, name))
    return _degrees(box) if is_wgs84(name) else _projected(box, name)


def _degrees(box: Extent) -> Region | None:
    if box.south > 90 or box.north < -90 or max(abs(box.west), abs(box.east)) > 180:
        return None
    return Region(box._replace(south=max(box.south, -90.0), north=min(box.north, 90.0)))


def _projected(box: Extent, name: str) -> Region | None:
    """The part of a box that is on the globe, as a shape of many corners."""
    domain, rounding = _domain(name), 10.0 ** -decimals(name)
    west, south = max(box.west - rounding, domain.west), max(box.south - rounding, domain.south)
    east, north = min(box.east + rounding, domain.east), min(box.north + rounding, domain.north)
    if west >= east or south >= north:
        return None
    grid = np.stack(np.meshgrid(*_steps(west, south, east, north)), axis=-1).reshape(-1, 2)
    within, fits = there_and_back(grid, name)
    if not fits.any():
        return None
    low, high = within[fits].min(axis=0), within[fits].max(axis=0)
    around = Extent(*low.tolist(), *high.tolist())
    is_in_use = around.intersects(_area_of_use(name))
    found = outline(Extent(west, south, east, north), name)
    if found is not None:
        # A box that reaches round the globe becomes a shape that is folded over.
        covered = shapely.dwithin(found, shapely.points(within[fits]), _NEAR)
        if covered.all():
            return Region(Extent(*shapely.bounds(found).tolist()), found, is_in_use)
    # Where its edge runs outside of the domain, what of a grid lies inside tells where it is.
    return Region(around, None, is_in_use)


def is_used_for(extent: Extent, name: str) -> bool:
    """Whether all of an extent lies near to where the authority says that a CRS is used."""
    if is_wgs84(name):
        return True
    area = _area_of_use(name)
    across = area.west <= extent.west and extent.east <= area.east
    return across and area.south <= extent.south and extent.north <= area.north


def outline(box: Extent, name: str) -> shapely.Geometry | None:
    """The shape of a box of any CRS, x before y; None where its edge leaves the CRS's domain."""
    flat = _rectangle(*box)
    longest = max(box.east - box.west, box.north - box.south)
    flat = shapely.segmentize(flat, longest / _PIECES or 1.0)
    turned, fits = there_and_back(shapely.get_coordinates(flat), name)
    found = shapely.set_coordinates(flat, turned)
    return found if fits.all() and shapely.is_valid(found) else None


def _steps(west: float, south: float, east: float, north: float) -> tuple[Floats, Floats]:
    return np.linspace(west, east, 33), np.linspace(south, north, 33)


def _rectangle(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


@lru_cache(maxsize=64)
def _domain(name: str) -> Extent:
    """The box around all positions of the CRS that stand for one on the globe."""
    lon, lat = np.linspace(-180, 180, 181), np.linspace(-90, 90, 91)
    globe = np.stack(np.meshgrid(lon, lat), axis=-1).reshape(-1, 2)
    there = transform(globe, CRS84, name)
    back = transform(there, name, CRS84)
    fits = (np.abs(back - globe) <= 1e-6).all(axis=1)
    low, high = there[fits].min(axis=0), there[fits].max(axis=0)
    return Extent(*low.tolist(), *high.tolist())


@lru_cache(maxsize=64)
def _area_of_use(name: str) -> Extent:
    """Where the authority says that a CRS is used, in CRS84, and what lies around."""
    from pyproj import CRS

    area = CRS.from_user_input(name).area_of_use
    if area is None:
        return Extent(-180.0, -90.0, 180.0, 90.0)
    west, east = area.west - _AROUND, area.east + _AROUND
    if west > east or west < -180 or east > 180:  # reaches over the antimeridian
        west, east = -180.0, 180.0
    return Extent(west, area.south - _AROUND, east, area.north + _AROUND)

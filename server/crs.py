"""Coordinate reference systems at the edge (OGC API Features, part 2): URIs, boxes, output.

Inside everything is CRS84, longitude before latitude. Outside each CRS has its own URI and the axis
order of its authority.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import (
    CRS84,
    authority_axis_is_north_first,
    is_geographic,
    transform,
    transform_geometries,
)
from geo.extent import Extent
from server.settings import Settings

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_URI = "http://www.opengis.net/def/crs/EPSG/0/"
ALWAYS = (CRS84, "EPSG:4326", "EPSG:4490", "EPSG:4549", "EPSG:4528", "EPSG:3857")
DEGREES = (CRS84, "EPSG:4326", "EPSG:4490")
_CODE = re.compile(re.escape(EPSG_URI) + r"([1-9][0-9]{0,5})", re.ASCII)
_PIECES = 32  # of an edge of a box, which is a curve in degrees
_CLOSE = 1e-6  # how far a position may be off, there and back, by its size
_METRE_DECIMALS, _DEGREE_DECIMALS = 4, 9
_AROUND = 10.0  # degrees around its area of use in which a CRS is still meant

Bounds = tuple[float, float, float, float]
Floats = NDArray[np.float64]


class Region(NamedTuple):
    """A box of another CRS in CRS84: the extent around it, and its exact shape where known."""

    extent: Extent
    shape: shapely.Geometry | None = None
    is_in_use: bool = True  # whether it lies near to where the authority says the CRS is used


def offered(settings: Settings) -> tuple[str, ...]:
    """The names of all CRSs that requests may ask for; the default first."""
    return tuple(dict.fromkeys((*ALWAYS, *settings.crs)))


def uri(name: str) -> str:
    return CRS84_URI if name == CRS84 else EPSG_URI + name.removeprefix("EPSG:")


def parse_uri(text: str) -> str:
    """The name that `geo.crs` knows; ValueError for what is no such URI."""
    if text == CRS84_URI:
        return CRS84
    found = _CODE.fullmatch(text)
    if found is None:
        raise ValueError
    return f"EPSG:{found[1]}"


def x_first(bounds: Bounds, name: str) -> Bounds:
    """Two corners in the order of the authority, as west, south, east, north."""
    first, second, third, fourth = bounds
    swap = authority_axis_is_north_first(name)
    return (second, first, fourth, third) if swap else bounds


def region(bounds: Bounds, name: str) -> Region | None:
    """A box of a CRS other than those in DEGREES, its axes in the order of the authority.

    It is the part of it that is on the globe, as a shape of many corners, and touches what it was
    drawn around, though positions are written with few decimals. None where nothing can be: the
    box is turned round, or lies outside of where the CRS is defined.
    """
    box = Extent(*x_first(bounds, name))
    domain, rounding = _domain(name), 10.0 ** -_decimals(name)
    west, south = max(box.west - rounding, domain.west), max(box.south - rounding, domain.south)
    east, north = min(box.east + rounding, domain.east), min(box.north + rounding, domain.north)
    if west >= east or south >= north:
        return None
    flat = shapely.box(west, south, east, north)
    flat = shapely.segmentize(flat, max(east - west, north - south) / _PIECES)
    grid = np.stack(np.meshgrid(*_steps(west, south, east, north)), axis=-1).reshape(-1, 2)
    within, fits = _there_and_back(grid, name)
    if not fits.any():
        return None
    low, high = within[fits].min(axis=0), within[fits].max(axis=0)
    around = Extent(*low.tolist(), *high.tolist())
    is_in_use = around.intersects(_area_of_use(name))
    if _there_and_back(shapely.get_coordinates(flat), name)[1].all():
        found = shapely.transform(flat, lambda coords: transform(coords, name, CRS84))
        # A box that reaches round the globe becomes a shape that is folded over.
        covered = shapely.dwithin(found, shapely.points(within[fits]), _CLOSE)
        if shapely.is_valid(found) and covered.all():
            return Region(Extent(*shapely.bounds(found).tolist()), found, is_in_use)
    # Where its edge runs outside of the domain, what of a grid lies inside tells where it is.
    return Region(around, None, is_in_use)


def _steps(west: float, south: float, east: float, north: float) -> tuple[Floats, Floats]:
    return np.linspace(west, east, 33), np.linspace(south, north, 33)


def _there_and_back(coords: Floats, name: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Positions in CRS84, and which of them are the same when they are turned back."""
    turned = transform(coords, name, CRS84)
    back = transform(turned, CRS84, name)
    same = (np.abs(back - coords) <= _CLOSE * (1e4 + np.abs(coords))).all(axis=1)
    on_globe = (np.abs(turned) <= (180.0, 90.0)).all(axis=1)
    return turned, np.logical_and(same, on_globe)


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


def written(geometries: NDArray[Any], name: str) -> NDArray[Any]:
    """CRS84 geometries as they stand in an answer: turned, rounded, axes as the authority says.

    One that has no counterpart in the CRS becomes null.
    """
    if name == CRS84:
        return geometries
    moved = geometries if name in DEGREES else transform_geometries(geometries, CRS84, name)
    decimals = _decimals(name)
    swap = authority_axis_is_north_first(name)

    def turned(coords: Floats) -> Floats:
        rounded = np.round(coords, decimals)
        return rounded[:, ::-1] if swap else rounded

    result: NDArray[Any] = shapely.transform(moved, turned)
    return result


def _decimals(name: str) -> int:
    return _DEGREE_DECIMALS if is_geographic(name) else _METRE_DECIMALS


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


def names(crs: Sequence[str]) -> str:
    return ", ".join(uri(one) for one in crs)

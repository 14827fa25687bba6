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
_DEGREES = (CRS84, "EPSG:4326", "EPSG:4490")
_CODE = re.compile(re.escape(EPSG_URI) + r"([1-9][0-9]{0,5})", re.ASCII)
_PIECES = 32  # of an edge of a box, which is a curve in degrees
_CLOSE = 1e-6  # how far a position may be off, there and back, by its size
_METRE_DECIMALS, _DEGREE_DECIMALS = 4, 9

Floats = NDArray[np.float64]


class Region(NamedTuple):
    """A box of any CRS in CRS84: the extent around it, and its exact shape unless it is that."""

    extent: Extent
    shape: shapely.Geometry | None = None


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


def region(bounds: tuple[float, float, float, float], name: str) -> Region | None:
    """A box, its first two numbers before the last, in the order of the authority.

    None where nothing can be: the box lies outside of where the CRS is defined.
    """
    if authority_axis_is_north_first(name):
        bounds = (bounds[1], bounds[0], bounds[3], bounds[2])
    return _degrees(Extent(*bounds)) if name in _DEGREES else _projected(Extent(*bounds), name)


def _degrees(box: Extent) -> Region | None:
    if box.south > 90 or box.north < -90 or max(abs(box.west), abs(box.east)) > 180:
        return None
    return Region(box._replace(south=max(box.south, -90.0), north=min(box.north, 90.0)))


def _projected(box: Extent, name: str) -> Region | None:
    """The part of a box that is on the globe, as a shape of many corners."""
    domain = _domain(name)
    west, south = max(box.west, domain.west), max(box.south, domain.south)
    east, north = min(box.east, domain.east), min(box.north, domain.north)
    if west > east or south > north:
        return None
    flat = _rectangle(west, south, east, north)
    longest = max(east - west, north - south)
    flat = shapely.segmentize(flat, longest / _PIECES or 1.0)
    grid = np.stack(np.meshgrid(*_steps(west, south, east, north)), axis=-1).reshape(-1, 2)
    within, fits = _there_and_back(grid, name)
    if not fits.any():
        return None
    if _there_and_back(shapely.get_coordinates(flat), name)[1].all():
        found = shapely.transform(flat, lambda coords: transform(coords, name, CRS84))
        # A box that reaches round the globe becomes a shape that is folded over.
        covered = shapely.dwithin(found, shapely.points(within[fits]), _CLOSE)
        if shapely.is_valid(found) and covered.all():
            return Region(Extent(*shapely.bounds(found).tolist()), found)
    # Where its edge runs outside of the domain, what of a grid lies inside tells where it is.
    low, high = within[fits].min(axis=0), within[fits].max(axis=0)
    return Region(Extent(*low.tolist(), *high.tolist()))


def _steps(west: float, south: float, east: float, north: float) -> tuple[Floats, Floats]:
    return np.linspace(west, east, 33), np.linspace(south, north, 33)


def _rectangle(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


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
    in_degrees = is_geographic(name)
    moved = geometries if name in _DEGREES else transform_geometries(geometries, CRS84, name)
    decimals = _DEGREE_DECIMALS if in_degrees else _METRE_DECIMALS
    swap = authority_axis_is_north_first(name)

    def turned(coords: Floats) -> Floats:
        rounded = np.round(coords, decimals)
        return rounded[:, ::-1] if swap else rounded

    result: NDArray[Any] = shapely.transform(moved, turned)
    return result


def names(crs: Sequence[str]) -> str:
    return ", ".join(uri(one) for one in crs)


def is_turned_round(bounds: tuple[float, float, float, float], name: str) -> bool:
    """Whether a corner is on the wrong side; degrees of longitude may cross the antimeridian."""
    north_first = authority_axis_is_north_first(name)
    first, second = bounds[0] > bounds[2], bounds[1] > bounds[3]
    if name in _DEGREES:
        return first if north_first else second
    return first or second

"""Geometries written in a filter, turned to valid shapes in CRS84, or refused."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import (
    CRS84,
    CRSError,
    authority_axis_is_north_first,
    canonical,
    guess_axis_problem,
    transform,
)
from geo.extent import Extent
from geo.geometry import GeometryError, geometry_from_geojson
from layers.filter import tree
from layers.filter.errors import FilterError, Place
from layers.filter.limits import LIMITS

_SAME_DEGREES = (CRS84, "EPSG:4326", "EPSG:4490")
# An edge of a box is a curve in another system: so many straight pieces stand for it.
_PIECES = 32
# How far there and back may miss, by the size of the numbers: beyond its domain a projection does.
_CLOSE = 1e-7

Floats = NDArray[np.float64]


def shape(node: tree.GeometryLiteral | tree.BBox, crs: str) -> tree.Shape:
    try:
        crs = canonical(crs)
        if isinstance(node, tree.BBox):
            return tree.Shape(_box(node, crs), at=node.at)
        found = geometry_from_geojson(_document(node, crs), max_points=LIMITS.points)
    except (CRSError, GeometryError) as error:
        raise FilterError(str(error), node.at) from None
    if found is None:
        raise FilterError("the geometry is empty", node.at)
    return tree.Shape(found, at=node.at)


def _document(node: tree.GeometryLiteral, crs: str) -> dict[str, Any]:
    if node.kind == "GeometryCollection":
        members = [one for one in node.coordinates if isinstance(one, tree.GeometryLiteral)]
        return {"type": node.kind, "geometries": [_document(one, crs) for one in members]}
    coordinates: object = node.coordinates
    if crs != CRS84:
        given = np.array(list(_positions(coordinates)), float).reshape(-1, 2)
        turned = iter(_turned(given, crs, node.at).tolist())
        coordinates = _replaced(coordinates, turned)
    return {"type": node.kind, "coordinates": coordinates}


def _positions(coordinates: object) -> Iterator[object]:
    assert isinstance(coordinates, tuple)
    if not isinstance(coordinates[0], tuple):
        yield coordinates
        return
    for one in coordinates:
        yield from _positions(one)


def _replaced(coordinates: object, positions: Iterator[list[float]]) -> list[Any]:
    assert isinstance(coordinates, tuple)
    if not isinstance(coordinates[0], tuple):
        return next(positions)
    return [_replaced(one, positions) for one in coordinates]


def _turned(given: Floats, crs: str, at: Place) -> Floats:
    """Positions in the order of the authority to longitude, latitude; in range on the way back."""
    if authority_axis_is_north_first(crs):
        given = given[:, ::-1]
    if crs in _SAME_DEGREES:
        return given
    turned = transform(given, crs, CRS84)
    back = transform(turned, CRS84, crs)
    off = ~(np.abs(back - given) <= _CLOSE * (1e4 + np.abs(given))).all(axis=1)
    if off.any():
        x, y = given[int(off.argmax())].tolist()
        raise FilterError(f"position {x:.10g},{y:.10g} (x,y) is outside of {crs}", at)
    return turned


def _box(node: tree.BBox, crs: str) -> shapely.Geometry:
    bounds = node.bounds
    if authority_axis_is_north_first(crs):
        bounds = (bounds[1], bounds[0], bounds[3], bounds[2])
    west, south, east, north = bounds
    if south > north:
        raise FilterError(f"the BBOX has its south {south:g} above its north {north:g}", node.at)
    if crs in _SAME_DEGREES:
        return _degrees(Extent(*bounds), node.at)
    if west > east:
        raise FilterError(f"the BBOX has its west {west:g} behind its east {east:g}", node.at)
    return _projected(Extent(*bounds), crs, node.at)


def _degrees(extent: Extent, at: Place) -> shapely.Geometry:
    corners = np.array([extent[:2], extent[2:]], float)
    problem = guess_axis_problem(corners)
    if problem:
        raise FilterError(problem, at)
    return extent.shape


def _projected(extent: Extent, crs: str, at: Place) -> shapely.Geometry:
    flat = extent.shape
    length = max(extent.east - extent.west, extent.north - extent.south)
    if length > 0:
        flat = shapely.segmentize(flat, length / _PIECES)
    north_first = authority_axis_is_north_first(crs)

    def turned(coords: Floats) -> Floats:
        return _turned(coords[:, ::-1] if north_first else coords, crs, at)

    found = shapely.transform(flat, turned)
    problem = guess_axis_problem(shapely.get_coordinates(found))
    if problem:
        raise FilterError(problem, at)
    if not shapely.is_valid(found):
        raise FilterError(f"the BBOX reaches beyond where {crs} can be turned to degrees", at)
    return found

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
    is_wgs84,
    there_and_back,
)
from geo.extent import Extent
from geo.geometry import GeometryError, geometry_from_geojson
from geo.region import outline
from layers.filter import tree
from layers.filter.errors import FilterError, Place
from layers.filter.limits import LIMITS

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
    if is_wgs84(crs):
        return given
    turned, fits = there_and_back(given, crs)
    if not fits.all():
        x, y = given[int(fits.argmin())].tolist()
        raise FilterError(f"position {x:.10g},{y:.10g} (x,y) is outside of {crs}", at)
    return turned


def _box(node: tree.BBox, crs: str) -> shapely.Geometry:
    bounds = node.bounds
    if authority_axis_is_north_first(crs):
        bounds = (bounds[1], bounds[0], bounds[3], bounds[2])
    west, south, east, north = bounds
    if south > north:
        raise FilterError(f"the BBOX has its south {south:g} above its north {north:g}", node.at)
    if is_wgs84(crs):
        return _degrees(Extent(*bounds), node.at)
    if west > east:
        raise FilterError(f"the BBOX has its west {west:g} behind its east {east:g}", node.at)
    found = outline(Extent(*bounds), crs)
    if found is None:
        raise FilterError(f"the BBOX reaches outside of where {crs} is defined", node.at)
    return found


def _degrees(extent: Extent, at: Place) -> shapely.Geometry:
    corners = np.array([extent[:2], extent[2:]], float)
    problem = guess_axis_problem(corners)
    if problem:
        raise FilterError(problem, at)
    return extent.shape

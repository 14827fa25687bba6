"""Geometries and coordinate systems as Esri's JSON writes them, read with care and written."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.crs import (
    CRS84,
    CRSError,
    authority_axis_is_north_first,
    canonical,
    is_geographic,
    is_wgs84,
    transform,
    transform_geometries,
)
from geo.geodesic import circle
from geo.geometry import GeometryError, geometry_from_geojson
from geo.region import region
from server.params import on_the_globe, parse_number

MOST_POINTS = 10_000
# The numbers by which Esri called Web Mercator before it had the EPSG's.
OLD_CODES = {102100: 3857, 102113: 3857, 900913: 3857, 4326: 4326}
FARTHEST = 20_000_000.0  # metres, half way round
UNITS = {
    "esriSRUnit_Meter": 1.0,
    "esriSRUnit_Kilometer": 1000.0,
    "esriSRUnit_Foot": 0.3048,
    "esriSRUnit_StatuteMile": 1609.344,
    "esriSRUnit_NauticalMile": 1852.0,
}

Json = dict[str, Any]
Floats = NDArray[np.float64]


def parse_reference(text: str) -> str:
    """A wkid, or an object with one, as a name of `geo.crs`; positions are x, y in all of them."""
    value: object = text.strip()
    if text.lstrip().startswith("{"):
        value = _json(text)
    return reference(value)


def reference(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("latestWkid") or value.get("wkid")
    digits = str(value)
    if isinstance(value, bool) or not (digits.isascii() and digits.isdigit() and len(digits) < 7):
        raise ValueError('a number such as 4326, 4490, 4549 or 3857, or {"wkid": 4326}')
    code = OLD_CODES.get(int(digits), int(digits))
    if code == 4326:
        return CRS84
    try:
        name = canonical(f"EPSG:{code}")
        # of many codes nobody has published how to get there
        transform(np.zeros((1, 2)), CRS84, name)
    except CRSError as error:
        raise ValueError(str(error)) from None
    return name


def reference_document(name: str) -> Json:
    code = 4326 if name == CRS84 else int(name.removeprefix("EPSG:"))
    return {"wkid": 102100, "latestWkid": 3857} if code == 3857 else {"wkid": code}


def parse_geometry(text: str, kind: str | None, spatial_reference: str) -> shapely.Geometry | None:
    """A shape in CRS84 from Esri's JSON, or from bare numbers; None where nothing can be."""
    if text.lstrip().startswith("{"):
        document = _json(text)
    else:
        document = _bare([parse_number(part) for part in text.split(",", 4)])
    own = document.get("spatialReference")
    name = reference(own) if own else spatial_reference
    if "xmin" in document:
        return _envelope([document.get(one) for one in ("xmin", "ymin", "xmax", "ymax")], name)
    if kind == "esriGeometryEnvelope":
        raise ValueError("an envelope with xmin, ymin, xmax and ymax")
    found = _shape(document)
    return found if is_wgs84(name) else _turned(found, name)


def _json(text: str) -> Json:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueError("Esri's JSON of a geometry") from None
    if not isinstance(found, dict):
        raise ValueError("Esri's JSON of a geometry")
    return found


def _bare(numbers: Sequence[float]) -> Json:
    if len(numbers) == 2:
        return {"x": numbers[0], "y": numbers[1]}
    if len(numbers) == 4:
        return dict(zip(("xmin", "ymin", "xmax", "ymax"), numbers, strict=True))
    raise ValueError("x,y or xmin,ymin,xmax,ymax or Esri's JSON of a geometry")


def _envelope(numbers: Sequence[object], name: str) -> shapely.Geometry | None:
    west, south, east, north = (_number(one) for one in numbers)
    if west > east or south > north:
        raise ValueError("an envelope whose minimum is not above its maximum")
    if is_wgs84(name):
        extent = on_the_globe(west, max(south, -90.0), east, min(north, 90.0))
        return extent.shape
    swapped = authority_axis_is_north_first(name)
    bounds = (south, west, north, east) if swapped else (west, south, east, north)
    found = region(bounds, name)
    if found is None:
        return None
    return found.shape if found.shape is not None else found.extent.shape


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a geometry of finite numbers")
    return float(value)


def _shape(document: Json) -> shapely.Geometry:
    """By the member that tells what it is; rings are put in order, whichever way they turn."""
    if "x" in document:
        return shapely.Point(_number(document["x"]), _number(document.get("y")))
    member = next((one for one in ("points", "paths", "rings") if one in document), None)
    if member is None:
        raise ValueError("a geometry with x and y, points, paths, rings or xmin")
    lines = document[member] if member != "points" else [document[member]]
    if not isinstance(lines, list):
        raise ValueError(f"{member} as lists of positions")
    positions = [_positions(line) for line in lines]
    if sum(map(len, positions)) > MOST_POINTS:
        raise ValueError(f"a geometry of at most {MOST_POINTS} positions")
    try:
        return _MAKERS[member](positions)
    except (shapely.GEOSException, ValueError):
        raise ValueError(f"{member} that make a geometry") from None


def _positions(line: object) -> Floats:
    if not isinstance(line, list) or not line:
        raise ValueError("positions as lists of numbers")
    found = []
    for position in line:
        if not isinstance(position, list) or len(position) < 2:
            raise ValueError("positions as lists of two numbers")
        found.append((_number(position[0]), _number(position[1])))
    return np.array(found, float)


def _area(rings: list[Floats]) -> shapely.Geometry:
    """Rings by the even-odd rule: which is a hole does not depend on who wrote them."""
    whole = shapely.Polygon()
    for ring in rings:
        whole = shapely.symmetric_difference(whole, shapely.make_valid(shapely.Polygon(ring)))
    return whole


_MAKERS: dict[str, Callable[[list[Floats]], shapely.Geometry]] = {
    "points": lambda lines: shapely.MultiPoint(lines[0]),
    "paths": lambda lines: shapely.MultiLineString(lines),
    "rings": _area,
}


def _turned(geometry: shapely.Geometry, name: str) -> shapely.Geometry:
    moved = shapely.transform(geometry, lambda coords: transform(coords, name, CRS84))
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise ValueError(f"a geometry inside of where {name} is defined")
    return moved


def checked(geometry: shapely.Geometry) -> shapely.Geometry:
    """A valid shape on the globe, by the rules that hold for every geometry that comes in."""
    try:
        found = geometry_from_geojson(orjson.loads(shapely.to_geojson(geometry)))
    except GeometryError as error:
        raise ValueError(f"a valid geometry ({error})") from None
    if found is None:
        raise ValueError("a geometry that is not empty")
    return found


def around(geometry: shapely.Geometry, distance: float, unit: str) -> shapely.Geometry:
    """All within a distance of a point; Esri's servers do it for any geometry."""
    metres = distance * UNITS[unit]
    if geometry.geom_type != "Point" or not 0 < metres <= FARTHEST:
        raise ValueError("a distance around a point, up to 20,000 km")
    return circle(geometry.x, geometry.y, metres)


def written(
    wkb: Sequence[bytes | None], name: str, simplify: float | None, decimals: int | None
) -> list[Json | None]:
    """Geometries of CRS84 as Esri's JSON in another CRS; null where they have no counterpart."""
    shapes = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    moved = shapes if is_wgs84(name) else transform_geometries(shapes, CRS84, name)
    if simplify:
        simple = shapely.simplify(moved, simplify)
        moved = np.where(shapely.is_empty(simple), moved, simple)
    if decimals is None:
        decimals = 9 if is_geographic(name) else 4
    return [None if shape is None else _document(shape, decimals) for shape in moved]


def _document(shape: shapely.Geometry, digits: int) -> Json | None:
    if shape.is_empty:
        return None
    match shape.geom_type:
        case "Point":
            return {"x": round(shape.x, digits), "y": round(shape.y, digits)}
        case "MultiPoint":
            return {"points": _line(shape, digits)}
        case "LineString" | "MultiLineString":
            return {"paths": [_line(part, digits) for part in shapely.get_parts(shape)]}
        case "Polygon" | "MultiPolygon":
            # outer rings run clockwise, holes the other way: the opposite of RFC 7946
            parts = shapely.get_parts(shapely.orient_polygons(shape, exterior_cw=True))
            rings = shapely.get_rings(parts)
            return {"rings": [_line(ring, digits) for ring in rings]}
    return None


def _line(shape: shapely.Geometry, digits: int) -> list[list[float]]:
    found: list[list[float]] = np.round(shapely.get_coordinates(shape), digits).tolist()
    return found


def extent_document(bounds: Sequence[float] | None, name: str) -> Json:
    west, south, east, north = bounds or (math.nan,) * 4
    corners = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    numbers: Json = {side: None if math.isnan(one) else one for side, one in corners.items()}
    return {**numbers, "spatialReference": reference_document(name)}

"""Geometries as KML writes them: longitude,latitude, on the ground."""

from collections.abc import Callable
from math import isfinite
from struct import Struct

import shapely

_POINT = Struct("<2d")
# A placemark needs no geometry, but a driver of GDAL leaves those out that have none.
_NOWHERE = "<MultiGeometry></MultiGeometry>"
_POINT_HEAD = b"\1\1\0\0\0"


def shape_element(wkb: bytes | None, decimals: int) -> str:
    """One that is not a plain point may be of several parts, of any kind."""
    if wkb is None:
        return _NOWHERE
    if len(wkb) == len(_POINT_HEAD) + _POINT.size and wkb.startswith(_POINT_HEAD):
        x, y = _POINT.unpack_from(wkb, len(_POINT_HEAD))
        if not (isfinite(x) and isfinite(y)):  # an empty point
            return _NOWHERE
        # + 0.0: no negative zero
        place = f"{round(x, decimals) + 0.0!r},{round(y, decimals) + 0.0!r}"
        return f"<Point><coordinates>{place}</coordinates></Point>"
    shape = shapely.from_wkb(wkb, on_invalid="ignore")
    return _NOWHERE if shape is None or shapely.is_empty(shape) else _element(shape, decimals)


def _element(shape: shapely.Geometry, decimals: int) -> str:
    write = _WRITERS.get(shape.geom_type)
    if write is not None:
        return write(shape, decimals)
    parts = "".join(_element(one, decimals) for one in shapely.get_parts(shape))
    return f"<MultiGeometry>{parts}</MultiGeometry>"


def _point(shape: shapely.Geometry, decimals: int) -> str:
    return f"<Point>{_coordinates(shape, decimals)}</Point>"


def _line(shape: shapely.Geometry, decimals: int) -> str:
    return f"<LineString><tessellate>1</tessellate>{_coordinates(shape, decimals)}</LineString>"


def _polygon(shape: shapely.Geometry, decimals: int) -> str:
    rings = [shapely.get_exterior_ring(shape)]
    rings += [
        shapely.get_interior_ring(shape, n) for n in range(shapely.get_num_interior_rings(shape))
    ]
    names = ["outer", *["inner"] * (len(rings) - 1)]
    boundaries = "".join(
        f"<{name}BoundaryIs><LinearRing>{_coordinates(ring, decimals)}</LinearRing>"
        f"</{name}BoundaryIs>"
        for name, ring in zip(names, rings, strict=True)
    )
    return f"<Polygon><tessellate>1</tessellate>{boundaries}</Polygon>"


def _coordinates(shape: shapely.Geometry, decimals: int) -> str:
    rounded = shapely.get_coordinates(shape).round(decimals) + 0.0
    places = " ".join(f"{x!r},{y!r}" for x, y in rounded.tolist())
    return f"<coordinates>{places}</coordinates>"


_WRITERS: dict[str, Callable[[shapely.Geometry, int], str]] = {
    "Point": _point,
    "LineString": _line,
    "LinearRing": _line,
    "Polygon": _polygon,
}

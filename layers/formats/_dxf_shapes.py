"""A geometry as what a drawing is made of: points, lines, and rings one by one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import shapely

Place = Sequence[float]


class Piece(NamedTuple):
    """`ring` is None for points and lines, 0 for the outside of an area, then its holes."""

    part: int
    ring: int | None
    places: list[Place]


def pieces_of(shape: shapely.Geometry) -> Iterator[Piece]:
    for number, part in enumerate(_parts(shape), 1):
        if part.geom_type != "Polygon":
            yield Piece(number, None, shapely.get_coordinates(part).tolist())
            continue
        yield Piece(number, 0, shapely.get_coordinates(shapely.get_exterior_ring(part)).tolist())
        for hole in range(shapely.get_num_interior_rings(part)):
            ring = shapely.get_interior_ring(part, hole)
            yield Piece(number, hole + 1, shapely.get_coordinates(ring).tolist())


def label_place(shape: shapely.Geometry) -> Place:
    """A place on the shape: within an area, halfway along a line; of several parts the largest."""
    part = max(_parts(shape), key=lambda one: (shapely.area(one), shapely.length(one)))
    if part.geom_type == "LineString":
        part = shapely.line_interpolate_point(part, 0.5, normalized=True)
    elif part.geom_type == "Polygon":
        part = shapely.point_on_surface(part)
    return [float(shapely.get_x(part)), float(shapely.get_y(part))]


def _parts(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Without those that hold nothing."""
    for part in shapely.get_parts(shape):
        if shapely.get_type_id(part) >= 4:  # parts of their own
            yield from _parts(part)
        elif not shapely.is_empty(part):
            yield part

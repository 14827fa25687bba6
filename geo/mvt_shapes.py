"""CRS84 geometries drawn into a tile: projected, clipped, put on its grid, still valid."""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.mvt_wire import LINESTRING, POINT, POLYGON, Ints, Shapes
from geo.tiles import Floats, Tile, world_fractions

UNITS = 4096  # of a tile's side; MVT calls this the extent
BUFFER = 64  # units drawn beyond each side, so that no symbol or outline ends at a seam
_LOW, _HIGH = -BUFFER, UNITS + BUFFER

Geometries = NDArray[Any]
_Draw = Callable[[Geometries, Ints, Tile], Shapes]


def shapes(geometries: Geometries, tile: Tile) -> list[Shapes]:
    """What the tile shows of each geometry (CRS84, lon first): polygons, then lines, then points.

    The row of a part is the index of its geometry. Null, empty and far geometries give nothing; a
    GeometryCollection may come in each of the three. Edges are straight in EPSG:3857. Across the
    antimeridian the buffer shows what is on the other side. A feature never vanishes for being
    small: a polygon without area on the grid is one square unit, a line without length is one unit.
    """
    parts, rows = _without_collections(geometries)
    kinds = shapely.get_type_id(parts)
    drawn = []
    for types, draw in _DRAW:
        chosen = np.isin(kinds, types)
        if chosen.any():
            drawn.append(draw(parts[chosen], rows[chosen], tile))
    return [shape for shape in drawn if len(shape.rows)]


def _without_collections(geometries: Geometries) -> tuple[Geometries, Ints]:
    """Members of collections as parts of their own; each part with its row."""
    parts, rows = geometries, np.arange(len(geometries))
    while (nested := shapely.get_type_id(parts) == 7).any():
        members, owners = shapely.get_parts(parts[nested], return_index=True)
        parts = np.concatenate((parts[~nested], members))
        rows = np.concatenate((rows[~nested], rows[nested][owners]))
    return parts, rows


def _units(coords: Floats, tile: Tile, world: int) -> Floats:
    """CRS84 positions in tile units, x right, y down; `world` turns of the globe to the east."""
    count = 1 << tile.zoom
    corner = np.array((tile.column - world * count, tile.row), float)
    units: Floats = (world_fractions(coords) * count - corner) * UNITS
    return units


def _worlds(tile: Tile) -> list[int]:
    """The copies of the world, from west to east, that a tile with its buffer looks into."""
    west = [-1] if tile.column == 0 else []
    east = [1] if tile.column == 2**tile.zoom - 1 else []
    return [*west, 0, *east]


# --- points ----------------------------------------------------------------------------------


def _points(parts: Geometries, rows: Ints, tile: Tile) -> Shapes:
    lonlat, owners = shapely.get_coordinates(parts, return_index=True)
    copies = []
    for world in _worlds(tile):
        units = _units(lonlat, tile, world)
        inside = ((units >= _LOW) & (units <= _HIGH)).all(axis=1)
        copies.append((units[inside], rows[owners[inside]]))
    coords = np.concatenate([units for units, _ in copies])
    found = np.concatenate([owner for _, owner in copies])
    order = np.argsort(found, kind="stable")
    grid, found = _on_grid(coords[order], found[order])
    unique, counts = np.unique(found, return_counts=True)
    return Shapes(POINT, unique, counts, grid)


def _on_grid(coords: Floats, owners: Ints) -> tuple[Ints, Ints]:
    """Rounded, without a vertex that repeats the one before it in the same owner."""
    grid = np.rint(coords).astype(np.int64)
    kept = np.ones(len(grid), np.bool_)
    kept[1:] = (grid[1:] != grid[:-1]).any(axis=1) | (owners[1:] != owners[:-1])
    return grid[kept], owners[kept]


# --- lines and polygons ----------------------------------------------------------------------


def _placed(parts: Geometries, rows: Ints, tile: Tile) -> tuple[Geometries, Ints]:
    """The parts in tile units on each copy of the world, where they come near the tile."""
    finite = _are_finite(parts)
    parts, rows = parts[finite], rows[finite]
    placed = []
    for world in _worlds(tile):
        units = shapely.transform(parts, lambda coords, w=world: _units(coords, tile, w))
        bounds = shapely.bounds(units)
        near = (bounds[:, :2] <= _HIGH).all(axis=1) & (bounds[:, 2:] >= _LOW).all(axis=1)
        placed.append((units[near], rows[near]))
    owners = np.concatenate([owner for _, owner in placed])
    order = np.argsort(owners, kind="stable")
    return np.concatenate([units for units, _ in placed])[order], owners[order]


def _are_finite(parts: Geometries) -> NDArray[np.bool_]:
    """Whether all positions are numbers: files of others may hold NaN, and GEOS stops at it."""
    coords, owners = shapely.get_coordinates(parts, return_index=True)
    finite = np.ones(len(parts), np.bool_)
    finite[owners[~np.isfinite(coords).all(axis=1)]] = False
    return finite


def _crossing(parts: Geometries) -> NDArray[np.bool_]:
    """Which of them reach beyond the buffer."""
    bounds = shapely.bounds(parts)
    beyond: NDArray[np.bool_] = ((bounds[:, :2] < _LOW) | (bounds[:, 2:] > _HIGH)).any(axis=1)
    return beyond


def _lines(parts: Geometries, rows: Ints, tile: Tile) -> Shapes:
    placed, owners = _placed(parts, rows, tile)
    crossing = _crossing(placed)
    placed[crossing] = shapely.clip_by_rect(placed[crossing], _LOW, _LOW, _HIGH, _HIGH)
    lines, members = shapely.get_parts(placed, return_index=True)
    coords, vertex_line = shapely.get_coordinates(lines, return_index=True)
    grid, vertex_line = _on_grid(coords, vertex_line)
    counts = np.bincount(vertex_line, minlength=len(lines))
    return _without_specks(grid, counts, owners[members])


def _without_specks(grid: Ints, counts: Ints, rows: Ints) -> Shapes:
    """Lines that have become one position go; of a row of nothing else the first gets one unit."""
    speck = counts == 1
    alone = speck & ~np.isin(rows, rows[counts > 1])
    _, first = np.unique(rows[alone], return_index=True)
    longer = np.flatnonzero(alone)[first]
    at = (np.cumsum(counts) - counts)[longer]
    beside = grid[at] + np.column_stack((np.where(grid[at, 0] < _HIGH, 1, -1), np.zeros_like(at)))
    going = speck.copy()
    going[longer] = False
    kept = ~np.repeat(going, counts)
    kept = np.insert(kept, at + 1, True)
    grid = np.insert(grid, at + 1, beside, axis=0)[kept]
    counts = counts + np.isin(np.arange(len(counts)), longer)
    left = ~going & (counts > 0)
    return Shapes(LINESTRING, rows[left], counts[left], grid)


def _polygons(parts: Geometries, rows: Ints, tile: Tile) -> Shapes:
    placed, owners = _placed(parts, rows, tile)
    crossing = _crossing(placed)
    # Of an invalid polygon clip_by_rect keeps the wrong areas.
    whole = _mended(placed[crossing])
    placed[crossing] = shapely.clip_by_rect(whole, _LOW, _LOW, _HIGH, _HIGH)
    polygons, members = shapely.get_parts(placed, return_index=True)
    solid = (shapely.get_type_id(polygons) == 3) & ~shapely.is_empty(polygons)
    # Copies and members of one feature become one area: MVT wants no overlap and no shared edge.
    found, feature = np.unique(owners[members[solid]], return_inverse=True)
    areas = shapely.multipolygons(polygons[solid], indices=feature)
    return _rings(_valid_on_grid(areas), found)


def _mended(areas: Geometries) -> Geometries:
    """Invalid ones made valid polygons, which may leave nothing of them."""
    mended = areas.copy()
    bad = ~shapely.is_valid(areas)
    mended[bad] = shapely.make_valid(areas[bad], method="structure", keep_collapsed=False)
    return mended


def _valid_on_grid(areas: Geometries) -> Geometries:
    """Valid polygons on whole units, a square for those without area there.

    Rounding each vertex is quick and does for most of a close view. What it makes invalid, GEOS
    rounds as a whole: 0.2 ms for a polygon of 200 vertices; simplifying first was slower. Those
    too flat for the grid are spared that.
    """
    rounded: Geometries = shapely.transform(areas, np.rint)
    west, north, east, south = shapely.bounds(rounded).T
    flat = (west == east) | (north == south)
    bad = ~flat & ~shapely.is_valid(rounded)
    rounded[bad] = shapely.set_precision(_mended(areas[bad]), 1.0)
    lost = np.flatnonzero(shapely.area(rounded) == 0.0)
    bounds = shapely.bounds(areas[lost])
    x, y = np.floor((bounds[:, :2] + bounds[:, 2:]) / 2.0).T
    rounded[lost] = shapely.box(x, y, x + 1.0, y + 1.0)
    return rounded


def _rings(areas: Geometries, rows: Ints) -> Shapes:
    """Exterior rings with positive area in tile units, holes negative (MVT 2.1 clause 4.3.4.4)."""
    polygons, owners = shapely.get_parts(shapely.orient_polygons(areas), return_index=True)
    rings, ring_polygon = shapely.get_rings(polygons, return_index=True)
    coords, vertex_ring = shapely.get_coordinates(rings, return_index=True)
    grid, vertex_ring = _on_grid(coords, vertex_ring)
    counts = np.bincount(vertex_ring, minlength=len(rings))
    opened = np.delete(grid, np.cumsum(counts) - 1, axis=0)  # ClosePath stands for the last vertex
    return Shapes(POLYGON, rows[owners[ring_polygon]], counts - 1, opened)


_POLYGONAL, _LINEAR, _PUNTAL = (3, 6), (1, 2, 5), (0, 4)  # GEOS's type numbers
_DRAW: tuple[tuple[tuple[int, ...], _Draw], ...] = (
    (_POLYGONAL, _polygons),
    (_LINEAR, _lines),
    (_PUNTAL, _points),
)

"""Tiles: the tile matrix set WebMercatorQuad, its tiles, and the ground they cover.

OGC 17-083r4 (Two Dimensional Tile Matrix Set 2.0), annex D.1: EPSG:3857, origin at the top left,
matrix n has 2**n rows and columns. OGC says zoom, row, column; TileJSON and XYZ addresses say
zoom, x, y.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.extent import Extent

ID = "WebMercatorQuad"
URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
SCALE_SET_URI = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
MAX_ZOOM = 24
HALF_WORLD = math.pi * 6378137.0  # metres of EPSG:3857 from the centre to each edge
MAX_LATITUDE = math.degrees(math.atan(math.sinh(math.pi)))  # 85.0511: there the world is square

_TILE_PIXELS = 256
_PIXEL_METRES = 0.00028  # the standardised rendering pixel of 17-083r4 clause 6.1
# Beyond this a pole would be infinitely far; shapes that reach it are clipped long before.
_NEAR_POLE = 89.999999
# Of a tile: rounding must not carry an edge into the next one. At zoom 24 this is a quarter of
# a micrometre.
_EDGE = 1e-7

Floats = NDArray[np.float64]


class Metres(NamedTuple):
    """West, south, east, north in EPSG:3857 metres, x before y."""

    west: float
    south: float
    east: float
    north: float


class Tile(NamedTuple):
    """A tile of WebMercatorQuad in OGC's order; row 0 is the northernmost."""

    zoom: int
    row: int
    column: int

    @property
    def x(self) -> int:
        """The column, as TileJSON names it."""
        return self.column

    @property
    def y(self) -> int:
        """The row, as TileJSON names it (XYZ: counted from the north)."""
        return self.row

    @property
    def exists(self) -> bool:
        """Whether the tile matrix set has such a tile."""
        if not 0 <= self.zoom <= MAX_ZOOM:
            return False
        matrix = range(1 << self.zoom)
        return self.row in matrix and self.column in matrix

    @property
    def bounds(self) -> Metres:
        """The tile's square in EPSG:3857."""
        size = 2.0 * HALF_WORLD / 2**self.zoom
        west, north = self.column * size - HALF_WORLD, HALF_WORLD - self.row * size
        return Metres(west, north - size, west + size, north)

    def extent(self, buffer: float = 0.0) -> Extent:
        """The ground of the tile in CRS84, with `buffer` tile widths more on each side.

        At the edge of the world the buffer continues on the other side of the antimeridian.
        """
        count = 2**self.zoom
        north = _latitude((self.row - buffer) / count)
        south = _latitude((self.row + 1 + buffer) / count)
        if 1.0 + 2.0 * buffer >= count:
            return Extent(-180.0, south, 180.0, north)
        west = (self.column - buffer) / count * 360.0 - 180.0
        east = (self.column + 1 + buffer) / count * 360.0 - 180.0
        west = west + 360.0 if west < -180.0 else west
        east = east - 360.0 if east > 180.0 else east
        return Extent(west, south, east, north)


@dataclass(frozen=True)
class TileRange:
    """A rectangle of tiles of one zoom; all bounds are included (17-083r4 clause 6.3)."""

    zoom: int
    min_row: int
    max_row: int
    min_column: int
    max_column: int

    def __contains__(self, tile: Tile) -> bool:
        """Whether the tile is one of them."""
        return (
            tile.zoom == self.zoom
            and self.min_row <= tile.row <= self.max_row
            and self.min_column <= tile.column <= self.max_column
        )

    def __iter__(self) -> Iterator[Tile]:
        """Row by row from the north-west."""
        for row in range(self.min_row, self.max_row + 1):
            for column in range(self.min_column, self.max_column + 1):
                yield Tile(self.zoom, row, column)

    def __len__(self) -> int:
        """How many tiles."""
        rows = self.max_row - self.min_row + 1
        return rows * (self.max_column - self.min_column + 1)

    def document(self) -> dict[str, object]:
        """An entry of `tileMatrixSetLimits` (17-083r4 clause 6.3)."""
        return {
            "tileMatrix": str(self.zoom),
            "minTileRow": self.min_row,
            "maxTileRow": self.max_row,
            "minTileCol": self.min_column,
            "maxTileCol": self.max_column,
        }


def world_fractions(coords: Floats) -> Floats:
    """CRS84 positions (n, 2), lon first, as shares of the WebMercatorQuad square.

    Shares are x, y from its top left corner: 0 to 1 inside. Latitudes beyond MAX_LATITUDE come out
    below 0 or above 1; the poles themselves are taken just short of where they are.
    """
    latitude = np.radians(np.clip(coords[:, 1], -_NEAR_POLE, _NEAR_POLE))
    y = 0.5 - np.arcsinh(np.tan(latitude)) / (2.0 * np.pi)
    return np.column_stack((coords[:, 0] / 360.0 + 0.5, y))


def tile_ranges(extent: Extent, zoom: int, buffer: float = 0.0) -> list[TileRange]:
    """The tiles that a CRS84 extent touches: one rectangle, two across the antimeridian.

    `buffer` in tile widths adds the tiles whose buffered square (Tile.extent) meets it. Tiles that
    only share an edge with the extent do not count; a single position has one tile. What lies
    beyond MAX_LATITUDE counts to the outermost row.
    """
    count = 2**zoom
    corners = np.array([(extent.west, extent.north), (extent.east, extent.south)])
    (left, top), (_, bottom) = (world_fractions(corners) * count).tolist()
    right = left + extent.width / 360.0 * count
    first_row, last_row = _span(top, bottom, buffer, count)
    rows = (min(max(first_row, 0), count - 1), min(max(last_row, 0), count - 1))
    columns = _around_the_world(*_span(left, right, buffer, count), count)
    return [TileRange(zoom, *rows, *span) for span in columns]


def tile_limits(extent: Extent, zoom: int, buffer: float = 0.0) -> TileRange:
    """One rectangle that holds tile_ranges, as a tileset's limits allow no more than one.

    Across the antimeridian that is every column.
    """
    ranges = tile_ranges(extent, zoom, buffer)
    if len(ranges) == 1:
        return ranges[0]
    return TileRange(zoom, ranges[0].min_row, ranges[0].max_row, 0, 2**zoom - 1)


def web_mercator_quad() -> dict[str, object]:
    """The definition of WebMercatorQuad, zooms 0 to 24 (17-083r4 clause 7.1, annex D.1)."""
    return {
        "id": ID,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": CRS_URI,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": SCALE_SET_URI,
        "boundingBox": {
            "lowerLeft": [-HALF_WORLD, -HALF_WORLD],
            "upperRight": [HALF_WORLD, HALF_WORLD],
            "crs": CRS_URI,
            "orderedAxes": ["X", "Y"],
        },
        "tileMatrices": [_tile_matrix(zoom) for zoom in range(MAX_ZOOM + 1)],
    }


def _tile_matrix(zoom: int) -> dict[str, object]:
    cell = 2.0 * HALF_WORLD / _TILE_PIXELS / 2**zoom  # metres
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL_METRES,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_WORLD, HALF_WORLD],
        "tileWidth": _TILE_PIXELS,
        "tileHeight": _TILE_PIXELS,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def _latitude(y: float) -> float:
    """Degrees north at the share y from the top of the world, the inverse of world_fractions."""
    return math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y))))


def _span(start: float, end: float, buffer: float, count: int) -> tuple[int, int]:
    """First and last tile between two positions in tile widths; the last is never before."""
    first = min(math.floor(start - buffer + _EDGE), count - 1)
    return first, max(first, math.ceil(end + buffer - _EDGE) - 1)


def _around_the_world(first: int, last: int, count: int) -> list[tuple[int, int]]:
    """Columns that may run below 0 or beyond the last one, as spans inside the matrix."""
    if last - first + 1 >= count:
        return [(0, count - 1)]
    if first < 0:
        return [(first + count, count - 1), (0, last)]
    if last >= count:
        return [(first, count - 1), (0, last - count)]
    return [(first, last)]

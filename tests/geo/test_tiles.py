"""WebMercatorQuad: published numbers, tile addresses, ground and limits."""

import math

import numpy as np
import pytest

from geo.crs import transform
from geo.extent import Extent
from geo.tiles import (
    HALF_WORLD,
    MAX_LATITUDE,
    MAX_ZOOM,
    Tile,
    TileRange,
    tile_limits,
    tile_ranges,
    web_mercator_quad,
    world_fractions,
)

QINGPU = Extent(120.88, 30.98, 121.28, 31.27)
PACIFIC = Extent(170, -20, -160, 10)


def matrices() -> list[dict[str, object]]:
    found = web_mercator_quad()["tileMatrices"]
    assert isinstance(found, list)
    return found


# --- the tile matrix set ---------------------------------------------------------------------


def test_the_definition_names_what_the_standard_names() -> None:
    definition = web_mercator_quad()
    assert definition["id"] == "WebMercatorQuad"
    assert definition["uri"] == ("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad")
    assert definition["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert definition["orderedAxes"] == ["X", "Y"]
    assert definition["wellKnownScaleSet"] == (
        "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
    )


@pytest.mark.parametrize(
    ("zoom", "scale", "cell"),
    [  # 17-083r4 annex D.1 and the OGC register's WebMercatorQuad
        (0, 559082264.028717, 156543.033928041),
        (1, 279541132.014358, 78271.5169640204),
        (10, 545978.773465544, 152.874056570352),
        (18, 2132.72958384978, 0.597164283477939),
        (24, 33.3238997476528, 0.0093306919293428),
    ],
)
def test_scales_are_those_published(zoom: int, scale: float, cell: float) -> None:
    matrix = matrices()[zoom]
    assert matrix["scaleDenominator"] == pytest.approx(scale, rel=1e-14)
    assert matrix["cellSize"] == pytest.approx(cell, rel=1e-13)
    assert matrix["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])


def test_every_zoom_has_a_complete_matrix() -> None:
    assert [matrix["id"] for matrix in matrices()] == [str(zoom) for zoom in range(25)]
    for zoom, matrix in enumerate(matrices()):
        assert (matrix["matrixWidth"], matrix["matrixHeight"]) == (2**zoom, 2**zoom)
        assert (matrix["tileWidth"], matrix["tileHeight"]) == (256, 256)
        assert matrix["cornerOfOrigin"] == "topLeft"


# --- tiles -----------------------------------------------------------------------------------


def test_ogc_says_row_column_and_tilejson_x_y() -> None:
    tile = Tile(11, 837, 1712)
    assert (tile.zoom, tile.row, tile.column) == (11, 837, 1712)
    assert (tile.x, tile.y) == (1712, 837)


@pytest.mark.parametrize(
    ("tile", "exists"),
    [
        (Tile(0, 0, 0), True),
        (Tile(0, 1, 0), False),
        (Tile(0, 0, 1), False),
        (Tile(3, 7, 7), True),
        (Tile(3, 7, 8), False),
        (Tile(3, -1, 0), False),
        (Tile(-1, 0, 0), False),
        (Tile(MAX_ZOOM, 2**24 - 1, 0), True),
        (Tile(MAX_ZOOM + 1, 0, 0), False),
        (Tile(31, 2**31 - 1, 2**31 - 1), False),
        (Tile(10**9, 5, 5), False),  # answers at once: 2**zoom is not worked out
    ],
)
def test_exists_says_whether_the_matrix_has_it(tile: Tile, exists: bool) -> None:
    assert tile.exists is exists


def test_bounds_are_squares_in_metres() -> None:
    assert Tile(0, 0, 0).bounds == (-HALF_WORLD, -HALF_WORLD, HALF_WORLD, HALF_WORLD)
    assert Tile(1, 0, 1).bounds == pytest.approx((0, 0, HALF_WORLD, HALF_WORLD))


@pytest.mark.parametrize(
    ("x", "y", "zoom", "west", "south", "east", "north"),
    [  # as mapbox/mercantile's tests have them: bounds and xy_bounds of 486/332/10
        (486, 332, 10, -9.140625, 53.12040528310657, -8.7890625, 53.33087298301705),
        (0, 0, 0, -180.0, -85.0511287798066, 180.0, 85.0511287798066),
    ],
)
def test_extents_are_those_of_other_tile_calculators(
    x: int, y: int, zoom: int, west: float, south: float, east: float, north: float
) -> None:
    tile = Tile(zoom, row=y, column=x)
    assert tile.extent() == pytest.approx((west, south, east, north), abs=1e-12)


def test_bounds_of_a_known_tile_in_metres() -> None:
    known = (-1017529.7205322663, 7005300.768279833, -978393.962050256, 7044436.526761846)
    assert Tile(10, 332, 486).bounds == pytest.approx(known, abs=1e-6)


def test_bounds_and_extent_are_the_same_ground() -> None:
    for tile in (Tile(5, 13, 26), Tile(14, 6694, 13697), Tile(24, 6858000, 14025000)):
        west, south, east, north = tile.extent()
        metres = transform(np.array([(west, south), (east, north)]), "CRS84", "EPSG:3857")
        assert metres.ravel().tolist() == pytest.approx(list(tile.bounds), abs=1e-5)


def test_a_buffer_is_in_tile_widths() -> None:
    tile = Tile(10, 332, 486)
    width = 360 / 1024
    extent, wider = tile.extent(), tile.extent(0.25)
    assert wider.west == pytest.approx(extent.west - width / 4)
    assert wider.east == pytest.approx(extent.east + width / 4)
    assert wider.north > extent.north
    assert wider.south < extent.south


@pytest.mark.parametrize(
    ("tile", "west", "east"),
    [
        (Tile(0, 0, 0), -180.0, 180.0),
        (Tile(1, 0, 0), 180 - 2.8125, 2.8125),
        (Tile(1, 0, 1), -2.8125, -180 + 2.8125),
        (Tile(3, 4, 0), 180 - 45 / 64, -135 + 45 / 64),
        (Tile(3, 4, 3), -45 - 45 / 64, 45 / 64),
    ],
)
def test_a_buffer_goes_on_beyond_the_antimeridian(tile: Tile, west: float, east: float) -> None:
    extent = tile.extent(1 / 64)
    assert (extent.west, extent.east) == pytest.approx((west, east))


# --- tiles of an extent ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lon", "lat", "zoom", "x", "y"),
    [
        (20.6852, 40.1222, 9, 285, 193),  # mapbox/mercantile, test_tile
        (-77.035, 38.889, 12, 1171, 1567),
        (0.0, 0.0, 1, 1, 1),
        (-180.0, 85.0, 5, 0, 0),
        (180.0, -85.0, 5, 31, 31),
        (10.0, 90.0, 4, 8, 0),
        (10.0, -90.0, 4, 8, 15),
    ],
)
def test_a_position_has_one_tile(lon: float, lat: float, zoom: int, x: int, y: int) -> None:
    (found,) = tile_ranges(Extent(lon, lat, lon, lat), zoom)
    assert list(found) == [Tile(zoom, row=y, column=x)]


def test_random_positions_have_the_tile_of_the_usual_formula() -> None:
    """As OpenStreetMap's wiki writes it, by logarithm and secant: not the way of the code."""
    rng = np.random.default_rng(23)
    for zoom in (0, 1, 7, 16, 22):
        for lon, lat in rng.uniform((-180, -85), (180, 85), (50, 2)).tolist():
            radians = math.radians(lat)
            up = math.log(math.tan(radians) + 1 / math.cos(radians)) / math.pi
            x, y = int((lon + 180) / 360 * 2**zoom), int((1 - up) / 2 * 2**zoom)
            ((tile,),) = tile_ranges(Extent(lon, lat, lon, lat), zoom)
            assert (tile.x, tile.y) == (x, y)


def test_random_positions_lie_in_the_extent_of_their_tile() -> None:
    rng = np.random.default_rng(20)
    for zoom in (0, 1, 7, 16, 24):
        for lon, lat in rng.uniform((-180, -85), (180, 85), (50, 2)).tolist():
            ((tile,),) = tile_ranges(Extent(lon, lat, lon, lat), zoom)
            ground = tile.extent()
            assert ground.west <= lon <= ground.east
            assert ground.south <= lat <= ground.north


def test_the_extent_of_a_tile_has_that_tile_only() -> None:
    rng = np.random.default_rng(21)
    for zoom in range(MAX_ZOOM + 1):
        row, column = rng.integers(0, 2**zoom, 2).tolist()
        tile = Tile(zoom, row, column)
        (found,) = tile_ranges(tile.extent(), zoom)
        assert list(found) == [tile]


def test_ranges_are_complete_rectangles() -> None:
    (found,) = tile_ranges(QINGPU, 11)
    assert found == TileRange(11, 836, 838, 1711, 1713)
    assert len(found) == len(list(found)) == 9
    assert Tile(11, 838, 1712) in found
    assert Tile(11, 839, 1712) not in found
    assert Tile(11, 837, 1714) not in found
    assert Tile(12, 838, 1712) not in found
    for tile in found:
        assert tile.extent().intersects(QINGPU)


def test_across_the_antimeridian_there_are_two_ranges_and_one_limit() -> None:
    east, west = tile_ranges(PACIFIC, 4)
    assert (east.min_column, east.max_column) == (15, 15)
    assert (west.min_column, west.max_column) == (0, 0)
    assert (east.min_row, east.max_row) == (west.min_row, west.max_row) == (7, 8)
    assert tile_limits(PACIFIC, 4) == TileRange(4, 7, 8, 0, 15)
    assert tile_ranges(PACIFIC, 0) == [TileRange(0, 0, 0, 0, 0)]


def test_a_crossing_extent_around_the_world_has_each_tile_once() -> None:
    assert tile_ranges(Extent(10, -5, 9, 5), 3) == [TileRange(3, 3, 4, 0, 7)]


def test_the_whole_world_has_every_tile() -> None:
    world = Extent(-180, -90, 180, 90)
    for zoom in (0, 3, 24):
        last = 2**zoom - 1
        assert tile_ranges(world, zoom) == [TileRange(zoom, 0, last, 0, last)]
        assert tile_ranges(world, zoom, buffer=0.5) == [TileRange(zoom, 0, last, 0, last)]


def test_a_buffer_adds_the_tiles_that_show_the_edge() -> None:
    tile = Tile(6, 20, 30)
    (found,) = tile_ranges(tile.extent(), 6, buffer=1 / 64)
    assert found == TileRange(6, 19, 21, 29, 31)
    east, west = tile_ranges(Extent(179.99, 1, 179.995, 2), 6, buffer=1 / 64)
    assert (east.max_column, west.min_column, west.max_column) == (63, 0, 0)
    east, west = tile_ranges(Extent(-179.995, 1, -179.99, 2), 6, buffer=1 / 64)
    assert (east.min_column, east.max_column, west.max_column) == (63, 63, 0)


def test_limits_are_written_with_the_names_of_the_standard() -> None:
    assert tile_limits(QINGPU, 11).document() == {
        "tileMatrix": "11",
        "minTileRow": 836,
        "maxTileRow": 838,
        "minTileCol": 1711,
        "maxTileCol": 1713,
    }


def test_fractions_agree_with_proj() -> None:
    rng = np.random.default_rng(22)
    coords = rng.uniform((-180, -85), (180, 85), (500, 2))
    metres = transform(coords, "CRS84", "EPSG:3857")
    expected = np.column_stack((metres[:, 0] + HALF_WORLD, HALF_WORLD - metres[:, 1]))
    assert world_fractions(coords) * 2 * HALF_WORLD == pytest.approx(expected, abs=1e-6)


def test_the_square_ends_at_the_largest_latitude_and_poles_are_finite() -> None:
    edge = world_fractions(np.array([(-180, MAX_LATITUDE), (180, -MAX_LATITUDE)]))
    assert edge == pytest.approx(np.array([(0, 0), (1, 1)]), abs=1e-12)
    poles = world_fractions(np.array([(0.0, 90.0), (0.0, -90.0)]))
    assert np.isfinite(poles).all()
    assert poles[0, 1] < -1 < 2 < poles[1, 1]
    assert math.isclose(MAX_LATITUDE, 85.0511287798066)

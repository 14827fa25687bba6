"""Polygons in vector tiles: valid, clipped, none lost, also at the antimeridian and the poles."""

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geo.crs import transform
from geo.tiles import HALF_WORLD, Tile
from tests.geo.mvt import BUFFERED, TOWN, WORLD, assert_valid, blob, drawn, on_ground, rings
from tests.rows import first_quick


@pytest.mark.parametrize("radius", first_quick(2, [0.3, 9000.0, 3.0, 30.0, 900.0]))
def test_polygons_are_valid_clipped_and_within_a_unit(radius: float) -> None:
    rng = np.random.default_rng(int(radius * 10))
    areas = [blob(rng, radius) for _ in range(80)]
    features = drawn([on_ground(area, TOWN) for area in areas], TOWN)
    assert_valid(features)
    found = {feature["id"]: shape(feature["geometry"]) for feature in features}
    assert len(found) == len(features)
    for number, area in enumerate(areas, 1):
        expected = shapely.intersection(area, BUFFERED)
        if expected.is_empty:
            assert number not in found
            continue
        got = found[number]
        assert BUFFERED.covers(got)
        assert not shapely.difference(got, shapely.buffer(expected, 1.5)).area
        assert not shapely.difference(shapely.buffer(expected, -1.5), got).area
        if radius >= 30:
            # grows and shrinks by no more than a strip of one unit along the outline
            assert abs(got.area - expected.area) <= expected.length + 4


def test_twelve_small_polygons_are_twelve_at_zoom_0() -> None:
    """Parks of some hundred metres; another server keeps five of them."""
    rng = np.random.default_rng(5)
    parks = [
        shapely.box(lon, lat, lon + 0.003, lat + 0.002)
        for lon, lat in rng.uniform((120.6, 30.8), (121.2, 31.3), (12, 2)).tolist()
    ]
    for zoom in range(16):
        seen: set[int] = set()
        count = 1 << zoom
        for tile in {
            Tile(zoom, row, column)
            for park in parks
            for row, column in [_tile_at(park.centroid.x, park.centroid.y, count)]
        }:
            features = drawn(parks, tile)
            assert_valid(features)
            seen |= {feature["id"] for feature in features}
        assert seen == set(range(1, 13))
    features = drawn(parks, WORLD)
    assert len(features) == 12
    assert {shape(feature["geometry"]).area for feature in features} == {1.0}


def _tile_at(lon: float, lat: float, count: int) -> tuple[int, int]:
    metres = transform(np.array([(lon, lat)]), "CRS84", "EPSG:3857")[0]
    column, row = (metres * (1, -1) + HALF_WORLD) / (2 * HALF_WORLD) * count
    return int(row), int(column)


def test_holes_and_islands_too_small_to_see_go_the_rest_stays() -> None:
    tiny_hole = [(50, 50), (50, 50.3), (50.3, 50.3)]
    big_hole = [(20, 20), (20, 30), (30, 30), (30, 20)]
    lake = shapely.Polygon([(10, 10), (90, 10), (90, 90), (10, 90)], [tiny_hole, big_hole])
    areas = shapely.MultiPolygon([lake, shapely.box(200.1, 200.1, 200.3, 200.3)])
    (feature,) = drawn([on_ground(areas, TOWN)], TOWN)
    assert_valid([feature])
    ((exterior, *holes),) = rings(feature)
    assert shapely.Polygon(exterior).equals(shapely.box(10, 10, 90, 90))
    assert [shapely.Polygon(hole).bounds for hole in holes] == [(20, 20, 30, 30)]


def test_islands_that_rounding_brings_together_stay_valid() -> None:
    areas = shapely.MultiPolygon([shapely.box(10, 10, 20.3, 20), shapely.box(20.4, 10, 30, 20)])
    (feature,) = drawn([on_ground(areas, TOWN)], TOWN)
    assert_valid([feature])
    assert shape(feature["geometry"]).equals(shapely.box(10, 10, 30, 20))


def test_an_invalid_polygon_is_drawn_valid() -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    far_tie = shapely.Polygon([(4000, 0), (5000, 1000), (5000, 0), (4000, 1000)])
    flat = shapely.Polygon([(500, 500), (600, 500), (700, 500)])
    features = drawn([on_ground(area, TOWN) for area in (bow_tie, far_tie, flat)], TOWN)
    assert_valid(features)
    assert [feature["id"] for feature in features] == [1, 2, 3]
    assert shape(features[0]["geometry"]).area == pytest.approx(5000, abs=200)
    assert shape(features[2]["geometry"]).area == 1


def test_an_invalid_polygon_across_the_edge_keeps_the_right_areas() -> None:
    rng = np.random.default_rng(12)
    areas = [shapely.Polygon(rng.uniform(-3000, 7000, (7, 2))) for _ in range(60)]
    features = drawn([on_ground(area, TOWN) for area in areas], TOWN)
    assert_valid(features)
    found = {feature["id"]: shape(feature["geometry"]) for feature in features}
    for number, area in enumerate(areas, 1):
        mended = shapely.make_valid(area, method="structure", keep_collapsed=False)
        expected = shapely.intersection(mended, BUFFERED)
        difference = shapely.symmetric_difference(found.get(number, shapely.Polygon()), expected)
        assert difference.area <= expected.length + 4


def test_a_polygon_around_the_tile_fills_it_and_its_buffer() -> None:
    (feature,) = drawn([shapely.box(100, 10, 140, 50)], TOWN)
    assert shape(feature["geometry"]).equals(BUFFERED)


def test_a_polygon_whose_corner_box_meets_the_tile_but_not_itself_is_absent() -> None:
    corner = shapely.Polygon([(-3000, 4000), (-3000, 8000), (2000, 8000), (-2900, 7900)])
    assert corner.bounds[2] > 0
    assert drawn([on_ground(corner, TOWN)], TOWN) == []


def test_polar_land_reaches_the_edge_of_the_map() -> None:
    south = shapely.box(-180, -90, 180, -60)
    (feature,) = drawn([south], WORLD)
    assert_valid([feature])
    assert shape(feature["geometry"]).bounds == (-64, 2907, 4160, 4160)


def test_at_the_antimeridian_the_buffer_shows_the_other_side() -> None:
    east, west = shapely.Point(179.99, 0), shapely.Point(-179.99, 0)
    first, last = Tile(6, 31, 0), Tile(6, 31, 63)
    places = [f["geometry"]["coordinates"] for f in drawn([east, west], first)]
    assert places == [[-7, 4096], [7, 4096]]
    places = [f["geometry"]["coordinates"] for f in drawn([east, west], last)]
    assert places == [[4089, 4096], [4103, 4096]]
    assert drawn([east, west], Tile(6, 31, 1)) == []


def test_an_area_cut_at_the_antimeridian_is_drawn_whole() -> None:
    """RFC 7946 clause 3.1.9 cuts it; the two halves must not show an edge or overlap."""
    island = shapely.MultiPolygon([shapely.box(179.9, 1, 180, 2), shapely.box(-180, 1, -179.9, 2)])
    for tile in (Tile(6, 31, 0), Tile(6, 31, 63), WORLD):
        (feature,) = drawn([island], tile)
        assert_valid([feature])
    (feature,) = drawn([island], Tile(6, 31, 0))
    ((exterior, *_),) = rings(feature)
    assert len(exterior) >= 5
    assert shape(feature["geometry"]).bounds[::2] == (-64, 73)
    assert shapely.LineString([(0, 2700), (0, 3300)]).within(shape(feature["geometry"]))


def test_a_line_along_the_edge_goes_on_in_the_buffer() -> None:
    line = shapely.MultiLineString([[(179, 0), (180, 0)], [(-180, 0), (-179, 0)]])
    (feature,) = drawn([line], Tile(6, 31, 0))
    assert shape(feature["geometry"]).bounds == (-64, 4096, 728, 4096)

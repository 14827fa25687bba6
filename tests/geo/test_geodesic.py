"""Lengths, areas, distances and circles on the ellipsoid."""

import numpy as np
import pyproj
import pytest
import shapely

from geo import geodesic

GEOD = pyproj.Geod(ellps="WGS84")
# Metres of one degree on WGS 84 by the usual series: of the meridian, 111132.954 - 559.822 cos 2p
# + 1.175 cos 4p around 31.5 N; of the parallel at 31 N, 111412.84 cos p - 93.5 cos 3p
# + 0.118 cos 5p.
MERIDIAN, PARALLEL = 110878.1, 95504.2


def test_distance_along_meridian_and_parallel() -> None:
    metres = geodesic.distance_m([121, 121], [31, 31], [121, 122], [32, 31])
    # the geodesic between two positions of a parallel is a little shorter than the parallel
    assert metres == pytest.approx([MERIDIAN, PARALLEL], abs=1)
    assert geodesic.distance_m(121, 31, 121, 31) == 0


def test_distance_is_broadcast() -> None:
    lon = np.array([120.0, 121.0, 122.0])
    metres = geodesic.distance_m(lon, 31, 121, 31)
    assert metres.shape == (3,)
    assert metres[1] == 0
    assert metres[0] == pytest.approx(metres[2])


def test_distance_takes_the_short_way_over_the_antimeridian() -> None:
    assert geodesic.distance_m(179.5, 0, -179.5, 0) == pytest.approx(111319.49, abs=0.01)


def test_length_of_lines_and_rings() -> None:
    line = shapely.LineString([(121, 31), (121, 32), (122, 32)])
    leg = float(geodesic.distance_m(121, 32, 122, 32))
    box = shapely.box(121, 31, 122, 32)
    with_hole = box.difference(shapely.box(121.4, 31.4, 121.6, 31.6))
    expected = {
        line: MERIDIAN + leg,
        shapely.MultiLineString([line, line]): 2 * (MERIDIAN + leg),
        shapely.GeometryCollection([line, shapely.Point(1, 2)]): MERIDIAN + leg,
        box: 2 * MERIDIAN + leg + PARALLEL,
    }
    assert geodesic.length_m(np.array(list(expected))) == pytest.approx(
        list(expected.values()), abs=1
    )
    rings = geodesic.length_m([box, with_hole.interiors[0], with_hole])
    assert rings[2] == pytest.approx(rings[0] + rings[1], abs=1e-3)


def test_area_against_an_equal_area_projection() -> None:
    shapes = shapely.buffer(shapely.points([[121, 31], [105, 35], [85, 44]]), 0.2, quad_segs=90)
    to_plane = pyproj.Transformer.from_crs(
        4326, "+proj=cea +lat_ts=31 +ellps=WGS84", always_xy=True
    )
    flat = shapely.transform(
        shapes, lambda coords: np.column_stack(to_plane.transform(*coords.T)), interleaved=True
    )
    assert geodesic.area_m2(shapes) == pytest.approx(shapely.area(flat), rel=1e-5)


@pytest.mark.parametrize("clockwise", [True, False])
def test_area_leaves_out_holes_whatever_the_winding(clockwise: bool) -> None:
    box, hole = shapely.box(121, 31, 122, 32), shapely.box(121.4, 31.4, 121.6, 31.6)
    with_hole = shapely.orient_polygons(box.difference(hole), exterior_cw=clockwise)
    whole, missing, rest = geodesic.area_m2([box, hole, with_hole])
    assert missing > 4e8
    assert rest == pytest.approx(whole - missing)


def test_area_of_several_parts_is_their_sum() -> None:
    a, b = shapely.box(121, 31, 122, 32), shapely.box(101, 31, 102, 32)
    nested = shapely.GeometryCollection([shapely.GeometryCollection([a]), b, shapely.Point(1, 2)])
    single, multi, mixed = geodesic.area_m2([a, shapely.MultiPolygon([a, b]), nested])
    assert multi == pytest.approx(2 * single)
    assert mixed == pytest.approx(2 * single)


def test_what_has_no_extent_measures_nothing() -> None:
    ring = shapely.LineString([(1, 1), (2, 1), (2, 2), (1, 1)])
    nothing = np.array([None, shapely.Point(1, 2), shapely.Polygon(), shapely.LineString()])
    assert geodesic.length_m(nothing).tolist() == [0, 0, 0, 0]
    assert geodesic.area_m2(nothing).tolist() == [0, 0, 0, 0]
    assert geodesic.area_m2([ring]).tolist() == [0]
    assert geodesic.area_m2([]).shape == geodesic.length_m([]).shape == (0,)


@pytest.mark.parametrize("radius", [1, 500, 15_000, 300_000])
def test_every_corner_of_a_circle_is_at_its_radius(radius: float) -> None:
    disc = geodesic.circle(121.12, 31.15, radius)
    corners = shapely.get_coordinates(disc)
    assert len(corners) == 65
    assert geodesic.distance_m(121.12, 31.15, *corners.T) == pytest.approx(radius)
    assert disc.is_valid
    assert disc.exterior.is_ccw
    assert disc.covers(shapely.Point(121.12, 31.15))


def test_a_circle_loses_little_between_its_corners() -> None:
    disc = geodesic.circle(121.12, 31.15, 15_000, points=64)
    sides = shapely.get_coordinates(disc)
    middles = (sides[1:] + sides[:-1]) / 2
    shortfall = 15_000 - geodesic.distance_m(121.12, 31.15, *middles.T)
    assert shortfall.min() > 0
    assert shortfall.max() < 0.00125 * 15_000


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "sentence"),
    [
        (179.99, 0, 5_000, "crosses the antimeridian or a pole"),
        (-179.99, 60, 5_000, "crosses the antimeridian or a pole"),
        (0, 89.99, 5_000, "crosses the antimeridian or a pole"),
        (0, 0, 3e7, "crosses the antimeridian or a pole"),
        (90, 0, 1.95e7, "crosses the antimeridian or a pole"),  # all but the other side
        (0, 0, 0, "a radius above 0 m, not 0 m"),
        (0, 0, np.inf, "a radius above 0 m, not inf m"),
        (np.nan, 0, 10, "a circle needs a position"),
    ],
)
def test_circles_that_are_refused(lon: float, lat: float, radius: float, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        geodesic.circle(lon, lat, radius)

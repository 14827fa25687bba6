"""Extent: parts, union, intersection, rounding."""

import math

import numpy as np
import pytest
import shapely

from geo.extent import Extent

PACIFIC = Extent(170, -20, -160, 10)
CHINA = Extent(73.5, 18.1, 135.1, 53.6)


def test_of_is_the_least_extent_around_all_geometries() -> None:
    geometries = np.array([shapely.Point(121, 31), None, shapely.box(120, 30, 120.5, 32)])
    assert Extent.of(geometries) == Extent(120, 30, 121, 32)


@pytest.mark.parametrize("nothing", [[], [None], [shapely.Point(), None], [shapely.Polygon()]])
def test_of_nothing_is_none(nothing: list[object]) -> None:
    assert Extent.of(np.array(nothing, dtype=object)) is None


def test_of_gives_plain_numbers_that_json_takes() -> None:
    extent = Extent.of([shapely.Point(1, 2)])
    assert extent is not None
    assert {type(edge) for edge in extent} == {float}


def test_an_ordinary_extent_is_its_own_part() -> None:
    assert CHINA.parts == [CHINA]
    assert not CHINA.crosses_antimeridian
    assert CHINA.width == pytest.approx(61.6)


def test_across_the_antimeridian_there_are_two_parts() -> None:
    assert PACIFIC.crosses_antimeridian
    assert PACIFIC.parts == [Extent(170, -20, 180, 10), Extent(-180, -20, -160, 10)]
    assert PACIFIC.width == 30


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (CHINA, Extent(120, 30, 121, 31), True),
        (CHINA, Extent(135.1, 53.6, 140, 60), True),  # corner to corner
        (CHINA, Extent(135.2, 20, 140, 30), False),
        (CHINA, Extent(80, 60, 90, 70), False),
        (PACIFIC, Extent(-170, 0, -165, 5), True),
        (PACIFIC, Extent(175, 0, 176, 5), True),
        (PACIFIC, Extent(0, 0, 10, 5), False),
        (PACIFIC, Extent(175, 20, -175, 30), False),
        (PACIFIC, Extent(-179, 0, 179, 5), True),
    ],
)
def test_intersects(a: Extent, b: Extent, expected: bool) -> None:
    assert a.intersects(b) is expected
    assert b.intersects(a) is expected


def test_union_that_does_not_cross_stays_so() -> None:
    east, west = Extent(170, 0, 179, 1), Extent(-179, -1, -170, 0)
    assert east.union(west) == Extent(-179, -1, 179, 1)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Extent(160, 0, 165, 1), Extent(160, -20, -160, 10)),  # west of it
        (Extent(-150, 0, -140, 1), Extent(170, -20, -140, 10)),  # east of it
        (Extent(175, 0, 178, 1), PACIFIC),  # inside
        (Extent(160, 0, -170, 1), Extent(160, -20, -160, 10)),  # both cross
        (Extent(150, 0, -150, 1), Extent(150, -20, -150, 10)),  # around it
        (Extent(-180, 0, 180, 1), Extent(-180, -20, 180, 10)),  # the whole way round
        (Extent(-165, 0, 175, 1), Extent(-180, -20, 180, 10)),  # together the whole way
    ],
)
def test_union_across_the_antimeridian(other: Extent, expected: Extent) -> None:
    assert PACIFIC.union(other) == expected
    assert other.union(PACIFIC) == expected


def test_union_covers_both_at_random() -> None:
    random = np.random.default_rng(7)
    for _ in range(500):
        west_1, east_1, west_2, east_2 = random.uniform(-180, 180, 4).tolist()
        a, b = Extent(west_1, 0, east_1, 1), Extent(west_2, 0, east_2, 1)
        both = a.union(b)
        for edge in (west_1, east_1, west_2, east_2):
            assert both.intersects(Extent(edge, 0, edge, 1))
        # an edge is only ever one of the edges that came, or the whole way round
        assert both[::2] == (-180, 180) or set(both[::2]) <= {west_1, east_1, west_2, east_2}
        assert both.width >= max(a.width, b.width)


def test_outward_never_gets_smaller_and_keeps_short_numbers() -> None:
    random = np.random.default_rng(8)
    for _ in range(2000):
        west, east = sorted(random.uniform(-180, 180, 2).tolist())
        south, north = sorted(random.uniform(-90, 90, 2).tolist())
        wide = Extent(west, south, east, north).outward()
        assert wide.west <= west
        assert wide.south <= south
        assert wide.east >= east
        assert wide.north >= north
        assert max(abs(a - b) for a, b in zip(wide, (west, south, east, north), strict=True)) < 2e-7
        assert all(round(edge, 7) == edge for edge in wide)
        assert wide.outward() == wide


def test_outward_stays_on_earth() -> None:
    nearly = Extent(math.nextafter(-180, 0), -90, 179.99999999, math.nextafter(90, 0))
    assert nearly.outward() == Extent(-180, -90, 180, 90)
    assert Extent(120.353612, 30.761244, 121.317992, 31.285772).outward(2) == Extent(
        120.35, 30.76, 121.32, 31.29
    )

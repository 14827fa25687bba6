"""GCJ-02 and BD-09 against published pairs, and there and back."""

from collections.abc import Callable

import numpy as np
import pytest
from pyproj import Geod

from geo import datum
from geo.datum import Pair

GEOD = Geod(ellps="WGS84")
ZONE = ((120.353612, 30.761244), (121.317992, 31.285772))
CHINA = ((73.5, 18.1), (135.1, 53.6))
OFFSET_AREA = ((72.01, 0.83), (137.83, 55.82))

# Longitude and latitude in WGS 84, then in GCJ-02, as computed by other libraries.
COMPUTED = [
    # googollee/eviltransform, python/test.py (equatorial axis 6378137 m: 8 mm at most)
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),  # Shanghai
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),  # Shenzhen
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),  # Beijing
    # wandergis/coordtransform, test/app.js; the same in athxx/coordtransform-rs
    (116.404, 39.915, 116.41024449916938, 39.91640428150164),
    # the tests of the Rust command geotool, on the Hangzhou Bay coast
    (121.0917077, 30.6107779, 121.09626935575027, 30.608604331756705),
]

# GCJ-02, then BD-09, from the same sources.
BAIDU_COMPUTED = [
    (116.404, 39.915, 116.41036949371029, 39.92133699351021),  # wandergis/coordtransform
    (121.09626935575027, 30.608604331756705, 121.10271732371203, 30.61484572185035),  # geotool
]

# WGS 84, GCJ-02 and BD-09 of cities as map services gave them, to 7 decimals:
# hujiulong/gcoord, test/fixtures/china-cities.json.
SERVED = [
    ((118.7916827, 32.0623216), (118.7968802, 32.0602574), (118.8033021, 32.0666136)),  # Nanjing
    ((120.8900776, 31.9823396), (120.8943001, 31.980175), (120.9008917, 31.9858283)),  # Nantong
    ((119.6427465, 29.0820414), (119.6474509, 29.0790641), (119.6538875, 29.0854003)),  # Jinhua
    ((121.4163207, 28.6593304), (121.4207579, 28.6563892), (121.4271936, 28.6625793)),  # Taizhou
    ((116.4011517, 39.9028057), (116.4074002, 39.9042136), (116.4137852, 39.9105355)),  # Beijing
    ((113.2590543, 23.131788), (113.2643859, 23.1291146), (113.2708188, 23.135343)),  # Guangzhou
    ((128.8340769, 47.725255), (128.841148, 47.7275393), (128.8476934, 47.7333596)),  # Yichun
    ((79.9202952, 37.1145011), (79.9222165, 37.1141631), (79.9286236, 37.1204095)),  # Hotan
    ((76.1647682, 39.7141079), (76.1678223, 39.7145315), (76.1743308, 39.7205029)),  # Artux
]


def metres(a: Pair, b: Pair) -> np.ndarray:
    ends = [np.atleast_1d(np.asarray(part, float)) for part in (*a, *b)]
    return np.asarray(GEOD.inv(*ends)[2])


def positions(box: tuple[tuple[float, float], tuple[float, float]], seed: int) -> Pair:
    lon, lat = np.random.default_rng(seed).uniform(*box, (20_000, 2)).T
    return lon, lat


@pytest.mark.parametrize("row", COMPUTED)
def test_gcj02_as_other_libraries_compute_it(row: tuple[float, float, float, float]) -> None:
    assert metres(datum.wgs84_to_gcj02(*row[:2]), row[2:]).max() < 0.01
    assert metres(datum.gcj02_to_wgs84(*row[2:]), row[:2]).max() < 0.01


@pytest.mark.parametrize("row", BAIDU_COMPUTED)
def test_bd09_as_other_libraries_compute_it(row: tuple[float, float, float, float]) -> None:
    assert metres(datum.gcj02_to_bd09(*row[:2]), row[2:]).max() < 1e-6
    assert metres(datum.bd09_to_gcj02(*row[2:]), row[:2]).max() < 1e-4


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), SERVED)
def test_frames_as_map_services_serve_them(wgs84: Pair, gcj02: Pair, bd09: Pair) -> None:
    assert metres(datum.wgs84_to_gcj02(*wgs84), gcj02).max() < 1
    assert metres(datum.gcj02_to_wgs84(*gcj02), wgs84).max() < 1
    assert metres(datum.gcj02_to_bd09(*gcj02), bd09).max() < 1
    assert metres(datum.bd09_to_gcj02(*bd09), gcj02).max() < 1


def test_shift_in_the_zone() -> None:
    here = positions(ZONE, seed=1)
    shift = metres(here, datum.wgs84_to_gcj02(*here))
    assert round(shift.min()) >= 464
    assert round(shift.max()) <= 502


@pytest.mark.parametrize("box", [ZONE, CHINA, OFFSET_AREA])
@pytest.mark.parametrize(
    ("forward", "inverse"),
    [
        (datum.wgs84_to_gcj02, datum.gcj02_to_wgs84),
        (datum.gcj02_to_bd09, datum.bd09_to_gcj02),
    ],
)
def test_there_and_back_is_below_a_millimetre(
    box: tuple[tuple[float, float], tuple[float, float]],
    forward: Callable[..., Pair],
    inverse: Callable[..., Pair],
) -> None:
    here = positions(box, seed=2)
    there = forward(*here)
    assert metres(here, there).min() > 1  # it did go somewhere
    assert metres(here, inverse(*there)).max() < 1e-4


def test_there_and_back_just_inside_the_edge() -> None:
    """Beyond the edge lies what was moved across it: the answer decides, not the question."""
    steps = np.linspace(1.0, 55.0, 500)
    here = (np.full(500, 137.8346), steps)
    there = datum.wgs84_to_gcj02(*here)
    assert (there[0] > 137.8347).any()
    assert metres(here, datum.gcj02_to_wgs84(*there)).max() < 1e-4


def test_outside_the_area_nothing_moves() -> None:
    lon, lat = np.array([-74.0, 2.35, 151.2, 72.0, 116.4]), np.array([40.7, 48.9, -33.9, 30, 56])
    assert not datum.in_offset_area(lon, lat).any()
    for function in (datum.wgs84_to_gcj02, datum.gcj02_to_wgs84, datum.gcj02_to_bd09):
        moved = function(lon, lat)
        assert moved[0].tolist() == lon.tolist()
        assert moved[1].tolist() == lat.tolist()


def test_what_is_not_finite_comes_back_and_spoils_nothing_else() -> None:
    lon, lat = np.array([np.nan, np.inf, 121.0, 121.0]), np.array([31.0, 31.0, -np.inf, 31.0])
    for function in (
        datum.wgs84_to_gcj02,
        datum.gcj02_to_wgs84,
        datum.gcj02_to_bd09,
        datum.bd09_to_gcj02,
    ):
        x, y = function(lon, lat)
        np.testing.assert_array_equal(x[:3], lon[:3])
        np.testing.assert_array_equal(y[:3], lat[:3])
        assert (float(x[3]), float(y[3])) == tuple(map(float, function(121.0, 31.0)))

"""GCJ-02 and BD-09, the offset frames of Chinese web maps, to and from WGS 84.

GCJ-02 (AMap, Tencent) moves a WGS 84 position by up to 0.8 km with a fixed formula on the
Krasovsky ellipsoid; BD-09 (Baidu) turns and shifts GCJ-02 once more, by about 1 km. Neither has an
EPSG code; the formulas are those of the open libraries googollee/eviltransform,
wandergis/coordtransform and hujiulong/gcoord.

All functions take and give longitude and latitude in degrees, as arrays of one shape or as numbers,
in that order, and raise for no position: what is not finite comes back as it is.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

# Krasovsky 1940: semi-major axis in metres, first eccentricity squared, in the published digits.
_AXIS = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_WAVE = np.pi * 3000.0 / 180.0
# Each round cuts the error of GCJ-02 to 1/140 and that of BD-09 to 1/100: over the whole area
# 0.002 mm and 0.02 mm are left after four, at worst.
_ROUNDS = 4


def in_offset_area(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Where the frames differ from WGS 84: 72.004-137.8347 E, 0.8293-55.8271 N (degrees).

    The box is the published one and coarse: it also holds Taiwan, Hong Kong, Korea and parts of
    other neighbours, where the map services differ among themselves. Outside it the three frames
    are taken as the same.
    """
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    return (x >= 72.004) & (x <= 137.8347) & (y >= 0.8293) & (y <= 55.8271)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """WGS 84 to GCJ-02; outside the offset area a position stays where it is."""
    return _forward(_gcj02_of, lon, lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 to WGS 84, undoing wgs84_to_gcj02 to 0.002 mm."""
    return _inverse(_gcj02_of, lon, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 to BD-09; outside the offset area a position stays where it is."""
    return _forward(_bd09_of, lon, lat)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """BD-09 to GCJ-02, undoing gcj02_to_bd09 to 0.02 mm; the usual closed form leaves 0.2 m."""
    return _inverse(_bd09_of, lon, lat)


def _forward(formula: Callable[[Floats, Floats], Pair], lon: ArrayLike, lat: ArrayLike) -> Pair:
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    inside = in_offset_area(x, y)
    with np.errstate(invalid="ignore"):  # infinite positions are outside
        moved_x, moved_y = formula(x, y)
    return np.where(inside, moved_x, x), np.where(inside, moved_y, y)


def _inverse(formula: Callable[[Floats, Floats], Pair], lon: ArrayLike, lat: ArrayLike) -> Pair:
    """The position that `formula` moves to (lon, lat), by fixed-point rounds.

    Whether it was moved at all is asked of the answer, not of the input: at the edge of the offset
    area one can be inside and the other outside.
    """
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    from_x, from_y = x, y
    with np.errstate(invalid="ignore"):
        for _ in range(_ROUNDS):
            to_x, to_y = formula(from_x, from_y)
            from_x, from_y = from_x + (x - to_x), from_y + (y - to_y)
    inside = in_offset_area(from_x, from_y)
    return np.where(inside, from_x, x), np.where(inside, from_y, y)


def _gcj02_of(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    waves_x = _waves(x, (20.0, 1), (40.0, 3), (150.0, 12), (300.0, 30))
    waves_y = _waves(y, (20.0, 1), (40.0, 3), (160.0, 12), (320.0, 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    east = east + (ripple + waves_x) * 2.0 / 3.0
    north = north + (ripple + waves_y) * 2.0 / 3.0
    # metres to degrees by the radii of curvature in the prime vertical and in the meridian
    phi = np.radians(lat)
    w2 = 1.0 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    parallel = _AXIS / np.sqrt(w2) * np.cos(phi)
    meridian = _AXIS * (1.0 - _ECCENTRICITY_2) / (w2 * np.sqrt(w2))
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def _waves(angle: Floats, *terms: tuple[float, int]) -> Floats:
    """Sum of amplitude * sin(angle * pi / divisor)."""
    total = np.zeros_like(angle)
    for amplitude, divisor in terms:
        total = total + amplitude * np.sin(angle * (np.pi / divisor))
    return total


def _bd09_of(lon: Floats, lat: Floats) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006

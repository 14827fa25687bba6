"""Coordinates as people write and paste them: every reading of a text as a position.

A pair of plain numbers does not say what it is: degrees may be of WGS 84, GCJ-02 or BD-09, and
either number may come first. All readings that make sense are given; which is meant, a person says.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geo.crs import (
    BD09,
    CRS84,
    GCJ02,
    area_of_use,
    is_geographic,
    there_and_back,
    transform,
)
from geo.datum import in_offset_area
from geo.extent import Extent

LONGEST = 100
LARGEST_ANGLE = 720.0  # beyond two turns nothing is an angle any more
MARGIN = 1.0  # degrees around what the map is about: beyond it another reading is more likely

_NUMBER = r"[+-]?\d{1,9}(?:\.\d{0,15})?"
_ANGLE = re.compile(
    rf"""\s*(?P<before>[NSEW]|[东西]经|[南北]纬)?\s*
    (?P<degrees>{_NUMBER})\s*(?:[°º度]\s*
      (?:(?P<minutes>\d{{1,2}}(?:\.\d{{0,10}})?)\s*['′’‘分]\s*
        (?:(?P<seconds>\d{{1,2}}(?:\.\d{{0,10}})?)\s*(?:["″”“秒]|''|′′)\s*)?)?)?
    (?P<after>[NSEW])?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[,，、;；/]\s*")
_AXES = {
    "E": (0, 1), "W": (0, -1), "N": (1, 1), "S": (1, -1),
    "东": (0, 1), "西": (0, -1), "北": (1, 1), "南": (1, -1),
}  # fmt: skip


class Reading(NamedTuple):
    """A position in CRS84, and the CRS it was written in; `swapped`: y or latitude came first."""

    crs: str
    lon: float
    lat: float
    swapped: bool


class _Number(NamedTuple):
    value: float
    axis: int | None  # 0 along the equator, 1 along a meridian, None where nothing says so
    is_angle: bool
    is_whole: bool


def is_pair(text: str) -> bool:
    """Whether a text is two numbers, written as coordinates are."""
    return _numbers(text) is not None


def readings(text: str, projected: Sequence[str], near: Extent | None) -> list[Reading]:
    """The positions that a text may mean; none where it is no pair of coordinates.

    `projected` are the CRSs that metres are tried in. Readings close to `near` put out the others;
    two whole numbers and nothing else are a position only there.
    """
    numbers = _numbers(text)
    if numbers is None:
        return []
    if max(abs(one.value) for one in numbers) <= LARGEST_ANGLE:
        found = _degrees(*numbers)
    elif any(one.is_angle for one in numbers):
        found = []
    else:
        found = [one for crs in projected for one in _metres(crs, *numbers)]
    close = [one for one in found if near is not None and _is_close(one, near)]
    plain = all(one.is_whole and not one.is_angle for one in numbers)
    return close or ([] if plain else found)


def _numbers(text: str) -> tuple[_Number, _Number] | None:
    if len(text) > LONGEST:
        return None
    first = _ANGLE.match(text)
    if first is None:
        return None
    between = _BETWEEN.match(text, first.end())
    start = between.end() if between else first.end()
    second = _ANGLE.fullmatch(text, start)
    if second is None or (between is None and not _is_apart(first, text)):
        return None
    one, other = _number(first), _number(second)
    return None if one is None or other is None else (one, other)


def _is_apart(found: re.Match[str], text: str) -> bool:
    """Two numbers need something between them: 1234 is not 123 and 4."""
    return found[0][-1:].isspace() or not text[found.end() - 1].isdigit()


def _number(found: re.Match[str]) -> _Number | None:
    degrees = float(found["degrees"])
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    size = abs(degrees) + minutes / 60 + seconds / 3600
    value = -size if found["degrees"].startswith("-") else size
    side = found["before"] or found["after"]
    axis, sign = _AXES[side[0].upper()] if side else (None, 1)
    angle = bool(re.search("[°º度]", found[0])) or side is not None
    return _Number(value * sign, axis, angle, "." not in found["degrees"])


def _degrees(one: _Number, other: _Number) -> list[Reading]:
    found = []
    for swapped, (x, y) in enumerate(((one, other), (other, one))):
        fits = x.axis in (0, None) and y.axis in (1, None)
        if fits and abs(x.value) <= 180 and abs(y.value) <= 90:
            systems = (CRS84, GCJ02, BD09) if in_offset_area(x.value, y.value) else (CRS84,)
            for crs in systems:
                [[lon, lat]] = transform(np.array([[x.value, y.value]]), crs, CRS84).tolist()
                found.append(Reading(crs, lon, lat, bool(swapped)))
    return found


def _metres(crs: str, one: _Number, other: _Number) -> list[Reading]:
    if is_geographic(crs):
        return []
    found = []
    west, south, east, north = area_of_use(crs)
    for swapped, (x, y) in enumerate(((one, other), (other, one))):
        coords, good = there_and_back(np.array([[x.value, y.value]]), crs)
        [[lon, lat]] = coords.tolist()
        if good[0] and west <= lon <= east and south <= lat <= north:
            found.append(Reading(crs, lon, lat, bool(swapped)))
    return found


def _is_close(one: Reading, near: Extent) -> bool:
    return any(
        part.west - MARGIN <= one.lon <= part.east + MARGIN
        and part.south - MARGIN <= one.lat <= part.north + MARGIN
        for part in near.parts
    )

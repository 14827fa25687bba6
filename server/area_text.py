"""How an area is written in an address, and what is wrong with one that cannot be meant."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from geo.discs import wrapped
from geo.extent import Extent
from server.allowed import Allowed

FORMS = (
    "box:west,south,east,north, polygon:lon,lat,lon,lat,..., circle:lon,lat,metres, "
    "feature:layer/id or near:layer/id,metres"
)
LEAST_CORNERS, MOST_CORNERS = 3, 200
LEAST_METRES, MOST_METRES = 1.0, 1_000_000.0
LONGEST = 16_000  # characters

Number = Callable[[str], float]


@dataclass(frozen=True)
class Box:
    extent: Extent


@dataclass(frozen=True)
class Polygon:
    """Corners in degrees; they may go on beyond 180, over the antimeridian."""

    corners: tuple[tuple[float, float], ...]

    @property
    def shape(self) -> shapely.Geometry:
        return wrapped(shapely.Polygon(self.corners))

    @property
    def extent(self) -> Extent:
        west, south, east, north = shapely.Polygon(self.corners).bounds
        if west >= -180 and east <= 180:
            return Extent(west, south, east, north)
        return Extent((west + 180) % 360 - 180, south, (east + 180) % 360 - 180, north)


@dataclass(frozen=True)
class Circle:
    lon: float
    lat: float
    metres: float


@dataclass(frozen=True)
class OfFeature:
    """The area that a feature is; or, with `metres`, what is so near to it."""

    layer: str
    id: str
    metres: float | None = None


Written = Box | Polygon | Circle | OfFeature


def parse_area(text: str, number: Number, box: Callable[..., Extent]) -> Written:
    """ValueError says what is allowed; `number` and `box` read those of other parameters too."""
    kind, colon, rest = text.partition(":")
    if not colon or kind not in ("box", "polygon", "circle", "feature", "near"):
        raise Allowed(f"one of {FORMS}")
    if len(text) > LONGEST:
        raise Allowed(f"at most {LONGEST} characters")
    if kind == "feature":
        return OfFeature(*_feature(rest, "feature:layer/id"))
    if kind == "near":
        named, comma, metres = rest.rpartition(",")
        form = "near:layer/id,metres"
        if not comma:
            raise Allowed(form)
        return OfFeature(*_feature(named, form), _metres(metres, form, number))
    numbers = _numbers(kind, rest, number)
    if kind == "circle":
        lon, lat = numbers[:2]
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise Allowed("circle:lon,lat,metres, longitude before latitude, in degrees")
        return Circle(lon, lat, _in_reach(numbers[2], "circle:lon,lat,metres"))
    return _box(box(*numbers)) if kind == "box" else _polygon(numbers)


def _numbers(kind: str, text: str, number: Number) -> list[float]:
    form = {
        "box": "box:west,south,east,north",
        "circle": "circle:lon,lat,metres",
        "polygon": f"polygon:lon,lat,lon,lat,... of {LEAST_CORNERS} to {MOST_CORNERS} corners",
    }[kind]
    parts = text.split(",")
    try:
        numbers = [number(part) for part in parts]
    except ValueError:
        raise Allowed(f"{form}, finite numbers separated by commas") from None
    if len(numbers) != {"box": 4, "circle": 3}.get(kind, len(numbers)):
        raise Allowed(form)
    if kind == "polygon":
        # The last corner may be the first again: we close it either way.
        closed = len(numbers) > 2 and numbers[:2] == numbers[-2:]
        numbers = numbers[:-2] if closed else numbers
        if len(numbers) % 2 or not LEAST_CORNERS <= len(numbers) // 2 <= MOST_CORNERS:
            raise Allowed(form)
    return numbers


def _box(extent: Extent) -> Box:
    if not (extent.width > 0 and extent.north > extent.south):
        raise Allowed("box:west,south,east,north with some width and height")
    return Box(extent)


def _polygon(numbers: list[float]) -> Polygon:
    corners = np.array(numbers).reshape(-1, 2)
    lon, lat = corners[:, 0], corners[:, 1]
    if np.abs(lat).max() > 90 or np.abs(lon).max() > 540 or np.ptp(lon) > 360:
        raise Allowed("polygon:lon,lat,..., longitude before latitude, in degrees")
    shape = shapely.Polygon(corners)
    if not shapely.is_valid(shape):
        where = shapely.is_valid_reason(shape)
        raise Allowed(f"a polygon that does not cross or touch itself ({where})")
    if shape.area == 0:
        raise Allowed("a polygon with some area: its corners lie on one line")
    return Polygon(tuple(map(tuple, corners.tolist())))


def _feature(text: str, form: str) -> tuple[str, str]:
    layer, slash, feature = text.rpartition("/")  # ids have no slash, ids of layers may
    if not (slash and layer and feature):
        raise Allowed(form)
    return layer, feature


def _metres(text: str, form: str, number: Number) -> float:
    try:
        return _in_reach(number(text), form)
    except ValueError:
        raise Allowed(_reach(form)) from None


def _in_reach(metres: float, form: str) -> float:
    if not LEAST_METRES <= metres <= MOST_METRES:
        raise Allowed(_reach(form))
    return metres


def _reach(form: str) -> str:
    return f"{form} with {LEAST_METRES:.0f} to {MOST_METRES:.0f} metres"

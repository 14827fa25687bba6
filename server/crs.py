"""Coordinate reference systems at the edge (OGC API Features, part 2): URIs, output.

Inside everything is CRS84, longitude before latitude. Outside each CRS has its own URI and the axis
order of its authority.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import (
    CRS84,
    authority_axis_is_north_first,
    decimals,
    is_wgs84,
    transform_geometries,
)
from geo.extent import Extent
from geo.region import is_used_for
from layers.export import file_crs
from layers.model import Text
from server.settings import Settings

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_URI = "http://www.opengis.net/def/crs/EPSG/0/"
ALWAYS = (CRS84, "EPSG:4326", "EPSG:4490", "EPSG:4549", "EPSG:4528", "EPSG:3857")
_CODE = re.compile(re.escape(EPSG_URI) + r"([1-9][0-9]{0,5})", re.ASCII)

# Positions without more words are both: see geo.crs.
_DEGREES = Text("WGS 84 / CGCS2000 经纬度", "WGS 84 / CGCS2000 degrees")

Floats = NDArray[np.float64]


def offered(settings: Settings, extent: Extent | None = None) -> tuple[str, ...]:
    """The names of all CRSs that requests may name; the default first.

    With the extent of a layer: those that its geometries can be asked for in, because they are
    used there.
    """
    names = dict.fromkeys((*ALWAYS, *settings.crs))
    return tuple(name for name in names if extent is None or is_used_for(extent, name))


def uri(name: str) -> str:
    return CRS84_URI if name == CRS84 else EPSG_URI + name.removeprefix("EPSG:")


def parse_uri(text: str) -> str:
    """The name that `geo.crs` knows; ValueError for what is no such URI."""
    if text == CRS84_URI:
        return CRS84
    found = _CODE.fullmatch(text)
    if found is None:
        raise ValueError
    return f"EPSG:{found[1]}"


def title(one: file_crs.FileCrs) -> Text:
    """What people call a system that a position is read or written in."""
    return _DEGREES if one.definition == CRS84 else file_crs.title(one)


def written(geometries: NDArray[Any], name: str) -> NDArray[Any]:
    """CRS84 geometries as they stand in an answer: turned, rounded, axes as the authority says.

    One that has no counterpart in the CRS becomes null.
    """
    if name == CRS84:
        return geometries
    moved = geometries if is_wgs84(name) else transform_geometries(geometries, CRS84, name)
    places = decimals(name)
    swap = authority_axis_is_north_first(name)

    def turned(coords: Floats) -> Floats:
        rounded = np.round(coords, places)
        return rounded[:, ::-1] if swap else rounded

    result: NDArray[Any] = shapely.transform(moved, turned)
    return result


def names(crs: Sequence[str]) -> str:
    return ", ".join(uri(one) for one in crs)

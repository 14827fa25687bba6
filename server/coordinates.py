"""A point of the map in every system that planners write coordinates in, as text to copy."""

from typing import Any

import numpy as np
import orjson
from fastapi import Response

from geo.crs import (
    BD09,
    CRS84,
    GCJ02,
    area_of_use,
    authority_axis_is_north_first,
    is_geographic,
    there_and_back,
    transform,
)
from geo.datum import in_offset_area
from geo.extent import Extent
from layers.export.file_crs import FileCrs, file_crs
from layers.model import Lang, Text
from layers.stores.store import Reading
from server import caching, crs
from server.media import JSON
from server.params import COORDINATES, LATITUDE, LONGITUDE, read
from server.settings import Settings
from server.site import CallDep

WEB_MERCATOR = "EPSG:3857"
DEGREE_DECIMALS = 7  # a centimetre
METRE_DECIMALS = 3
SECOND_DECIMALS = 4
LONGITUDES, LATITUDES = Text("经度", "Longitude"), Text("纬度", "Latitude")
EAST, NORTH = Text("东", "East"), Text("北", "North")

Json = dict[str, Any]


async def coordinates(call: CallDep) -> Response:
    given = read(call.query, COORDINATES)
    call.must_accept(JSON)
    lang = call.lang(given)
    lon, lat = given.get(LONGITUDE) or 0.0, given.get(LATITUDE) or 0.0

    def answer(_: Reading) -> bytes:
        return orjson.dumps(document(lon, lat, call.site.settings, lang))

    # PROJ takes its time when it is first asked.
    body = await call.site.pool.run(answer, call.request)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


def document(lon: float, lat: float, settings: Settings, lang: Lang) -> Json:
    """Of a position in CRS84 degrees; systems that do not hold it are left out."""
    systems = [file_crs(name, settings.local_crs) for name in names(settings)]
    return {
        "lon": lon,
        "lat": lat,
        "systems": [system(one, lon, lat, lang) for one in systems if holds(one, lon, lat)],
    }


def names(settings: Settings) -> list[str]:
    """Those of `crs`, WGS 84 once, without the degrees that are the same, and GCJ-02 and BD-09."""
    # Web Mercator is for drawing: its metres are none on the ground.
    surveyed = [
        one for one in crs.offered(settings) if not is_geographic(one) and one != WEB_MERCATOR
    ]
    return [CRS84, GCJ02, BD09, *surveyed, *settings.local_crs]


def holds(one: FileCrs, lon: float, lat: float) -> bool:
    """Whether a system is meant for a position: one beyond its area has numbers, but no use."""
    if one.definition == CRS84:
        return True
    if one.is_offset:
        return bool(in_offset_area(lon, lat))
    if not area_of_use(one.definition).intersects(Extent(lon, lat, lon, lat)):
        return False
    there = transform(np.array([[lon, lat]]), CRS84, one.definition)
    return bool(np.isfinite(there).all() and there_and_back(there, one.definition)[1][0])


def system(one: FileCrs, lon: float, lat: float, lang: Lang) -> Json:
    [position] = transform(np.array([[lon, lat]]), CRS84, one.definition).tolist()
    titles = (LONGITUDES, LATITUDES) if one.is_degrees else (EAST, NORTH)
    decimals = DEGREE_DECIMALS if one.is_degrees else METRE_DECIMALS
    axes = [
        {
            "label": title.of(lang),
            "value": round(value, decimals),
            "text": f"{value:.{decimals}f}",
            **({"dms": dms(value, signs)} if one.is_degrees else {}),
        }
        for title, value, signs in zip(titles, position, ("EW", "NS"), strict=True)
    ]
    # Degrees stand longitude first, as map services take them; metres as the authority has it.
    if not one.is_degrees and authority_axis_is_north_first(one.definition):
        axes.reverse()
    return {
        "crs": one.name,
        "label": crs.title(one).of(lang),
        "axes": axes,
        "text": ", ".join(axis["text"] for axis in axes),
    }


def dms(value: float, signs: str) -> str:
    """An angle in degrees, minutes and seconds, such as 120°38′24.0000″E."""
    # In whole parts of a second, so that 59.99999 seconds do not become 60.
    parts = round(abs(value) * 3600 * 10**SECOND_DECIMALS)
    minutes, rest = divmod(parts, 60 * 10**SECOND_DECIMALS)
    seconds = f"{rest / 10**SECOND_DECIMALS:0{SECOND_DECIMALS + 3}.{SECOND_DECIMALS}f}"
    return f"{minutes // 60}°{minutes % 60:02d}′{seconds}″{signs[value < 0]}"

"""Search: the features that a question finds, and the places that coordinates may mean."""

from typing import Any

import orjson
import shapely
from fastapi import Response

from geo.crs import is_geographic
from geo.written import Reading as Written
from geo.written import is_pair, readings
from layers.export.file_crs import file_crs
from layers.model import Lang, Text
from layers.search.find import Hit, find
from layers.stores.store import Reading
from server import caching, crs
from server.asks import listed
from server.links import Links
from server.media import JSON
from server.params import HITS, QUESTION, SEARCH, Given, read
from server.site import Call, CallDep
from server.window import opening

DEFAULT_HITS = 10
DECIMALS = 7  # of degrees: a centimetre
_LATITUDE_FIRST = Text("，纬度在前", ", latitude first")
_NORTHING_FIRST = Text("，北坐标在前", ", northing first")

Json = dict[str, Any]


async def search(call: CallDep) -> Response:
    given = read(call.query, SEARCH)
    call.must_accept(JSON)
    lang = call.lang(given)
    body = await call.run(lambda reading: answer(call, given, lang, reading))
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


def answer(call: Call, given: Given, lang: Lang, reading: Reading) -> bytes:
    store, text = call.store, given.get(QUESTION) or ""
    layers = listed(store, given)
    places = places_of(call, text, lang)
    with call.site.search.of(store, [layer.id for layer in layers]) as connection:
        limit = given.get(HITS) or DEFAULT_HITS
        hits = find(store, connection, reading, layers, text, limit, lang)
    return orjson.dumps(
        {
            "q": text,
            "numberReturned": len(hits),
            "hits": [hit_document(one, call.links, lang) for one in hits],
            "places": places,
        }
    )


def hit_document(hit: Hit, links: Links, lang: Lang) -> Json:
    layer, feature, found = hit.layer, hit.feature, hit.found
    shape = shapely.from_wkb(feature.geometry) if feature.geometry is not None else None
    if shape is not None and shape.is_empty:
        shape = None
    return {
        "layer": layer.id,
        "layerTitle": layer.title.of(lang),
        "id": feature.id,
        "name": value_of(hit, "name", lang),
        "match": hit.match,
        "field": None
        if found is None
        else {"name": found.field.name, "label": found.field.label.of(lang)},
        "text": None if found is None else found.text,
        "fragments": hit.fragments,
        "placement": value_of(hit, "placement", lang),
        "geometry": point(shape),
        "bbox": None if shape is None else rounded(*shape.bounds),
        "href": links.to("collections", layer.id, "items", feature.id),
    }


def point(shape: shapely.Geometry | None) -> Json | None:
    if shape is None or shape.geom_type != "Point":
        return None
    return {"type": "Point", "coordinates": rounded(shape.x, shape.y)}


def value_of(hit: Hit, role: str, lang: Lang) -> object:
    """The value of a role, in the language or else in the other."""
    fields = [one for one in hit.layer.schema.fields if one.role == role]
    fields.sort(key=lambda one: one.lang != lang)
    values = (hit.feature.properties.get(one.name) for one in fields)
    return next((one for one in values if one not in (None, "")), None)


def places_of(call: Call, text: str, lang: Lang) -> list[Json]:
    """What a question means as coordinates, in each system that they may be of."""
    settings, store = call.site.settings, call.store
    names = [one for one in crs.offered(settings) if not is_geographic(one)]
    if not is_pair(text):
        return []
    near = opening(store, store.layers())
    return [place_document(one, lang) for one in readings(text, names, near)]


def place_document(one: Written, lang: Lang) -> Json:
    label = crs.title(file_crs(one.crs, {}))
    first = _LATITUDE_FIRST if is_geographic(one.crs) else _NORTHING_FIRST
    return {
        "label": label.of(lang) + (first.of(lang) if one.swapped else ""),
        "crs": one.crs,
        "swapped": one.swapped,
        "geometry": point(shapely.Point(one.lon, one.lat)),
    }


def rounded(*numbers: float) -> list[float]:
    return [round(one, DECIMALS) for one in numbers]

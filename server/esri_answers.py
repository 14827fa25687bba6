"""Answers of the feature service: features, keys, counts and extents."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import orjson
import shapely

from geo.crs import CRS84, is_wgs84, transform_geometries
from layers.model import Feature, Query
from layers.stores.store import Reading, Store
from server import esri_query, esri_statistics
from server.esri_documents import field_document, key_field
from server.esri_geometry import extent_document, reference_document, written
from server.esri_layers import GEOMETRY_TYPES, Published
from server.esri_query import Wanted
from server.esri_values import attributes
from server.params import Given

# Of features in an answer: what is longer has to be asked for in smaller pages.
MOST_BYTES = 32_000_000
BATCH, BATCH_BYTES = 100, 1_000_000

Json = dict[str, Any]
Write = Callable[[list[Feature]], list[Json]]


def answer(
    store: Store, reading: Reading, one: Published, given: Given, asked: Wanted, lang: str
) -> Json:
    """The document that the parameters of a query ask for; orjson with numpy writes it."""
    if given.get(esri_query.OUT_STATISTICS):
        return esri_statistics.statistics(store, one, given, asked, lang)
    if given.get(esri_query.DISTINCT):
        return esri_statistics.distinct(store, one, given, asked, lang)
    only_extent = given.get(esri_query.ONLY_EXTENT)
    if given.get(esri_query.ONLY_COUNT) and not only_extent:
        return {"count": count(store, one, asked)}
    if given.get(esri_query.ONLY_KEYS):
        return {"objectIdFieldName": one.key, "objectIds": keys(store, one, asked)}
    if only_extent:
        return extent(store, one, asked)
    form = geojson if given.get(esri_query.FORMAT) == "geojson" else features
    return form(store, reading, one, given, asked, lang)


def whole(asked: Wanted) -> Query:
    """All features that match, whatever page is asked for."""
    return replace(asked.query, limit=None, offset=0)


def count(store: Store, one: Published, asked: Wanted) -> int:
    return 0 if asked.nothing else store.count(one.layer.id, whole(asked))


def keys(store: Store, one: Published, asked: Wanted) -> object:
    """All of them, millions too: eight bytes each until they are written."""
    found = () if asked.nothing else store.keys(one.layer.id, whole(asked))
    return np.asarray(found, np.int64) if found else None


def page(
    store: Store, reading: Reading, one: Published, given: Given, asked: Wanted, write: Write
) -> tuple[orjson.Fragment, bool]:
    """The features of a page as a JSON list, and whether there are more.

    Written some at a time, so that neither their shapes nor their numbers are in memory at once.
    """
    limit, chunks, size, number = asked.query.limit or 0, [], 0, 0
    found: Iterator[Feature] = iter(())
    if not asked.nothing:
        # one more than the page holds tells whether there are more
        found = store.features(one.layer.id, replace(asked.query, limit=limit + 1))
    for some in batches(islice(found, limit)):
        reading.check()
        chunk = orjson.dumps(write(some))[1:-1]
        size += len(chunk)
        if size > MOST_BYTES:
            fits = f"at most {max(1, number)} here, for an answer of at most {MOST_BYTES:,} bytes"
            raise given.misfit(esri_query.COUNT, fits)
        chunks.append(chunk)
        number += len(some)
    more = next(found, None) is not None
    if more and given.get(esri_query.RESULT_TYPE) == "tile":
        # a client may rather have nothing than a part of a tile, and then ask for smaller ones
        chunks = [] if given.get(esri_query.EXCEEDED) is False else chunks
    return orjson.Fragment(b"[" + b",".join(chunks) + b"]"), more


def batches(found: Iterator[Feature]) -> Iterator[list[Feature]]:
    """Some at a time: many small ones, or few whose shapes are large."""
    some: list[Feature] = []
    size = 0
    for feature in found:
        some.append(feature)
        size += len(feature.geometry or b"")
        if len(some) == BATCH or size > BATCH_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def features(
    store: Store, reading: Reading, one: Published, given: Given, asked: Wanted, lang: str
) -> Json:
    simplify, decimals = given.get(esri_query.SIMPLIFY), given.get(esri_query.DECIMALS)

    def write(some: list[Feature]) -> list[Json]:
        entries: list[Json] = [
            {"attributes": attributes(one, asked.columns, feature)} for feature in some
        ]
        if asked.geometry:
            wkb = [feature.geometry for feature in some]
            for entry, shape in zip(
                entries, written(wkb, asked.crs, simplify, decimals), strict=True
            ):
                if shape is not None:
                    entry["geometry"] = shape
        return entries

    found, more = page(store, reading, one, given, asked, write)
    return {
        "objectIdFieldName": one.key,
        "uniqueIdField": {"name": one.key, "isSystemMaintained": True},
        "globalIdFieldName": "",
        "geometryType": GEOMETRY_TYPES[one.kind],
        "spatialReference": reference_document(asked.crs),
        "hasZ": False,
        "hasM": False,
        "fields": [key_field(one), *(field_document(one, each, lang) for each in asked.columns)],
        "features": found,
        **({"exceededTransferLimit": True} if more else {}),
    }


def geojson(
    store: Store, reading: Reading, one: Published, given: Given, asked: Wanted, lang: str
) -> Json:
    """x, y in every CRS, as Esri's servers write it; what RFC 7946 knows is CRS84."""

    def write(some: list[Feature]) -> list[Json]:
        wkb = np.array([feature.geometry for feature in some], dtype=object)
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
        if not is_wgs84(asked.crs):
            shapes = transform_geometries(shapes, CRS84, asked.crs)
        return [
            {
                "type": "Feature",
                "id": feature.fid,
                "geometry": None
                if shape is None or not asked.geometry
                else orjson.Fragment(shapely.to_geojson(shape)),
                "properties": attributes(one, asked.columns, feature),
            }
            for feature, shape in zip(some, shapes, strict=True)
        ]

    found, more = page(store, reading, one, given, asked, write)
    document: Json = {"type": "FeatureCollection", "features": found}
    if asked.crs != CRS84:
        document["crs"] = {"type": "name", "properties": {"name": asked.crs}}
    if more:
        document |= {"properties": {"exceededTransferLimit": True}, "exceededTransferLimit": True}
    return document


def extent(store: Store, one: Published, asked: Wanted) -> Json:
    found = None if asked.nothing else store.extent(one.layer.id, whole(asked))
    bounds: Any = found
    if found is not None and not is_wgs84(asked.crs):
        box = shapely.segmentize(shapely.box(*found), max(found.width, 1e-6) / 16)
        turned = transform_geometries(np.array([box], dtype=object), CRS84, asked.crs)
        bounds = None if turned[0] is None else shapely.bounds(turned[0]).tolist()
    return {"extent": extent_document(bounds, asked.crs), "count": count(store, one, asked)}

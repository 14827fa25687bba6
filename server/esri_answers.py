"""Answers of the feature service: features, keys, counts, extents, distinct values, statistics."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import shapely

from geo.crs import CRS84, is_wgs84, transform_geometries
from geo.extent import Extent
from layers.errors import InvalidQuery
from layers.model import Feature
from layers.stores.store import Store
from server import esri_query
from server.esri_documents import field_document, key_field
from server.esri_geometry import extent_document, reference_document, written
from server.esri_layers import GEOMETRY_TYPES, Column, Published, milliseconds
from server.esri_query import Statistic, Wanted
from server.params import Given

MOST_VALUES = 100_000

Json = dict[str, Any]


def answer(store: Store, one: Published, given: Given, asked: Wanted, lang: str) -> Json:
    """The document that the parameters of a query ask for."""
    if given.get(esri_query.OUT_STATISTICS):
        return statistics(store, one, given, asked, lang)
    if given.get(esri_query.DISTINCT):
        return distinct(store, one, given, asked, lang)
    only_extent = given.get(esri_query.ONLY_EXTENT)
    if given.get(esri_query.ONLY_COUNT) and not only_extent:
        return {"count": count(store, one, asked)}
    if given.get(esri_query.ONLY_KEYS):
        keys = [feature.fid for feature in every(store, one, asked)]
        return {"objectIdFieldName": one.key, "objectIds": keys or None}
    if only_extent:
        return extent(store, one, asked)
    page, more = read_page(store, one, asked)
    if given.get(esri_query.FORMAT) == "geojson":
        return geojson(one, asked, page, more)
    return features(one, given, asked, page, more, lang)


def count(store: Store, one: Published, asked: Wanted) -> int:
    whole = replace(asked.query, limit=None, offset=0)
    return 0 if asked.nothing else store.count(one.layer.id, whole)


def every(store: Store, one: Published, asked: Wanted) -> Iterator[Feature]:
    """All features that match, whatever page is asked for."""
    whole = replace(asked.query, limit=None, offset=0)
    return iter(()) if asked.nothing else store.features(one.layer.id, whole)


def read_page(store: Store, one: Published, asked: Wanted) -> tuple[list[Feature], bool]:
    """One feature more than the page holds tells whether there are more."""
    limit = asked.query.limit
    if asked.nothing or not limit:
        return [], bool(limit == 0 and count(store, one, asked) > asked.query.offset)
    found = list(store.features(one.layer.id, replace(asked.query, limit=limit + 1)))
    return found[:limit], len(found) > limit


def features(
    one: Published, given: Given, asked: Wanted, page: list[Feature], more: bool, lang: str
) -> Json:
    shapes: list[Json | None] = [None] * len(page)
    if asked.geometry:
        simplify, decimals = given.get(esri_query.SIMPLIFY), given.get(esri_query.DECIMALS)
        shapes = written([feature.geometry for feature in page], asked.crs, simplify, decimals)
    found = []
    for feature, shape in zip(page, shapes, strict=True):
        entry: Json = {"attributes": attributes(one, asked.columns, feature)}
        if shape is not None:
            entry["geometry"] = shape
        found.append(entry)
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


def geojson(one: Published, asked: Wanted, page: list[Feature], more: bool) -> Json:
    """x, y in every CRS, as Esri's servers write it; what RFC 7946 knows is CRS84."""
    wkb = np.array([feature.geometry for feature in page], dtype=object)
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    if not is_wgs84(asked.crs):
        shapes = transform_geometries(shapes, CRS84, asked.crs)
    found = [
        {
            "type": "Feature",
            "id": feature.fid,
            "geometry": None
            if shape is None or not asked.geometry
            else orjson.loads(shapely.to_geojson(shape)),
            "properties": attributes(one, asked.columns, feature),
        }
        for feature, shape in zip(page, shapes, strict=True)
    ]
    document: Json = {"type": "FeatureCollection", "features": found}
    if asked.crs != CRS84:
        document["crs"] = {"type": "name", "properties": {"name": asked.crs}}
    if more:
        document |= {"properties": {"exceededTransferLimit": True}, "exceededTransferLimit": True}
    return document


def attributes(one: Published, columns: tuple[Column, ...], feature: Feature) -> Json:
    found: Json = {one.key: feature.fid}
    for column in columns:
        found[column.name] = value_of(column, feature)
    return found


def value_of(column: Column, feature: Feature) -> object:
    """As Esri's types have it: no booleans, no lists, times in milliseconds."""
    if column.field is None:
        return feature.id
    value = feature.properties[column.field.name]
    if value is None:
        return None
    match column.source:
        case "boolean":
            return int(bool(value))
        case "list":
            return ",".join(map(str, value)) if isinstance(value, list) else str(value)
        case "date" | "datetime":
            return milliseconds(value)
    return value


def extent(store: Store, one: Published, asked: Wanted) -> Json:
    whole: Extent | None = None
    number = 0
    batch: list[bytes | None] = []
    for feature in every(store, one, asked):
        number += 1
        batch.append(feature.geometry)
        if len(batch) == 5_000:
            whole, batch = _wider(whole, batch), []
    whole = _wider(whole, batch)
    bounds: Any = whole
    if whole is not None and not is_wgs84(asked.crs):
        box = shapely.segmentize(shapely.box(*whole), max(whole.width, 1e-6) / 16)
        turned = transform_geometries(np.array([box], dtype=object), CRS84, asked.crs)
        bounds = None if turned[0] is None else shapely.bounds(turned[0]).tolist()
    return {"extent": extent_document(bounds, asked.crs), "count": number}


def _wider(whole: Extent | None, batch: list[bytes | None]) -> Extent | None:
    found = Extent.of(shapely.from_wkb(np.array(batch, dtype=object), on_invalid="ignore"))
    if found is None:
        return whole
    return found if whole is None else whole.union(found)


def distinct(store: Store, one: Published, given: Given, asked: Wanted, lang: str) -> Json:
    """The different values of the fields asked for, in order."""
    columns = asked.columns
    seen: dict[tuple[object, ...], None] = {}
    for feature in every(store, one, asked):
        seen[tuple(value_of(column, feature) for column in columns)] = None
        _bounded(len(seen), given)
    if given.get(esri_query.ONLY_COUNT):
        return {"count": len(seen)}
    rows = [
        dict(zip((column.name for column in columns), values, strict=True))
        for values in sorted(seen, key=_sortable)
    ]
    fields = [field_document(one, column, lang) for column in columns]
    return _rows(_ordered(rows, given), fields, given, asked)


def _bounded(number: int, given: Given) -> None:
    if number > MOST_VALUES:
        parameter = esri_query.GROUP if given.get(esri_query.GROUP) else esri_query.FIELDS
        raise given.misfit(parameter, f"fields with at most {MOST_VALUES} different values")


def _sortable(values: tuple[object, ...]) -> list[tuple[bool, float, str]]:
    """Null first, then numbers, then texts."""
    return [
        (value is not None, value if isinstance(value, int | float) else math.inf, str(value))
        for value in values
    ]


def _ordered(rows: list[Json], given: Given) -> list[Json]:
    names = given.get(esri_query.ORDER) or ()
    for text in reversed(names):
        name, descending = esri_query.ordering(given, text)
        found = next((key for row in rows for key in row if key.lower() == name.lower()), None)
        if rows and found is None:
            raise given.misfit(esri_query.ORDER, f"made of {', '.join(rows[0])}")
        rows = sorted(rows, key=lambda row: _sortable((row[found or name],)), reverse=descending)
    return rows


def _rows(rows: list[Json], fields: list[Json], given: Given, asked: Wanted) -> Json:
    start = asked.query.offset
    limit = asked.query.limit or 0
    page = rows[start : start + limit] if given.get(esri_query.DISTINCT) else rows
    more = given.get(esri_query.DISTINCT) and len(rows) > start + len(page)
    return {
        "displayFieldName": "",
        "fieldAliases": {field["name"]: field["alias"] for field in fields},
        "fields": fields,
        "features": [{"attributes": row} for row in page],
        **({"exceededTransferLimit": True} if more else {}),
    }


class Running:
    """Count, sum, least, greatest and variance of values that pass by (Welford)."""

    def __init__(self) -> None:
        self.count = 0
        self.sum: float = 0
        self.mean = self.squares = 0.0
        self.least: Any = None
        self.greatest: Any = None

    def add(self, value: Any) -> None:
        if value is None:
            return
        self.count += 1
        if self.least is None or value < self.least:
            self.least = value
        if self.greatest is None or value > self.greatest:
            self.greatest = value
        if isinstance(value, int | float):
            self.sum += value
            step = value - self.mean
            self.mean += step / self.count
            self.squares += step * (value - self.mean)

    def result(self, kind: str) -> Any:
        variance = self.squares / (self.count - 1) if self.count > 1 else None
        return {
            "count": self.count,
            "sum": _writable(self.sum) if self.count else None,
            "min": self.least,
            "max": self.greatest,
            "avg": self.mean if self.count else None,
            "var": variance,
            "stddev": None if variance is None else math.sqrt(variance),
        }[kind]


def _writable(total: float) -> float:
    """JSON's whole numbers end where 64 bits do."""
    return total if abs(total) < 2**63 else float(total)


def statistics(store: Store, one: Published, given: Given, asked: Wanted, lang: str) -> Json:
    """By group; the values that are null count nowhere."""
    wanted = given.get(esri_query.OUT_STATISTICS) or ()
    groups = [_group(one, given, name) for name in given.get(esri_query.GROUP) or ()]
    measured = [_measured(one, given, each) for each in wanted]
    found: dict[tuple[object, ...], list[Running]] = {}
    if not groups:
        found[()] = [Running() for _ in wanted]
    for feature in every(store, one, asked):
        key = tuple(value_of(column, feature) for column in groups)
        if key not in found:
            found[key] = [Running() for _ in wanted]
            _bounded(len(found), given)
        for running, column in zip(found[key], measured, strict=True):
            running.add(feature.fid if column is None else value_of(column, feature))
    rows = []
    for key in sorted(found, key=_sortable):
        row = dict(zip((column.name for column in groups), key, strict=True))
        for each, running in zip(wanted, found[key], strict=True):
            row[each.name] = running.result(each.kind)
        rows.append(row)
    fields = [field_document(one, column, lang) for column in groups]
    fields += [_statistic_field(each) for each in wanted]
    return _rows(_ordered(rows, given), fields, given, asked)


def _group(one: Published, given: Given, name: str) -> Column:
    column = esri_query.column_of(one, given, esri_query.GROUP, name)
    if column is None:
        raise given.misfit(esri_query.GROUP, f"fields without {one.key}")
    return column


def _measured(one: Published, given: Given, statistic: Statistic) -> Column | None:
    parameter = esri_query.OUT_STATISTICS
    column = esri_query.column_of(one, given, parameter, statistic.field)
    needs_number = statistic.kind in ("sum", "avg", "stddev", "var")
    if column and needs_number and column.source not in ("integer", "number", "boolean"):
        raise InvalidQuery(
            parameter.name, statistic.field, f"a field of numbers for {statistic.kind}"
        )
    return column


def _statistic_field(statistic: Statistic) -> Json:
    kind = "esriFieldTypeInteger" if statistic.kind == "count" else "esriFieldTypeDouble"
    return {"name": statistic.name, "type": kind, "alias": statistic.name}

"""Answers of the feature service about groups of features: distinct values and statistics."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from layers.errors import InvalidQuery
from layers.model import Summary
from layers.stores.store import Store
from server import esri_query
from server.esri_documents import TYPES, field_document
from server.esri_layers import Column, Published
from server.esri_query import Statistic, Wanted
from server.esri_values import value_of
from server.params import Given

MOST_VALUES = 100_000

Json = dict[str, Any]
Key = tuple[object, ...]


def distinct(store: Store, one: Published, given: Given, asked: Wanted, lang: str) -> Json:
    """The different values of the fields asked for, in order."""
    columns = asked.columns
    if not columns:
        raise given.misfit(esri_query.FIELDS, f"fields other than {one.key} to compare")
    seen = _groups(store, one, given, asked, columns, [])
    if given.get(esri_query.ONLY_COUNT):
        return {"count": len(seen)}
    fields = [field_document(one, column, lang) for column in columns]
    return _rows([*map(list, seen)], fields, given, asked)


def statistics(store: Store, one: Published, given: Given, asked: Wanted, lang: str) -> Json:
    """By group; the values that are null count nowhere."""
    wanted = given.get(esri_query.OUT_STATISTICS) or ()
    names = given.get(esri_query.GROUP) or ()
    found_by = [_group(one, given, name) for name in names]
    groups = list({column.name: column for column in found_by}.values())
    measured = [_measured(one, given, each) for each in wanted]
    _check_names(given, wanted, groups)
    found = _groups(store, one, given, asked, groups, measured, _needs_spread(wanted))
    if given.get(esri_query.ONLY_COUNT):
        return {"count": len(found)}
    rows = [[*key, *map(_result, wanted, measured, summaries)] for key, summaries in found.items()]
    fields = [field_document(one, column, lang) for column in groups]
    fields += map(_statistic_field, wanted, measured)
    return _rows(rows, fields, given, asked)


def _groups(
    store: Store,
    one: Published,
    given: Given,
    asked: Wanted,
    by: Sequence[Column],
    of: Sequence[Column | None],
    spread: bool = False,
) -> dict[Key, tuple[Summary, ...]]:
    """In order. What the store tells apart may be the same to Esri's types: it is put together."""
    if asked.nothing:
        return {} if by else {(): tuple(Summary(0) for _ in of)}
    names = [None if column is None else one.names[column.name] for column in of]
    each = list(dict.fromkeys(names))  # a field of many statistics is gone through once
    places = [each.index(name) for name in names]
    whole = replace(asked.query, limit=None, offset=0)
    shared = [one.names[column.name] for column in by]
    found: dict[Key, tuple[Summary, ...]] = {}
    for group in store.groups(one.layer.id, whole, shared, each, spread):
        key = tuple(map(value_of, by, group.values))
        summaries = tuple(group.of[place] for place in places)
        known = found.get(key)
        found[key] = tuple(map(Summary.and_, known, summaries)) if known else summaries
        if len(found) > MOST_VALUES:
            parameter = esri_query.GROUP if of else esri_query.FIELDS
            raise given.misfit(parameter, f"fields with at most {MOST_VALUES} different values")
    return {key: found[key] for key in sorted(found, key=_sortable)}


def _check_names(given: Given, wanted: Sequence[Statistic], groups: Sequence[Column]) -> None:
    """Rows have one value under each name."""
    taken = {column.name.casefold() for column in groups}
    for each in wanted:
        if each.name.casefold() in taken:
            free = "a list with an outStatisticFieldName for each that nothing else is called by"
            raise InvalidQuery(
                esri_query.OUT_STATISTICS.name, each.name, f"{free}, groups included"
            )
        taken.add(each.name.casefold())


def _group(one: Published, given: Given, name: str) -> Column:
    column = esri_query.column_of(one, given, esri_query.GROUP, name)
    if column is None:
        raise given.misfit(esri_query.GROUP, f"fields without {one.key}")
    return column


def _measured(one: Published, given: Given, statistic: Statistic) -> Column | None:
    parameter = esri_query.OUT_STATISTICS
    column = esri_query.column_of(one, given, parameter, statistic.field)
    if column is None or statistic.kind == "count":
        return column
    if statistic.kind in ("min", "max"):
        if column.source == "list":
            raise InvalidQuery(parameter.name, statistic.field, "a field that holds no lists")
    elif column.source not in ("integer", "number", "boolean"):
        allowed = f"a field of numbers for {statistic.kind}"
        raise InvalidQuery(parameter.name, statistic.field, allowed)
    return column


def _needs_spread(wanted: Sequence[Statistic]) -> bool:
    return any(each.kind in ("stddev", "var") for each in wanted)


def _result(statistic: Statistic, column: Column | None, summary: Summary) -> object:
    number = summary.number
    variance = summary.squares / (number - 1) if number > 1 else None
    match statistic.kind:
        case "count":
            return number
        case "min" | "max":
            end = summary.least if statistic.kind == "min" else summary.greatest
            return end if column is None or end is None else value_of(column, end)
        case "sum":
            return _writable(summary.sum) if number else None
        case "avg":
            return summary.sum / number if number else None
        case "var":
            return variance
    return None if variance is None else math.sqrt(variance)


def _writable(total: float) -> float:
    """JSON's whole numbers end where 64 bits do."""
    return total if abs(total) < 2**63 else float(total)


def _statistic_field(statistic: Statistic, column: Column | None) -> Json:
    kind = "esriFieldTypeInteger" if statistic.kind == "count" else "esriFieldTypeDouble"
    if (
        statistic.kind in ("min", "max")
        and column
        and column.source in ("text", "date", "datetime")
    ):
        kind = TYPES[column.source]
    return {"name": statistic.name, "type": kind, "alias": statistic.name}


def _rows(rows: list[list[object]], fields: list[Json], given: Given, asked: Wanted) -> Json:
    """Distinct values come page by page, groups only where pages are asked for."""
    names = [field["name"] for field in fields]
    rows = _ordered(rows, names, given)
    start, limit = asked.query.offset, asked.query.limit
    if given.get(esri_query.OUT_STATISTICS) and given.get(esri_query.COUNT) is None:
        limit = len(rows)
    page = rows[start : start + (limit or 0)]
    more = start + len(page) < len(rows)
    return {
        "displayFieldName": "",
        "fieldAliases": {field["name"]: field["alias"] for field in fields},
        "fields": fields,
        "features": [{"attributes": dict(zip(names, row, strict=True))} for row in page],
        **({"exceededTransferLimit": True} if more else {}),
    }


def _ordered(rows: list[list[object]], names: list[str], given: Given) -> list[list[object]]:
    places = {name.casefold(): place for place, name in enumerate(names)}
    order = given.get(esri_query.ORDER) or ()
    for text in order[::-1]:
        name, descending = esri_query.ordering(given, text)
        place = places.get(name.casefold())
        if place is None:
            raise given.misfit(esri_query.ORDER, f"made of {', '.join(names)}")
        rows = sorted(rows, key=partial(_sortable_at, place), reverse=descending)
    return rows


def _sortable_at(place: int, row: Sequence[object]) -> list[tuple[bool, float, str]]:
    return _sortable(row[place : place + 1])


def _sortable(values: Sequence[object]) -> list[tuple[bool, float, str]]:
    """Null first, then numbers, then texts."""
    return [
        (value is not None, value if isinstance(value, int | float) else math.inf, str(value))
        for value in values
    ]

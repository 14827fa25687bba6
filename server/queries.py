"""From the parameters of a request for items to the query that a store answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from geo.crs import CRS84, is_wgs84
from geo.extent import Extent
from geo.region import region, x_first
from layers.filter import FilterError, check, parse_json, parse_text, tree
from layers.filter.queryables import geometry_name, id_name, queryables
from layers.model import Field, Layer, Query, SortKey
from server import crs, params
from server.marks import Mark
from server.params import ITEMS, Given, OwnWords, Parameter
from server.settings import Settings
from server.source import Source
from server.times import Period, parse_datetime, stamp

NOTHING = tree.Literal(False, "boolean")
TAKEN = frozenset(one.name for one in ITEMS)


@dataclass(frozen=True)
class Wanted:
    """What a request for items asks of the store, and how it wants the answer."""

    query: Query
    crs: str = CRS84
    properties: frozenset[str] | None = None


def items_query(
    layer: Layer, given: Given, others: Mapping[str, str], source: Source, name: str
) -> Wanted:
    """InvalidQuery names the parameter that does not fit; `others` are names of queryables, and
    `name` is the CRS of the answer.
    """
    settings = source.settings
    # More than the most is answered with the most (OGC API Features, 7.15.2): no error.
    limit = min(given.get(params.LIMIT) or settings.default_items, settings.max_items)
    mark, backward = _mark(given)
    query = replace(
        narrowed(layer, given, others, source),
        limit=limit,
        after=mark.fid if mark else None,
        after_values=mark.values if mark else (),
        backward=backward,
        offset=given.get(params.OFFSET) or 0,
    )
    return Wanted(query, name, chosen(layer, given))


def narrowed(layer: Layer, given: Given, others: Mapping[str, str], source: Source) -> Query:
    """All features that a request is about, in its order, whatever page it asks for."""
    settings = source.settings
    terms = [_equal(layer, given, name, text) for name, text in others.items()]
    extent, shaped = _area(layer, given, settings)
    period = given.get(params.DATETIME)
    if period is not None:
        terms += _during(layer, period)
    terms += _filter(layer, given, settings) + shaped + source.terms(layer, given)
    return Query(
        extent=extent,
        filter=None if not terms else terms[0] if len(terms) == 1 else tree.And(tuple(terms)),
        sort=_sort(given),
    )


def crs_of(given: Given, parameter: Parameter[str], offered: Sequence[str]) -> str:
    name = given.get(parameter)
    if name is None:
        return CRS84
    if name not in offered:
        raise given.misfit(parameter, f"one of {crs.names(offered)}")
    return name


def chosen(layer: Layer, given: Given) -> frozenset[str] | None:
    """The fields that the answer shall have; None for all."""
    names = given.get(params.PROPERTIES)
    if names is None:
        return None
    known = [field.name for field in layer.schema.fields]
    if not set(names) <= set(known):
        raise given.misfit(params.PROPERTIES, f"some of {', '.join(known)}, separated by commas")
    return frozenset(names)


def _sort(given: Given) -> tuple[SortKey, ...]:
    return given.get(params.SORTBY) or ()


def _mark(given: Given) -> tuple[Mark | None, bool]:
    after, before = given.get(params.AFTER), given.get(params.BEFORE)
    if after is not None and before is not None:
        raise given.misfit(params.BEFORE, "left out where after is given")
    mark, parameter = (before, params.BEFORE) if before is not None else (after, params.AFTER)
    if mark is not None and len(mark.values) != len(_sort(given)):
        raise given.misfit(parameter, "the value of a link of a page in the same order")
    return mark, before is not None


def _area(layer: Layer, given: Given, settings: Settings) -> tuple[Extent | None, list[tree.Node]]:
    """The extent of `bbox`, and the exact shape where in another CRS that is not all."""
    box, name = given.get(params.BBOX), crs_of(given, params.BBOX_CRS, crs.offered(settings))
    if box is None:
        return None, []
    if is_wgs84(name):
        return _in_degrees(given, box, name)
    found = region(box, name)
    if found is None:
        return None, [NOTHING]
    place = tree.Property(geometry_name(layer), "geometry")
    unplaced = tree.IsNull(place)
    if found.shape is None:
        return found.extent, [] if found.is_in_use else [tree.Not(unplaced)]
    touches = tree.SpatialPredicate("S_INTERSECTS", place, tree.Shape(found.shape))
    # Where its CRS is not used, a box is a slip of the axes: features without a place stay away.
    return found.extent, [tree.Or((unplaced, touches)) if found.is_in_use else touches]


def _in_degrees(given: Given, box: params.Box, name: str) -> tuple[Extent | None, list[tree.Node]]:
    west, south, east, north = x_first(box, name)
    try:
        return params.on_the_globe(west, south, east, north), []
    except ValueError as error:
        if name == CRS84:
            raise given.misfit(params.BBOX, str(error)) from None
        if south > north:
            allowed = "two corners, the one of the lower latitude first"
            raise given.misfit(params.BBOX, allowed) from None
        return None, [NOTHING]  # no error: the OGC's suite sends longitude first


def read_filter(given: Given) -> tree.Node | None:
    """The filter as it was written, not yet checked against a layer."""
    text = given.get(params.FILTER)
    if text is None:
        return None
    parse = parse_json if given.get(params.FILTER_LANG) == "cql2-json" else parse_text
    try:
        return parse(text)
    except FilterError as error:
        raise BadFilter(text, error) from None


def _filter(layer: Layer, given: Given, settings: Settings) -> list[tree.Node]:
    name = crs_of(given, params.FILTER_CRS, crs.offered(settings))
    found = read_filter(given)
    if found is None:
        return []
    try:
        return [check(found, layer, name)]
    except FilterError as error:
        raise BadFilter(str(given.get(params.FILTER)), error) from None


class BadFilter(OwnWords):
    """Its sentence is the filter's own: what is wrong, and where."""

    def __init__(self, text: str, error: FilterError) -> None:
        super().__init__("filter", text, "a CQL2 expression over the queryables of the layer")
        self.args = (str(error),)


def instant_field(layer: Layer) -> Field | None:
    """The field that `datetime` means: the one that says so, else the first of such a type."""
    found = [field for field in layer.schema.fields if field.type in ("date", "datetime")]
    marked = [field for field in found if field.role == "instant"]
    return next(iter(marked or found), None)


def _during(layer: Layer, period: Period) -> list[tree.Node]:
    """In the period, or without a time: those match too (OGC API Features, 7.15.4)."""
    field = instant_field(layer)
    if field is None or period == Period(None, None):
        return []
    kind = "date" if field.type == "date" else "timestamp"
    when = tree.Property(field.name, kind)
    terms: list[tree.Node] = []
    for op, end in ((">=", period.start), ("<=", period.end)):
        if end is not None:
            text = stamp(end)
            value = tree.Literal(text[:10] if kind == "date" else text, kind)
            terms.append(tree.Comparison(op, when, value))
    return [tree.Or((tree.IsNull(when), tree.And(tuple(terms))))]


def _equal(layer: Layer, given: Given, name: str, text: str) -> tree.Node:
    parameter = property_parameters(layer).get(name)
    if parameter is None:
        raise given.unknown(name, text, property_parameters(layer))
    kind = queryables(layer)[name]
    literal = "number" if kind == "integer" else kind
    value = tree.Literal(params.parsed(parameter, text), literal)
    return tree.Comparison("=", tree.Property(name, kind), value)


def _boolean(text: str) -> bool:
    # GDAL asks for 1 and 0: to its SQL a truth is a number.
    if text not in ("true", "false", "1", "0"):
        raise ValueError
    return text in ("true", "1")


def _day(text: str) -> str:
    if len(text) != 10:
        raise ValueError
    return _start(text)[:10]


def _moment(text: str) -> str:
    if len(text) <= 10 or "/" in text:
        raise ValueError
    return _start(text)


def _start(text: str) -> str:
    start = parse_datetime(text).start
    if start is None:
        raise ValueError
    return stamp(start)


_ONE_OF: Mapping[str, tuple[Any, str, Mapping[str, Any]]] = {
    "text": (params.parse_text, "a text", params.TEXT),
    "integer": (
        params.whole_number(-(2**63), 2**63 - 1),
        "a whole number",
        {"type": "integer", "format": "int64"},
    ),
    "number": (params.parse_number, "a number", {"type": "number"}),
    "boolean": (_boolean, "true or false, or 1 or 0", {"type": "boolean"}),
    "date": (_day, "a date such as 2024-08-23", {"type": "string", "format": "date"}),
    "timestamp": (
        _moment,
        "a time such as 2024-08-23T10:00:00Z",
        {"type": "string", "format": "date-time"},
    ),
}


def property_parameters(layer: Layer) -> Mapping[str, Parameter[Any]]:
    """Each queryable of a simple type as a parameter that asks for equality."""
    return _property_parameters(tuple(queryables(layer).items()), id_name(layer))


@lru_cache(maxsize=256)
def _property_parameters(known: Sequence[tuple[str, str]], id: str) -> Mapping[str, Parameter[Any]]:
    found = {}
    for name, kind in known:
        if kind in _ONE_OF and name not in TAKEN:
            parse, allowed, schema = _ONE_OF[kind]
            described = "The id of the feature" if name == id else f"Features whose {name} is this"
            found[name] = Parameter(name, parse, allowed, schema, described)
    return found

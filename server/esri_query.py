"""A query to a layer of the feature service: its parameters, and the filter they stand for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import shapely

from geo.crs import CRS84
from layers.filter import FilterError, tree
from layers.filter.queryables import geometry_name
from layers.filter.read_where import parse_where
from layers.model import LANGUAGES, Query, SortKey
from server import esri_geometry, params
from server.allowed import Allowed
from server.esri_documents import most_records
from server.esri_geometry import parse_reference
from server.esri_layers import Column, Published
from server.params import Given, Parameter, choice, parse_number, parse_text, whole_number
from server.settings import Settings
from server.times import stamp

MOST_KEYS = 10_000

# The query's geometry comes first in Esri's words: what contains the features, they are within.
RELATIONS = {
    "esriSpatialRelIntersects": "S_INTERSECTS",
    "esriSpatialRelEnvelopeIntersects": "S_INTERSECTS",
    "esriSpatialRelIndexIntersects": "S_INTERSECTS",
    "esriSpatialRelContains": "S_WITHIN",
    "esriSpatialRelWithin": "S_CONTAINS",
    "esriSpatialRelCrosses": "S_CROSSES",
    "esriSpatialRelOverlaps": "S_OVERLAPS",
    "esriSpatialRelTouches": "S_TOUCHES",
}
GEOMETRIES = (
    "esriGeometryEnvelope",
    "esriGeometryPoint",
    "esriGeometryMultipoint",
    "esriGeometryPolyline",
    "esriGeometryPolygon",
)
STATISTICS = ("count", "sum", "min", "max", "avg", "stddev", "var")


def parse_flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError
    return text.lower() == "true"


def parse_keys(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > MOST_KEYS:
        raise Allowed(f"at most {MOST_KEYS} whole numbers")
    return tuple(map(whole_number(-params.LARGEST_KEY - 1, params.LARGEST_KEY), parts))


def parse_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def parse_positive(text: str) -> float:
    value = parse_number(text)
    if value < 0:
        raise ValueError
    return value


def parse_time(text: str) -> tuple[int | None, int | None]:
    """An instant, or two of them, either of which may be null, in milliseconds."""
    read = whole_number(-(10**15), 10**15)
    ends = [None if part.strip() == "null" else read(part.strip()) for part in text.split(",", 2)]
    if len(ends) > 2:
        raise ValueError
    return ends[0], ends[-1]


@dataclass(frozen=True)
class Statistic:
    kind: str
    field: str
    name: str


def parse_statistics(text: str) -> tuple[Statistic, ...]:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueError from None
    if not isinstance(document, list) or not 0 < len(document) <= 50:
        raise ValueError
    return tuple(map(_statistic, document))


def _statistic(document: object) -> Statistic:
    if not isinstance(document, dict):
        raise ValueError
    kind = str(document.get("statisticType", "")).lower()
    field = document.get("onStatisticField")
    name = document.get("outStatisticFieldName") or f"{kind}_{field}"
    if kind not in STATISTICS or not isinstance(field, str) or not isinstance(name, str):
        raise ValueError
    return Statistic(kind, field, name)


def blank_or(pattern: str) -> dict[str, str]:
    """What programs are told of a value: clients send whole forms, in which much is left empty."""
    return {"type": "string", "pattern": f"^( *|{pattern})$"}


def one_of(name: str, *words: str) -> Parameter[str]:
    return Parameter(name, choice(*words), f"one of {', '.join(words)}", blank_or("|".join(words)))


def flag(name: str) -> Parameter[bool]:
    either = "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"
    return Parameter(name, parse_flag, "true or false", blank_or(either))


def left_out(name: str) -> Parameter[str]:
    return Parameter(
        name, choice(), "left out: it is not offered here", {"type": "string", "pattern": "^ *$"}
    )


def positive(name: str) -> Parameter[float]:
    decimal = blank_or("[0-9]{1,15}([.][0-9]{1,15})?")
    return Parameter(name, parse_positive, "a number that is not negative", decimal)


def whole(name: str) -> Parameter[int]:
    parse = whole_number(0, params.MOST_OFFSET)
    return Parameter(name, parse, "a whole number from 0", blank_or("[0-9]{1,15}"))


LANG = replace(params.LANG, schema=blank_or("|".join(LANGUAGES)))
ANY_KEY = "-?[0-9]{1,18}"
ANY_TIME = "(null|-?[0-9]{1,13})"
FORMAT = one_of("f", "json", "pjson", "geojson", "html")
WHERE = Parameter("where", parse_text, "a condition in SQL")
KEYS = Parameter(
    "objectIds",
    parse_keys,
    "whole numbers separated by commas",
    blank_or(f"{ANY_KEY}( *, *{ANY_KEY})*"),
)
GEOMETRY = Parameter("geometry", parse_text, "Esri's JSON of a geometry, or numbers with commas")
GEOMETRY_TYPE = one_of("geometryType", *GEOMETRIES)
IN_SR = Parameter("inSR", parse_reference, "a wkid")
OUT_SR = Parameter("outSR", parse_reference, "a wkid")
DEFAULT_SR = Parameter("defaultSR", parse_reference, "a wkid")
RELATION = one_of("spatialRel", *RELATIONS)
DISTANCE = positive("distance")
UNITS = one_of("units", *esri_geometry.UNITS)
TIME = Parameter(
    "time",
    parse_time,
    "milliseconds since 1970, or two such separated by a comma",
    blank_or(f"{ANY_TIME}( *, *{ANY_TIME})?"),
)
FIELDS = Parameter("outFields", parse_list, "names of fields separated by commas, or *")
WITH_GEOMETRY = flag("returnGeometry")
SIMPLIFY = positive("maxAllowableOffset")
DECIMALS = Parameter(
    "geometryPrecision", whole_number(0, 15), "a whole number from 0 to 15",
    blank_or("[0-9]|1[0-5]"),
)  # fmt: skip
ORDER = Parameter("orderByFields", parse_list, "names of fields with ASC or DESC, with commas")
OFFSET = whole("resultOffset")
COUNT = whole("resultRecordCount")
ONLY_COUNT = flag("returnCountOnly")
ONLY_KEYS = flag("returnIdsOnly")
ONLY_EXTENT = flag("returnExtentOnly")
DISTINCT = flag("returnDistinctValues")
RESULT_TYPE = one_of("resultType", "none", "standard", "tile")
EXCEEDED = flag("returnExceededLimitFeatures")
OUT_STATISTICS = Parameter(
    "outStatistics", parse_statistics, "a JSON list of statisticType, onStatisticField and name"
)
GROUP = Parameter("groupByFieldsForStatistics", parse_list, "names of fields separated by commas")

HONOURED: tuple[Parameter[Any], ...] = (
    FORMAT, LANG, WHERE, KEYS, GEOMETRY, GEOMETRY_TYPE, IN_SR, OUT_SR, RELATION, DISTANCE,
    UNITS, TIME, FIELDS, WITH_GEOMETRY, SIMPLIFY, DECIMALS, ORDER, OFFSET, COUNT, ONLY_COUNT,
    ONLY_KEYS, ONLY_EXTENT, DISTINCT, OUT_STATISTICS, GROUP, DEFAULT_SR, RESULT_TYPE, EXCEEDED,
)  # fmt: skip
# What clients send and no answer differs by: hints on speed and precision, or what we never have.
IGNORED = (
    "quantizationParameters", "cacheHint", "sqlFormat", "returnZ", "returnM", "returnTrueCurves",
    "multipatchOption", "datumTransformation", "applyVCSProjection", "gdbVersion", "relationParam",
    "token", "maxRecordCountFactor", "timeReferenceUnknownClient", "geometryPropertiesFormat", "_",
    "dojo.preventCache", "returnQueryGeometry", "returnAttachments", "collation", "lockCell",
    "preserveExif", "returnFieldName", "returnDomainNames", "resultPaginationToken",
)  # fmt: skip
# What would change an answer and is not done here, with the values under which it changes nothing.
REFUSED: tuple[Parameter[Any], ...] = (
    *(one_of(name, "false") for name in (
        "returnCentroid", "returnEnvelope", "returnUniqueIdsOnly", "returnAggIds",
    )),
    one_of("featureEncoding", "esriDefault"),
    *(left_out(name) for name in (
        "having", "text", "fullText", "uniqueIds", "aggregateIds", "outAnalytics", "lod",
        "historicMoment", "rangeValues", "parameterValues",
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What is asked of the store, and what the answer shall have of each feature."""

    query: Query
    columns: tuple[Column, ...]
    crs: str
    geometry: bool
    nothing: bool  # no feature can match


def wanted(one: Published, given: Given, settings: Settings) -> Wanted:
    area = _area(given)
    asked = (
        one.only,
        _where(one, given),
        _keys(given),
        _during(one, given),
        _touching(one, given, area),
    )
    everything = (None, tree.Literal(True, "boolean"))
    terms = [term for term in asked if term not in everything]
    limit = given.get(COUNT)
    most = most_records(settings)
    sort, backward = _order(one, given)
    query = Query(
        limit=most if limit is None else min(limit, most),
        filter=None if not terms else terms[0] if len(terms) == 1 else tree.And(tuple(terms)),
        sort=sort,
        backward=backward,
        offset=given.get(OFFSET) or 0,
    )
    geometry = given.get(WITH_GEOMETRY) is not False
    nothing = given.get(GEOMETRY) is not None and area is None
    return Wanted(
        query,
        chosen(one, given),
        given.get(OUT_SR) or given.get(DEFAULT_SR) or CRS84,
        geometry,
        nothing,
    )


def column_of(one: Published, given: Given, parameter: Parameter[Any], name: str) -> Column | None:
    """The column of a published name, in whatever case; None for the key."""
    if name.casefold() == one.key.casefold():
        return None
    for column in one.columns:
        if column.name.casefold() == name.casefold():
            return column
    known = ", ".join([one.key, *(column.name for column in one.columns)])
    raise given.misfit(parameter, f"made of the fields {known}")


def chosen(one: Published, given: Given) -> tuple[Column, ...]:
    """The key is always there; clients cannot do without it."""
    names = given.get(FIELDS) or ()
    if "*" in names:
        return one.columns
    found = [column_of(one, given, FIELDS, name) for name in names]
    return tuple({column.name: column for column in found if column is not None}.values())


def _where(one: Published, given: Given) -> tree.Node | None:
    text = given.get(WHERE)
    if text is None:
        return None
    try:
        return parse_where(text, one.layer, one.names, one.key)
    except FilterError as error:
        raise BadWhere(text, error) from None


class BadWhere(params.OwnWords):
    """Its sentence is the filter's own: what is wrong, and where."""

    def __init__(self, text: str, error: FilterError) -> None:
        super().__init__("where", text, "a condition in SQL over the fields of the layer")
        self.args = (f"where{str(error).removeprefix('filter')}",)


def _keys(given: Given) -> tree.Node | None:
    keys = given.get(KEYS)
    if keys is None:
        return None
    return tree.In(tree.Key(), tuple(tree.Literal(key, "number") for key in keys))


def _during(one: Published, given: Given) -> tree.Node | None:
    """From the first to the last instant, both included; where no column is a time, all are."""
    span, column = given.get(TIME), one.time
    if span is None or column is None or column.field is None:
        return None
    kind = "date" if column.source == "date" else "timestamp"
    place = tree.Property(column.field.name, kind)
    terms: list[tree.Node] = []
    for op, end in ((">=", span[0]), ("<=", span[1])):
        if end is not None:
            terms.append(tree.Comparison(op, place, _instant(end, kind, given)))
    return tree.And(tuple(terms)) if terms else None


def _instant(milliseconds: int, kind: str, given: Given) -> tree.Literal:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise given.misfit(TIME) from None
    text = stamp(moment)
    return tree.Literal(text[:10] if kind == "date" else text, kind)


def _area(given: Given) -> shapely.Geometry | None:
    text = given.get(GEOMETRY)
    if text is None:
        return None
    kind, name = given.get(GEOMETRY_TYPE), given.get(IN_SR) or given.get(DEFAULT_SR) or CRS84
    found = _said(given, GEOMETRY, lambda: esri_geometry.parse_geometry(text, kind, name))
    if found is None:
        return None
    found = _said(given, GEOMETRY, lambda: esri_geometry.checked(found))
    if given.get(RELATION) == "esriSpatialRelEnvelopeIntersects":
        found = shapely.envelope(found)
    distance = given.get(DISTANCE)
    if distance:
        unit = given.get(UNITS) or "esriSRUnit_Meter"
        return _said(given, DISTANCE, lambda: esri_geometry.around(found, distance, unit))
    return found


def _said(given: Given, parameter: Parameter[Any], work: Callable[[], Any]) -> Any:
    try:
        return work()
    except ValueError as error:
        raise given.misfit(parameter, str(error)) from None


def _touching(one: Published, given: Given, area: shapely.Geometry | None) -> tree.Node | None:
    if area is None:
        return None
    place = tree.Property(geometry_name(one.layer), "geometry")
    relation = RELATIONS[given.get(RELATION) or "esriSpatialRelIntersects"]
    return tree.SpatialPredicate(relation, place, tree.Shape(area))


def _order(one: Published, given: Given) -> tuple[tuple[SortKey, ...], bool]:
    """The keys to sort by; and whether it is by the key alone, the highest first."""
    sort: list[SortKey] = []
    if given.get(OUT_STATISTICS) or given.get(DISTINCT):
        return (), False  # these are ordered where they are made
    names = given.get(ORDER) or ()
    for place, text in enumerate(names):
        name, descending = ordering(given, text)
        column = column_of(one, given, ORDER, name)
        if column is None:
            if place == len(names) - 1 and (not sort or sort[-1].descending == descending):
                return tuple(sort), descending and not sort
            raise given.misfit(ORDER, f"{one.key} last, in the direction of the field before it")
        if column.source == "list":
            raise given.misfit(ORDER, f"without {column.name}, which holds lists")
        sort.append(SortKey(one.names[column.name], descending))
    if len(sort) > params.MOST_SORTED or len({key.field for key in sort}) != len(sort):
        raise given.misfit(ORDER, f"at most {params.MOST_SORTED} fields, each once")
    return tuple(sort), False


def ordering(given: Given, text: str) -> tuple[str, bool]:
    name, _, direction = text.strip().partition(" ")
    if direction.strip().upper() not in ("", "ASC", "DESC"):
        raise given.misfit(ORDER)
    return name, direction.strip().upper() == "DESC"

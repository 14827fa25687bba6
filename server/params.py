"""The query parameters: one table that requests are read with; misfits are InvalidQuery."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast
from urllib.parse import parse_qsl

from geo.extent import Extent
from layers.errors import InvalidQuery
from layers.export.positions import GEOMETRIES
from layers.model import LANGUAGES, Lang, SortKey
from server import crs
from server.allowed import Allowed
from server.area_text import FORMS, Written, parse_area
from server.marks import LONGEST_MARK, parse_mark
from server.times import parse_datetime

T = TypeVar("T")

NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
MOST_PARAMETERS = 100
LONGEST_KEPT = 16_384  # of addresses; forms are longer and asked for once
LARGEST_KEY = 2**63 - 1
MOST_SORTED = 8
ENCODINGS = ("utf-8", "gbk")
WORLD = Extent(-180.0, -90.0, 180.0, 90.0)


TEXT: Mapping[str, Any] = {"type": "string", "pattern": "^[^\\u0000]*$"}


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One row: `parse` turns text into a value or raises ValueError; `allowed` says what fits.

    `schema` says the same to programs, in the words of OpenAPI 3.0.
    """

    name: str
    parse: Callable[[str], T]
    allowed: str
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)
    description: str = ""
    required: bool = False


Table = tuple[Parameter[Any], ...]


class OwnWords(InvalidQuery):
    """One whose text says all there is to say."""


class UnknownParameter(OwnWords):
    def __init__(self, name: str, text: str, known: Sequence[str]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(name, text, f"one of the parameters of this address: {names}")
        self.args = (f"There is no parameter {name!r} at this address; it knows {names}.",)


class Given:
    """The values of one request; `names` are those of all parameters of its address."""

    def __init__(
        self,
        values: dict[str, Any],
        texts: Mapping[str, str] | None = None,
        names: Sequence[str] = (),
    ) -> None:
        self._values, self._texts, self._names = values, texts or {}, names

    def get(self, parameter: Parameter[T]) -> T | None:
        return cast("T | None", self._values.get(parameter.name))

    def without(self, *parameters: Parameter[Any]) -> "Given":
        names = {one.name for one in parameters}
        kept = {name: value for name, value in self._values.items() if name not in names}
        return Given(kept, self._texts, self._names)

    def only(self, *parameters: Parameter[Any]) -> "Given":
        names = {one.name for one in parameters}
        kept = {name: value for name, value in self._values.items() if name in names}
        return Given(kept, self._texts, self._names)

    def text(self, parameter: Parameter[T]) -> str:
        """As it came."""
        return self._texts.get(parameter.name, "")

    def misfit(self, parameter: Parameter[T], allowed: str = "") -> InvalidQuery:
        """The error for a value that could be parsed and does not fit all the same."""
        return InvalidQuery(parameter.name, self.text(parameter), allowed or parameter.allowed)

    def unknown(self, name: str, text: str, also: Iterable[str] = ()) -> UnknownParameter:
        """The error for a name that is none of the address, nor of those that are known also."""
        return UnknownParameter(name, text, [*self._names, *also])


def read(query: bytes, parameters: Sequence[Parameter[Any]]) -> Given:
    """The typed values of a query string; unknown names and bad values raise InvalidQuery."""
    given, others = split(query, parameters)
    for name, text in others.items():
        raise given.unknown(name, text)
    for one in parameters:
        if one.required and given.get(one) is None:
            raise InvalidQuery(one.name, "", one.allowed)
    return given


def split(query: bytes, parameters: Sequence[Parameter[Any]]) -> tuple[Given, dict[str, str]]:
    """The values of the parameters in the table, and the texts of the others."""
    known = {one.name: one for one in parameters}
    texts: dict[str, str] = {}
    for name, text in pairs(query):
        if texts.setdefault(name, text) != text:
            raise InvalidQuery(name, f"{texts[name]} and {text}", "given once")
    values = {name: parsed(known[name], text) for name, text in texts.items() if name in known}
    others = {name: text for name, text in texts.items() if name not in known}
    return Given(values, texts, tuple(known)), others


def pairs(query: bytes) -> tuple[tuple[str, str], ...]:
    """Names and texts as they came, repeated ones too."""
    return _pairs(query) if len(query) <= LONGEST_KEPT else _pairs.__wrapped__(query)


@lru_cache(maxsize=256)  # a request is asked for them several times on its way
def _pairs(query: bytes) -> tuple[tuple[str, str], ...]:
    try:
        found = parse_qsl(
            query.decode("ascii", "strict"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except UnicodeError:
        got = query.decode("latin-1")
        raise InvalidQuery("query string", got, "percent-encoded UTF-8") from None
    except ValueError:
        raise InvalidQuery(
            "query string", f"more than {MOST_PARAMETERS}", f"at most {MOST_PARAMETERS} parameters"
        ) from None
    for name, text in found:
        if "\0" in name or "\0" in text:
            raise InvalidQuery(name, text, "text without a null character")
    return tuple(found)


def view(query: bytes) -> dict[str, str]:
    """What the address of a page says, whatever else it says: its own script speaks of the rest."""
    text = query.decode("ascii", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, errors="replace"))


def parsed(parameter: Parameter[T], text: str) -> T:
    try:
        return parameter.parse(text)
    except Allowed as error:
        raise InvalidQuery(parameter.name, text, str(error)) from None
    except ValueError:
        raise InvalidQuery(parameter.name, text, parameter.allowed) from None


def choice(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return parse


def parse_lang(text: str) -> Lang:
    for lang in LANGUAGES:
        if text == lang:
            return lang
    raise ValueError


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 1000):
            raise ValueError
        # Beyond 4,300 digits int() itself refuses; anything that long is beyond every bound.
        value = int(text)
        if not least <= value <= most:
            raise ValueError
        return value

    return parse


def parse_limit(text: str) -> int:
    """Any whole number from 1; the server's maximum is applied where the page is made."""
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise ValueError
    return int(text) if len(text) < 19 else LARGEST_KEY


def parse_number(text: str) -> float:
    text = text.strip(" ")
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError
    return float(text)


def degrees(most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = parse_number(text)
        if abs(value) > most:
            raise ValueError
        return value

    return parse


Box = tuple[float, float, float, float]


def parse_bbox(text: str) -> Box:
    """Four numbers, or six of which the heights are only checked; two corners of any CRS."""
    numbers = [parse_number(part) for part in text.split(",", 6)]
    if len(numbers) not in (4, 6):
        raise ValueError
    if len(numbers) == 6:
        if numbers[2] > numbers[5]:
            raise Allowed("a box whose lowest height is not above its highest")
        numbers = [*numbers[:2], *numbers[3:5]]
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def on_the_globe(west: float, south: float, east: float, north: float) -> Extent:
    """A box of CRS84 in longitudes from -180 to 180; maps that go round the world send others."""
    if south > north:
        raise Allowed("west,south,east,north with south not above north")
    if not -90 <= south <= north <= 90:
        raise Allowed(guess(west, south, east, north))
    if not (-540 <= west <= 540 and -540 <= east <= 540):
        raise Allowed(guess(west, south, east, north))
    if east - west >= 360:
        return Extent(WORLD.west, south, WORLD.east, north)
    return Extent(turned(west), south, turned(east), north)


def turned(longitude: float) -> float:
    """The same meridian between -180 and 180."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180


def guess(west: float, south: float, east: float, north: float) -> str:
    if max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180:
        return "west,south,east,north in degrees (this looks like latitude before longitude)"
    return "west,south,east,north in degrees of longitude and latitude (this looks like metres)"


def parse_text(text: str) -> str:
    return text


def parse_question(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_QUESTION:
        raise ValueError
    return text.strip()


def parse_names(text: str) -> tuple[str, ...]:
    """Names between commas; which of them there are is known where the layer is."""
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise ValueError
    return names


def several_names(most: int) -> Callable[[str], tuple[str, ...]]:
    """So many names; one that is said again says nothing new."""

    def parse(text: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(parse_names(text)))
        if len(names) > most:
            raise ValueError
        return names

    return parse


def parse_sort(text: str) -> tuple[SortKey, ...]:
    names = parse_names(text)
    if len(names) > MOST_SORTED:
        raise Allowed(f"at most {MOST_SORTED} fields")
    keys: dict[str, SortKey] = {}
    for name in names:
        field = name[1:] if name[0] in "+-" else name
        if not field:
            raise ValueError
        keys.setdefault(field, SortKey(field, name[0] == "-"))  # again, it changes no order
    return tuple(keys.values())


def parse_crs(text: str) -> str:
    return crs.parse_uri(text)


def parse_file_crs(text: str) -> str:
    """The name of a CRS; whether there is one is known where the settings are."""
    try:
        return crs.parse_uri(text)
    except ValueError:
        name = text.strip()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9:_.-]{0,63}", name, re.ASCII):
        raise ValueError
    return name


def parse_truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def enumeration(*words: str, default: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string", "enum": list(words)}
    return found if default is None else {**found, "default": default}


URI = {"type": "string", "format": "uri", "default": crs.CRS84_URI}
A_CRS = f"a CRS of the layer's `crs` list, such as {crs.CRS84_URI} or {crs.EPSG_URI}4326"

FORMAT = Parameter(
    "f", choice("json", "html"), "json or html", enumeration("json", "html"), "Format of the answer"
)
JSON_FORMAT = Parameter("f", choice("json"), "json", enumeration("json"), "Format of the answer")
SCHEMA_FORMAT = Parameter(
    "f",
    choice("json", "html", "geojson"),
    "json, html or geojson",
    enumeration("json", "html", "geojson"),
    "Format of the answer; geojson is the schema of the features as GeoJSON writes them",
)
LANG: Parameter[Lang] = Parameter(
    "lang", parse_lang, "zh or en", enumeration(*LANGUAGES), "Language of titles and descriptions"
)
BBOX = Parameter(
    "bbox",
    parse_bbox,
    "four or six numbers west,south,east,north in degrees, separated by commas",
    {
        "type": "array",
        "minItems": 4,
        "maxItems": 6,
        "items": {"type": "number"},
        "oneOf": [{"maxItems": 4}, {"minItems": 6}],
    },
    "Features that touch this box, and those without a place: west,south,east,north in degrees, "
    "or the two corners in the CRS of bbox-crs. West above east crosses the antimeridian.",
)
LIMIT = Parameter(
    "limit",
    parse_limit,
    "a whole number from 1",
    {"type": "integer", "minimum": 1},
    "Most features on the page; more than the maximum gives the maximum",
)
MARK = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": LONGEST_MARK}
AFTER = Parameter("after", parse_mark, "the value of a next link", MARK, "Of a next link")
BEFORE = Parameter("before", parse_mark, "the value of a prev link", MARK, "Of a prev link")
MOST_OFFSET = 2**53  # with any limit added it is still a number that SQLite can count to
OFFSET = Parameter(
    "offset",
    whole_number(0, MOST_OFFSET),
    "a whole number from 0",
    {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0},
    "Features to leave out first; the links to other pages are quicker and stable",
)
DATETIME = Parameter(
    "datetime",
    parse_datetime,
    "an RFC 3339 time, a date, or an interval start/end, ../end, start/.. or start/P2D",
    {"type": "string"},
    "Features at this time or in this interval, and those without a time",
)
FILTER = Parameter(
    "filter",
    parse_text,
    "a CQL2 expression",
    {"type": "string"},
    "CQL2 (OGC 21-065r2) over the queryables of the layer, at most 8192 bytes",
)
FILTER_LANG = Parameter(
    "filter-lang",
    choice("cql2-text", "cql2-json"),
    "cql2-text or cql2-json",
    enumeration("cql2-text", "cql2-json", default="cql2-text"),
    "Encoding of the filter",
)
CRS = Parameter("crs", parse_crs, A_CRS, URI, "CRS of the geometries in the answer")
BBOX_CRS = Parameter("bbox-crs", parse_crs, A_CRS, URI, "CRS of bbox")
FILTER_CRS = Parameter("filter-crs", parse_crs, A_CRS, URI, "CRS of the geometries in filter")
SORTBY = Parameter(
    "sortby",
    parse_sort,
    "names of fields separated by commas, each with + or - before it or nothing",
    {"type": "array", "minItems": 1, "maxItems": MOST_SORTED, "items": {"type": "string"}},
    "Fields to order by; - before a name for descending",
)
PROPERTIES = Parameter(
    "properties",
    parse_names,
    "names of fields separated by commas",
    {"type": "array", "minItems": 1, "items": {"type": "string"}},
    "Fields in the answer; all unless named",
)
FILE_CRS = Parameter(
    "crs",
    parse_file_crs,
    f"EPSG:n, {crs.CRS84_URI} or {crs.EPSG_URI}n, GCJ02, BD09, or a local CRS of this server",
    {"type": "string", "default": "CRS84"},
    "CRS of the file; positions in files are always x (east, longitude) before y",
)
ENCODING = Parameter(
    "encoding",
    choice(*ENCODINGS),
    " or ".join(ENCODINGS),
    enumeration(*ENCODINGS, default=ENCODINGS[0]),
    "Encoding of texts in formats that have a choice",
)
LAYERS = Parameter(
    "layers",
    parse_names,
    "ids of layers separated by commas",
    {"type": "array", "minItems": 1, "items": {"type": "string"}},
    "Layers of the map to put into the file; all unless named",
)
GEOMETRY = Parameter(
    "geometry",
    choice(*GEOMETRIES),
    ", ".join(GEOMETRIES),
    enumeration(*GEOMETRIES, default=next(iter(GEOMETRIES))),
    "What stands for an uncertain position: its representative point, the area it may lie in, "
    "or nothing where only the district is known",
)
RAW = Parameter(
    "raw",
    parse_truth,
    "true or false",
    {"type": "boolean", "default": False},
    "For programs: CSV without the byte order mark and without the guard against formulas",
)
LONGITUDE = Parameter(
    "lon",
    degrees(180),
    "a number of degrees from -180 to 180",
    {"type": "number", "minimum": -180, "maximum": 180},
    "Longitude in WGS 84 degrees",
    required=True,
)
LATITUDE = Parameter(
    "lat",
    degrees(90),
    "a number of degrees from -90 to 90",
    {"type": "number", "minimum": -90, "maximum": 90},
    "Latitude in WGS 84 degrees",
    required=True,
)
VERSION = Parameter("v", parse_text, "the version of the layer", TEXT, "Version; any is accepted")

LONGEST_QUESTION = 200
QUESTION = Parameter(
    "q",
    parse_question,
    f"1 to {LONGEST_QUESTION} characters",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION, "pattern": "[^\\s\\x00]"},
    "What is looked for: a name or a part of it, pinyin or its initials, a word of any text, or "
    "coordinates",
    required=True,
)
SEARCHED = replace(LAYERS, description="Layers to look in; all unless named")
MOST_HITS = 50
HITS = Parameter(
    "limit",
    whole_number(1, MOST_HITS),
    f"a whole number from 1 to {MOST_HITS}",
    {"type": "integer", "minimum": 1, "maximum": MOST_HITS, "default": 10},
    "Most hits in the answer",
)

NARROWED = replace(
    QUESTION,
    description="Features that /search finds for this: all of them, in layers without any none",
    required=False,
)
AREA: Parameter[Written] = Parameter(
    "area",
    lambda text: parse_area(text, parse_number, on_the_globe),
    f"one of {FORMS}",
    {"type": "string", "pattern": "^(box|polygon|circle|feature|near):[^\\u0000]+$"},
    "Features that are, or may be, in an area: a box, a polygon, a circle, the polygon of a "
    "feature, or what is so near to a feature. West above east crosses the antimeridian.",
)
CERTAIN, POSSIBLE = "certain", "possible"
CERTAINTY = Parameter(
    "certainty",
    choice(CERTAIN, POSSIBLE),
    f"{CERTAIN} or {POSSIBLE}",
    enumeration(CERTAIN, POSSIBLE, default=POSSIBLE),
    "With area: only what lies in it for certain, or also what may, for its position is uncertain",
)
LOOKED_UP: Table = (NARROWED, AREA, CERTAINTY)
MOST_GROUPED, MOST_SUMMED = 2, 8


def fields_parameter(
    name: str, most: int, kind: str, description: str
) -> Parameter[tuple[str, ...]]:
    schema = {"type": "array", "minItems": 1, "maxItems": most, "items": {"type": "string"}}
    allowed = f"at most {most} names of fields{kind} separated by commas"
    return Parameter(name, several_names(most), allowed, schema, description)


GROUP = fields_parameter(
    "group",
    MOST_GROUPED,
    ", or name:year or name:month of a date,",
    "Fields whose values the features are counted by; of a date also its year (name:year) or "
    "month (name:month)",
)
SUM = fields_parameter(
    "sum",
    MOST_SUMMED,
    " of numbers",
    "Fields of numbers to add up: what is known of them, and of how many features",
)
BINS = fields_parameter(
    "bins",
    MOST_SUMMED,
    " of numbers or dates",
    "Fields of numbers or dates: how many features lie in each of some even intervals",
)
COUNTED = replace(LAYERS, description="Layers to count; those of sites unless named")

LANDING = (FORMAT, LANG)
DOCUMENT = (FORMAT, LANG)
SCHEMA = (SCHEMA_FORMAT, LANG)
ITEMS: Table = (
    *DOCUMENT, BBOX, BBOX_CRS, DATETIME, LIMIT, AFTER, BEFORE, OFFSET, FILTER, FILTER_LANG,
    FILTER_CRS, *LOOKED_UP, CRS, SORTBY, PROPERTIES,
)  # fmt: skip
PLACES = (AFTER.name, BEFORE.name, OFFSET.name)
FEATURE = (*DOCUMENT, CRS, PROPERTIES)
DOWNLOAD: Table = (
    LANG, BBOX, BBOX_CRS, DATETIME, FILTER, FILTER_LANG, FILTER_CRS, *LOOKED_UP, SORTBY,
    PROPERTIES, FILE_CRS, ENCODING, LAYERS, GEOMETRY, RAW, VERSION,
)  # fmt: skip
MATCHED = replace(LAYERS, description="Layers to look in; those of sites unless named")
MATCHES: Table = (
    JSON_FORMAT, LANG, BBOX, BBOX_CRS, DATETIME, FILTER, FILTER_LANG, FILTER_CRS, *LOOKED_UP,
    MATCHED,
)  # fmt: skip
SEARCH = (QUESTION, SEARCHED, HITS, LANG, JSON_FORMAT)
COORDINATES = (LONGITUDE, LATITUDE, LANG, JSON_FORMAT)
STATS: Table = (
    *DOCUMENT, BBOX, BBOX_CRS, DATETIME, FILTER, FILTER_LANG, FILTER_CRS, *LOOKED_UP, COUNTED,
    GROUP, SUM, BINS,
)  # fmt: skip
OFFER: Table = (
    LANG, BBOX, BBOX_CRS, DATETIME, FILTER, FILTER_LANG, FILTER_CRS, *LOOKED_UP, LAYERS, GEOMETRY,
    VERSION,
)  # fmt: skip

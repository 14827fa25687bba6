"""The query parameters: one table that requests are read with; misfits are InvalidQuery."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast
from urllib.parse import parse_qsl

from geo.extent import Extent
from layers.errors import InvalidQuery
from layers.model import LANGUAGES, Lang

T = TypeVar("T")

NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_PARAMETERS = 100
LARGEST_KEY = 2**63 - 1
WORLD = Extent(-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One row: `parse` turns text into a value or raises ValueError; `allowed` says what fits."""

    name: str
    parse: Callable[[str], T]
    allowed: str


class UnknownParameter(InvalidQuery):
    def __init__(self, name: str, text: str, known: Sequence[str]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(name, text, f"one of the parameters of this address: {names}")
        self.args = (f"There is no parameter {name!r} at this address; it knows {names}.",)


class Given:
    """The values of one request."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def get(self, parameter: Parameter[T]) -> T | None:
        return cast("T | None", self._values.get(parameter.name))


def read(query: bytes, parameters: Sequence[Parameter[Any]]) -> Given:
    """The typed values of a query string; unknown names and bad values raise InvalidQuery."""
    known = {one.name: one for one in parameters}
    texts: dict[str, str] = {}
    for name, text in pairs(query):
        if name not in known:
            raise UnknownParameter(name, text, list(known))
        if texts.setdefault(name, text) != text:
            raise InvalidQuery(name, f"{texts[name]} and {text}", "given once")
    return Given({name: parsed(known[name], text) for name, text in texts.items()})


def pairs(query: bytes) -> list[tuple[str, str]]:
    """Names and texts as they came, repeated ones too."""
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
        if CONTROL.search(name) or CONTROL.search(text):
            raise InvalidQuery(name, text, "text without control characters")
    return found


def view(query: bytes) -> dict[str, str]:
    """What the address of a page says, whatever else it says: its own script speaks of the rest."""
    text = query.decode("ascii", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, errors="replace"))


def parsed(parameter: Parameter[T], text: str) -> T:
    try:
        return parameter.parse(text)
    except ValueError as error:
        # A parser that knows better than the table's sentence what is wrong says so itself.
        raise InvalidQuery(parameter.name, text, str(error) or parameter.allowed) from None


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


def parse_bbox(text: str) -> Extent:
    """Four numbers, or six of which the heights are only checked."""
    numbers = [parse_number(part) for part in text.split(",", 6)]
    if len(numbers) not in (4, 6):
        raise ValueError
    if len(numbers) == 6 and numbers[2] > numbers[5]:
        raise ValueError("a box whose lowest height is not above its highest")
    west, south = numbers[:2]
    east, north = numbers[-3:-1] if len(numbers) == 6 else numbers[2:]
    if south > north:
        raise ValueError("west,south,east,north with south not above north")
    return on_the_globe(west, south, east, north)


def on_the_globe(west: float, south: float, east: float, north: float) -> Extent:
    """The box in longitudes from -180 to 180; maps that go round the world send others."""
    if not -90 <= south <= north <= 90:
        raise ValueError(guess(west, south, east, north))
    if not (-540 <= west <= 540 and -540 <= east <= 540):
        raise ValueError(guess(west, south, east, north))
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


FORMAT = Parameter("f", choice("json", "html"), "json or html")
JSON_FORMAT = Parameter("f", choice("json"), "json")
LANG: Parameter[Lang] = Parameter("lang", parse_lang, "zh or en")
BBOX = Parameter(
    "bbox", parse_bbox, "four or six numbers west,south,east,north in degrees, separated by commas"
)
LIMIT = Parameter("limit", parse_limit, "a whole number from 1")
AFTER = Parameter("after", whole_number(-LARGEST_KEY - 1, LARGEST_KEY), "the value of a next link")
VERSION = Parameter("v", parse_text, "the version of the layer")

LANDING = (FORMAT, LANG)
DOCUMENT = (JSON_FORMAT, LANG)
ITEMS = (*DOCUMENT, BBOX, LIMIT, AFTER)
DOWNLOAD = (VERSION,)

"""The parameters of pictures: those of a view, each read to a value here, and those of the sheet.

The page leaves out what it cannot read and says so; a picture has nowhere to say it, so it is 400.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from server import params
from server.params import Parameter, Table, choice, parse_number, whole_number

# As in static/slides.js; a test holds them to each other.
MOST_SLIDES, LONGEST_SLIDE_TITLE = 40, 80
NOT_OF_A_SLIDE = re.compile(r"slides|lang|theme|f|utm_.*")  # the reader's own, and slides in slides
DEEPEST = 24
FURTHEST = 85  # degrees of latitude


def parse_center(text: str) -> tuple[float, float]:
    lon, lat = map(parse_number, text.split(",", 1))
    if abs(lon) > 180 or abs(lat) > FURTHEST:
        raise ValueError
    return lon, lat


def parse_zoom(text: str) -> float:
    if not re.fullmatch(r"\d{1,2}(\.\d{1,30})?", text, re.ASCII) or float(text) > DEEPEST:
        raise ValueError
    return float(text)


def parse_layers(text: str) -> tuple[str, ...]:
    """None at all may be switched on."""
    return params.parse_names(text) if text else ()


def parse_keys(text: str) -> tuple[str, ...]:
    keys = tuple(text.split(","))
    if not all(re.fullmatch(r"[^/]+/[^/]+", key) for key in keys):
        raise ValueError
    return keys


def parse_key(text: str) -> str:
    [key] = parse_keys(text)
    return key


def parse_field(text: str) -> str:
    if not text.removeprefix("-"):
        raise ValueError
    return text


def parse_slides(text: str) -> int:
    """How many there are: a picture shows none of them. The page reads them alike."""
    try:
        slides = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueError from None
    if not isinstance(slides, list) or not 1 <= len(slides) <= MOST_SLIDES:
        raise ValueError
    for one in slides:
        match one:
            case [str(title), dict(view)] if _units(title) <= LONGEST_SLIDE_TITLE:
                if not all(_is_of_a_slide(name, value) for name, value in view.items()):
                    raise ValueError
            case _:
                raise ValueError
    return len(slides)


def _is_of_a_slide(name: str, value: object) -> bool:
    return isinstance(value, str) and not NOT_OF_A_SLIDE.fullmatch(name)


def _units(text: str) -> int:
    """As the page counts characters: those beyond the first 65,536 are two."""
    return len(text.encode("utf-16-le")) // 2


def _text(name: str, parse: Any, allowed: str, description: str, **schema: Any) -> Parameter[Any]:
    return Parameter(name, parse, allowed, {"type": "string", **schema}, description)


A_KEY = "layer/id"
CENTER = _text(
    "center", parse_center, f"lon,lat in degrees, the latitude at most {FURTHEST}",
    "The middle of the map: lon,lat in degrees; the zone's unless given",
)  # fmt: skip
ZOOM: Parameter[float] = Parameter(
    "zoom", parse_zoom, f"a number from 0 to {DEEPEST}",
    {"type": "number", "minimum": 0, "maximum": DEEPEST},
    "Zoom level, in points as the page has it in pixels; the whole zone unless given",
)  # fmt: skip
LAYERS: Parameter[tuple[str, ...]] = Parameter(
    "layers", parse_layers, "ids of layers separated by commas, or nothing for none",
    {"type": "array", "items": {"type": "string"}}, "Layers that are switched on",
)  # fmt: skip
SELECTED = _text("selected", parse_key, A_KEY, "The feature that is lifted out")
DRAWERS, THEMES = ("table", "stats", "compare"), ("light", "dark")
DRAWER = _text(
    "drawer", choice(*DRAWERS), "table, stats or compare",
    "What is open under the map: no part of a picture", enum=list(DRAWERS),
)  # fmt: skip
SORT = _text("sort", parse_field, "a field, maybe with - before it", "No part of a picture")
TABLE = _text("table", parse_field, "the id of a layer", "No part of a picture")
SHADE = _text(
    "shade", choice("1"), "1", "1 where districts are coloured by the statistics", enum=["1"]
)
COMPARE = _text("compare", parse_keys, "layer/id,layer/id", "No part of a picture")
BASEMAP = _text(
    "basemap", parse_field, "a basemap of this server", "Pictures have the map's own ground"
)
SLIDES = _text(
    "slides", parse_slides,
    f"a JSON array of 1 to {MOST_SLIDES} arrays, each a title of at most {LONGEST_SLIDE_TITLE}"
    " characters and an object with the parameters of a view as texts",
    "No part of a picture",
)  # fmt: skip
THEME = _text("theme", choice(*THEMES), "light or dark", "light unless given", enum=list(THEMES))

VIEW_PARTS: Table = (
    CENTER, ZOOM, LAYERS, params.FILTER, params.NARROWED, params.AREA, params.CERTAINTY, SELECTED,
    DRAWER, SORT, TABLE, params.GROUP, params.SUM, SHADE, COMPARE, BASEMAP, SLIDES, THEME,
    params.LANG,
)  # fmt: skip

# The page's own; of these parts a picture shows nothing.
UNDRAWN: Table = (DRAWER, SORT, TABLE, params.GROUP, COMPARE, BASEMAP, SLIDES)

LEAST, MOST = 100, 2000
WIDEST, HIGHEST = 800, 600
LONGEST_TITLE = 200


def _length(name: str, default: int) -> Parameter[int]:
    return Parameter(
        name, whole_number(LEAST, MOST), f"a whole number from {LEAST} to {MOST}",
        {"type": "integer", "minimum": LEAST, "maximum": MOST, "default": default},
        "Points, each of `scale` pixels",
    )  # fmt: skip


def _switch(name: str, description: str) -> Parameter[str]:
    schema = params.enumeration("1", "0", default="1")
    return Parameter(name, choice("1", "0"), "1 or 0", schema, description)


def parse_scale(text: str) -> float:
    value = parse_number(text)
    if value not in SCALES:
        raise ValueError
    return value


def parse_title(text: str) -> str:
    if len(text) > LONGEST_TITLE:
        raise ValueError
    return text


WIDTH, HEIGHT = _length("width", WIDEST), _length("height", HIGHEST)
SCALES = (1.0, 1.5, 2.0, 2.5, 3.0)
MOST_PIXELS = 9_000_000
SCALE: Parameter[float] = Parameter(
    "scale", parse_scale, ", ".join(f"{one:g}" for one in SCALES),
    {"type": "number", "enum": list(SCALES), "default": 1.0}, "Pixels of a point",
)  # fmt: skip
LEGEND = _switch("legend", "0 leaves the legend out")
CREDIT = _switch("credit", "0 leaves out whose boundaries they are, where the page says it")
TITLE = _text(
    "title", parse_title, f"at most {LONGEST_TITLE} characters",
    "What stands over the map; the zone's title unless given, an empty one leaves it out",
    maxLength=LONGEST_TITLE,
)  # fmt: skip
SHEET: Table = (WIDTH, HEIGHT, SCALE, LEGEND, CREDIT, TITLE)
IMAGE: Table = (*VIEW_PARTS, *SHEET)


@dataclass(frozen=True)
class Sheet:
    """How a picture is laid out; nothing in it depends on what is shown."""

    width: int = WIDEST
    height: int = HIGHEST
    scale: float = 1
    legend: bool = True
    credit: bool = True
    title: str | None = None

    @property
    def pixels(self) -> float:
        return self.width * self.height * self.scale**2


def sheet_of(given: params.Given) -> Sheet:
    return Sheet(
        width=given.get(WIDTH) or WIDEST,
        height=given.get(HEIGHT) or HIGHEST,
        scale=given.get(SCALE) or 1,
        legend=given.get(LEGEND) != "0",
        credit=given.get(CREDIT) != "0",
        title=given.get(TITLE),
    )


def drawn(view: Mapping[str, str]) -> dict[str, str]:
    """The parts of a view that a picture of it shows: two views alike in these have one picture."""
    left_out = {one.name for one in UNDRAWN}
    if SHADE.name not in view:
        left_out.add(params.SUM.name)
    if params.AREA.name not in view:
        left_out.add(params.CERTAINTY.name)
    return {name: text for name, text in view.items() if name not in left_out}


def of_view(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Those parts of an address that are a view's."""
    known = {one.name for one in VIEW_PARTS}
    return {name: text for name, text in pairs if name in known}

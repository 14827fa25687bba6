"""The parameters of boards: those of a view, and those of the paper."""

from dataclasses import dataclass, replace
from typing import cast

from server.board.paper import PAPERS, Orientation, Paper
from server.params import Given, Parameter, Table, choice, enumeration, parse_number, whole_number
from server.picture.parameters import TITLE, VIEW_PARTS

LEAST_SCALE, MOST_SCALE = 500, 1_000_000_000
MOST_PAGES = 60
DPI = ("96", "150", "300")
Box = tuple[float, float, float, float]


def parse_extent(text: str) -> Box:
    """West, south, east, north; West above east crosses the antimeridian."""
    west, south, east, north = (parse_number(one) for one in text.split(",", 4))
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError
    return west, south, east, north


PAPER = Parameter(
    "paper", choice(*PAPERS), "A4 or A3", enumeration(*PAPERS, default="A4"), "Size of the paper"
)
ORIENTATION = Parameter(
    "orientation", choice("landscape", "portrait"), "landscape or portrait",
    enumeration("landscape", "portrait", default="landscape"), "How the paper lies",
)  # fmt: skip
SUBTITLE = replace(
    TITLE,
    name="subtitle",
    description="What stands beside the title; the zone's subtitle unless given",
)
MAP_SCALE: Parameter[int] = Parameter(
    "map_scale", whole_number(LEAST_SCALE, MOST_SCALE),
    f"the number under the line of a scale, from {LEAST_SCALE} to {MOST_SCALE}",
    {"type": "integer", "minimum": LEAST_SCALE, "maximum": MOST_SCALE},
    "100000 for 1:100,000; a round one that shows all of the view unless given",
)  # fmt: skip
EXTENT: Parameter[Box] = Parameter(
    "extent", parse_extent, "west,south,east,north in degrees, south not above north",
    {"type": "string"},
    "What the map must show, instead of middle and zoom level: west,south,east,north in degrees",
)  # fmt: skip
PAGE: Parameter[int] = Parameter(
    "page", whole_number(1, MOST_PAGES), f"the number of a page, from 1 to {MOST_PAGES}",
    {"type": "integer", "minimum": 1, "default": 1}, "The page that is drawn",
)  # fmt: skip
RESOLUTION: Parameter[int] = Parameter(
    "dpi", lambda text: int(choice(*DPI)(text)), ", ".join(DPI),
    {"type": "integer", "enum": [int(one) for one in DPI], "default": 300}, "Pixels of an inch",
)  # fmt: skip
BOARD: Table = (*VIEW_PARTS, PAPER, ORIENTATION, TITLE, SUBTITLE, MAP_SCALE, EXTENT)
BOARD_PNG: Table = (*BOARD, PAGE, RESOLUTION)


@dataclass(frozen=True)
class Wish:
    """How a board is to be made; None where it is for us to choose."""

    paper: Paper
    orientation: Orientation
    title: str | None
    subtitle: str | None
    map_scale: int | None
    extent: Box | None


def wish_of(given: Given) -> Wish:
    return Wish(
        paper=PAPERS[given.get(PAPER) or "A4"],
        orientation=cast(Orientation, given.get(ORIENTATION) or "landscape"),
        title=given.get(TITLE),
        subtitle=given.get(SUBTITLE),
        map_scale=given.get(MAP_SCALE),
        extent=given.get(EXTENT),
    )

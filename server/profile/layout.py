"""The grid of a profile's page and what stands in it, as both writers draw it.

Lengths are points (1/72 inch).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from layers.model import Layer

PAPER = (595.28, 841.89)  # A4
MARGIN = 45.4  # 16 mm
WIDTH = PAPER[0] - 2 * MARGIN
HEIGHT = PAPER[1] - 2 * MARGIN

HEADING, TEXT, SMALL = 20.0, 9.0, 7.5
HEADING_LEADING, LEADING, TIGHT = 27.0, 13.0, 10.5

# Columns: the title of a block, then twice a label and what it says.
TITLE, LABEL, GAP = 58.0, 98.0, 10.0
HALF = (WIDTH - TITLE) / 2
WIDE_LABEL = 126.0  # of what has a symbol and is a layer's title
PAD, TIGHT_PAD = 2.0, 1.25  # above and below the lines of a row
BETWEEN = 7.0  # blocks
SYMBOL = 10.0

HEAD = 21.0  # the line with the map's title, and the rule under it
KIND = 17.0
BAND_GAP = 12.0  # around the map
QR = 66.0
FOOT_GAP = 10.0
MAP_WIDTH, MAP_LEAST, MAP_MOST = 300.0, 164.0, 320.0
ASIDE, ASIDE_GAP = 16.0, 9.0  # between map and what stands beside it, and between its parts
APART = 4.0  # between one figure and the next
SIDE = WIDTH - MAP_WIDTH - ASIDE

Style = Literal["title", "strong", "plain"]


@dataclass(frozen=True)
class Cell:
    """A label and its lines, whose first `strong` characters are bold."""

    label: Sequence[str]
    lines: Sequence[str]
    beside: float  # how far its lines begin to the right of its label
    strong: int = 0
    layer: Layer | None = None

    @property
    def high(self) -> int:
        return max(len(self.label), len(self.lines))


@dataclass(frozen=True)
class Line:
    """One cell over the whole width, or two side by side; `is_small` in small letters."""

    cells: Sequence[Cell]
    is_small: bool = False

    @property
    def leading(self) -> float:
        return TIGHT if self.is_small else LEADING

    @property
    def pad(self) -> float:
        return TIGHT_PAD if self.is_small else PAD

    @property
    def height(self) -> float:
        return max(one.high for one in self.cells) * self.leading + 2 * self.pad


@dataclass(frozen=True)
class Laid:
    """A block as it is printed; `closing` counts what is left out, `note` follows."""

    title: Sequence[str]
    lines: Sequence[Line]
    closing: str = ""
    note: Sequence[str] = ()

    @property
    def height(self) -> float:
        rows = sum(one.height for one in self.lines)
        closing = (LEADING + 2 * PAD) if self.closing else 0
        note = (len(self.note) * LEADING + 2 * PAD) if self.note else 0
        return BETWEEN + max(rows + closing + note, len(self.title) * LEADING + 2 * PAD)


@dataclass(frozen=True)
class Said:
    """A paragraph beside the map."""

    lines: Sequence[str]
    style: Style = "plain"


Part = Sequence[Said]


@dataclass(frozen=True)
class Fitted:
    """Everything on the page, from its head to its foot. Beside the map stand a summary, figures
    and how well the place is known; without any of them the map is as wide as the page.
    """

    head: str
    kind: str
    name: Sequence[str]
    summary: Part
    figures: Part
    place: Part
    under_map: Sequence[str]
    blocks: Sequence[Laid]
    credit: Sequence[str]
    address: Sequence[str]
    map_height: float

    @property
    def aside(self) -> Sequence[Part]:
        return [part for part in (self.summary, self.figures, self.place) if part]

    @property
    def map_width(self) -> float:
        return MAP_WIDTH if self.aside else WIDTH

    @property
    def foot(self) -> float:
        lines = (len(self.credit) + 1 + len(self.address)) * TIGHT + FOOT_GAP
        return max(QR, lines)

    @property
    def band(self) -> float:
        return self.map_height + 2 * BAND_GAP + len(self.under_map) * TIGHT

    @property
    def height(self) -> float:
        """Of all, without what is free above the foot."""
        body = sum(one.height for one in self.blocks)
        return _over(self) + self.band + body + FOOT_GAP + self.foot


def _over(fitted: Fitted) -> float:
    return HEAD + KIND + len(fitted.name) * HEADING_LEADING


def high(*parts: Part) -> float:
    """Of parts below one another beside the map."""
    heights = [
        sum(LEADING * len(one.lines) + before(one, place) for place, one in enumerate(part))
        for part in parts
        if part
    ]
    return sum(heights) + ASIDE_GAP * max(len(heights) - 1, 0)


def before(one: Said, place: int) -> float:
    """Room above a paragraph, which is so many after the first of its part."""
    return APART if one.style == "strong" and place > 1 else 0.0

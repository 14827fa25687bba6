"""The sheets of paper that boards are made for (ISO 216)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

POINTS_PER_MM = 72 / 25.4
MARGIN = 10  # mm; what office printers can print

Orientation = Literal["landscape", "portrait"]


@dataclass(frozen=True)
class Paper:
    """Upright. `unit`: points of a unit that boards are laid out in, of which text has 12.

    A4 is read in the hand, A3 from across a table.
    """

    name: str
    width_mm: float
    height_mm: float
    unit: float

    def units(self, orientation: Orientation) -> tuple[float, float]:
        """Width and height in units."""
        sides = self.width_mm, self.height_mm
        width, height = sides if orientation == "portrait" else sides[::-1]
        return width * POINTS_PER_MM / self.unit, height * POINTS_PER_MM / self.unit

    @property
    def margin(self) -> float:
        return MARGIN * POINTS_PER_MM / self.unit

    @property
    def metres(self) -> float:
        """Of a unit."""
        return self.unit / POINTS_PER_MM / 1000


PAPERS: Mapping[str, Paper] = {
    one.name: one for one in (Paper("A4", 210, 297, 0.75), Paper("A3", 297, 420, 0.9))
}

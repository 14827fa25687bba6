"""Figure: one measured number beside its target, and the table they are printed in."""

from collections.abc import Iterable
from typing import NamedTuple


class Figure(NamedTuple):
    """A measured number; `target` is the most it may be, None where nothing is promised.

    With `at_least`, the target is the least it may be.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""
    at_least: bool = False

    @property
    def measured(self) -> str:
        return f"{_digits(self.value)} {self.unit}"

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        met = self.value >= self.target if self.at_least else self.value <= self.target
        return "met" if met else "MISSED"

    @property
    def promise(self) -> str:
        if self.target is None:
            return ""
        return f"{'>=' if self.at_least else '<='} {self.target:g} {self.unit}"


def table(figures: Iterable[Figure]) -> str:
    """A Markdown table, a row for each figure."""
    rows = [("figure", "measured", "target", "", "how")]
    rows += [
        (
            figure.name,
            figure.measured,
            figure.promise,
            figure.verdict,
            figure.note,
        )
        for figure in figures
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _digits(value: float) -> str:
    """Three significant digits, no exponent."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"

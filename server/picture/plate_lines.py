"""What a district's plate says: its name, what it stands for, what it holds (static/plates.js)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from layers.model import Layer
from server.html_values import number
from server.picture.ground import Region
from server.picture.items import Item
from server.picture.placing import Box
from server.picture.view import View
from server.picture.wording import measured, said, shortened

WIDEST, ROW = 260, 220
CAPSULE = 420  # what is said in it is never cut, of names only their ends
NAME, WORDS, SYMBOL = 16, 12, 13

Kind = Literal["name", "focus", "counts", "capsule"]


@dataclass(frozen=True)
class Count:
    layer: Layer
    text: str
    inferred: bool

    @property
    def width(self) -> float:
        return SYMBOL + 3 + measured(self.text, WORDS)


@dataclass(frozen=True)
class Line:
    """One line of a plate; its box is from the plate's own corner."""

    kind: Kind
    text: str
    box: Box
    counts: Sequence[Count] = ()


def plate_lines(
    view: View,
    region: Region,
    items: Sequence[Item],
    only: Sequence[Item],
    small: bool,
    named: bool = True,
) -> list[Line]:
    item = region.item
    parts: list[tuple[Kind, str, float, float, Sequence[Count]]] = []
    # Without its layer a district has no plate; what is known to it only must stay to be found.
    if named and item.layer.id in view.on:
        name = shortened(item.name, WIDEST, NAME, bold=True)
        parts.append(("name", name, measured(name, NAME, True) + 12, 22, ()))
        if not small and item.focus:
            focus = shortened(item.focus, WIDEST, WORDS)
            parts.append(("focus", focus, measured(focus, WORDS), 16, ()))
        if not small:
            rows = _rows(_counts(items))
            parts += [("counts", "", _row_width(row), 16, row) for row in rows]
    if only:
        text = shortened(only_known(view, item.name, only, small), CAPSULE, WORDS)
        parts.append(("capsule", text, measured(text, WORDS) + 20, 26, ()))
    widest = max((part[2] for part in parts), default=0)
    found: list[Line] = []
    y = 0.0
    for kind, text, width, height, counts in parts:
        y += 2 if kind == "capsule" and found else 0
        found.append(Line(kind, text, Box((widest - width) / 2, y, width, height), counts))
        y += height + 2
    return found


def _counts(items: Sequence[Item]) -> list[Count]:
    """By layer; what is only inferred to lie here is counted apart."""
    known: dict[str, list[int]] = {}
    layers: dict[str, Item] = {}
    for item in items:
        layers.setdefault(item.layer.id, item)
        pair = known.setdefault(item.layer.id, [0, 0])
        pair[item.inferred] += 1
    ordered = sorted(layers.values(), key=lambda one: (-one.importance, one.order))
    return [
        Count(one.layer, number(count), inferred)
        for one in ordered
        for inferred, count in zip((False, True), known[one.layer.id], strict=True)
        if count
    ]


def only_known(view: View, name: str, items: Sequence[Item], small: bool) -> str:
    """How many are known to a district only; what is inferred is never counted as known."""
    inferred = sum(one.inferred for one in items)
    known = len(items) - inferred
    kind = "plate.small" if small else "plate.only_district"
    also = "plate.also_inferred" if known else "plate.inferred"
    also = "plate.small_inferred" if small else also
    parts = [(kind, known), (also, inferred)]
    words, short = view.words, shortened(name, WIDEST / 2, WORDS)
    return " · ".join(
        said(words, key, count=number(count), name=short) for key, count in parts if count
    )


def _rows(counts: Sequence[Count]) -> list[list[Count]]:
    rows: list[list[Count]] = []
    for count in counts:
        if rows and _row_width([*rows[-1], count]) <= ROW:
            rows[-1].append(count)
        else:
            rows.append([count])
    return rows


def _row_width(row: Sequence[Count]) -> float:
    return sum(one.width for one in row) + 8 * (len(row) - 1)

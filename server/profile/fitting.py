"""A profile laid out on one page: what is said in how many lines, and what there is no room for.

Lengths are points (1/72 inch). Both writers keep to it; where letters may be wider than ours the
lines are made for wider ones, so that they never become more.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from server.html_values import joined, number
from server.picture.wording import ELLIPSIS, cut, on_one_line, said
from server.profile.content import DOT, Block, Profile, Row
from server.profile.layout import (
    ASIDE,
    ASIDE_GAP,
    GAP,
    HALF,
    HEADING,
    HEIGHT,
    LABEL,
    LEADING,
    MAP_LEAST,
    MAP_MOST,
    QR,
    SIDE,
    SMALL,
    SYMBOL,
    TEXT,
    TITLE,
    WIDE_LABEL,
    WIDTH,
    Cell,
    Fitted,
    Laid,
    Line,
    Part,
    Said,
    high,
)

MAP_FOR_FIGURES = 235.0  # as high as it may have to be for figures to stand beside it
HEADING_WIDER = 1.15  # besides what other letters may be
LEAST_SUMMARY = 3  # lines that figures leave it
LONGEST = 1_000  # characters of a text that are looked at: more fit into no row
# Lines of a row, and of one with names: the first pair that leaves room for everything.
CAPS = ((9, 4), (6, 3), (4, 3), (3, 2), (2, 2), (2, 1), (1, 1))
LEAST_ROWS = 1


class _Rows(NamedTuple):
    """A line, and how many rows of its block it holds."""

    line: Line
    number: int


class Fitting:
    """`wider`: times as wide as ours letters may be; `spare`: points that are left free."""

    def __init__(self, profile: Profile, wider: float = 1, spare: float = 0) -> None:
        self.profile, self.wider, self.spare = profile, wider, spare

    def cut(
        self, text: str, width: float, size: float, lines: int = 1, bold: bool = False
    ) -> list[str]:
        """Lines of a text that is clean already."""
        return cut(text, width / self.wider, size, bold, lines)

    def fit(self) -> Fitted:
        profile = self.profile
        foot = WIDTH - QR - ASIDE
        empty = Fitted(
            head=self._first(profile.view.zone.title.of(profile.lang), WIDTH * 0.7, SMALL),
            kind=self._first(profile.kind.title.of(profile.lang), WIDTH - SYMBOL - 6, TEXT),
            name=self._heading(profile.name),
            summary=(),
            figures=(),
            place=self._place(),
            under_map=self.cut(_clean(profile.place.under_map), WIDTH, SMALL, 2),
            blocks=(),
            credit=self.cut(_clean(DOT.join(profile.credit)), foot, SMALL, 4),
            address=self.cut(_clean(profile.address), foot, SMALL, 2),
            map_height=MAP_LEAST,
        )
        blocks = list(profile.blocks)
        figures = self._figures()
        summary = self._summary(LEAST_SUMMARY)
        needed = high(summary, figures, empty.place)
        if needed <= MAP_FOR_FIGURES:
            empty = replace(empty, figures=figures, map_height=max(needed, MAP_LEAST))
        elif profile.figures.rows:
            blocks.insert(1, profile.figures)
        room = HEIGHT - self.spare - empty.height
        laid = self._blocks(blocks, room)
        left = room - sum(one.height for one in laid)
        fitted = replace(
            empty, blocks=laid, map_height=min(MAP_MOST, empty.map_height + max(left, 0))
        )
        free = fitted.map_height - high(fitted.figures, fitted.place) - ASIDE_GAP
        return replace(fitted, summary=self._summary(int(free // LEADING)))

    def _heading(self, name: str) -> list[str]:
        """A further line of it is dear: it has to be foreseen where bold letters may be wider."""
        width = WIDTH if self.wider == 1 else WIDTH / HEADING_WIDER
        return self.cut(_clean(name), width, HEADING, 3, bold=True)

    def _summary(self, lines: int) -> Part:
        text = _clean(self.profile.summary)
        return [Said(self.cut(text, SIDE, TEXT, lines))] if text and lines > 0 else []

    def _figures(self) -> Part:
        block = self.profile.figures
        found = [Said(self.cut(_clean(block.title), SIDE, TEXT), "title")] if block.rows else []
        for row in block.rows:
            found.append(Said(self.cut(_clean(row.strong), SIDE, TEXT, 2, bold=True), "strong"))
            found.append(Said(self.cut(_clean(row.text), SIDE, TEXT, 4)))
        return found

    def _place(self) -> Part:
        words, place = self.profile.words, self.profile.place
        if not (place.kind or place.lines or place.coordinates):
            return []
        found = [Said(self.cut(words["detail.placement"], SIDE, TEXT), "title")]
        if place.kind:
            found.append(Said(self.cut(_clean(place.kind), SIDE, TEXT, bold=True), "strong"))
        texts = list(place.lines)
        if place.coordinates:
            texts.append(f"{words['profile.coordinates']} {place.coordinates}")
        return found + [Said(self.cut(_clean(text), SIDE, TEXT, 2)) for text in texts]

    def _first(self, text: str, width: float, size: float) -> str:
        return "".join(self.cut(_clean(text), width, size))

    def _blocks(self, blocks: Sequence[Block], room: float) -> list[Laid]:
        rows: list[list[_Rows]] = []
        for most in CAPS:
            rows = [self._rows(block, *most) for block in blocks]
            found = [self._laid(block, own, 0) for block, own in zip(blocks, rows, strict=True)]
            if sum(one.height for one in found) <= room:
                return found
        return self._fewer(blocks, rows, room)

    def _fewer(self, blocks: Sequence[Block], rows: list[list[_Rows]], room: float) -> list[Laid]:
        """Row after row is left out, of the block that takes most, until the others fit."""
        gone = [0] * len(blocks)
        while True:
            found = [
                self._laid(block, own, number_)
                for block, own, number_ in zip(blocks, rows, gone, strict=True)
            ]
            longest = max(
                (place for place, own in enumerate(rows) if len(own) > LEAST_ROWS),
                key=lambda place: found[place].height,
                default=None,
            )
            if longest is None or sum(one.height for one in found) <= room:
                return found
            gone[longest] += rows[longest].pop().number

    def _laid(self, block: Block, rows: Sequence[_Rows], gone: int) -> Laid:
        closing = said(self.profile.words, "profile.more", count=number(gone)) if gone else ""
        return Laid(
            title=self.cut(_clean(block.title), TITLE - GAP, TEXT, 2, bold=True),
            lines=[one.line for one in rows],
            closing=closing,
            note=self.cut(_clean(block.note), WIDTH - TITLE, TEXT, 2),
        )

    def _rows(self, block: Block, most: int, most_named: int) -> list[_Rows]:
        """The short ones in pairs, then the others."""
        short: list[Cell] = []
        long: list[_Rows] = []
        for row in block.rows:
            cell = self._cell(row, HALF - GAP, 1) if row.label and not row.names else None
            if cell is not None and not _is_cut(cell):
                short.append(cell)
            else:
                lines = most_named if row.names else most
                whole = self._cell(row, WIDTH - TITLE, lines, block.is_small)
                long.append(_Rows(Line([whole], block.is_small), 1))
        pairs = [short[place : place + 2] for place in range(0, len(short), 2)]
        return [*(_Rows(Line(pair), len(pair)) for pair in pairs), *long]

    def _cell(self, row: Row, width: float, most: int, is_small: bool = False) -> Cell:
        """`width` is that of the label too."""
        beside = WIDE_LABEL if row.layer else LABEL if row.label else 0
        room = beside - GAP - (SYMBOL + 4 if row.layer else 0)
        label = self.cut(_clean(row.label), room, TEXT, 2)
        # All of it is measured as if it were bold: that is never too narrow.
        strong = _clean(row.strong)
        text = "　".join(part for part in (strong, _clean(row.text)) if part)
        if row.names:
            lines = self._named(text, row, width - beside, most)
        else:
            size = SMALL if is_small else TEXT
            lines = self.cut(text, width - beside, size, most, bold=bool(strong))
        return Cell(label, lines, beside, min(len(strong), sum(map(len, lines))), row.layer)

    def _named(self, text: str, row: Row, width: float, most: int) -> list[str]:
        """As many names as there is room for, and how many more there are."""
        names = list(row.names)

        def lines(count: int) -> list[str]:
            rest = row.count - count
            parts = names[:count]
            if rest:
                parts = [*parts, said(self.profile.words, "profile.more", count=number(rest))]
            whole = "　".join(part for part in (text, joined(parts, self.profile.lang)) if part)
            return self.cut(whole, width, TEXT, most + 1, bold=bool(row.strong))

        return _largest(len(names), lambda count: len(lines(count)) <= most, lines)


def _largest(most: int, fits: Callable[[int], bool], made: Callable[[int], list[str]]) -> list[str]:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return made(low)


@lru_cache(maxsize=1024)  # each is laid out for several heights
def _clean(text: str) -> str:
    return on_one_line(text, LONGEST)


def _is_cut(cell: Cell) -> bool:
    """Whether something is missing of a row that has half of the width."""
    return any(text.endswith(ELLIPSIS) for text in (*cell.label, *cell.lines))

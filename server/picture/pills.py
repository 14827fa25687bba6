"""Named pills: the things at one place under its name, with some of their symbols and their number.

The forms, and which of them there is room for, are the page's (static/pills.js, pillforms.js).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from server.picture.groups import Group, key_of, shown_items
from server.picture.items import Item
from server.picture.placing import Box, Placing, Point, around, outward
from server.picture.wording import measured, shortened

HEIGHT, SYMBOL, TEXT, PADDING, GAP = 24, 16, 12, 6, 3
LONGEST = 132
BESIDE, FURTHEST = 6, 90  # points between a pill and its dot, and how far off it may stand
FAR = 12  # from which on a pill beside its dot needs a line to it
NEAR, APART_FROM = 40, 11  # points between groups that may become one; the zoom of districts' own
MOST, MOST_SMALL = 4, 2  # symbols

# Beside the place, or on it with the rest to the right or left of the first symbol.
Form = Literal["beside", "right", "left"]


@dataclass(eq=False)
class Pill:
    """A group as it is drawn. `number` is for a list beside the map, in place of a name."""

    group: Group
    form: Form
    name: str
    box: Box
    symbols: Sequence[Item]
    title: str  # its whole name
    is_chosen: bool = False
    number: int | None = None

    @property
    def lead(self) -> tuple[Point, Point] | None:
        """A line to the place, where it has found room only further off."""
        end = self.box.nearest(*self.group.point)
        if self.form != "beside" or math.dist(end, self.group.point) < FAR:
            return None
        return self.group.point, end


class Pills:
    """Finds room for groups: `numbered` leaves their names to a list."""

    def __init__(
        self,
        placing: Placing,
        towns: Mapping[tuple[float, float], str],
        selected: Item | None,
        *,
        small: bool,
        apart: bool,
        numbered: bool,
    ) -> None:
        self.placing, self.towns, self.apart, self.numbered = placing, towns, apart, numbered
        self.selected = selected.key if selected else None
        self.most = MOST_SMALL if small else MOST

    def is_chosen(self, group: Group) -> bool:
        return self.selected is not None and any(one.key == self.selected for one in group.items)

    def name_of(self, group: Group) -> str:
        anchor = next((one.anchor for one in group.items if one.anchor), None)
        return anchor or self.towns.get(group.key) or group.items[0].name

    def reserve(self, groups: Sequence[Group]) -> None:
        """Each first symbol's place is kept free, and of the chosen one its name's too."""
        for group in groups:
            if group.is_fixed:
                self.placing.take(_on_place(group, 2 * PADDING + SYMBOL), group)
        for group in groups:
            free = self._near(group) if self.is_chosen(group) else None
            if free is not None:
                self.placing.take(free[2], group)

    def settle(self, groups: Sequence[Group]) -> list[Pill]:
        """One that finds no room goes into one close by; with these all begin anew."""
        settled: dict[Group, tuple[Form, str, Box]] = {}
        rest: list[Group] = []
        for group in groups:
            stand = self._near(group)
            other = None if stand or self.is_chosen(group) else self._close_by(group, settled)
            if stand is None and other is None:
                stand = self._far(group)
                other = None if stand else self._nearest(group, settled)
            if other is not None:
                other.absorb(group)
                self.placing.release([group])
                continue
            rest.append(group)
            settled[group] = stand or self._over(group)
            self.placing.take(settled[group][2], group)
        if len(rest) < len(groups):
            self.placing.release(rest)
            self.reserve(rest)
            return self.settle(rest)
        return [self._pill(group, *found) for group, found in settled.items()]

    def _pill(self, group: Group, form: Form, name: str, box: Box) -> Pill:
        symbols = shown_items(group, self.most)
        return Pill(group, form, name, box, symbols, self.name_of(group), self.is_chosen(group))

    def _close_by(self, group: Group, settled: Mapping[Group, object]) -> Group | None:
        """One so near that it may take another in with all that it holds."""
        other = self._nearest(group, settled)
        return other if other is not None and _apart(group, other) <= NEAR else None

    def _nearest(self, group: Group, settled: Mapping[Group, object]) -> Group | None:
        """The chosen one stays as it is, and close up those of a district are its own."""
        fits = [
            one
            for one in settled
            if not self.is_chosen(one) and not (self.apart and one.districts != group.districts)
        ]
        return min(fits, key=lambda one: _apart(group, one), default=None)

    def _near(self, group: Group) -> tuple[Form, str, Box] | None:
        """The best form at or beside its place that there is room for."""
        return next((one for one in self._forms(group) if self.placing.fits(one[2], group)), None)

    def _far(self, group: Group) -> tuple[Form, str, Box] | None:
        """A form that a line joins to its place."""
        for words in dict.fromkeys((self._shown(group), "")):
            width = self.width(group, words)
            beside = next(around(group.point, width, HEIGHT, BESIDE))
            start = self.placing.clamped(beside).middle
            reach = 2 * HEIGHT if words else FURTHEST
            for box in outward(start, width, HEIGHT, reach):
                if self.placing.fits(box, group):
                    return "beside", words, box
        return None

    def _over(self, group: Group) -> tuple[Form, str, Box]:
        """Over what is there: nothing is left out."""
        width = self.width(group, "")
        x, y = group.point[0] - width / 2, group.point[1] - HEIGHT / 2
        return "beside", "", self.placing.clamped(Box(x, y, width, HEIGHT))

    def _shown(self, group: Group) -> str:
        """What stands for many places has no name of its own."""
        if group.places > 1 or self.numbered:
            return ""
        return shortened(self.name_of(group), LONGEST, TEXT, bold=True)

    def _forms(self, group: Group) -> Iterator[tuple[Form, str, Box]]:
        for words in dict.fromkeys((self._shown(group), "")):
            width = self.width(group, words)
            if not group.is_fixed:
                for box in around(group.point, width, HEIGHT, BESIDE):
                    yield "beside", words, box
                continue
            right = _on_place(group, width)
            yield "right", words, right
            yield "left", words, right._replace(x=2 * group.point[0] - right.x - width)

    def width(self, group: Group, name: str) -> float:
        symbols = len(shown_items(group, self.most))
        label = measured(name, TEXT, True) + GAP + 2 if name else 0
        beside = ["88", many_text(group, symbols)] if self.numbered else [badge_text(group)]
        count = sum(measured(one, TEXT, True) + GAP for one in beside if one)
        return 2 * PADDING + symbols * SYMBOL + symbols - 1 + label + count


def _apart(group: Group, other: Group) -> float:
    return max(math.dist(other.point, spot) for spot in group.spots)


def badge_text(group: Group) -> str:
    return str(len(group.items)) if len(group.items) > 1 else ""


def many_text(group: Group, symbols: int) -> str:
    """Beside a number: how many there are where symbols do not show each."""
    return f"×{len(group.items)}" if len(group.items) > symbols else ""


def _on_place(group: Group, width: float) -> Box:
    """The box of a pill whose first symbol stands on the place."""
    x, y = group.point
    return Box(x - PADDING - SYMBOL / 2, y - HEIGHT / 2, width, HEIGHT)


def named_keys(pills: Sequence[Pill]) -> set[tuple[float, float]]:
    """The places that a pill names already."""
    return {pill.group.key for pill in pills if pill.name}


def town_names(towns: Sequence[Item]) -> dict[tuple[float, float], str]:
    return {key_of(one.point): one.name for one in towns if one.point}

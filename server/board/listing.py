"""The list beside a board's map: what its numbers stand for, and all that has none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import shapely

from server.html_values import number
from server.picture.credit import unplaced_title
from server.picture.items import Item
from server.picture.plan import Plan
from server.picture.plate_lines import only_known
from server.picture.wording import said

MOST_LISTED = 3_000  # more fill sixty sheets that nobody reads

Kind = Literal["heading", "place", "item", "note"]


@dataclass(frozen=True)
class Row:
    """`number`: of a symbol on the map, where the row begins what belongs to it."""

    kind: Kind
    text: str
    number: int | None = None
    item: Item | None = None


def whereabouts(plan: Plan) -> str:
    """How many of all that the view has are on the map, how many in no place of it, and where."""
    view, words = plan.view, plan.view.words
    outside = _outside(plan, _shapes(plan))
    homes = Counter(one.home for one in view.items)
    parts = [
        ("board.on_sheet", homes["map"] - outside),
        ("board.in_district", homes["plate"]),
        ("board.beyond", outside),
        ("board.no_place", homes["nowhere"]),
    ]
    found = [said(words, key, count=number(count)) for key, count in parts if count]
    return " · ".join([*found, *filter(None, [unplaced_title(view)])])


def rows(plan: Plan) -> list[Row]:
    """Numbered places, lines and areas, then what is known to a district, to no place, unseen."""
    words, shapes = plan.view.words, _shapes(plan)
    found: list[Row] = []
    for title, held in _sections(plan, shapes):
        found += [Row("heading", title), *held] if held else []
    left = sum(one.item is not None for one in found[MOST_LISTED:])
    outside = _outside(plan, shapes)
    del found[MOST_LISTED:]
    while found and found[-1].item is None:
        found.pop()  # a heading of nothing
    if left:
        found.append(Row("note", said(words, "board.unlisted", count=number(left))))
    if outside:
        found.append(Row("note", said(words, "board.outside", count=number(outside))))
    return found


def _sections(plan: Plan, shapes: Sequence[Item]) -> Iterator[tuple[str, Sequence[Row]]]:
    view, words = plan.view, plan.view.words
    numbers = plan.numbers
    yield words["board.numbered"], [row for at in sorted(numbers) for row in _place(plan, at)]
    yield words["board.shapes"], _items(shapes)
    for code, area in view.ground.by_district.items():
        held = [one for one in view.items if one.home == "plate" and one.districts == (code,)]
        yield only_known(view, area.item.name, held, small=False), _items(held)
    yield unplaced_title(view), _items(plan.unplaced)
    yield words["board.nowhere"], _items([one for one in view.items if one.home == "nowhere"])


def _place(plan: Plan, at: int) -> Iterator[Row]:
    """One row for a single thing, else its place's name before what is there."""
    pill = plan.numbers[at]
    items = pill.group.items
    named = len(items) > 1
    if named and pill.group.places == 1:
        yield Row("place", pill.title, at)
    elif named:
        counts = {"count": number(len(items)), "places": number(pill.group.places)}
        yield Row("place", said(plan.view.words, "board.merged", **counts), at)
    for place, item in enumerate(items):
        yield Row("item", item.name, None if named or place else at, item)


def _items(items: Sequence[Item]) -> list[Row]:
    return [Row("item", one.name, item=one) for one in items]


def _shapes(plan: Plan) -> list[Item]:
    """Lines and areas that are seen; they have no number."""
    drawn = [one for one in plan.view.items if one.home == "map" and not one.point]
    shapes = plan.camera.shapes(plan.view.ground.world([one.geometry for one in drawn]), room=0)
    return [
        one
        for one, shape in zip(drawn, shapes.tolist(), strict=True)
        if shape is not None and not shapely.is_empty(shape)
    ]


def _outside(plan: Plan, shapes: Sequence[Item]) -> int:
    """How many have their place beyond the map's edges."""
    drawn = sum(one.home == "map" for one in plan.view.items)
    return drawn - len(shapes) - sum(len(pill.group.items) for pill in plan.pills)

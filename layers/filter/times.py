"""Time in filters, said in comparisons of instants: the T_ functions, and dates beside timestamps.

Two instants of different granularity are compared by the coarser one (clause 6.3.1: a date is an
instant with the granularity of a day): a timestamp equals the date of the day it lies in, is after
the dates before it and before those after it. Days are those of UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from layers.filter import tree
from layers.filter.errors import FilterError
from layers.filter.instants import AFTER_ALL, BEFORE_ALL, DAY, canonical, instant_type
from layers.filter.tree import Literal, Node

if TYPE_CHECKING:
    from layers.filter.check import Typed

INSTANTS = ("date", "timestamp")
# Each function as comparisons that must all hold: start or end of the first operand, the operator,
# start or end of the second. Closed intervals, Allen's relations (OWL Time); an instant starts and
# ends at itself.
_ALL_OF = {
    "T_AFTER": ("s>e",),
    "T_BEFORE": ("e<s",),
    "T_EQUALS": ("s=s", "e=e"),
    "T_INTERSECTS": ("s<=e", "e>=s"),
    "T_CONTAINS": ("s<s", "e>e"),
    "T_DURING": ("s>s", "e<e"),
    "T_FINISHEDBY": ("s<s", "e=e"),
    "T_FINISHES": ("s>s", "e=e"),
    "T_MEETS": ("e=s",),
    "T_METBY": ("s=e",),
    "T_OVERLAPPEDBY": ("s>s", "s<e", "e>e"),
    "T_OVERLAPS": ("s<s", "e>s", "e<e"),
    "T_STARTEDBY": ("s=s", "e>e"),
    "T_STARTS": ("s=s", "e<e"),
}
_ANY_OF = {"T_DISJOINT": ("e<s", "s>e")}
_FOR_INSTANTS = ("T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS")


class Period(NamedTuple):
    start: Node
    end: Node
    granularity: str | None  # None: without bounds at all


def compared(left: Node, left_type: str, right: Node, right_type: str) -> tuple[Node, Node] | None:
    """Both sides in one type, or None if there is no sense in comparing them."""
    if left_type == right_type:
        return left, right
    left, left_type = _cast(left, left_type, right_type)
    right, right_type = _cast(right, right_type, left_type)
    if left_type == right_type:
        return left, right
    if left_type in INSTANTS and right_type in INSTANTS:
        return day(left, left_type), day(right, right_type)
    return None


def _cast(node: Node, type: str, other: str) -> tuple[Node, str]:
    """A text beside an instant is one, as in the standard's own test of IN."""
    if type != "text" or other not in INSTANTS or not isinstance(node, Literal):
        return node, type
    kind = instant_type(node.value, node.at)
    value = canonical(str(node.value)) if kind == "timestamp" else node.value
    return Literal(value, kind, at=node.at), kind


def day(node: Node, type: str) -> Node:
    if type == "date":
        return node
    if isinstance(node, Literal):
        return Literal(str(node.value)[:DAY], "date", at=node.at)
    return tree.Day(node, at=node.at)


def temporal(node: tree.TemporalPredicate, left: Typed, right: Typed) -> Node:
    """The comparisons that a temporal predicate stands for."""
    sides = []
    for wrote, found in ((node.left, left), (node.right, right)):
        if found.type != "interval" and node.op not in _FOR_INSTANTS:
            raise FilterError(f"{node.op} needs two intervals", wrote.at)
        sides.append(_period(found.node, found.type))
    first, second = _alike(*sides)
    parts = [
        tree.Comparison(
            part[1:-1],
            first.start if part[0] == "s" else first.end,
            second.start if part[-1] == "s" else second.end,
            at=node.at,
        )
        for part in _ANY_OF.get(node.op) or _ALL_OF[node.op]
    ]
    if len(parts) == 1:
        return parts[0]
    return (tree.Or if node.op in _ANY_OF else tree.And)(tuple(parts), at=node.at)


def _period(node: Node, type: str) -> Period:
    if not isinstance(node, tree.Interval):
        instant, kind = _cast(node, type, "timestamp")
        if kind not in INSTANTS:
            raise FilterError("a property of type text is no date or timestamp", node.at)
        return Period(instant, instant, kind)
    granularities = {_type(side) for side in (node.start, node.end)} - {"unbounded"}
    start, end = _bounded(node.start, BEFORE_ALL), _bounded(node.end, AFTER_ALL)
    return Period(start, end, next(iter(granularities), None))


def check_interval(interval: tree.Interval) -> None:
    """Its checked ends: alike, and in the order of time where that is known."""
    if {_type(side) for side in (interval.start, interval.end)} >= set(INSTANTS):
        raise FilterError("an interval has two dates or two timestamps, not one each", interval.at)
    if _known(interval.start) > _known(interval.end) > "":
        raise FilterError("the interval ends before it starts", interval.at)


def _type(node: Node) -> str | None:
    return node.type if isinstance(node, Literal | tree.Property) else None


def _known(node: Node) -> str:
    """The instant that is written there, if one is."""
    return str(node.value) if isinstance(node, Literal) and node.type in INSTANTS else ""


def _bounded(node: Node, without: str) -> Node:
    if isinstance(node, Literal) and node.type == "unbounded":
        return Literal(without, "timestamp", at=node.at)
    return node


def _alike(first: Period, second: Period) -> tuple[Period, Period]:
    """Both by days if one of them is."""
    if {first.granularity, second.granularity} != set(INSTANTS):
        return first, second
    return _in_days(first), _in_days(second)


def _in_days(period: Period) -> Period:
    if period.granularity == "date":
        return period
    return Period(day(period.start, "timestamp"), day(period.end, "timestamp"), "date")

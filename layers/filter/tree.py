"""The tree of a filter: what both encodings are parsed to, written from, and what is answered.

A parsed tree is as the client wrote it. `check` turns it into a checked one, which may be evaluated
or compiled: properties know their type, temporal predicates and BETWEEN have become comparisons,
geometries are shapes in CRS84, and the last three classes occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import shapely

from layers.filter.errors import Place
from layers.filter.limits import Limits, too_deep

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
ARITHMETIC = ("+", "-", "*", "/", "%", "div", "^")
SPATIAL = (
    "S_INTERSECTS", "S_EQUALS", "S_DISJOINT", "S_TOUCHES", "S_WITHIN", "S_OVERLAPS", "S_CROSSES",
    "S_CONTAINS",
)  # fmt: skip
TEMPORAL = (
    "T_AFTER", "T_BEFORE", "T_CONTAINS", "T_DISJOINT", "T_DURING", "T_EQUALS", "T_FINISHEDBY",
    "T_FINISHES", "T_INTERSECTS", "T_MEETS", "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS",
    "T_STARTEDBY", "T_STARTS",
)  # fmt: skip
ARRAY = ("A_EQUALS", "A_CONTAINS", "A_CONTAINEDBY", "A_OVERLAPS")
FOLDS = ("CASEI", "ACCENTI")
FUNCTIONS = (*FOLDS, *SPATIAL, *TEMPORAL, *ARRAY)


@dataclass(frozen=True, slots=True)
class Node:
    # Keyword only, and no part of equality: the same filter from text and from JSON is one tree.
    at: Place = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class And(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    term: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Like(Node):
    value: Node
    pattern: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    value: Node


@dataclass(frozen=True, slots=True)
class Property(Node):
    name: str
    type: str | None = None  # known once checked; text integer number boolean date timestamp ...


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A text, number, boolean, date, timestamp, or the unbounded end of an interval."""

    value: str | int | float | bool
    type: str


@dataclass(frozen=True, slots=True)
class Interval(Node):
    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Function(Node):
    """CASEI or ACCENTI; there are no others."""

    name: str
    argument: Node


@dataclass(frozen=True, slots=True)
class SpatialPredicate(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class TemporalPredicate(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class ArrayPredicate(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Array(Node):
    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class GeometryLiteral(Node):
    """GeoJSON's type and coordinates as tuples, two dimensions; of a collection, its members."""

    kind: str
    coordinates: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class BBox(Node):
    """West, south, east, north, or the first and second axis of another CRS; no heights."""

    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Key(Node):
    """The number a feature has inside its store; CQL2 has no word for it, Esri's clients do."""


@dataclass(frozen=True, slots=True)
class Among(Node):
    """Checked only: whether that number is one of many, which are written as a list in JSON."""

    keys: str


@dataclass(frozen=True, slots=True)
class OfKind(Node):
    """Checked only: whether the geometry is a point, multipoint, line or area; null is nothing."""

    kind: str
    or_nothing: bool


@dataclass(frozen=True, slots=True)
class Folded(Node):
    """Checked only: a text without its case, its accents, or both."""

    value: Node
    case: bool
    accents: bool


@dataclass(frozen=True, slots=True)
class Day(Node):
    """Checked only: the day (UTC) a timestamp lies in."""

    value: Node


@dataclass(frozen=True, slots=True, eq=False)
class Shape(Node):
    """Checked only: a valid geometry in CRS84."""

    geometry: shapely.Geometry


def joined(kind: type[And] | type[Or], terms: list[Node], at: Place) -> Node:
    """An AND or OR of terms; of the same inside it, the terms."""
    flat: list[Node] = []
    for term in terms:
        flat += term.terms if isinstance(term, kind) else [term]
    return kind(tuple(flat), at=at)


_PAIR = attrgetter("left", "right")
# The nodes right below; of geometries and leaves none that count.
_CHILDREN: dict[type[Node], Callable[[Any], tuple[Node, ...]]] = {
    And: attrgetter("terms"),
    Or: attrgetter("terms"),
    Not: lambda node: (node.term,),
    IsNull: lambda node: (node.value,),
    Function: lambda node: (node.argument,),
    Like: attrgetter("value", "pattern"),
    In: lambda node: (node.value, *node.members),
    Between: attrgetter("value", "low", "high"),
    Interval: attrgetter("start", "end"),
    Array: attrgetter("members"),
    **dict.fromkeys(
        (Comparison, Arithmetic, SpatialPredicate, TemporalPredicate, ArrayPredicate), _PAIR
    ),
}


def levels(tree: Node) -> Iterator[list[Node]]:
    """All nodes, level by level from the top; without recursion."""
    level = [tree]
    while level:
        yield level
        level = [
            child
            for node in level
            if (below := _CHILDREN.get(type(node))) is not None
            for child in below(node)
        ]


def check_depth(tree: Node, limits: Limits) -> Node:
    """The tree itself, now safe to walk by recursion. Leaves are not counted as a level."""
    for depth, level in enumerate(levels(tree)):
        if depth > limits.depth:
            raise too_deep(limits, level[0].at)
    return tree

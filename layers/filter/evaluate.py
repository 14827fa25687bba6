"""A checked filter answered over columns in memory: the measure for every other way to answer it.

The result has one value for each feature: false, unknown or true, in this order, so that AND is the
smallest of its terms, OR the largest, and NOT the mirror.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.filter import tree
from layers.filter.folding import fold
from layers.filter.instants import DAY, stored_instant
from layers.filter.lists import related as related_lists
from layers.filter.numbers import calculate
from layers.filter.patterns import matcher
from layers.filter.spatial import SWAPPED, placed, related, related_to
from layers.filter.tree import Literal, Node, Property

FALSE, UNKNOWN, TRUE = 0, 1, 2

Truths = NDArray[np.int8]
Values = Sequence[Any]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
    ">=": operator.ge,
}  # fmt: skip


def evaluate(
    filter: Node, columns: Mapping[str, Values], geometries: NDArray[Any] | Sequence[Any]
) -> Truths:
    """FALSE, UNKNOWN or TRUE for each feature.

    `columns` has the values of every property by its name, None where there is none, as features
    have them; `geometries` the shapes in CRS84 or None. One checked tree is for one thread at a
    time: its shapes get prepared.
    """
    shapes = np.empty(len(geometries), dtype=object)
    shapes[:] = geometries
    return _Evaluation(columns, shapes).truths(filter)


class _Evaluation:
    def __init__(self, columns: Mapping[str, Values], geometries: NDArray[Any]) -> None:
        self.columns, self.geometries = columns, geometries
        self.count = len(geometries)

    def truths(self, node: Node) -> Truths:
        match node:
            case tree.And():
                return reduce(np.minimum, [self.truths(term) for term in node.terms])
            case tree.Or():
                return reduce(np.maximum, [self.truths(term) for term in node.terms])
            case tree.Not():
                return np.subtract(TRUE, self.truths(node.term), dtype=np.int8)
            case tree.IsNull():
                return self.nulls(node.value)
            case tree.SpatialPredicate():
                return self.spatial(node)
        return _truths(self.answers(node))

    def answers(self, node: Node) -> list[bool | None]:
        """The predicates that look at one row after the other."""
        match node:
            case tree.Comparison():
                compare = _COMPARE[node.op]
                pairs = zip(self.values(node.left), self.values(node.right), strict=True)
                return [None if a is None or b is None else compare(a, b) for a, b in pairs]
            case tree.Like():
                assert isinstance(node.pattern, Literal)
                fits = matcher(str(node.pattern.value)).match
                texts = self.values(node.value)
                return [None if text is None else fits(text) is not None for text in texts]
            case tree.In():
                return self.within_list(node)
            case tree.ArrayPredicate():
                pairs = zip(self.values(node.left), self.values(node.right), strict=True)
                return [related_lists(node.op, a, b) for a, b in pairs]
            case Property() | Literal():
                return [None if value is None else bool(value) for value in self.values(node)]
        raise TypeError(node)

    def within_list(self, node: tree.In) -> list[bool | None]:
        rows = zip(*(self.values(member) for member in node.members), strict=True)
        found: list[bool | None] = []
        for value, members in zip(self.values(node.value), rows, strict=True):
            if value is None:
                found.append(None)
            elif any(member == value for member in members if member is not None):
                found.append(True)
            else:
                found.append(None if None in members else False)
        return found

    def nulls(self, node: Node) -> Truths:
        if _is_predicate(node):
            return np.where(self.truths(node) == UNKNOWN, TRUE, FALSE).astype(np.int8)
        if isinstance(node, tree.Shape):
            return self.all(FALSE)
        if isinstance(node, Property):
            if node.type == "geometry":
                return np.where(placed(self.geometries), FALSE, TRUE).astype(np.int8)
            return _truths([value is None for value in self.columns[node.name]])
        return _truths([value is None for value in self.values(node)])

    def spatial(self, node: tree.SpatialPredicate) -> Truths:
        left, right = node.left, node.right
        if isinstance(left, tree.Shape) and isinstance(right, tree.Shape):
            alone: NDArray[Any] = np.array([left.geometry], dtype=object)
            return self.all(TRUE if related_to(node.op, alone, right.geometry)[0] else FALSE)
        known = placed(self.geometries)
        if isinstance(right, tree.Shape):
            holds = related_to(node.op, self.geometries, right.geometry)
        elif isinstance(left, tree.Shape):
            op = SWAPPED.get(node.op, node.op)
            holds = related_to(op, self.geometries, left.geometry)
        else:
            holds = np.zeros(self.count, bool)
            holds[known] = related(node.op, self.geometries[known], self.geometries[known])
        return np.where(known, np.where(holds, TRUE, FALSE), UNKNOWN).astype(np.int8)

    def values(self, node: Node) -> Values:
        """The values of an expression; None where it has none."""
        match node:
            case Literal():
                return [node.value] * self.count
            case Property():
                column = self.columns[node.name]
                return [*map(stored_instant, column)] if node.type == "timestamp" else column
            case tree.Arithmetic():
                pairs = zip(self.values(node.left), self.values(node.right), strict=True)
                return [calculate(node.op, left, right) for left, right in pairs]
            case tree.Folded():
                texts = self.values(node.value)
                return [
                    None if text is None else fold(text, node.case, node.accents) for text in texts
                ]
            case tree.Day():
                return [None if one is None else one[:DAY] for one in self.values(node.value)]
            case tree.Array():
                if not node.members:
                    return [[]] * self.count
                return [*zip(*(self.values(member) for member in node.members), strict=True)]
        return [None if one == UNKNOWN else one == TRUE for one in self.truths(node).tolist()]

    def all(self, truth: int) -> Truths:
        return np.full(self.count, truth, np.int8)


def _truths(answers: Sequence[bool | None]) -> Truths:
    coded = [UNKNOWN if one is None else TRUE if one else FALSE for one in answers]
    return np.array(coded, np.int8)


def _is_predicate(node: Node) -> bool:
    return isinstance(
        node,
        tree.And | tree.Or | tree.Not | tree.Comparison | tree.Like | tree.In | tree.IsNull
        | tree.SpatialPredicate | tree.ArrayPredicate,
    )  # fmt: skip


def matching(truths: Truths) -> NDArray[np.bool_]:
    """The features a filter selects: those for which it is true."""
    return np.equal(truths, TRUE)

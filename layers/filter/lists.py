"""The array predicates: lists of texts compared as sets (requirement array-functions C)."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

Members = Sequence[str | None]
Texts = frozenset[str | None]

_RELATIONS: dict[str, Callable[[Texts, Texts], Any]] = {
    "A_EQUALS": operator.eq,
    "A_CONTAINS": operator.ge,
    "A_CONTAINEDBY": operator.le,
    "A_OVERLAPS": operator.and_,
}


def related(op: str, left: Members | None, right: Members | None) -> bool | None:
    """Unknown without a list, or with a member that is unknown."""
    if left is None or right is None or None in left or None in right:
        return None
    return bool(_RELATIONS[op](frozenset(left), frozenset(right)))

"""Lists of texts: as a store keeps them, and compared as sets (requirement array-functions C)."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

import orjson

Members = Sequence[str | None]
Texts = frozenset[str | None]

_RELATIONS: dict[str, Callable[[Texts, Texts], Any]] = {
    "A_EQUALS": operator.eq,
    "A_CONTAINS": operator.ge,
    "A_CONTAINEDBY": operator.le,
    "A_OVERLAPS": operator.and_,
}


def members(stored: str) -> list[str]:
    """A list is kept as JSON. What another program wrote there as it liked is one member; a member
    that is no text is its JSON, and null is none.
    """
    try:
        found = orjson.loads(stored)
    except orjson.JSONDecodeError:
        return [stored]
    listed = found if isinstance(found, list) else [found]
    return [
        one if isinstance(one, str) else orjson.dumps(one).decode()
        for one in listed
        if one is not None
    ]


def related(op: str, left: Members | None, right: Members | None) -> bool | None:
    """Unknown without a list, or with a member that is unknown."""
    if left is None or right is None or None in left or None in right:
        return None
    return bool(_RELATIONS[op](frozenset(left), frozenset(right)))

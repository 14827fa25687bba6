"""Figures of groups: how they are printed, and whether an answer holds all that one counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from layers.filter import tree
from layers.filter.queryables import id_name
from layers.model import Figure, Layer, Query
from layers.stores.store import Store
from server.asks import Ask
from server.html_values import Words, number

# Qualifiers that have a word of their own; another one is printed as its editors wrote it.
QUALIFIERS = {
    "about": "figure.about",
    "expected": "figure.expected",
    "planned": "figure.planned",
    "at_least": "figure.at_least",
}


def figure_text(figure: Figure, lang: str, words: Words) -> str:
    """As its editors print it; else composed, never without its qualifier."""
    if text := figure.text.of(lang):
        return text
    value = words["figure.unknown"] if figure.value is None else number(figure.value)
    amount = " ".join(part for part in (value, figure.unit) if part)
    if figure.qualifier in (None, "exact"):
        return amount
    key = QUALIFIERS.get(str(figure.qualifier))
    return words[key].replace("{amount}", amount) if key else f"{figure.qualifier} {amount}"


def is_joint(figure: Figure) -> bool:
    """Whether it is of several together; of three parks the number 3 says nothing about one."""
    return len(figure.members) > 1 and figure.value != len(figure.members)


def figures_of(layer: Layer, feature_id: str) -> list[Figure]:
    """Of a joint amount every member says that it is one."""
    names = (feature_id, f"{layer.id}/{feature_id}")
    return [one for one in layer.figures if any(name in one.members for name in names)]


class Held(NamedTuple):
    """How much of a figure an answer holds: of its members, so many."""

    members: int
    matched: int
    complete: bool


def held(store: Store, figure: Figure, layer: str, asks: Mapping[str, Ask], matched: int) -> Held:
    """`asks` are those of the answer by layer; `matched` says how many of `layer` are in it.

    A figure without members speaks of its whole layer.
    """
    if not figure.members:
        return Held(0, 0, matched == store.count(layer, Query()))
    members = set(figure.members)
    found = sum(
        _matching(store, asks[name], ids)
        for name, ids in _by_layer(members, layer).items()
        if name in asks
    )
    return Held(len(members), found, found == len(members))


def _by_layer(members: Iterable[str], layer: str) -> dict[str, list[str]]:
    """The members' ids; one of another layer is named `layer/id`."""
    found: dict[str, list[str]] = {}
    for member in members:
        name, _, own = member.rpartition("/")
        found.setdefault(name or layer, []).append(own)
    return found


def _matching(store: Store, ask: Ask, ids: Sequence[str]) -> int:
    public_id = tree.Property(id_name(ask.layer), "text")
    these = tree.In(public_id, tuple(tree.Literal(one, "text") for one in ids))
    wanted = these if ask.query.filter is None else tree.And((these, ask.query.filter))
    return store.count(ask.layer.id, replace(ask.query, filter=wanted))

"""Features counted by their values: layer by layer in the store, put together here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from layers.model import Group, Query, Summary, Text
from layers.stores.store import Store
from server import params
from server.asks import Ask
from server.params import Given
from server.stats_fields import Measure, Part

MOST_GROUPS = 10_000
NOTHING = Summary(0)

# Of a field: null, a value, or the several values of a list.
Value = Any
Values = tuple[Value, ...]


@dataclass
class Tally:
    """Features with the same values; `inferred` of them are where they are by inference."""

    values: Values
    number: int = 0
    inferred: int = 0
    layers: Counter[str] = field(default_factory=Counter)
    of: dict[str, Summary] = field(default_factory=dict)

    def add(self, layer: str, group: Group, inferred: bool, of: Mapping[str, Summary]) -> None:
        self.number += group.number
        self.inferred += group.number if inferred else 0
        self.layers[layer] += group.number
        for name, summary in of.items():
            self.of[name] = self.of.get(name, NOTHING).and_(summary)

    @property
    def kind(self) -> str:
        if None in self.values:
            return "unknown"
        return "several" if any(isinstance(one, tuple) for one in self.values) else "value"


def tallies(
    store: Store,
    asks: Sequence[Ask],
    parts: Sequence[Part],
    measures: Sequence[Measure],
    given: Given,
) -> list[Tally]:
    """One for each group, in no order; without `parts` one of all features."""
    found: dict[object, Tally] = {}
    for ask in asks:
        layer = ask.layer
        inferred = layer.schema.with_role("inferred") if parts else None
        own = [part for part in parts if layer.id in part.by]
        by = [*(part.by[layer.id] for part in own), *([inferred.name] if inferred else [])]
        of = [one.name for one in measures if layer.id in one.layers]
        counted = (one for one in store.groups(layer.id, ask.query, by, of) if one.number)
        for group in counted:
            known = dict(zip((part.name for part in own), group.values, strict=False))
            values = tuple(plain(known.get(part.name)) for part in parts)
            is_inferred = inferred is not None and group.values[-1] is True
            tally = found.setdefault(key_of(values), Tally(values))
            tally.add(layer.id, group, is_inferred, dict(zip(of, group.of, strict=True)))
            if len(found) > MOST_GROUPS:
                raise too_many(given)
    return list(found.values())


def plain(value: object) -> Value:
    """A list of one is that one, its order says nothing. An empty text is a value."""
    if isinstance(value, list):
        members = tuple(sorted(set(value)))
        return members if len(members) > 1 else next(iter(members), None)
    return value


def key_of(values: Values) -> object:
    """True is not 1."""
    return tuple((isinstance(one, bool), one) for one in values)


def too_many(given: Given) -> Exception:
    return given.misfit(params.GROUP, f"fields with at most {MOST_GROUPS} groups of values")


def with_empty(
    found: list[Tally], parts: Sequence[Part], districts: Mapping[str, Text], given: Given
) -> list[Tally]:
    """Also the groups nothing is in that a statistic by district always shows: each district,
    several of them, and none known; by another field too, for each value of that.
    """
    if not any(part.is_district for part in parts):
        return found
    axes = [_axis(found, n, part, districts) for n, part in enumerate(parts)]
    there = {key_of(one.values) for one in found}
    missing = [values for values in product(*axes) if key_of(values) not in there]
    if len(found) + len(missing) > MOST_GROUPS:
        raise too_many(given)
    return [*found, *map(Tally, missing)]


def _axis(
    found: Iterable[Tally], place: int, part: Part, districts: Mapping[str, Text]
) -> list[Value]:
    values = list(
        {key_of(one.values[place : place + 1]): one.values[place] for one in found}.values()
    )
    if not part.is_district:
        return values or [None]
    several = [()] if not any(isinstance(one, tuple) for one in values) else []
    return [*districts, *several, None]


def in_order(
    found: Iterable[Tally], parts: Sequence[Part], districts: Mapping[str, Text]
) -> list[Tally]:
    """As the codes of a field stand in its layer, else ascending; several and unknown come last."""
    ranks = [
        {
            code: n
            for n, code in enumerate(districts if part.is_district else part.field.codes or {})
        }
        for part in parts
    ]

    def key(tally: Tally) -> list[tuple[int, int, float, str]]:
        return [_place(one, rank) for one, rank in zip(tally.values, ranks, strict=True)]

    return sorted(found, key=key)


def _place(value: Value, ranks: Mapping[str, int]) -> tuple[int, int, float, str]:
    if value is None:
        return (2, 0, 0, "")
    if isinstance(value, tuple):
        return (1, len(value), 0, str(value))
    if isinstance(value, str):
        return (0, ranks.get(value, len(ranks)), 0, value)
    return (0, len(ranks), value, "")


def is_rankable(found: Iterable[Tally]) -> bool:
    """Whether enough is known of the groups to say which is the largest: three quarters."""
    counted = [(one.number, one.number if one.kind == "unknown" else one.inferred) for one in found]
    total, doubtful = (sum(column) for column in zip(*counted, strict=True)) if counted else (0, 0)
    return doubtful * 4 <= total


def districts_of(store: Store, parts: Sequence[Part]) -> dict[str, Text]:
    """Code to name of all districts of the zone: those that fields have codes for, and areas."""
    found: dict[str, Text] = {}
    for part in parts:
        if part.is_district:
            found |= part.field.codes or {}
            for code, name in _areas(store):
                found.setdefault(code, name)
    return found


def _areas(store: Store) -> list[tuple[str, Text]]:
    found = []
    for layer in store.layers():
        code = layer.schema.with_role("district")
        if layer.role != "areas" or code is None:
            continue
        found += [(one, text) for one, text in (code.codes or {}).items()]
        zh, en = (layer.schema.with_role("name", lang) for lang in ("zh", "en"))
        names = [one.name for one in (zh, en) if one]
        named = []
        for group in store.groups(layer.id, Query(), [code.name, *names]):
            value, *texts = map(plain, group.values)
            if isinstance(value, str):
                said = [str(text) for text in texts if text is not None] or [value]
                named.append((value, Text(said[0], said[-1])))
        found += sorted(named)
    return found

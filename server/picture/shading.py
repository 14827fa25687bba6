"""Districts in the tones of a number, where enough is known to compare them (static/shade.js)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.model import Field
from layers.stores.store import Store
from server import params
from server.asks import Ask
from server.html_values import number
from server.params import Given
from server.picture.ground import Ground
from server.picture.wording import Words, said
from server.stats_fields import NUMBERS, Measure, parts
from server.stats_groups import NOTHING, is_rankable, tallies

MOST_STEPS = 5
ENOUGH = 0.75  # so much of a sum must be known
UNKNOWN = -1

Tones = Mapping[str, int]


@dataclass(frozen=True)
class Shading:
    """Tones from 0 to 4 by the key of an area, UNKNOWN where nothing is known; and their words."""

    tones: Tones
    title: str
    steps: Sequence[tuple[int, str]]


def shading(
    store: Store, asks: Sequence[Ask], name: str | None, ground: Ground, lang: str, words: Words
) -> Shading | None:
    """Of the layers of sites that are on, by their number or by what a field adds up to."""
    by = next((one for ask in asks for one in _districts(ask)), None)
    field = _summed(asks, name)
    if by is None or not ground.areas:
        return None
    given = Given({params.GROUP.name: (by.name,)})
    having = frozenset(ask.layer.id for ask in asks if field and ask.layer.schema.field(field.name))
    measures = [Measure(field.name, having, field.unit, False)] if field else []
    found = tallies(store, asks, parts(asks, given), measures, given)
    known = sum(one.of.get(field.name, NOTHING).number for one in found) if field else 0
    matched = sum(one.number for one in found)
    if not is_rankable(found) or (field is not None and known < matched * ENOUGH):
        return None
    tally = {str(one.values[0]): one for one in found if one.kind == "value"}
    values: dict[str, float | None] = {}
    for code, area in ground.by_district.items():
        one = tally.get(code)
        if field is None:
            values[area.item.key] = one.number - one.inferred if one else 0
        else:
            of = one.of.get(field.name, NOTHING) if one else NOTHING
            values[area.item.key] = of.sum if of.number else None
    title = words["shade.count"]
    if field is not None:
        unit = said(words, "shade.unit", unit=field.unit) if field.unit else ""
        title = field.label.of(lang) + unit
    whole = field is None or field.type == "integer"
    return _shaded(values, whole, said(words, "shade.title", what=title), words)


def _districts(ask: Ask) -> list[Field]:
    return [one for one in ask.layer.schema.fields if one.role == "district"]


def _summed(asks: Sequence[Ask], name: str | None) -> Field | None:
    """A number without a role, of one unit in all the layers that have it."""
    all_of_it = [one for ask in asks if name and (one := ask.layer.schema.field(name))]
    fits = all(
        one.type in NUMBERS and one.role is None and not one.codes and one.unit == all_of_it[0].unit
        for one in all_of_it
    )
    return all_of_it[0] if all_of_it and fits else None


def _shaded(
    values: Mapping[str, float | None], whole: bool, title: str, words: Words
) -> Shading | None:
    known = [one for one in values.values() if one is not None]
    if not known:
        return None
    edges = step_edges(known, whole)
    last = len(edges) - 2
    tones = {
        key: UNKNOWN if value is None else _tone(_step(edges, value), last)
        for key, value in values.items()
    }
    steps = [
        (_tone(step, last), _text(edges[step], edges[step + 1], whole, step == last, words))
        for step in range(last + 1)
    ]
    if UNKNOWN in tones.values():
        steps.append((UNKNOWN, words["filter.unknown"]))
    return Shading(tones, title, steps)


def step_edges(values: Sequence[float], whole: bool) -> list[float]:
    """Even, round steps, at most five: where each begins and the last one ends."""
    least, greatest = min(values), max(values)
    if not greatest > least:
        return [least, greatest]
    rough = greatest / MOST_STEPS - least / MOST_STEPS
    for power in range(math.floor(math.log10(rough)), 309):
        for unit in (1, 2, 5):
            step = max(1.0, unit * 10.0**power) if whole else unit * 10.0**power
            first, last = math.floor(least / step), math.floor(greatest / step) + 1
            if step >= rough and last - first <= MOST_STEPS:
                places = max(0, -power)
                return [round(one * step, places) for one in range(first, last + 1)]
    return [least, greatest]


def _step(edges: Sequence[float], value: float) -> int:
    inner = edges[1:-1]
    return next((at for at, edge in enumerate(inner) if value < edge), len(inner))


def _tone(step: int, last: int) -> int:
    """Few steps are spread over all five tones."""
    return 2 if last < 1 else math.floor(step / last * 4 + 0.5)


def _text(begin: float, end: float, whole: bool, is_last: bool, words: Words) -> str:
    final = end - 1 if whole and end > begin else end
    if begin == final:
        return _number(begin)
    key = "shade.step" if whole or is_last else "shade.step_below"
    return said(words, key, begin=_number(begin), end=_number(final))


def _number(value: float) -> str:
    return number(int(value) if value == int(value) else value)

"""How many features lie in each of some even intervals of a field, whose edges are round."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from layers.model import Binned, Summary
from layers.stores.store import Store
from server.asks import Ask
from server.stats_fields import Measure

MOST_BINS = 20
INT64 = Fraction(2**63)
LARGEST = Fraction(1.7976931348623157e308)
# Days that a bin may have: one, or a week from Monday; then months; more months are years.
DAYS = (1, 7)
MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 12_000)
LAST_DAY = "9999-12-31"

Edges = tuple[Any, ...]


def histogram(
    store: Store, asks: Sequence[Ask], measure: Measure, known: Summary, number: int
) -> dict[str, Any]:
    """`known` is the summary of the field over all `number` features that `asks` are about."""
    edges: Edges = ()
    if known.number:
        of = day_edges if measure.is_date else number_edges
        edges = of(known.least, known.greatest)
    counts = [0] * max(0, len(edges) - 1)
    for ask in asks:
        if known.number and ask.layer.id in measure.layers:
            for group in store.groups(ask.layer.id, ask.query, [Binned(measure.name, edges)]):
                [place] = group.values
                if isinstance(place, int):
                    counts[place] += group.number
    return {
        "least": known.least,
        "greatest": known.greatest,
        "known_count": known.number,
        "unknown_count": number - known.number,
        "edges": edges,
        "counts": counts,
    }


def number_edges(least: float, greatest: float) -> Edges:
    """Multiples of 1, 2 or 5 times a power of ten; of whole numbers whole ones."""
    whole = isinstance(least, int) and isinstance(greatest, int)
    if least == greatest:
        return (least, greatest)
    step = _step((Fraction(greatest) - Fraction(least)) / MOST_BINS)
    step = max(step, Fraction(1)) if whole else step
    first, last = floor(Fraction(least) / step), -floor(-Fraction(greatest) / step)
    edges = [number * step for number in range(first, max(last, first + 1) + 1)]
    if whole:
        return tuple(int(_within(edge, -INT64, INT64 - 1)) for edge in edges)
    return tuple(float(_within(edge, -LARGEST, LARGEST)) for edge in edges)


def _within(edge: Fraction, least: Fraction, greatest: Fraction) -> Fraction:
    return min(max(edge, least), greatest)


def _step(least: Fraction) -> Fraction:
    """The smallest round number from this on."""
    power = Fraction(1)
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least)


def day_edges(least: str, greatest: str) -> Edges:
    """First days of bins, and the day after the last one."""
    first, last = _day(least), _day(greatest)
    for days in DAYS:
        start = first.toordinal() - (first.weekday() if days == 7 else 0)
        number = (last.toordinal() - start) // days + 1
        if number <= MOST_BINS:
            return tuple(_text_of(start + n * days) for n in range(number + 1))
    begin, end = (one.year * 12 + one.month - 1 for one in (first, last))
    for months in MONTHS:
        start = begin // months * months
        number = (end - start) // months + 1
        if number <= MOST_BINS:
            break
    return tuple(_first_of(start + n * months) for n in range(number + 1))


def _day(text: str) -> date:
    """The day of a date or a time; of one that is in no calendar, one near it."""
    year, month, day = (int(text[part]) for part in (slice(4), slice(5, 7), slice(8, 10)))
    year, month = min(max(year, 1), 9999), min(max(month, 1), 12)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28 if day else 1)


def _text_of(ordinal: int) -> str:
    last = date.max.toordinal()
    return date.fromordinal(min(max(ordinal, 1), last)).isoformat()


def _first_of(month: int) -> str:
    year, of_year = divmod(month, 12)
    return LAST_DAY if year > 9999 else f"{max(year, 1):04d}-{of_year + 1:02d}-01"

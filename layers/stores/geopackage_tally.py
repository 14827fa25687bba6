"""Groups that SQLite would have to sort for, counted while the rows go by: a third of the work."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from layers.model import Summary
from layers.stores.geopackage_rows import Row

# Where rows have more different values than that, what is known of them is given away.
MOST_KEPT = 20_000
_NUMBERS = {int, float}


class Share(NamedTuple):
    """Some rows with the same values: these as they are stored, how many, and their summaries."""

    values: Row
    number: int
    of: tuple[Summary, ...]


def tally(batches: Iterable[Sequence[Row]], shared: int) -> Iterator[list[Share]]:
    """The first `shared` columns of a row are its group, the others are numbers to sum up."""
    numbers: Counter[Row] = Counter()
    known: dict[Row, tuple[Summary, ...]] = {}
    for rows in batches:
        if len(rows[0]) == shared:
            numbers.update(rows)
        else:
            for values, own in _apart(rows, shared).items():
                numbers[values] += len(own)
                found = tuple(map(_summary, zip(*own, strict=True)))
                before = known.get(values)
                known[values] = tuple(map(Summary.and_, before, found)) if before else found
        if len(numbers) > MOST_KEPT:
            yield _shares(numbers, known)
            numbers.clear()
            known.clear()
    yield _shares(numbers, known)


def _apart(rows: Sequence[Row], shared: int) -> Mapping[Row, list[Row]]:
    found: defaultdict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[:shared]].append(row[shared:])
    return found


def _summary(column: Sequence[Any]) -> Summary:
    """Other programs keep texts in columns of numbers: those are none."""
    values = column
    if not {*map(type, column)} <= _NUMBERS:
        values = [one for one in column if type(one) in _NUMBERS]
    if not values:
        return Summary(0)
    return Summary(len(values), min(values), max(values), sum(values))


def _shares(numbers: Mapping[Row, int], known: Mapping[Row, tuple[Summary, ...]]) -> list[Share]:
    return [Share(values, number, known.get(values, ())) for values, number in numbers.items()]

"""What the tests of CQL2 share: how they ask, and predicates to combine."""

import random
from collections.abc import Callable

from layers.filter import parse_text
from tests.conformance.conftest import Places
from tests.layers.filter.write_json import to_json

Ask = Callable[[str], list[str]]
WORLD = "BBOX(-180,-90,180,90)"
WORLD_POLYGON = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
LINE = "LINESTRING(7 50,10 51)"
YEAR = "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')"
VALUES = {
    "string": "'foo'",
    "boolean": "true",
    "number": "3.14",
    "integer": "1",
    "date-time": "TIMESTAMP('2022-04-14T14:48:46Z')",
    "date": "DATE('2022-04-14')",
}
BASIC = ["name<'L'", "pop>100000", "start IS NULL", '"open"=true', "\"date\">DATE('2022-01-01')"]


def refused(places: Places, filter: str) -> bool:
    """In both encodings."""
    encodings = {"cql2-text": filter, "cql2-json": to_json(parse_text(filter))}
    return all(
        places.status(filter=text, **{"filter-lang": language}) == 400
        for language, text in encodings.items()
    )


def apart(first: list[str], second: list[str]) -> bool:
    return not set(first) & set(second)


def combined(ask: Ask, places: Places, predicates: list[str], seed: int) -> None:
    """NOT, AND and OR of four random predicates, by sets of what each selects or rejects."""
    chance = random.Random(seed)
    for _ in range(10):
        chosen = [chance.choice(predicates) for _ in range(4)]
        p1, p2, p3, p4 = chosen
        yes = [set(ask(one)) for one in chosen]
        no = [set(ask(f"NOT ({one})")) for one in chosen]
        found = ask(f"((NOT {p1} AND {p2}) OR ({p3} and NOT {p4}) or not ({p1} AND {p4}))")
        assert set(found) == (no[0] & yes[1]) | (yes[2] & no[3]) | no[0] | no[3]
        found = ask(f"(NOT ({p2}) AND {p1}) OR ({p3} and {p4}) or not ({p1} OR {p4})")
        assert set(found) == (no[1] & yes[0]) | (yes[2] & yes[3]) | (no[0] & no[3])

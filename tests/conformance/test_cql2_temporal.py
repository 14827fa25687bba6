"""CQL2 (21-065r2), Annex A: temporal functions, each test in both encodings."""

from itertools import pairwise, product

import pytest

from tests.conformance.conftest import Places
from tests.conformance.cql2 import BASIC, YEAR, Ask, combined

DAYS = "INTERVAL('2021-01-01','2021-12-31')"
STAMP, DATE = "TIMESTAMP('2022-04-24T07:59:57Z')", "DATE('2022-04-24')"
INSTANT_FUNCTIONS = ("T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS")
INTERVAL_FUNCTIONS = (
    *INSTANT_FUNCTIONS, "T_CONTAINS", "T_DURING", "T_FINISHEDBY", "T_FINISHES", "T_MEETS",
    "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS",
)  # fmt: skip
TEMPORAL = [
    "T_AFTER(start,TIMESTAMP('2022-01-01T00:00:00Z'))",
    f'T_DURING(INTERVAL(start,"end"),{YEAR})',
]


def test_temporal_functions__temporal_functions_1(places: Places, ask: Ask) -> None:
    for kind, values in (("date-time", (STAMP, YEAR)), ("date", (DATE, DAYS))):
        for name, value in product(places.of_type(kind), values):
            for function in INSTANT_FUNCTIONS:
                ask(f"{function}({name},{value})")


def test_temporal_functions__temporal_functions_2(places: Places, ask: Ask) -> None:
    for kind, value in (("date-time", YEAR), ("date", DAYS)):
        names = places.of_type(kind)
        for first, second in pairwise([*names, names[0]]):
            for function in INTERVAL_FUNCTIONS:
                ask(f"{function}(INTERVAL({first},{second}),{value})")


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        ("t_after(\"date\",date('2022-04-16'))", ["suva"]),
        ("t_disjoint(\"date\",date('2022-04-16'))", ["kiev", "suva"]),
        ("t_equals(\"date\",interval('2022-04-16','2022-04-16'))", ["koben"]),
        ("t_intersects(start,interval('2022-01-01T00:00:00Z','2022-12-31T23:59:59Z'))",
         ["koben", "suva"]),
        ("t_after(interval(start,\"end\"),interval('..','2022-04-16T10:13:19Z'))", ["suva"]),
        ("t_before(interval(start,\"end\"),interval('2023-01-01T00:00:00Z','..'))",
         ["kiev", "suva"]),
        ("t_equals(interval(start,\"end\"),interval('2021-04-16T10:15:59Z','2022-04-16T10:16:06Z'))",
         ["kiev"]),
        ("T_CONTAINS(interval(start,\"end\"),interval('2022-04-16T10:13:20Z','2022-04-16T10:15:10Z'))",
         ["koben", "kiev"]),
        ("T_METBY(interval(start,\"end\"),interval('2022-04-16T10:13:19Z','2022-04-16T10:15:10Z'))",
         ["suva"]),
        ("T_STARTEDBY(interval(start,\"end\"),interval('2022-04-16T10:13:19Z','2022-04-16T10:15:10Z'))",
         ["koben"]),
        ("T_DURING(interval(start,end),interval('2022-01-01T00:00:00Z','2022-12-31T23:59:59Z'))",
         ["suva"]),
        ("T_FINISHES(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-16T10:16:06Z'))",
         ["suva"]),
        ("T_FINISHEDBY(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-16T10:16:06Z'))",
         ["kiev"]),
        ("T_MEETS(interval(start,end),interval('2022-04-16T10:16:06Z','2023-01-01T00:00:00Z'))",
         ["kiev", "suva"]),
        ("T_OVERLAPS(interval(start,end),interval('2022-04-16T10:13:19Z','2023-04-16T10:15:10Z'))",
         ["kiev"]),
        ("T_OVERLAPPEDBY(interval(start,end),interval('2020-04-16T10:13:19Z','2022-04-16T10:15:10Z'))",
         ["koben", "kiev"]),
        ("T_STARTS(interval(start,end),interval('2022-04-16T10:13:19Z','2024-01-01T00:00:00Z'))",
         ["koben"]),
    ],
)  # fmt: skip
def test_temporal_functions__test_data(ask: Ask, filter: str, ids: list[str]) -> None:
    assert ask(filter) == ids


def test_temporal_functions__logical(ask: Ask, places: Places) -> None:
    combined(ask, places, BASIC + TEMPORAL, 7)


def test_temporal_functions_take_the_property_on_either_side(ask: Ask) -> None:
    turned = {"AFTER": "BEFORE", "CONTAINS": "DURING", "FINISHES": "FINISHEDBY", "MEETS": "METBY",
              "OVERLAPS": "OVERLAPPEDBY", "STARTS": "STARTEDBY", "DISJOINT": "DISJOINT",
              "EQUALS": "EQUALS", "INTERSECTS": "INTERSECTS"}  # fmt: skip
    value = "INTERVAL('2022-04-16T10:13:19Z','2022-04-16T10:16:06Z')"
    for name, other in turned.items():
        for one, mirrored in ((name, other), (other, name)):
            found = ask(f"T_{one}({value},INTERVAL(start,end))")
            assert found == ask(f"T_{mirrored}(INTERVAL(start,end),{value})")

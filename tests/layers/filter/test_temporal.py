"""Class temporal-functions, and dates beside timestamps."""

import pytest

from layers.filter import FilterError, check, parse_text
from layers.filter.instants import days_around, stored_instant
from tests.layers.filter.places import LAYER, Places

NOON = "TIMESTAMP('2022-04-16T10:13:19Z')"
YEAR = "INTERVAL('2022-01-01T00:00:00Z', '2022-12-31T23:59:59Z')"
LIFE = 'INTERVAL(start, "end")'
TWO_MINUTES = "INTERVAL('2022-04-16T10:13:19Z', '2022-04-16T10:15:10Z')"

CASES = [
    ("T_AFTER(\"date\", DATE('2022-04-16'))", "suva"),
    ("T_BEFORE(\"date\", DATE('2022-04-16'))", "kiev"),
    ("T_DISJOINT(\"date\", DATE('2022-04-16'))", "kiev suva"),
    ("T_EQUALS(\"date\", DATE('2022-04-16'))", "koben"),
    ("T_INTERSECTS(\"date\", DATE('2022-04-16'))", "koben"),
    ("T_AFTER(\"date\", INTERVAL('2022-01-01', '2022-04-16'))", "suva"),
    ("T_BEFORE(\"date\", INTERVAL('2022-01-01', '2022-12-31'))", "kiev"),
    ("T_DISJOINT(\"date\", INTERVAL('2022-01-01', '2022-12-31'))", "kiev"),
    ("T_EQUALS(\"date\", INTERVAL('2022-01-01', '2022-12-31'))", ""),
    ("T_EQUALS(\"date\", INTERVAL('2022-04-16', '2022-04-16'))", "koben"),
    ("T_INTERSECTS(\"date\", INTERVAL('2022-04-16', '..'))", "koben suva"),
    ("T_INTERSECTS(\"date\", INTERVAL('..', '2022-04-16'))", "koben kiev"),
    ("T_INTERSECTS(\"date\", INTERVAL('..', '..'))", "koben kiev suva"),
    ("T_AFTER(\"date\", INTERVAL('..', '..'))", ""),
    ("NOT T_AFTER(\"date\", INTERVAL('..', '..'))", "koben kiev suva"),
    (f"T_AFTER(start, {NOON})", "suva"),
    (f"T_BEFORE(start, {NOON})", "kiev"),
    (f"T_DISJOINT(start, {NOON})", "kiev suva"),
    (f"NOT T_DISJOINT(start, {NOON})", "koben"),
    (f"T_EQUALS(start, {NOON})", "koben"),
    (f"T_INTERSECTS(start, {YEAR})", "koben suva"),
    (f"T_BEFORE(start, {YEAR})", "kiev"),
    (f"T_AFTER({LIFE}, INTERVAL('..', '2022-04-16T10:13:19Z'))", "suva"),
    (f"T_BEFORE({LIFE}, INTERVAL('2023-01-01T00:00:00Z', '..'))", "kiev suva"),
    (f"T_DISJOINT({LIFE}, INTERVAL('2022-04-16T10:13:19Z', '2022-04-16T10:15:09Z'))", "suva"),
    (f"T_EQUALS({LIFE}, INTERVAL('2021-04-16T10:15:59Z', '2022-04-16T10:16:06Z'))", "kiev"),
    (f"T_INTERSECTS({LIFE}, INTERVAL('2022-04-16T10:13:19Z', '2022-04-16T10:15:09Z'))",
     "koben kiev"),
    (f"T_CONTAINS({LIFE}, {TWO_MINUTES})", "kiev"),
    (f"T_DURING({LIFE}, {YEAR})", "suva"),
    (f"T_FINISHES({LIFE}, INTERVAL('2022-04-16T10:13:19Z', '2022-04-16T10:16:06Z'))", "suva"),
    (f"T_FINISHEDBY({LIFE}, INTERVAL('2022-04-16T10:13:19Z', '2022-04-16T10:16:06Z'))", "kiev"),
    (f"T_MEETS({LIFE}, {TWO_MINUTES})", ""),
    (f"T_METBY({LIFE}, {TWO_MINUTES})", "suva"),
    (f"T_OVERLAPPEDBY({LIFE}, INTERVAL('2020-04-16T10:13:19Z', '2022-04-16T10:15:10Z'))",
     "koben kiev"),
    (f"T_OVERLAPS({LIFE}, INTERVAL('2022-04-16T10:13:19Z', '2023-04-16T10:15:10Z'))", "kiev"),
    (f"T_STARTEDBY({LIFE}, {TWO_MINUTES})", "koben"),
    (f"T_STARTS({LIFE}, {TWO_MINUTES})", ""),
    (f"T_STARTS({TWO_MINUTES}, {LIFE})", "koben"),
    (f"T_MEETS({TWO_MINUTES}, {LIFE})", "suva"),
    (f"T_AFTER({NOON}, start)", "kiev"),
    ("T_DURING(INTERVAL('2022-07-01T00:00:00Z', '2022-12-31T23:59:59Z'), " + LIFE + ")", "koben"),
    # a date beside a timestamp: by days
    ("start = DATE('2022-04-16')", "koben suva"),
    ("start > DATE('2022-04-16')", ""),
    ("start >= DATE('2022-04-16')", "koben suva"),
    ("start <= DATE('2022-04-16')", "koben kiev suva"),
    ("NOT start < DATE('2022-04-16')", "koben suva"),
    ("DATE('2022-04-16') > start", "kiev"),
    (f"\"date\" = {NOON}", "koben"),
    ("start >= \"date\"", "koben kiev"),
    ("\"date\" > start", "suva"),
    ("start BETWEEN DATE('2022-04-16') AND TIMESTAMP('2022-04-16T10:14:00Z')", "koben"),
    ("T_INTERSECTS(start, DATE('2022-04-16'))", "koben suva"),
    (f"T_DURING({LIFE}, INTERVAL('2022-04-15', '2022-04-17'))", "suva"),
    (f"T_INTERSECTS(\"date\", {YEAR})", "koben suva"),
]  # fmt: skip


@pytest.mark.parametrize(("filter", "expected"), CASES)
def test_a_temporal_filter_selects(places: Places, filter: str, expected: str) -> None:
    assert places.ask(filter) == expected.split()


@pytest.mark.parametrize(
    ("filter", "said"),
    [
        ("T_DURING(start, INTERVAL('2022-01-01T00:00:00Z', '..'))", "two intervals"),
        ("T_AFTER(start, name)", "no date or timestamp"),
        ("T_AFTER(start, 5)", "needs dates"),
        ("T_AFTER(start, INTERVAL('2022-01-02', '2022-01-01'))", "before it starts"),
        ("T_AFTER(start, INTERVAL('2022-01-01', '2022-01-02T00:00:00Z'))", "not one each"),
        ('T_AFTER(start, INTERVAL("date", "end"))', "not one each"),
        ("T_AFTER(start, INTERVAL(pop, '..'))", "an interval is between"),
        ("T_AFTER(start, INTERVAL('yesterday', '..'))", "not a date or a timestamp"),
        ("start > INTERVAL('2022-01-01', '..')", "cannot be compared"),
        ("start > DATE('2022-02-30')", "is not a date"),
        ("start > DATE('20220201')", "is not a date"),
        ("start > TIMESTAMP('2022-02-01T00:00:00')", "is not a timestamp"),
        ("start > TIMESTAMP('2022-02-01T00:00:00+08:00')", "always UTC"),
        ("start > TIMESTAMP('2022-02-01T25:00:00Z')", "is not a timestamp"),
        ("start > DATE(name)", "a text in DATE"),
        ("start > 'soon'", "not a date or a timestamp"),
    ],
)
def test_a_time_that_is_none_is_refused(filter: str, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        check(parse_text(filter), LAYER)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("2022-04-16T10:13:19.000Z", "2022-04-16T10:13:19.000Z"),
        ("2022-04-16T10:13:19Z", "2022-04-16T10:13:19.000Z"),
        ("2022-04-16 10:13Z", "2022-04-16T10:13:00.000Z"),
        ("2022-04-16T10:13:19.1239Z", "2022-04-16T10:13:19.123Z"),
        ("2022-04-16T10:13:19", "2022-04-16T10:13:19.000Z"),
        ("2022-04-16T01:13:19.5+08:00", "2022-04-15T17:13:19.500Z"),
        ("0987-04-16T01:13:19+08:00", "0987-04-15T17:13:19.000Z"),
        ("2022-04-16", None),
        ("2022-02-30T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        (5, None),
        (None, None),
    ],
)
def test_times_of_other_programs(stored: object, expected: str | None) -> None:
    assert stored_instant(stored) == expected


def test_the_ends_of_the_calendar_have_no_days_around() -> None:
    assert days_around("2022-03-01T00:00:00.000Z") == ("2022-02-28", "2022-03-03")
    assert days_around("0001-01-01") is None
    assert days_around("9999-12-31") is None

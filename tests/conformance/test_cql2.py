"""CQL2 (21-065r2), Annex A: comparisons and the encodings, each test in both.

The OGC's data is not ours to ship: its expected counts are checked on a layer of our own with the
same traits.
"""

import pytest

from tests.conformance.conftest import Places
from tests.conformance.cql2 import BASIC, VALUES, Ask, apart, combined

ADVANCED = [
    "name LIKE '%e%'", "pop BETWEEN 5 AND 3000000", "name IN ('Kiev','Suva')",
    "name NOT LIKE 'B_r%'", "pop not between 0 and 100", '"open" not in (false)',
]  # fmt: skip


def test_basic_cql2__basic_test(places: Places) -> None:
    for name in ("string", "boolean", "number", "integer", "date", "date-time", "geometry-any"):
        assert places.of_type(name)


@pytest.mark.parametrize("kind", VALUES)
def test_basic_cql2__comparison(places: Places, ask: Ask, kind: str) -> None:
    for name in places.of_type(kind):
        equal, other, more, less, at_least, at_most = (
            ask(f"{name} {op} {VALUES[kind]}") for op in ("=", "<>", ">", "<", ">=", "<=")
        )
        assert apart(equal, other)
        assert apart(more, at_most)
        assert apart(less, at_least)


def test_basic_cql2__is_null(places: Places, ask: Ask) -> None:
    everything = sorted(places.ids())
    for name in places.of_type(*VALUES, "array", "geometry-any"):
        assert sorted(ask(f"{name} IS NULL") + ask(f"{name} is not null")) == everything


def test_basic_cql2__boolean(places: Places, ask: Ask) -> None:
    assert ask("true") == places.ids()
    assert ask("false") == []


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ("name='København'", 1), ("name>='København'", 11), ("name>'København'", 10),
        ("name<='København'", 4), ("name<'København'", 3), ("name<>'København'", 13),
        ("name IS NOT NULL", 14), ("name IS NULL", 1),
        ("pop=1038288", 1), ("pop>=1038288", 5), ("pop>1038288", 4), ("pop<=1038288", 7),
        ("pop<1038288", 6), ("pop<>1038288", 10), ("pop IS NULL", 4), ("pop IS NOT NULL", 11),
        ("\"date\" IS NOT NULL", 3), ("\"date\"=DATE('2022-04-16')", 1),
        ("\"date\">=DATE('2022-04-16')", 2), ("\"date\">DATE('2022-04-16')", 1),
        ("\"date\"<=DATE('2022-04-16')", 2), ("\"date\"<DATE('2022-04-16')", 1),
        ("\"date\"<>DATE('2022-04-16')", 2), ("start IS NULL", 12),
        ("start=TIMESTAMP('2022-04-16T10:13:19Z')", 1),
        ("start<=TIMESTAMP('2022-04-16T10:13:19Z')", 2),
        ("start<TIMESTAMP('2022-04-16T10:13:19Z')", 1),
        ("start>=TIMESTAMP('2022-04-16T10:13:19Z')", 2),
        ("start>TIMESTAMP('2022-04-16T10:13:19Z')", 1),
        ("start<>TIMESTAMP('2022-04-16T10:13:19Z')", 2),
        ("open=true", 2), ("end IS NULL", 12),  # words of other languages need no quotes
        ("\"open\"=true", 2), ("\"open\"=false", 1), ("\"open\" IS NULL", 12),
    ],
)  # fmt: skip
def test_basic_cql2__test_data(ask: Ask, filter: str, count: int) -> None:
    assert len(ask(filter)) == count


def test_basic_cql2__logical(ask: Ask, places: Places) -> None:
    combined(ask, places, BASIC, 1)


def test_advanced_comparison_operators__like(places: Places, ask: Ask) -> None:
    for name in places.of_type("string"):
        assert apart(ask(f"{name} like '_%'"), ask(f"{name} like ''"))
        assert ask(f"{name} LIKE '%'") == ask(f"{name} like '%%'") == ask(f"{name} IS NOT NULL")
        assert ask(f"{name} like '\\%\\_'") == ask(f"{name} like '\\\\%\\\\_'") == []


def test_advanced_comparison_operators__between(places: Places, ask: Ask) -> None:
    for name in places.of_type("number", "integer"):
        assert ask(f"{name} BETWEEN 0 AND 100") == ask(f"{name} >= 0 AND {name} <= 100")
        assert ask(f"{name} between 100.0 and 1.0") == []


def test_advanced_comparison_operators__in(places: Places, ask: Ask) -> None:
    members = {
        "number": "1, 2, 3", "integer": "5, 0", "string": "'Kiev', 'bar'", "boolean": "true",
        "date-time": "'2022-04-16T10:13:19Z', '2022-04-14T15:52:56Z'",
        "date": "'2022-04-16', '2022-04-15'",
    }  # fmt: skip
    for kind, listed in members.items():
        for name in places.of_type(kind):
            ask(f"{name} in ({listed})")
    assert ask("pop in (5, 0)") == ["street", "yoshi"]
    assert ask("\"date\" in ('2022-04-16', '2022-04-15')") == ["koben"]


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        ("name LIKE 'B_r%'", ["berlin", "bern"]),
        ("name NOT LIKE 'B_r%' and pop > 3000000", ["shanghai", "izmir"]),
        ("pop between 1000000 and 3000000", ["koben", "kiev"]),
        ("pop not between 0 and 3000000", ["berlin", "shanghai", "aquila", "izmir"]),
        ("name NOT IN ('Kiev','kobenhavn') and pop > 3000000", ["berlin", "shanghai", "izmir"]),
        ("pop not in (1038288,1611692) and area < 0", ["bern"]),
        ("start not in (TIMESTAMP('2022-04-16T10:13:19Z'))", ["kiev", "suva"]),
        ('"open" in (true)', ["koben", "kiev"]),
        ("name IN ('Kiev','kobenhavn','Berlin','athens','foo')", ["kiev", "berlin"]),
        ("pop in (1038288,1611692,61916)", ["koben", "apia"]),
        ("\"date\" in (DATE('2021-04-16'),DATE('2022-04-18'))", ["kiev", "suva"]),
        ("\"date\" not in (DATE('2021-04-16'),DATE('2022-04-18'))", ["koben"]),
        ("start in (TIMESTAMP('2022-04-16T10:13:19Z'))", ["koben"]),
        ('"open" not in (false)', ["koben", "kiev"]),
    ],
)
def test_advanced_comparison_operators__test_data(ask: Ask, filter: str, ids: list[str]) -> None:
    assert ask(filter) == ids


def test_advanced_comparison_operators__logical(ask: Ask, places: Places) -> None:
    combined(ask, places, BASIC + ADVANCED, 2)


def test_cql2_text__validate(places: Places) -> None:
    """Every test above runs with `ask` in CQL2 text."""
    declared = places.site.json("/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in declared


def test_cql2_text__escaping(places: Places) -> None:
    for written in ("L''Aquila", "L\\'Aquila"):
        assert places.ids(filter=f"name LIKE '{written}%'") == ["aquila"]
    for control in "\a\b\t\n\v\f\r":
        assert places.ids(filter=f"'{control}' LIKE '_'") == places.ids()


def test_cql2_json__validate(places: Places) -> None:
    """Every test above runs with `ask` in CQL2 JSON."""
    declared = places.site.json("/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json" in declared

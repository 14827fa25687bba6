"""CQL2 (21-065r2), Annex A: properties and sums on either side, each test in both encodings."""

from itertools import product

import pytest

from tests.conformance.conftest import Places
from tests.conformance.cql2 import BASIC, VALUES, Ask, combined

BOTH_SIDES = ["'K'<name", "name=plain", "1000000<pop", 'start<="end"']
SUMS = ["pop>1038290-5%2", "area/2>100", "pop=1038280+8"]
MIRRORED = {"=": "=", "<>": "<>", ">": "<", "<": ">", ">=": "<=", "<=": ">="}


@pytest.mark.parametrize("kind", VALUES)
def test_property_property__comparison_value_property(places: Places, ask: Ask, kind: str) -> None:
    for name, (op, mirrored) in product(places.of_type(kind), MIRRORED.items()):
        assert ask(f"{VALUES[kind]} {op} {name}") == ask(f"{name} {mirrored} {VALUES[kind]}")


def test_property_property__comparison_property_property(places: Places, ask: Ask) -> None:
    for name in places.of_type(*VALUES):
        for op in ("<>", "<", ">"):
            assert ask(f"{name} {op} {name}") == []
        known = ask(f"{name} IS NOT NULL")
        assert all(ask(f"{name} {op} {name}") == known for op in ("=", ">=", "<="))


def test_property_property__comparison_value_value(places: Places, ask: Ask) -> None:
    everything = places.ids()
    for value in VALUES.values():
        for op in ("<>", "<", ">"):
            assert ask(f"{value} {op} {value}") == []
        for op in ("=", ">=", "<="):
            assert ask(f"{value} {op} {value}") == everything


def test_property_property__test_data(places: Places, ask: Ask) -> None:
    assert ask("'København'=name") == ["koben"]
    assert len(ask("name=plain")) == 7
    assert ask('start<"end"') == ["koben", "kiev", "suva"]
    assert ask("'København' LIKE 'K_benhavn'") == places.ids()
    assert ask("S_WITHIN(POINT(7.02 49.92),geometry)") == ["street", "field"]
    assert ask("t_after(date('2022-04-16'),\"date\")") == ["kiev"]
    assert ask("pop between -7 and pop and area < 0") == ["bern"]
    assert len(ask("area between pop and 1000")) == 1


def test_property_property__logical(ask: Ask, places: Places) -> None:
    combined(ask, places, BASIC + BOTH_SIDES, 8)


def test_arithmetic__arithmetic(places: Places, ask: Ask) -> None:
    for name in places.of_type("number", "integer"):
        for other in ("1 + 2 * 3", "7 div 2", "7 % 2", "2 ^ 3", "-1 - 1", "(1 + 1) / 4"):
            ask(f"{name} > {other}")
            ask(f"{name} * 2 <= {other}")


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ("pop=1038280+8", 1), ("pop>=1038290-2*2^0", 5), ("pop>1038290-20/10", 4),
        ("pop>1038290-21 div 10", 4), ("pop>1038290-5%2", 4), ("pop<=1038200+8*11", 7),
        ("pop<1038280+2^3", 6), ("pop<>1038290-2^1", 10),
        ("pop between 4000000/4 and (3*(900000+100000))", 2), ("1038280+8=pop", 1),
        ("pop not between 4000000/4 and (3*(900000+100000))", 9),
        ("pop in (1000000+38288,1000000+600000+11692,60000+2*958)", 2),
        ("pop not in (1000000+38288,1000000+600000+11692)", 10),
    ],
)  # fmt: skip
def test_arithmetic__test_data(ask: Ask, filter: str, count: int) -> None:
    assert len(ask(filter)) == count


def test_arithmetic__logical(ask: Ask, places: Places) -> None:
    combined(ask, places, BASIC + SUMS, 9)

"""Classes arithmetic and array-functions."""

import math
import random
import sqlite3

import pytest

from layers.filter import FilterError, check, parse_text
from layers.filter.functions import register
from layers.filter.numbers import calculate
from layers.filter.tree import Comparison, Literal
from tests.layers.filter.places import LAYER, Places

CASES = [
    ("pop = 1038280 + 8", "koben"),
    ("pop >= 1038290 - 2 * 2 ^ 0", "koben kiev berlin shanghai izmir"),
    ("pop > 1038290 - 20 / 10", "kiev berlin shanghai izmir"),
    ("pop > 1038290 - 21 div 10", "kiev berlin shanghai izmir"),
    ("pop = 1038290 - 5 % 3", "koben"),
    ("pop < 1038280 + 2 ^ 3", "suva apia bern street yoshi aquila"),
    ("pop <> 1038290 - 2 ^ 1 AND pop < 10", "street yoshi aquila"),
    ("pop BETWEEN 4000000 / 40 AND (3 * (900000 + 100000))", "koben kiev bern"),
    ("pop IN (1000000 + 38288, 2 + 3)", "koben street"),
    ("1038280 + 8 = pop", "koben"),
    ("-pop = 7", "aquila"),
    ("-pop + -2 = 5", "aquila"),
    ("-pop = 7", "aquila"),
    ("pop = - -7 - 14", "aquila"),
    ("-pop ^ 2 = 49", "aquila"),  # by the grammar (-pop) ^ 2
    ("pop % 2 = 1 AND pop < 100", "street"),
    ("pop % 2 = -1", "aquila"),  # the sign of the dividend
    ("pop div 2 = -3", "aquila"),  # towards zero
    ("pop / 2 = -3.5", "aquila"),
    ("pop % -2 = -1", "aquila"),
    ("area % 1 = -0.5", "bern"),
    ("area div 1 = -1", "bern"),
    ("(pop / 0) IS NULL AND pop = 5", "street"),
    ("(pop div 0) IS NULL AND (pop % 0) IS NULL AND (1 / 0) IS NULL AND pop = 5", "street"),
    ("(1 / pop) IS NULL AND pop IS NOT NULL", "yoshi"),
    ("(pop ^ 0.5) IS NULL AND pop IS NOT NULL", "aquila"),
    ("pop ^ 0.5 = pop AND pop = 0", "yoshi"),
    ("pop + area > 1000000 AND pop < 2000000", "koben"),
    ("area > pop", "aquila izmir"),
    ("pop * pop > 9.2e18", "izmir"),  # beyond 64 bits it goes on as floating point
    ("pop - 1 = 9007199254740992", "izmir"),
    ("10 - 2 - 3 = 5 AND 2 * 3 % 4 = 2 AND 100 / 10 / 5 = 2 AND pop = 5", "street"),
    ("2 + 3 * 4 ^ 2 = 50 AND (2 + 3) * 4 = 20 AND pop = 5", "street"),
]


@pytest.mark.parametrize(("filter", "expected"), CASES)
def test_an_arithmetic_filter_selects(places: Places, filter: str, expected: str) -> None:
    assert places.ask(filter) == expected.split()


ARRAYS = [
    ("A_CONTAINS(tags, ('port'))", "koben apia"),
    ("A_CONTAINS(tags, ('capital', 'port'))", "koben"),
    ("A_CONTAINS(tags, ())", "koben kiev suva apia"),
    ("A_EQUALS(tags, ('capital', 'port', 'port'))", "koben"),
    ("A_EQUALS(tags, ())", "suva"),
    ("A_CONTAINEDBY(tags, ('port', 'x'))", "suva apia"),
    ("A_OVERLAPS(tags, ('port', 'x'))", "koben apia"),
    ("NOT A_OVERLAPS(tags, ('port', 'x'))", "kiev suva"),
    ("A_OVERLAPS(('port', 'x'), tags)", "koben apia"),
    ("A_EQUALS(tags, tags)", "koben kiev suva apia"),
    ("A_OVERLAPS((name, plain), ('Apia', 'Kiev'))", "kiev apia"),
    ("A_OVERLAPS((CASEI(name)), (CASEI('KIEV')))", "kiev"),
    ("A_EQUALS(('a', 'b'), ('b', 'a')) AND pop = 5", "street"),
    ("A_EQUALS(tags, ('a')) IS NULL AND pop < 10", "street yoshi aquila"),
]


@pytest.mark.parametrize(("filter", "expected"), ARRAYS)
def test_a_filter_on_lists_selects(places: Places, filter: str, expected: str) -> None:
    assert places.ask(filter) == expected.split()


@pytest.mark.parametrize(
    ("filter", "said"),
    [
        ("tags = 'port'", "A_CONTAINS"),
        ("tags LIKE 'p%'", "A_CONTAINS"),
        ("A_CONTAINS(tags, 'port')", "needs lists"),
        ("A_CONTAINS(tags, (1, 2))", "needs a text"),
        ("A_CONTAINS(name, ('port'))", "needs lists"),
        ("A_CONTAINS(tags, ('a',))", "missing"),
        ("name + 1 = 2", "needs numbers"),
        ("2 ^ 3 ^ 2 = 64", "does not fit"),
        ("+pop = 5", "a number after the sign"),
        ("--pop = 5", "a number after the sign"),
        ("9223372036854775808 = pop", "64 bits"),
        ("-9223372036854775809 = pop", "64 bits"),
        ("1e309 = pop", "finite"),
        ("pop div = 1", "missing"),
    ],
)
def test_what_cannot_be_calculated_is_refused(filter: str, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        check(parse_text(filter), LAYER)


@pytest.mark.parametrize(
    "number", ["9007199254740993", "-9223372036854775808", "9223372036854775807"]
)
def test_whole_numbers_stay_exact(number: str) -> None:
    compared = check(parse_text(f"pop = {number}"), LAYER)
    assert isinstance(compared, Comparison)
    assert isinstance(compared.right, Literal)
    assert repr(compared.right.value) == number


def test_numbers_are_those_of_sqlite() -> None:
    """The same operation by us and as it is compiled, for numbers at every edge."""
    chosen = [
        0, 1, -1, 2, 3, -7, 10, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), 0.0, -0.0, 0.5, -1.5,
        2.0, 1e16, 1e308, -1e308, 5e-324, 9.5, 63, 64,
    ]  # fmt: skip
    random_numbers = random.Random(3)
    chosen += [random_numbers.randint(-(2**63), 2**63 - 1) for _ in range(30)]
    connection = sqlite3.connect(":memory:")
    register(connection)
    for op in ("+", "-", "*"):
        for left in chosen:
            for right in chosen:
                [[expected]] = connection.execute(f"SELECT ? {op} ?", (left, right))
                assert same(calculate(op, left, right), expected), (left, op, right)
    for left in chosen:
        for right in chosen:
            [[quotient]] = connection.execute("SELECT CAST(? AS REAL) / ?", (left, right))
            assert same(calculate("/", left, right), quotient), (left, right)
            if isinstance(left, int) and isinstance(right, int):
                [[whole, rest]] = connection.execute("SELECT ?1 / ?2, ?1 % ?2", (left, right))
                assert same(calculate("div", left, right), whole), (left, right)
                assert same(calculate("%", left, right), rest), (left, right)
            for op in ("div", "%", "^"):
                sql = f"SELECT zoneatlas_calculate('{op}', ?, ?)"
                [[ours]] = connection.execute(sql, (left, right))
                assert same(calculate(op, left, right), ours)
    connection.close()


def same(left: float | None, right: float | None) -> bool:
    if isinstance(left, float) and isinstance(right, float) and math.isinf(left):
        return left == right
    return left == right and type(left) is type(right)

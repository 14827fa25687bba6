"""Every operator and function nested to the limit, in text and JSON, answered by a real store."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from geo.extent import Extent
from layers.filter import LIMITS, check, parse_json, parse_text
from layers.filter.tree import ARITHMETIC, ARRAY, COMPARISONS, SPATIAL, TEMPORAL
from layers.model import Query, SortKey
from layers.stores.geopackage import GeoPackage
from tests.layers.filter.places import LAYER, Places, features
from tests.layers.filter.write_json import to_json
from tests.rows import first_quick

# What one level more makes of a predicate, and how many levels that is.
AROUND: list[tuple[str, int]] = [
    ("NOT ({})", 1),
    ("({}) IS NULL", 1),
    ("({}) IS NOT NULL", 2),
    ("(pop > 5 AND {})", 1),
    ("({} AND pop > 5)", 1),
    ("(pop = 5 OR ({} AND area > 1))", 2),
    ("(start > DATE('2022-01-01') OR NOT ({}))", 2),
    ("(name LIKE 'B%' OR ({}) IS NULL)", 2),
]
LEAVES = [
    "open",
    *(f"pop {op} area" for op in COMPARISONS),
    "name LIKE '%e%'",
    "CASEI(name) LIKE ACCENTI(CASEI('%É%'))",
    "pop BETWEEN area AND 1e6",
    "name IN ('Kiev', plain, CASEI('X'))",
    f"pop NOT IN ({', '.join(map(str, range(40)))})",
    f"name IN ({', '.join(repr(str(n)) for n in range(40))}, 'Bern')",
    f"area IN ({', '.join(str(n / 8) for n in range(40))})",
    "start IN (DATE('2022-04-16'), TIMESTAMP('2022-04-16T10:15:10Z'))",
    *(f"{op}(geometry, POLYGON((0 40, 10 40, 10 50, 0 50, 0 40)))" for op in SPATIAL),
    *(f"{op}(INTERVAL(start, \"end\"), INTERVAL('2021-01-01', '2022-12-31'))" for op in TEMPORAL),
    *(f"{op}(tags, (name, 'port', 'capital'))" for op in ARRAY),
    f"A_CONTAINEDBY(tags, ({', '.join(['plain', *(repr(str(n)) for n in range(300))])}))",
    f"A_CONTAINEDBY(tags, ({', '.join(repr(str(n)) for n in range(300))}, 'port'))",
]


def nested(around: str, levels: int, leaf: str, depth: int) -> str:
    """`leaf`, which has two levels, inside of so much that the whole has `depth`."""
    text = leaf
    for _ in range((depth - 2) // levels):
        text = around.format(text)
    return text


def arithmetic(op: str, on_the_left: bool) -> str:
    """Operators inside one another to the limit; parentheses are enough of it to be its measure."""
    value = "pop"
    for _ in range(LIMITS.depth - 1):
        value = f"({value}) {op} 2" if on_the_left else f"3 {op} ({value})"
    return value


FILTERS = [
    *(nested(around, levels, "area > pop", LIMITS.depth) for around, levels in AROUND),
    *(nested("(pop > 5 OR NOT ({}))", 2, leaf, LIMITS.depth - 2) for leaf in LEAVES),
    *(f"{arithmetic(op, left)} > 1" for op in ARITHMETIC for left in (True, False)),
    *(f"1 < {arithmetic(op, left)}" for op in ARITHMETIC for left in (True, False)),
    f"1 IN (pop, {arithmetic('/', False)})",
    f"pop BETWEEN {arithmetic('%', False)} AND {arithmetic('^', False)}",
    "CASEI(" * (LIMITS.depth - 1) + "name" + ")" * (LIMITS.depth - 1) + " = 'kiev'",
    "ACCENTI(CASEI(" * 15 + "name" + "))" * 15 + " LIKE '%e%'",
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GeoPackage]:
    with closing(GeoPackage.create(tmp_path_factory.mktemp("deep") / "deep.gpkg")) as store:
        store.load(LAYER, features())
        yield store


@pytest.mark.parametrize("filter", first_quick(40, FILTERS), ids=lambda one: one[:60])
def test_it_is_answered_as_by_columns(places: Places, filled: GeoPackage, filter: str) -> None:
    parsed = parse_text(filter, LIMITS._replace(bytes=20_000))
    assert parse_json(to_json(parsed), LIMITS._replace(bytes=20_000)) == parsed
    checked = check(parsed, LAYER)
    expected = places.answer(checked)
    found = list(filled.features("places", Query(filter=checked)))
    assert [one.id for one in found] == expected
    assert filled.count("places", Query(filter=checked)) == len(expected)
    sort = (SortKey("name", True), SortKey("pop"))
    world = Extent(-180, -90, 180, 90)
    for query in (
        Query(world, 5, filter=checked, sort=sort),
        Query(world, 5, filter=checked, sort=sort, after=3, after_values=("Suva", 88271)),
        Query(world, 5, filter=checked, offset=1),
        Query(limit=5, filter=checked, sort=sort, offset=1, backward=True),
    ):
        assert len(list(filled.features("places", query))) <= 5
        assert filled.count("places", query) <= len(expected)

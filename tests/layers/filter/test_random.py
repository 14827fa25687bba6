"""Random filters: text, JSON and tree are one, and every way to answer gives the same."""

import random
from collections.abc import Iterator

import pytest
import shapely

from layers.filter import FilterError, check, parse_json, parse_text
from layers.filter.evaluate import FALSE, TRUE, UNKNOWN, evaluate
from layers.filter.limits import LIMITS
from layers.filter.tree import check_depth
from layers.model import NewFeature
from tests.layers.filter.places import LAYER, NAMES, Places
from tests.layers.filter.trees import DATES, NUMBERS, TAGS, TEXTS, TIMES, WHOLE, Trees
from tests.layers.filter.write_json import to_json
from tests.layers.filter.write_text import to_text

SHAPES = (
    "POINT (1 1)", "POINT (2 2)", "LINESTRING (0 0, 2 2)", "LINESTRING (1 0, 1 2.5)",
    "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", "POLYGON ((1 1, 3 1, 3 3, 1 1))",
    "MULTIPOINT (0 0, 3 3)", "POINT (179.5 1)", "POINT (-179.5 2)", "LINESTRING (178 0, 180 3)",
)  # fmt: skip


def rows(count: int) -> list[NewFeature]:
    """Features of small random values, each missing in one of five."""
    chosen = random.Random(7)

    def maybe(value: object) -> object:
        return None if chosen.random() < 0.2 else value

    found = []
    for number in range(count):
        tags = [tag for tag in TAGS if chosen.random() < 0.5]
        values = (
            chosen.choice(TEXTS), chosen.choice(TEXTS), chosen.choice(WHOLE),
            chosen.choice(NUMBERS[:-1]), chosen.random() < 0.5, chosen.choice(DATES),
            chosen.choice(TIMES), chosen.choice(TIMES), tags, None, None,
        )  # fmt: skip
        wkt = maybe(chosen.choice(SHAPES))
        properties = {name: maybe(value) for name, value in zip(NAMES, values, strict=True)}
        if properties["area"] is not None:
            properties["area"] = float(properties["area"])  # as a column of numbers gives it
        geometry = shapely.from_wkt(wkt) if isinstance(wkt, str) else None
        found.append(NewFeature(f"r{number}", geometry, properties))
    return found


@pytest.fixture(scope="module")
def random_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    made = Places(tmp_path_factory.mktemp("random"), rows(60))
    yield made
    made.close()


@pytest.mark.slow
def test_a_tree_comes_back_from_text_and_from_json() -> None:
    trees = Trees(1)
    for _ in range(1500):
        made = trees.predicate(3)
        try:
            check_depth(made, LIMITS)
        except FilterError:
            continue
        text, document = to_text(made), to_json(made)
        if max(len(text.encode()), len(document.encode())) > LIMITS.bytes:
            continue
        read = parse_text(text)
        assert read == made
        assert to_text(read) == text
        again = parse_json(document)
        assert again == made
        assert to_json(again) == document


@pytest.mark.slow
def test_columns_and_sql_answer_alike(random_places: Places) -> None:
    trees, seen = Trees(2), set()
    answered = 0
    while answered < 600:
        try:
            checked = check(trees.predicate(2), LAYER)
        except FilterError:  # an interval or a box the wrong way round
            continue
        random_places.answer(checked)
        seen |= set(evaluate(checked, random_places.columns, random_places.geometries).tolist())
        answered += 1
    assert seen == {FALSE, UNKNOWN, TRUE}


def test_not_and_is_null_answer_alike(random_places: Places) -> None:
    trees = Trees(3)
    answered = 0
    while answered < 400:
        made = trees.predicate(1)
        text = to_text(made)
        for around in (f"NOT ({text})", f"({text}) IS NULL", f"NOT (({text}) AND open)"):
            try:
                checked = check(parse_text(around), LAYER)
            except FilterError:
                continue
            random_places.answer(checked)
            answered += 1


def test_the_seed_makes_the_trees() -> None:
    assert [Trees(5).predicate(2) for _ in range(3)] == [Trees(5).predicate(2) for _ in range(3)]

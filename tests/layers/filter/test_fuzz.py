"""Bytes that are no filter, and filters with something wrong: only FilterError, and quickly."""

import json
import random
import time

import pytest

from layers.filter import FilterError, check, parse_json, parse_text
from layers.filter.evaluate import evaluate
from layers.filter.sql import compile_filter
from tests.layers.filter.places import LAYER, Places
from tests.layers.filter.trees import Trees
from tests.layers.filter.write_json import to_json
from tests.layers.filter.write_text import to_text

ROUNDS = 25_000
SECONDS = 25
PIECES = (
    "(", ")", "'", '"', "\\", ",", "=", "<", ">", "<>", "NOT ", " AND ", " OR ", " IS ", "NULL",
    " LIKE ", " BETWEEN ", " IN ", "CASEI(", "DATE('", "INTERVAL(", "BBOX(", "POINT", " Z",
    " EMPTY", "1e999", "-", "--", "..", "'..'", "\ud800", "\0", "𠮷", "9" * 40, "%", "^", "div",
    "name", "pop", "{", "}", "[", "]", ":", '"op"', '"args"', "NaN", "null", "true", "1.5.5",
    "\u2028", "/*", ";",
)  # fmt: skip


def filters(seed: int) -> list[str]:
    trees = Trees(seed)
    made = [trees.predicate(2) for _ in range(150)]
    return [to_text(one) for one in made] + [to_json(one) for one in made]


def broken(text: str, chosen: random.Random) -> str:
    for _ in range(chosen.randint(1, 4)):
        start = chosen.randint(0, len(text))
        end = min(len(text), start + chosen.choice((0, 0, 1, 1, 2, 8, 30)))
        piece = chosen.choice((*PIECES, "", text[start : start + 20] * chosen.choice((1, 2, 9))))
        text = text[:start] + piece + text[end:]
    return text


def noise(chosen: random.Random) -> str:
    length = chosen.choice((1, 3, 10, 60))
    if chosen.random() < 0.5:
        return "".join(chosen.choice(PIECES) for _ in range(length))
    return chosen.randbytes(length * 3).decode("utf-8", "replace")


def try_it(text: str, places: Places, answer: bool) -> bool:
    """Whether it is a filter; anything but FilterError goes on."""
    try:
        read = parse_json(text) if text[:1] in ("{", "[", '"') else parse_text(text)
        checked = check(read, LAYER)
    except FilterError:
        return False
    if answer:
        evaluate(checked, places.columns, places.geometries)
        places.select(compile_filter(checked, LAYER, places.where_columns))
    return True


@pytest.mark.slow
def test_broken_filters_are_refused_and_whole_ones_answered(places: Places) -> None:
    chosen, start = random.Random(11), time.monotonic()
    whole = filters(12)
    found = tried = 0
    while tried < ROUNDS and time.monotonic() - start < SECONDS:
        found += try_it(broken(chosen.choice(whole), chosen), places, answer=tried % 10 == 0)
        tried += 1
    assert 0 < found < tried


@pytest.mark.slow
def test_noise_is_refused(places: Places) -> None:
    chosen, start = random.Random(13), time.monotonic()
    tried = 0
    while tried < ROUNDS and time.monotonic() - start < SECONDS:
        try_it(noise(chosen), places, answer=True)
        tried += 1
    assert tried > 1000


@pytest.mark.slow
def test_any_json_is_refused_or_a_filter(places: Places) -> None:
    """JSON of the right words in the wrong places."""
    chosen, start = random.Random(17), time.monotonic()
    words = ("op", "args", "property", "date", "interval", "bbox", "type", "coordinates")
    values: tuple[object, ...] = (
        None, True, 1, -1.5, "name", "=", "and", "in", "isNull", "s_within", "t_after", "casei",
        "a_equals", "Point", "2022-01-01", "..", [], {}, [1, 2], [[0, 0], [1, 1]],
    )  # fmt: skip

    def made(depth: int) -> object:
        kind = chosen.random()
        if depth == 0 or kind < 0.3:
            return chosen.choice(values)
        if kind < 0.5:
            return [made(depth - 1) for _ in range(chosen.randint(0, 3))]
        if kind < 0.8:
            op = chosen.choice([value for value in values if isinstance(value, str)])
            return {"op": op, "args": [made(depth - 1) for _ in range(chosen.randint(1, 3))]}
        return {chosen.choice(words): made(depth - 1) for _ in range(chosen.randint(0, 2))}

    tried = 0
    while tried < ROUNDS // 2 and time.monotonic() - start < SECONDS:
        try_it(json.dumps(made(4)), places, answer=True)
        tried += 1
    assert tried > 1000

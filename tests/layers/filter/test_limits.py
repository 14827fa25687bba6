"""Deep, long and large filters: refused at once, and without a deep stack."""

import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext

import pytest

from layers.filter import LIMITS, FilterError, check, parse_json, parse_text
from layers.filter.evaluate import evaluate
from layers.filter.sql import Columns, compile_filter
from layers.filter.tree import Node
from tests.layers.filter.places import LAYER, Places
from tests.layers.filter.write_json import to_json
from tests.layers.filter.write_text import to_text
from tests.layers.filter.yardstick import in_yardsticks

DEEP = 20_000
TEN_MILLISECONDS = 10  # of the reference machine, where a yardstick is one
ALLOWED = 32
FIELDS = {field.name: field.name for field in LAYER.schema.fields}
Parse = Callable[[str], Node]

HUGE = [
    (parse_text, "(" * DEEP),
    (parse_text, "(" * 4000),
    (parse_text, "NOT " * 2000 + "open"),
    (parse_text, "NOT(" * 1500),
    (parse_text, "-" * 8000),
    (parse_text, "CASEI(" * 1300),
    (parse_text, "S_INTERSECTS(" * 600),
    (parse_text, "INTERVAL(" * 900),
    (parse_text, "A_EQUALS((" * 800),
    (parse_text, "pop+" * 2000 + "1=1"),
    (parse_text, "1" + "+(1" * 2000),
    (parse_text, "pop=1" + "^1" * 2000),
    (parse_text, "true AND " * 900 + "true"),
    (parse_text, "true OR " * 1000 + "true"),
    (parse_text, "pop IN (" + "1," * 4000 + "1)"),
    (parse_text, "A_EQUALS(tags,(" + "'a'," * 1500 + "'a'))"),
    (parse_text, "GEOMETRYCOLLECTION(" * 400),
    (parse_text, "POLYGON((" + "1 1," * 3000 + "1 1))"),
    (parse_text, "name = '" + "x" * 9000 + "'"),
    (parse_text, "name = '" + "\u4e0a" * 3000 + "'"),
    (parse_text, "name = '" + "''" * 4000),
    (parse_text, '"' + '""' * 4000),
    (parse_text, "pop = " + "9" * 8000),
    (parse_text, "pop = ." + "9" * 8000 + "e"),
    (parse_text, "pop = 1" + "e1" * 4000),
    (parse_text, " " * 8192),
    (parse_text, "\\" * 8000),
    (parse_text, "a" * 8193),
    (parse_json, "[" * DEEP),
    (parse_json, "[" * 4000),
    (parse_json, '{"op":"not","args":[' * 400),
    (parse_json, '{"op":"not","args":[' * 40 + "true" + "]}" * 40),
    (parse_json, '{"a":' * 1600),
    (parse_json, '{"op":"and","args":[' + "true," * 1200 + "true]}"),
    (parse_json, '{"op":"in","args":[1,[' + "1," * 3000 + "1]]}"),
    (parse_json, '"' + "\\" * 8000),
    (parse_json, '{"op":"=","args":["' + "x" * 9000),
    (parse_json, "9" * 8000),
    (parse_json, "1e" + "9" * 8000),
    (parse_json, '{"type":"GeometryCollection","geometries":[' * 180),
    (parse_json, '{"op":"=","args":' + "[" * 70 + "]" * 70 + "}"),
    (parse_json, '{"op":"isNull","args":[{"type":"MultiPoint","coordinates":'
                 + "[[" * 30 + "]]" * 30 + "}]}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parse", "text"), HUGE, ids=lambda one: getattr(one, "__name__", one)[:30]
)
def test_too_much_is_refused_within_10_ms(parse: Parse, text: str) -> None:
    def refused() -> None:
        with pytest.raises(FilterError):
            parse(text)

    assert in_yardsticks(refused) < TEN_MILLISECONDS


READY = [
    (" OR ".join(f"pop={number}" for number in range(500)), None),
    (f"pop IN ({','.join(map(str, range(1000)))})", None),
    (f"name IN ({','.join(repr(str(number)) for number in range(1000))})", None),
    ("NOT (" * ALLOWED + "open" + ")" * ALLOWED, None),
    (" OR ".join(f"pop={number}" for number in range(499)) + " OR nobody=1", "no property"),
    # each level would double the work
    ("(" * 30 + "open" + ") BETWEEN open AND open" * 30, "a predicate cannot be compared"),
    ("(" * 30 + "open" + ") IN (open, true)" * 30, "a predicate cannot be compared"),
]


@pytest.mark.parametrize(("text", "refused"), READY, ids=lambda one: str(one)[:30])
def test_what_is_within_the_limits_is_ready_or_refused_within_10_ms(
    text: str, refused: str | None
) -> None:
    def made_ready() -> None:
        with nullcontext() if refused is None else pytest.raises(FilterError, match=refused):
            compile_filter(check(parse_text(text), LAYER), LAYER, Columns(FIELDS, "id", "geom"))

    assert in_yardsticks(made_ready) < TEN_MILLISECONDS


def test_work_that_grows_with_the_square_takes_longer_than_that() -> None:
    """What is measured would be seen: each of as many words as 8 kB hold looks at all before it."""
    words = range(2_000)
    assert in_yardsticks(lambda: [one for one in words for _ in words[:one]]) > TEN_MILLISECONDS


def nested(count: int) -> str:
    """A comparison inside so many ANDs and ORs that it is the level `count`."""
    text = "open"
    for level in range(count - 1):
        text = f"(pop = 1 OR {text})" if level % 2 else f"(pop = 1 AND {text})"
    return text


def test_the_limit_on_depth_is_where_it_is_said_to_be() -> None:
    assert to_text(parse_text("(" * ALLOWED + "open" + ")" * ALLOWED)) == "open"
    with pytest.raises(FilterError, match="nested more than 32 deep"):
        parse_text("(" * (ALLOWED + 1) + "open" + ")" * (ALLOWED + 1))
    deepest = parse_text(nested(ALLOWED))
    document = to_json(deepest)
    assert parse_json(document) == deepest
    deeper = f'{{"op": "not", "args": [{document}]}}'
    with pytest.raises(FilterError, match="nested more than 32 deep"):
        parse_json(deeper)
    chain = "pop" + " + 1" * (ALLOWED - 1) + " = 5"
    assert parse_text(chain)
    with pytest.raises(FilterError, match="nested more than 32 deep"):
        parse_text(f"pop + 1 + {chain}")


@pytest.mark.parametrize("word", ["AND", "OR"])
def test_500_terms_are_answered_and_501_are_not(places: Places, word: str) -> None:
    terms = [f"pop={number}" for number in range(500)]
    found = places.answer(check(parse_text(f" {word} ".join(terms)), LAYER))
    assert found == (["street", "yoshi"] if word == "OR" else [])
    with pytest.raises(FilterError, match="more than 500 terms"):
        parse_text(f" {word} ".join([*terms, "open"]))


def test_1000_list_members_are_answered_and_1001_are_not(places: Places) -> None:
    members = ",".join(str(number) for number in range(1000))
    assert places.ask(f"pop IN ({members})") == ["street", "yoshi"]
    with pytest.raises(FilterError, match="more than 1000 list members"):
        parse_text(f"pop IN ({members},0)")


def test_larger_limits_can_be_given() -> None:
    ring = ",".join(f"{n / 1000:.3f} 0" for n in range(2000))
    text = f"S_INTERSECTS(geometry, LINESTRING({ring}))"
    with pytest.raises(FilterError, match="longer than 8192 bytes"):
        parse_text(text)
    assert parse_text(text, LIMITS._replace(bytes=100_000))
    long = f"S_INTERSECTS(geometry, LINESTRING({','.join([ring] * 6)}))"
    with pytest.raises(FilterError, match="more than 10000 positions"):
        parse_text(long, LIMITS._replace(bytes=500_000))


def test_the_deepest_filter_needs_no_deep_stack(places: Places) -> None:
    """On a thread whose stack may hold few frames more than the deepest filter takes."""
    texts = [
        nested(ALLOWED),
        "NOT (" * ALLOWED + "open" + ")" * ALLOWED,
        "CASEI(" * (ALLOWED - 1) + "name" + ")" * (ALLOWED - 1) + " = 'x'",
        "pop" + "+(1*(1-(1+2^(3" * 5 + ")" * 20 + " = 1",
        "pop" + " + 1" * (ALLOWED - 1) + " = 5",
        *(text for parse, text in HUGE if parse is parse_text),
    ]
    documents = [to_json(parse_text(text)) for text in texts[:5]]
    documents += [text for parse, text in HUGE if parse is parse_json]
    outcomes: list[BaseException | None] = []

    def run() -> None:
        for parse, inputs in ((parse_text, texts), (parse_json, documents)):
            for text in inputs:
                try:
                    checked = check(parse(text), LAYER)
                    evaluate(checked, places.columns, places.geometries)
                    compile_filter(checked, LAYER, places.where_columns)
                    outcomes.append(None)
                except BaseException as error:
                    outcomes.append(error)

    limit = sys.getrecursionlimit()
    thread = threading.Thread(target=run)
    sys.setrecursionlimit(400)
    try:
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
    answered = [outcome for outcome in outcomes if outcome is None]
    assert len(outcomes) == len(texts) + len(documents)
    assert len(answered) == 10
    assert all(isinstance(outcome, FilterError) for outcome in outcomes if outcome is not None)

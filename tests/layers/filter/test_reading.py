"""Classes cql2-text and cql2-json: what is read, what is written, and what is refused where."""

import json
import re

import pytest

from layers.filter import FilterError, check, parse_json, parse_text
from tests.layers.filter.places import LAYER
from tests.layers.filter.write_json import to_json
from tests.layers.filter.write_text import to_text

# As both encodings have it; the text is the canonical one.
BOTH = [
    ("TRUE", True),
    ("open", {"property": "open"}),
    ("a = 'x'", {"op": "=", "args": [{"property": "a"}, "x"]}),
    ("a <> 9007199254740993", {"op": "<>", "args": [{"property": "a"}, 9007199254740993]}),
    ("a >= -1.5", {"op": ">=", "args": [{"property": "a"}, -1.5]}),
    ("a < 1e-07", {"op": "<", "args": [{"property": "a"}, 1e-07]}),
    ("\"date\" = DATE('2022-04-16')",
     {"op": "=", "args": [{"property": "date"}, {"date": "2022-04-16"}]}),
    ("a = TIMESTAMP('2022-04-16T10:13:19.5Z')",
     {"op": "=", "args": [{"property": "a"}, {"timestamp": "2022-04-16T10:13:19.5Z"}]}),
    ("a = 1 AND b = 2 AND c", {"op": "and", "args": [
        {"op": "=", "args": [{"property": "a"}, 1]}, {"op": "=", "args": [{"property": "b"}, 2]},
        {"property": "c"}]}),
    ("(a OR b) AND NOT (c AND d OR e)", {"op": "and", "args": [
        {"op": "or", "args": [{"property": "a"}, {"property": "b"}]},
        {"op": "not", "args": [{"op": "or", "args": [
            {"op": "and", "args": [{"property": "c"}, {"property": "d"}]}, {"property": "e"}]}]}]}),
    ("a LIKE 'x\\\\%%'", {"op": "like", "args": [{"property": "a"}, "x\\%%"]}),
    ("CASEI(a) NOT LIKE ACCENTI(CASEI('x'))", {"op": "not", "args": [{"op": "like", "args": [
        {"op": "casei", "args": [{"property": "a"}]},
        {"op": "accenti", "args": [{"op": "casei", "args": ["x"]}]}]}]}),
    ("a BETWEEN 1 AND 2", {"op": "between", "args": [{"property": "a"}, 1, 2]}),
    ("a NOT IN (1, 2)",
     {"op": "not", "args": [{"op": "in", "args": [{"property": "a"}, [1, 2]]}]}),
    ("a IS NULL", {"op": "isNull", "args": [{"property": "a"}]}),
    ("a IS NOT NULL", {"op": "not", "args": [{"op": "isNull", "args": [{"property": "a"}]}]}),
    ("a + 2 * (b - 3) = 4 div c % 5", {"op": "=", "args": [
        {"op": "+", "args": [{"property": "a"}, {"op": "*", "args": [
            2, {"op": "-", "args": [{"property": "b"}, 3]}]}]},
        {"op": "%", "args": [{"op": "div", "args": [4, {"property": "c"}]}, 5]}]}),
    ("S_WITHIN(geometry, BBOX(160.6, -55.95, -170, -25.89))", {"op": "s_within", "args": [
        {"property": "geometry"}, {"bbox": [160.6, -55.95, -170, -25.89]}]}),
    ("S_INTERSECTS(geometry, POINT(36.3 32.2))", {"op": "s_intersects", "args": [
        {"property": "geometry"}, {"type": "Point", "coordinates": [36.3, 32.2]}]}),
    ("S_CROSSES(geometry, MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0), (2 2, 3 2, 3 3, 2 2))))",
     {"op": "s_crosses", "args": [{"property": "geometry"}, {"type": "MultiPolygon",
      "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]], [[2, 2], [3, 2], [3, 3], [2, 2]]]]}]}),
    ("S_EQUALS(geometry, GEOMETRYCOLLECTION(POINT(1 2), MULTIPOINT((3 4), (5 6))))",
     {"op": "s_equals", "args": [{"property": "geometry"}, {"type": "GeometryCollection",
      "geometries": [{"type": "Point", "coordinates": [1, 2]},
                     {"type": "MultiPoint", "coordinates": [[3, 4], [5, 6]]}]}]}),
    ("T_FINISHEDBY(INTERVAL(a, b), INTERVAL('1969-07-16', '..'))",
     {"op": "t_finishedBy", "args": [{"interval": [{"property": "a"}, {"property": "b"}]},
                                     {"interval": ["1969-07-16", ".."]}]}),
    ("A_CONTAINEDBY(a, ('x', 'y'))", {"op": "a_containedBy", "args": [{"property": "a"}, ["x",
     "y"]]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "document"), BOTH)
def test_text_and_json_are_one_tree(text: str, document: object) -> None:
    read = parse_text(text)
    assert parse_json(json.dumps(document)) == read
    assert to_text(read) == text
    assert json.loads(to_json(read)) == document


SAME = [
    ("a=1 and b=2 Or c", "(a = 1 AND b = 2) OR c"),
    ("not a = 1", "NOT (a = 1)"),
    ("a = .5", "a = 0.5"),
    ("a = 5.", "a = 5.0"),
    ("a = +1.E+2", "a = 100.0"),
    ("a = 'it''s'", "a = 'it\\'s'"),
    ("a\u3000=\t'\\n'\n", "a = '\n'"),
    ('"a" = 1', "a = 1"),
    ("位置 = '青浦'", "\"位置\" = '青浦'"),
    ("a:b.c = 1", '"a:b.c" = 1'),
    ("date = date('2022-01-01')", "\"date\" = DATE('2022-01-01')"),
    ("a between 1 and 2 and b", "(a BETWEEN 1 AND 2) AND b"),
    ("a - 1 = -1", "a-1=-1"),
    ("((((a))))", "a"),
    ("Point Z (1 2 3) is null", "POINT(1 2) IS NULL"),
    ("multipoint(1 2, (3 4)) is null", "MULTIPOINT((1 2), (3 4)) IS NULL"),
    ("BBOX(1,2,-9,3,4,9) is null", "BBOX(1,2,3,4) IS NULL"),
    ("INTERVAL(DATE('2022-01-01'), '..') IS NULL", "INTERVAL('2022-01-01', '..') IS NULL"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_filter(one: str, other: str) -> None:
    assert parse_text(one) == parse_text(other)


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (r"'\a\b\t\n\v\f\r'", "\a\b\t\n\v\f\r"),
        (r"'\\n'", r"\n"),
        (r"'\%\_'", r"\%\_"),
        (r"'\x'", r"\x"),
        ("''", ""),
        ("''''", "'"),
        ("'a\nb'", "a\nb"),
        ("'—𠮷'", "—𠮷"),
    ],
)
def test_escapes_in_texts(literal: str, value: str) -> None:
    read = parse_text(f"a = {literal}")
    assert read == parse_json(json.dumps({"op": "=", "args": [{"property": "a"}, value]}))
    assert parse_text(to_text(read)) == read


WRONG_TEXT = [
    ("", None, "is empty"),
    ("   ", None, "is empty"),
    ("a =", 3, "a value or a predicate is missing, there is the end"),
    ("a = 1 b", 6, "does not fit"),
    ("a = 1 = 1", 6, "does not fit"),
    ("a = = 1", 4, "missing"),
    ("AND a", 0, "missing"),
    ("a AND", 5, "missing"),
    ("a AND OR b", 6, "missing"),
    ("(a = 1", 6, "')' is missing"),
    ("a = 1)", 5, "does not fit"),
    ("a = 'x", 4, "has no end"),
    ('"a = 1', 0, "has no end"),
    ("a = 'x\\'", 4, "has no end"),
    ("a != 1", 2, "write <>"),
    ("a == 1", 3, "missing"),
    ("a ~ 1", 2, "no meaning"),
    ("a = 1;", 5, "no meaning"),
    ("a = $1", 4, "no meaning"),
    ("a IS 1", 5, "NULL after IS"),
    ("a NOT 1", 6, "LIKE, BETWEEN or IN"),
    ("a BETWEEN 1", 11, "AND between"),
    ("a BETWEEN 1 OR 2", 12, "AND between"),
    ("a IN 1", 5, "'(' is missing"),
    ("a IN ()", 6, "missing"),
    ("a IN (1,)", 8, "missing"),
    ("a LIKE", 6, "missing"),
    ("a = NULL", 4, "missing"),
    ("NOT NOT a", 4, "parentheses around the second NOT"),
    ("a = NOT b", 4, "missing"),
    ("a = -(b)", 5, "a number after the sign"),
    ("a = +b", 5, "a number after the sign"),
    ("a = - - -1", 6, "a number after the sign"),
    ("a = ('x')", 4, "no parentheses around"),
    ("(DATE('2022-01-01')) = a", 0, "no parentheses around"),
    ("S_EQUALS(a, (POINT(1 1)))", 12, "no parentheses around"),
    ("(CASEI(a)) LIKE 'x'", 0, "no parentheses around"),
    ("a\x1c= 1", 1, "no meaning"),
    ("avg(a) = 1", 0, "there is no function 'avg'"),
    ("S_INTERSECTS(a, b", 17, "')' is missing"),
    ("S_INTERSECTS(a, b, c)", 17, "')' is missing"),
    ("CASEI() = 'a'", 6, "missing"),
    ("POINT(1 2", 9, "coordinate is missing"),
    ("POINT (x y) IS NULL", 7, "coordinate is missing"),
    ("TIMESTAMP('x') = a", 10, "is not a timestamp"),
    ("a = 1\x00", 5, "NUL"),
    ("a = '\ud800'", 5, "surrogate"),
]


@pytest.mark.parametrize(("text", "at", "said"), WRONG_TEXT)
def test_wrong_text_is_refused_with_its_place(text: str, at: int | None, said: str) -> None:
    with pytest.raises(FilterError, match=re.escape(said)) as refused:
        parse_text(text)
    assert refused.value.at == at
    assert at is None or f"character {at + 1}" in str(refused.value)


A = {"property": "a"}
WRONG_JSON = [
    ("", 0, "not JSON"),
    ("{", 1, "not JSON"),
    ("a = 1", 0, "not JSON"),
    ("null", "", "missing"),
    ("[]", "", "missing"),
    ("{}", "", "needs one of op"),
    ('{"op":"=","args":[1,NaN]}', None, "NaN"),
    ('{"op":"=","args":[1,-Infinity]}', None, "Infinity"),
    ('{"op":"=","args":[1,1e999]}', None, "finite"),
    ('{"op":"=","args":[1,99999999999999999999]}', None, "64 bits"),
    (f'{{"op":"=","args":[1,{"9" * 5000}]}}', None, "64 bits"),
    ('{"op":"=","args":[1,1],"op":"<"}', None, "twice"),
    ('{"op":"=","args":[1,1],"title":"x"}', "", "'title' is not known"),
    ('{"op":"="}', "", "args"),
    ('{"op":1,"args":[]}', "", "a text as op"),
    ('{"op":"=","args":[1]}', "/args", "needs 2 args"),
    ('{"op":"=","args":[1,2,3]}', "/args", "needs 2 args"),
    ('{"op":"and","args":[true]}', "", "2 args or more"),
    ('{"op":"AND","args":[true,true]}', "", "there is no op 'AND'"),
    ('{"op":"avg","args":[1]}', "", "there is no op 'avg'"),
    ('{"op":"in","args":[1,2]}', "/args", "a list"),
    ('{"op":"in","args":[1,[]]}', "/args", "a list"),
    ('{"op":"=","args":[[1],2]}', "/args/0", "missing"),
    ('{"property":1}', "", "name of a property"),
    ('{"property":"a","x":1}', "", "'x' is not known"),
    ('{"op":"=","args":[{"date":"2022-13-01"},1]}', "/args/0", "not a date"),
    ('{"op":"=","args":[1,{"timestamp":5}]}', "/args/1", "not a timestamp"),
    ('{"op":"isNull","args":[{"interval":["..",1,2]}]}', "/args/0", "two instants"),
    ('{"op":"isNull","args":[{"interval":["..","x"]}]}', "/args/0/interval/1", "not a date"),
    ('{"op":"isNull","args":[{"bbox":[1,2,3]}]}', "/args/0", "4 numbers"),
    ('{"op":"isNull","args":[{"bbox":[1,2,3,"4"]}]}', "/args/0", "a number"),
    ('{"op":"isNull","args":[{"type":"Circle"}]}', "/args/0", "geometry type"),
    ('{"op":"isNull","args":[{"type":"Point","coordinates":[]}]}', "/args/0", "with members"),
    ('{"op":"isNull","args":[{"type":"Point","coordinates":[1]}]}', "/args/0", "position"),
    ('{"op":"isNull","args":[{"type":"Point","coordinates":[true,1]}]}', "/args/0", "a number"),
    ('{"op":"isNull","args":[{"type":"Point","coordinates":[1,2],"crs":1}]}', "/args/0", "'crs'"),
    ('{"op":"=","args":["\\ud800",1]}', "/args/0", "surrogate"),
    ('{"op":"=","args":["\\u0000",1]}', "/args/0", "NUL"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "said"), WRONG_JSON)
def test_wrong_json_is_refused_with_its_place(text: str, at: int | str | None, said: str) -> None:
    with pytest.raises(FilterError, match=re.escape(said)) as refused:
        parse_json(text)
    assert refused.value.at == at


@pytest.mark.parametrize(
    ("filter", "at", "said"),
    [
        (
            "nmae = 'x'",
            0,
            "there is no property 'nmae' (a text stands in single quotes); there",
        ),
        ("name = 1", 5, "'name' (a text) cannot be compared with the number 1"),
        ("pop = 'many'", 4, "'pop' (a number) cannot be compared with the text 'many'"),
        ("open = 1", 5, "cannot be compared"),
        ("name > true", 5, "cannot be compared"),
        ("geometry = 1", 0, "use S_INTERSECTS"),
        ("1", 0, "a predicate is needed"),
        ("name AND true", 0, "a predicate is needed"),
        ("NOT pop", 4, "a predicate is needed"),
        ("CASEI(pop) = 'x'", 6, "needs a text"),
        ("name LIKE plain", 10, "must be a text"),
        ("pop LIKE '1%'", 0, "needs a text"),
        ("pop IN (1, 'x')", 11, "cannot be compared"),
        ("(pop = 5) = (area = 0)", 5, "a predicate cannot be compared"),
        ("open = (NOT open)", 8, "a predicate cannot be compared"),
        ("(pop BETWEEN 1 AND 2) BETWEEN open AND open", 5, "a predicate cannot be compared"),
        ("open IN (open, (pop = 1))", 20, "a predicate cannot be compared"),
        ("pop BETWEEN 'a' AND 'b'", 4, "cannot be compared"),
        ("DATE('2022-01-01') = 5", 19, "cannot be compared"),
    ],
)
def test_a_wrong_type_is_refused_with_its_place(filter: str, at: int, said: str) -> None:
    with pytest.raises(FilterError, match=re.escape(said)) as refused:
        check(parse_text(filter), LAYER)
    assert refused.value.at == at


def test_an_error_never_repeats_a_long_text() -> None:
    for text in ("a = " + "'" + "x" * 5000, "y" * 5000 + "(1)", '"' + "z" * 5000 + '" = 1'):
        with pytest.raises(FilterError) as refused:
            check(parse_text(text), LAYER)
        assert len(str(refused.value)) < 600

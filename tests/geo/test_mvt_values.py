"""Ids and attributes of vector tiles: types, exact values, each written once."""

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest
import shapely

from geo.mvt import encode
from tests.geo.mvt import TOWN, at, decode, layer


def said(*values: object) -> list[dict[str, Any]]:
    here = shapely.Point(at(TOWN, (9, 9))[0])
    data = encode([layer([here] * len(values), {"v": values})], TOWN)
    return [feature["properties"] for feature in decode(data)]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "长三角生态绿色一体化发展示范区 🚁",
        'quotes " and \\ and \n',
        True,
        False,
        0,
        1,
        -1,
        127,
        128,
        -(2**31),
        2**53 + 1,
        2**63 - 1,
        -(2**63),
        0.0,
        1.0,
        86.3,
        -1e300,
        5e-324,
    ],
)
def test_values_keep_type_and_exact_value(value: object) -> None:
    ((name, got),) = said(value)[0].items()
    assert (name, got, type(got)) == ("v", value, type(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2**63, "9223372036854775808"),
        (-(2**63) - 1, "-9223372036854775809"),
        (10**40, "1" + "0" * 40),
        ("\ud800", "?"),
    ],
)
def test_what_has_no_type_of_its_own_is_text(value: object, text: str) -> None:
    assert said(value) == [{"v": text}]


def test_lists_and_objects_are_json_text() -> None:
    got = said(["算力", "ic-design", 10**30], {"a": None}, [])
    assert [json.loads(each["v"]) for each in got] == [
        ["算力", "ic-design", 10**30],
        {"a": None},
        [],
    ]
    assert got[0]["v"].startswith('["算力"')


def test_what_is_not_known_is_left_out() -> None:
    assert said(None, float("nan"), float("inf"), "x", -float("inf")) == [
        {},
        {},
        {},
        {"v": "x"},
        {},
    ]


def test_true_1_and_1_0_stay_apart() -> None:
    got = [(type(each["v"]), each["v"]) for each in said(True, 1, 1.0, "1", False, 0, 0.0)]
    expected = [True, 1, 1.0, "1", False, 0, 0.0]
    assert got == [(type(value), value) for value in expected]


def test_numpy_columns_are_the_plain_values() -> None:
    points = [shapely.Point(xy) for xy in at(TOWN, (1, 1), (2, 2))]
    columns: dict[str, Any] = {
        "i": np.array([-3, 4], np.int32),
        "f": np.array([0.5, np.nan]),
        "b": np.array([True, False]),
        "s": np.array(["西岑", "b"]),
    }
    got = [f["properties"] for f in decode(encode([layer(points, columns)], TOWN))]
    assert got == [
        {"i": -3, "f": 0.5, "b": True, "s": "西岑"},
        {"i": 4, "b": False, "s": "b"},
    ]
    assert type(got[0]["b"]) is bool


def test_values_belong_to_the_features_that_are_drawn() -> None:
    near, far = shapely.Point(at(TOWN, (1, 1))[0]), shapely.Point(0, 0)
    attributes = {"only_far": ["x", None, None], "name": ["far", "none", "near"], "空": [1, 2, 3]}
    data = encode([layer([far, None, near], attributes, [7, 8, 9])], TOWN)
    (feature,) = decode(data)
    assert (feature["id"], feature["properties"]) == (9, {"name": "near", "空": 3})
    assert b"only_far" not in data
    assert b"none" not in data


def test_keys_and_values_are_written_once() -> None:
    points = [shapely.Point(xy) for xy in at(TOWN, *[(n, n) for n in range(200)])]
    attributes = {"sector": ["集成电路设计"] * 200, "also": ["集成电路设计"] * 200}
    data = encode([layer(points, attributes)], TOWN)
    counts = Counter({text: data.count(text.encode()) for text in ("sector", "集成电路设计")})
    assert set(counts.values()) == {1}
    assert all(f["properties"]["also"] == "集成电路设计" for f in decode(data))


@pytest.mark.parametrize("fid", [0, 1, 127, 128, 2**53 + 1, 2**63, 2**64 - 1])
def test_the_id_is_the_fid(fid: int) -> None:
    here = shapely.Point(at(TOWN, (9, 9))[0])
    (feature,) = decode(encode([layer([here], fids=[fid])], TOWN))
    assert feature["id"] == fid


def test_ten_thousand_features_all_arrive() -> None:
    rng = np.random.default_rng(9)
    points = shapely.points(at(TOWN, *rng.uniform(0, 4096, (10_001, 2)).tolist()))
    names = [f"企业{number}" for number in range(10_001)]
    features = decode(encode([layer(points.tolist(), {"name": names})], TOWN))
    assert [feature["id"] for feature in features] == list(range(1, 10_002))
    assert [feature["properties"]["name"] for feature in features] == names

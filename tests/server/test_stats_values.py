"""Statistics of values and layers made for it: extreme ones, lists, empty texts, units."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.sites import Site, layer_file, serving_folder
from tests.server.test_bad_input import assert_problem

ENDS: list[tuple[str, list[Any]]] = [
    ("integer", [1 - 2**63, 2**63 - 1, 0]),
    ("integer", [7, 7, 7]),
    ("integer", [0, 1]),
    ("number", [-1.7976931348623157e308, 1.7976931348623157e308, 0.0]),
    ("number", [1.0, 1.0000000000000002]),
    ("number", [5e-324, 1e-323]),
    ("number", [0.1, 0.2, 0.3, 0.7, 0.9]),
    ("number", [-273.15]),
    ("date", ["0001-01-01", "9999-12-31"]),
    ("date", ["2024-02-29"]),
    ("date", ["2024-01-01", "2024-03-31"]),
    ("datetime", ["9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"]),
]


def one_field(folder: Path, name: str, kind: str, values: list[Any], **more: Any) -> None:
    """A layer with one field of these values."""
    field = {"name": "v", "type": kind, **more}
    document = {
        "type": "FeatureCollection",
        "layer": {"schema": {"geometry": "Point", "fields": [field]}},
        "features": [
            {"type": "Feature", "geometry": None, "properties": {"v": value}} for value in values
        ],
    }
    (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A layer for each of ENDS, by its number."""
    folder = tmp_path_factory.mktemp("ends")
    for number, (kind, values) in enumerate(ENDS):
        one_field(folder, f"ends-{number}", kind, values)
    with serving_folder(folder) as site:
        yield site


@pytest.mark.parametrize(("number", "kind", "values"), [(n, *one) for n, one in enumerate(ENDS)])
def test_histograms_at_the_ends_of_what_there_is(
    ends: Site, number: int, kind: str, values: list[Any]
) -> None:
    sums = "" if kind.startswith("date") else "&sum=v"
    found = ends.json(f"/stats?layers=ends-{number}&bins=v{sums}")
    bins = found["bins"]["v"]
    assert sum(bins["counts"]) == len(values)
    assert bins["edges"] == sorted(bins["edges"])
    assert bins["edges"][0] <= min(values)
    assert len(bins["edges"]) == len(bins["counts"]) + 1
    if kind == "integer":
        assert found["totals"]["v"]["known_sum"] == pytest.approx(sum(values))


def test_areas_without_codes_give_their_names(folder: Path) -> None:
    """A zone whose districts are known by their outlines only."""
    square = [[10, 50], [11, 50], [11, 51], [10, 50]]
    areas = {
        "type": "FeatureCollection",
        "layer": {
            "role": "areas",
            "schema": {
                "geometry": "Polygon",
                "fields": [
                    {"name": "code", "type": "text", "role": "district"},
                    {"name": "called", "type": "text", "role": "name"},
                ],
            },
        },
        "features": [
            {
                "type": "Feature",
                "id": code,
                "geometry": {"type": "Polygon", "coordinates": [square]},
                "properties": {"code": code, "called": name},
            }
            for code, name in (("b", "北区"), ("a", "南区"))
        ],
    }
    schema = {"geometry": "Point", "fields": [{"name": "name", "type": "text", "role": "district"}]}
    (folder / "areas.geojson").write_text(json.dumps(areas), encoding="utf-8")
    (folder / "places.geojson").write_text(layer_file(["b", "b", "c"], schema=schema), "utf-8")
    with serving_folder(folder) as site:
        groups = site.json("/stats?group=name")["groups"]
        assert [(one["values"]["name"], one["labels"]["name"], one["count"]) for one in groups] == [
            ("a", "南区", 0), ("b", "北区", 2), ("c", "c", 1), ([], "跨多个name", 0),
            (None, "name未公布", 0),
        ]  # fmt: skip


def test_a_layer_may_be_called_map(folder: Path) -> None:
    (folder / "map.geojson").write_text(layer_file(["Elm"]), encoding="utf-8")
    with serving_folder(folder) as site:
        assert {one["id"] for one in site.json("/stats")["layers"]} == {"map", "places"}


def test_lists_are_one_group_whatever_their_order(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    values = [["a", "b"], ["b", "a"], ["a"], ["a", "a"], [], None, ["b", "c", "a"]]
    one_field(folder, "lists", "list", values)
    with serving_folder(folder) as site:
        groups = site.json("/stats?group=v")["groups"]
        assert [(one["values"]["v"], one["kind"], one["count"]) for one in groups] == [
            ("a", "value", 2), (["a", "b"], "several", 2), (["a", "b", "c"], "several", 1),
            (None, "unknown", 2),
        ]  # fmt: skip


def test_unknown_is_what_is_null_to_a_filter(tmp_path: Path) -> None:
    """An empty text is a value, called blank; a list of nothing is read as null."""
    folder = tmp_path / "zone"
    folder.mkdir()
    names = {"a": "", "b": None, "c": "x"}
    features = [
        {
            "type": "Feature",
            "id": one,
            "geometry": {"type": "Point", "coordinates": [120.5, 31]},
            "properties": {"name": name, "tags": [] if name is None else ["t"]},
        }
        for one, name in names.items()
    ]
    document = {"type": "FeatureCollection", "features": features}
    (folder / "places.geojson").write_text(json.dumps(document), encoding="utf-8")
    with serving_folder(folder) as site:
        for field in ("name", "tags"):
            groups = site.get("/stats", params={"group": field}).json()["groups"]
            unknown = sum(one["count"] for one in groups if one["kind"] == "unknown")
            query = {"filter": f"{field} IS NULL"}
            matched = site.get("/collections/places/items", params=query).json()["numberMatched"]
            assert unknown == matched == 1
        groups = site.get("/stats", params={"group": "name", "lang": "zh"}).json()["groups"]
        assert [one["labels"]["name"] for one in groups] == ["空白", "x", "name未公布"]


def test_what_cannot_be_added_up_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    one_field(folder, "far", "number", [1.5], unit="km")
    one_field(folder, "near", "integer", [2], unit="m")
    one_field(folder, "then", "date", ["2024-01-01"])
    with serving_folder(folder) as site:
        document = assert_problem(site.get("/stats?sum=v"), 400, parameter="sum")
        assert "km in" in str(document["detail"])
        assert_problem(site.get("/stats?bins=v"), 400, parameter="bins")
        alone = site.json("/stats?sum=v&bins=v&layers=far")
        assert alone["totals"]["v"] == {
            "known_sum": 1.5, "known_count": 1, "count": 1, "unit": "km",
        }  # fmt: skip
        assert site.json("/stats?group=v")["matched"] == 3

"""Layer files in: what is taken, what is made to fit, and what is refused in one sentence."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.catalog import Catalog
from layers.errors import BadLayerFile, StoreError
from layers.model import Feature, Query
from layers.names import FEATURE_ID
from tests.layers.broken_files import BAD
from tests.layers.layer_documents import collection, point, with_fields

ALL = Query()
Opener = Callable[..., Catalog]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "zone"
    made.mkdir()
    return made


@pytest.fixture
def opened(folder: Path, tmp_path: Path) -> Iterator[Opener]:
    """Write files (text, bytes or JSON) into the folder and open it."""
    catalogs: list[Catalog] = []

    def open_folder(**files: Any) -> Catalog:
        for name, content in files.items():
            path = folder / (name if "." in name else f"{name}.geojson")
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                text = (
                    content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
                )
                path.write_text(text, encoding="utf-8")
        catalogs.append(Catalog.open(folder, tmp_path / "data"))
        return catalogs[-1]

    yield open_folder
    for catalog in catalogs:
        catalog.close()


def features(catalog: Catalog, layer: str) -> list[Feature]:
    return list(catalog.store.features(layer, ALL))


def test_a_file_without_a_definition_is_served_by_what_it_holds(opened: Opener) -> None:
    catalog = opened(
        plain=collection(
            point(1, name="一", n=1, x=1, flag=True, day="2024-08-23", mixed=1, words=["a"]),
            point(2, name=None, n=-5, x=2.5, flag=None, day="2023-02-28", mixed="a", words=[]),
            point(3, at="2024-08-23T10:00:00+08:00", deep={"a": [1]}, none=None, placement="site"),
            point(4, last="only here", position_uncertainty_m=5),
        )
    )
    layer = catalog.store.layer("plain")
    assert {field.name: field.type for field in layer.schema.fields} == {
        "name": "text", "n": "integer", "x": "number", "flag": "boolean", "day": "date",
        "mixed": "text", "words": "list", "at": "datetime", "deep": "text", "none": "text",
        "placement": "text", "last": "text", "position_uncertainty_m": "integer",
    }  # fmt: skip
    roles = {field.role: field.name for field in layer.schema.fields if field.role}
    assert roles == {
        "name": "name", "placement": "placement", "uncertainty": "position_uncertainty_m",
    }  # fmt: skip
    assert (layer.title.zh, layer.schema.geometry) == ("plain", "Point")
    first, second, third, last = features(catalog, "plain")
    assert [one.id for one in (first, second, third, last)] == ["1", "2", "3", "4"]
    assert (first.properties["mixed"], second.properties["mixed"]) == ("1", "a")
    assert third.properties["deep"] == '{"a":[1]}'
    assert third.properties["at"] == "2024-08-23T02:00:00.000Z"
    assert last.properties["last"] == "only here"
    assert "last" in first.properties


def test_names_in_two_languages_and_strange_placements(opened: Opener) -> None:
    catalog = opened(
        plain=collection(point(name_zh="一", name_en="One", title="x", placement="roof"))
    )
    roles = {
        field.name: (field.role, field.lang) for field in catalog.store.layer("plain").schema.fields
    }
    assert roles == {
        "name_zh": ("name", "zh"), "name_en": ("name", "en"), "title": ("name", None),
        "placement": (None, None),
    }  # fmt: skip


def test_ids_are_made_to_fit_and_the_original_is_kept(opened: Opener, folder: Path) -> None:
    given = ["ok-1_A", "a b/ü", "园区", 7, 7, 1.5, "", None, None, "x" * 65, "../../etc", True]
    file = collection(*(point(one, n=n) for n, one in enumerate(given)))
    catalog = opened(plain=file)
    found = features(catalog, "plain")
    assert all(FEATURE_ID.fullmatch(one.id) for one in found)
    assert len({one.id for one in found}) == len(given)
    assert [one.properties["source_id"] for one in found] == [
        None, "a b/ü", "园区", None, "7", "1.5", None, None, None, "x" * 65, "../../etc", None,
    ]  # fmt: skip
    # the same again from the same file, also with another feature before them
    again = opened(plain=collection(point("new"), *file["features"]))
    assert [one.id for one in features(again, "plain") if one.properties["n"] is not None] == [
        one.id for one in found
    ]


def test_equal_features_without_ids_are_two(opened: Opener) -> None:
    twins = [point(None, n="x"), point(None, n="x")]
    catalog = opened(
        described=collection(*twins, layer=with_fields({"name": "n"})), plain=collection(*twins)
    )
    for layer in ("described", "plain"):
        first, second = features(catalog, layer)
        assert first.id != second.id
        assert [first.properties, second.properties] == [{"n": "x"}] * 2


def test_a_headline_may_name_a_figure_of_any_file(opened: Opener) -> None:
    """zone.json is read after the layers, whatever they are called; a layer may yet be missing."""
    figure = {"id": "total", "value": 5}
    headline = [
        {"layer": "zz", "text": "x", "figures": ["total"]},
        {"layer": "later", "text": "y", "figures": ["total"]},
    ]
    catalog = opened(
        **{
            "zone.json": {"headline": headline},
            "zz.geojson": collection(layer=with_fields() | {"figures": [figure]}),
        }
    )
    assert [one.figures for one in catalog.store.zone().headline] == [("total",), ("total",)]


NAMELESS: list[tuple[list[dict[str, Any]], str | None]] = [
    ([{"code": "a", "town": "X"}, {"code": "b", "town": "X"}], "code"),
    ([{"kind": "k", "label": "一"}, {"kind": "k", "label": "二"}], "label"),
    ([{"kind": "k"}, {"kind": "k"}], None),
    ([{"n": 1}, {"n": 2}], None),
    ([{"mixed": "a"}, {"mixed": 5}], None),
    ([{"web": "https://a.example/1"}, {"web": "https://a.example/2"}], None),
    ([{"story": "a" * 81}, {"story": "b"}], None),
    ([{"rare": "a"}, {"rare": None}], None),
    ([{"code": "a", "name": "X"}, {"code": "b", "name": "X"}], "name"),
    ([{"code": "a", "名称": "X"}, {"code": "b", "名称": "X"}], "名称"),
]


@pytest.mark.parametrize(("properties", "name"), NAMELESS)
def test_what_stands_for_the_name_where_no_field_is_called_so(
    opened: Opener, properties: list[dict[str, Any]], name: str | None
) -> None:
    catalog = opened(plain=collection(*(point(n, **one) for n, one in enumerate(properties))))
    fields = catalog.store.layer("plain").schema.fields
    assert [field.name for field in fields if field.role == "name"] == [name] * (name is not None)


def test_a_described_file_gets_source_id_only_when_needed(opened: Opener) -> None:
    layer = with_fields({"name": "n"})
    catalog = opened(
        fits=collection(point("a"), layer=layer), other=collection(point("a b"), layer=layer)
    )
    assert [field.name for field in catalog.store.layer("fits").schema.fields] == ["n"]
    assert [field.name for field in catalog.store.layer("other").schema.fields] == [
        "n",
        "source_id",
    ]
    assert features(catalog, "other")[0].properties == {"n": None, "source_id": "a b"}


def test_members_may_stand_in_any_order(opened: Opener) -> None:
    text = json.dumps(
        {"features": [point(n=1)], "layer": with_fields({"name": "n", "type": "integer"})}
    )
    catalog = opened(late=text[:-1] + ',"type":"FeatureCollection"}')
    assert catalog.store.layer("late").schema.fields[0].type == "integer"
    assert features(catalog, "late")[0].properties == {"n": 1}


def test_file_names_become_ids(opened: Opener, folder: Path) -> None:
    (folder / ".hidden.geojson").write_text("broken")
    (folder / "notes.txt").write_text("broken")
    names = ["Parks_1", "产业园区", "a b", "x.y.z"]
    catalog = opened(**{f"{name}.geojson": collection(point(n=1)) for name in names})
    assert {layer.title.zh for layer in catalog.store.layers()} == set(names)
    assert "Parks_1" in [layer.id for layer in catalog.store.layers()]
    assert all(layer.id.isascii() and " " not in layer.id for layer in catalog.store.layers())


def test_layers_whose_names_differ_in_case_only(opened: Opener) -> None:
    catalog = opened(park=collection(point(n=1)), Park=collection(point(n=2)))
    assert [features(catalog, name)[0].properties for name in ("park", "Park")] == [
        {"n": 1},
        {"n": 2},
    ]


def test_json_that_is_no_layer_is_left_alone(opened: Opener) -> None:
    catalog = opened(**{
        "a.geojson": collection(point()),
        "package.json": {"name": "x"},
        "a.json": [1, 2],
        "b.json": collection(point(n=5)),
    })  # fmt: skip
    assert [layer.id for layer in catalog.store.layers()] == ["a", "b"]


def test_two_files_for_one_layer(opened: Opener) -> None:
    with pytest.raises(BadLayerFile, match=r"a\.json: gives layer 'a', as a\.geojson does"):
        opened(**{"a.geojson": collection(point()), "a.json": collection(point())})


@pytest.mark.parametrize(
    "crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4490"]
)
def test_old_files_that_name_degrees(opened: Opener, crs: str) -> None:
    catalog = opened(old=collection(point(), crs={"type": "name", "properties": {"name": crs}}))
    assert features(catalog, "old")[0].geometry == shapely.to_wkb(
        shapely.Point(10.5, 50.5), byte_order=1
    )


@pytest.mark.parametrize(
    "crs", ["EPSG:4549", "urn:ogc:def:crs:EPSG::4549", "urn:ogc:def:crs:EPSG:10.1:4549"]
)
def test_old_files_in_metres_are_turned(opened: Opener, crs: str) -> None:
    """A published pair: the central meridian of zone 120 of CGCS2000 has the easting 500,000."""
    member = {"type": "name", "properties": {"name": crs}}
    parcel = {
        "type": "Polygon",
        "coordinates": [
            [[500000, 3400000], [500100, 3400000], [500100, 3400100], [500000, 3400000]]
        ],
    }
    catalog = opened(
        old=collection(
            {"type": "Feature", "id": "a", "geometry": parcel, "properties": {}}, crs=member
        )
    )
    extent = catalog.store.extent("old")
    assert extent is not None
    assert extent.west == pytest.approx(120, abs=1e-9)
    assert extent.south == pytest.approx(30.72, abs=0.01)


@pytest.mark.parametrize("case", BAD)
def test_a_broken_file_is_said_in_one_sentence(opened: Opener, tmp_path: Path, case: str) -> None:
    content, sentence = BAD[case]
    with pytest.raises(BadLayerFile, match=sentence) as caught:
        opened(good=collection(point(n=1)), bad=content)
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 500
    assert caught.value.file == "bad.geojson"
    left = [path.name for path in (tmp_path / "data").iterdir() if not path.name.endswith(".lock")]
    assert left == []


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("{", r"zone\.json: is not valid JSON"),
        ({"tittle": "x"}, r"zone\.json: tittle is not known; allowed here: id, title"),
        ([], r"^zone\.json: must be an object, not \[\]\.$"),
        (
            {"headline": [{"layer": "a", "text": "x", "figures": ["total"]}]},
            r"zone\.json: headline\[0\]\.figures names 'total', which is no figure of layer 'a'",
        ),
        ({"headline": [{"text": "x"}]}, r"zone\.json: headline\[0\]\.layer must be a text"),
    ],
)
def test_a_broken_zone_is_said_too(opened: Opener, zone: object, sentence: str) -> None:
    with pytest.raises(BadLayerFile, match=sentence):
        opened(**{"zone.json": zone, "a.geojson": collection(point())})


def test_without_zone_json_the_zone_has_the_folders_name(opened: Opener) -> None:
    assert opened(a=collection(point())).store.zone().title.of("en") == "zone"


def test_a_byte_order_mark_is_no_mistake(opened: Opener) -> None:
    mark = b"\xef\xbb\xbf"
    text = json.dumps(collection(point(n="园区"))).encode()
    catalog = opened(**{"a.geojson": mark + text, "zone.json": mark + b'{"title":"x"}'})
    assert features(catalog, "a")[0].properties == {"n": "园区"}


def test_an_empty_folder_and_none_at_all(opened: Opener, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"has no layer file \(\*\.geojson, \*\.json\)"):
        opened()
    with pytest.raises(StoreError, match="does not exist"):
        Catalog.open(tmp_path / "nowhere", tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_zone_json_that_is_not_written_in_utf8(opened: Opener) -> None:
    zone = '{"title":"示范区"}'.encode("gbk")
    with pytest.raises(BadLayerFile, match=r"^zone\.json: is not written in UTF-8; perhaps GBK"):
        opened(**{"zone.json": zone, "a.geojson": collection(point())})


def test_a_folder_whose_files_are_no_layers(opened: Opener, folder: Path) -> None:
    """Served all the same, for a layer may come; but that there is none is said."""
    catalog = opened(**{"settings.json": {"theme": "dark"}})
    [notice] = catalog.notices
    assert notice.startswith(f"{folder} has no layer: no file of it (*.geojson, *.json) is a")
    (folder / "a.geojson").write_text(json.dumps(collection(point())), encoding="utf-8")
    assert catalog.refresh()
    assert catalog.notices == []
    (folder / "a.geojson").unlink()
    assert catalog.refresh()
    assert catalog.notices == [notice]


def test_a_layer_file_instead_of_its_folder(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "a.geojson").write_text(json.dumps(collection(point())), encoding="utf-8")
    said = f"a.geojson is not a GeoPackage; give the folder that holds it: {folder}"
    with pytest.raises(StoreError, match=re.escape(said)):
        Catalog.open(folder / "a.geojson", tmp_path / "data")


def test_null_geometry_empty_geometry_and_heights(opened: Opener) -> None:
    empty = point("b") | {"geometry": {"type": "Point", "coordinates": []}}
    high = point("c") | {"geometry": {"type": "Point", "coordinates": [1, 2, 300]}}
    catalog = opened(a=collection(point("a") | {"geometry": None}, empty, high))
    first, second, third = features(catalog, "a")
    assert (first.geometry, second.geometry) == (None, None)
    assert third.geometry == shapely.to_wkb(shapely.Point(1, 2), byte_order=1)


def test_a_reading_of_what_nobody_declares_twice(opened: Opener) -> None:
    """An exported layer has `source_id` in its schema: read again, nothing is added."""
    fields = with_fields({"name": "source_id"})
    catalog = opened(a=collection(point("x", source_id="the first"), layer=fields))
    assert features(catalog, "a")[0].properties == {"source_id": "the first"}
    with closing(catalog):
        assert len(catalog.store.layer("a").schema.fields) == 1

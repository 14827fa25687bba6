"""Our GeoPackage edited by other programs: seen at once, and right afterwards."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.extent import Extent
from layers.filter import check, parse_text
from layers.formats import geojson
from layers.model import Layer, Query, Schema, Style, Text, Zone
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import write_blobs

Maker = Callable[..., Layer]
ALL = Query()


def point(x: float, y: float) -> bytes:
    [blob], _ = write_blobs(np.array([shapely.Point(x, y)], dtype=object))
    assert blob is not None
    return blob


def index(path: Path, table: str = "sites") -> dict[int, tuple[float, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(f"SELECT id, minx, maxx, miny, maxy FROM rtree_{table}_geom")
        return {fid: box for fid, *box in rows}


EDITS = {
    "insert": ("INSERT INTO sites (geom, id, name) VALUES (?, 'new', 'x')", (point(121.5, 30.5),)),
    "insert without id": ("INSERT INTO sites (geom, name) VALUES (?, 'x')", (point(121.5, 30.5),)),
    "insert without place": ("INSERT INTO sites (id) VALUES ('new')", ()),
    "move": ("UPDATE sites SET geom = ? WHERE id = 'one'", (point(119.5, 32.5),)),
    "place": ("UPDATE sites SET geom = ? WHERE id = 'nowhere'", (point(119.5, 32.5),)),
    "unplace": ("UPDATE sites SET geom = NULL WHERE id = 'one'", ()),
    "change key": ("UPDATE sites SET fid = 99 WHERE id = 'one'", ()),
    "change key and move": ("UPDATE sites SET fid = 99, geom = ? WHERE id = 'one'", (point(1, 2),)),
    "change value": ("UPDATE sites SET name = 'neu' WHERE id = 'two'", ()),
    "clear id": ("UPDATE sites SET id = NULL WHERE id = 'two'", ()),
    "delete": ("DELETE FROM sites WHERE id = 'one'", ()),
    "delete all": ("DELETE FROM sites", ()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_another_program_is_seen_and_index_and_extent_stay_right(
    sites: GeoPackage, editor: sqlite3.Connection, edit: str
) -> None:
    before, other = sites.version("sites"), sites.version("areas")
    changed = editor.execute(
        "SELECT last_change FROM gpkg_contents WHERE table_name = 'sites'"
    ).fetchone()
    count = sites.count("sites", ALL)
    editor.execute(*EDITS[edit])
    assert sites.version("sites") != before
    assert sites.version("areas") == other
    features = list(sites.features("sites", ALL))
    assert len(features) == count + edit.startswith("insert") - (edit == "delete") - count * (
        edit == "delete all"
    )
    assert all(feature.id for feature in features)
    assert len({feature.id for feature in features}) == len(features)
    # the R-tree holds each geometry, rounded outward, and nothing else
    placed = {one.fid: shapely.from_wkb(one.geometry) for one in features if one.geometry}
    boxes = index(sites.path)
    assert boxes.keys() == placed.keys()
    for fid, (minx, maxx, miny, maxy) in boxes.items():
        assert shapely.box(minx, miny, maxx, maxy).covers(placed[fid])
        assert maxx - minx < 1e-4
    # the extent covers all, and a box finds what it should
    for one in features:
        if one.geometry:
            x, y = placed[one.fid].x, placed[one.fid].y
            assert one.id in [f.id for f in sites.features("sites", Query(Extent(x, y, x, y)))]
    bounds = editor.execute(
        "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'sites'"
    ).fetchone()
    if placed:
        assert shapely.box(*bounds).covers(shapely.MultiPoint(list(placed.values())))
        extent = sites.extent("sites")
        assert extent is not None
        assert tuple(extent) == shapely.MultiPoint(list(placed.values())).bounds
    else:
        assert sites.extent("sites") is None
    now = editor.execute(
        "SELECT last_change FROM gpkg_contents WHERE table_name = 'sites'"
    ).fetchone()
    assert now >= changed


def test_a_program_without_the_functions_can_still_delete(
    sites: GeoPackage, bare: sqlite3.Connection
) -> None:
    before = sites.version("sites")
    bare.execute("DELETE FROM sites WHERE id = 'one'")
    assert sites.version("sites") != before
    assert [one.id for one in sites.features("sites", ALL)] == ["two", "nowhere"]


def test_gdal_appends_to_a_layer(sites: GeoPackage, gdal_write: Callable[..., None]) -> None:
    before = sites.version("sites")
    gdal_write(sites.path, "sites", (121.9, "从 QGIS"), ("", "neu"))
    assert sites.version("sites") != before
    *_, first, second = sites.features("sites", ALL)
    assert [first.properties["name"], second.properties["name"]] == ["从 QGIS", "neu"]
    assert first.id
    assert first.id != second.id
    assert sites.feature("sites", first.id) == first
    assert [one.id for one in sites.features("sites", Query(Extent(121.8, 30, 122, 32)))] == [
        "nowhere", first.id, second.id,
    ]  # fmt: skip
    extent = sites.extent("sites")
    assert extent is not None
    assert extent.east == 121.9


@pytest.mark.slow
def test_gdal_adds_a_layer_beside_ours(sites: GeoPackage, gdal_write: Callable[..., None]) -> None:
    version = sites.version("sites")
    gdal_write(sites.path, "新图层", (500_000, "甲"), crs=4549, append=False)
    [added] = [layer for layer in sites.layers() if layer.title.zh == "新图层"]
    [feature] = sites.features(added.id, ALL)
    assert feature.properties == {"name": "甲"}
    assert shapely.from_wkb(feature.geometry).x == pytest.approx(120, abs=1e-6)
    assert sites.version("sites") == version
    first = sites.version(added.id)
    gdal_write(sites.path, "新图层", (500_100, "乙"), crs=4549)
    assert sites.version(added.id) != first
    assert sites.count(added.id, ALL) == 2


def test_columns_added_renamed_and_dropped_elsewhere(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    seen = {sites.version("sites")}
    editor.execute("ALTER TABLE sites ADD COLUMN extra REAL")
    editor.execute("UPDATE sites SET extra = 1.5 WHERE id = 'one'")
    seen.add(sites.version("sites"))
    assert sites.feature("sites", "one").properties["extra"] == 1.5
    added = sites.layer("sites").schema.field("extra")
    assert added is not None
    assert added.type == "number"
    editor.execute("ALTER TABLE sites DROP COLUMN number")
    seen.add(sites.version("sites"))
    assert "number" not in sites.feature("sites", "one").properties
    editor.execute("ALTER TABLE sites RENAME COLUMN name TO title")
    seen.add(sites.version("sites"))
    assert sites.feature("sites", "one").properties["title"] == "一"
    assert len(seen) == 4


def test_a_table_whose_triggers_are_gone_still_has_a_version(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    triggers = editor.execute(
        "SELECT name FROM sqlite_master WHERE name LIKE 'zoneatlas_sites_%'"
    ).fetchall()
    for (name,) in triggers:
        editor.execute(f"DROP TRIGGER {name}")
    before = sites.version("sites")
    editor.execute("UPDATE sites SET name = 'neu' WHERE id = 'one'")
    assert sites.version("sites") != before
    assert sites.feature("sites", "two").properties["tags"] == ["a", "b"]


@pytest.mark.slow
def test_gdal_overwrites_a_layer(sites: GeoPackage, gdal_write: Callable[..., None]) -> None:
    gdal_write(sites.path, "sites", (121, "neu"), append=False)
    assert [one.properties for one in sites.features("sites", ALL)] == [{"name": "neu"}]
    before = sites.version("sites")
    gdal_write(sites.path, "sites", (121, "zwei"))
    assert sites.version("sites") != before
    sites.load(sites.layer("areas"), [])
    assert sites.load(Layer("sites", *replace_only(sites)), []) == 0
    assert [layer.id for layer in sites.layers()] == ["areas", "sites"]


def replace_only(store: GeoPackage) -> tuple[Text, Schema, Style]:
    layer = store.layer("sites")
    return layer.title, layer.schema, layer.style


def test_a_table_renamed_elsewhere_keeps_its_layer(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    before = sites.version("sites")
    editor.execute("BEGIN")
    editor.execute("ALTER TABLE sites RENAME TO plants")
    for table in (
        "contents",
        "geometry_columns",
        "data_columns",
        "extensions",
        "metadata_reference",
    ):
        editor.execute(f"UPDATE gpkg_{table} SET table_name = 'plants' WHERE table_name = 'sites'")
    editor.execute("COMMIT")
    assert sites.feature("sites", "one").properties["name"] == "一"
    editor.execute("DELETE FROM plants WHERE id = 'two'")
    assert sites.version("sites") != before
    assert sites.count("sites", ALL) == 2
    kind = sites.layer("sites").schema.field("kind")
    assert kind is not None
    assert kind.codes


def test_values_no_schema_allows_do_not_break_the_answer(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    editor.execute(
        "UPDATE sites SET name = x'ff00', kind = 5, tags = '{\"a\":1}', number = 'text',"
        " whole = 9e999"
    )
    editor.execute("UPDATE sites SET geom = x'4750' WHERE id = 'one'")
    editor.execute(
        "UPDATE sites SET geom = ? WHERE id = 'two'",
        (point(1, 2)[:8] + b"\x01\x01\x00\x00\x00broken",),
    )
    features = list(sites.features("sites", ALL))
    assert [one.geometry is None for one in features] == [True, False, True]
    [batch] = sites.batches("sites", ALL)
    assert len(geojson.batch_bytes(sites.layer("sites"), batch)) == 3
    assert features[0].properties["tags"] == ['{"a":1}']
    assert sites.count("sites", Query(Extent(0, 0, 10, 10))) >= 1


def test_a_definition_somebody_broke_leaves_the_table_served(
    sites: GeoPackage, bare: sqlite3.Connection
) -> None:
    version = sites.version("sites")
    bare.execute(
        "UPDATE gpkg_metadata SET metadata = 'nothing we know' WHERE md_scope = 'featureType'"
    )
    assert sites.version("sites") != version
    assert {layer.id for layer in sites.layers()} == {"sites", "areas"}
    assert len(list(sites.features("sites", ALL))) == 3


def test_a_zone_that_another_program_wrote_over(
    sites: GeoPackage, bare: sqlite3.Connection
) -> None:
    sql = "UPDATE gpkg_metadata SET metadata = ? WHERE md_standard_uri = 'urn:zoneatlas:zone:1'"
    sites.save_zone(Zone("z", Text("示范区", "Zone")))
    for text in ("<xml/>", "[]", '{"headline": [{"layer": "sites", "figure": "x"}]}'):
        assert bare.execute(sql, (text,)).rowcount == 1
        assert sites.zone().title.en == "store"
        assert len(list(sites.features("sites", ALL))) == 3


def test_text_that_is_not_utf8_in_our_own_file(
    sites: GeoPackage, editor: sqlite3.Connection
) -> None:
    gbk = "西岑站".encode("gbk")
    editor.execute("UPDATE sites SET name = CAST(? AS TEXT) WHERE id = 'one'", (gbk,))
    assert sites.feature("sites", "one").properties["name"] == "西岑站"
    assert len(list(sites.features("sites", ALL))) == 3


@pytest.mark.parametrize(
    "stored",
    [
        '["a", 1, 1.50, true, null, {"b": [2]}, "1"]', '"alone"', "no JSON", "", "5", 5, 2.5,
        "null", "[]", "[null]", b'["a"]', "西岑站".encode("gbk"), b"\xff\x01", '["\u897f"',
    ],
)  # fmt: skip
def test_a_list_of_another_program_is_the_same_in_answer_and_filter(
    sites: GeoPackage, editor: sqlite3.Connection, stored: object
) -> None:
    given = "CAST(? AS TEXT)" if isinstance(stored, bytes) and stored[:1] > b"\x80" else "?"
    editor.execute(f"UPDATE sites SET tags = {given} WHERE id = 'one'", (stored,))
    editor.execute("UPDATE sites SET tags = '[\"other\"]' WHERE id <> 'one'")
    layer = sites.layer("sites")
    published = sites.feature("sites", "one").properties["tags"]
    assert isinstance(published, list)
    assert all(isinstance(member, str) for member in published)
    listed = ", ".join("'" + member.replace("'", "''") + "'" for member in published)
    filters = [f"A_EQUALS(tags, ({listed}))", f"A_EQUALS(({listed}), tags)"]
    filters += [f"A_CONTAINS(tags, ('{member}'))" for member in published]
    for text in filters:
        wanted = Query(filter=check(parse_text(text), layer))
        assert [one.id for one in sites.features("sites", wanted)] == ["one"], text


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("CASEI(name) = '西岑站'", ["one"]),
        ("ACCENTI(name) LIKE '西%'", ["one"]),
        ("A_OVERLAPS(('x', '西岑站'), (name, kind))", ["one"]),
        ("A_EQUALS((name, kind), ('x', 'a'))", []),
        ("moment > TIMESTAMP('2024-01-01T00:00:00Z')", ["nowhere"]),
    ],
)
def test_a_filter_takes_texts_that_are_not_utf8(
    sites: GeoPackage, editor: sqlite3.Connection, filter: str, found: list[str]
) -> None:
    gbk = "西岑站".encode("gbk")
    editor.execute(
        "UPDATE sites SET name = CAST(? AS TEXT), moment = CAST(? AS TEXT) WHERE id = 'one'",
        (gbk, gbk),
    )
    wanted = Query(filter=check(parse_text(filter), sites.layer("sites")))
    assert [one.id for one in sites.features("sites", wanted)] == found

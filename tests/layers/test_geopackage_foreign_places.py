"""Places in GeoPackages of other programs: any CRS, index, extent and geometry, in CRS84."""

import sqlite3
import struct
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from geo.extent import Extent
from layers.errors import StoreError
from layers.export.select import whole
from layers.filter import check, parse_text
from layers.formats import geojson
from layers.model import Query
from layers.stores.geopackage import GeoPackage
from tests.layers.foreign import frame, write
from tests.rows import first_quick

ALL = Query()


@pytest.mark.parametrize("crs", [4326, 4490, 4549, 3857, 32651])
@pytest.mark.parametrize("index", [True, False])
def test_any_crs_with_and_without_index(tmp_path: Path, crs: int, index: bool) -> None:
    path = write(tmp_path / "foreign.gpkg", crs, index)
    before = path.read_bytes()
    with closing(GeoPackage.open(path)) as store:
        assert store.read_only
        [layer] = store.layers()
        assert (layer.id, layer.schema.geometry) == ("parcels", "Polygon")
        assert layer.store_crs == ("CRS84" if crs == 4326 else f"EPSG:{crs}")
        features = list(store.features("parcels", ALL))
        assert len(features) == 50
        for feature, expected in zip(features, frame().geometry, strict=True):
            shape = shapely.from_wkb(feature.geometry)
            assert shape.symmetric_difference(expected).area < 1e-8 * expected.area
        box = Query(Extent(120.21, 30.61, 120.34, 30.74))
        found = [one.properties["id"] for one in store.features("parcels", box)]
        assert found == [112, 113, 122, 123]
        assert store.count("parcels", box) == 4
        first = next(store.features("parcels", Query(box.extent, 1)))
        rest = store.features("parcels", Query(box.extent, 10, first.fid))
        assert [one.properties["id"] for one in rest] == found[1:]
        extent = store.extent("parcels")
        assert extent is not None
        assert tuple(extent) == pytest.approx((120, 30.5, 120.95, 30.95), abs=1e-7)
        assert b"".join(geojson.write(whole(store, layer.id)))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM parcels WHERE fid BETWEEN 3 AND 32",
        "INSERT INTO parcels (fid, geom, id) SELECT fid + 1000, geom, id FROM parcels",
    ],
)
def test_an_r_tree_that_was_left_behind(tmp_path: Path, change: str) -> None:
    """By a program that knows no triggers: every feature is counted and on a page, once."""
    path = write(tmp_path / "foreign.gpkg")
    with closing(sqlite3.connect(path)) as connection, connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ]
        for name in names:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(change)
        [(expected,)] = connection.execute("SELECT count(*) FROM parcels").fetchall()
    with closing(GeoPackage.open(path)) as store:
        everywhere = Query(Extent(119, 30, 122, 32))
        assert store.count("parcels", everywhere) == expected
        seen: list[int] = []
        while page := list(
            store.features(
                "parcels", replace(everywhere, limit=7, after=seen[-1] if seen else None)
            )
        ):
            assert len(page) == min(7, expected - len(seen))
            seen += [one.fid for one in page]
        assert len(seen) == len(set(seen)) == expected


@pytest.mark.parametrize(
    ("shapes", "symbol"),
    [
        ([shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(2, 0, 3, 1)]), None], "area"),
        ([shapely.LineString([(0, 0), (1, 1)])], "line"),
        ([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], "circle"),
        ([None], "circle"),
    ],
)
def test_a_table_for_any_geometry_looks_like_what_is_in_it(
    tmp_path: Path, shapes: list[shapely.Geometry | None], symbol: str
) -> None:
    """The GDAL line of the panel declares all tables so."""
    numbered = geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=4326)
    pyogrio.write_dataframe(numbered, tmp_path / "f.gpkg", geometry_type="Unknown")
    with closing(GeoPackage.open(tmp_path / "f.gpkg")) as store:
        [layer] = store.layers()
        assert (layer.schema.geometry, layer.style.symbol) == ("Geometry", symbol)


def test_curves_and_garbage_are_as_good_as_no_geometry(tmp_path: Path) -> None:
    """One feature that nobody here can draw takes nothing from the others."""
    path = tmp_path / "curved.gpkg"
    places = [shapely.Point(n, 50) for n in (0, 1, 2, 3, 4)]
    frame = geopandas.GeoDataFrame({"n": range(5)}, geometry=places, crs=4326)
    frame.to_file(path, layer="l", geometry_type="Unknown", SPATIAL_INDEX="NO")
    curve = struct.pack("<2sBBi", b"GP", 0, 1, 4326) + struct.pack("<BII6d", 1, 8, 3, *range(6))
    with closing(sqlite3.connect(path)) as editor, editor:
        strange = (
            (1, curve),
            (2, b"no geometry at all"),
            (4, "POINT (3 50), as a text 29 b."),
            (5, 7),
        )
        for fid, blob in strange:
            editor.execute("UPDATE l SET geom = ? WHERE fid = ?", (blob, fid))
    with closing(GeoPackage.open(path)) as store:
        layer = store.layer("l")
        found = list(store.features("l", ALL))
        assert [one.geometry is None for one in found] == [True, True, False, True, True]
        assert [store.feature("l", one.id) for one in found] == found
        assert store.count("l", Query(Extent(1.5, 49, 2.5, 51))) == 3  # two without a geometry
        for text, expected in (
            ("S_INTERSECTS(geometry, BBOX(-10, 40, 10, 60))", ["3"]),
            ("S_TOUCHES(geometry, POLYGON((2 50, 3 50, 3 51, 2 50)))", ["3"]),
            ("S_EQUALS(geometry, geometry)", ["3"]),
        ):
            wanted = Query(filter=check(parse_text(text), layer))
            assert [one.id for one in store.features("l", wanted)] == expected


@pytest.mark.slow
@pytest.mark.parametrize("index", [True, False])
def test_the_extent_of_a_large_layer_in_metres(tmp_path: Path, index: bool) -> None:
    """Around all of it, and hardly larger, without a look at every geometry."""
    random = np.random.default_rng(5)
    x, y = random.normal(500_000, 40_000, 20_001), random.normal(3_400_000, 60_000, 20_001)
    frame = geopandas.GeoDataFrame(geometry=shapely.points(x, y), crs=4549)
    path, spatial_index = tmp_path / "large.gpkg", "YES" if index else "NO"
    pyogrio.write_dataframe(frame, path, SPATIAL_INDEX=spatial_index)
    west, south, east, north = frame.to_crs(4490).total_bounds
    with closing(GeoPackage.open(path)) as store:
        found = store.extent("large")
        assert found is not None
        assert found.west < west
        assert found.south < south
        assert found.east > east
        assert found.north > north
        assert tuple(found) == pytest.approx((west, south, east, north), abs=0.1)
        assert store.extent("large", Query(Extent(119, 29, 121, 33))) is not None


@pytest.mark.parametrize("crs", first_quick(1, [4549, 3857, 32650, 3832]))
@pytest.mark.slow
def test_a_box_over_many_in_another_crs(tmp_path: Path, crs: int) -> None:
    """Where most are counted without a look at them: as exact as where each is looked at."""
    random = np.random.default_rng(crs)
    west, east = (-40, 40) if crs == 3857 else (170, 190) if crs == 3832 else (117, 121)
    x, y = random.uniform(west, east, 6_000), random.uniform(29, 33, 6_000)
    x = np.where(x > 180, x - 360, x)
    ends = shapely.points(x + random.choice([0, 0.01], 6_000), y + 0.02)
    places = np.where(
        random.random(6_000) < 0.5,
        shapely.points(x, y),
        shapely.linestrings(np.stack([shapely.get_coordinates(ends), np.c_[x, y]], axis=1)),
    )
    places = places[shapely.bounds(places)[:, 2] <= 180]
    frame = geopandas.GeoDataFrame({"n": range(len(places))}, geometry=places, crs=4326)
    path = tmp_path / "many.gpkg"
    pyogrio.write_dataframe(frame.to_crs(crs), path, layer="l", geometry_type="Unknown")
    degrees = frame.to_crs(crs).to_crs(4326).geometry.array
    with closing(GeoPackage.open(path)) as store:
        corner = shapely.get_coordinates(shapely.from_wkb(store.feature("l", "7").geometry))[0]
        boxes = [
            Extent(-180, -90, 180, 90),
            Extent(west, 28, min(east, 180), 34),
            Extent(west + 0.5, 29.3, min(east, 180) - 0.4, 32.6),
            Extent(corner[0], 29.1, min(east, 180), corner[1]),
            Extent(150, 28, -150, 34),
            Extent(175, 29.5, -175, 32.5),
            Extent(120, -89, 119, 89),
        ]
        for box in boxes:
            expected = np.zeros(len(degrees), bool)
            for part in box.parts:
                expected |= shapely.intersects(shapely.box(*part), degrees)
            found = store.keys("l", Query(box))
            assert store.count("l", Query(box)) == len(found) == expected.sum()
            assert [*found] == (np.flatnonzero(expected) + 1).tolist()


def test_what_a_file_says_of_its_extent_may_be_wrong(tmp_path: Path) -> None:
    path = tmp_path / "wrong.gpkg"
    places = shapely.points(500_000 + np.arange(20_001.0), 3_400_000)
    pyogrio.write_dataframe(
        geopandas.GeoDataFrame(geometry=places, crs=4549), path, SPATIAL_INDEX="NO"
    )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE gpkg_contents SET min_x = 700000, max_x = 700001")
        connection.commit()
    with closing(GeoPackage.open(path)) as store:
        found = store.extent("wrong")
        assert found is not None
        assert found.west == pytest.approx(120, abs=1e-6)


def test_heights_and_strange_names(tmp_path: Path) -> None:
    path = tmp_path / "f.gpkg"
    points = geopandas.GeoDataFrame(
        {'<b>"x"</b>': ["${y}"]}, geometry=[shapely.Point(120, 31, 5)], crs=4326
    )
    pyogrio.write_dataframe(points, path, layer="园区 'A'")
    with closing(GeoPackage.open(path)) as store:
        [layer] = store.layers()
        assert layer.title.zh == "园区 'A'"
        assert layer.id.isascii()
        [feature] = store.features(layer.id, Query(Extent(119, 30, 121, 32)))
        assert not shapely.from_wkb(feature.geometry).has_z
        assert feature.properties == {'<b>"x"</b>': "${y}"}


def test_a_crs_nobody_can_turn_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "f.gpkg")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES"
            " ('local', 999999, 'NONE', 999999, 'undefined', NULL)"
        )
        connection.execute("UPDATE gpkg_geometry_columns SET srs_id = 999999")
        connection.commit()
    with (
        closing(GeoPackage.open(path)) as store,
        pytest.raises(StoreError, match=r"f\.gpkg.*parcels.*CRS"),
    ):
        list(store.features("parcels", ALL))

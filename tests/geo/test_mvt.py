"""Vector tiles: what two other readers find in the bytes, and what shapely says should be there."""

from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import shape

from geo.crs import transform
from geo.mvt import MARGIN, encode
from geo.tiles import HALF_WORLD, Tile
from tests.geo.mvt import (
    BUFFERED,
    TOWN,
    WORLD,
    assert_valid,
    at,
    blob,
    decode,
    drawn,
    layer,
    on_ground,
)

# --- bytes -----------------------------------------------------------------------------------


def test_golden_bytes_of_the_specifications_examples() -> None:
    """Geometries of MVT 2.1 clause 4.3.5, put together by hand with vector_tile.proto."""
    point = shapely.Point(at(TOWN, (25, 17))[0])
    points = shapely.MultiPoint(at(TOWN, (5, 7), (3, 2)))
    line = shapely.LineString(at(TOWN, (2, 2), (2, 10), (10, 10)))
    lines = shapely.MultiLineString([line, at(TOWN, (1, 1), (3, 5))])
    area = shapely.Polygon(at(TOWN, (3, 6), (8, 12), (20, 34)))
    data = encode(
        [layer([point, points, lines, area], {"n": ["a", "a", -1, None]}, [1, 2, 300, 4])], TOWN
    )
    body = bytes.fromhex(
        "7802 0a057369746573"
        "120f 0804 1803 2209 09060c120a0c182c0f"
        "1219 08ac02 12020000 1802 220e 0904041200101000 091111 0a0408"
        "120d 0801 12020001 1801 2203 093222"
        "120f 0802 12020001 1801 2205 110a0e0309"
        "1a016e 22023001 22030a0161 288020"
    )
    # layer 3 of the tile; version, name; an area, two lines, a point, two points; keys, values
    assert data == bytes((0x1A, len(body))) + body


def test_the_same_input_gives_the_same_bytes() -> None:
    def once() -> bytes:
        rng = np.random.default_rng(1)
        points = shapely.points(at(TOWN, *rng.uniform(0, 4096, (50, 2)).tolist()))
        names = [f"企业{n % 7}" for n in range(50)]
        return encode([layer(points.tolist(), {"name": names, "n": list(range(50))})], TOWN)

    assert once() == once()


@pytest.mark.parametrize(
    "geometries",
    [
        [],
        [None, None],
        [shapely.Point(), shapely.Polygon(), shapely.GeometryCollection()],
        [shapely.Point(-70, -30), shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])],
    ],
)
def test_a_tile_with_nothing_in_it_is_no_bytes(geometries: list[Any]) -> None:
    assert encode([layer(geometries, {"n": list(range(len(geometries)))})], TOWN) == b""


def test_no_layer_is_no_bytes() -> None:
    assert encode([], TOWN) == b""


def test_layers_stand_in_their_order_and_empty_ones_are_left_out() -> None:
    here = shapely.Point(at(TOWN, (100, 100))[0])
    data = encode(
        [layer([here], name="b"), layer([None], name="none"), layer([here], name="a")], TOWN
    )
    tile = mapbox_vector_tile.decode(data)
    assert list(tile) == ["b", "a"]
    assert {(part["version"], part["extent"]) for part in tile.values()} == {(2, 4096)}


def test_two_layers_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two layers named 'sites'"):
        encode([layer([]), layer([])], TOWN)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="'sites' differ in length"):
        encode([layer([None], {"n": [1, 2]})], TOWN)


# --- points ----------------------------------------------------------------------------------


@pytest.mark.parametrize("tile", [WORLD, Tile(5, 13, 26), TOWN, Tile(22, 1713931, 3506281)])
def test_points_are_where_proj_says(tile: Tile) -> None:
    rng = np.random.default_rng(2)
    units = rng.uniform(-60, 4156, (300, 2))
    if tile == WORLD:
        units = rng.uniform(70, 4026, (300, 2))  # nothing repeats beyond the antimeridian
    points = shapely.points(at(tile, *units.tolist()))
    features = drawn(points.tolist(), tile)
    assert [feature["id"] for feature in features] == list(range(1, 301))
    got = np.array([feature["geometry"]["coordinates"] for feature in features])
    assert np.abs(got - units).max() <= 0.501


def test_points_are_kept_up_to_64_units_beyond_the_edge() -> None:
    corners = [(-64, -64), (4160, 4160), (-64.6, 100), (100, 4160.6), (4161, -65)]
    features = drawn([shapely.Point(xy) for xy in at(TOWN, *corners)], TOWN)
    # half a tenth inside, as a position on the very edge may fall to either side
    assert {feature["id"] for feature in features} <= {1, 2}
    inside = [shapely.Point(xy) for xy in at(TOWN, (-63.9, -63.9), (4159.9, 4159.9))]
    places = [feature["geometry"]["coordinates"] for feature in drawn(inside, TOWN)]
    assert places == [[-64, -64], [4160, 4160]]


def test_the_extent_with_the_margin_holds_all_that_is_drawn() -> None:
    ground = TOWN.extent(MARGIN)
    ((west, north), (east, south)) = at(TOWN, (-64, -64), (4160, 4160)).tolist()
    assert ground == pytest.approx((west, south, east, north), abs=1e-9)


def test_a_multipoint_is_one_feature_with_the_points_inside() -> None:
    points = shapely.MultiPoint(at(TOWN, (1, 2), (3, 4), (3.1, 4.1), (9000, 9000)))
    (feature,) = drawn([points], TOWN)
    assert feature["geometry"] == {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}


def test_heights_are_left_out() -> None:
    lon, lat = at(TOWN, (7, 8))[0]
    (feature,) = drawn([shapely.Point(lon, lat, 40.0)], TOWN)
    assert feature["geometry"] == {"type": "Point", "coordinates": [7, 8]}


# --- lines -----------------------------------------------------------------------------------


def test_lines_are_clipped_to_the_buffer_and_within_a_unit() -> None:
    rng = np.random.default_rng(3)
    lines = [
        shapely.LineString(
            np.cumsum(rng.uniform(-700, 700, (30, 2)), axis=0) + rng.uniform(0, 4096, 2)
        )
        for _ in range(60)
    ]
    features = {
        f["id"]: shape(f["geometry"]) for f in drawn([on_ground(x, TOWN) for x in lines], TOWN)
    }
    for number, line in enumerate(lines, 1):
        expected = shapely.intersection(line, BUFFERED)
        if expected.is_empty:
            assert number not in features
            continue
        got = features[number]
        assert BUFFERED.covers(got)
        assert shapely.hausdorff_distance(got, expected) <= 1
    assert len(features) > 30


def test_a_line_that_leaves_and_returns_is_two_lines() -> None:
    line = shapely.LineString([(4000, 100), (5000, 100), (5000, 200), (4000, 200)])
    (feature,) = drawn([on_ground(line, TOWN)], TOWN)
    assert feature["geometry"]["type"] == "MultiLineString"
    assert sorted(feature["geometry"]["coordinates"]) == [
        [[4000, 100], [4160, 100]],
        [[4160, 200], [4000, 200]],
    ]


def test_a_line_too_short_to_see_is_one_unit_long() -> None:
    short = [shapely.LineString([(x, 5), (x + 0.2, 5.1)]) for x in (10, 4160 - 0.3, 2000)]
    pieces = shapely.MultiLineString([short[0], [(50, 50), (60, 60)], short[2]])
    features = drawn([on_ground(line, TOWN) for line in (*short, pieces)], TOWN)
    assert [feature["geometry"]["coordinates"] for feature in features] == [
        [[10, 5], [11, 5]],
        [[4160, 5], [4159, 5]],
        [[2000, 5], [2001, 5]],
        [[50, 50], [60, 60]],
    ]


def test_a_ring_is_a_line() -> None:
    ring = shapely.LinearRing([(10, 10), (20, 10), (20, 20)])
    (feature,) = drawn([on_ground(ring, TOWN)], TOWN)
    assert feature["geometry"]["coordinates"] == [[10, 10], [20, 10], [20, 20], [10, 10]]


# --- mixed and broken geometry ---------------------------------------------------------------


def test_a_collection_is_a_feature_of_each_kind_with_one_id() -> None:
    nested = shapely.GeometryCollection(
        [
            shapely.Point(5, 5),
            shapely.GeometryCollection(
                [shapely.box(10, 10, 30, 30), shapely.box(20, 20, 40, 40), shapely.Point(6, 6)]
            ),
            shapely.LineString([(1, 1), (9, 9)]),
        ]
    )
    features = drawn([shapely.Point(), on_ground(nested, TOWN)], TOWN)
    kinds = [(feature["id"], feature["geometry"]["type"]) for feature in features]
    assert kinds == [(2, "Polygon"), (2, "LineString"), (2, "MultiPoint")]
    assert_valid(features[:1])
    assert shape(features[0]["geometry"]).area == 700  # the overlap counts once


def test_positions_that_are_not_numbers_are_left_out() -> None:
    good = shapely.box(10, 10, 20, 20)
    with np.errstate(invalid="ignore"):
        bad = [
            shapely.Point(np.nan, 31),
            shapely.Point(np.inf, 31),
            shapely.LineString([(121, 31), (np.nan, np.nan), (122, 32)]),
            shapely.LineString([(121, 31), (np.inf, 32), (122, 31)]),
            shapely.Polygon([(120, 30), (122, 30), (np.nan, 32), (120, 30)]),
        ]
    features = drawn([*bad, on_ground(good, TOWN)], TOWN)
    assert [feature["id"] for feature in features] == [6]


# --- GDAL ------------------------------------------------------------------------------------


def test_gdal_reads_all_kinds_where_they_are(tmp_path: Path) -> None:
    """GDAL places a tile by its file name, zoom-x-y, and turns it back to EPSG:3857."""
    shapes = [
        shapely.Point(100, 200),
        shapely.LineString([(10, 10), (500, 900)]),
        shapely.Polygon(
            [(1000, 1000), (3000, 1000), (2000, 3000)], [[(1900, 1500), (2100, 1500), (2000, 1700)]]
        ),
        shapely.MultiPolygon([shapely.box(5, 5, 50, 50), shapely.box(60, 60, 90, 90)]),
        shapely.MultiPoint([(1, 2), (30, 40)]),
    ]
    attributes = {
        "名称": ["西岑", None, "b", "c", "d"],
        "n": [1, -1, 2**53 + 1, 2**63 - 1, 5],
        "share": [0.5, None, 86.3, 1e300, 2.0],
        "known": [True, False, None, True, True],
    }
    ground = [on_ground(geometry, TOWN) for geometry in shapes]
    path = tmp_path / f"{TOWN.zoom}-{TOWN.x}-{TOWN.y}.pbf"
    path.write_bytes(encode([layer(ground, attributes, [11, 12, 13, 14, 15], "zone")], TOWN))
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["zone"]
    info = pyogrio.read_info(path, layer="zone")
    assert info["crs"] == "EPSG:3857"
    types = dict(zip(info["fields"].tolist(), info["ogr_types"], strict=True))
    assert types["名称"] == "OFTString"
    assert types["n"] == types["mvt_id"] == "OFTInteger64"
    assert types["share"] == "OFTReal"
    meta, _, geometries, columns = pyogrio.raw.read(path, layer="zone")
    data = dict(zip(meta["fields"].tolist(), columns, strict=True))
    assert data["mvt_id"].tolist() == [13, 14, 12, 11, 15]
    assert data["名称"].tolist() == ["b", "c", None, "西岑", "d"]
    unit = 2 * HALF_WORLD / 2**TOWN.zoom / 4096
    for number, geometry in zip([2, 3, 1, 0, 4], shapely.from_wkb(geometries), strict=True):
        metres = shapely.transform(
            ground[number], lambda coords: transform(coords, "CRS84", "EPSG:3857")
        )
        assert geometry.is_valid
        assert shapely.hausdorff_distance(geometry, metres) <= unit


def test_gdal_counts_what_was_put_in(tmp_path: Path) -> None:
    rng = np.random.default_rng(10)
    areas = [on_ground(blob(rng, 40), TOWN) for _ in range(300)]
    data = encode([layer(areas)], TOWN)
    path = tmp_path / f"{TOWN.zoom}-{TOWN.x}-{TOWN.y}.pbf"
    path.write_bytes(data)
    info = pyogrio.read_info(path, layer="sites", force_feature_count=True)
    assert info["features"] == len(decode(data)) > 250

"""Vector tiles: what two other readers find in the bytes, and what shapely says should be there."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from geo.crs import transform
from geo.mvt import MARGIN, TileLayer, encode
from geo.tiles import HALF_WORLD, Tile

WORLD = Tile(0, 0, 0)
TOWN = Tile(12, 1673, 3424)  # about 9.8 km, at 31 N
BUFFERED = shapely.box(-64, -64, 4160, 4160)

Features = list[dict[str, Any]]


def layer(
    geometries: Sequence[Any],
    attributes: Mapping[str, Any] | None = None,
    fids: Sequence[int] | None = None,
    name: str = "sites",
) -> TileLayer:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    ids = np.array(range(1, len(array) + 1) if fids is None else fids, np.uint64)
    return TileLayer(name, ids, array, attributes or {})


def decode(data: bytes, name: str = "sites") -> Features:
    """The features as mapbox_vector_tile reads them, in tile units, y down."""
    tile = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    features: Features = tile[name]["features"]
    return features


def drawn(geometries: Sequence[Any], tile: Tile) -> Features:
    data = encode([layer(geometries)], tile)
    return decode(data) if data else []


def at(tile: Tile, *units: tuple[float, float]) -> NDArray[Any]:
    """CRS84 positions of positions in tile units, through PROJ, not through the code's formula."""
    size = 2 * HALF_WORLD / 2**tile.zoom / 4096
    west, _, _, north = tile.bounds
    metres = np.array([(west + x * size, north - y * size) for x, y in units])
    return transform(metres, "EPSG:3857", "CRS84")


def on_ground(geometry: Any, tile: Tile) -> Any:
    """A shape in tile units, put where it is on the ground."""
    return shapely.transform(geometry, lambda coords: at(tile, *coords.tolist()))


def rings(feature: dict[str, Any]) -> list[list[Any]]:
    """Exterior ring and holes of each polygon, as they stand in the tile."""
    geometry = feature["geometry"]
    many = geometry["type"] == "MultiPolygon"
    return geometry["coordinates"] if many else [geometry["coordinates"]]


def assert_valid(features: Features) -> None:
    """MVT 2.1 clause 4.3.4.4: valid, exterior rings of positive area, holes of negative."""
    for feature in features:
        assert shape(feature["geometry"]).is_valid
        for exterior, *holes in rings(feature):
            assert shapely.LinearRing(exterior).is_ccw  # y is down: counter-clockwise is positive
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)
            for ring in (exterior, *holes):
                assert shapely.Polygon(ring).area > 0
                assert all(a != b for a, b in pairwise(ring))


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


# --- polygons --------------------------------------------------------------------------------


def blob(rng: np.random.Generator, radius: float) -> Any:
    """A star-shaped polygon with a hole, in tile units, some of it beyond the tile."""
    centre = rng.uniform(-200, 4300, 2)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 60))
    reach = radius * (1 + 0.3 * np.sin(4 * angles) + rng.uniform(-0.05, 0.05, 60))
    rim = np.column_stack((np.cos(angles), np.sin(angles))) * reach[:, None]
    area = shapely.Polygon(centre + rim, [centre + rim * 0.4])
    return area if area.is_valid else shapely.make_valid(area)


@pytest.mark.parametrize("radius", [0.3, 3.0, 30.0, 900.0, 9000.0])
def test_polygons_are_valid_clipped_and_within_a_unit(radius: float) -> None:
    rng = np.random.default_rng(int(radius * 10))
    areas = [blob(rng, radius) for _ in range(80)]
    features = drawn([on_ground(area, TOWN) for area in areas], TOWN)
    assert_valid(features)
    found = {feature["id"]: shape(feature["geometry"]) for feature in features}
    assert len(found) == len(features)
    for number, area in enumerate(areas, 1):
        expected = shapely.intersection(area, BUFFERED)
        if expected.is_empty:
            assert number not in found
            continue
        got = found[number]
        assert BUFFERED.covers(got)
        assert not shapely.difference(got, shapely.buffer(expected, 1.5)).area
        assert not shapely.difference(shapely.buffer(expected, -1.5), got).area
        if radius >= 30:
            # grows and shrinks by no more than a strip of one unit along the outline
            assert abs(got.area - expected.area) <= expected.length + 4


def test_twelve_small_polygons_are_twelve_at_zoom_0() -> None:
    """Parks of some hundred metres; another server keeps five of them."""
    rng = np.random.default_rng(5)
    parks = [
        shapely.box(lon, lat, lon + 0.003, lat + 0.002)
        for lon, lat in rng.uniform((120.6, 30.8), (121.2, 31.3), (12, 2)).tolist()
    ]
    for zoom in range(16):
        seen: set[int] = set()
        count = 1 << zoom
        for tile in {
            Tile(zoom, row, column)
            for park in parks
            for row, column in [_tile_at(park.centroid.x, park.centroid.y, count)]
        }:
            features = drawn(parks, tile)
            assert_valid(features)
            seen |= {feature["id"] for feature in features}
        assert seen == set(range(1, 13))
    features = drawn(parks, WORLD)
    assert len(features) == 12
    assert {shape(feature["geometry"]).area for feature in features} == {1.0}


def _tile_at(lon: float, lat: float, count: int) -> tuple[int, int]:
    metres = transform(np.array([(lon, lat)]), "CRS84", "EPSG:3857")[0]
    column, row = (metres * (1, -1) + HALF_WORLD) / (2 * HALF_WORLD) * count
    return int(row), int(column)


def test_holes_and_islands_too_small_to_see_go_the_rest_stays() -> None:
    tiny_hole = [(50, 50), (50, 50.3), (50.3, 50.3)]
    big_hole = [(20, 20), (20, 30), (30, 30), (30, 20)]
    lake = shapely.Polygon([(10, 10), (90, 10), (90, 90), (10, 90)], [tiny_hole, big_hole])
    areas = shapely.MultiPolygon([lake, shapely.box(200.1, 200.1, 200.3, 200.3)])
    (feature,) = drawn([on_ground(areas, TOWN)], TOWN)
    assert_valid([feature])
    ((exterior, *holes),) = rings(feature)
    assert shapely.Polygon(exterior).equals(shapely.box(10, 10, 90, 90))
    assert [shapely.Polygon(hole).bounds for hole in holes] == [(20, 20, 30, 30)]


def test_islands_that_rounding_brings_together_stay_valid() -> None:
    areas = shapely.MultiPolygon([shapely.box(10, 10, 20.3, 20), shapely.box(20.4, 10, 30, 20)])
    (feature,) = drawn([on_ground(areas, TOWN)], TOWN)
    assert_valid([feature])
    assert shape(feature["geometry"]).equals(shapely.box(10, 10, 30, 20))


def test_an_invalid_polygon_is_drawn_valid() -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    far_tie = shapely.Polygon([(4000, 0), (5000, 1000), (5000, 0), (4000, 1000)])
    flat = shapely.Polygon([(500, 500), (600, 500), (700, 500)])
    features = drawn([on_ground(area, TOWN) for area in (bow_tie, far_tie, flat)], TOWN)
    assert_valid(features)
    assert [feature["id"] for feature in features] == [1, 2, 3]
    assert shape(features[0]["geometry"]).area == pytest.approx(5000, abs=200)
    assert shape(features[2]["geometry"]).area == 1


def test_an_invalid_polygon_across_the_edge_keeps_the_right_areas() -> None:
    rng = np.random.default_rng(12)
    areas = [shapely.Polygon(rng.uniform(-3000, 7000, (7, 2))) for _ in range(60)]
    features = drawn([on_ground(area, TOWN) for area in areas], TOWN)
    assert_valid(features)
    found = {feature["id"]: shape(feature["geometry"]) for feature in features}
    for number, area in enumerate(areas, 1):
        mended = shapely.make_valid(area, method="structure", keep_collapsed=False)
        expected = shapely.intersection(mended, BUFFERED)
        difference = shapely.symmetric_difference(found.get(number, shapely.Polygon()), expected)
        assert difference.area <= expected.length + 4


def test_a_polygon_around_the_tile_fills_it_and_its_buffer() -> None:
    (feature,) = drawn([shapely.box(100, 10, 140, 50)], TOWN)
    assert shape(feature["geometry"]).equals(BUFFERED)


def test_a_polygon_whose_corner_box_meets_the_tile_but_not_itself_is_absent() -> None:
    corner = shapely.Polygon([(-3000, 4000), (-3000, 8000), (2000, 8000), (-2900, 7900)])
    assert corner.bounds[2] > 0
    assert drawn([on_ground(corner, TOWN)], TOWN) == []


def test_polar_land_reaches_the_edge_of_the_map() -> None:
    south = shapely.box(-180, -90, 180, -60)
    (feature,) = drawn([south], WORLD)
    assert_valid([feature])
    assert shape(feature["geometry"]).bounds == (-64, 2907, 4160, 4160)


# --- across the antimeridian -----------------------------------------------------------------


def test_at_the_antimeridian_the_buffer_shows_the_other_side() -> None:
    east, west = shapely.Point(179.99, 0), shapely.Point(-179.99, 0)
    first, last = Tile(6, 31, 0), Tile(6, 31, 63)
    places = [f["geometry"]["coordinates"] for f in drawn([east, west], first)]
    assert places == [[-7, 4096], [7, 4096]]
    places = [f["geometry"]["coordinates"] for f in drawn([east, west], last)]
    assert places == [[4089, 4096], [4103, 4096]]
    assert drawn([east, west], Tile(6, 31, 1)) == []


def test_an_area_cut_at_the_antimeridian_is_drawn_whole() -> None:
    """RFC 7946 clause 3.1.9 cuts it; the two halves must not show an edge or overlap."""
    island = shapely.MultiPolygon([shapely.box(179.9, 1, 180, 2), shapely.box(-180, 1, -179.9, 2)])
    for tile in (Tile(6, 31, 0), Tile(6, 31, 63), WORLD):
        (feature,) = drawn([island], tile)
        assert_valid([feature])
    (feature,) = drawn([island], Tile(6, 31, 0))
    ((exterior, *_),) = rings(feature)
    assert len(exterior) >= 5
    assert shape(feature["geometry"]).bounds[::2] == (-64, 73)
    assert shapely.LineString([(0, 2700), (0, 3300)]).within(shape(feature["geometry"]))


def test_a_line_along_the_edge_goes_on_in_the_buffer() -> None:
    line = shapely.MultiLineString([[(179, 0), (180, 0)], [(-180, 0), (-179, 0)]])
    (feature,) = drawn([line], Tile(6, 31, 0))
    assert shape(feature["geometry"]).bounds == (-64, 4096, 728, 4096)


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


# --- attributes ------------------------------------------------------------------------------


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

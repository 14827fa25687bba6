"""GeoJSON geometry: what is taken, every refusal, and the bytes that go out."""

import json
import math
import re
from typing import Any

import numpy as np
import pytest
import shapely

from geo.crs import CRSError
from geo.geometry import GeometryError, geojson_fragments, geometry_from_geojson

SQUARE = [[121, 31], [122, 31], [122, 32], [121, 32], [121, 31]]
HOLE = [[121.2, 31.2], [121.4, 31.2], [121.4, 31.4], [121.2, 31.4], [121.2, 31.2]]
ISLAND = [[123, 31], [124, 31], [124, 32], [123, 31]]


def collection(depth: int) -> dict[str, Any]:
    """Collections inside each other, a point in the innermost."""
    value: dict[str, Any] = {"type": "Point", "coordinates": [121, 31]}
    for _ in range(depth):
        value = {"type": "GeometryCollection", "geometries": [value]}
    return value


@pytest.mark.parametrize(
    ("kind", "coordinates", "wkt"),
    [
        ("Point", [121.12, 31.15], "POINT (121.12 31.15)"),
        ("Point", (121, 31), "POINT (121 31)"),
        ("MultiPoint", [[121, 31], [122, 32]], "MULTIPOINT ((121 31), (122 32))"),
        ("LineString", [[121, 31], [122, 32]], "LINESTRING (121 31, 122 32)"),
        (
            "MultiLineString",
            [[[121, 31], [122, 32]], [[1, 2], [3, 4], [5, 6]]],
            "MULTILINESTRING ((121 31, 122 32), (1 2, 3 4, 5 6))",
        ),
        (
            "Polygon",
            [SQUARE, HOLE[::-1]],
            "POLYGON ((121 31, 122 31, 122 32, 121 32, 121 31), (121.2 31.2, 121.2 31.4, "
            "121.4 31.4, 121.4 31.2, 121.2 31.2))",
        ),
        (
            "MultiPolygon",
            [[SQUARE], [ISLAND]],
            "MULTIPOLYGON (((121 31, 122 31, 122 32, 121 32, 121 31)), "
            "((123 31, 124 31, 124 32, 123 31)))",
        ),
    ],
)
def test_each_type_is_read(kind: str, coordinates: object, wkt: str) -> None:
    geometry = geometry_from_geojson({"type": kind, "coordinates": coordinates})
    assert geometry.equals_exact(shapely.from_wkt(wkt))
    assert geometry.geom_type == kind


def test_a_collection_is_read() -> None:
    members = [
        {"type": "Point", "coordinates": [121, 31]},
        {"type": "Polygon", "coordinates": [SQUARE[::-1]]},
    ]
    geometry = geometry_from_geojson({"type": "GeometryCollection", "geometries": members})
    assert [part.geom_type for part in geometry.geoms] == ["Point", "Polygon"]
    assert geometry.geoms[1].exterior.is_ccw


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"type": "Point", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
    ],
)
def test_null_and_empty_are_none(value: object) -> None:
    assert geometry_from_geojson(value) is None


def test_heights_are_dropped() -> None:
    geometry = geometry_from_geojson(
        {"type": "LineString", "coordinates": [[121, 31, 4.5], [122, 32, 5, 99], [123, 33]]}
    )
    assert geometry.equals_exact(shapely.from_wkt("LINESTRING (121 31, 122 32, 123 33)"))
    assert not geometry.has_z


def test_what_arithmetic_left_beyond_the_edge_of_the_world_is_moved_onto_it() -> None:
    """Natural Earth has such positions in Russia and Fiji."""
    value = {"type": "LineString", "coordinates": [[180.00000000000006, 71.5], [179.5, 71.0]]}
    geometry = geometry_from_geojson(value)
    assert shapely.get_coordinates(geometry).tolist() == [[180.0, 71.5], [179.5, 71.0]]
    with pytest.raises(GeometryError, match="outside longitude"):
        geometry_from_geojson({"type": "Point", "coordinates": [180.00001, 71.5]})


def test_another_crs_is_turned_after_the_structure_is_checked() -> None:
    ring = [[606800.2, 3448144.9], [607800.2, 3448144.9], [607800.2, 3449144.9]]
    value = {"type": "Polygon", "coordinates": [[*ring, ring[0]][::-1]]}
    polygon = geometry_from_geojson(value, crs="EPSG:4549")
    assert polygon.bounds == pytest.approx((121.12, 31.15, 121.1305, 31.159), abs=2e-3)
    assert polygon.exterior.is_ccw
    with pytest.raises(GeometryError, match="ring 1 of Polygon is not closed"):
        geometry_from_geojson({"type": "Polygon", "coordinates": [[*ring, ring[1]]]}, crs="BD09")
    with pytest.raises(CRSError, match="CRS '4549' is not known"):
        geometry_from_geojson(value, crs="4549")
    with pytest.raises(GeometryError, match="looks like metres"):
        geometry_from_geojson(value, crs="GCJ02")


@pytest.mark.parametrize("shell", [SQUARE, SQUARE[::-1]])
@pytest.mark.parametrize("hole", [HOLE, HOLE[::-1]])
def test_polygons_are_wound_as_rfc_7946_asks(shell: list[object], hole: list[object]) -> None:
    polygon = geometry_from_geojson({"type": "Polygon", "coordinates": [shell, hole]})
    assert polygon.exterior.is_ccw
    assert not polygon.interiors[0].is_ccw


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([121, 31], "a geometry must be a JSON object, not [121, 31]"),
        ("POINT (1 2)", "a geometry must be a JSON object, not 'POINT (1 2)'"),
        (
            {"type": "Circle", "coordinates": [121, 31]},
            "geometry type 'Circle' is not one of Point, MultiPoint, LineString, MultiLineString, "
            "Polygon, MultiPolygon, GeometryCollection",
        ),
        ({"coordinates": [121, 31]}, "geometry type None is not one of"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "geometry type ['Point'] is not one of"),
        ({"type": "Feature", "geometry": None}, "geometry type 'Feature' is not one of"),
        ({"type": "Point"}, "coordinates must be a list, not None"),
        ({"type": "Point", "coordinates": "121,31"}, "coordinates must be a list, not '121,31'"),
        ({"type": "Point", "coordinates": [121]}, "Point has [121] where [lon, lat] belongs"),
        (
            {"type": "Point", "coordinates": ["121", "31"]},
            "Point has ['121', '31'] where [lon, lat] belongs",
        ),
        ({"type": "Point", "coordinates": [True, 31]}, "Point has [True, 31] where"),
        ({"type": "Point", "coordinates": [121, None]}, "Point has [121, None] where"),
        ({"type": "Point", "coordinates": [121, 31, None]}, "Point has [121, 31, None] where"),
        ({"type": "Point", "coordinates": [1, 2, 3, 4, 5]}, "Point has [1, 2, 3, 4, 5] where"),
        ({"type": "LineString", "coordinates": [121, 31]}, "LineString has 121 where [lon, lat]"),
        (
            {"type": "LineString", "coordinates": [[121, 31]]},
            "LineString needs at least 2 positions, not 1",
        ),
        (
            {"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]], []]},
            "line 2 of MultiLineString needs at least 2 positions, not 0",
        ),
        (
            {"type": "MultiLineString", "coordinates": [7]},
            "line 1 of MultiLineString must be a list, not 7",
        ),
        (
            {"type": "Polygon", "coordinates": [SQUARE[:3]]},
            "ring 1 of Polygon needs at least 4 positions, not 3",
        ),
        (
            {"type": "Polygon", "coordinates": [SQUARE[:4]]},
            "ring 1 of Polygon is not closed: it starts at [121.0, 31.0] and ends at [121.0, 32.0]",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [[ISLAND], [SQUARE, HOLE[:4]]]},
            "ring 2 of polygon 2 of MultiPolygon is not closed",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [[SQUARE], []]},
            "polygon 2 of MultiPolygon has no ring",
        ),
        (
            {"type": "Point", "coordinates": [math.nan, 31]},
            "Point has a coordinate that is not a finite number",
        ),
        (
            {"type": "LineString", "coordinates": [[121, 31], [121, math.inf]]},
            "LineString has a coordinate that is not a finite number",
        ),
        (
            {"type": "Point", "coordinates": [10**400, 31]},
            "Point has a coordinate that is not a finite number",
        ),
        ({"type": "Point", "coordinates": [31.15, 121.12]}, "looks like lat,lon"),
        (
            {"type": "Point", "coordinates": [606800.2, 3448144.9]},
            "looks like metres, say which CRS",
        ),
        ({"type": "Point", "coordinates": [181, 31]}, "position 181,31 is outside longitude"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[121, 31], [122, 32], [122, 31], [121, 32], [121, 31]]],
            },
            "the Polygon is not valid: Self-intersection at 121.5,31.5",
        ),
        (
            {"type": "Polygon", "coordinates": [SQUARE, ISLAND]},
            "the Polygon is not valid: Hole lies outside shell at 123,31",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
            "the MultiPolygon is not valid: Self-intersection at ",
        ),
        (
            {"type": "LineString", "coordinates": [[121, 31], [121, 31]]},
            "the LineString is not valid: Too few points in geometry component at 121,31",
        ),
        (
            {"type": "GeometryCollection", "geometries": {}},
            "geometries must be a list, not {}",
        ),
        (
            {"type": "GeometryCollection", "geometries": [None]},
            "a geometry must be a JSON object, not None",
        ),
        (
            {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": [1, 2]},
                    {"type": "Point", "coordinates": []},
                ],
            },
            "member 2 of the GeometryCollection is empty",
        ),
        (collection(11), "geometry collections are nested more than 10 deep"),
        (collection(5_000), "geometry collections are nested more than 10 deep"),
    ],
)
def test_refusals(value: object, sentence: str) -> None:
    with pytest.raises(GeometryError) as refusal:
        geometry_from_geojson(value)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_ten_collections_deep_is_taken() -> None:
    assert geometry_from_geojson(collection(10)).geom_type == "GeometryCollection"


@pytest.mark.slow
def test_the_number_of_positions_is_limited() -> None:
    positions = [[x / 1000, 31] for x in range(100_000)]
    line = {"type": "LineString", "coordinates": positions}
    assert shapely.get_num_points(geometry_from_geojson(line)) == 100_000
    positions.append([0, 32])
    with pytest.raises(GeometryError, match="the geometry has more than 100000 positions"):
        geometry_from_geojson(line)


def test_the_limit_counts_all_parts_together() -> None:
    value = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [ISLAND]]}
    assert geometry_from_geojson(value, max_points=14) is not None
    with pytest.raises(GeometryError, match="more than 13 positions"):
        geometry_from_geojson(value, max_points=13)
    both = {"type": "GeometryCollection", "geometries": [value, value]}
    with pytest.raises(GeometryError, match="more than 27 positions"):
        geometry_from_geojson(both, max_points=27)


def nested_list(depth: int) -> list[Any]:
    value: list[Any] = [121, 31]
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        {"type": "x" * 10_000},
        {"type": "Point", "coordinates": nested_list(50_000)},
        {"type": "Polygon", "coordinates": nested_list(50_000)},
        {"type": "LineString", "coordinates": [list(range(50_000))]},
        nested_list(50_000),
    ],
)
def test_a_refusal_does_not_repeat_a_long_value(value: object) -> None:
    with pytest.raises(GeometryError) as refusal:
        geometry_from_geojson(value)
    assert len(str(refusal.value)) < 200


GEOMETRIES = [
    "POINT (121.123456789 31.1)",
    "MULTIPOINT ((121 31), (122.5 32))",
    "LINESTRING (121 31, 122 32.25)",
    "MULTILINESTRING ((121 31, 122 32), (1 2, 3 4, 5 6))",
    "POLYGON ((121 31, 122 31, 122 32, 121 31), (121.6 31.2, 121.7 31.3, 121.7 31.2, 121.6 31.2))",
    "MULTIPOLYGON (((121 31, 122 31, 122 32, 121 31)), ((1 1, 2 1, 2 2, 1 1)))",
    "GEOMETRYCOLLECTION (POINT (1 2), GEOMETRYCOLLECTION (LINESTRING (1 2, 3 4), POINT (5 6)))",
]


def rounded(value: object) -> object:
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return round(value, 7) if isinstance(value, float) else value


def test_fragments_are_what_shapely_writes_rounded() -> None:
    """All types at once and twice, so that each comes back to its own place."""
    geometries = shapely.from_wkt(np.array([*GEOMETRIES, *GEOMETRIES[::-1]], dtype=object))
    theirs = [rounded(json.loads(text)) for text in shapely.to_geojson(geometries)]
    assert [json.loads(fragment or b"") for fragment in geojson_fragments(geometries)] == theirs


def test_fragments_of_null_and_empty_are_none() -> None:
    geometries = np.array(
        [None, shapely.Point(1, 2), shapely.Polygon(), shapely.GeometryCollection(), None]
    )
    fragments = geojson_fragments(geometries)
    assert [fragment is None for fragment in fragments] == [True, False, True, True, True]
    assert fragments[1] == b'{"type":"Point","coordinates":[1.0,2.0]}'
    assert geojson_fragments(np.array([], dtype=object)) == []


def test_fragments_drop_heights() -> None:
    geometries = shapely.from_wkt(["POINT Z (1 2 3)", "LINESTRING Z (1 2 3, 4 5 6)"])
    assert geojson_fragments(geometries) == [
        b'{"type":"Point","coordinates":[1.0,2.0]}',
        b'{"type":"LineString","coordinates":[[1.0,2.0],[4.0,5.0]]}',
    ]


def test_numbers_have_at_most_seven_decimals() -> None:
    coords = np.random.default_rng(4).uniform((-180, -90), (180, 90), (20_000, 2))
    coords[0] = -1e-9, 1e-9
    points, line = shapely.points(coords), shapely.linestrings(coords)
    fragments = geojson_fragments(np.append(points, line))
    text = b"".join(fragment for fragment in fragments if fragment)
    assert not re.search(rb"\.\d{8}|-0\.0\D", text)
    read = [json.loads(fragment or b"")["coordinates"] for fragment in fragments]
    np.testing.assert_allclose(read[:-1], coords, rtol=0, atol=0.5001e-7)
    assert read[-1] == read[:-1]


def test_what_went_out_comes_in_unchanged() -> None:
    random = np.random.default_rng(5)
    centres = shapely.points(random.uniform((73, 18), (135, 53), (200, 2)))
    shapes = shapely.buffer(centres, random.uniform(0.01, 1, 200), quad_segs=6)
    fragments = geojson_fragments(shapes)
    back = [geometry_from_geojson(json.loads(fragment or b"")) for fragment in fragments]
    assert geojson_fragments(np.array(back)) == geojson_fragments(shapely.orient_polygons(shapes))

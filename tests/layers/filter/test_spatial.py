"""Classes basic-spatial-functions(-plus), spatial-functions; filter-crs; boxes for the R-tree."""

import pytest
import shapely

from geo.extent import Extent
from layers.filter import FilterError, check, parse_text
from layers.filter.boxes import boxes
from layers.filter.spatial import related_to
from layers.filter.stored import related_blobs
from layers.stores.geopackage_blob import write_blobs
from tests.layers.filter.places import IDS, LAYER, Places

PLACED = " ".join(IDS[:-1])
WORLD = "POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"

CASES = [
    ("S_INTERSECTS(geometry, BBOX(-180, -90, 180, 90))", PLACED),
    (f"S_INTERSECTS(geometry, {WORLD})", PLACED),
    ("S_INTERSECTS(geometry, POINT(7.02 49.92))", "street field"),
    ("S_INTERSECTS(geometry, POINT Z(7.02 49.92 88))", "street field"),
    ("S_INTERSECTS(geometry, LINESTRING(7 50, 10 51))", "field"),
    ("S_INTERSECTS(geometry, MULTIPOINT(7.47 46.92, 12.57 55.68))", "koben bern field"),
    ("S_INTERSECTS(geometry, MULTIPOINT((7.47 46.92), (12.57 55.68)))", "koben bern field"),
    ("S_INTERSECTS(geometry, MULTILINESTRING((0 0, 1 1), (7.47 46, 7.47 47)))", "bern field"),
    ("S_INTERSECTS(geometry, MULTIPOLYGON(((13 52, 14 52, 14 53, 13 52)),"
     " ((13 42, 14 42, 14 43, 13 43, 13 42))))", "aquila"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(13.4 52.52), LINESTRING(30 50.43,31 50.43)))",
     "kiev berlin"),
    ("S_INTERSECTS(geometry, BBOX(0, 40, 10, 50))", "bern street field river"),
    ("S_INTERSECTS(geometry, BBOX(0, 40, -5, 10, 50, 99.5))", "bern street field river"),
    ("S_INTERSECTS(geometry, BBOX(7.47, 46.92, 7.47, 46.92))", "bern field"),
    ("S_INTERSECTS(geometry, BBOX(10, 0, 10, 60))", "field"),
    # over the antimeridian
    ("S_INTERSECTS(geometry, BBOX(170, -90, -170, 90))", "suva apia strait"),
    ("S_INTERSECTS(geometry, BBOX(179.5, -1, -179.5, 1))", "strait"),
    ("S_INTERSECTS(geometry, BBOX(180, -1, -170, 1))", "strait"),
    ("S_WITHIN(geometry, BBOX(170, -90, -170, 90))", "suva apia strait"),
    ("S_DISJOINT(geometry, BBOX(170, -90, -170, 90))",
     "koben kiev berlin bern street shanghai yoshi aquila izmir field river"),
    ("S_DISJOINT(geometry, BBOX(-180, -90, 180, 90))", ""),
    ("NOT S_DISJOINT(geometry, BBOX(0, 40, 10, 50))", "bern street field river"),
    ("NOT S_INTERSECTS(geometry, BBOX(-180, -90, 179, 90))", ""),
    ("S_EQUALS(geometry, POINT(7.02 49.92))", "street"),
    ("S_EQUALS(geometry, POLYGON((0 50, 10 50, 10 40, 0 40, 0 50)))", "field"),
    ("S_EQUALS(geometry, BBOX(0, 40, 10, 50))", "field"),
    ("S_TOUCHES(geometry, BBOX(10, 40, 20, 50))", "field"),
    ("S_TOUCHES(geometry, POINT(-5 45))", "river"),
    ("S_TOUCHES(geometry, POINT(0 45))", "field"),
    ("S_CROSSES(geometry, BBOX(0, 40, 10, 50))", "river"),
    ("S_CROSSES(geometry, LINESTRING(-1 40, -1 50))", "river"),
    ("S_WITHIN(geometry, BBOX(0, 40, 10, 50))", "bern street field"),
    ("S_WITHIN(geometry, BBOX(-180, -90, 0, 90))", "apia"),
    ("S_CONTAINS(geometry, POINT(7.02 49.92))", "street field"),
    ("S_CONTAINS(geometry, BBOX(7, 45, 8, 47))", "field"),
    ("S_CONTAINS(geometry, LINESTRING(1 45, 9 45))", "field"),
    ("S_OVERLAPS(geometry, BBOX(5, 45, 15, 55))", "field"),
    ("S_OVERLAPS(geometry, LINESTRING(0 45, 20 45))", "river"),
    ("S_INTERSECTS(POINT(7.02 49.92), geometry)", "street field"),
    ("S_WITHIN(POINT(7.02 49.92), geometry)", "street field"),
    ("S_CONTAINS(BBOX(0, 40, 10, 50), geometry)", "bern street field"),
    ("S_EQUALS(geometry, geometry)", PLACED),
    ("S_TOUCHES(geometry, geometry)", ""),
    ("S_CROSSES(LINESTRING(0 0, 2 2), LINESTRING(0 2, 2 0)) AND pop = 5", "street"),
    ("S_DISJOINT(POINT(0 0), POINT(0 0))", ""),
    ("S_INTERSECTS(geometry, BBOX(0,40,10,50)) AND NOT S_INTERSECTS(geometry, BBOX(7,49,8,50))",
     "bern river"),
    ("S_INTERSECTS(geometry, BBOX(0,40,10,50)) OR pop = 0", "bern street yoshi field river"),
]  # fmt: skip


@pytest.mark.parametrize(("filter", "expected"), CASES)
def test_a_spatial_filter_selects(places: Places, filter: str, expected: str) -> None:
    assert places.ask(filter) == expected.split()


REFUSED = [
    ("S_INTERSECTS(geometry, POINT(90 180))", "longitude must come first"),
    ("S_INTERSECTS(geometry, POINT(500000 3450000))", "say which CRS"),
    ("S_INTERSECTS(geometry, BBOX(1, 5, 2, 3))", "south"),
    ("S_INTERSECTS(geometry, BBOX(1, 2, 3, 95))", "outside"),
    ("S_INTERSECTS(geometry, BBOX(1, 2, 3))", "4 numbers"),
    ("S_INTERSECTS(geometry, BBOX(1, 2, 3, 4, 5))", "4 numbers"),
    ("S_INTERSECTS(geometry, BBOX(1, 2, 3, 4, 5, 6, 7))", "missing"),
    ("S_INTERSECTS(geometry, POINT EMPTY)", "EMPTY"),
    ("S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1)))", "at least 4"),
    ("S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 2 2)))", "not closed"),
    ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "Self-intersection"),
    ("S_INTERSECTS(geometry, LINESTRING(0 0))", "at least 2"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION())", "a geometry is missing"),
    ("S_INTERSECTS(geometry, POINT(1))", "coordinate is missing"),
    ("S_INTERSECTS(geometry, POINT(1 2 3 4))", "missing"),
    ("S_INTERSECTS(geometry, POINT(1e400 2))", "not a finite number"),
    ("S_INTERSECTS(geometry, name)", "needs geometries"),
    ("S_INTERSECTS(geometry)", "between the two arguments"),
    ("S_BEYOND(geometry, POINT(1 2))", "there is no function"),
]


@pytest.mark.parametrize(("filter", "said"), REFUSED)
def test_a_geometry_that_is_none_is_refused(filter: str, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        check(parse_text(filter), LAYER)


TURNED = [
    ("EPSG:4326", "S_EQUALS(geometry, POINT(49.92 7.02))", "street"),
    ("EPSG:4326", "S_INTERSECTS(geometry, BBOX(40, 0, 50, 10))", "bern street field river"),
    ("EPSG:4490", "S_INTERSECTS(geometry, BBOX(-90, 170, 90, -170))", "suva apia strait"),
    ("EPSG:4490", "S_INTERSECTS(geometry, POLYGON((31 121, 31 122, 32 122, 32 121, 31 121)))",
     "shanghai"),
    ("EPSG:3857", "S_INTERSECTS(geometry, BBOX(13500000, 3600000, 13550000, 3680000))", "shanghai"),
    ("EPSG:3857", "S_INTERSECTS(geometry, BBOX(0, 0, 0, 0))", ""),
    # northing first, zone of 120 degrees east
    ("EPSG:4549", "S_INTERSECTS(geometry, BBOX(3450000, 630000, 3460000, 640000))", "shanghai"),
    ("GCJ02", "S_INTERSECTS(geometry, BBOX(121.433, 31.216, 121.436, 31.219))", "shanghai"),
]  # fmt: skip


@pytest.mark.parametrize(("crs", "filter", "expected"), TURNED)
def test_literals_are_turned_from_the_filter_crs(
    places: Places, crs: str, filter: str, expected: str
) -> None:
    assert places.ask(filter, crs) == expected.split()


@pytest.mark.parametrize(
    ("crs", "filter", "said"),
    [
        ("EPSG:4326", "S_INTERSECTS(geometry, POINT(100 20))", "outside"),
        ("EPSG:3857", "S_INTERSECTS(geometry, POINT(30000000 0))", "outside"),
        ("EPSG:4549", "S_INTERSECTS(geometry, POINT(100000000 100000000))", "outside"),
        ("EPSG:3857", "S_INTERSECTS(geometry, BBOX(0, 0, 30000000, 10))", "outside"),
        ("EPSG:3857", "S_INTERSECTS(geometry, BBOX(10, 0, 0, 10))", "west"),
        ("EPSG:1", "S_INTERSECTS(geometry, POINT(1 2))", "not known"),
    ],
)
def test_what_lies_outside_of_the_filter_crs_is_refused(crs: str, filter: str, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        check(parse_text(filter), LAYER, crs)


A, B = "S_INTERSECTS(geometry, BBOX(0,0,1,1))", "S_WITHIN(geometry, BBOX(4,4,9,9))"
BOX_A, BOX_B = Extent(0, 0, 1, 1), Extent(4, 4, 9, 9)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        (A, [BOX_A]),
        (f"{A} AND name = 'x'", [BOX_A]),
        (f"{A} AND {B}", [BOX_A]),
        (f"{A} OR {B}", [BOX_A, BOX_B]),
        (f"{A} OR name = 'x'", None),
        (f"NOT {A}", None),
        ("S_DISJOINT(geometry, POINT(1 1))", None),
        ("S_EQUALS(geometry, geometry)", None),
        ("name = 'x'", None),
        (f"{A} AND false", []),
        ("S_TOUCHES(LINESTRING(1 2, 3 0), geometry)", [Extent(1, 0, 3, 2)]),
        ("S_INTERSECTS(geometry, BBOX(170,-9,-170,9))",
         [Extent(-180, -9, -170, 9), Extent(170, -9, 180, 9)]),
        ("S_INTERSECTS(geometry, MULTIPOINT(0 0,1 1,2 2,3 3,4 4,5 5,6 6,7 7,8 8))",
         [Extent(0, 0, 8, 8)]),
    ],
)  # fmt: skip
def test_boxes_that_every_match_touches(filter: str, expected: list[Extent] | None) -> None:
    assert boxes(check(parse_text(filter), LAYER)) == expected


def test_a_stored_geometry_that_is_not_valid_is_answered_alike() -> None:
    bow = shapely.from_wkt("POLYGON ((0 0, 4 4, 0 4, 4 0, 0 0))")
    column = shapely.from_wkt(["POINT (1 1)"] * 2)
    column[0] = bow
    [blob, _], _ = write_blobs(column)
    literal = shapely.box(1, 0, 3, 5)
    related = related_blobs()
    for op in ("S_INTERSECTS", "S_OVERLAPS", "S_TOUCHES", "S_WITHIN", "S_EQUALS", "S_CROSSES"):
        expected = int(related_to(op, column[:1], literal)[0])
        assert related(op, blob, shapely.to_wkb(literal), "CRS84") == expected

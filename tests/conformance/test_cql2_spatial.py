"""CQL2 (21-065r2), Annex A: spatial functions, each test in both encodings."""

import pytest

from tests.conformance.conftest import Places
from tests.conformance.cql2 import BASIC, LINE, WORLD, WORLD_POLYGON, Ask, apart, combined, refused

SPATIAL = ["S_INTERSECTS(geometry,BBOX(0,40,20,60))", f"S_WITHIN(geometry,{WORLD})"]


def test_basic_spatial_functions__s_intersects(places: Places, ask: Ask) -> None:
    assert len(ask(f"S_INTERSECTS(geometry,{WORLD})")) == 14
    assert ask("S_INTERSECTS(geometry,POINT(7.02 49.92))") == ["street", "field"]
    assert refused(places, "S_INTERSECTS(geometry,POINT(90 180))")
    west, east = (f"S_INTERSECTS(geometry,BBOX({x},-90,{x + 90},90))" for x in (-180, 90))
    assert ask(f"{west} AND {east}") == []


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        ("S_INTERSECTS(geometry,BBOX(0,40,10,50))", ["bern", "street", "field", "river"]),
        ("S_INTERSECTS(geometry,BBOX(150,-90,-150,90))", ["suva", "apia", "strait"]),
        ("S_INTERSECTS(geometry,BBOX(0,40,10,50)) and not S_INTERSECTS(geometry,BBOX(5,49,10,60))",
         ["bern", "river"]),
        ("S_INTERSECTS(geometry,BBOX(0,40,10,50)) or S_INTERSECTS(geometry,BBOX(170,-90,180,0))",
         ["suva", "bern", "street", "field", "river", "strait"]),
        ("S_INTERSECTS(geometry,BBOX(-180,-90,0,90))", ["apia", "field", "river"]),
    ],
)  # fmt: skip
def test_basic_spatial_functions__test_data(ask: Ask, filter: str, ids: list[str]) -> None:
    assert ask(filter) == ids


def test_basic_spatial_functions__logical(ask: Ask, places: Places) -> None:
    combined(ask, places, BASIC + SPATIAL[:1], 5)


def test_basic_spatial_functions_plus__s_intersects(places: Places, ask: Ask) -> None:
    assert refused(places, "S_INTERSECTS(geometry,MULTIPOINT(7.02 49.92, 90 180))")
    for literal in (
        "LINESTRING(-180 -45, 0 -45)",
        "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
        "POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90),"
        " (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50))",
        "MULTIPOLYGON(((-180 -90, -90 -90, -90 90, -180 90, -180 -90),"
        " (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50)),((0 0, 10 0, 10 10, 0 10, 0 0)))",
        "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
    ):
        ask(f"S_INTERSECTS(geometry,{literal})")


def test_basic_spatial_functions_plus__test_data(ask: Ask) -> None:
    line = "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))"
    assert ask(f"S_INTERSECTS(geometry,{line})") == ["field", "river"]
    west = "POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90))"
    assert ask(f"S_INTERSECTS(geometry,{west})") == ["apia"]
    whole = "POLYGON((0 40, 10 40, 10 50, 0 50, 0 40), (7 46, 8 46, 8 47, 7 47, 7 46))"
    assert ask(f"S_INTERSECTS(geometry,{whole})") == ["street", "field", "river"]
    assert ask(f"S_INTERSECTS(geometry,{whole}) and not S_WITHIN(geometry,{whole})") == [
        "field", "river",
    ]  # fmt: skip
    some = "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((170 -20, 180 -20, 180 0, 170 -20)))"
    assert ask(f"S_INTERSECTS(geometry,{some})") == ["suva", "street", "field", "strait"]


def test_spatial_functions__s_intersects(places: Places, ask: Ask) -> None:
    box, polygon = (ask(f"S_INTERSECTS(geometry,{one})") for one in (WORLD, WORLD_POLYGON))
    assert box == polygon
    ask(f"S_INTERSECTS(geometry,{LINE})")
    assert refused(places, "S_INTERSECTS(geometry,POINT(90 180))")


def test_spatial_functions__s_disjoint(places: Places, ask: Ask) -> None:
    assert ask(f"S_DISJOINT(geometry,{WORLD})") == ask(f"S_DISJOINT(geometry,{WORLD_POLYGON})")
    assert ask(f"S_DISJOINT(geometry,{WORLD})") == []
    for literal in (LINE, "POINT(7.02 49.92)"):
        touching, not_touching = (
            ask(f"{name}(geometry,{literal})") for name in ("S_INTERSECTS", "S_DISJOINT")
        )
        assert apart(touching, not_touching)
        assert len(touching) + len(not_touching) == 14
    assert refused(places, "S_DISJOINT(geometry,POINT(90 180))")


def test_spatial_functions__s_equals(ask: Ask) -> None:
    assert ask(f"S_EQUALS(geometry,{WORLD_POLYGON})") == ask(f"S_EQUALS(geometry,{LINE})") == []
    assert ask("S_EQUALS(geometry,POINT(7.02 49.92))") == ["street"]


def test_spatial_functions__s_touches(ask: Ask) -> None:
    for literal in (WORLD, WORLD_POLYGON, LINE):
        ask(f"S_TOUCHES(geometry,{literal})")
    assert ask("S_TOUCHES(geometry,BBOX(10,40,20,50))") == ["field"]


def test_spatial_functions__s_crosses(ask: Ask) -> None:
    for literal in (WORLD, WORLD_POLYGON, LINE):
        ask(f"S_CROSSES(geometry,{literal})")
    assert ask("S_CROSSES(geometry,BBOX(0,40,10,50))") == ["river"]


def test_spatial_functions__s_within(ask: Ask) -> None:
    assert ask(f"S_WITHIN(geometry,{WORLD})") == ask(f"S_WITHIN(geometry,{WORLD_POLYGON})")
    for literal in (LINE, "MULTIPOINT(7 50,10 51)"):
        assert ask(f"S_WITHIN(geometry,{literal})") == []


def test_spatial_functions__s_contains(ask: Ask) -> None:
    assert ask(f"S_CONTAINS(geometry,{WORLD})") == ask(f"S_CONTAINS(geometry,{WORLD_POLYGON})")
    for literal in (WORLD, LINE, "MULTIPOINT(7 50,10 51)"):
        inside, around = (ask(f"{one}(geometry,{literal})") for one in ("S_WITHIN", "S_CONTAINS"))
        assert apart(inside, around)


def test_spatial_functions__s_overlaps(ask: Ask) -> None:
    for literal in ("MULTIPOINT(7 50,10 51)", LINE, WORLD_POLYGON):
        ask(f"S_OVERLAPS(geometry,{literal})")
    assert ask("S_OVERLAPS(geometry,BBOX(5,40,20,50))") == ["field"]


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        ("S_INTERSECTS(geometry,POLYGON((0 40,10 40,10 50,0 50,0 40)))",
         ["bern", "street", "field", "river"]),
        ("S_INTERSECTS(geometry,LINESTRING(0 40,10 50))", ["field", "river"]),
        ("S_WITHIN(geometry,BBOX(0,40,10,50))", ["bern", "street", "field"]),
        ("S_CONTAINS(geometry,POINT(7.02 49.92))", ["street", "field"]),
        ("S_OVERLAPS(geometry,BBOX(-5,-90,5,90))", ["field"]),
        ("S_TOUCHES(geometry,LINESTRING(10 40,20 50))", ["field"]),
        ("S_CROSSES(geometry,LINESTRING(2 40,2 60))", ["field", "river"]),
        ("S_CONTAINS(geometry,LINESTRING(1 41,2 42))", ["field"]),
    ],
)  # fmt: skip
def test_spatial_functions__test_data(ask: Ask, filter: str, ids: list[str]) -> None:
    assert ask(filter) == ids


def test_spatial_functions__logical(ask: Ask, places: Places) -> None:
    combined(ask, places, BASIC + SPATIAL, 6)


@pytest.mark.parametrize(
    "literal", ["BBOX(0,40,10,50)", "BBOX(150,-90,-150,90)", "POINT(7.02 49.92)", LINE]
)
def test_spatial_functions_take_the_property_on_either_side(ask: Ask, literal: str) -> None:
    turned = {"S_WITHIN": "S_CONTAINS", "S_CONTAINS": "S_WITHIN"}
    for name in ("INTERSECTS", "DISJOINT", "EQUALS", "TOUCHES", "WITHIN", "CONTAINS", "OVERLAPS"):
        function = f"S_{name}"
        other = turned.get(function, function)
        assert ask(f"{function}({literal},geometry)") == ask(f"{other}(geometry,{literal})")

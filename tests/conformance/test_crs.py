"""OGC API Features part 2 (18-058r1), Annex A: coordinate reference systems by reference."""

import json

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from tests.conformance.conftest import ITEMS, Places

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
OFFERED = (CRS84, *(f"{EPSG}{code}" for code in (4326, 4490, 4549, 4528, 3857)))
LOCAL = (f"{EPSG}4549", f"{EPSG}4528")  # the layer of all the world is not offered in them


@pytest.fixture
def holding(request: pytest.FixtureRequest) -> Places:
    """A layer that the CRS of the test can hold."""
    local = request.node.callspec.params["crs"] in LOCAL
    found: Places = request.getfixturevalue("town" if local else "places")
    return found


def turned(coords: list[list[float]], crs: str) -> np.ndarray:
    """By pyproj alone, in the axis order of the authority."""
    if crs == CRS84:
        return np.array(coords)
    code = crs.rpartition("/")[2]
    if code in ("4326", "4490"):
        return np.array(coords)[:, ::-1]
    base = "EPSG:4490" if code in ("4549", "4528") else "EPSG:4326"
    turn = Transformer.from_crs(base, f"EPSG:{code}")  # latitude first, as the authority has it
    lon, lat = np.array(coords).T
    return np.column_stack(turn.transform(lat, lon))


def coordinates(geometry: object) -> list[list[float]]:
    found: list[list[float]] = shapely.get_coordinates(
        shapely.from_geojson(json.dumps(geometry))
    ).tolist()
    return found


def test_crs__crs_uri(places: Places, town: Places) -> None:
    """Each layer is offered in what can hold it."""
    world = tuple(crs for crs in OFFERED if crs not in LOCAL)
    for one, offered in ((places, world), (town, OFFERED)):
        assert tuple(one.site.json("/collections/places")["crs"]) == offered
        assert tuple(one.site.json("/collections")["crs"]) == OFFERED
        parameters = one.operation("/collections/places/items")["parameters"]
        [enum] = [each["schema"]["enum"] for each in parameters if each["name"] == "crs"]
        assert tuple(enum) == offered


def test_crs__default_crs(places: Places) -> None:
    assert places.site.json("/collections/places")["crs"][0] == CRS84


def test_crs__storage_crs(places: Places) -> None:
    collection = places.site.json("/collections/places")
    assert collection["storageCrs"] in collection["crs"]


@pytest.mark.parametrize("crs", OFFERED)
def test_crs__crs_parameter(holding: Places, crs: str) -> None:
    for address in (ITEMS, f"{ITEMS}/shanghai"):
        answer = holding.site.get(address, params={"crs": crs})
        assert answer.status_code == 200
        assert answer.headers["content-crs"] == f"<{crs}>"


def test_crs__crs_parameter_default(places: Places) -> None:
    for address in (ITEMS, f"{ITEMS}/koben"):
        assert places.site.get(address).headers["content-crs"] == f"<{CRS84}>"


@pytest.mark.parametrize(
    "crs", [*LOCAL, f"{EPSG}0", f"{EPSG}2154", "EPSG:4326", "", "x", f"{EPSG}99999"]
)
def test_crs__crs_parameter_invalid(places: Places, crs: str) -> None:
    for address in (ITEMS, f"{ITEMS}/koben"):
        assert places.site.get(address, params={"crs": crs}).status_code == 400


@pytest.mark.parametrize("crs", OFFERED)
def test_crs__crs_parameter_transform(holding: Places, crs: str) -> None:
    for feature in holding.ids(filter="geometry IS NOT NULL"):
        plain = holding.site.json(f"{ITEMS}/{feature}")["geometry"]
        other = holding.site.json(f"{ITEMS}/{feature}", params={"crs": crs})["geometry"]
        near = 0.01 if crs[-4:] in ("4549", "4528", "3857") else 1e-7
        assert np.allclose(coordinates(other), turned(coordinates(plain), crs), 0, near)


@pytest.mark.parametrize("crs", OFFERED)
def test_crs__bbox_crs_parameter(places: Places, crs: str) -> None:
    corners = turned([[121.0, 31.0], [122.0, 32.0]], crs)
    (a, b), (c, d) = corners.tolist()
    ids = places.ids(bbox=f"{a},{b},{c},{d}", **{"bbox-crs": crs})
    assert ids == ["shanghai", "lost"]


def test_crs__bbox_crs_parameter_default(places: Places) -> None:
    box = "121,31,122,32"
    assert places.ids(bbox=box) == places.ids(bbox=box, **{"bbox-crs": CRS84})


def test_crs__bbox_crs_parameter_invalid(places: Places) -> None:
    for crs in (f"{EPSG}2154", "x", ""):
        assert places.status(bbox="121,31,122,32", **{"bbox-crs": crs}) == 400


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        (f"{EPSG}4490", "120.1,30.8,121,31.5"),  # easting first: no such latitude
        (f"{EPSG}4490", "-171.74,-18.13,180,55.68"),
        (f"{EPSG}4549", "560000,3430000,640000,3460000"),  # easting first: in the Pacific
        (f"{EPSG}4549", "9360265.8,-4631221.7,3912209.2,7899740.2"),  # turned round
        (f"{EPSG}4326", "100,0,110,10"),
        (f"{EPSG}4528", "40500000,3400000,40600000,3500000"),
        (f"{EPSG}3857", "1e9,1e9,2e9,2e9"),
        (f"{EPSG}4549", "1e300,1e300,1.5e300,1.5e300"),
    ],
)
def test_a_box_outside_of_its_crs_is_empty(places: Places, crs: str, box: str) -> None:
    assert places.ids(bbox=box, **{"bbox-crs": crs}) == []


@pytest.mark.parametrize("crs", OFFERED[1:])
def test_a_box_drawn_around_what_an_answer_says_touches_it(holding: Places, crs: str) -> None:
    for feature in ("shanghai",) if crs in LOCAL else ("shanghai", "koben", "street"):
        point = holding.site.json(f"{ITEMS}/{feature}", params={"crs": crs})["geometry"]
        first, second = point["coordinates"]
        box = f"{first},{second},{first},{second}"
        assert feature in holding.ids(bbox=box, **{"bbox-crs": crs})


def test_the_extent_in_web_mercator_finds_the_same(places: Places) -> None:
    """Seven decimals are what the OGC's suite sends; features lie on the edge of the extent."""
    west, south, east, north = 12.57, 31.22, 121.43, 55.68
    turn = Transformer.from_crs("OGC:CRS84", "EPSG:3857", always_xy=True)
    numbers = (*turn.transform(west, south), *turn.transform(east, north))
    box = ",".join(f"{number:.7f}" for number in numbers)
    found = places.ids(bbox=box, **{"bbox-crs": f"{EPSG}3857"})
    assert found == places.ids(bbox=f"{west},{south},{east},{north}")
    assert {"koben", "shanghai"} <= set(found)


@pytest.mark.parametrize("crs", OFFERED[1:3])
def test_a_box_whose_lower_latitude_is_not_first_is_refused(places: Places, crs: str) -> None:
    assert places.status(bbox="32,121,31,122", **{"bbox-crs": crs}) == 400


@pytest.mark.parametrize("crs", OFFERED[3:])
def test_a_box_around_everything_finds_what_the_crs_can_hold(places: Places, crs: str) -> None:
    ids = places.ids(bbox="-1e8,-1e8,1e8,1e8", **{"bbox-crs": crs})
    assert {"shanghai", "lost"} <= set(ids)


def test_axis_order_is_the_authority_s(town: Places) -> None:
    for crs in OFFERED[1:]:
        axes = [axis.direction for axis in CRS.from_user_input(f"EPSG:{crs[-4:]}").axis_info]
        found = town.site.json(f"{ITEMS}/shanghai", params={"crs": crs})["geometry"]
        first, second = found["coordinates"]
        if crs[-4:] in ("4326", "4490"):
            assert axes[0] == "north"
            assert (first, second) == (31.22, 121.43)
        elif axes[0] == "north":
            assert first < 4e6

"""A position in every system: as pyproj and geo.datum have it, in the authority's order."""

import re
from typing import Any

import pytest
from pyproj import Transformer

from geo.datum import gcj02_to_bd09, wgs84_to_gcj02
from layers.catalog import Catalog
from server.settings import parse_crs_list, parse_local_crs
from tests.server.sites import Site, serving

Json = dict[str, Any]

AT = {"lon": 120.64, "lat": 31.16}  # in the east of Wujiang
SHANGHAI = (
    "shanghai2000=+proj=tmerc +lat_0=31.2352778 +lon_0=121.4644444 +k=1 +x_0=0 +y_0=0 "
    "+a=6378153.32 +rf=298.257222101 +units=m +no_defs"
)


def systems(site: Site, **query: object) -> dict[str, Json]:
    found = site.json("/coordinates", params={**AT, **query})
    assert (found["lon"], found["lat"]) == (query.get("lon", 120.64), query.get("lat", 31.16))
    return {one["crs"]: one for one in found["systems"]}


def values(system: Json) -> list[float]:
    return [axis["value"] for axis in system["axes"]]


def test_the_five_systems_of_the_zone(bundled_site: Site) -> None:
    found = systems(bundled_site)
    assert list(found) == ["CRS84", "GCJ02", "BD09", "EPSG:4549", "EPSG:4528"]
    assert values(found["CRS84"]) == [120.64, 31.16]
    assert found["CRS84"]["text"] == "120.6400000, 31.1600000"
    assert [axis["dms"] for axis in found["CRS84"]["axes"]] == [
        "120°38′24.0000″E",
        "31°09′36.0000″N",
    ]
    gcj = wgs84_to_gcj02(120.64, 31.16)
    assert values(found["GCJ02"]) == pytest.approx([float(one) for one in gcj], abs=6e-8)
    bd = gcj02_to_bd09(*gcj)
    assert values(found["BD09"]) == pytest.approx([float(one) for one in bd], abs=6e-8)


@pytest.mark.parametrize("code", [4549, 4528])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_metres_are_north_first_as_the_authority_has_it(
    bundled_site: Site, code: int, lang: str
) -> None:
    system = systems(bundled_site, lang=lang)[f"EPSG:{code}"]
    # without always_xy pyproj gives the authority's order itself
    north, east = Transformer.from_crs(4490, code).transform(31.16, 120.64)
    assert values(system) == pytest.approx([north, east], abs=5.1e-4)
    labels = {"zh": ["北", "东"], "en": ["North", "East"]}[lang]
    assert [axis["label"] for axis in system["axes"]] == labels
    assert system["text"] == f"{north:.3f}, {east:.3f}"
    assert str(code) in system["label"]
    assert "dms" not in system["axes"][0]


def test_a_system_that_does_not_hold_the_position_is_left_out(bundled_site: Site) -> None:
    assert list(systems(bundled_site, lon=10.1, lat=50.2)) == ["CRS84"]
    # Beijing lies in the offset area and in no zone of 120 E.
    assert list(systems(bundled_site, lon=116.4, lat=39.9)) == ["CRS84", "GCJ02", "BD09"]
    assert list(systems(bundled_site, lon=0, lat=90)) == ["CRS84"]


def test_the_offices_own_systems_are_among_them(bundled: Catalog) -> None:
    more = {"crs": parse_crs_list("32651"), "local_crs": parse_local_crs(SHANGHAI)}
    with serving(bundled, **more) as site:
        found = systems(site, lon=121.4644444, lat=31.2352778)
        assert values(found["shanghai2000"]) == pytest.approx([0, 0], abs=0.01)
        assert [axis["label"] for axis in found["shanghai2000"]["axes"]] == ["东", "北"]
        east, north = Transformer.from_crs(4326, 32651).transform(31.2352778, 121.4644444)
        assert values(found["EPSG:32651"]) == pytest.approx([east, north], abs=5.1e-4)


def test_minutes_and_seconds_carry_over(bundled_site: Site) -> None:
    found = systems(bundled_site, lon=-0.9999999999, lat=-31.01666666666)
    assert [axis["dms"] for axis in found["CRS84"]["axes"]] == [
        "1°00′00.0000″W",
        "31°01′00.0000″S",
    ]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "lon"),
        ("lon=120", "lat"),
        ("lon=181&lat=0", "lon"),
        ("lon=0&lat=-90.1", "lat"),
        ("lon=nan&lat=0", "lon"),
        ("lon=120.6E&lat=31", "lon"),
        ("lon=&lat=31", "lon"),
        ("lon=120&lat=31&lang=fr", "lang"),
        ("lon=120&lat=31&crs=EPSG:4549", "crs"),
    ],
)
def test_what_cannot_be_read_is_named(site: Site, query: str, parameter: str) -> None:
    answer = site.get(f"/coordinates?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["parameter"] == parameter


def test_its_answer_can_be_kept(site: Site) -> None:
    first = site.get("/coordinates", params=AT)
    assert re.fullmatch("[a-z]{2}", first.headers["content-language"])
    again = site.get("/coordinates", params=AT, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304

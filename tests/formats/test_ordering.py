"""What is in a download: filter, window, layers, geometry, and what is refused."""

import pyproj
import pytest
import shapely

from tests.formats.conftest import Download
from tests.server.sites import Site


def ids(site: Site, address: str) -> list[str]:
    return [one["id"] for one in site.json(address)["features"]]


def test_the_filters_of_items_hold(hard_site: Site) -> None:
    for query in (
        "filter=placement='park'",
        "placement=park",
        "bbox=121,31,122,32",
        "datetime=2024-08-23",
        "sortby=-name",
        'filter={"op":"=","args":[{"property":"open"},true]}&filter-lang=cql2-json',
    ):
        items = hard_site.json(f"/collections/points/items?{query}")
        assert ids(hard_site, f"/downloads/points.geojson?{query}") == [
            one["id"] for one in items["features"]
        ]
    chosen = hard_site.json("/downloads/points.geojson?properties=staff,placement")
    assert list(chosen["features"][0]["properties"]) == ["placement", "staff"]


def test_a_filter_on_the_map_is_for_layers_that_know_it(hard_site: Site) -> None:
    found = hard_site.json("/downloads/map.geojson?filter=placement='park'")
    assert [one["id"] for one in found["features"]] == ["a", "qp", "wj"]
    # Two layers know one of these each, none knows both.
    nothing = hard_site.json("/downloads/map.geojson?filter=staff=12 AND height>1")
    assert [one["id"] for one in nothing["features"]] == ["qp", "wj"]


def test_geometry_of_the_uncertain(hard_site: Site) -> None:
    hidden = hard_site.json("/downloads/points.geojson?geometry=without-district")
    assert [one["geometry"] is None for one in hidden["features"]] == [False, False, True, True]
    areas = hard_site.json("/downloads/points.geojson?geometry=possible-area")
    a, b, c, d = (shapely.from_geojson(str(one["geometry"]).replace("'", '"')) if one["geometry"]
                  else None for one in areas["features"])  # fmt: skip
    geod = pyproj.Geod(ellps="WGS84")
    assert abs(geod.geometry_area_perimeter(a)[0]) == pytest.approx(3.14159 * 1500**2, rel=0.01)
    assert b.geom_type == "Polygon"  # of two districts: not cut
    assert c is None
    assert shapely.box(120.85, 30.8, 121.35, 31.3).buffer(1e-6).contains(d)  # cut by its district


@pytest.mark.parametrize(
    ("address", "status", "named"),
    [
        ("/downloads/points.docx", 404, "geojson"),
        ("/downloads/nothing.geojson", 404, "mixed, districts, map"),
        ("/downloads/points.geojson?crs=EPSG:1", 400, "crs"),
        ("/downloads/points.geojson?crs=nonsense", 400, "mine"),
        ("/downloads/points.geojson?crs=%2Bproj%3Dlonglat", 400, "crs"),
        ("/downloads/points.geojson?encoding=latin-1", 400, "gbk"),
        ("/downloads/points.geojson?encoding=gbk", 400, "utf-8"),
        ("/downloads/points.geojson?layers=points", 400, "layers"),
        ("/downloads/map.geojson?layers=points,nope", 400, "mixed"),
        ("/downloads/map.geojson?filter=nope=1", 400, "nope"),
        ("/downloads/map.geojson?nope=1", 400, "nope"),
        ("/downloads/map.geojson?sortby=nope", 400, "sortby"),
        ("/downloads/points.geojson?filter=placement=", 400, "filter"),
        ("/downloads/points.geojson?geometry=round", 400, "possible-area"),
        ("/downloads/points.geojson?raw=1", 400, "true or false"),
        ("/downloads/points.geojson?bbox=nan,1,2,3", 400, "bbox"),
        ("/downloads/points.geojsonseq?crs=EPSG:4549", 400, "longitude"),
    ],
)
def test_what_is_refused(hard_site: Site, address: str, status: int, named: str) -> None:
    answer = hard_site.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert named in answer.json()["detail"]


def test_an_empty_result_is_a_file(download: Download) -> None:
    assert b'"features":[\n]' in download("points.geojson", filter="staff=777").read_bytes()

"""The feature service, asked as Esri's clients and GDAL ask."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from geo.crs import transform
from layers.catalog import Catalog
from layers.model import Query
from layers.stores.geopackage_blob import register_functions
from tests.rows import first_zone_quick
from tests.server.esri import MANY, SITES, ask, keys, numbers, service, statistics_of
from tests.server.sites import Site, layer_file, serving, until


@first_zone_quick()
def test_the_way_from_the_catalog_to_every_feature(site: Site) -> None:
    """Service, layers, counts: what is there is there once, whatever kinds of geometry mix."""
    [entry] = site.json("/rest/services?f=json")["services"]
    assert entry == {"name": site.catalog.store.zone().id, "type": "FeatureServer"}
    document = site.json(f"{service(site)}?f=json")
    assert "Query" in document["capabilities"]
    total = 0
    for one in document["layers"]:
        layer = site.json(f"{service(site)}/{one['id']}?f=json")
        assert layer["geometryType"] == one["geometryType"]
        assert layer["drawingInfo"]["renderer"]["type"] in ("simple", "uniqueValue")
        names = [field["name"].lower() for field in layer["fields"]]
        assert len(names) == len(set(names))
        assert layer["objectIdField"] in [field["name"] for field in layer["fields"]]
        asked = f"{service(site)}/{one['id']}/query?where=1%3D1&returnCountOnly=true&f=json"
        total += site.json(asked)["count"]
    store = site.catalog.store
    assert total == sum(store.count(layer.id, Query()) for layer in store.layers())


def test_a_mixed_layer_is_one_layer_for_each_kind(made_up_site: Site) -> None:
    document = made_up_site.json(f"{service(made_up_site)}/layers?f=json")
    kinds = {one["id"]: one["geometryType"] for one in document["layers"]}
    ways = numbers(made_up_site)["Wege-1"]
    assert kinds[ways + 10_000] == "esriGeometryPolyline"
    assert ways not in kinds  # there is no area among them
    found = ask(made_up_site, "Wege-1", 10_000, where="1=1", outFields="*")
    assert [sorted(one.get("geometry", {})) for one in found["features"]] == [
        ["paths"],
        ["paths"],
        [],
    ]


def test_numbers_stay_when_layers_come_and_go(folder_site: Site, tmp_path: Any) -> None:
    from tests.server.sites import until

    folder = tmp_path / "zone"
    (folder / "aaa.geojson").write_text(layer_file(["First"]), encoding="utf-8")
    until(lambda: len(numbers(folder_site)) == 2)
    assert numbers(folder_site) == {"places": 0, "aaa": 1}
    (folder / "places.geojson").write_text(layer_file(["Ash"]), encoding="utf-8")
    until(lambda: folder_site.catalog.store.count("places", Query()) == 1)
    assert numbers(folder_site) == {"places": 0, "aaa": 1}


@pytest.mark.parametrize(
    ("where", "cql2"),
    [
        ("nr BETWEEN 10 AND 19", "nr BETWEEN 10 AND 19"),
        ("UPPER(id) LIKE 'P12%' AND ART <> 'a'", "id LIKE 'p12%' AND art <> 'a'"),
        ("name LIKE N'点 99!_%' ESCAPE '!' OR nr IN (5, 6)", "nr IN (5,6)"),
        ("1=1 AND NOT (nr >= 3)", "nr < 3"),
        ("art IS NULL or nr = 2 * 21", "nr = 42"),
        ('"nr" != 1 AND nr < 4 AND (1=1)', "nr IN (0,2,3)"),
    ],
)
def test_where_is_the_same_filter(made_up_site: Site, where: str, cql2: str) -> None:
    found = ask(made_up_site, MANY, where=where, outFields="id")
    same = made_up_site.json(f"/collections/{MANY}/items", params={"filter": cql2, "limit": 2000})
    assert [one["attributes"]["id"] for one in found["features"]] == [
        one["id"] for one in same["features"]
    ]
    assert found["features"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("vermutet = 1", 6),
        ("erwaehnt = 0 and vermutet <> 'true'", 18),
        ("kreis = 'nord'", 11),
        ("kreis IN ('nord','mitte')", 22),
        ("schlagworte LIKE '%alpha%'", 33),
        ("seit >= DATE '2020-01-01'", 4),
        ("seit > '2019-12-31 00:00:00'", 4),
        ("geprueft < TIMESTAMP '2024-08-03 00:00:00'", 4),
        ("objectid IN (1, 2, 77)", 2),
        ("fid = -3", 1),
        ("zahl = 9007199254740993", 8),
    ],
)
def test_where_over_fields_that_esri_has_not(made_up_site: Site, where: str, expected: int) -> None:
    """Truths, lists, times, and names that the service had to change."""
    assert ask(made_up_site, SITES, where=where, returnCountOnly="true") == {"count": expected}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("where", "nr ="),
        ("where", "nowhere = 1"),
        ("where", "1=1; DROP TABLE viele"),
        ("where", "sleep(10) = 1"),
        ("where", "(" * 40 + "1=1" + ")" * 40),
        ("where", "nr=1 OR " * 600 + "nr=1"),
        ("where", "name = '" + "x" * 9000 + "'"),
        ("where", "name LIKE '%' ESCAPE 'ab'"),
        ("where", "nr > 'a'"),
        ("where", "nr = 99999999999999999999"),
        ("objectIds", "1,two"),
        ("geometry", "1,2,3"),
        ("geometry", '{"xmin":1,"ymin":2,"xmax":NaN,"ymax":3}'),
        ("geometry", '{"xmin":9,"ymin":2,"xmax":1,"ymax":3}'),
        ("geometry", '{"rings":[[[1,1],[2,2]]]}'),
        ("geometry", '{"x":"a","y":1}'),
        ("geometry", "[" * 5000),
        ("geometryType", "esriGeometryBlob"),
        ("spatialRel", "esriSpatialRelRelation"),
        ("inSR", "0"),
        ("outSR", "999999"),
        ("outSR", '{"wkt":"GEOGCS[]"}'),
        ("outFields", "nr,nowhere"),
        ("orderByFields", "nr SIDEWAYS"),
        ("orderByFields", "nowhere"),
        ("resultOffset", "-1"),
        ("resultRecordCount", "many"),
        ("returnGeometry", "perhaps"),
        ("maxAllowableOffset", "inf"),
        ("time", "yesterday"),
        ("outStatistics", "[]"),
        ("outStatistics", '[{"statisticType":"sum","onStatisticField":"name"}]'),
        ("f", "pbf"),
        ("callback", "alert"),
        ("having", "x > 1"),
    ],
)
def test_what_does_not_fit_is_said_to_both_kinds_of_clients(
    made_up_site: Site, parameter: str, value: str
) -> None:
    address = f"{service(made_up_site)}/{numbers(made_up_site)[MANY]}/query"
    for answer in (
        made_up_site.get(address, params={parameter: value}),
        made_up_site.client.post(address, data={parameter: value}),
    ):
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["parameter"] == parameter
        assert problem["error"]["code"] == 400
        assert problem["error"]["message"] == problem["detail"]


def test_what_is_not_there(made_up_site: Site) -> None:
    for path in ("/99", "/x", "/-1", "/99/query", "/10000000000000000000"):
        answer = made_up_site.get(service(made_up_site) + path)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == 404
    assert made_up_site.get("/rest/services/other/FeatureServer").status_code == 404
    address = f"{service(made_up_site)}/{numbers(made_up_site)[MANY]}/query"
    assert made_up_site.client.post(address, json={"where": "1=1"}).status_code == 415


def test_pages_go_through_everything(made_up_site: Site) -> None:
    seen: list[int] = []
    more = True
    while more:
        page = ask(made_up_site, MANY, resultOffset=len(seen), returnGeometry="false")
        seen += keys(page)
        more = page.get("exceededTransferLimit", False)
    assert seen == sorted(set(seen))
    assert len(seen) == 10_001
    last = ask(made_up_site, MANY, orderByFields="nr DESC", resultRecordCount=2, outFields="nr")
    assert [one["attributes"]["nr"] for one in last["features"]] == [10_000, 9_999]
    assert keys(ask(made_up_site, MANY, orderByFields="fid DESC", resultRecordCount=1)) == [10_001]
    listed = ask(made_up_site, MANY, where="nr < 3", returnIdsOnly="true")
    assert listed == {"objectIdFieldName": "fid", "objectIds": seen[:3]}


def test_geometries_in_and_out_of_every_crs(made_up_site: Site) -> None:
    """Within 1 cm of pyproj, easting first, and found again by an envelope in the same CRS."""
    plain = ask(made_up_site, MANY, where="nr = 7")["features"][0]["geometry"]
    degrees = np.array([[plain["x"], plain["y"]]])
    for code in (4490, 4258, 3857, 102100, 25832, 4549):
        epsg = {102100: 3857}.get(code, code)
        moved = ask(made_up_site, MANY, where="nr = 7", outSR=code)
        point = moved["features"][0]["geometry"]
        assert (
            moved["spatialReference"].get("latestWkid", moved["spatialReference"]["wkid"]) == epsg
        )
        expected = transform(degrees, "CRS84", f"EPSG:{epsg}")[0]
        assert point["x"] == pytest.approx(expected[0], abs=1e-7 if epsg in (4490, 4258) else 0.01)
        assert point["y"] == pytest.approx(expected[1], abs=1e-7 if epsg in (4490, 4258) else 0.01)
        if code == 4549:
            continue  # here it is far outside of where this system is meant for
        edge = 5e-6 if epsg in (4490, 4258) else 0.5
        box = {
            "xmin": point["x"] - edge,
            "ymin": point["y"] - edge,
            "xmax": point["x"] + edge,
            "ymax": point["y"] + edge,
            "spatialReference": {"wkid": code},
        }
        found = ask(
            made_up_site, MANY, geometry=json.dumps(box), geometryType="esriGeometryEnvelope"
        )
        assert keys(found) == [8]


def test_spatial_relations_are_the_query_s(made_up_site: Site) -> None:
    """Contains: the geometry of the query contains the features."""
    ring = [[9.9, 50.1], [9.9, 50.7], [10.41, 50.7], [10.41, 50.1], [9.9, 50.1]]
    area = json.dumps({"rings": [ring], "spatialReference": {"wkid": 4326}})

    def found(relation: str, geometry: str = area) -> list[str]:
        asked = {"geometry": geometry, "spatialRel": relation, "outFields": "kennung"}
        answer = ask(made_up_site, "kreise", **asked)
        return [one["attributes"]["kennung"] for one in answer["features"]]

    assert found("esriSpatialRelContains") == ["nord"]
    assert found("esriSpatialRelIntersects") == ["nord", "mitte", "sued"]
    assert found("esriSpatialRelWithin", "10.2,50.4") == ["nord"]
    hole = {"x": 10.6, "y": 50.4}
    assert found("esriSpatialRelIntersects", json.dumps(hole)) == []
    near = ask(
        made_up_site, "kreise", geometry="10.6,50.4", distance="8", units="esriSRUnit_Kilometer"
    )
    assert len(near["features"]) == 1


def test_rings_turn_as_esri_wants_them(made_up_site: Site) -> None:
    """Outer rings clockwise, holes the other way."""
    rings = ask(made_up_site, "kreise", where="kennung='mitte'")["features"][0]["geometry"]["rings"]
    assert [shapely.is_ccw(shapely.LinearRing(ring)) for ring in rings] == [False, True]


def test_values_in_esris_types(made_up_site: Site) -> None:
    document = made_up_site.json(f"{service(made_up_site)}/{numbers(made_up_site)[SITES]}?lang=zh")
    fields = {field["name"]: field for field in document["fields"]}
    assert document["objectIdField"] == "objectid"
    assert fields["grundlage"]["domain"]["codedValues"][1] == {"name": "地图", "code": "karte"}
    assert fields["grundlage"]["alias"] == "grundlage（中文）"
    assert fields["vermutet"]["type"] == "esriFieldTypeSmallInteger"
    assert fields["zahl"]["type"] == "esriFieldTypeDouble"  # beyond 32 bits
    assert fields["radius"]["type"] == "esriFieldTypeInteger"
    assert fields["Zahl_2"]["alias"] == "Zahl（中文）（m²）"
    [one] = ask(made_up_site, SITES, objectIds="1", outFields="*")["features"]
    values = one["attributes"]
    assert values["seit"] == 951_004_800_000
    assert values["geprueft"] == 1_722_506_400_250
    assert (values["vermutet"], values["quellen"]) == (1, "quelle,zweite")


def test_points_of_a_district_have_no_symbol(bundled_site: Site) -> None:
    """Filled where the site or park is known, hollow for a town, nothing for a district."""
    document = bundled_site.json(f"{service(bundled_site)}/{numbers(bundled_site)['parks']}")
    renderer = document["drawingInfo"]["renderer"]
    colours = {one["value"]: one["symbol"]["color"] for one in renderer["uniqueValueInfos"]}
    assert renderer["field1"] == "placement"
    assert renderer["defaultSymbol"] is None
    assert set(colours) == {"site", "park", "township", "<Null>"}
    assert colours["township"] == [255, 255, 255, 255] != colours["park"]


@pytest.mark.slow
def test_a_page_has_a_longest_length(tmp_path: Path) -> None:
    """It is refused with what fits, not cut: clients go on by the number that they asked for."""
    turns = np.linspace(0, 6.28, 20_000)
    ring = np.column_stack((10 + np.cos(turns) / 7, 50 + np.sin(turns) / 7))
    shapes = [shapely.Polygon(ring)] * 60
    frame = geopandas.GeoDataFrame({"n": range(60)}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "curly.gpkg")
    catalog = Catalog.open(tmp_path / "curly.gpkg", tmp_path)
    with serving(catalog, query_seconds=30.0) as site:
        address = f"{service(site)}/{numbers(site)['curly']}/query"
        answer = site.get(address, params={"geometryPrecision": "15"})
        assert answer.status_code == 400
        assert answer.json()["parameter"] == "resultRecordCount"
        fits = int(answer.json()["allowed"].split()[2])
        assert 20 < fits < 60
        page = ask(site, "curly", geometryPrecision="15", resultRecordCount=fits)
        assert (len(page["features"]), page["exceededTransferLimit"]) == (fits, True)
        assert len(ask(site, "curly", geometryPrecision="3")["features"]) == 60
    catalog.close()


def test_a_time_long_ago(folder_site: Site, folder: Path) -> None:
    """Years before 1000 have four digits too, or they would come after all others."""
    fields = [{"name": "day", "type": "date"}]
    definition = {"schema": {"geometry": "Point", "fields": fields}}
    features = [
        {"type": "Feature", "id": f"f{n}", "geometry": None, "properties": {"day": day}}
        for n, day in enumerate(("0400-01-01", "2024-01-01"))
    ]
    document = {"type": "FeatureCollection", "layer": definition, "features": features}
    (folder / "days.geojson").write_text(json.dumps(document), encoding="utf-8")
    until(lambda: "days" in folder_site.catalog.store.numbers())
    for time, expected in (
        ("-31556995200000,null", ["f1"]),  # from 970
        ("null,-31556995200000", ["f0"]),
        ("null,-50000000000000", []),  # until 385
    ):
        found = ask(folder_site, "days", time=time, outFields="id")
        assert [one["attributes"]["id"] for one in found["features"]] == expected


def test_a_view_without_numbers_for_keys_is_in_the_tiles_only(tmp_path: Path) -> None:
    file = tmp_path / "views.gpkg"
    places = shapely.points(120 + np.arange(3) / 10, 31)
    frame = geopandas.GeoDataFrame({"code": list("abc"), "n": range(3)}, geometry=places, crs=4326)
    frame.to_file(file, layer="base")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE VIEW named AS SELECT code, n, geom FROM base")
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
            " VALUES ('named', 'features', 'named', 4326)"
        )
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('named', 'geom', 'POINT', 4326, 0, 0)"
        )
        connection.commit()
    catalog = Catalog.open(file, tmp_path)
    with serving(catalog) as site:
        found = site.json("/collections/named/items")["features"]
        assert [one["id"] for one in found] == ["a", "b", "c"]
        assert [one["name"] for one in site.json(service(site))["layers"]] == ["base"]
        missing = f"{service(site)}/{numbers(site)['named']}/query?returnIdsOnly=true"
        assert site.get(missing).status_code == 404
        assert site.get("/collections/named/tiles/WebMercatorQuad/0/0/0").status_code == 200
    catalog.close()


def test_a_text_among_whole_numbers_is_null(tmp_path: Path) -> None:
    """Other programs may put it there: SQLite lets them."""
    file = tmp_path / "loose.gpkg"
    places = shapely.points(120 + np.arange(3) / 10, 31)
    frame = geopandas.GeoDataFrame({"n": [1, 2, 4]}, geometry=places, crs=4326)
    frame.to_file(file, layer="loose")
    with closing(sqlite3.connect(file)) as connection:
        register_functions(connection)
        connection.execute("UPDATE loose SET n = 'two' WHERE n = 2")
        connection.commit()
    catalog = Catalog.open(file, tmp_path)
    with serving(catalog) as site:
        kinds = ("count", "sum", "min", "max", "avg", "var")
        asked = statistics_of(*((kind, "n", kind) for kind in kinds))
        [one] = ask(site, "loose", outStatistics=asked)["features"]
        expected = {"count": 2, "sum": 5, "min": 1, "max": 4, "avg": 2.5, "var": 4.5}
        assert one["attributes"] == expected
        rows = ask(site, "loose", outFields="n")["features"]
        assert [row["attributes"]["n"] for row in rows] == [1, None, 4]
        items = site.json("/collections/loose/items")["features"]
        assert [item["properties"]["n"] for item in items] == [1, None, 4]
        different = ask(site, "loose", outFields="n", returnDistinctValues="true")["features"]
        assert [row["attributes"]["n"] for row in different] == [None, 1, 4]
    catalog.close()


def test_a_store_of_another_program(tmp_path: Any) -> None:
    """Any SRS, read only: numbered in the order of its contents."""
    file = tmp_path / "other.gpkg"
    places = [shapely.Point(500_000 + n, 3_400_000) for n in range(3)]
    frame = geopandas.GeoDataFrame({"名称": list("甲乙丙")}, geometry=places, crs=4549)
    frame.to_file(file, layer="点")
    catalog = Catalog.open(file, tmp_path)
    with serving(catalog) as site:
        [layer] = site.json(f"{service(site)}?f=json")["layers"]
        found = site.json(
            f"{service(site)}/{layer['id']}/query",
            params={"where": "名称 = '乙'", "outSR": 4549, "outFields": "*"},
        )
        [one] = found["features"]
        assert one["geometry"] == {"x": 500_001.0, "y": 3_400_000.0}
        assert one["attributes"]["名称"] == "乙"
    catalog.close()

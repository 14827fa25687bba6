"""The feature service as GDAL reads it and as ArcGIS writes its requests."""

import json
import subprocess
import sys

import numpy as np
import pytest

from geo.crs import transform
from tests.rows import first_zone_quick
from tests.server.esri import MANY, SITES, ask, numbers, service
from tests.server.sites import Site


def test_a_form_is_as_good_as_an_address(made_up_site: Site) -> None:
    """The JS API posts what is too long for an address, and sends whole forms with empty values."""
    address = f"{service(made_up_site)}/{numbers(made_up_site)[MANY]}/query"
    form = {"f": "json", "where": "nr IN (" + ",".join(map(str, range(900))) + ")", "time": ""}
    form |= {
        "outFields": "*",
        "quantizationParameters": '{"mode":"view"}',
        "returnCountOnly": "true",
    }
    answer = made_up_site.client.post(address, data=form, headers={"Origin": "https://example.org"})
    assert answer.json() == {"count": 900}
    assert answer.headers["access-control-allow-origin"] == "*"


READ = """
import sys, json, pyogrio
frame = pyogrio.read_dataframe("ESRIJSON:" + sys.argv[1])
print(json.dumps({"rows": len(frame), "names": list(frame.columns), "crs": frame.crs.to_epsg(),
    "different": int(frame.iloc[:, 0].nunique()), "last": str(frame.iloc[-1].get("nur_zuletzt"))}))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("layer", "rows"), [(MANY, 10_001), (SITES, 42)])
def test_gdal_reads_every_page_and_field(made_up_site: Site, layer: str, rows: int) -> None:
    """In a process of its own: it keeps hold of the interpreter while it waits for our answer."""
    address = f"{made_up_site.url}{service(made_up_site)}/{numbers(made_up_site)[layer]}/query"
    read = subprocess.run(
        [sys.executable, "-c", READ, f"{address}?where=1%3D1&outFields=*&outSR=4326&f=json"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = json.loads(read.stdout)
    assert (found["rows"], found["different"], found["crs"]) == (rows, rows, 4326)
    layer_fields = made_up_site.catalog.store.layer(layer).schema.fields
    assert len(found["names"]) == len(layer_fields) + 3  # the key, the id and the geometry
    if layer == SITES:
        assert found["last"] == "nur hier"


# What the JS API sends for a part of the map, and what ArcGIS Pro sends for some rows.
VIEW = {
    "where": "1=1", "outFields": "*", "returnGeometry": "true", "f": "json",
    "spatialRel": "esriSpatialRelIntersects", "geometryType": "esriGeometryEnvelope",
    "geometry": '{"xmin":1100000,"ymin":6400000,"xmax":1200000,"ymax":6600000,'
    '"spatialReference":{"wkid":102100,"latestWkid":3857}}',
    "inSR": "102100", "outSR": "102100", "maxAllowableOffset": "4.7", "geometryPrecision": "0",
    "quantizationParameters": '{"mode":"view","originPosition":"upperLeft","tolerance":4.7}',
    "resultType": "tile", "returnExceededLimitFeatures": "false", "cacheHint": "true",
    "maxRecordCountFactor": "4", "returnZ": "true", "returnM": "true", "returnCentroid": "false",
    "resultOffset": "0", "resultRecordCount": "2000", "orderByFields": "", "having": "",
    "time": "", "historicMoment": "", "gdbVersion": "", "token": "", "sqlFormat": "none",
}  # fmt: skip
ROWS = {
    "where": "", "objectIds": "1,2,3", "outFields": "*", "returnGeometry": "true", "f": "json",
    "outSR": '{"wkid":4490,"latestWkid":4490}', "timeReferenceUnknownClient": "true",
    "multipatchOption": "xyFootprint", "datumTransformation": "", "returnTrueCurves": "false",
    "someThingNew": "",
}  # fmt: skip


@first_zone_quick()
def test_requests_as_arcgis_writes_them(site: Site) -> None:
    for one in site.json(f"{service(site)}?f=json")["layers"]:
        layer = f"{service(site)}/{one['id']}"
        document = site.client.post(layer, data={"f": "json", "token": ""}).json()
        assert "pbf" not in document["supportedQueryFormats"].lower()
        for form in (VIEW, ROWS):
            answer = site.client.post(f"{layer}/query", data=form)
            assert answer.status_code == 200, answer.text
            assert answer.json()["objectIdFieldName"] == document["objectIdField"]
            assert "transform" not in answer.json()


def test_a_tile_with_too_much_may_be_left_empty(made_up_site: Site) -> None:
    tile = {"resultType": "tile", "returnExceededLimitFeatures": "false"}
    cut = ask(made_up_site, MANY, **tile)
    assert (cut["features"], cut["exceededTransferLimit"]) == ([], True)
    whole = ask(made_up_site, MANY, where="nr < 100", **tile)
    assert len(whole["features"]) == 100
    assert "exceededTransferLimit" not in whole
    page = ask(made_up_site, MANY, returnExceededLimitFeatures="false")
    assert (len(page["features"]), page["exceededTransferLimit"]) == (2_000, True)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("returnCentroid", "true"),
        ("returnUniqueIdsOnly", "true"),
        ("featureEncoding", "esriCompressedShapeBuffer"),
        ("historicMoment", "1700000000000"),
        ("text", "name"),
        ("fullText", "[]"),
        ("resultType", "other"),
        ("defaultSR", "nowhere"),
    ],
)
def test_what_would_change_an_answer_is_not_passed_over(
    made_up_site: Site, parameter: str, value: str
) -> None:
    address = f"{service(made_up_site)}/{numbers(made_up_site)[MANY]}/query"
    answer = made_up_site.client.post(address, data={"f": "json", parameter: value})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
    assert answer.json()["error"]["details"][0] == f"parameter: {parameter}"


def test_the_default_reference_is_that_of_both(made_up_site: Site) -> None:
    [x, y] = transform(np.array([[10.2, 50.4]]), "CRS84", "EPSG:25832")[0]
    found = ask(made_up_site, "kreise", geometry=f"{x},{y}", defaultSR="25832")
    assert found["spatialReference"] == {"wkid": 25832}
    assert len(found["features"]) == 1

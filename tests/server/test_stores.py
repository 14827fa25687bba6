"""Stores as they come: empty, of another program, locked, read only."""

import sqlite3
import time
from pathlib import Path

import pytest

from layers.catalog import Catalog
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions
from tests.server.sites import serving, until


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A GeoPackage as another program writes it: other CRS, numeric keys, no WAL."""
    import geopandas
    import shapely

    file = tmp_path / "foreign.gpkg"
    frame = geopandas.GeoDataFrame(
        {"名称": ["<b>甲</b>", None], "value": [1.5, 2.5]},
        geometry=[shapely.Point(13_400_000, 3_600_000), None],
        crs="EPSG:3857",
    )
    frame.to_file(file, layer="Some Places", driver="GPKG", engine="pyogrio")
    return file


def test_an_empty_store_has_a_page_too(tmp_path: Path) -> None:
    GeoPackage.create(tmp_path / "empty.gpkg").close()
    catalog = Catalog.open(tmp_path / "empty.gpkg", tmp_path)
    with serving(catalog) as site:
        assert site.json("/collections")["collections"] == []
        assert site.page().status_code == 200
        assert site.json("/health")["layers"] == 0
    catalog.close()


def test_a_file_of_another_program_is_served_as_it_stands(foreign: Path, tmp_path: Path) -> None:
    before = foreign.read_bytes()
    catalog = Catalog.open(foreign, tmp_path)
    with serving(catalog) as site:
        [collection] = site.json("/collections")["collections"]
        [items] = [link["href"] for link in collection["links"] if link["rel"] == "items"]
        features = site.json(items)["features"]
        assert [one["properties"] for one in features] == [
            {"名称": "<b>甲</b>", "value": 1.5},
            {"名称": None, "value": 2.5},
        ]
        assert features[0]["geometry"]["coordinates"] == pytest.approx([120.374, 30.747], abs=0.001)
        assert site.json(f"{items}/{features[1]['id']}")["geometry"] is None
        [download] = [
            link["href"]
            for link in collection["links"]
            if link["rel"] == "enclosure" and link["type"] == "application/geo+json"
        ]
        answer = site.get(download)
        assert len(answer.json()["features"]) == 2
        assert answer.headers["content-disposition"].isascii()
        assert site.page().status_code == 200
    catalog.close()
    assert foreign.read_bytes() == before


def test_ids_and_text_no_one_expects(foreign: Path, tmp_path: Path) -> None:
    with sqlite3.connect(foreign) as connection:
        register_functions(connection)
        gbk = "西岑站".encode("gbk")
        connection.execute('UPDATE "Some Places" SET 名称 = CAST(? AS TEXT) WHERE fid = 2', (gbk,))
    connection.close()
    catalog = Catalog.open(foreign, tmp_path)
    with serving(catalog) as site:
        [collection] = site.json("/collections")["collections"]
        items = f"/collections/{collection['id']}/items"
        for name in ("--5", "-", "9" * 19, "9" * 5_000, "%D9%A1", "1.0"):
            answer = site.get(f"{items}/{name}")
            assert answer.status_code == 404, name
            assert answer.headers["content-type"] == "application/problem+json"
        assert site.json(f"{items}/2")["properties"]["名称"] == "西岑站"
        assert len(site.json(items)["features"]) == 2
    catalog.close()


@pytest.mark.slow
def test_a_lock_of_another_program_stops_nobody_else(foreign: Path, tmp_path: Path) -> None:
    catalog = Catalog.open(foreign, tmp_path)
    with serving(catalog, query_seconds=0.5) as site:
        [collection] = site.json("/collections")["collections"]
        address = f"/collections/{collection['id']}"
        one = f"{address}/items/{site.feature_of(collection['id'])}"
        writer = sqlite3.connect(foreign, isolation_level=None)
        writer.execute("BEGIN EXCLUSIVE")
        for asked in (f"{address}/items", one, f"/downloads/{collection['id']}.geojson"):
            start = time.monotonic()
            answer = site.get(asked)
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert str(foreign) not in answer.text
            assert time.monotonic() - start < 3
        start = time.monotonic()
        assert site.get("/health").status_code == 503
        assert site.get("/conformance").status_code == 200
        assert time.monotonic() - start < 2
        writer.execute("ROLLBACK")
        writer.close()
        until(lambda: site.get(one).status_code == 200)
    catalog.close()


def test_a_store_that_may_not_be_written_is_read(foreign: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    folder.mkdir()
    file = folder / "foreign.gpkg"
    file.write_bytes(foreign.read_bytes())
    file.chmod(0o444)
    folder.chmod(0o555)
    try:
        catalog = Catalog.open(file, tmp_path)
        assert catalog.store.read_only
        with serving(catalog) as site:
            assert site.json("/health")["layers"] == 1
            assert site.page().status_code == 200
        catalog.close()
        assert list(folder.iterdir()) == [file]
    finally:
        folder.chmod(0o755)

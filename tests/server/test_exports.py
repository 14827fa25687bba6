"""Files written in the background: progress, fetching, ending, bounds."""

import json
import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from layers.catalog import Catalog
from tests.rows import first_zone_quick
from tests.server.commands import served, surroundings
from tests.server.sites import Site, serving, until

MANY, SOME = 30_000, 10_000


def numbered(folder: Path, count: int) -> Path:
    """So many points, of which the first lies nowhere."""
    features = [
        {
            "type": "Feature",
            "id": f"n{n}",
            "geometry": {"type": "Point", "coordinates": [120 + n % 100 / 100, 30]} if n else None,
            "properties": {"name": f"第{n}项", "n": n},
        }
        for n in range(count)
    ]
    document = {"type": "FeatureCollection", "features": features}
    (folder / "many.geojson").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def large_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered(tmp_path_factory.mktemp("large"), MANY)


@pytest.fixture(scope="module")
def large(large_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    catalog = Catalog.open(large_folder, tmp_path_factory.mktemp("large-data"))
    yield catalog
    catalog.close()


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    folder = numbered(tmp_path_factory.mktemp("some"), SOME)
    catalog = Catalog.open(folder, tmp_path_factory.mktemp("some-data"))
    yield catalog
    catalog.close()


def begun(site: Site, address: str) -> tuple[str, dict[str, Any]]:
    answer = site.client.post(address)
    assert answer.status_code == 202, answer.text
    return answer.headers["location"], answer.json()


def ended(site: Site, export: str) -> Any:
    until(lambda: site.json(export)["state"] in ("ready", "failed"))
    return site.json(export)


def test_a_file_is_written_and_fetched(some: Catalog, tmp_path: Path) -> None:
    with serving(some, data_dir=tmp_path / "data") as site:
        export, first = begun(site, "/downloads/many.geojson?filter=n<7000")
        assert first["state"] in ("waiting", "writing")
        assert (first["numberMatched"], first["withoutGeometry"]) == (7_000, 1)
        last = ended(site, export)
        assert (last["state"], last["written"]) == ("ready", 7_000)
        [href] = [link["href"] for link in last["links"] if link["rel"] == "enclosure"]
        file = site.get(href)
        assert file.headers["content-disposition"].startswith('attachment; filename="many.geojson"')
        assert file.headers["content-type"] == "application/geo+json"
        assert int(file.headers["content-length"]) == last["size"] == len(file.content)
        direct = site.get("/downloads/many.geojson?filter=n<7000")
        assert file.content == direct.content
        part = site.get(href, headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.content) == (206, file.content[:10])
    # It outlives the server that wrote it.
    with serving(some, data_dir=tmp_path / "data") as site:
        path = httpx.URL(export).path
        assert site.json(path)["state"] == "ready"
        assert len(site.get(f"{path}/file").content) == last["size"]
        assert site.client.delete(path).status_code == 204
        assert site.get(path).status_code == 404
        assert site.get(f"{path}/file").status_code == 404
    assert list((tmp_path / "data" / "exports").iterdir()) == []


@pytest.mark.slow
def test_one_that_is_ended_leaves_nothing(some: Catalog, tmp_path: Path) -> None:
    with serving(some, data_dir=tmp_path / "data") as site:
        # Several, so that one of them has not ended before it is told to.
        exports = [begun(site, f"/downloads/many.geojson?n={n}")[0] for n in range(3)]
        exports.append(begun(site, "/downloads/many.geojson")[0])
        for export in exports:
            assert site.client.delete(export).status_code == 204
            assert site.get(export).status_code == 404
        until(lambda: not list((tmp_path / "data" / "exports").iterdir()))


@pytest.mark.slow
def test_bounds(some: Catalog, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(some, data_dir=data, exports_per_hour=2, exports_megabytes=1) as site:
        export, _ = begun(site, "/downloads/many.geojson")
        last = ended(site, export)
        assert last["state"] == "failed"
        assert last["reason"] == "too_large"
        assert "1,000,000 bytes" in last["detail"]
        refused = site.get(f"{export}/file")
        assert refused.status_code == 409
        begun(site, "/downloads/many.geojson?n=1")
        refused = site.client.post("/downloads/many.geojson?n=2")
        assert refused.status_code == 429
        assert 3500 < int(refused.headers["retry-after"]) <= 3600
        assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.slow
def test_a_day_old_export_goes(some: Catalog, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(some, data_dir=data) as site:
        export, _ = begun(site, "/downloads/many.geojson?n=5")
        ended(site, export)
    [record] = (data / "exports").glob("*/export.json")
    document = json.loads(record.read_bytes())
    document["made"] -= 24 * 3600 + 1
    record.write_text(json.dumps(document))
    with serving(some, data_dir=data) as site:
        assert site.get(httpx.URL(export).path).status_code == 404
        begun(site, "/downloads/many.geojson?n=6")
        assert not record.parent.exists()


def test_a_read_only_store_keeps_nothing(folder: Path, tmp_path: Path) -> None:
    Catalog.open(folder, tmp_path / "data").close()
    [file] = (tmp_path / "data").glob("*.gpkg")
    file.rename(tmp_path / "zone.gpkg")
    (tmp_path / "zone.gpkg").chmod(0o444)
    catalog = Catalog.open(tmp_path / "zone.gpkg", tmp_path / "data")
    assert catalog.store.read_only
    with serving(catalog, data_dir=tmp_path / "other") as site:
        assert site.client.post("/downloads/places.geojson").status_code == 403
        assert site.json("/downloads/places")["background"] is False
        assert site.get("/downloads/places.geojson").status_code == 200
    catalog.close()
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("POST", "/downloads/many.docx", 404),
        ("POST", "/downloads/nothing.geojson", 404),
        ("POST", "/downloads/many.geojson?filter=nope=1", 400),
        ("POST", "/downloads/many.geojson?crs=nope", 400),
        ("POST", "/downloads/many.geojson?sortby=nope", 400),
        ("GET", "/exports/nothing", 404),
        ("GET", "/exports/..%2e", 404),
        ("GET", "/exports/AAAAAAAAAAAAAAAAAAAAAA/file", 404),
        ("DELETE", "/exports/AAAAAAAAAAAAAAAAAAAAAA", 404),
        ("DELETE", "/downloads/many.geojson", 405),
    ],
)
def test_what_is_refused(places_site: Site, method: str, address: str, status: int) -> None:
    answer = places_site.client.request(method, address.replace("many", "places"))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.slow
def test_the_offer(site: Site) -> None:
    assert site.get("/downloads/map", headers={"Accept": "image/png"}).status_code == 406
    layers = {one.id: one for one in site.catalog.store.layers()}
    found = site.json("/downloads/map?lang=en")
    assert [one["id"] for one in found["layers"]] == list(layers)
    assert found["numberMatched"] == sum(one["numberMatched"] for one in found["layers"])
    for one in found["layers"]:
        items = site.json(f"/collections/{one['id']}/items?limit=1")
        assert one["numberMatched"] == items["numberMatched"]
        placeless = site.json(f"/downloads/{one['id']}.geojson")["features"]
        assert one["withoutGeometry"] == sum(each["geometry"] is None for each in placeless)
    for one in found["formats"]:
        head = site.client.head(one["href"].removeprefix(site.url))
        assert head.status_code == 200
        assert head.headers["content-type"].partition(";")[0] == one["type"]
    names = [one["name"] for one in found["crs"]]
    assert len(names) == len(set(names))
    assert {"CRS84", "EPSG:4490", "GCJ02", "BD09"} <= set(names)


@pytest.mark.slow
def test_a_format_of_one_layer_is_told_from_others(site: Site) -> None:
    """And the field that names the layer of what is joined."""
    found = site.json("/downloads/map")
    several = {one["extension"] for one in found["formats"] if one["manyLayers"]}
    assert several == {"xlsx", "gpkg", "shp", "kml", "kmz", "gdb", "dxf"}
    features = site.json("/downloads/map.geojson")["features"]
    named = {one["properties"][found["layerField"]] for one in features}
    assert named == {one["id"] for one in found["layers"] if one["numberMatched"]}
    assert site.json(f"/downloads/{site.largest()}")["layerField"] is None


@pytest.mark.slow
def test_a_long_export_lets_others_in(large: Catalog, tmp_path: Path) -> None:
    with serving(large, data_dir=tmp_path / "data") as site:
        for n in range(4):
            begun(site, f"/downloads/many.geojson?filter=n<{30_000 - n}")
        start = time.monotonic()
        assert site.json("/collections/many/items?limit=1")["numberMatched"] == MANY
        assert time.monotonic() - start < 5


def bureau(site: Site) -> dict[str, str]:
    presets: list[dict[str, str]] = site.json("/downloads/map")["presets"]
    return next(one for one in presets if one["id"] == "bureau")


def test_the_surveyors_grid_follows_the_zone(bundled_site: Site, made_up_site: Site) -> None:
    assert bureau(bundled_site)["crs"] == "EPSG:4549"
    # In the Gulf of Guinea and in Germany China has no zone: the file is in degrees.
    assert "crs" not in bureau(made_up_site)


@first_zone_quick()
def test_surveyors_get_no_point_that_is_none(site: Site) -> None:
    one = bureau(site)
    assert one["geometryTitle"] == "不输出区县级点"
    assert site.get(f"/downloads/map.shp?geometry={one['geometry']}").status_code == 200


@contextmanager
def apart(folder: Path, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
    """The server in a process of its own, and where it keeps its exports."""
    data = tmp_path / "data"
    with served(surroundings(tmp_path), folder, "--data-dir", data) as (url, process):
        yield url.rstrip("/"), process, data / "exports"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["many.geojson", "many.gpkg", "many.xlsx"])
def test_a_full_disk(large_folder: Path, tmp_path: Path, name: str) -> None:
    with apart(large_folder, tmp_path) as (url, process, exports):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (200_000, 200_000))
        export = httpx.post(f"{url}/downloads/{name}").headers["location"]
        until(lambda: httpx.get(export).json()["state"] == "failed")
        assert httpx.get(export).json()["reason"] == "no_room"
        assert list(exports.iterdir()) == []
        assert httpx.get(f"{url}/collections/many/items?limit=1").status_code == 200


@pytest.mark.slow
def test_one_that_is_deleted_while_it_is_written(large_folder: Path, tmp_path: Path) -> None:
    with apart(large_folder, tmp_path) as (url, _, exports):
        export = httpx.post(f"{url}/downloads/many.xlsx").headers["location"]
        until(lambda: exports.is_dir() and any(exports.iterdir()))
        assert httpx.get(export).json()["state"] == "writing"
        assert httpx.delete(export).status_code == 204
        until(lambda: not any(exports.iterdir()))
        # The next one is not held up, nor does the first come back.
        after = httpx.post(f"{url}/downloads/many.geojson").headers["location"]
        until(lambda: httpx.get(after).json()["state"] == "ready")
        assert [one.name for one in exports.iterdir()] == [after.rpartition("/")[2]]
        assert httpx.get(export).status_code == 404


@pytest.mark.slow
def test_what_a_killed_server_left_goes(large_folder: Path, tmp_path: Path) -> None:
    with apart(large_folder, tmp_path) as (url, process, exports):
        export = httpx.post(f"{url}/downloads/many.xlsx").headers["location"]
        until(lambda: exports.is_dir() and any(exports.iterdir()))
        process.kill()
        process.wait()
    [left] = exports.iterdir()
    os.utime(left, (0, 0))
    with apart(large_folder, tmp_path) as (url, _, exports):
        until(lambda: not any(exports.iterdir()))
        assert httpx.get(f"{url}/exports/{export.rpartition('/')[2]}").status_code == 404

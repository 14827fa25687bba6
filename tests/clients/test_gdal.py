"""Debian's ogr2ogr reads every layer whole by both services; GDAL's check passes our GeoPackage."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from layers.catalog import Catalog
from layers.model import Query
from tests.clients.conftest import PYTHON
from tests.server.sites import Site

Run = Callable[..., CompletedProcess[str]]


def read(run: Run, source: str, *words: object, file: str = "out.geojsonl") -> list[dict[str, Any]]:
    ran = run("ogr2ogr", "-f", "GeoJSONSeq", file, source, *words)
    assert ran.returncode == 0, ran.stderr
    assert "ERROR" not in ran.stderr
    home = Path(run("pwd").stdout.strip())
    return [json.loads(line) for line in (home / file).read_text("utf-8").split("\n") if line]


def test_oapif_reads_everything(made_up_site: Site, run: Run) -> None:
    found = read(run, f"OAPIF:{made_up_site.url}/", "viele")
    assert len({one["properties"]["nr"] for one in found}) == 10_001
    sites = read(run, f"OAPIF:{made_up_site.url}/", "werke", file="sites.geojsonl")
    names = {field.name for field in made_up_site.catalog.store.layer("werke").schema.fields}
    lowered = {name.lower() for name in names}
    assert {str(name).lower() for name in sites[0]["properties"]} >= lowered
    assert sum(one["properties"]["nur_zuletzt"] == "nur hier" for one in sites) == 1


def test_oapif_knows_every_layer(bundled_site: Site, run: Run) -> None:
    listed = run("ogrinfo", "-ro", f"OAPIF:{bundled_site.url}/").stdout
    for layer in bundled_site.catalog.store.layers():
        assert layer.id in listed
        found = read(run, f"OAPIF:{bundled_site.url}/", layer.id, file=f"{layer.id}.geojsonl")
        assert len(found) == bundled_site.catalog.store.count(layer.id, Query())


def test_a_filter_by_place_is_sent_to_the_server(made_up_site: Site, run: Run) -> None:
    box = (10.4, 50.2, 10.45, 50.25)
    found = read(run, f"OAPIF:{made_up_site.url}/", "viele", "-spat", *box)
    page = made_up_site.json("/collections/viele/items", params={"bbox": ",".join(map(str, box))})
    assert len(found) == page["numberMatched"] > 0


@pytest.mark.parametrize(
    ("where", "right"),
    [
        ("art = 'b'", lambda nr: nr % 3 == 1),
        ("nr = 77", lambda nr: nr == 77),
        ("art = 'a' AND nr < 10", lambda nr: nr % 3 == 0 and nr < 10),
    ],
)
def test_a_filter_by_value_finds_what_is_right(
    made_up_site: Site, run: Run, where: str, right: Callable[[int], bool]
) -> None:
    found = read(run, f"OAPIF:{made_up_site.url}/", "viele", "-where", where)
    numbers = [one["properties"]["nr"] for one in found]
    assert numbers == [nr for nr in range(10_001) if right(nr)]


@pytest.mark.parametrize(("layer", "count"), [("viele", 10_001), ("werke", 42), ("kreise", 3)])
def test_esrijson_reads_everything(made_up_site: Site, run: Run, layer: str, count: int) -> None:
    number = made_up_site.catalog.store.numbers()[layer]
    service = (
        f"{made_up_site.url}/rest/services/{made_up_site.catalog.store.zone().id}/FeatureServer"
    )
    address = f"ESRIJSON:{service}/{number}/query?where=1%3D1&outFields=*&f=json"
    assert len(read(run, address)) == count


def checked(run: Run, file: object) -> None:
    """GDAL's own check of a GeoPackage finds nothing."""
    words = ("-m", "osgeo_utils.samples.validate_gpkg", "--extra", "--warning-as-error")
    ran = run(PYTHON, *words, file)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "rror" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("name", ["parks", "map"])
def test_the_line_of_the_panel(bundled_site: Site, run: Run, name: str) -> None:
    """Not a word from GDAL, and a GeoPackage as the standard wants it."""
    store = bundled_site.catalog.store
    ran = run("sh", "-c", bundled_site.json(f"/connect/{name}.json")["gdal"])
    assert (ran.returncode, ran.stderr) == (0, "")
    file = f"{store.zone().id if name == 'map' else name}.gpkg"
    checked(run, file)
    for layer in [name] if name != "map" else [layer.id for layer in store.layers()]:
        counted = run("ogrinfo", "-ro", "-so", file, layer).stdout
        assert f"Feature Count: {store.count(layer, Query())}\n" in counted


def test_what_the_line_wrote_can_be_served(bundled_site: Site, run: Run, tmp_path: Path) -> None:
    """The way there and back: names, placements and uncertainties are still known as such."""
    run("sh", "-c", bundled_site.json("/connect/map.json")["gdal"])
    ours = bundled_site.catalog.store
    kept = {"name", "placement", "uncertainty"}
    areas = {layer.id for layer in ours.layers() if layer.role in ("areas", "backdrop")}
    with closing(Catalog.open(tmp_path / f"{ours.zone().id}.gpkg", tmp_path / "data")) as catalog:
        for layer in ours.layers():
            features = list(ours.features(layer.id, Query()))
            expected = {
                (one.role, one.lang)
                for one in layer.schema.fields
                if one.role in kept
                and not (one.role == "placement" and layer.id in areas)
                # a number that no feature has is a text to GDAL
                and (one.type == "text" or any(each.properties[one.name] for each in features))
            }
            found = catalog.store.layer(layer.id).schema.fields
            assert {(one.role, one.lang) for one in found if one.role} == expected, layer.id


@pytest.mark.parametrize("zone", ["bundled", "made_up"])
def test_our_geopackage_passes_gdals_check(
    zone: str, request: pytest.FixtureRequest, run: Run
) -> None:
    catalog: Catalog = request.getfixturevalue(zone)
    checked(run, catalog.store.path)
    listed = run("ogrinfo", "-ro", catalog.store.path)
    assert "Warning" not in listed.stderr
    assert "zoneatlas_" not in listed.stdout


@pytest.mark.parametrize("query", ["lang=zh", "lang=en&crs=EPSG:4549&geometry=possible-area"])
@pytest.mark.parametrize("zone", ["bundled_site", "made_up_site"])
def test_a_downloaded_geopackage_passes_gdals_check(
    zone: str, query: str, request: pytest.FixtureRequest, run: Run, tmp_path: Path
) -> None:
    site: Site = request.getfixturevalue(zone)
    file = tmp_path / "map.gpkg"
    file.write_bytes(site.get(f"/downloads/map.gpkg?{query}").content)
    checked(run, file)
    for layer in site.catalog.store.layers():
        ran = run("ogrinfo", "-ro", "-so", file, layer.id)
        assert "Warning" not in ran.stderr
        assert f"Feature Count: {site.catalog.store.count(layer.id, Query())}\n" in ran.stdout

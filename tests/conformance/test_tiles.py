"""OGC API - Tiles part 1 (20-057), Annex A: what the OGC's suite asks, the way it asks."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.conftest import Places

TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
QUAD = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
FAR = 2_147_483_647
LISTS = ("/", "/collections/places")


def tilesets_of(places: Places, address: str) -> list[Any]:
    [found] = [link for link in places.site.json(address)["links"] if link["rel"] == TILESETS]
    assert found["type"] == "application/json"
    tilesets: list[Any] = places.site.json(found["href"])["tilesets"]
    return tilesets


def template_of(places: Places, tileset: Any) -> str:
    """From the tileset itself; of its entry in the list every link must be one to follow."""
    for link in tileset["links"]:
        places.site.json(link["href"])
    [own] = [link for link in tileset["links"] if link["rel"] == "self"]
    [item] = [link for link in places.site.json(own["href"])["links"] if link["rel"] == "item"]
    assert item["templated"] is True
    return str(item["href"])


def statuses(places: Places, address: str, rows_below: int) -> Iterator[int]:
    """Of the lowest tile at the left of each matrix, or of one so many rows below."""
    for tileset in tilesets_of(places, address):
        template = template_of(places, tileset)
        for limits in tileset["tileMatrixSetLimits"]:
            tile = template.replace("{tileMatrix}", limits["tileMatrix"])
            tile = tile.replace("{tileRow}", str(limits["maxTileRow"] + rows_below))
            yield places.site.get(tile.replace("{tileCol}", str(limits["minTileCol"]))).status_code


@pytest.mark.parametrize("address", LISTS)
def test_core__tc_op(places: Places, address: str) -> None:
    assert tilesets_of(places, address)


@pytest.mark.parametrize("address", LISTS)
def test_core__tc_tilematrix_definition(places: Places, address: str) -> None:
    for tileset in tilesets_of(places, address):
        assert "/WebMercatorQuad/{tileMatrix}/" in template_of(places, tileset)


@pytest.mark.parametrize("address", LISTS)
def test_core__tc_tilerow_definition(places: Places, address: str) -> None:
    for tileset in tilesets_of(places, address):
        assert "/{tileMatrix}/{tileRow}/" in template_of(places, tileset)


@pytest.mark.parametrize("address", LISTS)
def test_core__tc_tilecol_definition(places: Places, address: str) -> None:
    for tileset in tilesets_of(places, address):
        assert template_of(places, tileset).endswith("/{tileRow}/{tileCol}")


@pytest.mark.parametrize("address", LISTS)
def test_core__tc_success(places: Places, address: str) -> None:
    assert set(statuses(places, address, 0)) <= {200, 204}


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("rows_below", [1, 100, FAR])
def test_core__tc_error(places: Places, address: str, rows_below: int) -> None:
    assert set(statuses(places, address, rows_below)) == {404}


@pytest.mark.parametrize("address", LISTS)
def test_tilesets_list__tileset_links(places: Places, address: str) -> None:
    for tileset in tilesets_of(places, address):
        assert (tileset["dataType"], tileset["tileMatrixSetURI"]) == ("vector", QUAD)
        assert tileset["crs"]


def test_dataset_tilesets__landingpage(places: Places) -> None:
    assert [link for link in places.site.json("/")["links"] if link["rel"] == TILESETS]


def test_geodata_tilesets__desc_links(places: Places) -> None:
    [listed] = places.site.json("/collections")["collections"]
    assert [link for link in listed["links"] if link["rel"] == TILESETS]


def test_geodata_tilesets__operation(places: Places) -> None:
    [listed] = places.site.json("/collections")["collections"]
    [found] = [link for link in listed["links"] if link["rel"] == TILESETS]
    assert found["href"].endswith("/tiles")
    assert places.site.json(found["href"])["tilesets"]


def test_oas30__operation_id(places: Places) -> None:
    paths = places.site.json("/api")["paths"].values()
    operations = [path["get"]["operationId"] for path in paths if "get" in path]
    for name in ("getTileSetsList", "getTileSet", "getTile"):
        for of in ("collection", "dataset"):
            assert f"{of}.vector.{name}" in operations

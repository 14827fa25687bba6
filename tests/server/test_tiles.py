"""Vector tiles, tilesets and TileJSON: what other readers find, and the edges that suites try."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyogrio
import pytest

from geo.tiles import tile_ranges
from layers.catalog import Catalog
from layers.model import Query
from server.hosts import parse_public_url
from tests.rows import first_zone_quick
from tests.server.sites import Site, serving
from tests.server.tiles import MVT, by_rel, decoded, ids, left_out, tile_at, tilesets_of

RELATIONS = "http://www.opengis.net/def/rel/ogc/1.0"
QUAD = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
ISLES = "isles"


def isles_file() -> str:
    """Points and an area on both sides of the antimeridian, and one near the pole."""
    east = [[179.0, -17.0], [180.0, -17.0], [180.0, -16.0], [179.0, -16.0], [179.0, -17.0]]
    west = [[-180.0, -17.0], [-179.5, -17.0], [-179.5, -16.0], [-180.0, -16.0], [-180.0, -17.0]]
    shapes = {
        "east": {"type": "Point", "coordinates": [179.99, 0.5]},
        "west": {"type": "Point", "coordinates": [-179.99, 0.5]},
        "both": {"type": "MultiPolygon", "coordinates": [[east], [west]]},
        "pole": {"type": "Point", "coordinates": [0.0, 89.0]},
        "none": None,
    }
    features = [
        {"type": "Feature", "id": name, "geometry": shape, "properties": {"name": name}}
        for name, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture(scope="module")
def isles_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("pacific")
    (folder / f"{ISLES}.geojson").write_text(isles_file(), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path_factory.mktemp("pacific-data"))
    with serving(catalog) as site:
        yield site
    catalog.close()


# --- documents --------------------------------------------------------------------------------


def test_tile_matrix_sets(site: Site) -> None:
    [listed] = site.json("/tileMatrixSets")["tileMatrixSets"]
    assert (listed["id"], listed["uri"]) == ("WebMercatorQuad", QUAD)
    assert by_rel(listed)["item"]["href"] == by_rel(listed)["self"]["href"]
    definition = site.json(by_rel(listed)["self"]["href"])
    assert definition["id"] == "WebMercatorQuad"
    assert definition["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert [one["matrixWidth"] for one in definition["tileMatrices"][:3]] == [1, 2, 4]
    assert site.get("/tileMatrixSets/WorldCRS84Quad").status_code == 404


def test_every_layer_and_the_map_lead_to_their_tiles(site: Site) -> None:
    landing = by_rel(site.json("/"))
    assert landing[f"{RELATIONS}/tilesets-vector"]["href"] == f"{site.url}/tiles"
    assert landing[f"{RELATIONS}/tiling-schemes"]["href"] == f"{site.url}/tileMatrixSets"
    for one in site.json("/collections")["collections"]:
        links = by_rel(one)
        assert site.json(links[f"{RELATIONS}/tilesets-vector"]["href"])["tilesets"]
        tilejson = [link for link in one["links"] if link.get("title") == "TileJSON"]
        assert site.json(tilejson[0]["href"])["tilejson"] == "3.0.0"


def test_tilesets(site: Site) -> None:
    for address in tilesets_of(site):
        [listed] = site.json(address)["tilesets"]
        assert listed["dataType"] == "vector"
        assert listed["tileMatrixSetId"] == "WebMercatorQuad"
        assert listed["tileMatrixSetURI"] == QUAD
        links = by_rel(listed)
        assert links[f"{RELATIONS}/tiling-scheme"]["href"].endswith("/WebMercatorQuad")
        for link in listed["links"]:  # the OGC's suite follows each, as JSON
            assert isinstance(site.json(link["href"]), dict)
        tileset = site.json(links["self"]["href"])
        item = by_rel(tileset)["item"]
        assert item["templated"] is True
        assert item["type"] == MVT
        assert item["href"] == site.url + tile_at(address, "{tileMatrix}", "{tileRow}", "{tileCol}")
        assert tileset["tileMatrixSetLimits"] == listed["tileMatrixSetLimits"]
        assert (
            by_rel(tileset)["describedby"]["href"]
            == f"{site.url}{address}/WebMercatorQuad/tilejson.json"
        )
        assert tileset["layers"]
        for layer in tileset["layers"]:
            schema = site.catalog.store.layer(layer["id"]).schema
            names = [field.name for field in schema.fields]
            assert list(layer["propertiesSchema"]["properties"])[1:] == names


def test_tilejson(site: Site) -> None:
    for address in tilesets_of(site):
        document = site.json(f"{address}/WebMercatorQuad/tilejson.json")
        assert document["tilejson"] == "3.0.0"
        [template] = document["tiles"]
        assert template == site.url + tile_at(address, "{z}", "{y}", "{x}")
        west, south, east, north = document["bounds"]
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        assert 0 <= document["minzoom"] <= document["maxzoom"] <= 24
        for layer in document["vector_layers"]:
            schema = site.catalog.store.layer(layer["id"]).schema
            assert set(layer["fields"]) >= {field.name for field in schema.fields}
            assert set(layer["fields"].values()) <= {"String", "Number", "Boolean"}
    assert len(site.json("/tiles/WebMercatorQuad/tilejson.json")["vector_layers"]) == len(
        site.catalog.store.layers()
    )


def test_the_attribution_of_tilejson_may_be_written_as_markup(folder: Path, tmp_path: Path) -> None:
    zone = {"id": "z", "title": "Z", "credit": "<img src=x onerror=alert(1)> & co"}
    (folder / "zone.json").write_text(json.dumps(zone), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        document = site.json("/tiles/WebMercatorQuad/tilejson.json")
        assert document["attribution"] == "&lt;img src=x onerror=alert(1)&gt; &amp; co"
    catalog.close()


def test_what_is_said_of_tiles_is_declared(site: Site) -> None:
    declared = site.json("/conformance")["conformsTo"]
    tiles = {one.rpartition("/")[2] for one in declared if "ogcapi-tiles-1/1.0/conf/" in one}
    assert tiles >= {"core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"}


# --- tiles ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_feature_is_lost_however_small(site: Site) -> None:
    """All of a layer is in its tile of zoom 0: points, polygons and lines alike.

    Only what is larger than a tile may be, as are 10,001 points with their names, gives way.
    """
    answer = site.get(tile_at("/tiles", 0, 0, 0))
    assert len(answer.content) <= 500_000
    assert set(left_out(answer)) <= {site.largest()}
    whole = decoded(answer)
    for layer in site.catalog.store.layers():
        placed = {
            feature.id: feature
            for feature in site.catalog.store.features(layer.id, Query())
            if feature.geometry is not None
        }
        if not placed:
            assert layer.id not in whole
            continue
        alone = site.get(tile_at(f"/collections/{layer.id}/tiles", 0, 0, 0))
        own = decoded(alone)
        assert list(own) == [layer.id]
        features = {feature["id"] for feature in own[layer.id]["features"]}
        missing = {one.fid for one in placed.values()} - features
        assert len(missing) == left_out(alone).get(layer.id, 0) < len(placed) / 2
        if layer.id not in left_out(answer):
            assert not missing
            assert own[layer.id] == whole[layer.id]
        assert own[layer.id]["version"] == 2
        assert own[layer.id]["extent"] == 4096


@first_zone_quick()
def test_a_tile_says_what_its_features_say(site: Site) -> None:
    for layer in site.catalog.store.layers():
        own = decoded(site.get(tile_at(f"/collections/{layer.id}/tiles", 0, 0, 0)))
        by_fid = {one.fid: one for one in site.catalog.store.features(layer.id, Query(limit=50))}
        own_id = "id_" if layer.schema.field("id") else "id"
        for feature in own[layer.id]["features"] if own else []:
            known = by_fid.get(feature["id"])
            if known is None:
                continue
            said = {**feature["properties"]}
            assert said.pop(own_id) == known.id
            expected = {
                name: value for name, value in known.properties.items() if value is not None
            }
            for name, value in expected.items():
                if isinstance(value, list):
                    assert json.loads(said.pop(name)) == value
                else:
                    assert said.pop(name) == pytest.approx(value)
            assert said == {}


@pytest.mark.slow
def test_tiles_side_by_side_hold_every_feature(bundled_site: Site) -> None:
    store = bundled_site.catalog.store
    for layer in store.layers():
        extent = store.extent(layer.id)
        assert extent is not None
        for zoom in (6, 9, 11):
            found: set[int] = set()
            for span in tile_ranges(extent, zoom):
                for tile in span:
                    address = tile_at(f"/collections/{layer.id}/tiles", *tile)
                    drawn = decoded(bundled_site.get(address)).get(layer.id, {"features": []})
                    found |= {feature["id"] for feature in drawn["features"]}
            features = store.features(layer.id, Query())
            assert found == {one.fid for one in features if one.geometry is not None}


def test_gdal_reads_a_tile(bundled_site: Site, tmp_path: Path) -> None:
    store = bundled_site.catalog.store
    layer = next(one for one in store.layers() if one.schema.geometry == "Point")
    first = next(one for one in store.features(layer.id, Query()) if one.geometry is not None)
    extent = store.extent(layer.id)
    assert extent is not None
    tile = next(iter(tile_ranges(extent, 8)[0]))
    answer = bundled_site.get(tile_at(f"/collections/{layer.id}/tiles", *tile))
    file = tmp_path / "tile.mvt"
    file.write_bytes(answer.content)
    frame = pyogrio.read_dataframe(
        f"MVT:{file}",
        layer=layer.id,
        X=str(tile.x),
        Y=str(tile.y),
        Z=str(tile.zoom),
        CLIP="NO",  # with what is in the buffer
    )
    assert set(first.properties) & set(frame.columns)
    assert len(frame) == len(decoded(answer)[layer.id]["features"])
    assert frame.crs.to_epsg() == 3857
    west, south, east, north = tile.bounds
    assert frame.total_bounds[0] >= west - (east - west) / 10
    assert frame.total_bounds[3] <= north + (north - south) / 10


def test_tiles_at_the_antimeridian(isles_site: Site) -> None:
    tileset = f"/collections/{ISLES}/tiles"
    world = decoded(isles_site.get(tile_at(tileset, 0, 0, 0)))[ISLES]
    # Three of four are twice in the whole world's tile: once more in the buffer at its edge.
    assert set(ids(world)) == {"east", "west", "both"}
    for column, own in ((0, "west"), (15, "east")):
        found = decoded(isles_site.get(tile_at(tileset, 4, 7, column)))[ISLES]
        inside = [
            feature["properties"]["id"]
            for feature in found["features"]
            if 0 <= feature["geometry"]["coordinates"][0] <= 4096
        ]
        assert inside == [own]
        # The neighbour across the antimeridian is in the buffer.
        assert set(ids(found)) == {"east", "west"}
    areas = [decoded(isles_site.get(tile_at(tileset, 6, 35, column)))[ISLES] for column in (0, 63)]
    assert [set(ids(one)) for one in areas] == [{"both"}, {"both"}]
    [listed] = isles_site.json(tileset)["tilesets"]
    limits = {one["tileMatrix"]: one for one in listed["tileMatrixSetLimits"]}
    assert (limits["6"]["minTileCol"], limits["6"]["maxTileCol"]) == (0, 63)


# --- edges ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_limits_as_the_suite_tries_them(site: Site) -> None:
    for address in tilesets_of(site):
        [tileset] = site.json(address)["tilesets"]
        for limits in tileset["tileMatrixSetLimits"]:
            zoom = limits["tileMatrix"]
            if int(zoom) % 3:
                continue
            inside = site.get(tile_at(address, zoom, limits["maxTileRow"], limits["minTileCol"]))
            assert inside.status_code in (200, 204)
            outside = (
                (limits["maxTileRow"] + 1, limits["minTileCol"]),
                (limits["minTileRow"], limits["maxTileCol"] + 1),
                (limits["minTileRow"] - 1, limits["minTileCol"]),
                (2147483647, limits["minTileCol"]),
                (limits["maxTileRow"], 2147483647),
            )
            for row, column in outside:
                answer = site.get(tile_at(address, zoom, row, column))
                assert answer.status_code == 404
                assert answer.headers["content-type"] == "application/problem+json"


def test_inside_the_limits_without_data_is_204(site: Site) -> None:
    largest = site.largest()
    [tileset] = site.json(f"/collections/{largest}/tiles")["tilesets"]
    [limits] = [one for one in tileset["tileMatrixSetLimits"] if one["tileMatrix"] == "15"]
    row, column = limits["minTileRow"], limits["minTileCol"]
    answer = site.get(tile_at(f"/collections/{largest}/tiles", 15, row, column))
    assert answer.status_code == 204
    assert answer.content == b""


def test_a_layer_without_features_has_empty_tiles(made_up_site: Site) -> None:
    assert made_up_site.get(tile_at("/collections/leer/tiles", 0, 0, 0)).status_code == 204
    assert made_up_site.get(tile_at("/collections/leer/tiles", 18, 5, 5)).status_code == 204
    assert made_up_site.get(tile_at("/collections/leer/tiles", 1, 2, 0)).status_code == 404


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (("-1", "0", "0"), 404),
        (("25", "0", "0"), 404),
        (("2147483647", "0", "0"), 404),
        (("9" * 5000, "0", "0"), 404),
        (("0", "-1", "0"), 404),
        (("0", "0", "9" * 20), 404),
        (("0", "0", "-" + "9" * 20), 404),
        (("text", "0", "0"), 404),
        (("0", "1.5", "0"), 404),
        (("0", "0", "1e3"), 404),
        (("0", "0", "00"), 404),
        (("0", "0", "０"), 404),
        (("0", "0", "0.mvt"), 404),
        (("0", "0", "%00"), 404),
        (("nan", "0", "0"), 404),
        (("{tileMatrix}", "{tileRow}", "{tileCol}"), 404),
    ],
)
def test_numbers_that_no_tile_has(site: Site, place: tuple[str, ...], status: int) -> None:
    for address in ("/tiles", f"/collections/{site.largest()}/tiles"):
        answer = site.get(tile_at(address, *place))
        assert answer.status_code == status
        problem = answer.json()
        assert problem["status"] == status
        assert problem["detail"]


@first_zone_quick()
def test_parameters_and_types_that_do_not_fit(site: Site) -> None:
    tiles = f"/collections/{site.largest()}/tiles"
    tile = tile_at(tiles, 0, 0, 0)
    assert site.get(f"{tile}?f=mvt").status_code == 200
    for bad in ("f=json", "f=pbf", "lang=en", "limit=1", "x"):
        answer = site.get(f"{tile}?{bad}")
        assert answer.status_code == 400
        assert answer.json()["parameter"]
    for bad in ("/tiles?limit=1", "/tileMatrixSets?x=1", f"{tiles}/WebMercatorQuad?v=1"):
        assert site.get(bad).status_code == 400
    assert site.get(tile, headers={"Accept": "image/png"}).status_code == 406
    assert site.get(tile, headers={"Accept": f"{MVT}, */*;q=0.1"}).status_code == 200
    assert site.get("/collections/nothing/tiles").status_code == 404
    assert site.get(tile_at("/collections/nothing/tiles", 0, 0, 0)).status_code == 404
    assert site.get(f"{tiles}/WorldCRS84Quad/0/0/0").status_code == 404
    assert site.client.post(tile).status_code == 405


def test_links_begin_with_the_public_url(bundled: Catalog) -> None:
    public = parse_public_url("https://maps.example.org/zone/atlas/")
    with serving(bundled, public_url=public) as site:
        [address] = site.json("/tiles/WebMercatorQuad/tilejson.json")["tiles"]
        assert address.startswith("https://maps.example.org/zone/atlas/tiles/")
        assert address.endswith("/{z}/{y}/{x}")
        [tileset] = site.json("/tiles")["tilesets"]
        for link in tileset["links"]:
            assert link["href"].startswith("https://maps.example.org/zone/atlas/")

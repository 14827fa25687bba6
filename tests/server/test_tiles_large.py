"""Tiles of large layers: within their budget and their time, kept and packed."""

import time
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from geo.extent import Extent
from geo.tiles import Tile, tile_ranges
from layers.catalog import Catalog
from layers.model import Query
from server import tile_budget
from tests.server.sites import Site, layer_file, serving, until
from tests.server.tiles import decoded, left_out, tile_at


@pytest.mark.slow
def test_a_tile_is_kept_until_its_layer_changes(folder_site: Site, folder: Path) -> None:
    tile = tile_at("/collections/places/tiles", 0, 0, 0)
    first = folder_site.get(tile)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    again = folder_site.get(tile, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    # A new layer changes the map's tile and no other.
    whole = folder_site.get(tile_at("/tiles", 0, 0, 0)).headers["etag"]
    (folder / "trees.geojson").write_text(layer_file(["Elm"]), encoding="utf-8")
    until(lambda: folder_site.get("/collections/trees").status_code == 200)
    assert folder_site.get(tile, headers={"If-None-Match": tag}).status_code == 304
    other = folder_site.get(tile_at("/tiles", 0, 0, 0), headers={"If-None-Match": whole})
    assert other.status_code == 200
    (folder / "places.geojson").write_text(layer_file(["Ash"]), encoding="utf-8")
    until(lambda: folder_site.get(tile, headers={"If-None-Match": tag}).status_code == 200)
    changed = folder_site.get(tile, headers={"If-None-Match": tag})
    assert changed.headers["etag"] != tag
    assert len(decoded(changed)["places"]["features"]) == 1


@pytest.mark.slow
def test_tiles_are_packed_and_head_is_like_get(made_up_site: Site) -> None:
    tile = tile_at(f"/collections/{made_up_site.largest()}/tiles", 0, 0, 0)
    plain = made_up_site.get(tile, headers={"Accept-Encoding": "identity"})
    for encoding in ("gzip", "zstd"):
        request = made_up_site.client.build_request(
            "GET", tile, headers={"Accept-Encoding": encoding}
        )
        packed = made_up_site.client.send(request, stream=True)
        assert packed.headers["content-encoding"] == encoding
        assert int(packed.headers["content-length"]) < len(plain.content) / 1.5
        assert packed.headers["etag"] != plain.headers["etag"]
        packed.close()
    head = made_up_site.client.head(tile, headers={"Accept-Encoding": "identity"})
    assert head.headers["content-length"] == str(len(plain.content))
    assert head.headers["etag"] == plain.headers["etag"]
    assert "accept-encoding" in head.headers["vary"].lower()


@pytest.mark.slow
def test_a_busy_tile_is_given_up(made_up: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time limit holds for tiles too, and nobody else waits meanwhile."""
    monkeypatch.setattr(tile_budget, "encode", lambda *_: time.sleep(1.5))
    with serving(made_up, query_seconds=0.5) as site:
        answer = site.get(tile_at("/tiles", 0, 0, 0))
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert site.get("/health").status_code == 200


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two layers of another program: 60,000 squares in metres, and three specks among them."""
    path = tmp_path_factory.mktemp("crowded") / "crowded.gpkg"
    random = np.random.default_rng(3)
    x, y = random.normal(500_000, 20_000, 60_000), random.normal(3_400_000, 20_000, 60_000)
    names = [f"地块 {n} {'x' * 40}" for n in range(60_000)]
    squares = geopandas.GeoDataFrame({"name": names}, geometry=shapely.box(x, y, x + 50, y + 50))
    pyogrio.write_dataframe(squares.set_crs(4549), path, layer="squares")
    specks = shapely.box(np.arange(3) / 100 + 120, 30.7, np.arange(3) / 100 + 120.00001, 30.70001)
    pyogrio.write_dataframe(
        geopandas.GeoDataFrame({"n": range(3)}, geometry=specks, crs=4326), path, layer="specks"
    )
    catalog = Catalog.open(path, path.parent)
    with serving(catalog, query_seconds=20.0) as site:
        yield site
    catalog.close()


def tile_around(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    [found] = tile_ranges(Extent(lon, lat, lon, lat), zoom)
    return zoom, found.min_row, found.min_column


@pytest.mark.slow
@pytest.mark.parametrize("zoom", [0, 5, 7, 8, 9])
def test_a_tile_of_a_large_layer_keeps_to_its_budget(crowded: Site, zoom: int) -> None:
    """And says what it leaves out; what is there is spread over the tile, and the specks stay."""
    place = tile_around(120.01, 30.7, zoom)
    answer = crowded.get(tile_at("/tiles", *place))
    assert 100_000 < len(answer.content) <= 500_000
    found = decoded(answer)
    assert len(found["specks"]["features"]) == 3
    missing = left_out(answer)
    assert list(missing) == ["squares"]
    shown = found["squares"]["features"]
    assert len(shown) > 1_000
    own = crowded.get(tile_at("/collections/squares/tiles", *place))
    assert len(own.content) <= 500_000
    # "About": some that count as near are drawn by the neighbour only.
    total = len(decoded(own)["squares"]["features"]) + left_out(own)["squares"]
    assert total == pytest.approx(len(shown) + missing["squares"], rel=0.02)
    again = crowded.get(
        tile_at("/tiles", *place), headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert "Features-Left-Out" in answer.headers["access-control-expose-headers"]


@pytest.mark.slow
def test_near_enough_everything_is_there(crowded: Site) -> None:
    for zoom in (12, 14):
        place = tile_around(120.01, 30.7, zoom)
        answer = crowded.get(tile_at("/tiles", *place))
        assert left_out(answer) == {}
        ground = Tile(*place).extent()
        inside = crowded.catalog.store.count("squares", Query(ground))
        assert len(decoded(answer)["squares"]["features"]) >= inside > 0


@pytest.mark.slow
def test_a_shape_larger_than_a_tile_may_be(tmp_path: Path) -> None:
    """Its outline becomes that of the grid, so it is no more than a grid can tell apart."""
    turns = np.linspace(0, 6.28, 50_000)
    wave = 1 + np.sin(turns * 1_000) / 5
    ring = np.column_stack((10 + np.cos(turns) * wave, 50 + np.sin(turns) * wave))
    path = tmp_path / "wild.gpkg"
    shapes = [shapely.Polygon(ring), shapely.Point(10, 50).buffer(0.1)]
    pyogrio.write_dataframe(
        geopandas.GeoDataFrame({"n": range(2)}, geometry=shapes, crs=4326), path
    )
    catalog = Catalog.open(path, tmp_path)
    with serving(catalog, query_seconds=20.0) as site:
        for zoom in (3, 7):
            answer = site.get(tile_at("/tiles", *tile_around(10, 50, zoom)))
            assert len(answer.content) <= 500_000
            assert sum(left_out(answer).values()) + len(decoded(answer)["wild"]["features"]) == 2
    catalog.close()

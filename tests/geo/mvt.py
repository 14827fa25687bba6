"""Tiles drawn for a test, and what is to be true of all of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from geo.crs import transform
from geo.mvt import TileLayer, encode
from geo.tiles import HALF_WORLD, Tile

WORLD = Tile(0, 0, 0)
TOWN = Tile(12, 1673, 3424)  # about 9.8 km, at 31 N
BUFFERED = shapely.box(-64, -64, 4160, 4160)

Features = list[dict[str, Any]]


def layer(
    geometries: Sequence[Any],
    attributes: Mapping[str, Any] | None = None,
    fids: Sequence[int] | None = None,
    name: str = "sites",
) -> TileLayer:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    ids = np.array(range(1, len(array) + 1) if fids is None else fids, np.uint64)
    return TileLayer(name, ids, array, attributes or {})


def decode(data: bytes, name: str = "sites") -> Features:
    """The features as mapbox_vector_tile reads them, in tile units, y down."""
    tile = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    features: Features = tile[name]["features"]
    return features


def drawn(geometries: Sequence[Any], tile: Tile) -> Features:
    data = encode([layer(geometries)], tile)
    return decode(data) if data else []


def at(tile: Tile, *units: tuple[float, float]) -> NDArray[Any]:
    """CRS84 positions of positions in tile units, through PROJ, not through the code's formula."""
    size = 2 * HALF_WORLD / 2**tile.zoom / 4096
    west, _, _, north = tile.bounds
    metres = np.array([(west + x * size, north - y * size) for x, y in units])
    return transform(metres, "EPSG:3857", "CRS84")


def on_ground(geometry: Any, tile: Tile) -> Any:
    """A shape in tile units, put where it is on the ground."""
    return shapely.transform(geometry, lambda coords: at(tile, *coords.tolist()))


def rings(feature: dict[str, Any]) -> list[list[Any]]:
    """Exterior ring and holes of each polygon, as they stand in the tile."""
    geometry = feature["geometry"]
    many = geometry["type"] == "MultiPolygon"
    return geometry["coordinates"] if many else [geometry["coordinates"]]


def assert_valid(features: Features) -> None:
    """MVT 2.1 clause 4.3.4.4: valid, exterior rings of positive area, holes of negative."""
    for feature in features:
        assert shape(feature["geometry"]).is_valid
        for exterior, *holes in rings(feature):
            assert shapely.LinearRing(exterior).is_ccw  # y is down: counter-clockwise is positive
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)
            for ring in (exterior, *holes):
                assert shapely.Polygon(ring).area > 0
                assert all(a != b for a, b in pairwise(ring))


def blob(rng: np.random.Generator, radius: float) -> Any:
    """A star-shaped polygon with a hole, in tile units, some of it beyond the tile."""
    centre = rng.uniform(-200, 4300, 2)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 60))
    reach = radius * (1 + 0.3 * np.sin(4 * angles) + rng.uniform(-0.05, 0.05, 60))
    rim = np.column_stack((np.cos(angles), np.sin(angles))) * reach[:, None]
    area = shapely.Polygon(centre + rim, [centre + rim * 0.4])
    return area if area.is_valid else shapely.make_valid(area)

"""Geometry to GeoJSON text: our fragments beside geopandas.to_json, over the same features."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from bench.figure import Figure
from geo.geometry import geojson_fragments

ROUNDS = 3


def measure() -> Iterator[Figure]:
    random = np.random.default_rng(2)
    points = shapely.points(random.uniform((100, 20), (120, 40), (100_000, 2)))
    areas = shapely.buffer(points[:2_000], 1.0, quad_segs=50)
    for name, geometries in (("100,000 points", points), ("2,000 polygons", areas)):
        ours = _speed(partial(_ours, geometries))
        theirs = _speed(partial(_theirs, geometries))
        yield Figure(f"GeoJSON, {name}", ours, "MB/s", None, f"CPU, best of {ROUNDS}")
        yield Figure(
            f"GeoJSON, {name}, beside geopandas",
            ours / theirs,
            "times",
            None,
            f"geopandas.to_json {theirs:.3g} MB/s",
        )


def _ours(geometries: NDArray[Any]) -> bytes:
    features = [
        b'{"type":"Feature","id":"%d","properties":{},"geometry":%b}' % (number, fragment)
        for number, fragment in enumerate(geojson_fragments(geometries))
        if fragment
    ]
    return b'{"type":"FeatureCollection","features":[' + b",".join(features) + b"]}"


def _theirs(geometries: NDArray[Any]) -> bytes:
    from geopandas import GeoDataFrame

    text: str = GeoDataFrame(geometry=geometries, crs=4326).to_json()
    return text.encode()


def _speed(write: Callable[[], bytes]) -> float:
    """Megabytes per second of CPU."""
    speeds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        size = len(write())
        speeds.append(size / 1e6 / (time.process_time() - started))
    return max(speeds)

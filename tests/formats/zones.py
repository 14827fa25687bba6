"""Every layer of both zones, downloaded, and what the server says of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyproj
import shapely

from layers.model import Layer, Query
from tests.server.sites import Site


class Downloaded(NamedTuple):
    layer: Layer
    file: Path
    count: int  # numberMatched of its items
    shapes: list[shapely.Geometry | None]  # in CRS84, in the order of the features

    @property
    def columns(self) -> int:
        """The id, the fields, the geometry."""
        return len(self.layer.schema.fields) + 2


def every_layer(site: Site, folder: Path, ending: str, query: str = "") -> Iterator[Downloaded]:
    store = site.catalog.store
    for layer in store.layers():
        answer = site.get(f"/downloads/{layer.id}.{ending}{query}")
        assert answer.status_code == 200, answer.text
        file = folder / f"{layer.id}.{ending}"
        file.write_bytes(answer.content)
        matched = site.json(f"/collections/{layer.id}/items?limit=1")["numberMatched"]
        features = store.features(layer.id, Query())
        yield Downloaded(layer, file, matched, [shapely.from_wkb(one.geometry) for one in features])


def first_place(code: int) -> shapely.Point:
    """The first of the hard zone's points in an EPSG code, x before y."""
    turn = pyproj.Transformer.from_crs(4326 if code == 3857 else 4490, code, always_xy=True)
    return shapely.Point(turn.transform(121.12, 31.15))

"""What the tests of stores put in and look at."""

from collections.abc import Callable, Iterator

import shapely

from geo.extent import Extent
from layers.model import (
    Feature,
    Layer,
    NewFeature,
    Query,
)

Maker = Callable[..., Layer]
ALL = Query()
WORLD = Extent(-180, -90, 180, 90)


def new(
    id: str | None, geometry: shapely.Geometry | None = None, **properties: object
) -> NewFeature:
    return NewFeature(id, geometry, properties)


def ids(features: Iterator[Feature]) -> list[str]:
    return [feature.id for feature in features]


def shape(feature: Feature) -> shapely.Geometry | None:
    return None if feature.geometry is None else shapely.from_wkb(feature.geometry)

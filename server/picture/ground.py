"""What a map lies on: the zone's areas, what surrounds it, its towns; read once for each state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.tiles import world_fractions
from layers.model import Lang, Layer, Query
from layers.stores.store import Store
from server.picture.innermost import innermost
from server.picture.items import Item, Reader
from server.window import opening, unwrapped

DIGITS = 4  # of degrees, about 10 m: neighbouring files of one source differ in their last digit
CROWD = 500  # more places than this cannot all be kept free
_POLYGONS = (3, 6)

Shapes = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Region:
    """An area in shares of the world, and where its plate would stand (longitude, latitude)."""

    item: Item
    shape: shapely.Geometry
    spot: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Ground:
    areas: Sequence[Region]
    backdrop: Sequence[Region]
    towns: Sequence[Item]
    borders: Shapes  # lines between groups of areas (provinces), in shares of the world
    box: tuple[float, float, float, float] | None  # of the zone: west, north, east, south
    middle: float  # the longitude in the middle of the zone: all else lies half a world around it

    @property
    def by_district(self) -> Mapping[str, Region]:
        return {code: area for area in self.areas for code in area.item.districts}

    def turned(self, lon: float) -> float:
        """The same meridian, near to the zone: beyond 180 degrees where it lies across."""
        return lon + 360 if lon < self.middle - 180 else lon

    def world(self, shapes: Sequence[shapely.Geometry] | Shapes) -> Shapes:
        """Shapes in degrees as shares of the world."""
        found = np.asarray(shapes, dtype=object)
        return np.asarray(shapely.transform(found, partial(_world, self.middle)), dtype=object)


def read_ground(store: Store, lang: Lang) -> Ground:
    layers = store.layers()
    extent = opening(store, layers)
    west, south, east, north = unwrapped(extent) if extent else (-180.0, -60.0, 180.0, 75.0)
    middle = (west + east) / 2 if east > 180 else 0.0
    corners = world_fractions(np.array([(west, north), (east, south)])).ravel().tolist()
    items = {
        role: [
            item
            for order, layer in enumerate(layers)
            if layer.role == role
            for item in Reader(layer, order, lang, ()).read(store, Query())
        ]
        for role in ("areas", "backdrop", "places")
    }
    towns = [one for one in items["places"] if one.point]
    anchors = [one.point for one in towns if one.point]
    avoided = world_fractions(np.array(anchors)) if 0 < len(anchors) <= CROWD else None
    areas = _regions(items["areas"], middle, avoided)
    backdrop = _regions(items["backdrop"], middle, None)
    return Ground(
        areas=areas,
        backdrop=backdrop,
        towns=towns,
        borders=_borders([*backdrop, *areas]),
        box=(corners[0], corners[1], corners[2], corners[3]) if extent else None,
        middle=middle,
    )


def _world(middle: float, degrees: Floats) -> Floats:
    lon = np.where(degrees[:, 0] < middle - 180, degrees[:, 0] + 360, degrees[:, 0])
    return world_fractions(np.column_stack([lon, degrees[:, 1]]))


def _regions(items: Iterable[Item], middle: float, avoided: Floats | None) -> list[Region]:
    found = []
    for item in items:
        if item.geometry is None or shapely.get_type_id(item.geometry) not in _POLYGONS:
            continue
        shape = shapely.transform(item.geometry, partial(_world, middle))
        if not shapely.is_valid(shape):
            shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        if shapely.get_type_id(shape) in _POLYGONS and not shapely.is_empty(shape):
            found.append(Region(item, shape, _spot(item, shape, avoided)))
    return found


def _spot(item: Item, shape: shapely.Geometry, avoided: Floats | None) -> tuple[float, float]:
    """Where the zone has set it, else the roomiest place of the area."""
    fixed = item.layer.style.labels_at
    key = next((one for one in (item.id, *item.districts) if one in fixed), None)
    if key is not None:
        return fixed[key].lon, fixed[key].lat
    inner = innermost(shape, avoided)
    x, y = inner.point if inner else shapely.get_coordinates(shape)[0].tolist()
    return x * 360 - 180, float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y)))))


def _borders(regions: Sequence[Region]) -> Shapes:
    """The edges that areas of two groups share, joined end to end."""
    seen: dict[tuple[tuple[float, float], ...], str] = {}
    lines = []
    for region in regions:
        if not region.item.group or region.item.geometry is None:
            continue
        degrees = region.item.geometry
        for part, world in zip(_lines(degrees), _lines(region.shape), strict=False):
            names = [tuple(one) for one in part.round(DIGITS).tolist()]
            for index in range(1, len(names)):
                key = tuple(sorted((names[index - 1], names[index])))
                group = seen.setdefault(key, region.item.group)
                if group != region.item.group and len(world) == len(part):
                    lines.append(world[index - 1 : index + 1])
    if not lines:
        return np.array([], dtype=object)
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return np.asarray(shapely.get_parts(merged), dtype=object)


def _lines(shape: shapely.Geometry) -> list[Floats]:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return [shapely.get_coordinates(ring) for ring in rings]


def fill_of(layer: Layer, keys: Iterable[str], dark: bool) -> str | None:
    """The colour of the first key that the layer's style has one for."""
    fills = layer.style.fills
    key = next((one for one in keys if one in fills), None)
    return None if key is None else (fills[key].dark if dark else fills[key].light)

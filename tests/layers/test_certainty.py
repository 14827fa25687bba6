"""What lies in an area, beside a slow and plain answer to the same question, in random zones.

The plain one turns longitudes to the middle of the zone, so that it knows no antimeridian, and
looks at one feature after the other.
"""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from shapely import affinity

from geo.extent import Extent
from geo.plane import grown
from layers.certainty.areas import Area, Inside, Near
from layers.certainty.find import Within, find, furthest_m, undecided
from layers.districts import Districts, district_areas
from layers.model import Layer, NewFeature, Query
from layers.stores.geopackage import GeoPackage
from tests.rows import first_quick

GEOD = pyproj.Geod(ellps="WGS84")
MIDDLES = ((121.0, 31.0), (180.0, -17.0), (-179.95, 52.0), (12.0, 69.0))
SITES, CODES = 400, ("a", "b", "c")
UNCERTAIN = 30.0  # metres around an edge in which either answer will do

Json = dict[str, Any]
Shape = shapely.Geometry


class World:
    """A zone around a position: three districts side by side, and sites of every kind."""

    def __init__(self, store: GeoPackage, make: Callable[..., Layer], field: Any, at: Any) -> None:
        self.store, (self.lon, self.lat) = store, at
        chance = self.chance = random.Random(at[0])
        self.districts = {
            code: shapely.segmentize(shapely.box(x, -0.4, x + 0.5, 0.4), 0.1)
            for code, x in zip(CODES, (-0.75, -0.25, 0.25), strict=True)
        }
        areas = make("areas", field("code", role="district"), role="areas")
        of = self.districts.items()
        store.load(areas, [NewFeature(one, self.laid(shape), {"code": one}) for one, shape in of])
        self.layer = make(
            "sites",
            field("placement", role="placement"),
            field("radius", "number", role="uncertainty"),
            field("of", "list", role="district"),
            field("inferred", "boolean", role="inferred"),
        )
        self.sites = [self.site(chance) for _ in range(SITES)]
        store.load(self.layer, [self.new(f"s{n}", one) for n, one in enumerate(self.sites)])

    def site(self, chance: random.Random) -> Json:
        point = shapely.Point(chance.uniform(-0.9, 0.9), chance.uniform(-0.5, 0.5))
        line = shapely.LineString([(point.x, point.y), (point.x + 0.05, point.y - 0.03)])
        shape = chance.choices([point, line, point.buffer(0.03, 2), None], [90, 5, 5, 5])[0]
        placement = chance.choice(["site", "park", "township", "district", "unknown", None])
        radius = chance.choice([None, 0, 200.0, 2_500.0, 20_000.0])
        is_point = shape is not None and shape.geom_type == "Point"
        codes = chance.choice([None, [], ["a"], ["b"], ["c"], ["a", "b"], ["elsewhere"]])
        return {
            "shape": shape,
            "placement": placement,
            "radius": radius if is_point else None,
            "of": codes,
            "inferred": chance.choice([True, False, False, None]),
        }

    def new(self, id: str, site: Json) -> NewFeature:
        values = {name: site[name] for name in ("placement", "radius", "of", "inferred")}
        return NewFeature(id, None if site["shape"] is None else self.laid(site["shape"]), values)

    def laid(self, shape: Shape) -> Shape:
        """On the map, cut at 180 degrees."""
        moved = affinity.translate(shape, self.lon, self.lat)
        parts = []
        for turn in (-360, 0, 360):
            window = shapely.box(turn - 180, -90, turn + 180, 90)
            part = affinity.translate(shapely.intersection(moved, window), -turn)
            # a point on the edge is in both windows: one is enough
            parts += [part] * (not part.is_empty and part.dwithin(moved, 400))
        whole = [one for one in parts if one.length or shape.geom_type == "Point"]
        return (
            whole[0] if len(whole) == 1 or shape.geom_type == "Point" else shapely.union_all(whole)
        )

    def within(self, area: Area) -> tuple[Within, Any]:
        districts = Districts(district_areas(self.store))
        furthest = furthest_m(self.store, self.layer)
        found = find(self.store, self.layer, area, districts, furthest)
        return found, undecided(self.store, self.layer, area, districts)

    def said(self, area: Area) -> list[str]:
        found, lost = self.within(area)
        answers = ["outside"] * SITES
        features = self.store.features("sites", Query())
        places = {one.fid: int(one.id[1:]) for one in features}
        for key, certain in zip(found.keys.tolist(), found.certain.tolist(), strict=True):
            answers[places[key]] = "certain" if certain else "possible"
        for key in lost.tolist():
            assert answers[places[key]] == "outside"
            answers[places[key]] = "undecided"
        return answers

    def region(self, site: Json) -> Shape | None:
        """Where it may lie, in degrees from the middle; worked out once."""
        if "region" not in site:
            site["region"] = self.possible(site)
        return site["region"]

    def possible(self, site: Json) -> Shape | None:
        shape, placement = site["shape"], site["placement"]
        if shape is None or placement == "unknown":
            return None
        known = [self.districts.get(code) for code in site["of"] or []]
        declared = shapely.union_all(known) if known and None not in known else None
        if shape.geom_type != "Point":
            return shape
        if placement == "district" and (declared is not None or not site["radius"]):
            return declared
        if not site["radius"]:
            return shape
        disc = self.disc(shape, site["radius"], 64)
        cut = disc if declared is None else disc.intersection(declared)
        return cut if cut.area else disc

    def disc(self, point: Shape, metres: float, corners: int) -> Shape:
        ones = np.ones(corners)
        azimuths = np.linspace(360, 0, corners, endpoint=False)
        lon, lat = ones * (self.lon + point.x), ones * (self.lat + point.y)
        x, y, _ = GEOD.fwd(lon, lat, azimuths, ones * metres)
        return shapely.Polygon(np.column_stack(((x - self.lon + 180) % 360 - 180, y - self.lat)))

    def metres(self, point: Shape, shape: Shape) -> tuple[float, float]:
        """From a point to the nearest and to the furthest of a shape."""
        coords = shapely.get_coordinates(shapely.segmentize(shape, 0.002))
        ones = np.ones(len(coords))
        lon, lat = ones * (self.lon + point.x), ones * (self.lat + point.y)
        _, _, far = GEOD.inv(lon, lat, coords[:, 0] + self.lon, coords[:, 1] + self.lat)
        return 0.0 if shape.intersects(point) else float(far.min()), float(far.max())


@pytest.fixture(params=first_quick(1, [(one,) for one in MIDDLES]), ids=str)
def world(
    request: pytest.FixtureRequest, store: GeoPackage, make_layer: Any, make_field: Any
) -> World:
    return World(store, make_layer, make_field, request.param)


def settled(site: Json, answer: str) -> str:
    return "possible" if answer == "certain" and site["inferred"] else answer


def by_region(world: World, site: Json, area: Shape) -> str:
    region = world.region(site)
    if region is None:
        return "undecided"
    meets = "possible" if area.intersects(region) else "outside"
    return settled(site, "certain" if area.covers(region) else meets)


def turned(lon: float) -> float:
    return (lon + 180) % 360 - 180


def test_boxes_and_polygons(world: World) -> None:
    for _ in range(6):
        west, south = world.chance.uniform(-0.8, 0.2), world.chance.uniform(-0.4, 0.1)
        box = shapely.box(west, south, west + world.chance.uniform(0.1, 0.8), south + 0.4)
        w, s, e, n = affinity.translate(box, world.lon, world.lat).bounds
        extent = Extent(turned(w), s, turned(e), n)
        expected = [by_region(world, one, box) for one in world.sites]
        assert world.said(Inside(extent.shape, extent)) == expected
        odd = shapely.union(box, box.centroid.buffer(0.3, 3))
        expected = [by_region(world, one, odd) for one in world.sites]
        assert len(Counter(expected)) == 4
        assert world.said(Inside(world.laid(odd))) == expected


def test_a_district_is_what_features_declare(world: World) -> None:
    for code, shape in world.districts.items():
        expected = []
        for site in world.sites:
            declared = set(site["of"] or [])
            if not declared:
                expected.append(by_region(world, site, shape))
            else:
                some = "possible" if code in declared else "outside"
                expected.append(settled(site, "certain" if declared == {code} else some))
        assert len(Counter(expected)) == 4
        assert world.said(Inside(world.laid(shape), district=code)) == expected


def fits(answer: str, site: Json, nearest: float, furthest: float, metres: float) -> bool:
    """The answer that distances give; so near to the edge that a corner decides, either."""
    choices = {
        settled(site, "certain" if furthest + far <= metres else some)
        for far in (-UNCERTAIN, 0, UNCERTAIN)
        for some in ["possible" if nearest + far <= metres else "outside"]
    }
    return answer in choices


@pytest.mark.slow
def test_circles(world: World) -> None:
    for metres in (4_000.0, 15_000.0, 60_000.0):
        middle = shapely.Point(world.chance.uniform(-0.4, 0.4), world.chance.uniform(-0.2, 0.2))
        centre = shapely.Point(turned(world.lon + middle.x), world.lat + middle.y)
        said = world.said(Near(centre, metres, cuts=True))
        assert len(Counter(said)) >= 3
        for site, answer in zip(world.sites, said, strict=True):
            region = world.region(site)
            if region is None:
                assert answer == "undecided"
            else:
                assert fits(answer, site, *world.metres(middle, region), metres), site


@pytest.mark.slow
def test_near_a_feature_both_uncertainties_count(world: World) -> None:
    middle = shapely.Point(0.1, 0.05)
    centre = shapely.Point(turned(world.lon + 0.1), world.lat + 0.05)
    for metres, own in ((15_000.0, 0.0), (15_000.0, 1_500.0), (40_000.0, 6_000.0)):
        said = world.said(Near(centre, metres, own))
        assert len(Counter(said)) >= (4 if metres > 15_000 else 3)
        for site, answer in zip(world.sites, said, strict=True):
            region, shape = world.region(site), site["shape"]
            if region is None:
                assert answer == "undecided"
                continue
            is_point = shape.geom_type == "Point" and site["placement"] != "district"
            near, far = world.metres(middle, shape if is_point else region)
            radius = (site["radius"] or 0.0) if is_point else 0.0
            assert fits(answer, site, near - radius - own, far + radius + own, metres), site
        vague = world.said(Near(centre, metres, own, inferred=True))
        assert vague == ["possible" if one == "certain" else one for one in said]


def test_distances_are_those_of_the_ellipsoid(world: World) -> None:
    centre = shapely.Point(turned(world.lon + 0.1), world.lat + 0.05)
    found, _ = world.within(Near(centre, 60_000.0))
    assert found.distances is not None
    keys = {one.fid: world.sites[int(one.id[1:])] for one in world.store.features("sites", Query())}
    checked = 0
    for key, metres in zip(found.keys.tolist(), found.distances.tolist(), strict=True):
        site = keys[key]
        if site["shape"].geom_type == "Point" and site["placement"] == "district":
            assert np.isnan(metres)
            continue
        near, _ = world.metres(shapely.Point(0.1, 0.05), site["shape"])
        assert metres == pytest.approx(near, abs=1 if site["shape"].geom_type == "Point" else 30)
        checked += 1
    assert checked > 50


def test_near_a_line_or_an_area_its_nearest_point_counts(world: World) -> None:
    line = shapely.LineString([(-0.3, -0.2), (0.0, 0.1), (0.4, 0.1)])
    fine = shapely.get_coordinates(shapely.segmentize(line, 0.0005))
    found, _ = world.within(Near(world.laid(line), 15_000.0))
    assert found.distances is not None
    features = {one.fid: one for one in world.store.features("sites", Query())}
    checked = 0
    for key, metres in zip(found.keys.tolist(), found.distances.tolist(), strict=True):
        site = world.sites[int(features[key].id[1:])]
        if site["shape"].geom_type == "Point" and site["placement"] != "district":
            ones = np.ones(len(fine))
            lon, lat = ones * (world.lon + site["shape"].x), ones * (world.lat + site["shape"].y)
            _, _, far = GEOD.inv(lon, lat, fine[:, 0] + world.lon, fine[:, 1] + world.lat)
            assert metres == pytest.approx(far.min(), abs=max(1.0, 60.0**2 / max(far.min(), 60)))
            checked += 1
    assert checked > 30


RINGS = [(121.05, 31.1), (180, 10), (-179.9, -40), (5, 89.99)]


@pytest.mark.parametrize(("lon", "lat"), first_quick(3, RINGS))
def test_the_ring_of_15_kilometres_is_one(lon: float, lat: float) -> None:
    ring = grown(shapely.Point(lon, lat), 15_000)
    assert shapely.is_valid(ring)
    assert shapely.intersects(ring, shapely.Point(lon, lat))
    edges = shapely.get_coordinates(shapely.segmentize(shapely.boundary(ring), 0.0005))
    # where it is cut, and where it is closed at a pole, is no edge of it
    own = (np.abs(np.abs(edges[:, 0]) - 180) > 1e-9) & (np.abs(edges[:, 1]) < 90 - 1e-9)
    edges = edges[own & (np.abs(edges[:, 1]) < 89.98)]
    ones = np.ones(len(edges))
    _, _, metres = GEOD.inv(ones * lon, ones * lat, edges[:, 0], edges[:, 1])
    assert len(metres) > 300
    assert abs(metres - 15_000).max() < 1


def test_a_layer_without_roles_has_no_doubts(
    store: GeoPackage, make_layer: Any, make_field: Any, tmp_path: Path
) -> None:
    layer = make_layer("plain", "name", geometry="Point")
    points = [shapely.Point(n / 10, 0.5) for n in range(10)]
    store.load(layer, [NewFeature(None, one, {"name": "x"}) for one in [*points, None]])
    box = Inside(shapely.box(0.25, 0, 0.65, 1))
    found = find(store, layer, box, Districts({}), furthest_m(store, layer))
    assert found.certain.tolist() == [True] * 4
    assert found.distances is None
    assert len(undecided(store, layer, box, Districts({}))) == 1

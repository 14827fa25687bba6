"""Pages and boxes of every kind of store: each feature once, in its order."""

import random
from itertools import product

import numpy as np
import pytest
import shapely

from geo.extent import Extent
from layers.model import (
    Query,
)
from layers.stores.store import Store
from tests.layers.stores import ALL, Maker, ids, new, shape
from tests.rows import first_quick


def test_a_box_is_exact_beyond_float32(store: Store, make_layer: Maker) -> None:
    """120.95995 has no float32: an index that keeps floats of 4 bytes is off by a metre."""
    lon, step = 120.95995, 1e-7
    store.load(
        make_layer("p"), [new(f"p{n}", shapely.Point(lon + n * step, 31)) for n in range(-9, 10)]
    )
    for west in range(-9, 6):
        extent = Extent(lon + west * step, 30, lon + 5 * step, 32)
        expected = [f"p{n}" for n in range(west, 6)]
        assert ids(store.features("p", Query(extent=extent))) == expected
        assert store.count("p", Query(extent=extent)) == len(expected)


@pytest.fixture
def scattered(store: Store, make_layer: Maker) -> list[tuple[str, float, float]]:
    """6,000 points: enough that boxes go either way, through the index and through the rows."""
    chance = random.Random(1)
    points = [(f"p{n}", chance.uniform(0, 10), chance.uniform(0, 10)) for n in range(6_000)]
    points.sort(key=lambda point: point[1] > 9)  # those of the east come last
    store.load(
        make_layer("many", geometry="Point"),
        (new(name, shapely.Point(x, y)) for name, x, y in points),
    )
    return points


EXTENTS = [
    Extent(1, 1, 1.2, 1.2), Extent(1, 1, 6, 6), Extent(0, 0, 10, 10), Extent(9.2, 0, 10, 10),
    Extent(5, 0, 2, 10), Extent(11, 11, 12, 12),
]  # fmt: skip


@pytest.mark.slow
def test_pages_give_each_feature_once_and_in_order(
    store: Store, scattered: list[tuple[str, float, float]]
) -> None:
    for extent, limit in product(EXTENTS, (7, 1_000, None)):
        expected = [
            name
            for name, x, y in scattered
            if any(w <= x <= e and s <= y <= n for w, s, e, n in extent.parts)
        ]
        found: list[str] = []
        after: int | None = None
        for _ in range(20):
            page = list(store.features("many", Query(extent, limit, after)))
            assert limit is None or len(page) <= limit
            found += [feature.id for feature in page]
            if limit is None or len(page) < limit:
                break
            after = page[-1].fid
        assert found == expected[: 20 * (limit or len(expected))]
        assert store.count("many", Query(extent, limit, after)) == len(expected)


@pytest.mark.slow
def test_a_sample_is_spread_over_the_extent(store: Store, make_layer: Maker) -> None:
    places = [(n % 100 / 10, n // 100 / 10) for n in range(10_000)]
    store.load(
        make_layer("many", geometry="Point"),
        (new(f"f{n}", shapely.Point(place)) for n, place in enumerate(places)),
    )
    found, number = store.sample("many", Extent(0, 0, 4.95, 10), 400)
    shapes = [shape(one) for one in found]
    assert number == 5_000
    assert 300 <= len(shapes) <= 400
    for quarter in (shapely.box(0, 0, 5, 5), shapely.box(0, 5, 5, 10)):
        assert 100 < sum(quarter.contains(one) for one in shapes if one) < 300
    few, number = store.sample("many", Extent(0, 0, 0.35, 0.35), 400)
    assert (len(list(few)), number) == (16, 16)


@pytest.mark.slow
def test_neighbours_in_a_large_layer_follow_each_other(store: Store, make_layer: Maker) -> None:
    numbers = np.random.default_rng(5).permutation(60_000)
    places = {f"p{n}": (100 + n % 300 / 100, 30 + n // 300 / 100) for n in numbers.tolist()}
    features = [new(one, shapely.Point(place)) for one, place in places.items()]
    features.insert(7, new("nowhere", None))
    store.load(make_layer("l", geometry="Point"), features)
    found = list(store.features("l", ALL))
    assert sorted(one.id for one in found) == sorted([*places, "nowhere"])
    assert len({one.fid for one in found}) == len(found)
    in_order = np.array([places[one.id] for one in found if one.id in places])
    steps = np.abs(np.diff(in_order, axis=0)).sum(axis=1)
    assert np.mean(steps) < 0.05, "as they came, they are 1.6 degrees apart"
    keys = {one.id: one.fid for one in found}
    store.load(make_layer("l", geometry="Point"), features[::-1])
    assert {one.id: one.fid for one in store.features("l", ALL)} == keys


@pytest.mark.parametrize("backward", first_quick(1, [False, True]))
@pytest.mark.parametrize("clustered", first_quick(1, [True, False]))
def test_pages_of_a_box_with_many_hits_are_whole(
    store: Store, make_layer: Maker, clustered: bool, backward: bool
) -> None:
    """Over the antimeridian, where a shape may lie in both halves, and with some nowhere."""
    random = np.random.default_rng(7)
    places = random.uniform((-180, -90), (180, 90), (6_000, 2))
    if clustered:  # first those that lie outside
        places = places[np.argsort(np.abs(places[:, 0]))]
    everywhere = [shapely.box(-180, 0, 180, 1)] * 50
    shapes = [*everywhere, *map(shapely.Point, places), *[None] * 50]
    features = [new(f"f{n}", shape) for n, shape in enumerate(shapes)]
    store.load(make_layer("l", geometry="Geometry"), features)
    box = Extent(80, -90, -80, 90)
    inside = 50 + np.flatnonzero(np.abs(places[:, 0]) >= 80)
    expected = [f"f{n}" for n in (*range(50), *inside.tolist(), *range(6_050, 6_100))]
    pages: list[list[str]] = []
    after = None
    while page := list(store.features("l", Query(box, 300, after=after, backward=backward))):
        pages.append([one.id for one in page])
        after = page[-1].fid
    found = [one for page in pages for one in page]
    assert found == (expected[::-1] if backward else expected)
    assert {len(page) for page in pages[:-1]} == {300}
    assert store.count("l", Query(box)) == len(found)


def test_a_small_layer_keeps_the_order_it_came_in(store: Store, make_layer: Maker) -> None:
    numbers = np.random.default_rng(6).permutation(2_000).tolist()
    features = [new(f"p{n}", shapely.Point(n / 100, 50)) for n in numbers]
    store.load(make_layer("l", geometry="Point"), features)
    assert [one.id for one in store.features("l", ALL)] == [f"p{n}" for n in numbers]

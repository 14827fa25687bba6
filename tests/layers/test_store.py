"""What every store promises, over every kind of store."""

import itertools
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.extent import Extent
from layers.errors import BadFeature, InvalidQuery, QueryStopped, UnknownFeature, UnknownLayer
from layers.filter import check, parse_text, tree
from layers.model import (
    Fact,
    Feature,
    Field,
    Headline,
    Layer,
    NewFeature,
    Query,
    SortKey,
    Text,
    Zone,
)
from layers.stores.store import Store

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


@pytest.fixture
def mixed(store: Store, make_layer: Maker) -> Store:
    """Points, lines, polygons and a feature without a place, around 10, 50."""
    store.load(
        make_layer("mixed", "name"),
        [
            new("point", shapely.Point(10, 50), name="点"),
            new("nowhere", name="København"),
            new("line", shapely.LineString([(9, 49), (11, 51)])),
            # an L: its box covers 12, 52, the shape does not
            new(
                "l",
                shapely.Polygon(
                    [(11, 51), (13, 51), (13, 51.2), (11.2, 51.2), (11.2, 53), (11, 53)]
                ),
            ),
            new("far", shapely.MultiPoint([(-179.5, 0), (179.5, 0)])),
        ],
    )
    return store


def test_what_is_loaded_comes_back(store: Store, make_layer: Maker, make_field: Maker) -> None:
    fields: list[Field] = [
        make_field(kind, kind)
        for kind in ("text", "integer", "number", "boolean", "date", "datetime", "list")
    ]
    properties = {
        "text": "长三角 <b>`${x}`</b> '\" \\ \n",
        "integer": 2**63 - 1,
        "number": -0.1,
        "boolean": False,
        "date": "2024-02-29",
        "datetime": "2024-08-23T02:00:00.000Z",
        "list": ["a", "二", '"'],
    }
    layer = make_layer("values", *fields)
    count = store.load(layer, [NewFeature("a", shapely.Point(1, 2), properties), new("b")])
    assert count == 2
    first, second = store.features("values", ALL)
    assert first.properties == properties
    assert [type(value) for value in first.properties.values()] == [
        str, int, float, bool, str, str, list,
    ]  # fmt: skip
    assert shape(first) == shapely.Point(1, 2)
    assert second.geometry is None
    assert second.properties == dict.fromkeys(properties)
    assert store.layer("values") == layer


def test_names_that_collide_stay_apart(store: Store, make_layer: Maker) -> None:
    names = [
        "name", "Name", "NAME", "fid", "id", "ID", "geom", "rowid", "a b", "select", "",
        '<b onclick="x">', "`x`", "[y]", "new\nline", "类型", "a" * 300,
    ]  # fmt: skip
    store.load(
        make_layer("n", *names), [NewFeature("x", None, {name: name + "!" for name in names})]
    )
    [feature] = store.features("n", ALL)
    assert feature.properties == {name: name + "!" for name in names}
    assert feature.id == "x"


def test_layers_come_in_their_order(store: Store, make_layer: Maker) -> None:
    for name, order in (("b", None), ("z", 1), ("a", None), ("y", 20), ("Z2", 20)):
        store.load(make_layer(name, order=order), [])
    assert [layer.id for layer in store.layers()] == ["z", "Z2", "y", "a", "b"]


def test_layer_ids_that_differ_in_case_only(store: Store, make_layer: Maker) -> None:
    names = ("park", "Park", "gpkg_contents", "rtree_x", "zoneatlas_store", "sqlite_x")
    for name in names:
        store.load(make_layer(name, "name"), [new(name, name=name)])
    for name in names:
        assert [one.properties for one in store.features(name, ALL)] == [{"name": name}]


def test_unknown_things_have_their_own_errors(mixed: Store) -> None:
    for ask in (
        mixed.layer,
        mixed.extent,
        mixed.version,
        lambda layer: mixed.features(layer, ALL),
        lambda layer: mixed.count(layer, ALL),
        lambda layer: mixed.feature(layer, "point"),
    ):
        with pytest.raises(UnknownLayer, match="'nothing'"):
            ask("nothing")
    for name in ("nothing", "", "point ", "1", "' OR 1=1 --", "x" * 10_000):
        with pytest.raises(UnknownFeature):
            mixed.feature("mixed", name)


@pytest.mark.parametrize(
    "query",
    [
        Query(limit=0),
        Query(limit=-1),
        Query(after=2**63),
        Query(extent=Extent(0, 1, 1, 0)),
        Query(extent=Extent(float("nan"), 0, 1, 1)),
        Query(extent=Extent(0, 0, float("inf"), 1)),
    ],
)
def test_a_bad_query_is_refused_before_the_first_feature(mixed: Store, query: Query) -> None:
    with pytest.raises(InvalidQuery):
        mixed.features("mixed", query)


def test_a_feature_by_its_id(mixed: Store) -> None:
    feature = mixed.feature("mixed", "point")
    assert (feature.id, shape(feature), feature.properties["name"]) == (
        "point", shapely.Point(10, 50), "点",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("extent", "found"),
    [
        (Extent(9.9, 49.9, 10.1, 50.1), {"point", "line", "nowhere"}),
        (Extent(10, 50, 10, 50), {"point", "line", "nowhere"}),  # a point is a box too
        (Extent(10, 49, 10, 51), {"point", "line", "nowhere"}),  # and so is a line
        (Extent(12, 51.5, 13, 53), {"nowhere"}),  # inside the box of the L, beside the L
        (Extent(11.1, 51.1, 11.1, 51.1), {"l", "nowhere"}),
        (Extent(179, -1, -179, 1), {"far", "nowhere"}),  # over the antimeridian
        (Extent(-180, -90, 180, 90), {"point", "line", "l", "far", "nowhere"}),
        (Extent(170, 80, 180, 90), {"nowhere"}),
    ],
)
def test_a_box_finds_what_touches_it(mixed: Store, extent: Extent, found: set[str]) -> None:
    query = Query(extent=extent)
    assert set(ids(mixed.features("mixed", query))) == found
    assert mixed.count("mixed", query) == len(found)


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


@pytest.mark.parametrize(
    "extent",
    [
        Extent(1, 1, 1.2, 1.2), Extent(1, 1, 6, 6), Extent(0, 0, 10, 10), Extent(9.2, 0, 10, 10),
        Extent(5, 0, 2, 10), Extent(11, 11, 12, 12),
    ],
)  # fmt: skip
def test_pages_give_each_feature_once_and_in_order(
    store: Store, scattered: list[tuple[str, float, float]], extent: Extent
) -> None:
    expected = [
        name
        for name, x, y in scattered
        if any(w <= x <= e and s <= y <= n for w, s, e, n in extent.parts)
    ]
    for limit in (7, 1_000, None):
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


def test_extent(mixed: Store, make_layer: Maker) -> None:
    assert mixed.extent("mixed") == Extent(-179.5, 0, 179.5, 53)
    mixed.load(make_layer("none"), [new("a")])
    assert mixed.extent("none") is None
    mixed.load(make_layer("one"), [new("a", shapely.Point(120.95995, 31.07262))])
    assert mixed.extent("one") == Extent(120.95995, 31.07262, 120.95995, 31.07262)


def test_extent_of_some(mixed: Store) -> None:
    layer = mixed.layer("mixed")
    named = Query(filter=check(parse_text("name = '点' OR name = 'København'"), layer))
    assert mixed.extent("mixed", named) == Extent(10, 50, 10, 50)
    assert mixed.extent("mixed", Query(Extent(8, 48, 10.5, 50.5))) == Extent(9, 49, 11, 51)
    assert mixed.extent("mixed", Query(filter=check(parse_text("false"), layer))) is None


def test_keys_and_groups_are_those_of_the_features(
    store: Store, make_layer: Maker, make_field: Maker
) -> None:
    """In every box and filter, where the R-tree's float32 tells nothing for sure too."""
    names = ("integer", "number", "boolean", "date", "text", "list")
    layer = make_layer("all", *(make_field(name, name) for name in names))
    random.seed(7)
    days = [f"20{n:02d}-02-03" for n in range(9)]
    store.load(
        layer,
        (
            new(
                f"f{n}",
                None if n % 50 == 0 else shapely.Point(random.random(), random.random()),
                integer=None if n % 7 == 0 else 2**61 + n,
                number=1e9 + random.random(),
                boolean=n % 3 == 0,
                date=random.choice([None, *days]),
                text=random.choice(["甲", "b", "B", None]),
                list=random.choice([["a"], ["a", "b"], None]),
            )
            for n in range(400)
        ),
    )
    layer = store.layer("all")
    some = check(parse_text("number < 1000000000.5 OR text = '甲'"), layer)
    box = check(parse_text("S_INTERSECTS(geometry, BBOX(0.25, 0.1, 0.75, 0.6))"), layer)
    for query in (
        ALL,
        Query(Extent(0.2, 0.2, 0.7, 0.9)),
        Query(filter=some),
        Query(filter=box),
        Query(Extent(0.2, 0.2, 0.7, 0.9), filter=some),
        Query(Extent(0.3, 0.05, 0.95, 0.95), filter=box),
        Query(sort=(SortKey("date", True), SortKey("integer")), filter=some),
    ):
        features = list(store.features("all", query))
        assert list(store.keys("all", query)) == [one.fid for one in features]
        [whole] = store.groups("all", query, [], names)
        assert whole.number == len(features)
        found = store.groups("all", query, ["text", "boolean"], [*names, None], spread=True)
        groups = {group.values: group for group in found}
        for values, group in groups.items():
            own = [
                one
                for one in features
                if (one.properties["text"], one.properties["boolean"]) == values
            ]
            assert group.number == len(own)
            for name, summary in zip(names, group.of, strict=False):
                there = [one.properties[name] for one in own if one.properties[name] is not None]
                assert summary.number == len(there)
                if name != "list" and there:
                    assert (summary.least, summary.greatest) == (min(there), max(there))
                if name in ("integer", "boolean"):
                    assert summary.sum == sum(there)
            numbers = [one.properties["number"] for one in own]
            if len(own) > 1:
                spread = group.of[1].squares / (len(own) - 1)
                assert spread == pytest.approx(statistics.variance(numbers), rel=1e-9)
            assert group.of[-1].sum == sum(one.fid for one in own)
        assert sum(group.number for group in groups.values()) == len(features)
    with pytest.raises(InvalidQuery, match="nowhere"):
        list(store.groups("all", ALL, ["nowhere"]))


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


def test_a_version_changes_with_the_layer_and_with_nothing_else(
    mixed: Store, make_layer: Maker
) -> None:
    mixed.load(make_layer("other"), [])
    before = mixed.version("mixed")
    assert mixed.version("mixed") == before
    mixed.load(make_layer("other", "name"), [new("a")])
    mixed.save_zone(Zone("z", Text("区", "zone")))
    assert mixed.version("mixed") == before
    features = [new("a")]
    seen = {before}
    for layer in (make_layer("mixed"), make_layer("mixed"), make_layer("mixed", visible=False)):
        mixed.load(layer, features)
        seen.add(mixed.version("mixed"))
    assert len(seen) == 4


def test_loading_again_replaces_all_and_keeps_keys(store: Store, make_layer: Maker) -> None:
    store.load(make_layer("l", "name"), [new(letter, name="old") for letter in "abc"])
    old = {one.id: one.fid for one in store.features("l", ALL)}
    store.load(make_layer("l", "title"), [new("c", title="new"), new("d"), new("a")])
    now = {one.id: one.fid for one in store.features("l", ALL)}
    assert now.keys() == {"a", "c", "d"}
    assert (now["a"], now["c"]) == (old["a"], old["c"])
    assert now["d"] > max(old.values())
    assert store.feature("l", "c").properties == {"title": "new"}
    store.load(make_layer("l"), [])
    store.load(make_layer("l"), [new("e"), new(None)])
    later = [one.fid for one in store.features("l", ALL)]
    assert min(later) > now["d"]  # a key never comes to mean another feature


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (new("x", name=5), r"x \(number 2\) name must be a text, not 5"),
        (new("x", wrong="a"), "the property 'wrong', which its schema does not name"),
        (new("a b"), "number 2 has the id 'a b'"),
        (new("first"), "first has an id that occurs twice"),
        (new("x", shapely.LineString([(0, 0), (1, 1)])), "is a LineString; .* is Point"),
        (new("x", name="nul\0"), "has a NUL character"),
        (new("x", name="\ud800"), "half a character"),
        (new("x", number=float("nan")), "number is not a finite number"),
        (new("x", number=True), "number must be a number"),
        (new("x", whole=2**63), "too large for 64 bits"),
        (new("x", code="c"), "code is 'c'; its codes are a, b"),
        (new("x", words=["a", 1]), "words must be a text"),
        (new("x", day="2023-02-29"), "day must be a date like"),
    ],
)
def test_a_load_that_fails_changes_nothing(
    store: Store, make_layer: Maker, make_field: Maker, feature: NewFeature, reason: str
) -> None:
    before = make_layer("l", "was")
    store.load(before, [new("old", was="there")])
    version = store.version("l")
    fields = [
        "name",
        make_field("number", "number"),
        make_field("whole", "integer"),
        make_field("day", "date"),
        make_field("words", "list"),
        make_field("code", codes={"a": Text("a", "a"), "b": Text("b", "b")}),
    ]
    with pytest.raises(BadFeature, match=reason):
        store.load(make_layer("l", *fields, geometry="Point"), [new("first"), feature])
    assert store.layer("l") == before
    assert [one.properties for one in store.features("l", ALL)] == [{"was": "there"}]
    assert store.version("l") == version


def test_a_source_that_breaks_while_loading_changes_nothing(
    store: Store, make_layer: Maker
) -> None:
    def broken() -> Iterator[NewFeature]:
        yield from (new(f"n{n}") for n in range(12_000))
        raise OSError("the disk is gone")

    store.load(make_layer("l"), [new("old")])
    with pytest.raises(OSError, match="the disk is gone"):
        store.load(make_layer("l"), broken())
    with pytest.raises(OSError, match="the disk is gone"):
        store.load(make_layer("new"), broken())
    assert ids(store.features("l", ALL)) == ["old"]
    assert [layer.id for layer in store.layers()] == ["l"]


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


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("clustered", [False, True])
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


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_any_number_is_loaded_and_read_in_bounded_memory(store: Store, make_layer: Maker) -> None:
    points = shapely.points([(10 + n / 1000, 50) for n in range(1_000)])
    features = (new(f"p{n}", points[n % 1_000], name=f"第{n}号") for n in range(200_000))
    store.load(make_layer("first"), [new("a", points[0])])
    before = peak_memory(reset=True)
    assert store.load(make_layer("many", "name", geometry="Point"), features) == 200_000
    assert sum(1 for _ in store.features("many", ALL)) == 200_000
    assert peak_memory() - before < 30_000_000, "the features alone would be over 60 MB"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_long_lists_of_values_do_not_stay_in_memory(store: Store, make_layer: Maker) -> None:
    """Each is another list of another length, as clients send them that go through their keys."""
    layer = make_layer("many", "name")
    store.load(layer, (new(f"p{n}", name=f"n{n}") for n in range(2_000)))
    chosen = random.Random(3)

    def ask(length: int) -> None:
        keys = [tree.Literal(key, "number") for key in chosen.sample(range(20_000), length)]
        names = [tree.Literal(f"n{key.value}", "text") for key in keys]
        for wanted in (
            tree.In(tree.Key(), tuple(keys)),
            tree.In(tree.Property("name", "text"), tuple(names)),
        ):
            query = Query(filter=wanted, limit=10)
            assert 0 < store.count("many", query) < 2_000
            assert len(list(store.features("many", query))) == 10

    ask(10_000)
    before = peak_memory(reset=True)
    for number in range(60):
        ask(9_999 - number)
    assert peak_memory() - before < 30_000_000, "kept, they would be over 400 MB"


def peak_memory(reset: bool = False) -> int:
    """The most memory this process has had, in bytes, since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in one]
    return int(line.split()[1]) * 1024


def test_a_stream_keeps_its_state_while_the_layer_is_replaced(
    store: Store, make_layer: Maker
) -> None:
    store.load(make_layer("l"), [new(f"old{n}") for n in range(3_000)])
    stream = store.features("l", ALL)
    first = next(stream)
    store.load(make_layer("l"), [new("new")])
    assert ids(store.features("l", ALL)) == ["new"]
    rest = ids(stream)
    assert [first.id, *rest] == [f"old{n}" for n in range(3_000)]


def test_a_reading_sees_one_state_and_ends(store: Store, make_layer: Maker) -> None:
    store.load(make_layer("l"), [new("a")])
    with store.reading():
        version = store.version("l")
        writer = threading.Thread(target=store.load, args=(make_layer("l"), [new("b"), new("c")]))
        writer.start()
        writer.join()
        assert (store.version("l"), store.count("l", ALL)) == (version, 1)
        stream = store.features("l", ALL)
    assert store.count("l", ALL) == 2
    assert ids(stream) == ["a"]


def test_streams_nobody_reads_hold_nothing(store: Store, make_layer: Maker) -> None:
    store.load(make_layer("l"), [new("a")])
    for _ in range(100):
        store.features("l", ALL)
        next(store.features("l", ALL))
    store.load(make_layer("l"), [new("b")])
    assert ids(store.features("l", ALL)) == ["b"]


def test_a_query_can_be_stopped_from_another_thread(store: Store, make_layer: Maker) -> None:
    store.load(make_layer("l"), (new(f"p{n}", shapely.Point(n % 7, n % 5)) for n in range(20_000)))
    end = time.monotonic() + 10

    def ask_on() -> None:
        while time.monotonic() < end:
            store.count("l", Query(extent=Extent(0.5, 0.5, 6, 4)))

    with store.reading() as reading:
        stop = threading.Timer(0.1, reading.interrupt)
        stop.start()
        with pytest.raises(QueryStopped):
            ask_on()
        stop.join()
    reading.interrupt()  # too late to stop anybody else
    assert store.count("l", ALL) == 20_000


def test_a_stopped_stream_says_so(store: Store, make_layer: Maker) -> None:
    store.load(make_layer("l"), (new(f"p{n}") for n in range(5_000)))
    with store.reading() as reading:
        stream = store.features("l", ALL)
    next(stream)
    reading.interrupt()
    with pytest.raises(QueryStopped):
        list(stream)


def test_many_threads_read_while_one_writes(store: Store, make_layer: Maker) -> None:
    """Each state is whole: all features of a load carry the same number."""
    store.load(make_layer("l", "n"), [new(f"f{i}", n="0") for i in range(300)])
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            found = list(store.features("l", ALL))
            if len(found) != 300 or len({one.properties["n"] for one in found}) != 1:
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(1, 11):
        store.load(make_layer("l", "n"), [new(f"f{i}", n=str(n)) for i in range(300)])
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_the_zone_comes_back(store: Store) -> None:
    assert store.zone().title.zh  # a name, before anybody gave one
    zone = Zone(
        id="z",
        title=Text("示范区", "Zone"),
        as_of="2024-08-23",
        headline=(Headline("l", Text("十二", "twelve"), ("total",), None),),
        facts=(Fact(Text("主办", "Host"), Text("`${x}`", "<b>")),),
    )
    for one in (zone, zone, Zone("other", Text("另", "other"))):
        store.save_zone(one)
        assert store.zone() == one


def test_after_close_a_store_says_that_it_is_closed(mixed: Store) -> None:
    streams = [mixed.features("mixed", ALL), itertools.islice(mixed.features("mixed", ALL), 1)]
    mixed.close()
    assert len(list(streams[0])) == 5  # what had begun may end
    with pytest.raises(Exception, match="closed"):
        mixed.layers()

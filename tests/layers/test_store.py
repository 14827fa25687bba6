"""What every store promises, over every kind of store."""

import itertools
import random
import statistics
from collections.abc import Iterator

import pytest
import shapely

from geo.extent import Extent
from layers.errors import BadFeature, InvalidQuery, UnknownFeature, UnknownLayer
from layers.filter import check, parse_text
from layers.model import (
    Fact,
    Field,
    Headline,
    NewFeature,
    Query,
    SortKey,
    Text,
    Zone,
)
from layers.stores.store import Store
from tests.layers.stores import ALL, Maker, ids, new, shape


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

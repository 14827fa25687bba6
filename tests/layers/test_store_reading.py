"""Reading every kind of store: one state, in bounded memory, stopped when it has to be."""

import random
import sys
import threading
import time
from pathlib import Path

import pytest
import shapely

from geo.extent import Extent
from layers.errors import QueryStopped
from layers.filter import tree
from layers.model import (
    Query,
)
from layers.stores.store import Store
from tests.layers.stores import ALL, Maker, ids, new


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


@pytest.mark.slow
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


@pytest.mark.slow
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

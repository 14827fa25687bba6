"""Items by filter, property and time, in any order, page by page; and how long that may take."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.catalog import Catalog
from layers.model import Field, Layer, NewFeature, Schema, Text
from layers.stores.geopackage import GeoPackage
from layers.style import default_style
from tests.rows import first_quick
from tests.server.sites import Site, ids, serving, there_and_back

ITEMS = "/collections/wells/items"
COUNT = 57


def wells(number: int) -> NewFeature:
    """Depths with many equal ones and nulls, and every tenth without a place."""
    depth = None if number % 7 == 0 else number % 5
    kind = ("deep", "flat", None)[number % 3]
    place = None if number % 10 == 0 else shapely.Point(number / 10, number % 20)
    day = None if number % 4 == 0 else f"2024-01-{number % 28 + 1:02d}"
    return NewFeature(f"w{number}", place, {"depth": depth, "kind": kind, "day": day})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GeoPackage]:
    fields = [("depth", "integer"), ("kind", "text"), ("day", "date")]
    schema = Schema("Point", tuple(Field(name, kind, Text(name, name)) for name, kind in fields))
    layer = Layer("wells", Text("井", "Wells"), schema, default_style("wells", "Point"))
    made = GeoPackage.create(tmp_path_factory.mktemp("queries") / "wells.gpkg")
    made.load(layer, map(wells, range(COUNT)))
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(store: GeoPackage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    catalog = Catalog.open(store.path, tmp_path_factory.mktemp("data"))
    with serving(catalog, query_seconds=0.5) as found:
        yield found
    catalog.close()


ORDERS = ["", "depth", "-depth", "depth,-kind", "-kind,day,-depth", "+day", "-id", "kind,depth,day"]
CONDITIONS = [
    "", "bbox=0,0,3,10", "kind=deep", "filter=depth > 1",
    "filter=depth > 1 OR kind IS NULL&kind=flat",
    "filter=S_INTERSECTS(geometry,BBOX(1,0,4,15))", "bbox=0,0,3,10&filter=depth<3",
    "filter=S_WITHIN(geometry,POLYGON((0 0,5 0,5 20,0 0)))", "datetime=2024-01-10/..",
]  # fmt: skip


@pytest.mark.parametrize("order", first_quick(4, ORDERS))
@pytest.mark.parametrize("condition", first_quick(3, CONDITIONS))
def test_pages_in_any_order_hold_everything_once(site: Site, order: str, condition: str) -> None:
    query = "&".join(part for part in (condition, order and f"sortby={order}") if part)
    whole = site.json(f"{ITEMS}?{query}&limit=1000".replace("?&", "?"))
    forward, back = there_and_back(site, f"{ITEMS}?{query}&limit=4".replace("?&", "?"))
    assert [one for page in forward for one in page] == ids(whole)
    assert back[::-1] == forward[:-1]
    assert whole["numberMatched"] == len(ids(whole))


def key(value: object) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


@pytest.mark.parametrize(
    ("field", "descending"), [("depth", False), ("depth", True), ("day", True)]
)
def test_nulls_come_before_all_values(site: Site, field: str, descending: bool) -> None:
    sign = "-" if descending else ""
    page = site.json(f"{ITEMS}?sortby={sign}{field}&limit=1000")
    values = [feature["properties"][field] for feature in page["features"]]
    expected = sorted(
        values,
        key=lambda one: (one is not None, "" if one is None else str(one)),
        reverse=descending,
    )
    assert values == expected


def test_conditions_mean_the_same_as_in_python(site: Site) -> None:
    def found(query: str) -> set[str]:
        return set(ids(site.json(f"{ITEMS}?limit=1000&{query}")))

    everything = [wells(number) for number in range(COUNT)]

    def expected(test: Any) -> set[str]:
        return {str(one.id) for one in everything if test(one)}

    assert found("depth=3") == expected(lambda one: one.properties["depth"] == 3)
    assert found("kind=deep&depth=1") == expected(
        lambda one: one.properties["kind"] == "deep" and one.properties["depth"] == 1
    )
    box = shapely.box(0, 0, 3, 10)
    assert found("bbox=0,0,3,10") == expected(
        lambda one: one.geometry is None or one.geometry.intersects(box)
    )
    assert found("filter=S_INTERSECTS(geometry,BBOX(0,0,3,10))") == expected(
        lambda one: one.geometry is not None and one.geometry.intersects(box)
    )
    assert found("datetime=2024-01-05/2024-01-06") == expected(
        lambda one: one.properties["day"] in (None, "2024-01-05", "2024-01-06")
    )


@pytest.mark.parametrize("order", first_quick(1, ["&sortby=-kind,depth", "&sortby=id", ""]))
@pytest.mark.parametrize("condition", ["bbox=-180,-90,180,90", "filter=true", *CONDITIONS])
def test_offset_leaves_out_as_many(site: Site, condition: str, order: str) -> None:
    query = f"{ITEMS}?{condition}{order}&limit=5&offset=".replace("?&", "?")
    all_of = ids(site.json(f"{ITEMS}?{condition}{order}&limit=1000".replace("?&", "?")))
    for offset in (1, 6, 20, len(all_of) - 1):
        page = site.json(f"{query}{offset}")
        assert ids(page) == all_of[offset : offset + 5]
        links = {link["rel"]: link["href"] for link in page["links"]}
        assert ("next" in links) == (offset + 5 < len(all_of))
        assert "offset" not in links.get("next", "")
    assert ids(site.json(f"{query}{COUNT}")) == []


def test_only_the_fields_asked_for(site: Site) -> None:
    for address in (f"{ITEMS}?properties=kind,day", f"{ITEMS}/w1?properties=kind,day"):
        document = site.json(address)
        for feature in document.get("features", [document]):
            assert set(feature["properties"]) == {"kind", "day"}


def test_a_mark_of_another_order_is_refused(site: Site) -> None:
    for query in ("sortby=depth&after=5", "after=WzEsMl0", "after=5&before=5", "before=W10"):
        answer = site.get(f"{ITEMS}?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["parameter"] in ("after", "before")


@pytest.mark.parametrize(
    "filter",
    [
        "(" * 10_000, "NOT " * 2_000 + "true", "a=" + "1+" * 4_000 + "1",
        "depth IN (" + "1," * 4000,
        "x" * 9_000, "depth = 1 AND " * 600, "'", "\"", "depth = ", "depth == 1", "kind = 1",
        "nobody(depth)", "S_INTERSECTS(geometry,POINT(90 180))", "depth > 99999999999999999999",
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_refused_at_once(site: Site, filter: str) -> None:
    began = time.perf_counter()
    answer = site.get(ITEMS, params={"filter": filter})
    assert time.perf_counter() - began < 1  # the parser's own tests hold the milliseconds
    assert answer.status_code in (400, 414)
    if answer.status_code == 400:
        assert answer.json()["parameter"] == "filter"


@pytest.mark.parametrize("text", ["[" * 5_000, '{"op":' * 900, "{", "null", "1", '{"op":"nobody"}'])
def test_a_filter_in_json_that_cannot_be(site: Site, text: str) -> None:
    answer = site.get(ITEMS, params={"filter": text, "filter-lang": "cql2-json"})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "filter"


@pytest.mark.slow
def test_pages_stay_whole_while_features_come(tmp_path: Path, store: GeoPackage) -> None:
    """Whoever pages while others write sees each feature that was there once."""
    copy = GeoPackage.create(tmp_path / "growing.gpkg")
    copy.load(store.layer("wells"), map(wells, range(COUNT)))
    catalog = Catalog.open(copy.path, tmp_path / "data")
    done = threading.Event()

    def write() -> None:
        number = 1000
        while not done.is_set():
            with copy.transaction() as connection:
                connection.execute(
                    "INSERT INTO wells (id, depth) VALUES (?, ?)", (f"new{number}", number % 5)
                )
            number += 1
            time.sleep(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with serving(catalog) as site:
            for order in ("", "&sortby=depth", "&sortby=-depth"):
                address, seen = f"{ITEMS}?limit=3{order}", []
                for _ in range(200):
                    page = site.json(address)
                    seen += ids(page)
                    following = [one["href"] for one in page["links"] if one["rel"] == "next"]
                    if not following:
                        break
                    address = following[0]
                assert len(seen) == len(set(seen))
                assert {f"w{number}" for number in range(COUNT)} <= set(seen)
    finally:
        done.set()
        writer.join()
        catalog.close()
        copy.close()


def test_a_coordinate_for_json_is_short(site: Site) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/3857"
    page = site.json(f"{ITEMS}?limit=1000", params={"crs": crs})
    for feature in page["features"]:
        for number in (feature["geometry"] or {"coordinates": []})["coordinates"]:
            assert len(json.dumps(number).partition(".")[2]) <= 4

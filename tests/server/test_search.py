"""Search: the right feature first, however it is typed, and coordinates in every system."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.crs import BD09, GCJ02, transform
from layers.catalog import Catalog
from layers.model import Query
from server.settings import Settings
from tests.server.sites import Site, layer_file, served, serving, serving_folder, until
from tests.zones import HOSTILE, MANY

Json = dict[str, Any]


def ask(site: Site, q: str, **more: object) -> Json:
    """The answer, asked for again while the index is made, as its header says."""
    end = time.monotonic() + 60
    while (answer := site.get("/search", params={"q": q, **more})).status_code == 503:
        assert time.monotonic() < end
        time.sleep(int(answer.headers["retry-after"]))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def first(site: Site, q: str, **more: object) -> tuple[str, str]:
    """The feature that is found first, and how."""
    hits = ask(site, q, **more)["hits"]
    assert hits, f"nothing is found for {q!r}"
    return hits[0]["id"], hits[0]["match"]


# As planners type: names, short names, pinyin, initials, English, words, codes, typos.
TABLE = [
    ("西岑科创园区", "park-xicen-park", "exact"),
    ("西岑科创", "park-xicen-center", "prefix"),
    ("xckcyq", "park-xicen-park", "pinyin"),
    ("xckc", "park-xicen-center", "pinyin"),
    ("xicenkechuangyuan", "park-xicen-park", "pinyin"),
    ("xi cen ke chuang yuan qu", "park-xicen-park", "pinyin"),
    ("青浦", "district-qingpu", "prefix"),
    ("青浦区", "district-qingpu", "exact"),
    ("qpq", "district-qingpu", "pinyin"),
    ("Qingpu District", "district-qingpu", "exact"),
    ("QINGPU industrial", "park-qingpu-industrial", "prefix"),
    ("qignpu", "district-qingpu", "typo"),
    ("朱家角镇", "township-qingpu-zhujiajiao", "exact"),
    ("zhujiajiao", "township-qingpu-zhujiajiao", "prefix"),
    ("zjj", "township-qingpu-zhujiajiao", "pinyin"),
    ("Zhujajiao", "township-qingpu-zhujiajiao", "typo"),
    ("盛泽", "township-wujiang-shengze", "prefix"),
    ("高铁科创新城", "park-wujiang-hsr", "word"),
    ("算力调度", "compute-telecom-wujiang", "word"),
    ("数字孪生", "project-p02", "word"),
    ("digital twin", "project-p02", "word"),
    ("飞行服务中心", "low-altitude-service-centre", "word"),
    ("ｑｉｎｇｐｕ　ｄｉｓｔｒｉｃｔ", "district-qingpu", "exact"),
    # Chinese with Latin that is half typed, before, after, between, and with a word left out.
    ("西岑kc", "park-xicen-center", "pinyin"),
    ("西岑k", "park-xicen-center", "pinyin"),
    ("西岑kech", "park-xicen-center", "pinyin"),
    ("西岑 kcyq", "park-xicen-park", "pinyin"),
    ("xc科创yq", "park-xicen-park", "pinyin"),
    ("qp园区", "park-qingpu-industrial", "pinyin"),
    ("青浦gy", "park-qingpu-industrial", "pinyin"),
    ("qingpu工业", "park-qingpu-industrial", "word"),
    ("zhujiaj镇", "township-qingpu-zhujiajiao", "word"),
    ("朱家jz", "township-qingpu-zhujiajiao", "pinyin"),
]


@pytest.mark.parametrize(("q", "feature", "match"), TABLE)
def test_the_right_one_comes_first(bundled_site: Site, q: str, feature: str, match: str) -> None:
    assert first(bundled_site, q) == (feature, match)


@pytest.mark.parametrize(
    ("q", "feature", "match"),
    [
        ("第12厂", "werk-12", "exact"),
        ("di12chang", "werk-12", "pinyin"),
        ("Werk 12 København", "werk-12", "exact"),
        ("werk 12 kobenhavn", "werk-12", "exact"),
        ("Wrek 12", "werk-12", "typo"),
        ("Altstadt", "ort-0", "exact"),
        ("altsatdt", "ort-0", "typo"),
        ("beiqu", "kreis-nord", "pinyin"),
        ("beiq区", "kreis-nord", "pinyin"),
        ("北q", "kreis-nord", "pinyin"),
        ("第12c", "werk-12", "pinyin"),
        ("点 777", "p777", "exact"),
        ("Straße", "weg-1", "exact"),
        ("铁路", "weg-2", "exact"),
        ("tielu", "weg-2", "pinyin"),
        ("Bahnhof Mitte", "werk-11", "word"),
    ],
)
def test_a_made_up_zone(made_up_site: Site, q: str, feature: str, match: str) -> None:
    """Names, places and codes of another schema, by its roles alone."""
    assert first(made_up_site, q) == (feature, match)


def test_what_a_hit_says(bundled_site: Site) -> None:
    [hit] = ask(bundled_site, "xckcyq", limit=1, lang="en")["hits"]
    feature = bundled_site.json(f"/collections/{hit['layer']}/items/{hit['id']}")
    assert hit["name"] == feature["properties"]["name_en"]
    assert hit["field"]["name"] == "name_zh"
    [[begin, end]] = hit["fragments"]
    assert hit["text"][begin:end] == "西岑科创园区"
    assert hit["placement"] == feature["properties"]["placement"]
    assert hit["geometry"] == feature["geometry"]
    assert hit["bbox"] == feature["geometry"]["coordinates"] * 2
    assert bundled_site.get(hit["href"]).status_code == 200


@pytest.mark.parametrize(
    ("q", "marked"),
    [("西岑kc", ["西岑科创"]), ("xc科创", ["西岑科创"]), ("qp园区", ["青浦", "园区"])],
)
def test_what_is_marked_of_chinese_with_latin(
    bundled_site: Site, q: str, marked: list[str]
) -> None:
    [hit] = ask(bundled_site, q, limit=1)["hits"]
    assert [hit["text"][begin:end] for begin, end in hit["fragments"]] == marked


def test_fragments_are_where_the_words_stand(bundled_site: Site) -> None:
    for q in ("算力", "industrial park", "低空经济", "wujiang zone"):
        for hit in ask(bundled_site, q)["hits"]:
            for begin, end in hit["fragments"]:
                assert hit["text"][begin:end].casefold() in q.split(" ")


def test_areas_have_a_box_and_no_point(bundled_site: Site) -> None:
    [hit] = ask(bundled_site, "吴江区", layers="districts", limit=1)["hits"]
    assert hit["geometry"] is None
    west, south, east, north = hit["bbox"]
    assert west < east
    assert south < north


def test_only_in_the_layers_asked_for(bundled_site: Site) -> None:
    found = ask(bundled_site, "青浦", layers="parks,townships", limit=50)["hits"]
    assert {hit["layer"] for hit in found} == {"parks", "townships"}


def test_the_limit_and_the_order_hold(made_up_site: Site) -> None:
    ten = ask(made_up_site, "点", limit=10)["hits"]
    assert len(ten) == 10
    assert ask(made_up_site, "点", limit=10)["hits"] == ten
    assert ask(made_up_site, "点", limit=3)["hits"] == ten[:3]


def test_hostile_names_are_found_as_they_are(made_up_site: Site) -> None:
    for name in HOSTILE:
        hits = ask(made_up_site, name[:200], lang="en")["hits"]
        assert name in [hit["name"] for hit in hits]


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "'; DROP TABLE layers; --",
        "a* OR b NEAR(",
        "{name} : x",
        "^",
        "%_",
        "\\",
        "😀",
        "a" * 200,
        "a中" * 100,
        "k中1" * 60,
    ],
)
def test_no_character_has_a_meaning_of_its_own(site: Site, q: str) -> None:
    assert ask(site, q)["q"] == q


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20%20", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=a%00b", "q"),
        ("q=a&layers=nowhere", "layers"),
        ("q=a&layers=", "layers"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=51", "limit"),
        ("q=a&limit=ten", "limit"),
        ("q=a&lang=de", "lang"),
        ("q=a&utm_source=x", "utm_source"),
        ("q=a&q=b", "q"),
    ],
)
def test_bad_input(site: Site, query: str, parameter: str) -> None:
    answer = site.get(f"/search?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == parameter


DEGREES = [
    ("120.64, 31.16", False),
    ("120.64 31.16", False),
    ("120.64，31.16", False),
    ("31.16,120.64", True),
    ("120.64°E, 31.16°N", False),
    ("31.16°N 120.64°E", True),
    ("120°38′24″E 31°9′36″N", False),
    ("东经120°38′24″，北纬31°9′36″", False),
    ("北纬31度9分36秒 东经120度38分24秒", True),
    ("N31°9'36\" E120°38'24\"", True),
]


@pytest.mark.parametrize(("q", "swapped"), DEGREES)
def test_degrees_are_read_in_three_ways(bundled_site: Site, q: str, swapped: bool) -> None:
    places = ask(bundled_site, q)["places"]
    assert [place["crs"] for place in places] == ["CRS84", GCJ02, BD09]
    assert {place["swapped"] for place in places} == {swapped}
    assert len({place["label"] for place in places}) == 3
    for place in places:
        at = np.array([place["geometry"]["coordinates"]])
        [written] = transform(at, "CRS84", place["crs"])
        assert written == pytest.approx((120.64, 31.16), abs=1e-6)


@pytest.mark.parametrize(
    ("q", "crs", "swapped"),
    [
        ("606800 3448145", "EPSG:4549", False),
        ("606800.0,3448145.0", "EPSG:4549", False),
        ("3448145, 606800", "EPSG:4549", True),
        ("40606800, 3448145", "EPSG:4528", False),
        ("3448145; 40606800", "EPSG:4528", True),
    ],
)
def test_metres_say_which_grid(bundled_site: Site, q: str, crs: str, swapped: bool) -> None:
    [place] = ask(bundled_site, q)["places"]
    assert (place["crs"], place["swapped"]) == (crs, swapped)
    assert place["geometry"]["coordinates"] == pytest.approx([121.12, 31.15], abs=1e-4)
    assert crs in place["label"]


@pytest.mark.parametrize(
    "q",
    ["120.64", "12 34 56", "2024-08-23", "1 2", "200, 31", "91.5, 181.5", "G60", "120°61′E 31°N"],
)
def test_what_is_no_place(bundled_site: Site, q: str) -> None:
    assert ask(bundled_site, q)["places"] == []


def test_places_of_another_zone(made_up_site: Site) -> None:
    """Outside of China degrees mean one thing; which comes first the zone tells."""
    for q, swapped in (("10.2, 50.4", False), ("50.4, 10.2", True)):
        [place] = ask(made_up_site, q)["places"]
        assert (place["crs"], place["swapped"]) == ("CRS84", swapped)
        assert place["geometry"]["coordinates"] == [10.2, 50.4]


def test_a_changed_layer_is_found_as_it_is(folder: Path, folder_site: Site) -> None:
    assert first(folder_site, "Birch") == ("place-1", "exact")
    (folder / "places.geojson").write_text(layer_file(["Ash", "Cedar"]), encoding="utf-8")
    (folder / "more.geojson").write_text(layer_file(["青浦"]), encoding="utf-8")
    end = time.monotonic() + 20
    while len(folder_site.json("/collections")["collections"]) < 2:
        assert time.monotonic() < end
        time.sleep(0.05)
    # The two files may be seen one after the other.
    until(lambda: ask(folder_site, "Cedar")["hits"])
    assert first(folder_site, "Cedar") == ("place-1", "exact")
    assert first(folder_site, "qp") == ("place-0", "pinyin")
    assert ask(folder_site, "Birch")["hits"] == []
    (folder / "more.geojson").unlink()
    while len(folder_site.json("/collections")["collections"]) > 1:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert ask(folder_site, "qingpu")["hits"] == []


@pytest.fixture(scope="module")
def polyphones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Characters that are read in more than one way, in the usual way of such names."""
    names = ["重庆长安", "厦门", "乐清", "长三角G60科创走廊", "行知园", "曾厝垵"]
    folder = tmp_path_factory.mktemp("polyphones")
    (folder / "places.geojson").write_text(layer_file(names), encoding="utf-8")
    with serving_folder(folder) as site:
        yield site


@pytest.mark.parametrize(
    ("q", "number"),
    [
        ("chongqing", 0),
        ("chongqingchangan", 0),
        ("cqca", 0),
        ("xiamen", 1),
        ("xm", 1),
        ("yueqing", 2),
        ("changsanjiaog60", 3),
        ("csjg60", 3),
        ("kechuangzou", 3),
        ("xingzhi", 4),
        ("zengcuoan", 5),
    ],
)
def test_characters_with_several_readings(polyphones: Site, q: str, number: int) -> None:
    assert first(polyphones, q) == (f"place-{number}", "pinyin")


@pytest.mark.slow
def test_the_index_stays_beside_the_store(tmp_path: Path) -> None:
    """It is kept for the next start, and made anew where it is broken."""
    (tmp_path / "zone").mkdir()
    (tmp_path / "zone/places.geojson").write_text(layer_file(["西岑"]), encoding="utf-8")
    settings = Settings(port=0, data_dir=tmp_path / "data")
    for breaking in (None, b"", b"no database at all" * 1000):
        catalog = Catalog.open(tmp_path / "zone", tmp_path / "data")
        before = catalog.store.path.read_bytes()
        for site in served(catalog, settings):
            assert first(site, "xc") == ("place-0", "pinyin")
        assert catalog.store.path.read_bytes() == before
        catalog.close()
        [file] = (tmp_path / "data").glob("search-*.sqlite")
        if breaking is not None:
            file.write_bytes(breaking)


@pytest.mark.slow
def test_a_large_layer_is_said_to_be_read(made_up_site: Site) -> None:
    """Who cannot wait gets 503 and asks again; the reading goes on meanwhile."""
    with serving(made_up_site.catalog, query_seconds=0.2) as site:
        answer = site.get("/search", params={"q": "Altstadt"})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert site.get("/health").status_code == 200
        end = time.monotonic() + 60
        while (answer := site.get("/search", params={"q": "Altstadt"})).status_code == 503:
            assert time.monotonic() < end
            time.sleep(0.2)
        assert answer.json()["hits"][0]["id"] == "ort-0"
    assert made_up_site.catalog.store.count("viele", Query()) == MANY


def test_a_file_of_another_program_is_searched(tmp_path: Path) -> None:
    """As it stands: nothing is written to it, and names are found by convention."""
    import geopandas
    import shapely

    file = tmp_path / "foreign.gpkg"
    columns = {"名称": ["西岑科创园区", "盛泽"], "address": ["Lake Road 1", None]}
    spots = [shapely.Point(13_400_000, 3_600_000), None]
    geopandas.GeoDataFrame(columns, geometry=spots, crs="EPSG:3857").to_file(file, layer="places")
    before = file.read_bytes()
    catalog = Catalog.open(file, tmp_path / "data")
    assert catalog.store.read_only
    with serving(catalog) as site:
        [hit] = ask(site, "xckc")["hits"]
        assert hit["name"] == "西岑科创园区"
        assert hit["geometry"]["coordinates"] == pytest.approx([120.374, 30.747], abs=0.001)
        [hit] = ask(site, "lake road")["hits"]
        assert (hit["name"], hit["field"]["name"]) == ("西岑科创园区", "address")
        [hit] = ask(site, "shengze")["hits"]
        assert hit["geometry"] is hit["bbox"] is None
    catalog.close()
    assert file.read_bytes() == before

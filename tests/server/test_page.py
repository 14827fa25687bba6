"""The map page: nothing foreign, nothing inline, nothing from the data read as markup."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from layers.catalog import Catalog
from server.basemaps import parse_basemaps
from server.hosts import parse_public_url
from tests.rows import first_zone_quick
from tests.server.sites import Site, layer_file, serving, until

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "${alert(1)}`+alert(1)+`",
    "{{ 7*7 }}{% raw %}",
    "<!-- --><![CDATA[",
    "\u2028\u2029'\\\"",
    "javascript:alert(1)",
]


class Page(HTMLParser):
    """The tags of a page and the texts inside them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open = [""]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1], data.strip()))

    def addresses(self) -> list[str]:
        names = ("src", "href")
        return [value for _, attrs in self.tags for name in names if (value := attrs.get(name))]


def scene_of(site: Site, base: str = "") -> tuple[dict[str, Any], str]:
    """What the map script hands to the page, and the script."""
    page = site.page(f"{base}/").text
    [address] = re.findall(r'"([^"]*/map-[0-9a-f]+\.js)"', page)
    answer = site.get(address)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    script = answer.text
    assert script.startswith('var map = L.map("map", {')
    [head] = re.findall(r"window\.zoneAtlas = \{map: map, layers: \[\], \.\.\.(.*)\};\n", script)
    layers = re.findall(r"window\.zoneAtlas\.layers\.push\((.*)\);\n", script)
    return {**json.loads(head), "layers": [json.loads(one) for one in layers]}, script


def test_nothing_inline_and_nothing_foreign(site: Site) -> None:
    for lang in ("zh", "en"):
        page = Page(site.page(f"/?lang={lang}").text)
        assert [text for tag, text in page.texts if tag in ("script", "style")] == []
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert tag != "style"
            assert tag != "base"
        for address in page.addresses():
            assert address.startswith(("/", "#")), address


@first_zone_quick()
def test_everything_the_page_names_is_there(site: Site) -> None:
    page = Page(site.page().text)
    scene, _ = scene_of(site)
    texts = list(scene["text"].values())
    for address in [*page.addresses(), *texts, *(layer["url"] for layer in scene["layers"])]:
        if not address.startswith("#"):
            assert site.get(address).status_code == 200, address


def test_files_may_be_kept_for_ever(site: Site) -> None:
    page = Page(site.page().text)
    found = [one for one in page.addresses() if one.startswith(("/static/", "/map-"))]
    assert len(found) == 8
    for address in found:
        answer = site.get(address)
        assert "immutable" in answer.headers["cache-control"]
        kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
        expected = {**kinds, "json": "application/json"}[address.rpartition(".")[2]]
        assert answer.headers["content-type"].split(";")[0] == expected
        packed = site.get(address, headers={"Accept-Encoding": "gzip"})
        assert packed.content == answer.content


def test_only_page_files_are_served(site: Site) -> None:
    [asset] = [one for one in Page(site.page().text).addresses() if one.endswith("/joined.js")]
    root = asset.removesuffix("joined.js")
    for path in ("../page.py", "..%2Fpage.py", "%2e%2e/page.py", "vendor/stamp", "", "text"):
        assert site.get(site.url + root + path).status_code == 404
    wrong = root.replace("/static/", "/static/0")
    assert site.get(wrong + "main.js").status_code == 404


def test_the_scene_tells_of_every_layer(site: Site) -> None:
    scene, _ = scene_of(site)
    store = site.catalog.store
    assert scene["base"] == "/"
    assert scene["basemaps"] == []
    assert scene["approval"] == ""
    zone = store.zone()
    assert [one["figures"] for one in scene["zone"]["headline"]] == [
        list(one.figures) for one in zone.headline
    ]
    assert scene["zone"]["title"] == {"zh": zone.title.zh, "en": zone.title.en}
    assert [one["id"] for one in scene["layers"]] == [layer.id for layer in store.layers()]
    for told in scene["layers"]:
        layer = store.layer(told["id"])
        assert told["title"] == {"zh": layer.title.zh, "en": layer.title.en}
        assert [field["name"] for field in told["schema"]["fields"]] == [
            field.name for field in layer.schema.fields
        ]
        assert [field["expected"] for field in told["schema"]["fields"]] == [
            field.expected for field in layer.schema.fields
        ]
        assert told["role"] == layer.role
        assert told["style"]["colour"] == layer.style.colour
        page = site.json(f"/collections/{layer.id}/items?limit=1")
        assert told["count"] == page["numberMatched"]
        assert told["url"].startswith(f"/downloads/{layer.id}.geojson?v=")


def test_the_data_is_not_in_page_or_script(site: Site) -> None:
    _, script = scene_of(site)
    text = site.page().text + script
    for layer in site.catalog.store.layers():
        features = site.json(f"/collections/{layer.id}/items?limit=3")["features"]
        for feature in features:
            assert '"coordinates"' not in text
            assert f'"id":"{feature["id"]}","geometry"' not in text


def test_the_first_view_is_the_zone(bundled_site: Site) -> None:
    scene, script = scene_of(bundled_site)
    store = bundled_site.catalog.store
    [areas] = [layer for layer in store.layers() if layer.role == "areas"]
    assert scene["extent"] == list(store.extent(areas.id) or ())
    assert '"zoomSnap": 0.25' in script
    assert '"maxZoom": 14' in script
    assert '"attributionControl": false' in script


def square(west: float, east: float) -> list[list[list[float]]]:
    return [[[west, -18], [east, -18], [east, -16], [west, -16], [west, -18]]]


def test_a_zone_across_the_antimeridian(folder: Path, tmp_path: Path) -> None:
    """Geometries are cut at 180 degrees (RFC 7946, 3.1.9); the window goes the narrower way."""
    shape = {
        "type": "MultiPolygon",
        "coordinates": [square(179.2, 180), square(-180, -179.4)],
    }
    feature = {"type": "Feature", "id": "fiji", "geometry": shape, "properties": {}}
    areas = {
        "type": "FeatureCollection",
        "layer": {"role": "areas", "schema": {"geometry": "MultiPolygon", "fields": []}},
        "features": [feature],
    }
    (folder / "areas.geojson").write_text(json.dumps(areas), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        scene, script = scene_of(site)
        assert scene["extent"] == pytest.approx([179.2, -18, 180.6, -16])
        assert re.search(r"center: \[-17\.0, 179\.[89]\d*\]", script)
    catalog.close()


def test_a_zone_around_the_world_is_shown_whole(folder: Path, tmp_path: Path) -> None:
    """With less than half the globe free in the middle, the way over 180 degrees is the longer."""
    layer = json.loads(layer_file(["a", "b", "c", "d"]))
    for feature, longitude in zip(layer["features"], (-179.5, 179.5, 60.0, -100.0), strict=True):
        feature["geometry"]["coordinates"] = [longitude, 10]
    (folder / "places.geojson").write_text(json.dumps(layer), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        assert scene_of(site)[0]["extent"] == [-179.5, 10, 179.5, 10]
    catalog.close()


def test_the_page_works_a_little_without_its_scripts(site: Site) -> None:
    page = Page(site.page("/?lang=en").text)
    texts = [text for _, text in page.texts]
    for layer in site.catalog.store.layers():
        assert layer.title.of("en") in texts
    assert [
        attributes["id"] for tag, attributes in page.tags if tag == "div" and "id" in attributes
    ]
    tags = [tag for tag, _ in page.tags]
    assert "noscript" in tags
    assert tags.count("h1") == 1


def test_bad_view_parameters_are_left_to_the_page(site: Site) -> None:
    many = "&".join(f"p{number}=1" for number in range(200))
    for query in (
        *("utm_source=x", "lang=fr", "zoom=abc&layers=none", "center=%00x", "a=1&a=2", many),
        *("%00", "lang=%ff", "lang=en&lang=zh&%ed%a0%80", "f=%ff", "%zz&&&=", "f=xml"),
    ):
        answer = site.page(f"/?{query}")
        assert answer.status_code == 200, query
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    answer = site.get("/?f=html&%ff=%00")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    # what asks for JSON is told
    for query in ("lang=%ff", "%00", many, "f=json&lang=%ff"):
        assert site.get(f"/?{query}").status_code == 400, query


def test_the_page_is_the_same_for_the_same_data(site: Site) -> None:
    first, second = site.page(), site.page()
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


def hostile_folder(folder: Path) -> None:
    for number, text in enumerate(HOSTILE):
        fields = [
            {"name": text, "type": "text", "label": text},
            {"name": "coded", "type": "text", "label": text, "codes": {"a": text}},
        ]
        definition = {
            "title": text,
            "description": text,
            "schema": {"geometry": "Point", "fields": fields},
        }
        layer = json.loads(layer_file([]))
        layer["layer"] = definition
        point = {"type": "Point", "coordinates": [10, 50]}
        feature = {
            "type": "Feature",
            "id": "a",
            "geometry": point,
            "properties": {text: text, "coded": "a"},
        }
        layer["features"] = [feature]
        (folder / f"hostile{number}.geojson").write_text(json.dumps(layer), encoding="utf-8")
    zone = {"id": "z", "title": HOSTILE[1], "subtitle": HOSTILE[2], "credit": HOSTILE[4]}
    (folder / "zone.json").write_text(json.dumps(zone), encoding="utf-8")


def test_markup_in_the_data_stays_text(folder: Path, tmp_path: Path) -> None:
    hostile_folder(folder)
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog) as site:
        text = site.page().text
        page = Page(text)
        assert [value for tag, value in page.texts if tag == "script"] == []
        assert [tag for tag, _ in page.tags].count("img") == 0
        assert ("h1", HOSTILE[1]) in page.texts or HOSTILE[1] in [t for _, t in page.texts]
        scene, script = scene_of(site)
        for character in "<>&\u2028\u2029":
            assert character not in script
        titles = {layer["title"]["zh"] for layer in scene["layers"]}
        assert set(HOSTILE) <= titles
        for number, value in enumerate(HOSTILE):
            [feature] = site.json(f"/collections/hostile{number}/items")["features"]
            assert feature["properties"] == {value: value, "coded": "a"}
    catalog.close()


def test_old_scripts_go_when_the_data_changes(folder_site: Site, folder: Path) -> None:
    _, before = scene_of(folder_site)
    (folder / "places.geojson").write_text(layer_file(["Ash"], title="Trees"), encoding="utf-8")
    until(lambda: "Trees" in scene_of(folder_site)[1])
    scene, after = scene_of(folder_site)
    assert before != after
    assert scene["layers"][0]["count"] == 1
    assert folder_site.get("/map-" + "0" * 24 + ".js").status_code == 404


@pytest.mark.slow
def test_a_public_path_is_in_every_address(bundled: Catalog) -> None:
    public = parse_public_url("https://maps.example.org/zone/atlas/")
    with serving(bundled, public_url=public) as site:
        for base in ("", "/zone/atlas"):  # the proxy in front has cut the path off, or has not
            page = Page(site.page(f"{base}/").text)
            own = [one for one in page.addresses() if not one.startswith("#")]
            assert all(one.startswith("/zone/atlas/") for one in own)
            assert all(site.get(one).status_code == 200 for one in own)
            scene, _ = scene_of(site, base)
            assert scene["base"] == "/zone/atlas/"
            assert all(one["url"].startswith("/zone/atlas/downloads/") for one in scene["layers"])
            for address in ("/", "/collections", f"/collections/{site.largest()}/items?limit=1"):
                found = links_in(site.json(base + address))
                assert found
                assert all(one.startswith("https://maps.example.org/zone/atlas/") for one in found)


def links_in(document: Any) -> list[str]:
    """Every href of a document, at any depth."""
    if isinstance(document, list):
        return [one for part in document for one in links_in(part)]
    if not isinstance(document, dict):
        return []
    ours = isinstance(document.get("href"), str) and document["rel"] != "license"
    own = [document["href"]] if ours else []
    return own + [one for part in document.values() for one in links_in(part)]


def test_basemaps_that_are_switched_on(bundled: Catalog) -> None:
    basemap = parse_basemaps(
        "osm tianditu 'https://{s}.tiles.example/{z}/{x}/{y}.png' title=影像 "
        "attribution='© <b>E</b>' datum=gcj02 max_zoom=17 subdomains=ab"
    )
    with serving(bundled, basemap=basemap, tianditu_key="key", map_approval_number="GS 1") as site:
        scene, _ = scene_of(site)
        osm, tianditu, own = scene["basemaps"]
        assert osm["id"] == "osm"
        assert (own["datum"], own["max_zoom"]) == ("gcj02", 17)
        assert own["title"] == {"zh": "影像", "en": "影像"}
        assert own["attribution"] == "© <b>E</b>"
        assert "tk=key" in tianditu["url"]
        assert scene["approval"] == "GS 1"
        policy = site.page().headers["content-security-policy"]
        [images] = [part for part in policy.split("; ") if part.startswith("img-src")]
        assert images.split()[1:3] == ["'self'", "data:"]
        assert set(images.split()[3:]) == {
            "https://tile.openstreetmap.org",
            *(f"https://t{number}.tianditu.gov.cn" for number in range(8)),
            "https://a.tiles.example",
            "https://b.tiles.example",
        }
        assert policy.count("https:") == 11


@pytest.mark.parametrize("name", ["page.html"])
def test_the_template_marks_nothing_safe(name: str) -> None:
    template = Path("server/templates") / name
    assert "|safe" not in template.read_text(encoding="utf-8").replace(" ", "")

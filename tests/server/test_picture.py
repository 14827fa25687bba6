"""Pictures of views say and draw what the map does."""

import re
from itertools import combinations
from urllib.parse import quote

import pytest

from layers.model import Layer, Query
from server.picture.colours import STATIC, palette
from server.picture.symbols import OUTLINES, colour_of
from tests.rows import first_quick, first_zone_quick
from tests.server.sites import Site
from tests.server.svg_texts import SVG, drawn, said, texts


def sites_of(site: Site) -> list[Layer]:
    return [one for one in site.catalog.store.layers() if one.role == "sites"]


def filters(site: Site) -> list[str]:
    """A few that leave something out, made of what there is."""
    found = []
    for layer in sites_of(site):
        for field in layer.schema.fields:
            name = f'"{field.name}"'
            if field.role == "placement":
                found += [f"{name}='township'", f"{name} IN ('site','park')"]
            if field.role == "district" and field.type == "list" and field.codes:
                found.append(f"A_OVERLAPS({name},('{next(iter(field.codes))}'))")
    return [*dict.fromkeys(found)][:4]


@first_zone_quick()
def test_it_counts_what_the_map_counts(site: Site) -> None:
    on = [one for one in sites_of(site) if one.visible]
    for asked in [{}, *({"filter": one} for one in filters(site))]:
        matches = site.json("/matches", params={**asked, "layers": ",".join(one.id for one in on)})
        counted = {one["id"]: one["matched"] for one in matches["layers"]}
        root = drawn(site, lang="en", width=1400, height=1000, **asked)
        lines = [one.said for one in texts(root)]
        number = f"{sum(counted.values()):,}"
        assert any(re.match(rf"{number}\b", line) for line in lines), (number, lines)
        for layer in on:
            count, whole = counted[layer.id], site.catalog.store.count(layer.id, Query())
            text = f"{count:,}" if count == whole else f"{count:,} / {whole:,}"
            assert not count or text in lines, (layer.id, text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_names_the_map_its_districts_and_places(bundled_site: Site, lang: str) -> None:
    text = said(drawn(bundled_site, lang=lang, width=1400, height=1000))
    store = bundled_site.catalog.store
    zone = store.zone()
    assert zone.title.of(lang) in text
    for layer in store.layers():
        name = layer.schema.with_role("name", lang)
        if layer.role == "areas" and name is not None:
            for feature in store.features(layer.id, Query()):
                assert str(feature.properties[name.name]) in text
    # The credit may be broken into lines, never cut.
    assert re.sub(r"\s", "", zone.credit.of(lang)) in re.sub(r"\s", "", text)


SIZES = [(800, 600), (1200, 630), (720, 720), (400, 300), (300, 700), (100, 100), (2000, 300)]


@pytest.mark.parametrize(("width", "height"), first_quick(2, SIZES))
@pytest.mark.parametrize("lang", ["zh", "en"])
@first_zone_quick()
def test_no_text_lies_on_another_or_outside(site: Site, width: int, height: int, lang: str) -> None:
    root = drawn(site, width=width, height=height, lang=lang)
    assert root.get("width") == str(width)
    found = texts(root)
    assert [(a.said, b.said) for a, b in combinations(found, 2) if a.overlaps(b)] == []
    for one in found:
        assert one.x >= -0.5
        assert one.x + one.width <= width + 0.5, one
        assert one.y >= 0
        assert one.y + one.height <= height + 0.5, one


@pytest.mark.parametrize("zoom", first_quick(2, [8, 14, 0, 11, 12, 24]))
@first_zone_quick()
def test_views_of_any_place_are_drawn(site: Site, zoom: int) -> None:
    for center in ("120.95,31.08", "10.2,50.3", "-179.9,0", "0,85"):
        root = drawn(site, center=center, zoom=zoom)
        found = texts(root)
        assert [(a.said, b.said) for a, b in combinations(found, 2) if a.overlaps(b)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_symbols_have_their_layers_colours(site: Site, theme: str) -> None:
    root = drawn(site, theme=theme, width=1000, height=900)
    painted = {one.get(name) for one in root.iter(f"{SVG}path") for name in ("fill", "stroke")}
    store = site.catalog.store
    for layer in sites_of(site):
        if layer.visible and store.count(layer.id, Query()):
            assert colour_of(layer.style, theme == "dark") in painted, layer.id
    assert palette(theme == "dark")["zone"].name in painted


def test_outlines_are_those_of_the_page() -> None:
    script = (STATIC / "symbols.js").read_text(encoding="utf-8")
    assert dict(re.findall(r'^  (\w+): "(M[^"]+)",$', script, re.MULTILINE)) == OUTLINES


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_of_the_page_is_read(dark: bool) -> None:
    sheets = [(STATIC / name).read_text(encoding="utf-8") for name in ("colours.css", "stats.css")]
    named = {name for sheet in sheets for name in re.findall(r"^.*?--([a-z0-9-]+):", sheet, re.M)}
    assert named - {"bar"} <= palette(dark).keys()
    light, night = palette(False), palette(True)
    assert light["paper"] != night["paper"]
    assert light["veil"].opacity == 0.62


def test_the_legend_and_the_credit_can_be_left_out(bundled_site: Site) -> None:
    whole = said(drawn(bundled_site, lang="zh"))
    assert "图例" in whole
    assert "位置表示方式" in whole
    bare = said(drawn(bundled_site, lang="zh", legend="0", credit="0", title=""))
    for text in ("图例", "位置表示方式", "天地图", "待落图", "长三角示范区产业地图"):
        assert text not in bare


def test_the_legend_tells_what_is_seen_only(bundled_site: Site) -> None:
    for layer in sites_of(bundled_site):
        text = said(drawn(bundled_site, lang="zh", width=1600, height=1000, layers=layer.id))
        for other in sites_of(bundled_site):
            named = other.title.zh in text.replace("\n", "")
            assert named == (other.id == layer.id), other.id


def test_what_is_asked_and_selected_is_said(bundled_site: Site) -> None:
    store = bundled_site.catalog.store
    layer = next(one for one in sites_of(bundled_site) if one.visible)
    feature = next(store.features(layer.id, Query(limit=1)))
    name = layer.schema.with_role("name", "zh")
    assert name is not None
    chosen = str(feature.properties[name.name])
    asked = {"selected": f"{layer.id}/{feature.id}", "q": "科创", "lang": "zh"}
    text = said(drawn(bundled_site, width=1600, **asked))
    assert f"搜索：科创 · 选中：{chosen}" in text
    area = said(drawn(bundled_site, area="circle:120.9,31.1,9000", lang="zh"))
    assert "范围：半径9公里的圆" in area
    assert re.search(r"一定\d+项 · 可能\d+项", area)


def test_shading_is_that_of_the_statistics(site: Site) -> None:
    """Tones where enough is known, none where it is not: never a colour for a guess."""
    for layer in sites_of(site):
        field = layer.schema.with_role("district")
        if field is None:
            continue
        ids = [layer.id, *(one.id for one in site.catalog.store.layers() if one.role == "areas")]
        stats = site.json("/stats", params={"group": field.name, "layers": layer.id})
        root = drawn(site, shade="1", layers=",".join(ids))
        tones = {f"tone-{n}": palette(False)[f"tone-{n}"].name for n in range(5)}
        painted = {one.get("fill") for one in root.iter(f"{SVG}path")}
        assert bool(painted & set(tones.values())) == stats["rankable"], layer.id


def test_a_long_name_is_cut_with_an_ellipsis(bundled_site: Site) -> None:
    text = said(drawn(bundled_site, title="名" * 200))
    assert re.search("名{10,}…", text)


def test_addresses_of_pages_work_as_they_are(bundled_site: Site) -> None:
    """What the page writes into its address is understood, whatever of it a picture can show."""
    layer = next(one for one in sites_of(bundled_site) if one.visible)
    slides = quote('[["a",{"zoom":"9"}]]')
    query = (
        f"layers={layer.id}&drawer=table&table={layer.id}&sort=-name_zh&theme=dark&zoom=9.25"
        f"&center=120.90000,31.10000&slides={slides}"
    )
    assert bundled_site.get(f"/image.png?{query}").status_code == 200
    assert bundled_site.get("/image.png?layers=").status_code == 200

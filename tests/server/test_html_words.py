"""What the pages for people say: values, counts, figures and mistakes, as text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from layers.model import Query
from layers.registry import each_format
from server.html_sentences import in_language
from tests.rows import first_quick, first_zone_quick
from tests.server.pages import EN, ZH, crawl, html, links, resources, texts
from tests.server.sites import Site
from tests.server.test_page import Page

# --- what they say ----------------------------------------------------------------------------


@pytest.mark.slow
def test_layers_with_every_format(site: Site) -> None:
    page = html(site.page("/collections", **EN))
    for layer in site.catalog.store.layers():
        assert layer.title.en in texts(page) or layer.title.zh in texts(page)
        for address in (
            "/collections",
            f"/collections/{layer.id}",
            f"/collections/{layer.id}/items",
        ):
            hrefs = links(html(site.page(address)))
            start = f"/downloads/{layer.id}."
            found = [one.removeprefix(start) for one in hrefs if one.startswith(start)]
            assert list(dict.fromkeys(found)) == list(each_format())


def rows(page: Page) -> int:
    return sum(
        1 for tag, attributes in page.tags if tag == "th" and attributes.get("scope") == "row"
    )


@pytest.mark.slow
def test_pages_of_items_lead_through_all_of_them(made_up_site: Site) -> None:
    layer = made_up_site.largest()
    address, total, seen = f"/collections/{layer}/items?limit=99999", 0, set()
    while address:
        page = html(made_up_site.page(address, **EN))
        found = [href for href in links(page) if f"/collections/{layer}/items/" in href]
        assert rows(page) <= 500
        total += rows(page)
        seen |= set(found)
        [*following] = [
            str(attributes["href"])
            for (tag, attributes), (_, text) in aligned(page)
            if tag == "a" and text == "Next page"
        ]
        address = following[0] if following else ""
    assert total == len(seen) == made_up_site.catalog.store.count(layer, Query())


def aligned(page: Page) -> list[tuple[tuple[str, dict[str, str | None]], tuple[str, str]]]:
    """Each link of the pager with its text."""
    pager = [one for one in page.tags if one[0] == "a" and one[1].get("class") == "plain"]
    named = [one for one in page.texts if one[0] == "a"]
    pages = [one for one in named if one[1] in ("First page", "Previous page", "Next page")]
    return list(zip(pager[-len(pages) :], pages, strict=True)) if pages else []


def test_the_number_of_items_is_said(made_up_site: Site) -> None:
    layer = made_up_site.largest()
    page = html(made_up_site.page(f"/collections/{layer}/items?limit=7", **EN))
    assert "7 of 10,001 entries on this page" in texts(page)
    few = html(made_up_site.page("/collections/kreise/items", **ZH))
    assert "3 项" in texts(few)
    assert "没有符合的内容。" in texts(
        html(made_up_site.page("/collections/leer/items", **ZH))
    ) or (rows(html(made_up_site.page("/collections/leer/items", **ZH))) == 0)


@pytest.mark.parametrize("lang", first_quick(1, ["zh", "en"]))
def test_values_by_label_code_and_unit(bundled_site: Site, lang: str) -> None:
    headers = {"Accept-Language": lang}
    store = bundled_site.catalog.store
    unknown, yes = ("未公布", "是") if lang == "zh" else ("not published", "yes")
    for layer in store.layers():
        page = texts(html(bundled_site.page(f"/collections/{layer.id}/items", **headers)))
        for field in layer.schema.fields:
            other = field.lang not in (None, lang)
            if not other and field.role != "name":
                assert field.label.of(lang) in page
        for feature in store.features(layer.id, Query(limit=20)):
            for field in layer.schema.fields:
                value = feature.properties[field.name]
                if value is None and field.lang is None:
                    assert (unknown if field.expected else "—") in page
                elif value is True:
                    assert yes in page
                elif field.codes and isinstance(value, str):
                    assert field.codes[value].of(lang) in page
                elif field.unit and isinstance(value, int):
                    assert f"{value:,} {field.unit}" in page


@pytest.mark.slow
def test_a_place_known_to_its_district_only_has_no_coordinates(site: Site) -> None:
    for layer in site.catalog.store.layers():
        field = layer.schema.with_role("placement")
        if field is None or layer.schema.geometry != "Point":
            continue
        for feature in site.json(f"/collections/{layer.id}/items?limit=60")["features"]:
            address = f"/collections/{layer.id}/items/{feature['id']}"
            said = site.page(address, **EN).text
            shown = feature["geometry"] and ", ".join(
                f"{one:.7f}".rstrip("0").rstrip(".") for one in feature["geometry"]["coordinates"]
            )
            exact = feature["properties"][field.name] in ("site", "park", "township")
            assert (bool(shown) and f">{shown}<" in said) == (exact and bool(shown)), address


@pytest.mark.slow
def test_a_feature_says_all_it_knows(bundled_site: Site) -> None:
    store = bundled_site.catalog.store
    for layer in store.layers():
        for feature in store.features(layer.id, Query(limit=5)):
            page = html(bundled_site.page(f"/collections/{layer.id}/items/{feature.id}", **ZH))
            said = "\n".join(texts(page))
            for field in layer.schema.fields:
                value = feature.properties[field.name]
                if isinstance(value, str) and field.lang == "zh":
                    assert value.strip() in said
            sources = layer.schema.with_role("sources")
            names = feature.properties[sources.name] if sources else None
            for name in names if isinstance(names, list) else []:
                source = layer.source(name)
                assert source is not None
                assert source.title.zh in said


def test_joint_figures_are_said_of_their_members(bundled_site: Site) -> None:
    store = bundled_site.catalog.store
    figures = [(layer, one) for layer in store.layers() for one in layer.figures if one.members]
    assert figures
    for layer, figure in figures:
        member = figure.members[0].rpartition("/")[2]
        page = html(bundled_site.page(f"/collections/{layer.id}/items/{member}", **ZH))
        assert figure.text.zh in "\n".join(texts(page))


def test_other_systems_of_coordinates(bundled_site: Site) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/4490"
    layer = next(
        one for one in bundled_site.catalog.store.layers() if one.schema.geometry == "Point"
    )
    feature = next(
        one
        for one in bundled_site.json(f"/collections/{layer.id}/items")["features"]
        if one["geometry"]
    )
    address = f"/collections/{layer.id}/items/{feature['id']}"
    page = html(bundled_site.page(address, **EN))
    assert any(crs in unquote(href) for href in links(page))
    turned = html(bundled_site.page(f"{address}?crs={crs}", **EN))
    lon, lat = feature["geometry"]["coordinates"]
    assert f"{lat}, {lon}" in texts(turned)
    assert f"{lon}, {lat}" in texts(page)
    table = html(bundled_site.page(f"/collections/{layer.id}/items?crs={crs}", **EN))
    assert any(f"{feature['id']}?crs={crs}" in unquote(href) for href in links(table))
    # The map fetches degrees whatever the table shows.
    [scene] = [one["data-scene"] for _, one in table.tags if "data-scene" in one]
    assert "crs=" not in str(scene)


def test_fields_that_were_not_asked_for_are_not_called_unknown(bundled_site: Site) -> None:
    layer = bundled_site.catalog.store.layers()[0]
    field = next(one for one in layer.schema.fields if one.role == "placement")
    page = html(
        bundled_site.page(f"/collections/{layer.id}/items?properties={field.name}&limit=5", **EN)
    )
    heads = [text for tag, text in page.texts if tag == "th"]
    assert field.label.en in heads
    assert len([one for one in page.tags if one == ("th", {"scope": "col"})]) == 3


# --- what goes wrong --------------------------------------------------------------------------


@first_zone_quick()
def test_what_a_page_does_not_know_is_ignored_and_said(site: Site) -> None:
    for address in resources(site):
        page = html(site.page(f"{address}?utm_source=x&utm_medium=%3Cb%3E&lang=en"))
        said = [text for text in texts(page) if text.startswith("These parameters")]
        assert said == [
            "These parameters mean nothing here and were ignored: utm_source, utm_medium"
        ]
        assert not [href for href in links(page) if "utm_" in href]
        # A program's typing error is an error still.
        assert site.get(f"{address}?utm_source=x").status_code == 400
        many = "&".join(f"x{n}=1" for n in range(60))
        assert site.page(f"{address}?{many}").status_code == 400


@pytest.mark.parametrize(
    "bad", ["limit=0", "limit=abc", "bbox=1,2,3", "bbox=nan,0,1,1", "limit=1&limit=2", "after=!"]
)
@first_zone_quick()
def test_bad_values_are_explained_on_a_page(site: Site, bad: str) -> None:
    address = f"/collections/{site.largest()}/items"
    page = html(site.page(f"{address}?{bad}&lang=en"), 400)
    name = bad.partition("=")[0]
    assert any(text.startswith(f"{name} must be") for text in texts(page))
    [way_out] = {
        href for href in links(page) if href.startswith(address) and f"{name}=" not in href
    }
    html(site.page(way_out))
    answer = site.get(f"{address}?{bad}")
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_not_there_is_said_on_a_page(site: Site) -> None:
    layer = site.largest()
    for address in (
        "/collections/nothing",
        "/collections/nothing/items",
        f"/collections/{layer}/items/nothing",
        "/collections/nothing/tiles",
        "/collections/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ):
        answer = site.page(address)
        assert answer.status_code == 404
        if answer.headers["content-type"].startswith("text/html"):
            assert "<script>alert" not in answer.text
            assert answer.headers["cache-control"] == "no-store"
    for bad in ("%00", "a=%ff", "a=1%00"):
        assert site.page(f"/collections?{bad}").status_code == 400


# --- data is text -----------------------------------------------------------------------------


@pytest.mark.slow
def test_hostile_data_stays_text(made_up_site: Site, zones: Any) -> None:
    """Names, values, names of properties, titles, notes: whatever they say, a page shows it."""
    ours = set()
    for address in ("/collections/leer", "/collections/leer/items", "/tiles", "/conformance"):
        ours |= {tag for tag, _ in html(made_up_site.page(address)).tags}
    ours |= {"figure", "figcaption", "details", "summary", "b", "article", "ol", "div", "h3"}
    shown: set[str] = set()
    for address, page in crawl(made_up_site):
        assert {tag for tag, _ in page.tags} <= ours, address
        assert not any(href.lower().startswith("javascript:") for href in page.addresses())
        assert not [one for one in page.tags if one[0] == "b" and one[1]]
        shown |= set(texts(page))
    everything = "\n".join(shown)
    for hostile in zones.HOSTILE:
        assert hostile.split("\n")[0].strip() in everything
    assert zones.HOSTILE_NAME in everything


def test_the_map_of_a_page_is_told_by_an_attribute(made_up_site: Site) -> None:
    text = made_up_site.page("/collections/werke/items").text
    [scene] = re.findall(r'data-scene="([^"]*)"', text)
    assert "<" not in scene
    assert ">" not in scene


@pytest.mark.parametrize(
    "path", sorted(Path("server/templates").glob("*.html")), ids=lambda path: path.name
)
def test_templates_mark_nothing_safe(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(" ", "")
    assert "|safe" not in text
    assert "autoescape" not in text


def test_what_does_not_fit_is_said_in_chinese(bundled_site: Site) -> None:
    layer = bundled_site.largest()
    for wrong, expected in (
        ("limit=0", "参数 limit 的值“0”不能用。可用的值：从1起的整数。"),
        ("bbox=1,2", "四个或六个数"),
        ("datetime=never", "RFC 3339 时间"),
    ):
        said = texts(html(bundled_site.page(f"/collections/{layer}/items?{wrong}", **ZH), 400))
        assert expected in "".join(said)
        assert not any("must be" in one for one in said)


def test_the_description_of_the_api_is_chinese_for_who_reads_chinese(site: Site) -> None:
    """Whatever the definition says in English has its Chinese."""
    definition = site.json("/api")
    said = set(sentences_of(definition["paths"]))
    assert len(said) > 50
    assert {one for one in said if in_language(one, "zh") is None} == set()


def sentences_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name in ("summary", "description") and isinstance(one, str):
                yield one
            elif name != "schema":
                yield from sentences_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from sentences_of(one)

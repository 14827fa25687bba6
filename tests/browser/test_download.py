"""The download panel: what it counts is what the files hold, on every screen and by keyboard."""

import json
import re
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
from playwright.sync_api import Page, expect

from layers.catalog import Catalog
from tests.browser.axe import serious
from tests.browser.doors import checkbox
from tests.browser.visits import Visits, settle
from tests.browser.world import World, word
from tests.server.sites import layer_file, serving

COUNT = ".download-count"


def opened(page: Page) -> None:
    page.locator("#download").click()
    page.wait_for_selector(".presets .preset")


def fetched(page: Page, selector: str) -> Path:
    with page.expect_download() as download:
        page.locator(selector).click()
    return Path(download.value.path())


def number_in(page: Page) -> int:
    text = page.locator(COUNT).inner_text()
    return int("".join(filter(str.isdigit, text.split("。")[0].split(".")[0])))


def features_of(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_bytes())["features"]
    return found


@pytest.mark.parametrize(
    ("lang", "theme", "phone"), [("zh", "light", False), ("en", "dark", True), ("zh", "dark", True)]
)
def test_what_is_counted_is_what_comes(
    world: World, visits: Visits, lang: str, theme: str, phone: bool
) -> None:
    page = visits.open(world.url, reader=lang, system=theme, phone=phone)
    opened(page)
    assert serious(page) == []
    features = features_of(fetched(page, '[data-preset="web"]'))
    assert len(features) == number_in(page)
    on = {layer.id for layer in world.layers if layer.definition.get("visible", True)}
    assert {one["properties"]["layer"] for one in features} <= on
    # As many as the line under the map counts.
    said = page.locator("#totals b").inner_text().replace(",", "")
    assert int(re.findall(r"\d+", said)[0]) == len(features)


def test_layers_and_window(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    opened(page)
    before = number_in(page)
    # The panel stays open while the map moves and layers come and go: count and file follow.
    page.get_by_label("只要地图窗口内的").check()
    for _ in range(3):
        page.locator(".zoom-tools button").first.click()
        settle(page)
    expect(page.locator(COUNT)).not_to_contain_text(str(before))
    inside = features_of(fetched(page, '[data-preset="web"]'))
    assert len(inside) == number_in(page) < before
    page.get_by_label("只要地图窗口内的").uncheck()
    of = page.get_by_role("combobox", name="图层", exact=True)
    of.select_option("on")
    before = sum(
        len(layer.items) for layer in bundled_world.layers if layer.definition.get("visible", True)
    )
    expect(page.locator(COUNT)).to_contain_text(f" {before} ")
    checkbox(page, "townships").uncheck()
    expect(page.locator(COUNT)).to_contain_text(str(before - 30))
    features = features_of(fetched(page, '[data-preset="web"]'))
    assert "townships" not in {one["properties"]["layer"] for one in features}
    # A layer that is chosen here is the only one in the file.
    page.get_by_role("combobox", name="图层", exact=True).select_option("layer:parks")
    expect(page.locator(COUNT)).to_contain_text("22")
    assert len(features_of(fetched(page, '[data-preset="web"]'))) == 22


def test_only_what_the_report_names(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url, filter="in_report=true")
    opened(page)
    expect(page.locator(COUNT)).to_contain_text(word("zh", "download.narrowed_sites"))
    features = features_of(fetched(page, '[data-preset="web"]'))
    assert len(features) == number_in(page)
    named = [
        one["properties"]["in_report"] for one in features if one["properties"]["layer"] == "parks"
    ]
    assert named
    assert all(named)
    page.get_by_role("combobox", name="图层", exact=True).select_option("layer:parks")
    expect(page.locator(COUNT)).to_contain_text(f"{len(named)} 项")
    assert len(features_of(fetched(page, '[data-preset="web"]'))) == len(named)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "各图层合为一张表，由字段 layer 区分"), ("en", "joined in one table")],
)
def test_a_file_of_one_table_is_said_to_be_one(
    bundled_world: World, visits: Visits, lang: str, words: str
) -> None:
    page = visits.open(bundled_world.url, reader=lang)
    opened(page)
    expect(page.locator('[data-preset="web"]')).to_contain_text(words)
    expect(page.locator('[data-preset="gis"]')).not_to_contain_text(words)
    page.locator(".more-formats summary").click()
    formats = page.locator(".more-formats select").first
    formats.select_option("csv")
    expect(page.locator(".more-formats .quiet").first).to_contain_text(words)
    formats.select_option("xlsx")
    expect(page.locator(".more-formats .quiet").first).not_to_contain_text(words)
    # Of one layer nothing is joined.
    page.locator(".download select").first.select_option("layer:parks")
    expect(page.locator('[data-preset="web"]')).not_to_contain_text(words)
    formats.select_option("csv")
    expect(page.locator(".more-formats .quiet").first).not_to_contain_text(words)


def test_a_planning_bureau_gets_no_points_for_districts(
    bundled_world: World, visits: Visits, tmp_path: Path
) -> None:
    """What is known to its district only is in the file, and is no point that a plan could take."""
    page = visits.open(bundled_world.url)
    opened(page)
    page.get_by_role("combobox", name="图层", exact=True).select_option("layer:signed-projects")
    expect(page.locator('[data-preset="bureau"]')).to_contain_text("不输出区县级点")
    layer = next(one for one in bundled_world.layers if one.id == "signed-projects")
    number = len(layer.items)
    expect(page.locator(COUNT)).to_contain_text(f" {number} ")
    file = fetched(page, '[data-preset="bureau"]').rename(tmp_path / "projects.shp.zip")
    tables = [
        geopandas.read_file(file, layer=name) for name, _ in pyogrio.list_layers(file).tolist()
    ]
    assert sum(map(len, tables)) == number
    drawn, listed = ({p for one in tables if ("geometry" in one) == is_drawn for p in one.placement}
                     for is_drawn in (True, False))  # fmt: skip
    assert "district" in listed
    assert not drawn & {"district", "unknown"}
    # Who chooses what stands for such a position gets that.
    page.locator(".more-formats summary").click()
    page.get_by_label("不确定的位置").select_option("possible-area")
    expect(page.locator('[data-preset="bureau"]')).to_have_attribute(
        "href", re.compile("geometry=possible-area")
    )


def test_by_keyboard_with_a_moved_system(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    page.locator("#download").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".presets .preset")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.locator(".more-formats summary").focus()
    page.keyboard.press("Enter")
    page.locator(".more-formats select").first.select_option("geojson")
    page.get_by_label("坐标系").select_option("GCJ02")
    expect(page.locator(".more-formats .is-warning")).to_be_visible()
    assert serious(page) == []
    page.locator(".more-formats a.primary").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "GCJ02" in download.value.suggested_filename
    [moved] = {
        one["properties"]["coordinate_system"] for one in features_of(Path(download.value.path()))
    }
    assert moved == "GCJ-02"
    page.keyboard.press("Escape")
    assert page.locator("#side").is_hidden()
    assert page.evaluate("document.activeElement.id") == "download"


def test_a_server_that_does_not_answer(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    page.route("**/downloads/map?*", lambda route: route.abort())
    visits.forgive(r"downloads/map|Failed to load resource: net::ERR_FAILED")
    page.locator("#download").click()
    expect(page.locator(COUNT)).to_have_text("未能取得，请稍后再试。")


def test_a_large_one_is_written_in_the_background(visits: Visits, tmp_path: Path) -> None:
    folder = tmp_path / "zone"
    folder.mkdir()
    document = json.loads(layer_file(["第一处"]))
    [one] = document["features"]
    document["features"] = [{**one, "id": f"n{n}"} for n in range(10_001)]
    (folder / "many.geojson").write_text(json.dumps(document), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path / "data")
    with serving(catalog, data_dir=tmp_path / "data") as site:
        page = visits.open(site.url)
        page.set_default_timeout(30_000)
        opened(page)
        page.route("**/downloads/many.*", lambda route: route.abort())
        visits.forgive("downloads/many|Failed to load resource: net::ERR_FAILED")
        page.get_by_role("combobox", name="图层", exact=True).select_option("layer:many")
        page.locator('[data-preset="bureau"]').click()
        expect(page.locator(".download-said")).to_have_text("未能取得，请稍后再试。")
        page.unroute("**/downloads/many.*")
        page.locator('[data-preset="web"]').click()
        expect(page.locator(".download-said")).to_contain_text("后台")
        expect(page.locator(".exports li")).to_have_count(1)
        expect(page.locator(".exports b")).to_have_text("many · GeoJSON")
        expect(page.locator(".exports .quiet").nth(1)).to_contain_text("10,001")
        expect(page.get_by_role("link", name="下载文件")).to_be_visible()
        assert serious(page) == []
        # A server that is away for a while is said to be.
        page.route("**/exports/*", lambda route: route.abort())
        visits.forgive("/exports/")
        page.reload()
        opened(page)
        expect(page.locator(".exports li .quiet")).to_contain_text("没有响应")
        page.unroute("**/exports/*")
        # The page can be left meanwhile: the link is there again, and its file.
        page.reload()
        opened(page)
        assert len(features_of(fetched(page, ".export-tools a"))) == 10_001
        page.get_by_role("button", name="删除").click()
        expect(page.locator(".exports")).to_be_hidden()
        page.close()
    catalog.close()

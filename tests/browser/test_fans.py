"""What stands at one place fans out."""

import json
from collections.abc import Iterator

import pytest

from layers.catalog import Catalog
from tests.browser.axe import serious
from tests.browser.doors import boxes, overlaps, panel_title, press, rows
from tests.browser.test_reach import small_layers
from tests.browser.visits import Visits, settle
from tests.browser.world import World
from tests.server.sites import layer_file, serving


def test_what_stands_at_one_place_fans_out_while_it_is_listed(world: World, visits: Visits) -> None:
    page = visits.open(world.url, layers=small_layers(world))
    counts = page.locator(".pill").evaluate_all(
        "pills => pills.map((one) => Number(one.dataset.count))"
    )
    most = max((count for count in counts if 1 < count <= 12), default=0)
    assert most, "no pill holds a few"
    assert page.locator(".fan-item").count() == 0
    press(page, f'.pill[data-count="{most}"]')
    settle(page)
    listed = rows(page)
    fan = page.locator(".fan-item")
    assert sorted(fan.evaluate_all("all => all.map((one) => one.dataset.fan)")) == sorted(listed)
    assert overlaps(boxes(page, ".fan-item, .pill")) == []
    assert serious(page) == []
    key = listed[-1]
    button = page.locator(f'[data-fan="{key}"]')
    assert button.get_attribute("aria-label") == world.by_key[key].name()
    button.focus()
    page.keyboard.press("Enter")
    assert panel_title(page) == world.by_key[key].name()
    assert fan.count() == 0
    page.locator("#side .back").click()
    settle(page)
    assert fan.count() == len(listed)
    press(page, "#side .close")
    settle(page)
    assert fan.count() == 0


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A zone of twelve things at one place."""
    folder = tmp_path_factory.mktemp("twelve") / "zone"
    folder.mkdir()
    document = json.loads(layer_file([f"N{number}" for number in range(12)]))
    for feature in document["features"]:
        feature["geometry"]["coordinates"] = [10.0, 50.0]
    (folder / "things.geojson").write_text(json.dumps(document), encoding="utf-8")
    catalog = Catalog.open(folder, tmp_path_factory.mktemp("twelve-data"))
    with serving(catalog) as site:
        yield World.of(site)
    catalog.close()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_twelve_at_one_place_are_all_reached(twelve: World, visits: Visits, phone: bool) -> None:
    page = visits.open(twelve.url, phone=phone)
    press(page, ".pill")
    settle(page)
    fan = page.locator(".fan-item")
    keys = fan.evaluate_all("all => all.map((one) => one.dataset.fan)")
    assert sorted(keys) == sorted(twelve.by_key)
    assert overlaps(boxes(page, ".fan-item, .pill, #side, .zoom-tools")) == []
    for key in keys:
        press(page, f'[data-fan="{key}"]')
        assert panel_title(page) == twelve.by_key[key].name()
        page.locator("#side .back").click()
        settle(page)
    fan.first.focus()
    for key in keys:
        assert page.evaluate("document.activeElement.dataset.fan") == key
        page.keyboard.press("Tab")

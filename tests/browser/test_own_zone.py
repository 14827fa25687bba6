"""A planner's own folder: the page says nothing of what its files do not speak of."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from layers.catalog import Catalog
from tests.browser.doors import open_layer, press
from tests.browser.visits import Visits, read, texts
from tests.browser.world import WORDS, World, word
from tests.server.sites import Site, serving

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])

Serve = Callable[[dict[str, list[dict[str, Any]]]], Site]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serves a folder of plain GeoJSON files: features by the name of their file."""
    with ExitStack() as stack:

        def start(files: dict[str, list[dict[str, Any]]]) -> Site:
            folder = tmp_path / "own"
            folder.mkdir()
            for name, features in files.items():
                document = {"type": "FeatureCollection", "features": features}
                (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
            catalog = Catalog.open(folder, tmp_path / "data")
            stack.callback(catalog.close)
            return stack.enter_context(serving(catalog))

        yield start


def feature(number: int, **properties: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [120.5 + number / 50, 31.0]}
    return {"type": "Feature", "id": f"n{number}", "geometry": point, "properties": properties}


@LANGUAGES
def test_no_placement_is_no_doubt(serve: Serve, visits: Visits, lang: str) -> None:
    """Neither in the rows, nor in the panel, nor in the legend; the way to the map stays."""
    site = serve({"wells": [feature(1, name="A"), feature(2, name="B")]})
    page = visits.open(site.url, reader=lang)
    open_layer(page, "wells")
    assert texts(page, "#side .row-name") == ["A", "B"]
    assert page.locator("#side .row-about").count() == 0
    press(page, "#side .row")
    said = page.locator("#side").inner_text()
    for key in ("detail.placement", "placement.none", "placement.unknown"):
        assert word(lang, key) not in said
    assert page.locator("#side .position button").first.inner_text() == word(lang, "detail.focus")
    assert page.locator("#panel .positions").count() == 0


def test_the_legend_shows_what_the_zone_uses(serve: Serve, visits: Visits) -> None:
    placements = ["site", "township", None]
    features = [feature(n, name=f"{n}", placement=one) for n, one in enumerate(placements)]
    page = visits.open(serve({"wells": features}).url)
    lines = [word("zh", "legend.exact"), word("zh", "legend.township")]
    assert texts(page, "#panel .positions li:visible") == lines
    open_layer(page, "wells")
    rows = [word("zh", f"placement.{one or 'none'}") for one in placements]
    assert texts(page, "#side .row-about") == rows


def test_the_bundled_legend_is_whole(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    keys = [key for key in WORDS["zh"] if key.startswith("legend.") and key != "legend.title"]
    lines = [word("zh", key) for key in keys]
    assert texts(page, "#panel .positions li:visible") == lines[:-1]
    # What may lie in an area is explained while there is one.
    page = visits.open(bundled_world.url, area="circle:120.9,31.1,12000")
    assert texts(page, "#panel .positions li:visible") == lines


@LANGUAGES
def test_a_list_of_one_and_an_unplaced_one(serve: Serve, visits: Visits, lang: str) -> None:
    alone = {**feature(1, name="A", placement="unknown"), "geometry": None}
    page = visits.open(serve({"wells": [alone]}).url, reader=lang)
    open_layer(page, "wells")
    assert page.locator("#side .list > .quiet").inner_text() == word(lang, "list.one", count=1)
    assert texts(page, "#side .row-about") == [word(lang, "list.unplaced")]
    # There is something: it waits to be placed.
    assert page.locator(".map-empty").count() == 0


def degrees(label: str) -> float:
    found = re.fullmatch(r"(−?)(\d+)°(\d\d)′", label)
    assert found, label
    sign, whole, minutes = found.groups()
    return (-1 if sign else 1) * (int(whole) + int(minutes) / 60)


@LANGUAGES
def test_a_zone_with_nothing_in_it(serve: Serve, visits: Visits, lang: str) -> None:
    """It says so, on a globe that goes round once."""
    page = visits.open(serve({"wells": []}).url, reader=lang)
    assert page.locator(".map-empty").inner_text() == word(lang, "map.empty")
    labels: list[str] = read(
        page, "() => [...document.querySelectorAll('.ticks text')].map((one) => one.textContent)"
    )
    assert len(labels) > 2
    assert [label for label in labels if abs(degrees(label)) > 180] == []


def test_a_zone_with_something_says_nothing(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    assert page.locator(".map-empty").count() == 0


def test_an_area_across_the_antimeridian(serve: Serve, visits: Visits) -> None:
    """Drawn in one piece beyond 180 degrees, asked about as the server writes it."""
    points = {"west": 179.2, "east": -179.2, "far": 178.2}
    wells = [
        {
            "type": "Feature",
            "id": name,
            "geometry": {"type": "Point", "coordinates": [lon, -17]},
            "properties": {"name": name},
        }
        for name, lon in points.items()
    ]
    page = visits.open(serve({"wells": wells}).url)
    press(page, "[data-tool=area-box]")
    ends: list[list[float]] = read(
        page,
        """() => {
        const { map } = window.zoneAtlas;
        const { left, top } = map.getContainer().getBoundingClientRect();
        return [[-16.8, 178.9], [-17.2, 180.9]].map((at) => {
          const { x, y } = map.latLngToContainerPoint(at);
          return [left + x, top + y];
        });
        }""",
    )
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=4)
    page.mouse.up()
    page.wait_for_selector("path.area-shape:not(.is-pending)")
    west, _, east, _ = map(float, re.findall(r"box:([^&]+)", page.url)[0].split(","))
    assert west > 178.5
    assert east < -178.5
    assert sorted(texts(page, "#side .row-name")) == ["east", "west"]
    shapes: list[float] = read(
        page,
        "() => [...document.querySelectorAll('path.area-shape')]"
        ".map((one) => one.getBoundingClientRect().width)",
    )
    across = read(
        page,
        """() => {
        const { map } = window.zoneAtlas;
        const [a, b] = [178.9, 180.9].map((lng) => map.latLngToContainerPoint([-17, lng]).x);
        return b - a;
        }""",
    )
    assert sum(shapes) == pytest.approx(across, abs=8)
    # Its corners can be moved where they stand.
    assert page.locator(".area-handle").count() == 4

"""Where things stand in a picture: each once, none over another, and numbered for a list."""

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from starlette.requests import Request

from layers.catalog import Catalog
from server.app import make_site
from server.drawing.drawing import Drawing
from server.links import Links
from server.params import read
from server.picture.draw import draw_map, draw_scale_bar, scale_bar
from server.picture.parameters import IMAGE
from server.picture.plan import Plan, camera_of, plan
from server.picture.qr import code_of, draw_qr
from server.picture.view import View, view_of
from server.settings import Settings
from server.site import Call
from tests.rows import first_quick, first_zone_quick

Views = Callable[[str], View]

SIZES = first_quick(2, [((1100, 700),), ((300, 200),), ((588, 474),), ((120, 90),)])
ASKED = ["", "lang=en", "zoom=7", "layers="]


@pytest.fixture(params=["bundled", "made_up"])
def views(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Views]:
    """Views by their query."""
    catalog: Catalog = request.getfixturevalue(request.param)
    site = make_site(catalog, Settings(data_dir=tmp_path))

    def view(query: str) -> View:
        scope = {"type": "http", "query_string": query.encode(), "headers": []}
        call = Call(Request(scope), site, Links(""))
        given = read(call.query, IMAGE)
        with catalog.store.reading():
            return view_of(call, given, call.lang(given))

    yield view
    site.pool.close()


def plan_of(view: View, width: float, height: float, numbered: bool = False) -> Plan:
    return plan(view, camera_of(view, width, height), numbered=numbered)


def boxes(found: Plan) -> list[tuple[str, object]]:
    pills = [(f"pill {one.title}", one.box) for one in found.pills]
    plates = [(f"plate {line.text}", line.box) for one in found.plates for line in one.lines]
    return [*pills, *plates, *((f"name {one.text}", one.box) for one in found.labels)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("query", first_quick(2, ASKED))
@first_zone_quick("views")
def test_nothing_stands_on_another(views: Views, size: tuple[int, int], query: str) -> None:
    found = boxes(plan_of(views(query), *size))
    assert [(a, b) for (a, one), (b, other) in combinations(found, 2) if one.overlaps(other)] == []


@pytest.mark.parametrize("size", SIZES)
@first_zone_quick("views")
def test_everything_stands_somewhere_once(views: Views, size: tuple[int, int]) -> None:
    view = views("")
    found = plan_of(view, *size)
    on_plates = {one.region.item.key for one in found.plates}
    held = [
        item
        for code, area in view.ground.by_district.items()
        if area.item.key in on_plates
        for item in view.items
        if item.home == "plate" and item.districts == (code,)
    ]
    drawn = [item for pill in found.pills for item in pill.group.items]
    shapes = [one for one in view.items if one.home == "map" and not one.point]
    nowhere = [one for one in view.items if one.home == "nowhere"]
    everything = [*drawn, *held, *found.left_out, *found.unplaced, *shapes, *nowhere]
    assert sorted(one.key for one in everything) == sorted(one.key for one in view.items)


def test_a_numbered_plan_has_a_list_beside_it(views: Views) -> None:
    found = plan_of(views(""), 800, 600, numbered=True)
    assert list(range(1, len(found.pills) + 1)) == sorted(found.numbers)
    assert not any(one.name for one in found.pills)
    assert all(one.title for one in found.pills)
    tops = [found.numbers[number].box.y for number in sorted(found.numbers)]
    assert tops[0] <= tops[-1]
    drawing = Drawing(800, 600)
    draw_map(drawing, found)
    said = {mark.text for mark in drawing.marks if hasattr(mark, "text")}
    assert {str(number) for number in found.numbers} <= said


def test_the_scale_bar_is_true(views: Views) -> None:
    found = plan_of(views("center=120.9,31.1&zoom=10"), 800, 600)
    metres, points = scale_bar(found)
    west, _ = found.camera.at((120.9, 31.1))
    # A degree of longitude at 31.1 degrees north is 95,407 m on WGS 84.
    east, _ = found.camera.at((120.9 + metres / 95_407, 31.1))
    assert east - west == pytest.approx(points, rel=0.005)
    assert str(int(metres)).rstrip("0") in ("1", "2", "3", "5")
    assert draw_scale_bar(Drawing(100, 100), found, 0, 50) >= points


def test_a_code_is_drawn_module_by_module() -> None:
    drawing = Drawing(100, 100)
    draw_qr(drawing, "http://127.0.0.1/", 0, 0, 100)
    dark = sum(map(sum, code_of("http://127.0.0.1/").matrix))
    module = 100 / (len(code_of("http://127.0.0.1/").matrix) + 8)
    rows = drawing.marks[-1].lines
    area = sum((row[:, 0].max() - row[:, 0].min()) * module for row in rows)
    assert area == pytest.approx(dark * module**2)
    assert drawing.links[0].address == "http://127.0.0.1/"

"""Lengths and areas that the page measures, beside those of pyproj."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

from tests.page.node import node

GEOD = Geod(ellps="WGS84")
# Where planners are, and the other sides of the globe.
CENTRES = [(120.9, 31.1), (179.9, -17.0), (-70.0, 0.05), (15.0, 69.0)]


def page_says(expression: str, given: object) -> Any:
    """What an expression gives for a list of positions (longitude, latitude) in the page's code."""
    script = f"""
      import {{ along, areaOf, distanceBetween, lengthOf }} from "./server/static/geodesic.js";
      const at = (list) => list.map(([lng, lat]) => ({{ lng, lat }}));
      console.log(JSON.stringify({json.dumps(given)}.map((given) => {expression})));
    """
    return json.loads(node("--input-type=module", "--eval", script))


def ways(centre: tuple[float, float], metres: float, count: int) -> list[list[list[float]]]:
    """Pairs of positions up to so far from each other."""
    chance = np.random.default_rng(5)
    lon, lat = (np.full(count, one) for one in centre)
    azimuths, lengths = chance.uniform(0, 360, count), metres * chance.uniform(0.1, 1, count)
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuths, lengths)
    ends = zip(lon, lat, to_lon, to_lat, strict=True)
    return [[[x_1, y_1], [x_2, y_2]] for x_1, y_1, x_2, y_2 in ends]


def rings(centre: tuple[float, float], metres: float, count: int) -> list[list[list[float]]]:
    """Rings of 3 to 12 corners around a position, some clockwise."""
    chance = np.random.default_rng(6)
    found = []
    for number in range(count):
        corners = int(chance.integers(3, 13))
        azimuths = np.sort(chance.uniform(0, 360, corners))[:: 1 if number % 2 else -1]
        distances = metres * chance.uniform(0.3, 1, corners)
        x, y = GEOD.fwd(*(np.full(corners, one) for one in centre), azimuths, distances)[:2]
        found.append(np.column_stack((x, y)).tolist())
    return found


def true_length(positions: Sequence[Sequence[float]]) -> float:
    x, y = zip(*positions, strict=True)
    return float(GEOD.line_length(x, y))


@pytest.mark.parametrize("metres", [5, 1_000, 200_000, 15_000_000])
def test_lengths_to_the_millimetre(metres: float) -> None:
    given = [one for centre in CENTRES for one in ways(centre, metres, 100)]
    said = page_says("distanceBetween(...at(given))", given)
    assert said == pytest.approx([true_length(one) for one in given], abs=1e-3, rel=0)


def test_a_length_is_that_of_all_its_parts() -> None:
    path = [[120.5, 31.0], [120.9, 31.2], [121.3, 31.1], [121.3, 31.1]]
    said = page_says("lengthOf(at(given))", [path, path[:1], []])
    assert said == pytest.approx([true_length(path), 0, 0], abs=1e-3, rel=0)


def test_between_opposite_positions_it_is_over_a_pole() -> None:
    given = [[[0, 0], [180, 0]], [[120, 31], [-60, -31]], [[0, 90], [0, -90]]]
    said = page_says("distanceBetween(...at(given))", given)
    assert said == pytest.approx([20_003_931.4586] * 3, abs=1e-3, rel=0)


@pytest.mark.parametrize("metres", [50, 2_000, 40_000, 900_000])
def test_areas(metres: float) -> None:
    given = [one for centre in CENTRES for one in rings(centre, metres, 30)]
    x_and_y = [zip(*one, strict=True) for one in given]
    true = [abs(GEOD.polygon_area_perimeter(*one)[0]) for one in x_and_y]
    assert page_says("areaOf(at(given))", given) == pytest.approx(true, rel=1e-6)


def test_what_encloses_nothing_has_no_area() -> None:
    at = [120.9, 31.1]
    there_and_back = [at, [121.0, 31.2], at]
    said = page_says("areaOf(at(given))", [[], [at], [at, [121.0, 31.2]], there_and_back])
    assert said == pytest.approx([0] * 4, abs=1e-2)


def test_a_line_is_drawn_along_the_shortest_way() -> None:
    """Positions on it, evenly spread and no further apart than was asked for."""
    [drawn] = page_says("along(...at(given), 50000)", [[[120, 31], [122, 31]]])
    between = GEOD.npts(120, 31, 122, 31, 3)
    true = [[120, 31], *map(list, between), [122, 31]]
    assert [[one["lng"], one["lat"]] for one in drawn] == [pytest.approx(one) for one in true]

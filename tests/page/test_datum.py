"""The page turns positions to GCJ-02 and BD-09 as the server does."""

import json

import numpy as np

from geo.datum import gcj02_to_bd09, wgs84_to_gcj02
from tests.page.node import node

SCRIPT = """
  import { toBd09, toGcj } from "./server/static/datum.js";
  const pair = ({ lng, lat }) => [lng, lat];
  const turn = ([lng, lat]) => [pair(toGcj({ lng, lat })), pair(toBd09(toGcj({ lng, lat })))];
  console.log(JSON.stringify(GIVEN.map(turn)));
"""


def test_gcj02_and_bd09() -> None:
    """To a tenth of a millimetre, in China and outside of the box, where nothing moves."""
    chance = np.random.default_rng(3)
    lon, lat = chance.uniform(60, 150, 2_000), chance.uniform(-10, 65, 2_000)
    given = json.dumps(np.column_stack((lon, lat)).tolist())
    script = SCRIPT.replace("GIVEN", given)
    said = np.array(json.loads(node("--input-type=module", "--eval", script)))
    gcj = wgs84_to_gcj02(lon, lat)
    assert np.abs(said[:, 0] - np.column_stack(gcj)).max() < 1e-9
    assert np.abs(said[:, 1] - np.column_stack(gcj02_to_bd09(*gcj))).max() < 1e-9

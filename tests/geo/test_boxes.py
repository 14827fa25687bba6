"""Boxes of degrees in other systems: what covers them, and what surely lies inside of them."""

import numpy as np
import pytest

from geo.boxes import EVERYWHERE, covered, covering
from geo.crs import CRS84, transform
from geo.extent import Extent
from tests.rows import first_quick

# Where positions are known to be, in degrees, and a system in use there.
PLACES = [
    ("EPSG:4549", Extent(117.0, 28.0, 123.0, 34.0)),
    ("EPSG:32651", Extent(118.0, -30.0, 128.0, -20.0)),
    ("EPSG:3857", Extent(-170.0, -80.0, 170.0, 80.0)),
    ("EPSG:3832", Extent(150.0, -40.0, 180.0, 40.0)),
    ("EPSG:3035", Extent(-10.0, 35.0, 30.0, 70.0)),
    ("EPSG:3413", Extent(-80.0, 65.0, -10.0, 85.0)),
    ("EPSG:4214", Extent(80.0, 20.0, 130.0, 50.0)),
]


def inside(box: Extent, positions: np.ndarray) -> np.ndarray:
    found: np.ndarray = ((positions >= box[:2]) & (positions <= box[2:])).all(axis=1)
    return found


@pytest.mark.parametrize(("crs", "place"), first_quick(1, PLACES))
def test_one_holds_all_of_a_box_and_the_other_nothing_else(crs: str, place: Extent) -> None:
    random = np.random.default_rng(11)
    degrees = random.uniform(place[:2], place[2:], (5_000, 2))
    own = transform(degrees, CRS84, crs)
    known = Extent(*own.min(axis=0).tolist(), *own.max(axis=0).tolist())
    found = 0
    for _ in range(100):
        low, high = np.sort(random.uniform(place[:2], place[2:], (2, 2)), axis=0)
        box = Extent(*low.tolist(), *high.tolist())
        assert inside(covering(box, crs), own[inside(box, degrees)]).all()
        sure = covered(box, crs, known)
        if sure is not None:
            found += 1
            of_it = random.uniform(sure[:2], sure[2:], (1_000, 2))
            assert inside(box, transform(of_it, crs, CRS84)).all()
    assert found > 10


def test_nearly_all_of_a_box_is_sure() -> None:
    degrees = np.random.default_rng(3).uniform((118, 29.5), (123, 33), (20_000, 2))
    own = transform(degrees, CRS84, "EPSG:4549")
    known = Extent(*own.min(axis=0).tolist(), *own.max(axis=0).tolist())
    box = Extent(118.5, 30.0, 122.0, 32.5)
    sure = covered(box, "EPSG:4549", known)
    assert sure is not None
    assert inside(sure, own).sum() > 0.9 * inside(box, degrees).sum()


@pytest.mark.parametrize("box", [Extent(-180, -90, 180, 90), Extent(117, 29, 124, 34)])
def test_a_box_around_everything_leaves_no_doubt(box: Extent) -> None:
    known = Extent(306_000.0, 3_264_000.0, 787_000.0, 3_660_000.0)
    assert covered(box, "EPSG:4549", known) == known


def test_where_nothing_is_sure() -> None:
    known = Extent(306_000.0, 3_264_000.0, 787_000.0, 3_660_000.0)
    assert covered(Extent(0, 0, 10, 10), "EPSG:4549", known) is None
    assert covered(Extent(-180, -90, 180, 90), "EPSG:4549", known._replace(east=9e9)) is None
    assert covered(Extent(120, 31, 120, 31), "EPSG:4549", known) is None
    assert covering(Extent(-180, -90, 180, 90), "EPSG:4549") == EVERYWHERE

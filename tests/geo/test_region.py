"""Boxes of other coordinate systems: where they lie, exactly where that can be said."""

import numpy as np
import pytest
import shapely

from geo.crs import CRS84, is_geographic, is_wgs84, there_and_back, transform
from geo.extent import Extent
from geo.region import outline, region


@pytest.mark.parametrize("name", ["CRS84", "EPSG:4326", "EPSG:4490"])
def test_degrees_are_degrees(name: str) -> None:
    assert is_wgs84(name)
    assert is_geographic(name)
    bounds = (120.0, 30.0, 121.0, 31.0) if name == CRS84 else (30.0, 120.0, 31.0, 121.0)
    found = region(bounds, name)
    assert found is not None
    assert (found.extent, found.shape) == (Extent(120, 30, 121, 31), None)


@pytest.mark.parametrize(("name", "degrees"), [("EPSG:4549", False), ("EPSG:4214", True)])
def test_other_systems_are_not(name: str, degrees: bool) -> None:
    assert not is_wgs84(name)
    assert is_geographic(name) == degrees


def test_a_box_of_metres_is_a_shape_with_curved_edges() -> None:
    """As the positions inside and outside of it have it, northing first."""
    found = region((3_400_000, 400_000, 3_500_000, 600_000), "EPSG:4549")
    assert found is not None
    assert found.shape is not None
    assert found.extent == Extent(*found.shape.bounds)
    chosen = np.random.default_rng(5)
    metres = chosen.uniform((350_000, 3_350_000), (650_000, 3_550_000), (2_000, 2))
    inside = (
        (np.abs(metres - (500_000, 3_450_000)) < (99_990, 49_990)).all(axis=1),
        (np.abs(metres - (500_000, 3_450_000)) > (100_010, 50_010)).any(axis=1),
    )
    points = shapely.points(transform(metres, "EPSG:4549", CRS84))
    covered = shapely.covers(found.shape, points)
    assert covered[inside[0]].all()
    assert not covered[inside[1]].any()


def test_what_leaves_the_domain_has_no_outline() -> None:
    far = Extent(0, 0, 30_000_000, 10)
    assert outline(far, "EPSG:3857") is None
    found = region(tuple(far), "EPSG:3857")
    assert found is not None
    assert found.extent.east == pytest.approx(180, abs=1e-6)
    assert region((30_000_000, 0, 40_000_000, 10), "EPSG:3857") is None


def test_there_and_back() -> None:
    metres = np.array([(500_000.0, 3_450_000.0), (1e9, 1e9), (np.nan, 0)])
    turned, fits = there_and_back(metres, "EPSG:4549")
    assert fits.tolist() == [True, False, False]
    assert turned[0] == pytest.approx((120, 31.17), abs=0.01)

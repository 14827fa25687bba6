"""One transform between EPSG systems, GCJ-02 and BD-09; axis order; refusals."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyproj
import pytest
import shapely

from geo import crs, datum
from geo.extent import Extent

QINGPU = np.array([[121.12, 31.15]])
# 20,000 positions where EPSG:4549 applies, and one past 120 E on either side
RANDOM = np.random.default_rng(3).uniform((118.5, 25.0), (121.5, 40.0), (20_000, 2))

GAUSS_KRUGER_WITHOUT_CODES = """
PROJCRS["local frame", BASEGEOGCRS["CGCS2000", DATUM["China 2000",
  ELLIPSOID["CGCS2000", 6378137, 298.257222101, LENGTHUNIT["metre", 1]]]],
 CONVERSION["shifted meridian", METHOD["Transverse Mercator"],
  PARAMETER["Latitude of natural origin", 0, ANGLEUNIT["degree", 0.0174532925199433]],
  PARAMETER["Longitude of natural origin", 120, ANGLEUNIT["degree", 0.0174532925199433]],
  PARAMETER["Scale factor at natural origin", 1, SCALEUNIT["unity", 1]],
  PARAMETER["False easting", 500000, LENGTHUNIT["metre", 1]],
  PARAMETER["False northing", 0, LENGTHUNIT["metre", 1]]],
 CS[Cartesian, 2], AXIS["northing (X)", north], AXIS["easting (Y)", east],
 LENGTHUNIT["metre", 1]]
""".strip()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("EPSG:4549", (606800.2, 3448144.9)),  # CGCS2000 / 3-degree Gauss-Kruger CM 120E
        ("EPSG:4528", (40606800.2, 3448144.9)),  # the same with the zone before the easting
        ("EPSG:3857", (13483016.7, 3652244.9)),
        ("EPSG:4326", (121.12, 31.15)),
        ("EPSG:4490", (121.12, 31.15)),
        (GAUSS_KRUGER_WITHOUT_CODES, (606800.2, 3448144.9)),
    ],
)
def test_a_known_position(target: str, expected: tuple[float, float]) -> None:
    moved = crs.transform(QINGPU, "CRS84", target)
    assert moved[0] == pytest.approx(expected, abs=0.1)
    back = crs.transform(moved, target, "CRS84")
    np.testing.assert_allclose(back, QINGPU, atol=1e-9)


@pytest.mark.parametrize(
    ("source", "box"),
    [
        ("EPSG:4549", (200_000, 2_500_000, 900_000, 5_500_000)),
        ("EPSG:3857", (13e6, 3e6, 14e6, 4e6)),
        ("EPSG:3413", (-1e6, -1e6, 1e6, 1e6)),  # around the pole
        ("EPSG:3832", (2e6, -1e6, 5e6, 1e6)),  # across the antimeridian
        ("CRS84", (-10.0, -20.0, 30.0, 40.0)),
    ],
)
def test_an_extent_holds_all_that_lies_in_the_box(
    source: str, box: tuple[float, float, float, float]
) -> None:
    found = crs.transform_extent(Extent(*box), source)
    assert found is not None
    inside = np.random.default_rng(2).uniform(box[:2], box[2:], (20_000, 2))
    edge = np.column_stack((np.linspace(box[0], box[2], 997), np.full(997, box[3])))
    lon, lat = crs.transform(np.vstack((inside, edge)), source, "CRS84").T
    assert (found.west <= lon).all()
    assert (lon <= found.east).all()
    assert (found.south <= lat).all()
    assert (lat <= found.north).all()


@pytest.mark.parametrize("box", [(0, 0, np.inf, 1), (3e5, 3e6, 1e30, 4e6), (3e5, 0, 5e5, 1e30)])
def test_a_box_that_is_not_on_the_globe_has_no_extent(
    box: tuple[float, float, float, float],
) -> None:
    assert crs.transform_extent(Extent(*box), "EPSG:4549") is None


@pytest.mark.parametrize("code", [4549, 4528, 3857, 32651])
def test_as_pyproj_has_it(code: int) -> None:
    base = 4490 if code in (4549, 4528) else 4326
    theirs = pyproj.Transformer.from_crs(base, code, always_xy=True).transform(*RANDOM.T)
    np.testing.assert_allclose(
        crs.transform(RANDOM, "CRS84", f"EPSG:{code}"), np.column_stack(theirs), atol=1e-6
    )


@pytest.mark.parametrize("name", ["EPSG:4549", "EPSG:4528", "EPSG:3857", "GCJ02", "BD09"])
def test_there_and_back_is_below_a_millimetre(name: str) -> None:
    back = crs.transform(crs.transform(RANDOM, "CRS84", name), name, "CRS84")
    assert np.abs(back - RANDOM).max() < 5e-9  # half a millimetre in degrees


def test_offset_frames_go_through_datum() -> None:
    gcj02 = np.column_stack(datum.wgs84_to_gcj02(*RANDOM.T))
    bd09 = np.column_stack(datum.gcj02_to_bd09(*gcj02.T))
    np.testing.assert_array_equal(crs.transform(RANDOM, "CRS84", "GCJ02"), gcj02)
    np.testing.assert_array_equal(crs.transform(RANDOM, "EPSG:4490", "BD09"), bd09)
    np.testing.assert_allclose(crs.transform(gcj02, "GCJ02", "BD09"), bd09, atol=1e-10)
    np.testing.assert_allclose(crs.transform(bd09, "BD09", "GCJ02"), gcj02, atol=1e-9)


def test_between_projected_systems_and_frames() -> None:
    """A position of a Baidu map, in the office's own coordinates."""
    bd09 = crs.transform(QINGPU, "CRS84", "BD09")
    assert crs.transform(bd09, "BD09", "EPSG:4528")[0] == pytest.approx(
        (40606800.2, 3448144.9), abs=0.1
    )


def test_another_datum_is_moved_by_its_published_transformation() -> None:
    """Beijing 1954 lies 110 m off; a null step would not move it."""
    moved = crs.transform(QINGPU, "CRS84", "EPSG:4214")
    assert 60 < pyproj.Geod(ellps="WGS84").inv(*QINGPU[0], *moved[0])[2] < 160


@pytest.mark.parametrize("spelling", ["crs84", "OGC:CRS84", " CRS84 "])
def test_spellings_of_crs84(spelling: str) -> None:
    assert crs.canonical(spelling) == "CRS84"


@pytest.mark.parametrize(
    ("spelling", "name"), [("epsg:4549", "EPSG:4549"), ("GCJ-02", "GCJ02"), ("bd-09", "BD09")]
)
def test_other_spellings(spelling: str, name: str) -> None:
    assert crs.canonical(spelling) == name


def test_the_input_is_left_alone() -> None:
    coords = QINGPU.copy()
    for target in ("CRS84", "EPSG:4490", "GCJ02", "EPSG:4549"):
        crs.transform(coords, "CRS84", target)[:] = 0
    np.testing.assert_array_equal(coords, QINGPU)


@pytest.mark.parametrize("target", ["CRS84", "EPSG:4490", "GCJ02", "BD09", "EPSG:4549"])
def test_no_positions_give_none(target: str) -> None:
    assert crs.transform(np.empty((0, 2)), "CRS84", target).shape == (0, 2)


@pytest.mark.parametrize("target", ["CRS84", "GCJ02", "BD09", "EPSG:4549", "EPSG:3857"])
def test_a_position_without_counterpart_is_nan_alone(target: str) -> None:
    coords = np.array([[121.0, 31.0], [np.nan, 31.0], [121.0, np.inf], [121.0, 31.0]])
    moved = crs.transform(coords, "CRS84", target)
    assert np.isfinite(moved).all(axis=1).tolist() == [True, False, False, True]
    assert np.isnan(moved[1:3]).all()


def test_latitude_beyond_the_pole_has_no_counterpart() -> None:
    assert np.isnan(crs.transform(np.array([[31.15, 121.12]]), "CRS84", "EPSG:4549")).all()


@pytest.mark.parametrize(
    ("name", "north_first"),
    [
        ("CRS84", False),
        ("EPSG:4326", True),
        ("EPSG:4490", True),
        ("EPSG:4549", True),
        ("EPSG:4528", True),
        ("EPSG:3857", False),
        ("EPSG:32651", False),
        ("EPSG:3031", False),  # polar, easting first: both axes point north
        ("EPSG:32661", True),  # polar, northing first: both axes point south
        ("GCJ02", False),
        ("BD09", False),
    ],
)
def test_axis_order_of_the_authority(name: str, north_first: bool) -> None:
    assert crs.authority_axis_is_north_first(name) is north_first


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("4549", "CRS '4549' is not known; allowed are CRS84, EPSG:n, GCJ02, BD09 or a WKT"),
        ("", "CRS '' is not known; allowed are"),
        ("EPSG:0", "CRS 'EPSG:0' is not known"),
        ("EPSG:999999", "CRS 'EPSG:999999' is not known"),
        ("EPSG:４５４９", "is not known"),
        ("+proj=longlat +nadgrids=@/etc/passwd", "is not known; allowed are"),
        ('PROJCS["broken"', r"CRS 'PROJCS\[.broken.' is not known"),
        ("EPSG:4479", r"'EPSG:4479' \(China Geodetic.*\) is not geographic or projected"),
        ("EPSG:5773", r"'EPSG:5773' \(EGM96 height\) is not geographic or projected"),
        ("EPSG:4610", r"\(Xian 1980\) has no published transformation to WGS 84; ask for"),
    ],
)
def test_refusals_name_what_came_and_what_is_allowed(name: str, sentence: str) -> None:
    with pytest.raises(crs.CRSError, match=sentence):
        crs.transform(QINGPU, name, "CRS84")
    with pytest.raises(crs.CRSError, match=sentence):
        crs.transform(QINGPU, "CRS84", name)


def test_a_refusal_does_not_repeat_a_long_name() -> None:
    with pytest.raises(crs.CRSError) as refusal:
        crs.canonical("x" * 10_000)
    assert len(str(refusal.value)) < 150


def test_a_geometry_is_turned_and_flattened() -> None:
    line = shapely.from_wkt("LINESTRING Z (121.12 31.15 5, 121.13 31.15 6)")
    moved = crs.transform_geometry(line, "CRS84", "EPSG:4549")
    assert not moved.has_z
    assert moved.length == pytest.approx(953.9, abs=0.5)


def test_a_geometry_that_cannot_be_turned_is_refused() -> None:
    with pytest.raises(crs.CRSError, match="positions of CRS84 that do not exist in EPSG:4549"):
        crs.transform_geometry(shapely.Point(31.15, 121.12), "CRS84", "EPSG:4549")


def test_geometries_keep_their_places() -> None:
    geometries = np.array(
        [
            shapely.box(121, 31, 121.1, 31.1),
            None,
            shapely.Point(),
            shapely.LineString([(121, 31), (121, 100)]),  # its end has no counterpart
            shapely.MultiPoint([(121, 31), (120, 30)]),
        ],
        dtype=object,
    )
    moved = crs.transform_geometries(geometries, "CRS84", "EPSG:4549")
    assert [None if each is None else each.geom_type for each in moved] == [
        "Polygon",
        None,
        "Point",
        None,
        "MultiPoint",
    ]
    assert moved[2].is_empty
    back = crs.transform_geometries(moved, "EPSG:4549", "CRS84")
    assert back[0].equals_exact(geometries[0], 1e-9)
    assert back[4].equals_exact(geometries[4], 1e-9)
    assert geometries[3] is not None


def test_threads_share_transformers() -> None:
    expected = crs.transform(RANDOM, "CRS84", "EPSG:4549")
    with ThreadPoolExecutor(8) as pool:
        results = pool.map(lambda _: crs.transform(RANDOM, "CRS84", "EPSG:4549"), range(32))
        assert all(np.array_equal(result, expected) for result in results)


@pytest.mark.parametrize(
    ("coords", "sentence"),
    [
        ([[31.15, 121.12]], "position 31.15,121.12 is outside .*: looks like lat,lon"),
        ([[606800.2, 3448144.9]], "606800.2,3448144.9 .*: looks like metres, say which CRS"),
        ([[121.0, 31.0], [13483016.7, 3652244.9]], "looks like metres, say which CRS"),
        ([[241.0, 31.0]], "outside longitude -180..180, latitude -90..90$"),
        ([[121.0, 31.0], [31.0, 121.0]], "outside longitude -180..180, latitude -90..90$"),
    ],
)
def test_guesses_of_what_went_wrong(coords: list[list[float]], sentence: str) -> None:
    problem = crs.guess_axis_problem(np.array(coords))
    assert problem is not None
    with pytest.raises(ValueError, match=sentence):
        raise ValueError(problem)


def test_nothing_is_wrong_with_positions_on_earth() -> None:
    corners = np.array([[-180.0, -90.0], [180.0, 90.0], [0.0, 0.0]])
    assert crs.guess_axis_problem(corners) is None
    assert crs.guess_axis_problem(np.empty((0, 2))) is None

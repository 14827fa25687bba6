"""GDAL of the pyogrio wheel, version 3.12: its OAPIF driver reads all, and its filters reach us."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyproj
import pytest
import shapely

from layers.catalog import Catalog
from layers.model import Field, Layer, NewFeature, Schema, Text
from layers.stores.geopackage import GeoPackage
from layers.style import default_style
from tests.server import sites
from tests.server.sites import Site, serving

pytestmark = pytest.mark.slow

COUNT = 10_001
LATE = 9_000  # GDAL learns fields from 20 features and from our schema, and pages by 1,000
TYPES = {
    "nr": "integer",
    "kind": "text",
    "late": "text",
    "large": "integer",
    "depth": "number",
    "ok": "boolean",
    "day": "date",
    "seen": "datetime",
    "tags": "list",
    "年": "integer",
}
# In a process of its own: GDAL keeps hold of the interpreter while it waits for our answer.
READER = """
import json, sys
import shapely
from pyogrio.raw import read

for line in sys.stdin:
    asked = json.loads(line)
    if "bbox" in asked:
        asked["bbox"] = tuple(asked["bbox"])
    meta, _, shapes, columns = read(asked.pop("source"), **asked)
    found = {name: [str(one) for one in column] for name, column in zip(meta["fields"], columns)}
    places = shapely.get_coordinates(shapely.from_wkb(shapes)).tolist()
    print(json.dumps({"fields": found, "places": places, "crs": meta["crs"]}), flush=True)
"""


def place(number: int) -> tuple[float, float]:
    return 120.5 + number % 100 / 100, 30.8 + number // 100 / 200


def well(number: int) -> NewFeature:
    values = (
        number,
        "abc"[number % 3],
        "here" if number >= LATE else None,
        2**40 + number if number >= LATE else number,
        number / 8 if number >= LATE else 1,
        number % 2 == 0,
        f"2024-01-{number % 28 + 1:02d}",
        f"2024-01-{number % 28 + 1:02d}T10:00:00.000Z" if number % 5 else None,
        ["x", f"y{number % 4}"],
        number % 7,
    )
    return NewFeature(
        f"w{number}", shapely.Point(place(number)), dict(zip(TYPES, values, strict=True))
    )


class Served(NamedTuple):
    site: Site
    heard: list[str]  # what was asked, in order


class Listening:
    """The app, noting what it is asked."""

    def __init__(self, app: Any, heard: list[str]) -> None:
        self.app, self.heard = app, heard

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.heard.append(f"{scope['path']}?{scope['query_string'].decode()}")
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("gdal")
    fields = [Field(name, kind, Text(name, name)) for name, kind in TYPES.items()]
    schema = Schema("Point", tuple(fields))
    layer = Layer("wells", Text("井", "Wells"), schema, default_style("wells", "Point"))
    store = GeoPackage.create(folder / "wells.gpkg")
    store.load(layer, map(well, range(COUNT)))
    store.close()
    catalog = Catalog.open(folder / "wells.gpkg", folder)
    heard: list[str] = []

    def config(*parts: Any) -> Any:
        made = made_by_server(*parts)
        made.app = Listening(made.app, heard)
        return made

    made_by_server = sites.config
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sites, "config", config)
        with serving(catalog, query_seconds=60.0) as site:
            yield Served(site, heard)
    catalog.close()


Read = Callable[..., Any]


@pytest.fixture(scope="module")
def read(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """What GDAL reads of the layer; the options are those of pyogrio."""
    complaints = tmp_path_factory.mktemp("gdal") / "stderr"
    with complaints.open("wb") as stderr:
        reader = subprocess.Popen(
            [sys.executable, "-c", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=stderr, text=True,
        )  # fmt: skip

    def ask(**options: Any) -> Any:
        served.heard.clear()
        source = {"source": f"OAPIF:{served.site.url}/", "layer": "wells"}
        assert reader.stdin is not None
        assert reader.stdout is not None
        print(json.dumps({**source, "encoding": "UTF-8", **options}), file=reader.stdin, flush=True)
        line = reader.stdout.readline()
        assert line, complaints.read_text("utf-8")
        return json.loads(line)

    yield ask
    reader.communicate(timeout=10)
    assert complaints.read_text("utf-8") == ""  # no warning of GDAL's either


def numbers(found: Any) -> list[int]:
    return [int(one) for one in found["fields"]["nr"]]


def test_every_feature_and_field_arrives(read: Read) -> None:
    """Also what the first features give no hint of: texts, fractions, more than 32 bits."""
    fields = read()["fields"]
    assert sorted(fields) == sorted(["id", *TYPES])
    assert [int(one) for one in fields["nr"]] == list(range(COUNT))
    assert fields["late"] == ["None"] * LATE + ["here"] * (COUNT - LATE)
    for number in (0, LATE, COUNT - 1):
        values = well(number).properties
        for name in ("large", "depth", "年"):
            assert float(fields[name][number]) == values[name]
        assert fields["day"][number] == values["day"]
        seen = fields["seen"][number].replace("NaT", "None")
        assert seen == str(values["seen"]).removesuffix("Z")
        assert fields["ok"][number] == str(values["ok"])
        assert fields["tags"][number].split("'")[1::2] == values["tags"]


@pytest.mark.parametrize(
    ("where", "sent", "is_right"),
    [
        ("kind = 'b'", "kind=b", lambda n: n % 3 == 1),
        ("nr = 77", "nr=77", lambda n: n == 77),
        ("ok = 1", "ok=1", lambda n: n % 2 == 0),
        ("ok = 0 AND kind = 'a'", "ok=0&kind=a", lambda n: n % 2 == 1 and n % 3 == 0),
        ('"年" = 3', "%E5%B9%B4=3", lambda n: n % 7 == 3),
        ("kind = 'b' AND nr < 99", "kind=b", lambda n: n % 3 == 1 and n < 99),
        ("large = 1099511637776", "", lambda n: n == COUNT - 1),
        (
            "day >= '2024/01/20' AND day <= '2024/01/21'",
            "datetime=2024-01-20T%2F2024-01-21T",
            lambda n: n % 28 + 1 in (20, 21),
        ),
        ("day >= '2024/01/27'", "datetime=2024-01-27T%2F..", lambda n: n % 28 + 1 >= 27),
        ("day <= '2024/01/02'", "datetime=..%2F2024-01-02T", lambda n: n % 28 + 1 <= 2),
        ("day = '2024/01/20'", "", lambda n: n % 28 + 1 == 20),
        ("depth = 1130", "", lambda n: n == 9_040),
        ("late IS NOT NULL AND nr > 9999", "", lambda n: n == COUNT - 1),
    ],
)
def test_filters_find_what_is_right_and_reach_the_server(
    read: Read, served: Served, where: str, sent: str, is_right: Callable[[int], bool]
) -> None:
    """What GDAL cannot send, it sorts out itself."""
    assert numbers(read(where=where)) == [n for n in range(COUNT) if is_right(n)]
    pages = [one for one in served.heard if "/items?limit=1000" in one]
    assert all(sent.replace("%2F", "/") in one.replace("%2F", "/") for one in pages)
    assert (len(pages) < 11) == bool(sent)


def test_one_feature_is_asked_for_by_its_id(read: Read, served: Served) -> None:
    assert numbers(read(where="id = 'w12'")) == [12]
    assert "/collections/wells/items/w12?" in served.heard


@pytest.mark.parametrize("code", [4326, 4490, 4549, 4528, 3857])
def test_every_crs_is_right_to_the_centimetre(read: Read, served: Served, code: int) -> None:
    """And a box in it is sent, with the axes as its authority has them."""
    turn = pyproj.Transformer.from_crs("OGC:CRS84", code, always_xy=True)
    expected = np.array([turn.transform(*place(n)) for n in range(COUNT)])
    box = [*turn.transform(120.7049, 30.9926), *turn.transform(121.2049, 31.1226)]
    found = read(CRS=f"EPSG:{code}", bbox=box, columns=["nr"])
    inside = ((expected >= box[:2]) & (expected <= box[2:])).all(axis=1)
    assert 10 < inside.sum() < COUNT
    assert set(numbers(found)) >= set(np.flatnonzero(inside).tolist())
    off = np.abs(np.array(found["places"]) - expected[numbers(found)])
    assert off.max() <= (0.01 if code not in (4326, 4490) else 0.01 / 111_000)
    # what is first in CRS84 is all the same to GDAL
    asked = f"EPSG/0/{code}" if code != 4326 else "OGC/1.3/CRS84"
    [page, *_] = [one for one in served.heard if "bbox=" in one]
    assert page.count(f"crs=http://www.opengis.net/def/crs/{asked}") == 2


def test_names_that_differ_in_case_only(made_up_site: Site, read: Read) -> None:
    """And fields called id and fid, large numbers among the first features, places unknown."""
    found = read(source=f"OAPIF:{made_up_site.url}/", layer="werke")["fields"]
    names = [field.name for field in made_up_site.catalog.store.layer("werke").schema.fields]
    assert sorted(found) == sorted(names)
    page = made_up_site.json("/collections/werke/items?limit=100")["features"]
    for name in ("zahl", "Zahl", "fid", "nur_zuletzt", "select"):
        # GDAL has no 64 bits where the schema says so: numbers, to the 53 bits of a float64
        number = float if name in ("zahl", "Zahl") else str
        expected = [one["properties"][name] for one in page]
        known = [None if one in ("None", "nan") else number(one) for one in found[name]]
        assert known == [None if one is None else number(one) for one in expected]

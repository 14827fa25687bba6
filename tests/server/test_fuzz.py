"""Nonsense in every parameter: 200 or 400, and then a problem document that names the parameter."""

import random
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.server.sites import Site

pytestmark = pytest.mark.slow

ITEMS = "/collections/viele/items"
RIGHT = {
    "filter": [
        "nr BETWEEN 2 AND 7 OR CASEI(name) LIKE casei('%点_%')",
        "S_INTERSECTS(geometry, POLYGON((10 50, 11 50, 11 51, 10 50))) AND NOT art IN ('a', 'b')",
        "T_AFTER(DATE('2024-01-01'), TIMESTAMP('2023-01-01T00:00:00Z')) = (nr % 2 = 1.5e3)",
        '{"op":"and","args":[{"op":">","args":[{"property":"nr"},1]},{"op":"not","args":[true]}]}',
    ],
    "bbox": ["9.5,49.5,10.5,50.5", "170,-10,-170,10", "1,2,3,4,5,6", "5e6,6e6,5.1e6,6.1e6"],
    "datetime": ["2024-01-01T00:00:00.5+08:00/..", "2024-02-29", "2024-01-01/P1Y2M3DT4H5M6S"],
    "sortby": ["-nr,+name,art", "name"],
    "properties": ["nr,name", "art"],
    "crs": ["http://www.opengis.net/def/crs/EPSG/0/4549"],
    "bbox-crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
    "filter-crs": ["http://www.opengis.net/def/crs/EPSG/0/4326"],
    "after": ["17", "WzEsMl0"],
    "before": ["WyJhIiwxXQ"],
    "offset": ["12"],
    "nr": ["12"],
    "where": ["nr BETWEEN 1 AND 5 AND UPPER(name) LIKE 'A%' ESCAPE '!'", "art IN ('a') OR 1=1"],
    "geometry": ['{"rings":[[[9,49],[11,49],[11,51],[9,49]]]}', '{"x":10,"y":50}', "9,49,11,51"],
    "objectIds": ["1,2,3"],
    "time": ["0,1700000000000", "null,0"],
    "outFields": ["nr,name"],
    "orderByFields": ["nr DESC, name"],
    "outStatistics": ['[{"statisticType":"max","onStatisticField":"nr"}]'],
    "outSR": ["102100", '{"wkid":4549}'],
}
ESRI = ("where", "geometry", "objectIds", "time", "outFields", "orderByFields", "outStatistics")
BITS = (
    "(", ")", "'", '"', "\\", ",", "%", "_", "{", "}", "[", "]", "/", "-", "..", "e999", "+", ";",
    "=", "<>", "--", "$", "9" * 40, "0" * 5_000, "(" * 300, "NOT " * 90, "1e308", "-0", "NaN",
    "Infinity", "null", "DATE('", "P", "T", "Z", "İ", "ß", "𝕏", "\u202e", "\ud7ff", "\uffff", "\0",
    "\n", " ",
)  # fmt: skip


def mangled(chance: random.Random, text: str) -> str:
    """Some pieces of it left out, doubled, moved, or mixed with what is trouble elsewhere."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        text = chance.choice(
            (
                text[:at] + text[to:],
                text[:to] + text[at:],
                text[:at] + chance.choice(BITS) + text[to:],
                text[:at] + chance.choice(BITS) + text[at:],
                text[at:] + text[:at],
            )
        )
    return text


def addresses(site: Site, name: str, count: int = 60) -> Iterator[str]:
    chance = random.Random(f"fuzz {name}")
    zone, number = site.catalog.store.zone().id, site.catalog.store.numbers()["viele"]
    service = f"/rest/services/{zone}/FeatureServer/{number}/query"
    path = service if name in ESRI or name == "outSR" else ITEMS
    for n in range(count):
        text = mangled(chance, chance.choice(RIGHT[name]))
        rest = "&filter-lang=cql2-json" if name == "filter" and text.lstrip()[:1] == "{" else ""
        page = "&f=html" if path == ITEMS and n % 10 == 9 else ""
        yield f"{path}?{quote(name)}={quote(text, errors='replace')}{rest}{page}"


@pytest.mark.parametrize("name", RIGHT)
def test_nonsense_is_refused_by_name_or_means_something(made_up_site: Site, name: str) -> None:
    refused = 0
    for address in addresses(made_up_site, name):
        answer = made_up_site.get(address)
        assert answer.status_code in (200, 400, 414), address
        if answer.status_code == 400 and "f=html" not in address:
            assert answer.headers["content-type"] == "application/problem+json"
            document = answer.json()
            assert document["parameter"] == name, address
            assert name in document["detail"] or name in ("filter", "where"), document
            refused += 1
    assert refused > 10


@pytest.mark.parametrize("code", ["2010", "10471", "4269999", "0", "3855", "4979", "5773"])
def test_a_code_that_leads_nowhere(made_up_site: Site, code: str) -> None:
    """No transformation is known, or it is one of heights, or of three dimensions."""
    for name in ("outSR", "inSR"):
        zone, numbers = made_up_site.catalog.store.zone().id, made_up_site.catalog.store.numbers()
        address = f"/rest/services/{zone}/FeatureServer/{numbers['viele']}/query"
        asked = {"where": "nr<3", "geometry": "9,49,11,51", name: code}
        answer = made_up_site.get(address, params=asked)
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            assert answer.json()["parameter"] == name


DEEP = {
    "filter": ["(" * 7_000, "NOT " * 2_000 + "true", "nr=" + "0" * 8_000, "nr IN (" + "1," * 4_000,
               "nr=1 OR " * 1_000 + "true", "'" * 8_001, "S_WITHIN(geometry,POINT(" + "1" * 7_000],
    "where": ["(" * 7_000, "NOT " * 2_000 + "1=1", "nr=" + "0" * 8_000, "nr IN (" + "1," * 4_000],
    "geometry": ["[" * 15_000, '{"rings":' * 700, "1," * 7_000],
    "bbox": ["1," * 8_000, "-" * 15_000], "datetime": ["2024-01-01/" * 1_400, "P" + "1" * 15_000],
    "sortby": ["nr," * 5_000], "properties": ["nr," * 5_000 + "x"], "after": ["A" * 15_000],
    "nr": ["1" * 15_000, "0" * 15_000],
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_what_is_deep_or_long_is_refused_at_once(made_up_site: Site, name: str) -> None:
    """The quickest of three in some milliseconds: a request that finds nothing takes as long."""
    zone, number = (
        made_up_site.catalog.store.zone().id,
        made_up_site.catalog.store.numbers()["viele"],
    )
    service = f"/rest/services/{zone}/FeatureServer/{number}/query"
    for text in DEEP[name]:
        address = f"{service if name in ESRI else ITEMS}?{name}={text.replace(' ', '+')}"
        took = []
        for _ in range(3):
            start = time.perf_counter()
            answer = made_up_site.get(address)
            took.append(time.perf_counter() - start)
        valid = text in ("nr=" + "0" * 8_000, "nr," * 5_000, "0" * 15_000)
        assert answer.status_code in ((200, 400) if valid else (400,)), text[:20]
        if answer.status_code == 400:
            assert answer.json()["parameter"] == name
            assert len(answer.content) < 2_000
        assert min(took) < 0.1

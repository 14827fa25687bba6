"""A made-up second zone: ids, words, shapes and schema unlike the bundled one, and hostile text.

`make_zone(folder)` writes it. Whatever works for the bundled zone only by knowing it fails here.
"""

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`backticks` and ${`more`}",
    "</script><script>alert(1)</script>",
    "\"double\" and 'single' quotes",
    "{{ 7*7 }} {% raw %}",
    "javascript:alert(1)",
    "a & b &amp; c < d > e",
    "line one\nline two\ttab \\ backslash",
    "bold <b>text</b> \u2028 separators \u2029",
)
HOSTILE_NAME = '<b onclick="alert(1)">`${name}`</b>'
PLACEMENTS = ("site", "park", "township", "district", "unknown")
MANY = 10_001
INT64 = 2**63 - 2  # GDAL takes the very last one for an overflow
SITES = "werke"
AREAS = "kreise"

Json = dict[str, Any]


def make_zone(folder: Path, seed: int = 7) -> Path:
    """Write all files of the zone; the same seed gives the same bytes."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in _FILES.items():
        text = json.dumps(make(chance), ensure_ascii=False, separators=(",", ":"))
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return folder


def _text(zh: str, en: str) -> Json:
    return {"zh": zh, "en": en}


def _zone(chance: random.Random) -> Json:
    return {
        "id": "testland",
        "title": _text("测试区地图", "Testland map <b>bold</b>"),
        "full_name": _text("虚构测试示范区", "The made-up demonstration zone of Testland"),
        "subtitle": "Nord · Mitte · Süd",
        "as_of": "2023-05",
        "credit": _text("界线：虚构", "Boundaries: made up ${alert(1)}"),
        "count_note": _text("仅供测试", "for tests only"),
        "headline": [
            {
                "layer": SITES,
                "text": _text("约42项", "about 42"),
                "figures": ["summe", "in-worten"],
            },
            {"layer": "leer", "text": _text("暂无", "none yet"), "figures": []},
        ],
        "facts": [{"label": _text("主办", "Host"), "text": HOSTILE[0], "source": "quelle"}],
        "sources": [_source("quelle", "https://example.org/a?b=c&d=<e>")],
    }


def _source(id: str, address: str | None) -> Json:
    title = _text(f"来源 {id}", f"Source {id} `${{x}}`")
    status = "mirror" if address else "derived"
    return {"id": id, "title": title, "address": address, "status": status}


def _layer(title: Json | str, geometry: str, fields: list[Json], **more: Any) -> Json:
    return {"title": title, "schema": {"geometry": geometry, "fields": fields}, **more}


def _field(name: str, type: str = "text", **more: Any) -> Json:
    return {"name": name, "type": type, "label": _text(f"{name}（中文）", name), **more}


def _collection(layer: Json | None, features: list[Json]) -> Json:
    head = {"type": "FeatureCollection"} | ({"layer": layer} if layer else {})
    return head | {"features": features}


def _feature(id: object, geometry: Json | None, /, **properties: Any) -> Json:
    found = {"type": "Feature", "geometry": geometry, "properties": properties}
    return found if id is None else found | {"id": id}


def _geometry(type: str, coordinates: Any) -> Json:
    return {"type": type, "coordinates": coordinates}


def _square(west: float, south: float, size: float) -> list[list[float]]:
    east, north = round(west + size, 6), round(south + size, 6)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _hole(west: float, south: float, size: float) -> list[list[float]]:
    return _square(west, south, size)[::-1]


# The three districts lie side by side; the middle one has a hole, the southern one two parts.
_DISTRICTS: tuple[tuple[str, str, Json], ...] = (
    ("nord", "北区", _geometry("Polygon", [_square(10.0, 50.2, 0.4)])),
    ("mitte", "中区", _geometry("Polygon", [_square(10.4, 50.2, 0.4), _hole(10.55, 50.35, 0.1)])),
    (
        "sued",
        "南区",
        _geometry("MultiPolygon", [[_square(10.0, 49.8, 0.38)], [_square(10.5, 49.8, 0.3)]]),
    ),
)
_CODES = {key: _text(zh, key.title()) for key, zh, _ in _DISTRICTS}


def _areas(chance: random.Random) -> Json:
    fields = [
        _field("bezeichnung", role="name", lang="en"),
        _field("bezeichnung_zh", role="name", lang="zh"),
        _field("kennung", role="district", codes=_CODES),
        _field("schwerpunkt", role="focus"),
        _field("flaeche", "number", unit="km²"),
    ]
    features = [
        _feature(
            f"kreis-{key}",
            shape,
            bezeichnung=f"{key.title()} <i>{HOSTILE[0]}</i>" if key == "mitte" else key.title(),
            bezeichnung_zh=zh,
            kennung=key,
            schwerpunkt=chance.choice(("机械", "光学", "${alert(2)}")),
            flaeche=round(chance.uniform(300, 900), 1),
        )
        for key, zh, shape in _DISTRICTS
    ]
    style = {
        "symbol": "area",
        "colour": "#445566",
        "dark": "#99aabb",
        "fills": {"values": {"kreis-nord": ["#DCE9F2", "#26394A"]}},
        "labels_at": {"kreis-nord": [10.2, 50.4]},
    }
    title = _text("县区", "Districts")
    layer = _layer(title, "Geometry", fields, role="areas", order=90, style=style)
    return _collection(layer, features)


def _sites(chance: random.Random) -> Json:
    fields = [
        _field("bezeichnung", role="name", lang="en"),
        _field("bezeichnung_zh", role="name", lang="zh"),
        _field("genauigkeit", role="placement"),
        _field("radius", "integer", role="uncertainty", unit="m"),
        _field("grundlage", role="basis", codes={"amt": "Amt", "karte": _text("地图", "Map")}),
        _field("vermutet", "boolean", role="inferred"),
        _field("erwaehnt", "boolean", role="mentioned"),
        _field("kein_ort", "boolean", role="nowhere"),
        _field("kreis", "list", role="district", codes=_CODES),
        _field("quellen", "list", role="sources"),
        _field("verwandt", "list", role="related"),
        _field("kurz", role="summary", lang="en"),
        _field("kurz_zh", role="summary", lang="zh"),
        _field("ortsname", role="anchor"),
        _field("anmerkung", role="note"),
        _field("schlagworte", "list", codes={word: word for word in _WORDS}),
        _field("zahl", "integer", expected=True),
        _field("Zahl", "number", unit="m²"),
        _field("id", "text"),
        _field("fid", "integer"),
        _field("seit", "date"),
        _field("geprueft", "datetime"),
        _field("select", "text"),
        _field(HOSTILE_NAME, "text"),
        _field("nur_zuletzt", "text"),
    ]
    features = [_site(n, chance) for n in range(42)]
    features[-1]["properties"]["nur_zuletzt"] = "nur hier"
    figures = [
        {
            "id": "summe",
            "value": 77.5,
            "unit": "亿元",
            "qualifier": "about",
            "label": _text("合计", "Joint total"),
            "text": _text("约77.5亿元", "about CNY 7.75 billion"),
            "members": [feature["id"] for feature in features[:12]],
            "source": "quelle",
        },
        {"id": "in-worten", "label": _text("规模", "Scale"), "text": HOSTILE[5]},
    ]
    groups = [{"codes": ["amt"], "label": _text("官方", "official")}]
    layer = _layer(
        _text("企业 <script>alert(3)</script>", "Plants ${alert(3)}"),
        "Point",
        fields,
        order=10,
        description=HOSTILE[3],
        style={"symbol": "hexagon", "colour": "#883311", "dark": "#ffaa88", "importance": 50},
        count_as={"field": "grundlage", "groups": groups},
        figures=figures,
        sources=[_source("quelle", None), _source("zweite", "https://example.org/")],
        licence={"title": "Testlizenz <b>1</b>", "address": None},
    )
    return _collection(layer, features)


_WORDS = ("alpha", "beta-β", "伽马", "d'elta")


def _site(n: int, chance: random.Random) -> Json:
    placement = PLACEMENTS[n % len(PLACEMENTS)]
    district = _DISTRICTS[n % 3][0]
    spot = [round(10.05 + chance.random() * 0.7, 5), round(49.85 + chance.random() * 0.7, 5)]
    name = HOSTILE[n] if n < len(HOSTILE) else f"Werk {n} København"
    return _feature(
        f"werk-{n}",
        None if placement == "unknown" else _geometry("Point", spot),
        bezeichnung=name,
        bezeichnung_zh=f"第{n}厂{'（' + name + '）' if n < len(HOSTILE) else ''}",
        genauigkeit=placement,
        radius=(50, 800, 4_000, 20_000, None)[n % 5],
        grundlage=(None, "amt", "karte")[n % 3],
        vermutet=n % 7 == 0,
        erwaehnt=n % 2 == 0,
        kein_ort=n in (24, 29),  # two of the unknown ones
        kreis=[] if placement == "unknown" else [district],
        quellen=["quelle"] if n % 2 else ["quelle", "zweite"],
        verwandt=[f"werk-{(n + 1) % 42}", "kreise/kreis-nord"] if n % 4 == 0 else None,
        kurz=f"Summary of {name}",
        kurz_zh=f"{name}的简介",
        ortsname="Bahnhof Mitte" if placement == "park" else None,
        anmerkung=HOSTILE[n % len(HOSTILE)],
        schlagworte=list(_WORDS[: n % 5]),
        zahl=(INT64, -INT64, 0, None, 9_007_199_254_740_993)[n % 5],
        Zahl=round(chance.uniform(-1e6, 1e6), 3),
        id=f"inner {n}",
        fid=-n,
        seit=f"20{n % 24:02d}-02-2{n % 9}",
        geprueft=f"2024-08-{n % 28 + 1:02d}T10:{n:02d}:00.250Z",
        select="from" if n % 2 else None,
        **{HOSTILE_NAME: HOSTILE[n % len(HOSTILE)]},
        nur_zuletzt=None,
    )


def _places(chance: random.Random) -> Json:
    towns = (("Altstadt", 10.2, 50.4), ("Neudorf", 10.6, 50.5), ("Unterort", 10.15, 49.95))
    features = [
        _feature(f"ort-{n}", _geometry("Point", [x, y]), ortsname=name, kreis=_DISTRICTS[n][0])
        for n, (name, x, y) in enumerate(towns)
    ]
    fields = [_field("ortsname", role="name"), _field("kreis", role="district", codes=_CODES)]
    layer = _layer("Orte", "Point", fields, role="places", order=80, style={"symbol": "dot"})
    return _collection(layer, features)


def _backdrop(chance: random.Random) -> Json:
    fields = [_field("bezeichnung", role="name"), _field("land", role="group")]
    lands = ("Westland", "Ostland")
    features = [
        _feature(
            f"nachbar-{n}",
            _geometry("Polygon", [_square(9.5 + n * 1.4, 49.6, 0.45)]),
            bezeichnung=f"Nachbar {n}",
            land=lands[n % 2],
        )
        for n in range(2)
    ]
    fills = {"values": {land: ["#eeeeee", "#222222"] for land in lands}}
    layer = _layer(
        _text("周边", "Around"),
        "Polygon",
        fields,
        role="backdrop",
        order=100,
        style={"symbol": "area", "colour": "#cccccc", "fills": fills},
    )
    return _collection(layer, features)


def _lines(chance: random.Random) -> Json:
    def curve(start: float, points: int) -> list[list[float]]:
        return [
            [round(start + n * 0.01, 6), round(50.1 + 0.1 * math.sin(n), 6)] for n in range(points)
        ]

    features = [
        _feature("weg-1", _geometry("LineString", curve(10.0, 40)), art="Straße", laenge=12.5),
        _feature(
            "weg-2", _geometry("MultiLineString", [curve(10.1, 9), curve(10.4, 5)]), art="铁路"
        ),
        _feature("weg-3", None, art=None, laenge=None),
    ]
    fields = [_field("art", role="name"), _field("laenge", "number", unit="km")]
    style = {"symbol": "line", "colour": "#0055aa"}
    return _collection(_layer(_text("线路", "Ways"), "Geometry", fields, style=style), features)


def _shapes(chance: random.Random) -> Json:
    """Polygons with holes and in several parts, as a file without any `layer` member."""
    features = [
        _feature(
            "a b/ü", _geometry("Polygon", [_square(10.1, 50.3, 0.1), _hole(10.12, 50.32, 0.02)])
        ),
        _feature(
            "园区#1?",
            _geometry("MultiPolygon", [[_square(10.6, 49.9, 0.05)], [_square(10.7, 49.9, 0.05)]]),
        ),
        _feature(7, _geometry("Polygon", [_square(10.3, 50.0, 0.05)]), name="Nummer <u>7</u>"),
        _feature(None, _geometry("Polygon", [_square(10.36, 50.0, 0.05)]), name="ohne Nummer"),
        _feature(7, None, name="noch eine 7", placement="unknown", position_uncertainty_m=12.5),
    ]
    features[-1]["properties"]["nur hier"] = {"verschachtelt": [1, 2, {"tief": HOSTILE[0]}]}
    return _collection(None, features)


def _many(chance: random.Random) -> Json:
    features = [
        _feature(
            f"p{n}",
            _geometry(
                "Point", [round(chance.gauss(10.4, 0.15), 6), round(chance.gauss(50.2, 0.15), 6)]
            ),
            nr=n,
            name=f"点 {n}",
            art=("a", "b", "c")[n % 3],
        )
        for n in range(MANY)
    ]
    codes = {"a": "A-Werk", "b": "B-Werk", "c": "C-Werk"}
    fields = [_field("name", role="name"), _field("nr", "integer"), _field("art", codes=codes)]
    layer = _layer("Viele", "Point", fields, order=70, visible=False, style={"symbol": "circle"})
    return _collection(layer, features)


def _empty(chance: random.Random) -> Json:
    fields = [_field("bezeichnung", role="name"), _field("wert", "number", unit="€")]
    return _collection(_layer(_text("空", "Empty"), "Point", fields, order=95), [])


_FILES: dict[str, Callable[[random.Random], Json]] = {
    "zone.json": _zone,
    f"{AREAS}.geojson": _areas,
    f"{SITES}.geojson": _sites,
    "orte.geojson": _places,
    "nachbarn.geojson": _backdrop,
    "Wege-1.geojson": _lines,
    "flaechen.json": _shapes,
    "viele.geojson": _many,
    "leer.geojson": _empty,
}

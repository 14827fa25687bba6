"""A zone with all that breaks files elsewhere, and downloads of it as files on disk."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from layers.catalog import Catalog
from server.settings import parse_local_crs
from tests.server.sites import Site, serving

LONG = "这是一个一共由四十个汉字组成的项目名称用来检查文件格式会不会把它从中间截断或者变成乱码"[:40]
OTHER = LONG[:-1] + "二"  # the same but for its last character
FIELDS = [
    {"name": "name", "type": "text", "role": "name", "label": {"zh": "名称", "en": "Name"}},
    {"name": "placement", "type": "text", "role": "placement",
     "label": {"zh": "位置精度", "en": "Placement"},
     "codes": {"park": {"zh": "园区级", "en": "Park"}, "township": {"zh": "镇街级", "en": "Town"},
               "district": {"zh": "区县级", "en": "District"},
               "unknown": {"zh": "未公布", "en": "Unknown"}}},
    {"name": "uncertainty_m", "type": "integer", "role": "uncertainty", "unit": "m",
     "label": {"zh": "位置误差", "en": "Uncertainty"}},
    {"name": "district", "type": "list", "role": "district",
     "label": {"zh": "区县", "en": "District"},
     "codes": {"qp": {"zh": "青浦", "en": "Qingpu"}, "wj": {"zh": "吴江", "en": "Wujiang"}}},
    {"name": LONG, "type": "text", "label": {"zh": LONG, "en": "Forty characters"}},
    {"name": OTHER, "type": "number", "label": {"zh": OTHER, "en": "Forty others"}, "unit": "亩"},
    {"name": "signed", "type": "date", "label": {"zh": "签约日期", "en": "Signed"}},
    {"name": "seen_at", "type": "datetime", "label": {"zh": "核对时间", "en": "Seen at"}},
    {"name": "open", "type": "boolean", "label": {"zh": "开放", "en": "Open"}},
    {"name": "staff", "type": "integer", "label": {"zh": "人数", "en": "Staff"}},
    {"name": "last_only", "type": "text", "label": {"zh": "仅末项有", "en": "Only the last has"}},
]  # fmt: skip
FIGURE = {
    "id": "total", "value": 7.5, "unit": "亿元", "qualifier": "约", "source": "s1",
    "label": {"zh": "投资合计", "en": "Total"}, "text": {"zh": "约7.5亿元", "en": "about 750 m"},
    "members": ["a", "b"],
}  # fmt: skip
SOURCES = [{"id": "s1", "title": {"zh": "《新区日报》", "en": "New Area Daily"},
            "publisher": {"zh": "新区日报社", "en": "New Area Daily"}, "date": "2024-08-24",
            "address": "https://example.org/1", "status": "original"}]  # fmt: skip


def _feature(id: str, geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def _square(lon: float, lat: float, size: float) -> list[list[float]]:
    east, north = round(lon + size, 6), round(lat + size, 6)
    return [[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]


POINTS = [
    _feature("a", _point(121.12, 31.15), name="西岑科创中心", placement="park",
             uncertainty_m=1500, district=["qp"], **{LONG: "中" * 200, OTHER: 3.25},
             signed="2024-08-23", seen_at="2024-08-23T10:05:06Z", open=True, staff=12),
    _feature("b", _point(120.6386, 31.1602), name='=HYPERLINK("x")', placement="township",
             uncertainty_m=3000, district=["wj", "qp"], open=False,
             **{LONG: "\U0002070e 生僻字与é", OTHER: -0.5},
              staff=9007199254740993),
    _feature("c", None, name="+86 021-1234", placement="unknown",
             seen_at="2024-01-01T00:00:00.250Z"),
    _feature("d", _point(120.9, 30.84), name="逗号,引号\"换行\n<b>&amp;</b>", placement="district",
             uncertainty_m=20000, district=["qp"], staff=-3, last_only="末"),
]  # fmt: skip
MIXED = [
    _feature("point", _point(121.0, 31.0), label="点"),
    _feature("multi", {"type": "MultiPoint",
                       "coordinates": [[121.0, 31.1], [121.1, 31.1]]}, label="多点"),
    _feature("line", {"type": "LineString",
                      "coordinates": [[121.0, 31.0], [121.2, 31.3]]}, label="线"),
    _feature("nothing", None, label="无"),
    _feature("area", {"type": "Polygon", "coordinates": [
        _square(121.0, 31.0, 0.4), _square(121.1, 31.1, 0.1)[::-1]]}, label="带洞的面"),
    _feature("areas", {"type": "MultiPolygon", "coordinates": [
        [_square(121.5, 31.0, 0.1)], [_square(121.7, 31.0, 0.1)]]}, label="两个面", height=4.5),
]  # fmt: skip
DISTRICTS = [
    _feature("qp", {"type": "Polygon", "coordinates": [_square(120.85, 30.8, 0.5)]},
             name="青浦", code="qp"),
    _feature("wj", {"type": "Polygon", "coordinates": [_square(120.35, 30.8, 0.5)]},
             name="吴江", code="wj"),
]  # fmt: skip
_LAYERS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "points": (
        {"title": {"zh": "签约项目", "en": "Projects"}, "order": 1,
         "description": {"zh": "测试用。", "en": "For tests."},
         "schema": {"geometry": "Point", "fields": FIELDS}, "figures": [FIGURE],
         "sources": SOURCES, "style": {"symbol": "square", "colour": "#B34700"},
         "licence": {"title": {"zh": "仅供测试", "en": "For tests only"}}},
        POINTS,
    ),
    "empty": (
        {"title": {"zh": "空图层", "en": "Empty"}, "order": 2,
         "schema": {"geometry": "Point", "fields": FIELDS[:4]}},
        [],
    ),
    "mixed": (
        {"title": {"zh": "混合几何", "en": "Mixed"}, "order": 3,
         "schema": {"geometry": "Geometry", "fields": [
             {"name": "label", "type": "text", "role": "name"},
             {"name": "height", "type": "number"}]}},
        MIXED,
    ),
    "districts": (
        {"title": {"zh": "区县", "en": "Districts"}, "order": 4, "role": "areas",
         "schema": {"geometry": "Polygon", "fields": [
             {"name": "name", "type": "text", "role": "name"},
             {"name": "code", "type": "text", "role": "district"}]}},
        DISTRICTS,
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def hard_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("hard") / "zone"
    folder.mkdir()
    for name, (layer, features) in _LAYERS.items():
        document = {"type": "FeatureCollection", "layer": layer, "features": features}
        (folder / f"{name}.geojson").write_text(
            json.dumps(document, ensure_ascii=False), encoding="utf-8"
        )
    zone = {
        "id": "hardland",
        "title": {"zh": "难题区", "en": "Hardland"},
        "credit": {"zh": "界线：虚构", "en": "Boundaries: made up"},
    }
    (folder / "zone.json").write_text(json.dumps(zone, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory, hard_folder: Path) -> Iterator[Catalog]:
    catalog = Catalog.open(hard_folder, tmp_path_factory.mktemp("hard-data"))
    yield catalog
    catalog.close()


@pytest.fixture(scope="session")
def hard_site(hard: Catalog) -> Iterator[Site]:
    with serving(hard, local_crs=parse_local_crs(f"mine={LOCAL}")) as site:
        yield site


# Shanghai 2000 as the city has published it, but for false origins, which it has not.
LOCAL = (
    "+proj=tmerc +lat_0=31.2352777778 +lon_0=121.4644444444 +k=1 +x_0=0 +y_0=0 "
    "+a=6378153.32 +rf=298.257222101 +units=m +no_defs"
)

Download = Callable[..., Path]


@pytest.fixture
def download(hard_site: Site, tmp_path: Path) -> Download:
    """`download("points.csv", crs="GCJ02")`: the answer of the server as a file of that name."""

    def fetch(name: str, site: Site = hard_site, **parameters: str) -> Path:
        query = f"?{urlencode(parameters)}" if parameters else ""
        answer = site.get(f"/downloads/{name}{query}")
        assert answer.status_code == 200, answer.text
        file = tmp_path / name
        file.write_bytes(answer.content)
        return file

    return fetch


def many(folder: Path, count: int) -> None:
    """A layer file with that many points."""
    features = [
        _feature(
            f"n{n}", _point(120 + n % 1000 / 1000, 30 + n // 1000 / 1000), name=f"第{n}项", n=n
        )
        for n in range(count)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "many.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )

"""The bundled zone as its files say it, and what it came from."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "tests/data"  # the gazetteer as it came, without the scheme of its addresses
FILES = {p.stem: p.read_text("utf-8") for p in sorted((ROOT / "layers/data").glob("*.geojson"))}
LAYERS: dict[str, Any] = {name: json.loads(text) for name, text in FILES.items()}
ZONE = json.loads((ROOT / "layers/data/zone.json").read_text("utf-8"))
GAZETTEER = list(csv.DictReader((FACTS / "gazetteer.csv").read_text("utf-8").splitlines()))
FIGURES = list(csv.DictReader((FACTS / "figures.csv").read_text("utf-8").splitlines()))
ADCODE = {"青浦区": "310118", "吴江区": "320509", "嘉善县": "330421"}
COUNTS = {"项", "个", "家"}  # units of figures that count; the others are amounts
PLACEMENTS = {"site", "park", "township", "district", "unknown"}
each_layer = pytest.mark.parametrize("name", LAYERS)


def features(name: str) -> list[dict[str, Any]]:
    return list(LAYERS[name]["features"])


def fields(name: str) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in LAYERS[name]["layer"]["schema"]["fields"]}


def everything() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, feature) for name in LAYERS for feature in features(name))


def walk(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf of a JSON value with the key it stands under."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from walk(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, key)
    else:
        yield key, value


BY_ID = {feature["id"]: (name, feature) for name, feature in everything()}
POLYGON = {f["properties"]["adcode"]: shape(f["geometry"]) for f in features("districts")}

"""What a zone's page has to show, worked out anew from the layers as they are downloaded."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from layers.zone import zone_document
from tests.server.sites import Site

PINNED = (None, "site", "park", "township")
WORDS: dict[str, dict[str, str]] = {
    lang: json.loads(
        (Path(__file__).parents[2] / f"server/text/{lang}.json").read_text(encoding="utf-8")
    )
    for lang in ("zh", "en")
}


def word(lang: str, key: str, **values: object) -> str:
    return WORDS[lang][key].format(**values)


def say(text: Any, lang: str) -> str:
    """A text in one language, or the other where that one is missing."""
    if isinstance(text, Mapping):
        return text.get(lang) or text.get("en" if lang == "zh" else "zh") or ""
    return text or ""


def joined(parts: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)


def known(value: object) -> bool:
    return value is not None and value != "" and value != []


def twin(field: dict[str, Any], fields: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The same field in the other language: of one stem or one role."""
    if not field.get("lang"):
        return None
    stem = re.sub(r"[_-](zh|en)$", "", field["name"])
    for other in fields:
        if other.get("lang") not in (None, field["lang"]):
            same_role = field.get("role") and other.get("role") == field["role"]
            if same_role or re.sub(r"[_-](zh|en)$", "", other["name"]) == stem:
                return other
    return None


@dataclass(frozen=True, repr=False)
class Layer:
    """A layer file: its definition and its features."""

    id: str
    definition: dict[str, Any]
    features: list[dict[str, Any]]
    codes_of_areas: Collection[str]

    @property
    def role(self) -> str:
        return str(self.definition.get("role", "sites"))

    @property
    def visible(self) -> bool:
        return bool(self.definition.get("visible", True))

    @cached_property
    def fields(self) -> list[dict[str, Any]]:
        return list(self.definition["schema"]["fields"])

    def fields_of(self, role: str) -> list[dict[str, Any]]:
        return [field for field in self.fields if field.get("role") == role]

    def title(self, lang: str) -> str:
        return say(self.definition["title"], lang)

    @cached_property
    def items(self) -> list["Item"]:
        return [Item(self, feature) for feature in self.features]


@dataclass(frozen=True, eq=False, repr=False)
class Item:
    """A feature with the meaning that its schema's roles give it."""

    layer: Layer
    feature: dict[str, Any]

    @property
    def key(self) -> str:
        return f"{self.layer.id}/{self.feature['id']}"

    def role(self, role: str, lang: str = "zh") -> Any:
        """The value of the field with that role, the reader's language first."""
        fields = sorted(self.layer.fields_of(role), key=lambda field: field.get("lang") != lang)
        values = (self.feature["properties"].get(field["name"]) for field in fields)
        return next((value for value in values if value not in (None, "")), None)

    def name(self, lang: str = "zh") -> str:
        number = self.layer.items.index(self) + 1
        return str(self.role("name", lang) or f"{self.layer.title(lang)} {number}")

    @property
    def placement(self) -> str | None:
        placement: str | None = self.role("placement")
        return placement

    @property
    def districts(self) -> list[str]:
        value = self.role("district")
        return [] if value is None else value if isinstance(value, list) else [value]

    @property
    def uncertainty(self) -> float:
        return float(self.role("uncertainty") or 0)

    @property
    def inferred(self) -> bool:
        return self.role("inferred") is True

    @property
    def mentioned(self) -> bool:
        return self.layer.role != "sites" or self.role("mentioned") is True

    @property
    def home(self) -> str:
        """Where it has to stand: map, plate (one of the zone's districts), tray, nowhere."""
        if self.role("nowhere") is True:
            return "nowhere"
        if self.placement == "district":
            alone = len(self.districts) == 1 and self.districts[0] in self.layer.codes_of_areas
            return "plate" if alone else "tray"
        if self.feature["geometry"] is None or self.placement not in PINNED:
            return "tray"
        return "map"

    @property
    def point(self) -> tuple[float, float] | None:
        geometry = self.feature["geometry"]
        is_point = geometry is not None and geometry["type"] == "Point"
        return tuple(geometry["coordinates"][:2]) if is_point else None


@dataclass(frozen=True, repr=False)
class World:
    """A zone: its address and its layers in the order of the panel."""

    url: str
    zone: dict[str, Any]
    layers: list[Layer]

    @classmethod
    def of(cls, site: Site) -> "World":
        codes: set[str] = set()
        layers = []
        for entry in site.json("/collections")["collections"]:
            document = site.json(f"/downloads/{entry['id']}.geojson")
            layers.append(Layer(entry["id"], document["layer"], document["features"], codes))
        found = cls(site.url, zone_document(site.catalog.store.zone()), layers)
        codes |= set(found.areas)
        return found

    def layer(self, id: str) -> Layer:
        return next(layer for layer in self.layers if layer.id == id)

    def of_role(self, role: str) -> list[Item]:
        return [item for layer in self.layers if layer.role == role for item in layer.items]

    @cached_property
    def sites(self) -> list[Item]:
        return self.of_role("sites")

    @cached_property
    def areas(self) -> dict[str, Item]:
        """The zone's areas by their code."""
        areas = [area for area in self.of_role("areas") if area.feature["geometry"]]
        return {code: area for area in areas for code in area.districts}

    @cached_property
    def by_key(self) -> dict[str, Item]:
        return {item.key: item for layer in self.layers for item in layer.items}

    def shown(
        self, layers: Collection[str] | None = None, mentioned_only: bool = False
    ) -> Iterator[Item]:
        """The site items of some layers (without saying: those that are on at first)."""
        for item in self.sites:
            on = item.layer.visible if layers is None else item.layer.id in layers
            if on and (item.mentioned or not mentioned_only):
                yield item

    @cached_property
    def site_layers(self) -> list[Layer]:
        return [layer for layer in self.layers if layer.role == "sites"]

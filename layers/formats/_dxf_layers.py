"""The CAD layers of a drawing: those of ours, and what of each can be switched off by itself."""

from typing import NamedTuple

from layers.export.colours import Colour
from layers.export.fields import free_name
from layers.export.words import namer
from layers.formats._dxf_colours import paler, seen_on_both
from layers.formats._dxf_text import symbol_name
from layers.model import Feature, Lang, Layer, Text

LABELS = Text("注记", "labels")
PLACELESS = Text("无坐标", "no_coordinates")
NOTE = Text("说明", "note")
# Points of these placements stand for an area.
AREAS = {
    "township": Text("镇街级", "town"),
    "district": Text("区县级", "district"),
    "unknown": Text("位置未知", "unknown"),
}
_NOTE_COLOUR = Colour(128, 128, 128)
# Every drawing has the first, and programs make the second for themselves.
_RESERVED = ("0", "Defpoints")


class CadLayers:
    """Names given to CAD layers as they are needed, each with its colour."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self.colours: dict[str, Colour] = {}
        self.note = self._new(NOTE.of(lang), _NOTE_COLOUR)

    def of(self, layer: Layer) -> "LayerNames":
        main = self._new(layer.title.of(self._lang) or layer.id, seen_on_both(layer.style))
        return LayerNames(self, layer, self._lang, main)

    def _new(self, title: str, colour: Colour) -> str:
        name = free_name(symbol_name(title), [*_RESERVED, *self.colours])
        self.colours[name] = colour
        return name

    def beside(self, name: str, word: Text, pale: bool) -> str:
        colour = self.colours[name]
        return self._new(f"{name}_{word.of(self._lang)}", paler(colour) if pale else colour)


class Drawn(NamedTuple):
    """Where a feature goes, where its label goes, and what that says."""

    shape: str
    label: str
    text: str


class LayerNames:
    """The CAD layers of one of ours."""

    def __init__(self, all_layers: CadLayers, layer: Layer, lang: Lang, main: str) -> None:
        self._all, self._lang, self._main = all_layers, lang, main
        self._names: dict[tuple[str, Text], str] = {}
        self._name_of = namer(layer, lang)
        placement = layer.schema.with_role("placement") if layer.role == "sites" else None
        self._placement = placement.name if placement else None

    def drawn(self, feature: Feature, is_point: bool) -> Drawn:
        name = self._name_of(feature.properties)
        placement = feature.properties[self._placement] if self._placement else None
        area = AREAS.get(str(placement)) if is_point else None
        if area is None:
            return Drawn(self._main, self._beside(self._main, LABELS), name)
        shape = self._beside(self._main, area, pale=True)
        # The label says how well the place is known, wherever it is copied to.
        text = f"{name}({area.of(self._lang)})" if name else ""
        return Drawn(shape, self._beside(shape, LABELS), text)

    def placeless(self, feature: Feature) -> Drawn:
        layer = self._beside(self._main, PLACELESS)
        return Drawn(layer, layer, self._name_of(feature.properties) or feature.id)

    def _beside(self, name: str, word: Text, *, pale: bool = False) -> str:
        if (name, word) not in self._names:
            self._names[name, word] = self._all.beside(name, word, pale)
        return self._names[name, word]

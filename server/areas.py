"""From an area in an address to the area itself: its features looked up, its name in words."""

from dataclasses import dataclass
from typing import NamedTuple

import shapely

from layers.certainty.areas import Area, Inside, Near
from layers.certainty.possible import possible
from layers.districts import Districts, codes_of
from layers.errors import UnknownFeature
from layers.export.words import BETWEEN, namer
from layers.model import Batch, Feature, Lang, Layer, Query, Text
from layers.stores.store import Store
from server.area_text import Box, Circle, OfFeature, Polygon, Written
from server.params import OwnWords

_NEAR = Text("距“{name}”{distance}内", "within {distance} of “{name}”")
_BY_DISTRICT = Text(
    "“{name}”仅知位于{districts}，不足以判断{distance}",
    "“{name}” is only known to lie in {districts}: that is not enough to judge {distance}",
)
_NO_PLACE = Text(
    "“{name}”的位置未公布，不足以判断{distance}",
    "Nobody has published where “{name}” is: {distance} from it cannot be judged",
)
_SOME_DISTRICT = Text("某一区县", "some district")
_METRES, _KILOMETRES = Text("{number}米", "{number} m"), Text("{number}公里", "{number} km")


class Target(NamedTuple):
    """What distances are taken from."""

    layer: str
    id: str
    name: str
    uncertainty_m: float | None


@dataclass(frozen=True, eq=False)
class Located:
    area: Area
    label: str | None = None
    target: Target | None = None


class TooVague(OwnWords):
    """Where the target is, is not known well enough; its sentence is in the reader's language."""

    def __init__(self, text: str, sentence: str) -> None:
        super().__init__("area", text, "a feature whose place is known better")
        self.args = (sentence,)


class NoArea(OwnWords):
    """A feature is asked for that is none, or not of the kind."""

    def __init__(self, text: str, allowed: str) -> None:
        super().__init__("area", text, allowed)
        self.args = (f"area must be {allowed}, not {text!r}.",)


def located(store: Store, districts: Districts, written: Written, text: str, lang: Lang) -> Located:
    """InvalidQuery says which layer or feature there is not, or why it will not do."""
    match written:
        case Box(extent):
            return Located(Inside(extent.shape, extent))
        case Polygon():
            return Located(Inside(written.shape, written.extent))
        case Circle(lon, lat, metres):
            return Located(Near(shapely.Point(lon, lat), metres, cuts=True))
    layer, feature = _look_up(store, written, text)
    name = namer(layer, lang)(feature.properties) or feature.id
    if written.metres is None:
        return Located(_inside(layer, feature, text), name)
    return _near(layer, feature, name, written.metres, text, districts, _Words(store, lang))


def _look_up(store: Store, written: OfFeature, text: str) -> tuple[Layer, Feature]:
    known = list(store.numbers())
    if written.layer not in known:
        raise NoArea(text, f"of a layer that there is ({', '.join(known)})")
    try:
        return store.layer(written.layer), store.feature(written.layer, written.id)
    except UnknownFeature:
        allowed = f"of a feature that there is: {written.layer} has no {written.id!r}"
        raise NoArea(text, allowed) from None


def _inside(layer: Layer, feature: Feature, text: str) -> Inside:
    shape = shapely.from_wkb(feature.geometry, on_invalid="ignore")
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise NoArea(text, "of a feature that is an area; near: takes points and lines too")
    if not shapely.is_valid(shape):
        raise NoArea(text, "of a feature with a valid shape")
    field = layer.schema.with_role("district") if layer.role == "areas" else None
    codes = codes_of(feature.properties[field.name]) if field else []
    return Inside(shape, district=codes[0] if len(codes) == 1 else None)


class _Words(NamedTuple):
    store: Store
    lang: Lang

    def distance(self, metres: float) -> str:
        far = metres >= 1000
        number = f"{metres / 1000 if far else metres:.10g}"
        return (_KILOMETRES if far else _METRES).of(self.lang).format(number=number)

    def districts(self, codes: list[str]) -> str:
        names = district_names(self.store, self.lang)
        said = BETWEEN.of(self.lang).join(names.get(code, code) for code in codes)
        return said or _SOME_DISTRICT.of(self.lang)

    def said(self, sentence: Text, metres: float, name: str, districts: str = "") -> str:
        far = self.distance(metres)
        return sentence.of(self.lang).format(name=name, distance=far, districts=districts)


def district_names(store: Store, lang: Lang) -> dict[str, str]:
    """The districts of the map by their codes."""
    found: dict[str, str] = {}
    for layer in store.layers():
        field = layer.schema.with_role("district")
        if layer.role == "areas" and field is not None:
            name = namer(layer, lang)
            for feature in store.features(layer.id, Query()):
                for code in codes_of(feature.properties[field.name]):
                    found.setdefault(code, name(feature.properties) or code)
    return found


def _near(
    layer: Layer,
    feature: Feature,
    name: str,
    metres: float,
    text: str,
    districts: Districts,
    words: _Words,
) -> Located:
    where = possible(layer, Batch.of(feature), districts)
    shape = shapely.from_wkb(feature.geometry, on_invalid="ignore")
    if where.by_district[0]:
        known = words.districts(codes_of(where.declared[0]))
        raise TooVague(text, words.said(_BY_DISTRICT, metres, name, known))
    if where.anywhere[0] or shape is None:
        raise TooVague(text, words.said(_NO_PLACE, metres, name))
    uncertainty = where.metres.item()
    area = Near(shape, metres, uncertainty, inferred=bool(where.inferred[0]))
    label = words.said(_NEAR, metres, name)
    target = Target(layer.id, feature.id, name, uncertainty or None)
    return Located(area, label, target)

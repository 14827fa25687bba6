"""How well a place is known, with the doubt before the place, as the panel says it (detail.js)."""

from collections.abc import Sequence
from dataclasses import dataclass

from layers.model import Feature, Lang
from layers.stores.store import Store
from server.areas import district_names
from server.html_values import Words, joined, position
from server.picture.asked import distance
from server.picture.items import Item
from server.picture.view import View
from server.picture.wording import said


@dataclass(frozen=True)
class Place:
    """`kind`: how well it is known. `coordinates`: longitude, latitude, where they are its own.

    `under_map`: what the map shows in its stead where it has no place of its own.
    """

    kind: str = ""
    lines: Sequence[str] = ()
    coordinates: str = ""
    under_map: str = ""


def place_of(store: Store, item: Item, feature: Feature, view: View) -> Place:
    words, lang = view.words, view.lang
    if item.layer.role == "areas":
        return Place(under_map="" if item.geometry else words["profile.map_zone"])
    names = joined(_districts(store, item, lang), lang)
    # A layer without placements does not mean that each of its places is in doubt.
    has_kind = item.layer.schema.with_role("placement") is not None
    return Place(
        kind=words[f"placement.{item.placement or 'none'}"] if has_kind else "",
        lines=_lines(item, names, words),
        coordinates=_coordinates(item, feature, words),
        under_map=_under_map(item, names, words),
    )


def _lines(item: Item, names: str, words: Words) -> list[str]:
    found = [words["detail.inferred"]] if item.inferred else []
    if item.home != "map":
        return [*found, _absence(item, names, words)]
    if item.uncertainty:
        far = distance(item.uncertainty, words)
        found.append(said(words, "detail.possible", distance=far))
    if item.anchor and item.placement != "site":
        found.append(said(words, "detail.anchor", name=item.anchor))
    return found


def _absence(item: Item, names: str, words: Words) -> str:
    """Why nothing is drawn."""
    if item.home == "plate":
        return said(words, "detail.district_only", name=names)
    if item.home == "nowhere":
        return words["detail.nowhere"]
    if len(item.districts) > 1:
        return said(words, "detail.several_districts", names=names)
    return words["detail.unplaced" if item.placement == "unknown" else "detail.not_drawn"]


def _under_map(item: Item, names: str, words: Words) -> str:
    if item.home == "map":
        return ""
    if item.home == "plate":
        return said(words, "profile.map_district", name=names)
    return words["profile.map_zone"]


def _coordinates(item: Item, feature: Feature, words: Words) -> str:
    if item.home != "map" or item.point is None:
        return ""
    lon, lat = item.point
    geometry = {"type": "Point", "coordinates": (lon, lat)}
    found = position(item.layer, {**feature._asdict(), "geometry": geometry}, words)
    return found.text if found.known else ""


def _districts(store: Store, item: Item, lang: Lang) -> list[str]:
    names = district_names(store, lang)
    field = item.layer.schema.with_role("district")
    codes = (field.codes or {}) if field else {}
    return [
        names.get(code) or (codes[code].of(lang) if code in codes else code)
        for code in item.districts
    ]

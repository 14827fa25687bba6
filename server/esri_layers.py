"""The layers as a feature service publishes them: numbered, of one geometry each, with columns.

Esri's layers have one kind of geometry. One of ours whose schema says only "Geometry" is published
once for each kind that occurs in it, under numbers that do not depend on which those are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import shapely

from layers.filter import tree
from layers.filter.instants import stored_instant
from layers.filter.queryables import id_name
from layers.filter.stored import KINDS
from layers.model import Field, Layer, Query
from layers.stores.remembered import Remembered
from layers.stores.store import Store
from layers.style import filled_by

GEOMETRY_TYPES = {
    "point": "esriGeometryPoint",
    "multipoint": "esriGeometryMultipoint",
    "line": "esriGeometryPolyline",
    "area": "esriGeometryPolygon",
}
# The second and third layer made of one, far from all numbers that layers have themselves.
STEP = 10_000
OFFSETS = {"area": 0, "line": STEP, "point": 2 * STEP, "multipoint": 3 * STEP}
KEY_NAMES = ("fid", "objectid", "esri_oid", "zoneatlas_oid")
# Of a larger layer not every feature is looked at to describe it.
MOST_PROFILED = 20_000
INT32 = 2**31


class Column(NamedTuple):
    """A field under the name that it is published by; without one it is the public id."""

    name: str
    field: Field | None

    @property
    def source(self) -> str:
        return self.field.type if self.field else "text"


class Profile(NamedTuple):
    """What a look at the features tells beyond the schema."""

    kinds: tuple[str, ...]
    wide: frozenset[str]  # whole numbers that 32 bits may not hold
    times: Mapping[str, tuple[int, int]]  # milliseconds, first and last
    whole: bool  # whether every feature was looked at


@dataclass(frozen=True)
class Published:
    """One layer of the service."""

    number: int
    layer: Layer
    kind: str
    parts: int  # how many layers of the service its layer makes
    unplaced: bool  # those without geometry are here
    key: str
    columns: tuple[Column, ...]
    profile: Profile

    @property
    def only(self) -> tree.Node | None:
        """The filter that leaves this kind of geometry."""
        return tree.OfKind(self.kind, self.unplaced) if self.parts > 1 else None

    @property
    def names(self) -> dict[str, str]:
        """From published names to those that filters know."""
        public = id_name(self.layer)
        return {one.name: one.field.name if one.field else public for one in self.columns}

    @property
    def filled_by(self) -> Field | None:
        """The field whose values the fills of the style are for; None: the features' own ids."""
        return filled_by(self.layer)

    @property
    def time(self) -> Column | None:
        """The one column that can tell when: declared so, or alone in being a time."""
        times = [one for one in self.columns if one.source in ("date", "datetime")]
        declared = [one for one in times if one.field and one.field.role == "instant"]
        found = declared or times
        return found[0] if len(found) == 1 else None


def published(store: Store, seen: Remembered) -> list[Published]:
    """Every layer of the service, in the order of the panel."""
    numbers = store.numbers()
    found: list[Published] = []
    for layer in store.layers():
        found += of_layer(store, layer, numbers[layer.id], seen)
    return found


def of_layer(store: Store, layer: Layer, number: int, seen: Remembered) -> list[Published]:
    profile = seen.get((layer.id, "profile"), store.version(layer.id), lambda: look(layer, store))
    key, columns = names_of(layer)
    mixed = layer.schema.geometry == "Geometry"
    return [
        Published(
            number + (OFFSETS[kind] if mixed else 0),
            layer,
            kind,
            len(profile.kinds),
            place == 0,
            key,
            columns,
            profile,
        )
        for place, kind in enumerate(profile.kinds)
    ]


def look(layer: Layer, store: Store) -> Profile:
    """The kinds of geometry, the size of whole numbers and the span of times."""
    fields = layer.schema.fields
    integers = [field.name for field in fields if field.type == "integer"]
    moments = [field.name for field in fields if field.type in ("date", "datetime")]
    kinds: set[str] = set()
    wide: set[str] = set()
    spans: dict[str, tuple[int, int]] = {}
    seen = 0
    for feature in store.features(layer.id, Query(limit=MOST_PROFILED + 1)):
        seen += 1
        if type(feature.fid) is not int:
            # The key of another program's view: without numbers for ids it is no layer of Esri's.
            return Profile((), frozenset(), {}, True)
        if feature.geometry is not None:
            geometry = shapely.from_wkb(feature.geometry, on_invalid="ignore")
            kinds.add(KINDS.get(geometry.geom_type, "") if geometry is not None else "")
        values = feature.properties
        for name in integers:
            value = values[name]
            if isinstance(value, int) and not -INT32 <= value < INT32:
                wide.add(name)
        for name in moments:
            at = milliseconds(values[name])
            if at is not None:
                first, last = spans.get(name, (at, at))
                spans[name] = (min(first, at), max(last, at))
    whole = seen <= MOST_PROFILED
    known = frozenset(wide if whole else integers)
    return Profile(_kinds(layer, kinds - {""}, whole), known, spans if whole else {}, whole)


def _kinds(layer: Layer, seen: set[str], whole: bool) -> tuple[str, ...]:
    declared = KINDS.get(layer.schema.geometry)
    if declared:
        return (declared,)
    if not whole:
        return tuple(OFFSETS)
    usual = {"line": "line", "area": "area"}.get(layer.style.symbol, "point")
    return tuple(kind for kind in OFFSETS if kind in seen) or (usual,)


def milliseconds(value: object) -> int | None:
    """A date or time as Esri's clients count it: milliseconds since 1970, UTC."""
    text = f"{value}T00:00:00Z" if isinstance(value, str) and len(value) == 10 else value
    instant = stored_instant(text)
    if instant is None:
        return None
    moment = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def names_of(layer: Layer) -> tuple[str, tuple[Column, ...]]:
    """The name of the key, and a column for the public id and every field.

    Esri's clients take `Name` and `name` for the same and know letters, digits and _ only.
    """
    own = {plain_name(field.name).casefold() for field in layer.schema.fields}
    free = (name for name in KEY_NAMES if name not in own)
    taken = {next(free, KEY_NAMES[-1] + "_")}
    key = next(iter(taken))
    return key, tuple(_columns(layer, taken))


def _columns(layer: Layer, taken: set[str]) -> Iterator[Column]:
    for field in (None, *layer.schema.fields):
        wanted = plain_name(field.name if field else id_name(layer))
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name.casefold())
        yield Column(name, field)


def plain_name(name: str) -> str:
    plain = re.sub(r"\W+", "_", name).strip("_") or "field"
    return f"f_{plain}"[:64] if plain[0].isdigit() else plain[:64]

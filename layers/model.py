"""The values everything is made of: bilingual texts, fields, layers, zones, features, queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import shapely

    from geo.extent import Extent
    from layers.filter.tree import Node

Lang = Literal["zh", "en"]

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
GEOMETRY_TYPES = (
    "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "Geometry",
)  # fmt: skip
FIELD_TYPES = ("text", "integer", "number", "boolean", "date", "datetime", "list")
LAYER_ROLES = ("sites", "areas", "places", "backdrop")
FIELD_ROLES = (
    "name", "alias", "anchor", "district", "placement", "uncertainty", "basis", "inferred",
    "mentioned", "nowhere", "sources", "summary", "note", "related", "group", "focus", "instant",
)  # fmt: skip
PLACEMENTS = ("site", "park", "township", "district", "unknown")
SYMBOLS = (
    "square", "hexagon", "diamond", "triangle", "circle", "star", "pentagon", "cross", "dot",
    "area", "line",
)  # fmt: skip


class Text(NamedTuple):
    """One text in Chinese and English; an empty one has not been written yet."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in `lang`, or else the one there is."""
        return (self.en or self.zh) if lang == "en" else (self.zh or self.en)


NO_TEXT = Text("", "")


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    label: Text
    unit: str | None = None
    lang: str | None = None
    codes: Mapping[str, Text] | None = None
    role: str | None = None
    expected: bool = False  # a published value is to be expected: the reader is told of a null


@dataclass(frozen=True)
class Schema:
    geometry: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def with_role(self, role: str, lang: str | None = None) -> Field | None:
        """The field of a role: in `lang` if there is one, else one without language, else any."""
        found = [one for one in self.fields if one.role == role]
        order = sorted(found, key=lambda one: (one.lang != lang, one.lang is not None))
        return order[0] if order else None


@dataclass(frozen=True)
class Source:
    id: str
    title: Text
    publisher: Text | None = None
    date: str | None = None
    address: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class Figure:
    """A number that belongs to a group of features, never to one of them."""

    id: str
    value: float | None
    unit: str | None
    qualifier: str | None
    label: Text
    text: Text
    members: tuple[str, ...] = ()
    source: str | None = None


class CountGroup(NamedTuple):
    codes: tuple[str, ...]
    label: Text


@dataclass(frozen=True)
class CountAs:
    """How the panel counts a layer: "2 centres + 3 network facilities"."""

    field: str
    groups: tuple[CountGroup, ...]


@dataclass(frozen=True)
class Licence:
    title: Text
    address: str | None = None


class Fill(NamedTuple):
    light: str
    dark: str


class Spot(NamedTuple):
    lon: float
    lat: float


@dataclass(frozen=True)
class Style:
    symbol: str
    colour: str
    dark: str
    importance: int = 0
    fills: Mapping[str, Fill] = field(default_factory=dict)
    labels_at: Mapping[str, Spot] = field(default_factory=dict)
    # What nobody has chosen of symbol, colour and dark: chosen among the layers it stands with.
    automatic: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Layer:
    id: str
    title: Text
    schema: Schema
    style: Style
    description: Text = NO_TEXT
    role: str = "sites"
    order: int | None = None
    visible: bool = True
    count_as: CountAs | None = None
    figures: tuple[Figure, ...] = ()
    sources: tuple[Source, ...] = ()
    licence: Licence | None = None
    store_crs: str = "CRS84"  # what the store keeps; features leave it as CRS84 all the same

    def source(self, id: str) -> Source | None:
        return next((one for one in self.sources if one.id == id), None)


@dataclass(frozen=True)
class Headline:
    layer: str
    text: Text
    figures: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Fact:
    label: Text
    text: Text
    source: str | None = None


@dataclass(frozen=True)
class Zone:
    id: str
    title: Text
    full_name: Text = NO_TEXT
    subtitle: Text = NO_TEXT
    description: Text = NO_TEXT
    as_of: str | None = None
    credit: Text = NO_TEXT
    count_note: Text = NO_TEXT
    headline: tuple[Headline, ...] = ()
    facts: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()


class Feature(NamedTuple):
    """A feature as a store gives it: WKB in CRS84, every field of its schema, JSON-ready values."""

    fid: int
    id: str
    geometry: bytes | None
    properties: dict[str, object]


class Batch(NamedTuple):
    """Some features, one or more, as `Feature` describes them, field by field.

    `sort_values` are those of the query's order, key by key, as the store compares them: for
    `after_values`.
    """

    fids: Sequence[int]
    ids: Sequence[str]
    geometries: Sequence[bytes | None]
    columns: Mapping[str, Sequence[object]]
    sort_values: Sequence[Sequence[object]] = ()

    @classmethod
    def of(cls, feature: Feature) -> Batch:
        columns = {name: [value] for name, value in feature.properties.items()}
        return cls([feature.fid], [feature.id], [feature.geometry], columns)

    def features(self) -> Iterator[Feature]:
        names = list(self.columns)
        rows = zip(*self.columns.values(), strict=True) if names else repeat((), len(self.fids))
        properties = map(dict, map(zip, repeat(names), rows))
        return map(Feature, self.fids, self.ids, self.geometries, properties)

    def first(self, number: int) -> Batch:
        """So many of them, maybe none."""
        return Batch(
            self.fids[:number],
            self.ids[:number],
            self.geometries[:number],
            {name: column[:number] for name, column in self.columns.items()},
            [column[:number] for column in self.sort_values],
        )


class NewFeature(NamedTuple):
    """A feature on its way into a store; without an id the store makes one."""

    id: str | None
    geometry: shapely.Geometry | None
    properties: Mapping[str, object]


class OfFeature(Enum):
    """In place of a sort value that is too long to go with a page: look it up at the feature."""

    VALUE = "value"


class Summary(NamedTuple):
    """The values of a field that are not null. Texts and times have no sum."""

    number: int
    least: Any = None
    greatest: Any = None
    sum: float = 0  # of whole numbers exact
    squares: float = 0.0  # of the distances from the mean, added up; where it was asked for

    def and_(self, other: Summary) -> Summary:
        """Of both together; they are values of one type."""
        if not (self.number and other.number):
            return self if self.number else other
        number = self.number + other.number
        apart = self.sum / self.number - other.sum / other.number
        squares = self.squares + other.squares + apart**2 * self.number * other.number / number
        least, greatest = min(self.least, other.least), max(self.greatest, other.greatest)
        return Summary(number, least, greatest, self.sum + other.sum, squares)


class Began(NamedTuple):
    """To group a field of dates or times by their year (2024) or their month (2024-08)."""

    field: str
    unit: Literal["year", "month"]


class Binned(NamedTuple):
    """To group a field by the interval a value lies in: its number, from 0.

    `edges` ascend, numbers or dates; each interval has its lower edge, the last one both.
    """

    field: str
    edges: tuple[float | str, ...]


By = str | Began | Binned


class Group(NamedTuple):
    """Features with the same values: these, how many there are, and their other fields."""

    values: tuple[object, ...]
    number: int
    of: tuple[Summary, ...]


class SortKey(NamedTuple):
    """A field to order by; null comes before every value, after it where descending."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """Which features: those that touch `extent` and match `filter`, in the order of `sort`.

    Features with equal sort values, and all of them without `sort`, have the order of their keys.
    A page goes on after the feature with the key `after`, whose sort values are `after_values`;
    `backward` gives what is before it, nearest first.
    """

    extent: Extent | None = None
    limit: int | None = None
    after: int | None = None
    filter: Node | None = None  # checked against the layer
    sort: tuple[SortKey, ...] = ()
    after_values: tuple[object, ...] = ()
    backward: bool = False
    offset: int = 0

"""A feature's values as a reader sees them: labels, codes, units and dates in one language.

What the side panel of the map says (static/fields.js), for the pages that the server draws.
"""

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any, NamedTuple

from layers.model import PLACEMENTS, Field, Layer, Schema, Source

Words = Mapping[str, str]

# How well a position must be known for its coordinates to be the thing's own.
PINNED = ("site", "park", "township")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHAPES = {
    "Point": "html.shape_point",
    "MultiPoint": "html.shape_points",
    "LineString": "html.shape_line",
    "MultiLineString": "html.shape_lines",
    "Polygon": "html.shape_area",
    "MultiPolygon": "html.shape_areas",
}
# Proper names, the same in every language. http://www.opengis.net/def/crs/<these>
CRS_NAMES = {
    "OGC/1.3/CRS84": "WGS 84",
    "EPSG/0/4326": "WGS 84",
    "EPSG/0/4490": "CGCS2000",
    "EPSG/0/4549": "CGCS2000 3° CM 120E",
    "EPSG/0/4528": "CGCS2000 3° zone 40",
    "EPSG/0/3857": "Web Mercator",
}


class Value(NamedTuple):
    """A text to show; `known` is False where the data has none, `href` where it leads."""

    text: str
    known: bool = True
    href: str | None = None
    code: bool = False  # for programs: an address or a name to copy


class Column(NamedTuple):
    """A field, or two that are one thing in two languages: `field` is the reader's."""

    field: Field
    twin: Field | None

    def value(self, properties: Mapping[str, Any]) -> object:
        found = properties.get(self.field.name)
        if is_known(found) or self.twin is None:
            return found
        return properties.get(self.twin.name)


def columns(schema: Schema, lang: str) -> list[Column]:
    """The fields in the schema's order, each pair of languages once, where its first one stands."""
    found: list[Column] = []
    done: set[str] = set()
    for field in schema.fields:
        if field.name in done:
            continue
        twin = twin_of(field, schema)
        pair = [field, twin] if twin else [field]
        done |= {one.name for one in pair}
        own = next((one for one in pair if one.lang == lang), field)
        found.append(Column(own, next((one for one in pair if one is not own), None)))
    return found


def twin_of(field: Field, schema: Schema) -> Field | None:
    """The same field in the other language: `note_zh` and `note_en`, or two fields of one role."""
    if not field.lang:
        return None

    def is_twin(one: Field) -> bool:
        same_role = bool(field.role) and one.role == field.role
        return one.lang not in (None, field.lang) and (stem(one) == stem(field) or same_role)

    return next((one for one in schema.fields if is_twin(one)), None)


def stem(field: Field) -> str:
    return re.sub(r"[_-](zh|en)$", "", field.name)


def is_known(value: object) -> bool:
    return value is not None and value != "" and value != []


def feature_name(layer: Layer, feature: Mapping[str, Any], lang: str) -> str:
    named = [one for one in layer.schema.fields if one.role == "name"]
    named.sort(key=lambda one: one.lang != lang)
    values = (feature["properties"].get(one.name) for one in named)
    return next((str(one) for one in values if is_known(one)), str(feature["id"]))


def text_of_role(layer: Layer, properties: Mapping[str, Any], role: str, lang: str) -> str:
    """The reader's text of a role, or the other language's."""
    fields = [one for one in layer.schema.fields if one.role == role]
    fields.sort(key=lambda one: one.lang != lang)
    values = (properties.get(one.name) for one in fields)
    return next((str(one) for one in values if is_known(one)), "")


class Facts(NamedTuple):
    """What is known, by label, and the labels of what one would expect to be published."""

    known: list[tuple[str, Value]]
    unknown: list[str]


def facts_of(
    layer: Layer,
    properties: Mapping[str, Any],
    words: Words,
    lang: str,
    said_apart: Container[str | None],
) -> Facts:
    """In the order of the schema, without the roles that are said elsewhere."""
    found = Facts([], [])
    for column in columns(layer.schema, lang):
        pair = (column.field, column.twin)
        asked_for = any(one.name in properties for one in pair if one)
        if column.field.role in said_apart or not asked_for:
            continue
        label = column.field.label.of(lang)
        value = value_of(column, layer, properties, words, lang)
        if value.known:
            found.known.append((label, value))
        elif column.field.expected:
            found.unknown.append(label)
    return found


def value_of(
    column: Column, layer: Layer, properties: Mapping[str, Any], words: Words, lang: str
) -> Value:
    value = column.value(properties)
    if not is_known(value):
        pair = (column.field, column.twin)
        published = any(one.expected for one in pair if one)
        return Value(words["html.unknown" if published else "html.none"], known=False)
    field = column.field
    if field.role == "sources":
        return Value(joined((source_title(layer, str(one), lang) for one in members(value)), lang))
    return Value(text_of(field, value, lang, words), True, web_address(value))


def text_of(field: Field, value: Any, lang: str, words: Words) -> str:
    if isinstance(value, list):
        return joined((text_of(field, one, lang, words) for one in value), lang)
    if field.codes and str(value) in field.codes:
        return field.codes[str(value)].of(lang)
    if field.role == "placement" and value in PLACEMENTS:
        return words[f"placement.{value}"]
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    if isinstance(value, int | float):
        return f"{number(value)} {field.unit}" if field.unit else number(value)
    return date(str(value), lang) if field.type == "date" else str(value)


def members(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def number(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def date(text: str, lang: str) -> str:
    found = DATE.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12:
        return text
    year, month, day = map(int, found.groups())
    return f"{year}年{month}月{day}日" if lang == "zh" else f"{day} {MONTHS[month - 1]} {year}"


def joined(parts: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)


def web_address(value: object) -> str | None:
    """A link out of the data: only http and https are ever followed."""
    if isinstance(value, str) and re.match(r"https?://\S+$", value, re.IGNORECASE):
        return value
    return None


def sources_of(layer: Layer, properties: Mapping[str, Any]) -> list[Source]:
    """What a feature was taken from, as far as the layer describes it."""
    field = layer.schema.with_role("sources")
    names = properties.get(field.name) if field else None
    found = (layer.source(str(name)) for name in members(names or []))
    return [one for one in found if one]


def source_title(layer: Layer, name: str, lang: str) -> str:
    source = layer.source(name)
    return source.title.of(lang) if source else name


def position(layer: Layer, feature: Mapping[str, Any], words: Words) -> Value:
    """Coordinates where the thing itself is; of a district's middle or an outline only the kind."""
    geometry = feature["geometry"]
    if not geometry:
        return Value(words["html.unknown"], known=False)
    if geometry["type"] != "Point":
        return Value(words[SHAPES.get(geometry["type"], "html.shape_several")])
    field = layer.schema.with_role("placement")
    placement = feature["properties"].get(field.name) if field else "site"
    if placement in PINNED or placement is None:
        return Value(", ".join(decimal(one) for one in geometry["coordinates"][:2]))
    return Value(words["html.no_pin"], known=False)


def decimal(value: float) -> str:
    """Seven places, which are a centimetre in degrees, and no closing zeros."""
    return f"{value:.7f}".rstrip("0").rstrip(".")


def crs_label(uri: str) -> str:
    """http://www.opengis.net/def/crs/EPSG/0/4490 as EPSG:4490 (CGCS2000)."""
    parts = uri.partition("/def/crs/")[2]
    code = parts.rpartition("/")[2]
    label = code if parts.startswith("OGC/") else f"{parts.partition('/')[0]}:{code}"
    known = CRS_NAMES.get(parts)
    return f"{label} ({known})" if known else label

"""What of a feature can be found: names, other names, and the rest in words of both languages."""

from collections.abc import Iterator
from typing import NamedTuple

from layers.model import LANGUAGES, Feature, Field, Layer

# These say where a fact comes from or how well it is known; nobody looks for a thing by them.
NOT_SEARCHED = ("sources", "related", "placement", "basis")
NAMES = ("name", "alias")
LONGEST_TEXT = 2_000  # characters of a value


class Found(NamedTuple):
    """A text of a feature and the field it stands in; `lang` of a label, None as in the data."""

    field: Field
    text: str
    lang: str | None

    @property
    def is_name(self) -> bool:
        return self.field.role in NAMES


def texts_of(layer: Layer, feature: Feature) -> Iterator[Found]:
    """Names first, then the other fields in the order of the schema."""
    for field in sorted(searched(layer), key=rank):
        value = feature.properties.get(field.name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one:
                yield from _said(field, one)


def definition_of(layer: Layer) -> str:
    """What the texts of a layer's features depend on besides the features."""
    return repr([(one.name, one.type, one.role, one.lang, one.codes) for one in searched(layer)])


def searched(layer: Layer) -> list[Field]:
    """In the order of the schema."""
    return [one for one in layer.schema.fields if is_searched(one)]


def is_searched(field: Field) -> bool:
    return field.type in ("text", "list") and field.role not in NOT_SEARCHED


def rank(field: Field) -> int:
    return NAMES.index(field.role) if field.role in NAMES else len(NAMES)


def _said(field: Field, value: str) -> Iterator[Found]:
    label = (field.codes or {}).get(value)
    if label is None:
        yield Found(field, value[:LONGEST_TEXT], field.lang)
        return
    for lang, text in zip(LANGUAGES, label, strict=True):
        if text:
            yield Found(field, text, lang)

"""What a feature says to a reader, in words of one language: its name, its fields, their values."""

from collections.abc import Callable, Mapping, Sequence

from layers.model import Field, Lang, Layer, Text

COLON = Text("：", ": ")
BETWEEN = Text("、", ", ")
_TRUTH = {True: Text("是", "yes"), False: Text("否", "no")}


def namer(layer: Layer, lang: Lang) -> Callable[[Mapping[str, object]], str]:
    """What gives a feature's name by its properties: in `lang`, or else the one there is."""
    fields = [one for one in layer.schema.fields if one.role == "name"]
    fields.sort(key=lambda one: (one.lang != lang, one.lang is not None))
    names = [one.name for one in fields]

    def name(properties: Mapping[str, object]) -> str:
        return next((str(properties[one]) for one in names if properties.get(one)), "")

    return name


def said_in(layer: Layer, lang: Lang) -> Sequence[Field]:
    """The fields for a reader of `lang`: those of another language say the same again."""
    return [one for one in layer.schema.fields if one.lang in (None, lang)]


def words(field: Field, value: object, lang: Lang) -> str:
    """A value as people read it, its codes as words, with its unit."""
    if isinstance(value, list):
        return BETWEEN.of(lang).join(_word(field, one, lang) for one in value)
    return _word(field, value, lang) + (f" {field.unit}" if field.unit else "")


def _word(field: Field, value: object, lang: Lang) -> str:
    if isinstance(value, bool):
        return _TRUTH[value].of(lang)
    code = field.codes.get(str(value)) if field.codes else None
    return code.of(lang) if code else str(value)

"""What a view is narrowed by, in the reader's words (static/chips.js)."""

from collections.abc import Sequence

from layers.filter import tree
from layers.model import Field, Lang, Layer
from server import params
from server.area_text import Box, Circle, Polygon, Written
from server.html_values import Words, date, joined, number, text_of
from server.params import Given
from server.picture.wording import plain, said
from server.queries import read_filter

LONGEST = 4000  # of a filter that is said as it is written
COLON = {"zh": "：", "en": ": "}


def asked_in_words(
    given: Given, layers: Sequence[Layer], label: str | None, lang: Lang, words: Words
) -> list[str]:
    """One text for each thing that is asked; `label` is what a feature gives an area as a name."""
    fields = {
        field.name: field
        for layer in reversed(layers)
        if layer.role == "sites"
        for field in layer.schema.fields
    }
    found = _filter(given, fields, lang, words)
    pairs = []
    if text := given.get(params.NARROWED):
        pairs.append((words["filter.words"], plain(text)))
    if area := given.get(params.AREA):
        certain = given.get(params.CERTAINTY) == params.CERTAIN
        key = "filter.area_certain" if certain else "filter.area"
        pairs.append((words[key], plain(label or _area(area, words))))
    return found + [COLON[lang].join(pair) for pair in pairs]


def _filter(given: Given, fields: dict[str, Field], lang: Lang, words: Words) -> list[str]:
    """By field where that is all it asks; else the filter as it is written."""
    node = read_filter(given)
    if node is None:
        return []
    said_of: dict[str, list[str]] = {}
    for term in node.terms if isinstance(node, tree.And) else (node,):
        name, texts = _term(term, fields, lang, words) or ("", [])
        if not name:
            written = plain(given.text(params.FILTER), LONGEST)
            return [COLON[lang].join((words["filter.other"], written))]
        said_of.setdefault(name, []).extend(texts)
    return [
        COLON[lang].join((plain(fields[name].label.of(lang)), joined(texts, lang)))
        for name, texts in said_of.items()
    ]


def _term(
    node: tree.Node, fields: dict[str, Field], lang: Lang, words: Words
) -> tuple[str, list[str]] | None:
    """The field that a condition is about, and what it asks of it."""
    match node:
        case tree.Or(terms) | tree.And(terms):
            parts = [_term(one, fields, lang, words) for one in terms]
            names = {one[0] for one in parts if one}
            if None in parts or len(names) != 1:
                return None
            return names.pop(), [text for one in parts if one for text in one[1]]
        case tree.IsNull(tree.Property(name)) if name in fields:
            return name, [words["filter.unknown"]]
        case tree.In(tree.Property(name), members) if name in fields:
            return _values(fields[name], members, lang, words)
        case tree.ArrayPredicate("A_OVERLAPS", tree.Property(name), tree.Array(members)):
            return _values(fields[name], members, lang, words) if name in fields else None
        case tree.Comparison("=", tree.Property(name), tree.Literal() as one) if name in fields:
            return _values(fields[name], (one,), lang, words)
        case tree.Comparison(">=" | "<=" as op, tree.Property(name), tree.Literal(value)):
            if name not in fields:
                return None
            sign, unit = {">=": "≥", "<=": "≤"}[op], fields[name].unit
            return name, [" ".join(filter(None, (sign, _end(value, lang), unit)))]
    return None


def _values(
    field: Field, members: Sequence[tree.Node], lang: Lang, words: Words
) -> tuple[str, list[str]] | None:
    values = [one.value for one in members if isinstance(one, tree.Literal)]
    if len(values) < len(members):
        return None
    return field.name, [plain(text_of(field, one, lang, words)) for one in values]


def _end(value: object, lang: Lang) -> str:
    if isinstance(value, int | float):
        return number(value)
    return date(str(value)[:10], lang)


def _area(written: Written, words: Words) -> str:
    match written:
        case Circle(_, _, metres):
            return said(words, "area.circle_of", radius=distance(metres, words))
        case Box():
            return words["area.box_drawn"]
        case Polygon():
            return words["area.polygon_drawn"]
    return words["area.title"]


def distance(metres: float, words: Words) -> str:
    if metres < 1000:
        return said(words, "unit.metre", value=number(round(metres)))
    return said(words, "unit.kilometre", value=number(round(metres / 100) / 10))

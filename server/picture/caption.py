"""What a press office prints beside a picture, and what a screen reader says in its place."""

from collections.abc import Container

from layers.model import Lang, Layer, Source, Text
from server.html_values import Words, date, number
from server.picture.credit import credit_lines
from server.picture.sheet import asked_line
from server.picture.totals import totals, unplaced_by_layer
from server.picture.view import View
from server.picture.wording import plain, said

_COLON = Text("：", ": ")
_STOP = Text("。", ". ")
_COMMA = Text("，", ", ")
_BRACKETS = Text("（{}）", " ({})")
# Of a source that nobody could find nothing was taken.
_NOT_FOUND = "not_found"


def caption(view: View, address: str) -> str:
    """Title; what is shown and how many; what was published of it; sources; whose boundaries."""
    words, colon = view.words, _COLON.of(view.lang)
    title = plain(view.zone.title.of(view.lang))
    asked = asked_line(view)
    sections = [
        [title, *([asked] if asked else [])],
        totals(view),
        [f"{name}{colon}{count}" for name, count in counts(view)],
        [words["picture.sources"], *(f"- {one}" for one in sources(view))],
        credit_lines(view, is_close=False),
        [address],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def alternative(view: View) -> str:
    """One paragraph (WCAG 2.2, 1.1.1): what is seen, with its numbers."""
    words, lang = view.words, view.lang
    asked = asked_line(view)
    title = plain(view.zone.title.of(lang))
    named = _COMMA.of(lang).join(f"{name} {count}" for name, count in counts(view))
    sentences = [
        said(words, "picture.alt", title=title),
        *([asked] if asked else []),
        totals(view)[0],
        *([named] if named else []),
    ]
    return _STOP.of(lang).join(sentences) + _STOP.of(lang).strip()


def counts(view: View) -> list[tuple[str, str]]:
    """Each layer with how many of it are shown, and how many of these have no place."""
    unplaced = {layer.id: count for layer, count in unplaced_by_layer(view)}
    found = []
    for one in view.shown:
        text = said(view.words, "picture.items", count=number(one.count))
        if one.layer.id in unplaced:
            without = f"{view.words['tray.title']} {number(unplaced[one.layer.id])}"
            text += _BRACKETS.of(view.lang).format(without)
        if one.count:
            found.append((plain(one.layer.title.of(view.lang)), text))
    return found


def sources(view: View) -> list[str]:
    """Of what is in the picture, and of the ground; each once."""
    used: dict[str, set[str]] = {}
    for item in view.items:
        used.setdefault(item.layer.id, set()).update(item.sources)
    regions = [*view.ground.areas, *view.ground.backdrop]
    ground = {region.item.layer.id: region.item.layer for region in regions}
    layers = [one.layer for one in view.shown if one.count]
    named = [one for layer in layers for one in _named(layer, used.get(layer.id, set()))]
    named += [one for key, layer in ground.items() if key in view.on for one in layer.sources]
    named = [one for one in named if one.status != _NOT_FOUND]
    return list(dict.fromkeys(source_text(one, view.lang, view.words) for one in named))


def _named(layer: Layer, used: Container[str]) -> list[Source]:
    """Those that its features name, or all of a layer whose features name none."""
    says = layer.schema.with_role("sources") is not None
    return [one for one in layer.sources if one.id in used or not says]


def source_text(source: Source, lang: Lang, words: Words) -> str:
    """Title, publisher and day in one line."""
    publisher = plain(source.publisher.of(lang)) if source.publisher else ""
    day = date(source.date, lang) if source.date else words["picture.undated"]
    parts = (plain(source.title.of(lang)), publisher, day)
    return _COMMA.of(lang).join(text for text in parts if text)

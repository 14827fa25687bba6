"""What a profile says, made once from the store: its writers only lay it out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from layers.model import Feature, Figure, Lang, Layer, Text
from layers.stores.store import Store
from server import params
from server.figures import figure_text, figures_of, is_joint
from server.html_values import (
    Words,
    facts_of,
    feature_name,
    joined,
    number,
    sources_of,
    text_of_role,
)
from server.params import Given
from server.picture import parameters
from server.picture.caption import source_text
from server.picture.credit import credit_lines
from server.picture.items import Item
from server.picture.view import View, view_of
from server.picture.wording import ELLIPSIS, on_one_line, said
from server.profile.district import Lying, lying_in
from server.profile.place import Place, place_of
from server.related import related_features
from server.site import Call

# Roles that are said in words of their own, as in the panel of the map (static/fields.js).
SAID_APART = (
    "name", "anchor", "placement", "uncertainty", "inferred", "sources", "summary", "related",
    "mentioned", "nowhere",
)  # fmt: skip
_STATUSES = {
    "original": "detail.source_original",
    "mirror": "detail.source_mirror",
    "not_found": "detail.source_not_found",
    "data": "detail.source_data",
    "derived": "detail.source_derived",
}
_NAMES = {
    "known": "profile.name_known",
    "inferred": "profile.name_inferred",
    "several": "profile.name_several",
}
LONGEST_NAME = 60  # of several in a row
DOT = " · "
_STOP = Text("；", ". ")


@dataclass(frozen=True)
class Row:
    """A label and what it says: first in bold `strong`, then `text`, then as many `names` as fit.

    `count`: how many names there are in all. `layer`: whose symbol stands before the label.
    """

    label: str
    text: str = ""
    strong: str = ""
    names: Sequence[str] = ()
    count: int = 0
    layer: Layer | None = None


@dataclass(frozen=True)
class Block:
    """Rows under one title, maybe small; `note` follows, whatever there is room for."""

    title: str
    rows: Sequence[Row]
    note: str = ""
    is_small: bool = False


@dataclass(frozen=True, eq=False)
class Profile:
    """`view` is what its map shows, with the feature selected."""

    view: View
    kind: Layer
    name: str
    summary: str
    place: Place
    figures: Block
    blocks: Sequence[Block]
    credit: Sequence[str]
    address: str

    @property
    def lang(self) -> Lang:
        return self.view.lang

    @property
    def words(self) -> Words:
        return self.view.words

    @property
    def item(self) -> Item:
        assert self.view.selected is not None
        return self.view.selected


def profile_of(call: Call, layer_id: str, feature_id: str, lang: Lang, address: str) -> Profile:
    """Inside of a reading; UnknownLayer, UnknownFeature. `address`: of the map as it is now."""
    store = call.store
    layer = store.layer(layer_id)
    feature = store.feature(layer_id, feature_id)
    view = _view(call, layer, feature, lang)
    assert view.selected is not None
    item, words = view.selected, view.words
    if layer.role not in ("areas", "sites") and item.home == "map":
        # A town is meant, not the district around it, which would be lifted out with it.
        item = replace(item, districts=())
        view = replace(view, selected=item)
    lying = lying_in(store, item, view.ground, lang) if layer.role == "areas" else Lying()
    # Of a district the map shows what lies in it, of a feature that one alone.
    view = replace(view, items=lying.drawn if layer.role == "areas" else [item])
    blocks = [
        _facts(store, layer, feature.properties, lang, words),
        _held(lying, lang, words),
        Block(
            words["detail.sources"],
            list(_sources(layer, feature.properties, lang, words)),
            is_small=True,
        ),
    ]
    named = text_of_role(layer, feature.properties, "name", lang)
    return Profile(
        view=view,
        kind=layer,
        name=feature_name(layer, feature._asdict(), lang) if named else item.name,
        summary=text_of_role(layer, feature.properties, "summary", lang),
        place=place_of(store, item, feature, view),
        figures=Block(words["detail.figures"], list(_figures(layer, feature.id, lang, words))),
        blocks=[one for one in blocks if one.rows or one.note],
        credit=credit_lines(view, is_close=True),
        address=address,
    )


def _view(call: Call, layer: Layer, feature: Feature, lang: Lang) -> View:
    """The ground with the feature selected; no layer of sites is read for it."""
    on = [one.id for one in call.store.layers() if one.visible and one.role != "sites"]
    values: dict[str, Any] = {
        parameters.LAYERS.name: tuple(dict.fromkeys([*on, layer.id] if _is_ground(layer) else on)),
        parameters.SELECTED.name: f"{layer.id}/{feature.id}",
        params.LANG.name: lang,
    }
    return view_of(call, Given(values), lang)


def _is_ground(layer: Layer) -> bool:
    return layer.role != "sites"


def _facts(
    store: Store, layer: Layer, properties: Mapping[str, Any], lang: Lang, words: Words
) -> Block:
    facts = facts_of(layer, properties, words, lang, SAID_APART)
    rows = [Row(label, value.text) for label, value in facts.known]
    names = [
        short(feature_name(target, found._asdict(), lang))
        for target, found in related_features(store, layer, properties)
    ]
    if names:
        rows.append(Row(words["detail.related"], names=names, count=len(names)))
    note = ""
    if facts.unknown:
        note = said(words, "detail.unknown_fields", names=joined(facts.unknown, lang))
    return Block(words["detail.fields"], rows, note)


def _figures(layer: Layer, feature_id: str, lang: Lang, words: Words) -> Iterator[Row]:
    for one in figures_of(layer, feature_id):
        label, joint = one.label.of(lang), _joint(one, words)
        text = f"{label}{_STOP.of(lang)}{joint}" if joint else label
        yield Row("", text, figure_text(one, lang, words))


def _joint(figure: Figure, words: Words) -> str:
    """A figure of a group is never shown as that of one of them."""
    if not is_joint(figure):
        return ""
    return said(words, "figure.joint", count=number(len(figure.members)))


def _held(lying: Lying, lang: Lang, words: Words) -> Block:
    rows = []
    for one in lying.layers:
        counts = [
            said(words, key, count=number(count))
            for key, count in (
                ("profile.known", one.known),
                ("profile.inferred", one.inferred),
                ("profile.several", one.several),
            )
            if count
        ]
        title, others = one.layer.title.of(lang), ""
        if counts[1:]:
            others = said(words, "profile.besides", names=joined(counts[1:], lang))
        named = [said(words, _NAMES[how], name=short(name)) for name, how in one.names]
        rows.append(Row(title, others, counts[0], named, one.count, one.layer))
    notes = []
    if lying.unsaid:
        names = joined((one.title.of(lang) for one in lying.unsaid), lang)
        notes.append(said(words, "profile.unsaid", names=names))
    if lying.not_drawn:
        names = joined((one.title.of(lang) for one in lying.not_drawn), lang)
        notes.append(said(words, "profile.not_drawn", names=names))
    return Block(words["profile.held"], rows, DOT.join(notes))


def _sources(
    layer: Layer, properties: Mapping[str, Any], lang: Lang, words: Words
) -> Iterator[Row]:
    for one in sources_of(layer, properties):
        status = f"{DOT}{words[_STATUSES[one.status]]}" if one.status in _STATUSES else ""
        yield Row("", source_text(one, lang, words) + status)


def short(name: str) -> str:
    name = on_one_line(name, LONGEST_NAME + 1)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + ELLIPSIS

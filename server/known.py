"""What the page of one view asks and cannot find out by itself, answered beforehand for a file.

The page understands plain conditions; of other filters a file knows what each part of its view's
finds, of areas the one of its view, and of Chinese names how their characters are read.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from layers.errors import InvalidQuery
from layers.filter.tokens import Tokens
from layers.model import LANGUAGES, Layer, Query
from layers.search.sounds import readings_of, sounded
from layers.search.texts import NAMES
from layers.stores.store import Store
from server import params
from server.asks import asks_of_map, listed
from server.match_document import document
from server.params import Given
from server.source import Source

Json = dict[str, Any]


def known(source: Source, given: Given) -> Json:
    """InvalidQuery where the server would not answer what the view asks."""
    check(source, given)
    layers = source.store.layers()
    sites = [layer for layer in layers if layer.role == "sites"] or layers
    text = given.get(params.FILTER)
    terms = {} if text is None else {one: found(source, sites, one) for one in terms_of(text)}
    return {
        "filters": terms,
        "area": area(source, sites, given),
        "sounds": sounds(source.store, layers),
    }


def check(source: Source, given: Given) -> None:
    listed(source.store, given)
    asks_of_map(source.store.layers(), given.without(params.NARROWED), {}, source)


def found(source: Source, layers: list[Layer], term: str) -> Json:
    """By layer the places of the features that a part of a filter finds; null: it knows nothing."""
    given = Given({"filter": term}, {"filter": term})
    try:
        asks = asks_of_map(layers, given, {}, source)
    except InvalidQuery:
        return {}  # it means something only with the others, as a part of what the page reads
    return {
        ask.layer.id: places(source.store, ask.layer, ask.query) if ask.knows else None
        for ask in asks
    }


def places(store: Store, layer: Layer, query: Query) -> list[int]:
    whole = np.array(store.keys(layer.id, Query()), np.int64)
    some = np.sort(np.array(store.keys(layer.id, query), np.int64))
    places: list[int] = np.searchsorted(whole, some).tolist()
    return places


def area(source: Source, layers: list[Layer], given: Given) -> Json | None:
    """As /matches answers it, whatever else is asked; its words in every language."""
    if given.get(params.AREA) is None:
        return None
    alone = given.only(params.AREA)
    asks = asks_of_map(layers, alone, {}, source)
    wholes = asks_of_map(layers, given.only(), {}, source)
    pairs = list(zip(asks, (one.query for one in wholes), strict=True))
    said = {lang: document(source.of(lang), [], alone) for lang in LANGUAGES}
    return {
        "text": given.text(params.AREA),
        "matches": document(source, pairs, alone),
        "labels": {lang: one["label"] for lang, one in said.items()},
        "targets": {lang: one["target"] for lang, one in said.items()},
    }


def terms_of(text: str) -> Iterator[str]:
    """The parts between ANDs, outside of parentheses; one with an OR is no row of ANDs.

    As the page parts a filter (static/filter.js).
    """
    tokens, depth, between, ends = Tokens(text), 0, False, [-3]
    while (token := tokens.take()).kind != "end":
        depth += (token.word == "(") - (token.word == ")")
        if depth == 0:
            if token.word == "OR":
                yield text.strip()
                return
            if token.word == "AND" and not between:
                ends.append(token.at)
            between = token.word == "BETWEEN" or (between and token.word != "AND")
    for begin, end in zip(ends, [*ends[1:], len(text)], strict=True):
        yield text[begin + 3 : end].strip()


def sounds(store: Store, layers: list[Layer]) -> dict[str, str]:
    """How the characters of all names are read, the likeliest first."""
    characters: set[str] = set()
    for layer in layers:
        names = [one.name for one in layer.schema.fields if one.role in NAMES]
        for batch in store.batches(layer.id, Query(), names) if names else ():
            for column in batch.columns.values():
                for value in column:
                    for name in value if isinstance(value, list) else [value]:
                        characters.update(sounded(name) if isinstance(name, str) else "")
    spoken = readings_of({one for one in characters if not one.isascii()})
    return {one: " ".join(spoken[one]) for one in sorted(spoken)}

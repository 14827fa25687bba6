"""Statistics: how many features there are, by their values; what is known of them, added up."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Response

from layers.model import Lang, Summary, Text
from layers.stores.store import Reading, Store
from server import caching, params
from server.asks import Ask, asks_of_map, listed
from server.figures import figure_text, held
from server.html_values import Words
from server.media import JSON
from server.page import words_of
from server.params import STATS, Given, split
from server.site import CallDep
from server.source import Source
from server.stats_bins import histogram
from server.stats_fields import Measure, Part, binned, parts, summed
from server.stats_groups import (
    NOTHING,
    Tally,
    districts_of,
    in_order,
    is_rankable,
    tallies,
    with_empty,
)
from server.stats_words import label_of
from server.version import VERSION

Json = dict[str, Any]


async def stats(call: CallDep) -> Response:
    given, others = split(call.query, STATS)
    call.must_accept(JSON)
    store, lang = call.store, call.lang(given)
    words = words_of(call.site.assets, lang)

    def work(_: Reading) -> tuple[str, bytes]:
        # Of all layers: districts are named by another one than those that are counted.
        versions = [store.version(layer.id) for layer in store.layers()]
        tag = caching.digest(VERSION, lang, call.query, *versions)
        if caching.is_current(call.request, tag):
            return tag, b""  # the answer will be 304
        asks = asks_to_count(call.source(lang), given, others)
        return tag, orjson.dumps(document(store, asks, given, lang, words))

    tag, body = await call.run(work)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang}, tag=tag)


def asks_to_count(source: Source, given: Given, others: Mapping[str, str]) -> list[Ask]:
    """Of the layers that are named; else of those of sites, or all where there are none."""
    asks = asks_of_map(listed(source.store, given), given, others, source)
    if given.get(params.COUNTED) is not None:
        return asks
    return [one for one in asks if one.layer.role == "sites"] or asks


def document(store: Store, asks: Sequence[Ask], given: Given, lang: Lang, words: Words) -> Json:
    by, sums, bins = parts(asks, given), summed(asks, given), binned(asks, given)
    measures = list({one.name: one for one in (*sums, *bins)}.values())
    found = tallies(store, asks, by, measures, given)
    number = sum(one.number for one in found)
    total = {one.name: _total(found, one.name) for one in measures}
    districts = districts_of(store, by)
    groups = in_order(with_empty(found, by, districts, given), by, districts) if by else []
    return {
        "matched": number,
        "layers": _layers(store, asks, found, lang, words),
        "groups": [_group(one, by, sums, districts, lang, words) for one in groups],
        "totals": {one.name: {**_sum(total[one.name], number), "unit": one.unit} for one in sums},
        "bins": {one.name: histogram(store, asks, one, total[one.name], number) for one in bins},
        "rankable": is_rankable(found) if by else True,
    }


def _total(found: Sequence[Tally], name: str) -> Summary:
    whole = NOTHING
    for one in found:
        whole = whole.and_(one.of.get(name, NOTHING))
    return whole


def _sum(known: Summary, number: int) -> Json:
    """What is unknown is no nought: where nothing is known there is no sum."""
    total = known.sum if known.number else None
    if total is not None and abs(total) >= 2**63:  # JSON's whole numbers end there
        total = float(total)
    return {"known_sum": total, "known_count": known.number, "count": number}


def _group(
    tally: Tally,
    by: Sequence[Part],
    sums: Sequence[Measure],
    districts: Mapping[str, Text],
    lang: Lang,
    words: Words,
) -> Json:
    pairs = list(zip(by, tally.values, strict=True))
    return {
        "values": {part.name: value for part, value in pairs},
        "labels": {
            part.name: label_of(part, value, districts, lang, words) for part, value in pairs
        },
        "kind": tally.kind,
        "count": tally.number - tally.inferred,
        "inferred": tally.inferred,
        "sums": {one.name: _sum(tally.of.get(one.name, NOTHING), tally.number) for one in sums},
        "layers": dict(tally.layers),
    }


def _layers(
    store: Store, asks: Sequence[Ask], found: Sequence[Tally], lang: Lang, words: Words
) -> list[Json]:
    by_layer = {ask.layer.id: ask for ask in asks}
    return [
        {
            "id": layer.id,
            "title": layer.title.of(lang),
            "matched": (matched := sum(one.layers[layer.id] for one in found)),
            "knows": ask.knows,
            "figures": _figures(store, ask, by_layer, matched, lang, words),
        }
        for ask in asks
        if (layer := ask.layer)
    ]


def _figures(
    store: Store,
    ask: Ask,
    asks: Mapping[str, Ask],
    matched: int,
    lang: Lang,
    words: Words,
) -> list[Json]:
    """A joint figure is that of all its members: without some of them it says nothing."""
    found = []
    for figure in ask.layer.figures:
        of = held(store, figure, ask.layer.id, asks, matched)
        found.append(
            {
                "id": figure.id,
                "label": figure.label.of(lang),
                "value": figure.value if of.complete else None,
                "qualifier": figure.qualifier,
                "unit": figure.unit,
                "text": figure_text(figure, lang, words) if of.complete else None,
                **of._asdict(),
            }
        )
    return found

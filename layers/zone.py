"""zone.json: what a zone says of itself beside its layers, read and written back."""

from typing import Any

from layers.document import Node, without_nothing, words_document
from layers.model import Fact, Headline, Text, Zone
from layers.schema import parse_sources, source_document

_KEYS = (
    "id", "title", "full_name", "subtitle", "description", "as_of", "credit", "count_note",
    "headline", "facts", "sources",
)  # fmt: skip


def parse_zone(document: object, name: str) -> Zone:
    """The zone of a zone.json; `name` stands in for an id and a title."""
    node = Node(document, "")
    node.members(*_KEYS)
    return Zone(
        id=node["id"].optional_text() or name,
        title=node["title"].words(Text(name, name)),
        full_name=node["full_name"].words(),
        subtitle=node["subtitle"].words(),
        description=node["description"].words(),
        as_of=node["as_of"].date(),
        credit=node["credit"].words(),
        count_note=node["count_note"].words(),
        headline=tuple(_headline(one) for one in node["headline"]),
        facts=tuple(_fact(one) for one in node["facts"]),
        sources=parse_sources(node["sources"]),
    )


def zone_document(zone: Zone) -> dict[str, Any]:
    return without_nothing(
        {
            "id": zone.id,
            "title": words_document(zone.title),
            "full_name": words_document(zone.full_name),
            "subtitle": words_document(zone.subtitle),
            "description": words_document(zone.description),
            "as_of": zone.as_of,
            "credit": words_document(zone.credit),
            "count_note": words_document(zone.count_note),
            "headline": [_headline_document(one) for one in zone.headline],
            "facts": [_fact_document(one) for one in zone.facts],
            "sources": [source_document(one) for one in zone.sources],
        }
    )


def _headline(node: Node) -> Headline:
    node.members("layer", "text", "figures", "source")
    return Headline(
        layer=node["layer"].text(),
        text=node["text"].words(),
        figures=tuple(one.text() for one in node["figures"]),
        source=node["source"].optional_text(),
    )


def _headline_document(headline: Headline) -> dict[str, Any]:
    return {
        "layer": headline.layer,
        "text": words_document(headline.text),
        "figures": list(headline.figures),
        "source": headline.source,
    }


def _fact(node: Node) -> Fact:
    node.members("label", "text", "source")
    return Fact(node["label"].words(), node["text"].words(), node["source"].optional_text())


def _fact_document(fact: Fact) -> dict[str, Any]:
    return {
        "label": words_document(fact.label),
        "text": words_document(fact.text),
        "source": fact.source,
    }

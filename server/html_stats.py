"""The page of statistics: what was counted, as tables."""

from collections.abc import Mapping
from typing import Any

from layers.model import Field
from server.html_look import Kind, Shown, Table
from server.html_values import Value, joined, number, text_of

Json = Mapping[str, Any]

# Fields that every feature has its own value in, or texts about it: nobody counts by them.
NO_GROUPS = ("name", "alias", "summary", "note", "sources", "related", "uncertainty", "anchor")


def stats_page(shown: Shown) -> dict[str, Any]:
    look, document = shown.look, shown.document
    tables = [layers_table(shown)]
    tables += [groups_table(shown)] if document["groups"] else []
    tables += [bins_table(shown, name, one) for name, one in document["bins"].items()]
    tables += [each for each in (figures_table(shown), choices_table(shown)) if each.rows]
    totals = [
        (label(shown, name), sum_value(shown, name, one))
        for name, one in document["totals"].items()
    ]
    matched = look.word("stats.matched_all", count=number(document["matched"]))
    return {
        "title": look.words["html.stats"],
        "intro": f"{matched} {look.words['stats.intro']}",
        "facts": totals,
        "tables": tables,
    }


def layers_table(shown: Shown) -> Table:
    look, words = shown.look, shown.look.words
    rows = [
        [
            Value(one["title"], href=look.to("collections", one["id"])),
            Value(number(one["matched"])) if one["knows"] else Value(words["stats.lacks"], False),
        ]
        for one in shown.document["layers"]
    ]
    return Table(words["stats.layers"], [words["html.name"], words["stats.matched"]], rows)


def groups_table(shown: Shown) -> Table:
    look, words, document = shown.look, shown.look.words, shown.document
    names, sums = list(document["groups"][0]["values"]), list(document["totals"])
    rows = [
        [
            *(Value(one["labels"][name], one["values"][name] is not None) for name in names),
            Value(number(one["count"])),
            Value(number(one["inferred"])),
            *(sum_value(shown, name, one["sums"][name]) for name in sums),
        ]
        for one in document["groups"]
    ]
    labels = [label(shown, name) for name in names]
    head = [*labels, words["stats.count"], words["stats.inferred"]]
    head += [look.word("stats.sum", field=label(shown, name)) for name in sums]
    return Table(look.word("stats.groups", fields=joined(labels, look.lang)), head, rows)


def sum_value(shown: Shown, name: str, one: Json) -> Value:
    look, count = shown.look, number(one["count"])
    if one["known_sum"] is None:
        return Value(look.word("stats.none_known", count=count), known=False)
    total, known = written(shown, name, one["known_sum"]), number(one["known_count"])
    return Value(look.word("stats.known", sum=total, known=known, count=count))


def bins_table(shown: Shown, name: str, one: Json) -> Table:
    look, words, edges = shown.look, shown.look.words, one["edges"]
    texts = [written(shown, name, edge) for edge in edges]
    rows = [
        [Value(f"{low} – {high}"), Value(number(count))]
        for low, high, count in zip(texts, texts[1:], one["counts"], strict=False)
    ]
    unknown = look.word("stats.unknown", field=label(shown, name))
    rows.append([Value(unknown, known=False), Value(number(one["unknown_count"]))])
    head = [words["stats.interval"], words["stats.matched"]]
    return Table(look.word("stats.bins", field=label(shown, name)), head, rows)


def figures_table(shown: Shown) -> Table:
    look, words = shown.look, shown.look.words
    rows = [
        [Value(figure["label"]), figure_value(shown, figure)]
        for one in shown.document["layers"]
        for figure in one["figures"]
        if figure["complete"] or figure["members"]
    ]
    return Table(words["stats.figures"], [words["html.name"], look.words["stats.total"]], rows)


def figure_value(shown: Shown, figure: Json) -> Value:
    if figure["complete"]:
        return Value(figure["text"])
    held = {name: number(figure[name]) for name in ("matched", "members")}
    return Value(shown.look.word("stats.incomplete", **held), known=False)


def choices_table(shown: Shown) -> Table:
    """The same statistic by another field."""
    look, words = shown.look, shown.look.words
    fields = {one.name: one for one in fields_of(shown) if is_choice(one)}
    rows = [
        [Value(look.say(one.label), href=look.with_value(group=name)), Value(name, code=True)]
        for name, one in fields.items()
    ]
    return Table(words["stats.by"], [words["html.meaning"], words["html.name"]], rows)


def is_choice(field: Field) -> bool:
    is_coded = bool(field.codes) or field.type == "boolean" or field.role == "district"
    return is_coded and field.role not in NO_GROUPS and "," not in field.name


def fields_of(shown: Shown) -> list[Field]:
    """Of the layers that are counted, each name as the last of them has it."""
    layers = (shown.store.layer(one["id"]) for one in shown.document["layers"])
    return [field for layer in layers for field in layer.schema.fields]


def field_of(shown: Shown, name: str) -> Field:
    """The field of a name; of `name:year` that of the date."""
    fields = {one.name: one for one in reversed(fields_of(shown))}
    return fields.get(name) or fields[name.rpartition(":")[0]]


def label(shown: Shown, name: str) -> str:
    return shown.look.say(field_of(shown, name).label)


def written(shown: Shown, name: str, value: Any) -> str:
    look = shown.look
    return text_of(field_of(shown, name), value, look.lang, look.words)


PAGES: dict[str, Kind] = {"/stats": Kind("tables.html", stats_page)}

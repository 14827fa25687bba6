"""Joint figures of the bundled zone: said once, whole, and never to be added up."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.layers.bundled import COUNTS, FIGURES, LAYERS, ZONE, each_layer, features, fields, walk

QUALIFIERS: dict[str, dict[str, tuple[str, ...]]] = {  # what a figure's words must not leave out
    "exact": {},
    "about": {"zh": ("约",), "en": ("about",)},
    "planned": {"zh": ("规划",), "en": ("planned",)},
    "expected; or more": {"zh": ("预计", "以上"), "en": ("expected", "or more")},
}


def test_a_figure_is_that_of_the_table_and_its_members_are_features() -> None:
    told = {f["id"]: (n, f) for n, d in LAYERS.items() for f in d["layer"].get("figures", [])}
    assert set(told) == {row["id"] for row in FIGURES}
    for row in FIGURES:
        name, figure = told[row["id"]]
        assert name == row["layer"]
        assert (figure["unit"], figure["qualifier"]) == (row["unit"], row["qualifier"])
        assert figure["value"] == float(row["value"])
        assert figure["source"] in {s["id"] for s in LAYERS[name]["layer"]["sources"]}
        members = set(figure["members"])
        assert members <= {f["id"] for f in features(name)}
        if figure["unit"] in COUNTS and name != "districts":
            assert len(members) == figure["value"]


def sums(layer: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """What a reader may add up: each number of a layer, as a whole and by every coded value."""
    schema = layer["layer"]["schema"]["fields"]
    told = [feature["properties"] for feature in layer["features"]]
    for field in schema:
        if field["type"] not in {"number", "integer"} or field.get("role") == "uncertainty":
            continue  # a radius is never added up
        key = field["name"]
        yield key, sum(p[key] or 0 for p in told)
        for coded in (f for f in schema if f.get("codes")):
            for code in coded["codes"]:
                chosen = [p for p in told if code in (p[coded["name"]] or [])]
                yield f"{key} where {coded['name']}={code}", sum(p[key] or 0 for p in chosen)


def joint(total: float) -> bool:
    """Is it a multiple of an amount that belongs to several features together?"""
    amounts = [float(row["value"]) for row in FIGURES if row["unit"] not in COUNTS]
    return total != 0 and any(abs(total / a - round(total / a)) < 1e-9 for a in amounts)


@each_layer
def test_no_number_adds_up_to_a_joint_figure(name: str) -> None:
    assert [label for label, total in sums(LAYERS[name]) if joint(total)] == []


def test_the_search_for_joint_figures_finds_one_split_over_two_features() -> None:
    field = {"name": "amount", "type": "number"}
    halves = [{"properties": {"amount": 43.15}}, {"properties": {"amount": 43.15}}]
    layer = {"layer": {"schema": {"fields": [field]}}, "features": halves}
    assert [joint(total) for _, total in sums(layer)] == [True]
    assert not joint(43.15)


def test_each_joint_amount_stands_once() -> None:
    numbers = Counter(
        float(value)
        for document in (*LAYERS.values(), ZONE)
        for key, value in walk(document)
        if isinstance(value, int | float) and key != "position_uncertainty_m"
    )
    assert (numbers[86.3], numbers[5000.0], numbers[903.1]) == (1, 1, 1)


def test_a_joint_amount_stands_in_words_in_its_figure_and_the_headline_only() -> None:
    amount = re.compile(r"86\.3|\b8\.63\b|5,?000 ?P|903\.1|90\.31")
    documents = (*LAYERS.values(), ZONE)
    said = Counter(
        str(value)
        for document in documents
        for _, value in walk(document)
        if isinstance(value, str) and amount.search(value)
    )
    figures = [f for d in LAYERS.values() for f in d["layer"].get("figures", [])]
    texts = [f["text"] for f in figures if f["unit"] not in COUNTS]
    lines = [e["text"] for e in ZONE["headline"] if amount.search(e["text"]["zh"])]
    assert len(texts) == len(lines) == 3
    assert said == Counter(text[language] for text in texts + lines for language in ("zh", "en"))


def test_the_words_of_a_figure_say_its_value_and_its_qualifier() -> None:
    words = {3: ("三", "three"), 4: ("四", "four")}
    for figure in (f for d in LAYERS.values() for f in d["layer"].get("figures", [])):
        zh, en, value = figure["text"]["zh"], figure["text"]["en"], figure["value"]
        if figure["unit"] == "亿元":  # 100 million
            assert (f"{value:g}亿元" in zh, f"CNY {value / 10:g} billion" in en) == (True, True)
        elif figure["unit"] == "P":
            assert (f"{value:g}P" in zh, f"{value:,}P" in en) == (True, True)
        else:
            numeral = words.get(value, (str(value), str(value)))
            assert zh.startswith((str(value), numeral[0])), zh
            assert en.startswith((str(value), numeral[1])), en
        for language, parts in QUALIFIERS[figure["qualifier"]].items():
            assert all(part in figure["text"][language] for part in parts), figure["id"]


def test_no_project_has_an_amount_and_most_have_no_place() -> None:
    numeric = [f for f, spec in fields("signed-projects").items() if spec["type"] == "number"]
    assert numeric == []
    told = [feature["properties"] for feature in features("signed-projects")]
    assert not re.search(r"[亿万]元|CNY|\byuan\b|[mb]illion", json.dumps(told, ensure_ascii=False))
    places = ["unknown"] * 9 + ["district", "township", "park"]
    assert Counter(p["placement"] for p in told) == Counter(places)
    assert [p["district"] for p in told if p["district_basis"] == "inferred"] == [["320509"]]
    assert set(Counter(p["signing_field"] for p in told).values()) == {3}


def test_what_is_counted_in_parts_counts_as_the_report_does() -> None:
    counts = {
        name: [
            sum(f["properties"][rule["field"]] in group["codes"] for f in features(name))
            for group in rule["groups"]
        ]
        for name, document in LAYERS.items()
        if (rule := document["layer"].get("count_as"))
    }
    assert counts == {"compute-centres": [2, 3], "low-altitude": [3, 4, 4, 6], "innovation": [4, 5]}

"""What the groups of a statistic are called in the reader's language."""

import re
from collections.abc import Mapping

from layers.model import Text
from server.html_values import MONTHS, Words, joined, text_of
from server.stats_fields import Part
from server.stats_groups import Value

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def label_of(
    part: Part, value: Value, districts: Mapping[str, Text], lang: str, words: Words
) -> str:
    if value is None or value == ():
        key = "stats.unknown" if value is None else "stats.several"
        return words[key].replace("{field}", part.field.label.of(lang))
    if isinstance(value, tuple):
        return joined((label_of(part, one, districts, lang, words) for one in value), lang)
    if part.unit:
        return period(str(value), lang)
    if part.is_district and value in districts:
        return districts[value].of(lang)
    return text_of(part.field, value, lang, words) or words["filter.blank"]


def period(text: str, lang: str) -> str:
    """A year, or a month of one: 2024年8月, August 2024."""
    found = MONTH.fullmatch(text)
    if found:
        year, month = map(int, found.groups())
        return f"{year}年{month}月" if lang == "zh" else f"{MONTHS[month - 1]} {year}"
    return f"{text}年" if lang == "zh" and text.isdigit() else text

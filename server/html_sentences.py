"""Sentences of the API's own documents, which are English, in the language of a page's reader."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson

TEXT = Path(__file__).parent / "text"
GAP = re.compile(r"\\\{(\w+)\\\}")


def in_language(sentence: str, lang: str) -> str | None:
    """None where nobody has written it in that language; `Title: sentence` keeps its title."""
    if lang != "zh":
        return sentence
    plain, patterns = _sentences()
    if sentence in plain:
        return plain[sentence]
    for pattern, said in patterns:
        if found := pattern.fullmatch(sentence):
            return said.format_map(found.groupdict())
    title, _, rest = sentence.rpartition(": ")
    return f"{title}：{plain[rest]}" if title and rest in plain else None


@cache
def _sentences() -> tuple[Mapping[str, str], list[tuple[re.Pattern[str], str]]]:
    """Those without a gap, and those with one, such as the name of a field."""
    known: dict[str, str] = orjson.loads((TEXT / "sentences.zh.json").read_bytes())
    patterns = [
        (re.compile(GAP.sub(r"(?P<\1>.+)", re.escape(english))), said)
        for english, said in known.items()
        if "{" in english
    ]
    return {key: said for key, said in known.items() if "{" not in key}, patterns

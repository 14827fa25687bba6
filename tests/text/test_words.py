"""The page's words: the same in both languages, each used, and Chinese where Chinese is meant."""

import json
import re
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "server"
WORDS: dict[str, dict[str, str]] = {
    lang: json.loads((SERVER / f"text/{lang}.json").read_text(encoding="utf-8"))
    for lang in ("zh", "en")
}
SOURCES = {
    path.relative_to(SERVER).as_posix(): path.read_text(encoding="utf-8")
    for pattern in ("static/*.js", "templates/*.html", "*.py", "picture/*.py", "profile/*.py")
    for path in sorted(SERVER.glob(pattern))
}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# `word("a.b")`, `words["a.b"]`, or a key that stands in a table and is said later.
LITERAL = re.compile(r"""["'`]([a-z]+\.[a-z_]+)["'`]""")
FILE = re.compile(r"\.(js|css|json|html)$")
# `word(value ? "yes" : "no")`
CALL = re.compile(r"\bword\(([^()]*)\)")
# A key made from a value: "placement.${…}".
MADE = re.compile(r"`([a-z]+\.[a-z_]*)\$\{")
NAMES_AND_UNITS = {
    "JSON", "CSV", "English", "EN", "QGIS", "ArcGIS", "Pro", "Online", "JS", "API", "GDAL",
    "Python", "Excel", "GIS", "WFS", "OGC", "Features", "GeoPackage", "GeoDataFrame", "Ctrl", "C",
    "MB", "WGS", "Esc", "B", "PNG", "SVG", "ZIP",
}  # fmt: skip
# What stands as it is typed: switches of the command line, extensions of files.
TYPED = re.compile(r"--[a-z-]+|\.[a-z]{3,4}\b|esri-leaflet")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def literals() -> set[str]:
    """Keys that the code names; what only looks like one belongs to no group of words."""
    groups = {key.partition(".")[0] for key in WORDS["zh"]}
    dotted = {key for text in SOURCES.values() for key in LITERAL.findall(text)}
    found = {key for key in dotted if key.partition(".")[0] in groups and not FILE.search(key)}
    said = {call for text in SOURCES.values() for call in CALL.findall(text)}
    bare = [call for call in said if "`" not in call]
    return found | {key for call in bare for key in re.findall(r'"([a-z]+)"', call)}


def made() -> set[str]:
    return {prefix for text in SOURCES.values() for prefix in MADE.findall(text)}


def test_both_languages_have_the_same_words() -> None:
    assert list(WORDS["zh"]) == list(WORDS["en"])


@pytest.mark.parametrize("key", WORDS["zh"])
def test_a_word_says_the_same_in_both_languages(key: str) -> None:
    zh, en = WORDS["zh"][key], WORDS["en"][key]
    assert zh.strip()
    assert en.strip()
    assert sorted(PLACEHOLDER.findall(zh)) == sorted(PLACEHOLDER.findall(en))
    said = TYPED.sub("", PLACEHOLDER.sub("", zh))
    assert set(re.findall(r"[A-Za-z]+", said)) <= NAMES_AND_UNITS
    assert not CHINESE.search(en) or key.startswith("lang.other")
    # 项 on the page, never the file format's word; 要素服务 is what Esri calls its service.
    assert "要素" not in zh.replace("要素服务", "")


def test_every_word_is_used() -> None:
    used = literals()
    unused = {
        key
        for key in WORDS["zh"]
        if key not in used and not any(key.startswith(prefix) for prefix in made())
    }
    assert unused == set()


def test_every_word_that_is_used_exists() -> None:
    assert literals() - set(WORDS["zh"]) == set()
    for prefix in made():
        assert any(key.startswith(prefix) for key in WORDS["zh"]), prefix


def test_the_search_finds_words() -> None:
    assert {"panel.title", "map.zoom_in", "legend.exact"} <= literals()
    assert {"placement.", "detail.source_"} <= made()


def test_values_are_given_to_every_placeholder() -> None:
    """A sentence with a gap is always said with values."""
    for name, text in SOURCES.items():
        for key in re.findall(r"""\bword\("([a-z.]+_?[a-z_]*)"\)""", text):
            assert not PLACEHOLDER.findall(WORDS["zh"].get(key, "")), f"{name}: {key}"

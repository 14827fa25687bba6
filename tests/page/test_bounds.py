"""What the page and the server each check for themselves: they take and refuse the same."""

import json

import pytest

from server.picture.parameters import (
    DEEPEST,
    LONGEST_SLIDE_TITLE,
    MOST_SLIDES,
    parse_slides,
)
from tests.page.node import node

LONGEST = "长" * LONGEST_SLIDE_TITLE
SLIDES: list[object] = [
    [["", {}]],
    [[LONGEST, {"zoom": "9", "filter": "a=1"}]],
    [["\U0001f4a5" * (LONGEST_SLIDE_TITLE // 2), {}]],
    [["a", {}]] * MOST_SLIDES,
    [["a", {"__proto__": "x", "utm": "x", "form": "x"}]],
    [],
    {},
    None,
    [["a", {}]] * (MOST_SLIDES + 1),
    [[LONGEST + "x", {}]],
    [["\U0001f4a5" * (LONGEST_SLIDE_TITLE // 2 + 1), {}]],
    [["a"]],
    [["a", {}, 1]],
    [[1, {}]],
    [["a", None]],
    [["a", []]],
    *([["a", {"zoom": value}]] for value in (9, None, True, ["9"], {"a": "b"})),
    *([["a", {name: "x"}]] for name in ("slides", "lang", "theme", "f", "utm_", "utm_source")),
]
TEXTS = [json.dumps(one) for one in SLIDES] + ["", "x", "[[", '[["a",{}]] x']


def is_taken(text: str) -> bool:
    try:
        parse_slides(text)
    except ValueError:
        return False
    return True


@pytest.mark.slow
def test_a_link_s_slides_are_taken_by_both_or_by_none() -> None:
    script = f"""import("./server/static/slides.js").then((slides) =>
      console.log(JSON.stringify([slides.MOST, slides.LONGEST_TITLE,
        {json.dumps(TEXTS)}.map((text) => slides.parseSlides(text) !== null)])))"""
    most, longest, taken = json.loads(node("-e", script))
    assert (most, longest) == (MOST_SLIDES, LONGEST_SLIDE_TITLE)
    assert taken == [is_taken(text) for text in TEXTS]
    assert taken == [True] * 5 + [False] * (len(TEXTS) - 5)


@pytest.mark.slow
def test_no_command_goes_deeper_than_a_picture() -> None:
    script = f"""import("./tests/page/globals.js").then(() =>
      import("./server/static/commands.js")).then(({{ readCommand }}) =>
      console.log(JSON.stringify([{DEEPEST}, {DEEPEST + 1}].map((zoom) =>
        readCommand("setView", {{ zoom }}, {{}}) ))))"""
    deepest, deeper = json.loads(node("-e", script))
    assert deepest == {"order": {"place": {"zoom": DEEPEST}}}
    assert deeper == {"wrong": ["zoom"]}

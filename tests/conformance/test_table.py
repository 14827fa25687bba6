"""docs/conformance.md and these tests say the same; what is declared has tests."""

import ast
import re
from pathlib import Path

from server.landing import CLASSES

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "conformance.md"
ROW = re.compile(r"^\| `/conf/([a-z0-9-]+)/([A-Za-z0-9_-]+)` \| (passed|not covered)", re.MULTILINE)
# Named by the standard, and not for a server without it to test.
UNTESTED = ("ogcapi-features-5/1.0",)


def name_of(group: str, name: str) -> str:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", f"{group}__{name}")
    return "test_" + snake.replace("-", "_").lower()


def named_tests() -> set[str]:
    """Those with an id of the standard in their name."""
    found = set()
    for path in HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and re.match(r"test_\w+?__\w", node.name):
                found.add(node.name)
    return found


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(DOCS.read_text(encoding="utf-8"))


def test_every_id_said_to_pass_has_a_test_and_the_other_way_round() -> None:
    passed = {name_of(group, name) for group, name, state in rows() if state == "passed"}
    assert passed == named_tests()


def test_no_id_stands_twice() -> None:
    ids = [(group, name) for group, name, _ in rows()]
    assert len(ids) == len(set(ids))


def test_every_class_declared_has_ids_that_pass() -> None:
    passed = {group for group, _, state in rows() if state == "passed"}
    for part, names in CLASSES.items():
        if part not in UNTESTED:
            assert set(names) <= passed

"""The page's modules in Node, without a page: every *.test.js beside this file."""

from pathlib import Path

import pytest

from tests.page.node import node

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.test.js"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.partition(".")[0])
def test_module(file: Path) -> None:
    node("--test-reporter=spec", str(file))

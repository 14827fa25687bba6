"""The page's modules keep the types that their comments say, as TypeScript's compiler sees it."""

import pytest

from tests.page.node import node, package


@pytest.mark.slow
def test_the_modules_keep_their_types() -> None:
    assert node(package("typescript/bin/tsc"), "--project", "jsconfig.json") == ""

"""The made-up layer, once for all tests of filters."""

from collections.abc import Iterator

import pytest

from tests.layers.filter.places import Places, features


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    made = Places(tmp_path_factory.mktemp("filter"), features())
    yield made
    made.close()

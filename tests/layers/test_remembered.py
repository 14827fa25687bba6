"""What is remembered of a layer, asked for by many threads at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from layers.stores.remembered import MOST_KEPT, Remembered


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns so often that they meet wherever they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_a_finding_is_kept_for_its_version() -> None:
    remembered = Remembered()
    assert remembered.get("a", "1", lambda: 7) == 7
    assert remembered.get("a", "1", lambda: 8) == 7
    assert remembered.get("a", "2", lambda: 9) == 9


def test_the_oldest_goes_first() -> None:
    remembered = Remembered()
    for key in range(MOST_KEPT):
        remembered.get(key, "1", lambda: "first")
    remembered.get(0, "1", lambda: "again")
    remembered.get("new", "1", lambda: "new")
    assert remembered.get(0, "1", lambda: "again") == "first"
    assert remembered.get(1, "1", lambda: "again") == "again"


@pytest.mark.usefixtures("hasty")
def test_threads_may_ask_for_more_than_is_kept() -> None:
    remembered = Remembered()

    def ask(start: int) -> bool:
        keys = [start * 7 + n for n in range(3 * MOST_KEPT)]
        return all(remembered.get(key, "1", lambda key=key: key) == key for key in keys)

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(ask, range(8)))

"""Long rows of cases: the first ones are quick tests, the whole run takes them all."""

from collections.abc import Iterable
from typing import Any

import pytest


def first_quick(number: int, row: Iterable[Any]) -> list[Any]:
    """The cases for `parametrize`, of which all but the first so many are marked slow."""
    cases = [one if isinstance(one, tuple) else (one,) for one in row]
    slow = [pytest.param(*one, marks=pytest.mark.slow) for one in cases[number:]]
    return [pytest.param(*one) for one in cases[:number]] + slow


def first_zone_quick(fixture: str = "site") -> pytest.MarkDecorator:
    """For what takes long with a zone: the quick tests try the bundled one only."""
    return pytest.mark.parametrize(fixture, first_quick(1, ["bundled", "made_up"]), indirect=True)

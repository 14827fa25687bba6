"""Values in the one form that is kept."""

import pytest

from layers.values import as_datetime


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2024-08-23T10:00:00+08:00", "2024-08-23T02:00:00.000Z"),
        ("2024-08-23t10:00z", "2024-08-23T10:00:00.000Z"),
        ("2024-08-23 10:00:00.1239999Z", "2024-08-23T10:00:00.123Z"),
        ("0987-01-02T03:04:05Z", "0987-01-02T03:04:05.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("0001-01-01T00:00:00+01:00", None),
        ("2024-02-30T00:00:00Z", None),
        ("2024-08-23", None),
    ],
)
def test_a_moment_is_kept_in_utc_with_four_digits_of_its_year(given: str, kept: str | None) -> None:
    assert as_datetime(given) == kept

"""Dates and timestamps: how they may be written, and the one form in which they are compared.

Both are kept as text whose code-point order is the order of time: a date as 2024-08-23, a timestamp
as 2024-08-23T10:00:00.000Z, which is also how our GeoPackage keeps them (milliseconds are the
finest there). The unbounded ends of intervals are texts before and after all of these.
"""

import datetime
import re

from layers.filter.errors import FilterError, Place, short

BEFORE_ALL = ""
AFTER_ALL = "~"
DAY = 10  # characters of a date, and of the date that a timestamp starts with

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?Z")
_STORED = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_CANONICAL_LENGTH = 24


def checked_date(text: object, at: Place) -> str:
    if not isinstance(text, str) or not _DATE.fullmatch(text) or not _on_the_calendar(text):
        raise FilterError(f"{short(text)} is not a date; one looks like '2024-08-23'", at)
    return text


def checked_timestamp(text: object, at: Place) -> str:
    """As written: Z is the only zone that CQL2 knows (rule utcTime)."""
    found = _TIMESTAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None or not _on_the_calendar(found[1]):
        allowed = "one looks like '2024-08-23T10:00:00Z' (always UTC, with Z)"
        raise FilterError(f"{short(text)} is not a timestamp; {allowed}", at)
    return found[0]


def instant_type(text: object, at: Place) -> str:
    """What a bare text in an interval, or beside a temporal property, stands for."""
    if isinstance(text, str) and len(text) == DAY:
        checked_date(text, at)
        return "date"
    if not isinstance(text, str) or "T" not in text:
        allowed = "like '2024-08-23' or '2024-08-23T10:00:00Z'"
        raise FilterError(f"{short(text)} is not a date or a timestamp, {allowed}", at)
    checked_timestamp(text, at)
    return "timestamp"


def canonical(timestamp: str) -> str:
    """A checked timestamp to the millisecond; what is finer is cut off, as on the way in."""
    seconds, _, fraction = timestamp[:-1].partition(".")
    return f"{seconds}.{fraction[:3]:0<3}Z"


def stored_instant(value: object) -> str | None:
    """The same form for whatever a program has put into a column; None if it is no time."""
    if not isinstance(value, str):
        return None
    if len(value) == _CANONICAL_LENGTH and _TIMESTAMP.fullmatch(value):
        return value
    found = _STORED.fullmatch(value)
    if found is None:
        return None
    day, minute, second, fraction, zone = found.groups()
    text = f"{day}T{minute}{second or ':00'}"
    if zone in (None, "Z", "z"):  # without a zone it is UTC, as the GeoPackage standard has it
        return canonical(f"{text}{fraction or ''}Z") if _on_the_calendar(text) else None
    try:
        moment = datetime.datetime.fromisoformat(text + zone).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
    return canonical(f"{moment.replace(tzinfo=None).isoformat()}{fraction or ''}Z")


def _on_the_calendar(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def days_around(instant: str) -> tuple[str, str] | None:
    """A day before and two days after: every spelling of the instant starts with one between.

    Zones differ from UTC by less than a day. None at the ends of the calendar.
    """
    try:
        day = datetime.date.fromisoformat(instant[:DAY])
        after = day + datetime.timedelta(days=2)
        before = day - datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return before.isoformat(), after.isoformat()

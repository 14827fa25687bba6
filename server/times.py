"""The parameter `datetime` (OGC API Features, 7.15.4): an instant, a day, or an interval."""

import datetime
import re
from typing import NamedTuple

from server.allowed import Allowed

# GDAL writes a day without its time so: 2024-08-23T. To its SQL that is the first second.
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T?)", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?"
    r"(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)
OPEN = ("", "..")
_MILLISECOND = datetime.timedelta(milliseconds=1)
_DAY = datetime.timedelta(days=1)


class Period(NamedTuple):
    """From the first instant to the last, both in it; None: without end to that side (UTC)."""

    start: datetime.datetime | None
    end: datetime.datetime | None


def parse_datetime(text: str) -> Period:
    ends = text.split("/")
    if len(ends) == 1:
        return _one(text)
    if len(ends) != 2:
        raise ValueError
    first, last = ends
    if first.startswith("P") or last.startswith("P"):
        period = _lasting(first, last)
    else:
        start = None if first in OPEN else _one(first).start
        end = None if last in OPEN else _one(last).end
        period = Period(start, end)
    if period.start and period.end and period.start > period.end:
        raise Allowed("an interval that does not end before it starts")
    return period


def stamp(instant: datetime.datetime) -> str:
    """As the store keeps times: UTC, to the millisecond."""
    return instant.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _one(text: str) -> Period:
    """An instant; a day is all of it."""
    try:
        if date := _DATE.fullmatch(text):
            day = datetime.datetime.fromisoformat(date[1]).replace(tzinfo=datetime.UTC)
            return Period(day, day if date[2] else day + (_DAY - _MILLISECOND))
        found = _INSTANT.fullmatch(text)
        if found is None:
            raise ValueError
        day_text, time, fraction, zone = found.groups()
        leap = time.endswith(":60")  # RFC 3339 knows the leap second, Python does not
        written = f"{day_text}T{time[:-2] + '59' if leap else time}{(fraction or '')[:4]}"
        instant = datetime.datetime.fromisoformat(written + zone.upper())
        instant = instant.astimezone(datetime.UTC)
        return Period(instant, instant)
    except (ValueError, OverflowError):
        raise ValueError from None


def _lasting(first: str, last: str) -> Period:
    """start/P2D or P2D/end: as long as the duration says."""
    try:
        if last.startswith("P"):
            start = _one(first).start
            return Period(start, _moved(start, last, 1))
        end = _one(last).end
        return Period(_moved(end, first, -1), end)
    except OverflowError:
        raise ValueError from None


def _moved(instant: datetime.datetime | None, duration: str, sign: int) -> datetime.datetime:
    found = _DURATION.fullmatch(duration)
    if found is None or instant is None:
        raise ValueError
    years, months, weeks, days, hours, minutes, seconds = (
        int(part) if part else 0 for part in found.groups()
    )
    month = instant.month - 1 + sign * (12 * years + months)
    year, month = instant.year + month // 12, month % 12 + 1
    if not 1 <= year <= 9999:
        raise ValueError
    day = min(instant.day, _days_in(year, month))
    moved = instant.replace(year=year, month=month, day=day)
    return moved + sign * datetime.timedelta(
        weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
    )


def _days_in(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (datetime.date(year, month + 1, 1) - datetime.date(year, month, 1)).days

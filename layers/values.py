"""A feature's property values: checked against their fields, in the one form that is kept."""

import datetime
import math
import re
from collections.abc import Callable

from layers.model import PLACEMENTS, Field

Check = Callable[[object], object]

INT64 = 2**63
YES_NO = {"zh": ("否", "是"), "en": ("no", "yes")}
_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def check_of(field: Field) -> Check:
    """What turns a value of the field into the form it is kept in, or raises ValueError(why)."""
    check = _CHECKS[field.type]
    codes = PLACEMENTS if field.codes is None and field.role == "placement" else field.codes
    if not codes:
        return check

    def coded(value: object) -> object:
        checked = check(value)
        for code in checked if isinstance(checked, list) else [checked]:
            if code not in codes:
                raise ValueError(f"is {_short(code)}; its codes are {', '.join(codes)[:300]}")
        return checked

    return coded


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a text, not {_short(value)}")
    if "\0" in value:
        raise ValueError("has a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("has half a character (a lone surrogate)") from None
    return value


def _integer(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise ValueError(f"must be a whole number, not {_short(value)}")
    if not -INT64 <= value < INT64:
        raise ValueError(f"is {_short(value)}, too large for 64 bits")
    return value


def _number(value: object) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"must be a number, not {_short(value)}")
    assert isinstance(value, int | float)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("is not a finite number")
    return number


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {_short(value)}")
    return value


def _date(value: object) -> str:
    date = as_date(value)
    if date is None:
        raise ValueError(f"must be a date like 2024-08-23, not {_short(value)}")
    return date


def _datetime(value: object) -> str:
    moment = as_datetime(value)
    if moment is None:
        allowed = "a date and time with its offset, like 2024-08-23T10:00:00+08:00"
        raise ValueError(f"must be {allowed}, not {_short(value)}")
    return moment


def _list(value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"must be a list of texts, not {_short(value)}")
    return [_text(member) for member in value]


_CHECKS: dict[str, Check] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "list": _list,
}


def as_date(value: object) -> str | None:
    """The text itself if it is a day of the calendar."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return None
    return value


def as_datetime(value: object) -> str | None:
    """A moment in UTC to the millisecond, the one form a GeoPackage has for it."""
    if not isinstance(value, str) or not _DATETIME.fullmatch(value):
        return None
    try:
        moment = datetime.datetime.fromisoformat(value.upper()).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _short(value: object) -> str:
    # A slice first: the text of a list of a million members is long in the making.
    text = repr(value[:40] if isinstance(value, str | list | tuple) else value)
    return text if len(text) <= 60 else text[:57] + "..."

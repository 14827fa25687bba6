"""Arithmetic as SQLite does it, so that every way to answer a filter gives the same number.

Integers have 64 bits and become floating point where a result does not fit. `/` is the division of
real numbers, `div` cuts its quotient off towards zero and `%` has the sign of the dividend, as in
SQL. What has no value (division by zero, a root of a negative number) is unknown.
"""

import math
from collections.abc import Callable

INT64 = 2**63
Number = int | float


def calculate(op: str, left: Number | None, right: Number | None) -> Number | None:
    if left is None or right is None:
        return None
    result = _OPERATIONS[op](left, right)
    if result is None or result != result:  # not a number
        return None
    return result


def _exact(
    operation: Callable[[Number, Number], Number],
) -> Callable[[Number, Number], Number | None]:
    def calculated(left: Number, right: Number) -> Number | None:
        result = operation(left, right)
        if isinstance(result, int) and not -INT64 <= result < INT64:
            return operation(float(left), float(right))
        return result

    return calculated


def _divide(left: Number, right: Number) -> Number | None:
    return float(left) / float(right) if right else None


def _whole(left: Number, right: Number) -> Number | None:
    if not right:
        return None
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        signed = quotient if (left < 0) == (right < 0) else -quotient
        return signed if signed < INT64 else float(signed)
    quotient_ = float(left) / float(right)
    return float(math.trunc(quotient_)) if math.isfinite(quotient_) else quotient_


def _modulo(left: Number, right: Number) -> Number | None:
    if not right:
        return None
    if isinstance(left, int) and isinstance(right, int):
        rest = abs(left) % abs(right)
        return rest if left >= 0 else -rest
    return None if math.isinf(left) else math.fmod(left, right)


def _power(left: Number, right: Number) -> Number | None:
    if isinstance(left, int) and isinstance(right, int) and 0 <= right < 64:
        exact: int = left**right
        if -INT64 <= exact < INT64:
            return exact
    try:
        return math.pow(left, right)
    except ValueError:
        return None
    except OverflowError:
        negative = left < 0 and float(right) % 2 == 1
        return -math.inf if negative else math.inf


_OPERATIONS: dict[str, Callable[[Number, Number], Number | None]] = {
    "+": _exact(lambda left, right: left + right),
    "-": _exact(lambda left, right: left - right),
    "*": _exact(lambda left, right: left * right),
    "/": _divide,
    "div": _whole,
    "%": _modulo,
    "^": _power,
}

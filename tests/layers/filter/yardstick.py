"""Fixed work beside which other work is measured, so that a bound on time holds on any machine."""

import re
import time
from collections.abc import Callable
from statistics import median

# What a filter takes most of its time for: one expression after the other, and a small object for
# what each finds. It takes 1.0 ms on the machine on which a filter has 10 ms.
TEXT = "pop = 1 AND name <> 'x' OR ( open ) " * 217
WORD = re.compile(r"\s*(\w+|'[^']*'|\S)")
PAIRS = 7


def fixed_work() -> list[tuple[int | None, str]]:
    found, at = [], 0
    while word := WORD.match(TEXT, at):
        found.append((word.lastindex, word[1].casefold()))
        at = word.end()
    return found


def spent(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def in_yardsticks(work: Callable[[], object]) -> float:
    """How many times as long as the fixed work it takes: the median of several pairs.

    Both of a pair come right after each other, so what slows the machine slows both.
    """
    return median(spent(work) / spent(fixed_work) for _ in range(PAIRS))

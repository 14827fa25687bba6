"""Names of at most ten bytes, which is all that a dBASE table has for those of its columns."""

import re
from collections.abc import Sequence

LONGEST = 10
_ODD = re.compile(r"\W+")
_NAMELESS = "field"


def short_names(names: Sequence[str], encoding: str) -> list[str]:
    """Cut at whole characters, never empty, and no two alike where case does not count.

    What is no letter, digit or underscore becomes an underscore: ArcGIS takes no other names.
    """
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = _ODD.sub("_", name.encode(encoding, "ignore").decode(encoding))
        short, number = _cut(plain, encoding), 1
        while short.lower() in taken:
            number += 1
            short = _cut(plain, encoding, str(number))
        taken.add(short.lower())
        found.append(short)
    return found


def _cut(name: str, encoding: str, number: str = "") -> str:
    room = LONGEST - len(number)
    kept = name.encode(encoding)[:room].decode(encoding, "ignore")
    return (kept if kept.strip("_") else _NAMELESS) + number

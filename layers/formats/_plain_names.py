"""Names that fit where only short and plain ones do: ten bytes of dBASE, 64 characters of Esri."""

import re
from collections.abc import Collection, Sequence

_ODD = re.compile(r"\W+")
_NAMELESS = "field"


def plain_names(
    names: Sequence[str], longest: int, encoding: str, reserved: Collection[str] = ()
) -> list[str]:
    """Of at most `longest` bytes in `encoding`, in the order of `names`.

    They are cut at whole characters, never empty, not `reserved`, and no two are alike where case
    does not count. What is no letter, digit or underscore becomes an underscore.
    """
    found: list[str] = []
    taken = {one.lower() for one in reserved}
    for name in names:
        plain = _ODD.sub("_", name.encode(encoding, "ignore").decode(encoding))
        short, number = _cut(plain, longest, encoding), 1
        while short.lower() in taken:
            number += 1
            short = _cut(plain, longest, encoding, str(number))
        taken.add(short.lower())
        found.append(short)
    return found


def _cut(name: str, longest: int, encoding: str, number: str = "") -> str:
    room = longest - len(number.encode(encoding))
    kept = name.encode(encoding)[:room].decode(encoding, "ignore")
    return (kept if kept.strip("_") else _NAMELESS) + number

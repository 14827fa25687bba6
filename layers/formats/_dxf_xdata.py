"""The fields of a feature on a DXF entity: extended data that any CAD program keeps and lists.

Under our name: the layer's id, the feature's id, the number of the part and of the ring in it (0
is the outer one), then for each field that has a value, in braces, its name and its value. Long
texts go on in the next group. What does not fit into the 16 kB that an entity may have goes into an
extension record of the first entity, in the same order.
"""

from typing import NamedTuple

from layers.export.fields import list_text
from layers.formats._dxf_text import line
from layers.model import Feature

APPLICATION = "ZONEATLAS"
_INT32 = 2**31
_PIECE = 60  # characters, at most 240 bytes: a group holds 255
_ROOM = 15_000  # bytes, of 16,383 for all of an entity


class Fields(NamedTuple):
    """Of one feature: what its entities have, and what only a record has room for."""

    head: str
    text: str
    rest: str


def fields_of(layer: str, feature: Feature) -> Fields:
    head = f"1001\n{APPLICATION}\n1000\n{line(layer)}\n1000\n{feature.id}\n"
    found: list[str] = []
    rest: list[str] = []
    room = _ROOM
    for name, value in feature.properties.items():
        if value is None:
            continue
        groups = [*_texts(name[:_PIECE]), *_value(value)]
        text = "".join([f"{code}\n{one}\n" for code, one in groups])
        room -= len(text.encode())
        if room > 0 and not rest:
            found.append(f"1002\n{{\n{text}1002\n}}\n")
        else:  # a record has group codes of its own
            rest += [f"{1 if n == 0 else 300}\n{one}\n" for n, (_, one) in enumerate(groups)]
    return Fields(head, "".join(found), "".join(rest))


def extended(fields: Fields, part: int = 1, ring: int = 0) -> str:
    return f"{fields.head}1070\n{part}\n1070\n{ring}\n{fields.text}"


def _value(value: object) -> list[tuple[int, str]]:
    if isinstance(value, str):
        return _texts(value)
    if isinstance(value, bool):
        return [(1000, "true" if value else "false")]
    if isinstance(value, float):
        return [(1040, repr(value))]
    if isinstance(value, int) and -_INT32 <= value < _INT32:
        return [(1071, str(value))]
    return _texts(list_text(value) if isinstance(value, list) else str(value))


def _texts(text: str) -> list[tuple[int, str]]:
    if len(text) <= _PIECE:
        return [(1000, line(text))]
    return [(1000, line(text[n : n + _PIECE])) for n in range(0, len(text), _PIECE)]

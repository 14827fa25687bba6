"""DXF entities written one by one, each with a handle of its own; none is kept in memory."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import IO

from layers.formats._dxf_text import drawn, width
from layers.formats._dxf_xdata import APPLICATION, Fields, extended

TEXT_STYLE = "ZONEATLAS"
Place = Sequence[float]


class Bounds:
    """The box around all that was added; nothing yet is no box."""

    def __init__(self) -> None:
        self.least, self.most = [inf, inf], [-inf, -inf]

    def add(self, x: float, y: float) -> None:
        least, most = self.least, self.most
        least[0], least[1] = min(least[0], x), min(least[1], y)
        most[0], most[1] = max(most[0], x), max(most[1], y)

    def __bool__(self) -> bool:
        return self.least[0] <= self.most[0]

    @property
    def size(self) -> float:
        """The longer side."""
        return max(self.most[0] - self.least[0], self.most[1] - self.least[1]) if self else 0.0


class Entities:
    """Writes to `entities` what stands in model space, to `records` what hangs on it."""

    def __init__(
        self, entities: IO[str], records: IO[str], space: str, handle: int, decimals: int
    ) -> None:
        self._entities, self._records = entities, records
        self._space, self._decimals = space, decimals
        self.next_handle = handle
        self.bounds = Bounds()

    def point(self, layer: str, place: Place, fields: Fields, part: int) -> None:
        x, y = self._taken(place)
        self._write("POINT", layer, f"100\nAcDbPoint\n10\n{x}\n20\n{y}\n30\n0\n", fields, part)

    def line(
        self, layer: str, places: Sequence[Place], fields: Fields, part: int, ring: int | None
    ) -> None:
        """An open line; with a `ring` the closed one of an area."""
        closed = ring is not None
        corners = [self._taken(place) for place in (places[:-1] if closed else places)]
        body = f"100\nAcDbPolyline\n90\n{len(corners)}\n70\n{int(closed)}\n43\n0\n" + "".join(
            f"10\n{x}\n20\n{y}\n" for x, y in corners
        )
        self._write("LWPOLYLINE", layer, body, fields, part, ring or 0)

    def text(
        self, layer: str, place: Place, text: str, height: float, fields: Fields | None = None
    ) -> None:
        """Its left end on the base line at `place`."""
        x, y = self._taken(place)
        self.bounds.add(place[0] + width(text) * height, place[1] + height)
        body = (
            f"100\nAcDbText\n10\n{x}\n20\n{y}\n30\n0\n40\n{height!r}\n1\n{drawn(text)}\n"
            f"7\n{TEXT_STYLE}\n100\nAcDbText\n"
        )
        self._write("TEXT", layer, body, fields)

    def _taken(self, place: Place) -> tuple[float, float]:
        x, y = round(place[0], self._decimals) + 0.0, round(place[1], self._decimals) + 0.0
        self.bounds.add(x, y)
        return x, y

    def _write(
        self, kind: str, layer: str, body: str, fields: Fields | None, part: int = 1, ring: int = 0
    ) -> None:
        handle = self._handle()
        first = part == 1 and ring == 0
        record = self._record(handle, fields.rest) if fields and fields.rest and first else ""
        data = extended(fields, part, ring) if fields else ""
        self._entities.write(
            f"0\n{kind}\n5\n{handle}\n{record}330\n{self._space}\n100\nAcDbEntity\n8\n{layer}\n"
            f"{body}{data}"
        )

    def _record(self, owner: str, groups: str) -> str:
        book, record = self._handle(), self._handle()
        self._records.write(
            f"0\nDICTIONARY\n5\n{book}\n330\n{owner}\n100\nAcDbDictionary\n280\n1\n281\n1\n"
            f"3\n{APPLICATION}\n360\n{record}\n"
            f"0\nXRECORD\n5\n{record}\n330\n{book}\n100\nAcDbXrecord\n280\n1\n{groups}"
        )
        return f"102\n{{ACAD_XDICTIONARY\n360\n{book}\n102\n}}\n"

    def _handle(self) -> str:
        self.next_handle += 1
        return f"{self.next_handle - 1:X}"


def wrapped(text: str, widest: float) -> Iterator[str]:
    """Pieces no wider than so many heights."""
    piece, room = "", widest
    for character in text:
        room -= width(character)
        if room < 0 and piece:
            yield piece
            piece, room = "", widest - width(character)
        piece += character
    yield piece

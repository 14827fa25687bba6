"""A TrueType font read from its file, and the part of one that a few texts need.

Whole fonts are 10 MB; what a map says takes some hundred glyphs. Cutting them out with a general
subsetter takes 200 ms a weight, for it reads every table; here outlines are copied as they lie in
the file, 1 ms. Tables and their layouts: ISO/IEC 14496-22 (OpenType), chapter 5. Glyphs made of
others are not looked after: our fonts have none (a test holds it).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

COPIED = ("OS/2", "name", "prep", "gasp")
CHECKSUM = 0xB1B0AFBA


class Font:
    """One weight: what glyph a character has, how wide it is, and the glyphs' outlines."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        (tables,) = struct.unpack_from(">H", self._file, 4)
        self._tables: dict[str, tuple[int, int]] = {}
        for number in range(tables):
            tag, _, start, length = struct.unpack_from(">4sLLL", self._file, 12 + 16 * number)
            self._tables[tag.decode("latin-1")] = (start, length)
        head, across = self._table("head"), self._table("hhea")
        self.units: int = struct.unpack_from(">H", head, 18)[0]
        self.box: tuple[int, int, int, int] = struct.unpack_from(">4h", head, 36)
        self.ascent, self.descent = struct.unpack_from(">2h", across, 4)
        (self.cap_height,) = struct.unpack_from(">h", self._table("OS/2"), 88)
        (self.glyphs,) = struct.unpack_from(">H", self._table("maxp"), 4)
        (long_offsets,) = struct.unpack_from(">h", head, 50)
        offsets = np.frombuffer(self._table("loca"), ">u4" if long_offsets else ">u2")
        self._offsets = offsets.astype(np.int64) * (1 if long_offsets else 2)
        (metrics,) = struct.unpack_from(">H", across, 34)
        pairs = np.frombuffer(self._table("hmtx"), ">u2", 2 * metrics).reshape(-1, 2)
        self.advances = np.full(self.glyphs, pairs[-1, 0], np.uint16)
        self.advances[:metrics] = pairs[:, 0]
        self._glyph_of = _characters(self._table("cmap"))

    def _table(self, tag: str) -> bytes:
        start, length = self._tables[tag]
        return self._file[start : start + length]

    def glyph(self, character: str) -> int:
        """The number of its glyph; 0 where the font has none."""
        code = ord(character)
        return int(self._glyph_of[code]) if code < len(self._glyph_of) else 0

    def width(self, text: str, size: float) -> float:
        """How far a line of text goes, without kerning, in the unit of `size`."""
        advances = sum(int(self.advances[self.glyph(character)]) for character in text)
        return advances * size / self.units

    def outline(self, glyph: int) -> bytes:
        """A glyph's description, empty for a space."""
        start, _ = self._tables["glyf"]
        return self._file[start + self._offsets[glyph] : start + self._offsets[glyph + 1]]

    def part(self, characters: Iterable[str]) -> Part:
        """The font of these characters alone."""
        glyphs = {character: self.glyph(character) for character in sorted(set(characters))}
        kept = [0, *sorted({glyph for glyph in glyphs.values() if glyph})]
        numbers = {glyph: number for number, glyph in enumerate(kept)}
        outlines = [self.outline(glyph) for glyph in kept]
        letters = {character: numbers[glyph] for character, glyph in glyphs.items()}
        widths = [int(self.advances[glyph]) for glyph in kept]
        return Part(self, letters, widths, self._written(letters, widths, outlines))

    def _written(
        self, letters: Mapping[str, int], widths: list[int], outlines: list[bytes]
    ) -> bytes:
        head = bytearray(self._table("head"))
        head[8:12] = bytes(4)
        struct.pack_into(">h", head, 50, 1)  # long offsets
        across = bytearray(self._table("hhea"))
        struct.pack_into(">H", across, 34, len(widths))
        most = bytearray(self._table("maxp"))
        struct.pack_into(">H", most, 4, len(widths))
        bearings = [struct.unpack_from(">h", one, 2)[0] if one else 0 for one in outlines]
        ends = np.cumsum([0, *map(len, outlines)]).astype(">u4")
        tables = {tag: self._table(tag) for tag in COPIED if tag in self._tables}
        tables |= {
            "cmap": _character_table(letters),
            "glyf": b"".join(outlines),
            "head": bytes(head),
            "hhea": bytes(across),
            "hmtx": np.column_stack([widths, bearings]).astype(">i2").tobytes(),
            "loca": ends.tobytes(),
            "maxp": bytes(most),
            "post": struct.pack(">LlhhL4L", 0x00030000, 0, -100, 50, 0, 0, 0, 0, 0),
        }
        return _file_of(tables)


class Part:
    """A font of some characters: its file, the numbers of their glyphs, and all glyphs' widths."""

    def __init__(
        self, font: Font, letters: Mapping[str, int], widths: list[int], file: bytes
    ) -> None:
        self.font = font
        self.letters = letters
        self.widths = widths
        self.file = file


def _characters(table: bytes) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    """The glyph of each code point, from the table's segments of runs (format 12)."""
    (number,) = struct.unpack_from(">H", table, 2)
    for record in range(number):
        _, _, start = struct.unpack_from(">HHL", table, 4 + 8 * record)
        if struct.unpack_from(">H", table, start)[0] == 12:
            (groups,) = struct.unpack_from(">L", table, start + 12)
            runs = np.frombuffer(table, ">u4", 3 * groups, start + 16).reshape(-1, 3)
            found = np.zeros(int(runs[-1, 1]) + 1, np.uint16)
            for first, last, glyph in runs.tolist():
                found[first : last + 1] = np.arange(glyph, glyph + last - first + 1)
            return found
    raise ValueError("a font without a table of all characters (cmap format 12)")


def _character_table(letters: Mapping[str, int]) -> bytes:
    """A cmap of format 12 with a run for each character."""
    runs = [(ord(character), ord(character), glyph) for character, glyph in letters.items()]
    body = np.array(sorted(runs), ">u4").reshape(-1, 3).tobytes()
    head = struct.pack(">HHHHL", 0, 1, 3, 10, 12)
    return head + struct.pack(">HHLLL", 12, 0, 16 + len(body), 0, len(runs)) + body


def _file_of(tables: Mapping[str, bytes]) -> bytes:
    number = len(tables)
    power = number.bit_length() - 1
    header = struct.pack(
        ">LHHHH", 0x00010000, number, 16 << power, power, 16 * number - (16 << power)
    )
    place = 12 + 16 * number
    records, bodies, head = [], [], 0
    for tag, body in sorted(tables.items()):
        records.append(struct.pack(">4sLLL", tag.encode(), _sum(body), place, len(body)))
        if tag == "head":
            head = place
        padded = body + b"\0" * (-len(body) % 4)
        bodies.append(padded)
        place += len(padded)
    file = bytearray(b"".join([header, *records, *bodies]))
    struct.pack_into(">L", file, head + 8, (CHECKSUM - _sum(bytes(file))) & 0xFFFFFFFF)
    return bytes(file)


def _sum(body: bytes) -> int:
    words = np.frombuffer(body + b"\0" * (-len(body) % 4), ">u4")
    return int(words.sum(dtype=np.uint64)) & 0xFFFFFFFF

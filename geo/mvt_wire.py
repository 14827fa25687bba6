"""The protobuf wire format for whole arrays: varints, runs, MVT geometry commands.

A feature of MVT consists of varints only, its length prefixes included. So all features of a layer
are one array of integers ("words"), made without a loop over features and turned to bytes once.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

POINT, LINESTRING, POLYGON = 1, 2, 3  # GeomType, MVT 2.1 clause 4.3.4
_MOVE_TO, _LINE_TO, _CLOSE_PATH = 1, 2, 7  # command ids, clause 4.3.1


class Shapes(NamedTuple):
    """The drawn parts of many features in tile units, x right, y down."""

    kind: int  # POINT, LINESTRING or POLYGON
    rows: Ints  # which feature each part belongs to; never falls
    counts: Ints  # vertices of each part: all points of a feature, one line, one ring left open
    coords: Ints  # (n, 2), part after part


def varint(value: int) -> bytes:
    """One number, 0 to 2**64 - 1, in 7-bit groups, the lowest first."""
    if value < 128:
        return bytes((value,))
    groups = bytearray()
    while value >= 128:
        groups.append(value & 127 | 128)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def delimited(field: int, content: bytes) -> bytes:
    """A field of text, bytes or a message (wire type 2)."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def varint_sizes(words: Words) -> Ints:
    """How many bytes each word takes."""
    sizes = np.ones(len(words), np.int64)
    largest = int(words.max(initial=0))
    for bits in range(7, 64, 7):
        if largest < 1 << bits:
            break
        sizes += words >= np.uint64(1 << bits)
    return sizes


def varints(words: Words) -> bytes:
    """All words, one varint after the other."""
    sizes = varint_sizes(words)
    starts = np.cumsum(sizes) - sizes
    out = np.empty(int(sizes.sum()), np.uint8)
    for group in range(int(sizes.max(initial=0))):
        here = slice(None) if group == 0 else np.flatnonzero(sizes > group)
        low = words[here] >> np.uint64(7 * group) & np.uint64(127)
        more = (sizes[here] > group + 1).astype(np.uint8) << 7
        out[starts[here] + group] = low.astype(np.uint8) | more
    return out.tobytes()


def interleave(*segments: tuple[Words, Ints]) -> tuple[Words, Ints]:
    """For each row what every segment has for it, in turn; and how many words that makes a row.

    A segment is the words of all rows one after another, and how many each row has.
    """
    totals: Ints = np.sum([counts for _, counts in segments], axis=0, dtype=np.int64)
    starts = np.cumsum(totals) - totals
    words = np.empty(int(totals.sum()), np.uint64)
    for content, counts in segments:
        before = np.cumsum(counts) - counts
        words[np.repeat(starts - before, counts) + np.arange(len(content))] = content
        starts = starts + counts
    return words, totals


def sums(values: Ints, counts: Ints) -> Ints:
    """The sum of each run of `values`; runs may be empty."""
    running: Ints = np.concatenate(([0], np.cumsum(values)))
    ends: Ints = np.cumsum(counts)
    differences: Ints = running[ends] - running[ends - counts]
    return differences


def geometry_words(shapes: Shapes) -> tuple[Ints, Words, Ints]:
    """Rows that are drawn, the commands of all of them, and how many words each has.

    MVT 2.1 clause 4.3: positions are steps from the one before, zigzag encoded; the cursor is at
    0,0 when a feature begins, and ClosePath does not move it.
    """
    rows, first_part = np.unique(shapes.rows, return_index=True)
    ends = np.cumsum(shapes.counts)
    starts = ends - shapes.counts
    steps = np.diff(shapes.coords, axis=0, prepend=0)
    opening = starts[first_part]
    steps[opening] = shapes.coords[opening]
    zigzag = (steps << 1 ^ steps >> 63).astype(np.uint64)
    if shapes.kind == POINT:
        counts = shapes.counts
        words, sizes = interleave(_one(counts << 3 | _MOVE_TO), (zigzag.ravel(), 2 * counts))
        return rows, words, sizes
    later = np.ones(len(zigzag), np.bool_)
    later[starts] = False
    segments = [
        _one(np.full_like(starts, 1 << 3 | _MOVE_TO)),
        (zigzag[starts].ravel(), np.full_like(starts, 2)),
        _one(shapes.counts - 1 << 3 | _LINE_TO),
        (zigzag[later].ravel(), 2 * (shapes.counts - 1)),
    ]
    if shapes.kind == POLYGON:
        segments.append(_one(np.full_like(starts, 1 << 3 | _CLOSE_PATH)))
    words, sizes = interleave(*segments)
    return rows, words, np.add.reduceat(sizes, first_part)


def _one(words: Ints) -> tuple[Words, Ints]:
    """A segment with one word a row."""
    return words.astype(np.uint64), np.ones(len(words), np.int64)

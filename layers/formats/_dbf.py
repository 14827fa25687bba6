"""dBASE tables, the attributes of a shapefile, written without losing or rounding anything unsaid.

GDAL's own way gives every number 15 decimals whether it has them or not, writes those that are too
wide as other numbers, and cuts what is long; so widths are measured first. Layout: dBASE III, level
5 of the header, as Esri's shapefile description refers to it.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from layers.formats._arrow import as_text
from layers.formats._plain_names import plain_names

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST_NAME, LONGEST_TEXT = 10, 254
LONGEST_NUMBER, MOST_DECIMALS = 24, 15
LONGEST_ROW = 65_000  # of 65,535 bytes, which is all the header can say
LONGEST_EXACT = 15  # of whole numbers that programs may read as float64
LEAST_TEXT, LEAST_WHOLE, LEAST_DECIMALS = 32, 9, 2  # room for those who edit the file
NO_NUMBER = 1_000  # digits of what no number column holds
CODE_PAGES = {"utf-8": ("UTF-8", 0), "gbk": ("GBK", 77)}  # what .cpg says, the driver's byte

Bytes = NDArray[np.uint8]
# The id of a feature, the number of a column, and the text that the table has only in part.
Unheld = Callable[[str, int, str], None]


@dataclass(frozen=True)
class Column:
    """`kind` as dBASE has it: C text, N number, L yes or no, D date. `width` in bytes."""

    kind: Literal["C", "N", "L", "D"]
    width: int
    decimals: int = 0


def names_of(names: Sequence[str], encoding: str) -> list[str]:
    return plain_names(names, LONGEST_NAME, encoding)


def measured(
    schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], encoding: str
) -> list[Column]:
    """Columns just wide enough for what is in the batches, as far as dBASE goes."""
    import pyarrow as pa

    texts, whole, behind = ([0] * len(schema) for _ in range(3))
    for batch in batches:
        for index, column in enumerate(batch.columns):
            if pa.types.is_float64(column.type):
                whole[index], behind[index] = _digits(column, whole[index], behind[index])
            texts[index] = max(texts[index], _longest(column, encoding))
    columns = [_column(*each) for each in zip(schema.types, texts, whole, behind, strict=True)]
    return _narrowed(columns)


def write(
    path: Path,
    columns: list[Column],
    names: list[bytes],
    batches: Iterable["pa.RecordBatch"],
    encoding: str,
    time: datetime,
    unheld: Unheld,
) -> int:
    """A table and its `.cpg`; how many rows it has. The first column is the id of the feature."""
    page, driver = CODE_PAGES[encoding]
    length = 1 + sum(column.width for column in columns)
    count = 0
    with path.open("wb") as file:
        file.write(_header(columns, names, length, driver, time))
        for batch in batches:
            cells = [
                _cells(batch, index, column, encoding, unheld)
                for index, column in enumerate(columns)
            ]
            alive = np.full((batch.num_rows, 1), ord(" "), np.uint8)
            file.write(np.hstack([alive, *cells]).tobytes())
            count += batch.num_rows
        file.write(b"\x1a")
        file.seek(4)
        file.write(struct.pack("<I", count))
    path.with_suffix(".cpg").write_text(page, encoding="ascii")
    return count


def _header(
    columns: list[Column], names: list[bytes], length: int, driver: int, time: datetime
) -> bytes:
    size = 32 + 32 * len(columns) + 1
    date = (time.year - 1900, time.month, time.day)
    head = struct.pack("<B3BIHH17xB2x", 3, *date, 0, size, length, driver)
    fields = (
        struct.pack("<11sc4xBB14x", name, one.kind.encode(), one.width, one.decimals)
        for name, one in zip(names, columns, strict=True)
    )
    return head + b"".join(fields) + b"\r"


def _column(kind: "pa.DataType", longest: int, whole: int, behind: int) -> Column:
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return Column("L", 1)
    if pa.types.is_date(kind):
        return Column("D", 8)
    if pa.types.is_int64(kind) and longest <= LONGEST_EXACT:
        return Column("N", max(longest, LEAST_WHOLE))
    if pa.types.is_float64(kind) and whole <= LONGEST_NUMBER:
        room = LONGEST_NUMBER - whole - 1
        decimals = max(0, min(max(behind, LEAST_DECIMALS), MOST_DECIMALS, room))
        width = max(whole, LEAST_WHOLE) + decimals + 1 if decimals else LONGEST_NUMBER
        return Column("N", width, decimals)
    return Column("C", min(max(longest, LEAST_TEXT), LONGEST_TEXT))


def _narrowed(columns: list[Column]) -> list[Column]:
    """With more long texts than a row can hold, the longest ones give way."""
    most = LONGEST_TEXT
    while sum(column.width for column in columns) > LONGEST_ROW:
        most -= 8
        columns = [Column("C", min(one.width, most)) if one.kind == "C" else one for one in columns]
    return columns


def _digits(column: "pa.Array", whole: int, behind: int) -> tuple[int, int]:
    """The most digits before (with the sign) and behind the point that any value has."""
    values = column.drop_null().to_numpy()
    if not len(values):
        return whole, behind
    ends = [f"{end:.0f}" for end in (values.min(), values.max())]
    whole = max(whole, *map(len, ends))
    if whole > LONGEST_NUMBER or not np.isfinite(values).all():
        return NO_NUMBER, behind
    while behind < MOST_DECIMALS and (np.round(values, behind) != values).any():
        behind += 1
    return whole, behind


def _longest(column: "pa.Array", encoding: str) -> int:
    import pyarrow.compute as pc

    return int(pc.max(pc.binary_length(_bytes(column, encoding))).as_py() or 0)


def _bytes(column: "pa.Array", encoding: str) -> "pa.Array":
    """Values as they stand in a text column."""
    import pyarrow as pa

    column = as_text(column)
    if encoding != "utf-8":
        return pa.array(
            [one and one.encode(encoding, "replace") for one in column.to_pylist()], pa.binary()
        )
    return column.cast(pa.binary())


def _cells(
    batch: "pa.RecordBatch", index: int, column: Column, encoding: str, unheld: Unheld
) -> Bytes:
    """The column of a batch as rows of bytes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = batch.column(index)
    if column.kind == "L":
        return _padded(pc.if_else(values, b"T", b"F").fill_null(b"?"), 1)
    if column.kind == "D":
        return _padded(pc.strftime(values, "%Y%m%d").cast(pa.binary()), 8)
    if column.kind == "N" and pa.types.is_int64(values.type):
        return _padded(values.cast(pa.string()).cast(pa.binary()), column.width, right=True)

    def tell(row: int, text: str) -> None:
        unheld(batch.column(0)[row].as_py(), index, text)

    if column.kind == "N":
        return _padded(_numbers(values, column.decimals, tell), column.width, right=True)
    return _padded(_texts(values, column.width, encoding, tell), column.width)


def _numbers(values: "pa.Array", decimals: int, tell: Callable[[int, str], None]) -> "pa.Array":
    import pyarrow as pa

    found: list[bytes | None] = []
    for row, value in enumerate(values.to_pylist()):
        text = None if value is None else f"{value:.{decimals}f}"
        if text is not None and float(text) != value:
            tell(row, repr(value))
        found.append(None if text is None else text.encode())
    return pa.array(found, pa.binary())


def _texts(
    values: "pa.Array", width: int, encoding: str, tell: Callable[[int, str], None]
) -> "pa.Array":
    """Cut at whole characters; what the encoding has no character for is a question mark."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = _bytes(values, encoding)
    cut = int(pc.max(pc.binary_length(encoded)).as_py() or 0) > width
    if not pa.types.is_string(values.type) and not cut:
        return encoded
    if encoding == "utf-8" and not cut and not pc.any(pc.match_substring(values, "\0")).as_py():
        return encoded
    held: list[bytes | None] = []
    for row, (whole, text) in enumerate(
        zip(encoded.to_pylist(), values.cast(pa.string()).to_pylist(), strict=True)
    ):
        fits = whole and whole[:width].replace(b"\0", b"?")
        held.append(fits and fits.decode(encoding, "ignore").encode(encoding))
        # For this comparison, what has no character must not be the same as in the table.
        if text is not None and held[-1] != text.encode(encoding, "xmlcharrefreplace"):
            tell(row, text)
    return pa.array(held, pa.binary())


def _padded(values: "pa.Array", width: int, *, right: bool = False) -> Bytes:
    """Byte strings as rows of `width` bytes, filled up with spaces; at the right end if asked."""
    filled: Any = values.fill_null(b"")
    offsets = np.frombuffer(filled.buffers()[1], np.int32)[filled.offset :][: len(filled) + 1]
    lengths = np.diff(offsets)[:, None]
    places = np.arange(width)
    rows = np.full((len(filled), width), ord(" "), np.uint8)
    data = filled.buffers()[2]
    if data is not None:
        taken = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
        rows[places >= width - lengths if right else places < lengths] = taken
    return rows

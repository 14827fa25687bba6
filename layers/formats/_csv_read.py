"""A CSV file that we wrote, read back: record by record, nothing told from an empty text."""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import shapely

from layers.errors import BadLayerFile
from layers.export.fields import CRS_FIELD
from layers.export.file_crs import WGS84
from layers.format import Found
from layers.formats._cells import Checked, crs_named, guessed, parsed, readable
from layers.formats._csv_cells import unguarded
from layers.formats._places import ON_SHAPE, shape_from
from layers.inference import Inference
from layers.model import GEOMETRY_TYPES, Layer, NewFeature, Text
from layers.names import layer_id
from layers.schema import parse_layer

BOM = codecs.BOM_UTF8
LARGEST_RECORD = 50_000_000  # characters; a quote that nobody closed would take the whole file
_CELL = re.compile(r'"((?:[^"]|"")*)"(?=,|$)|([^",]*)(?=,|$)')
_ID = ("id", "feature_id", "fid", "feature_identifier")
_X = re.compile(rf"({ON_SHAPE})?(lon|x)(_\d+)?")
_WKT = re.compile(r"WKT(_\d+)?")
_KINDS = {kind.upper(): kind for kind in GEOMETRY_TYPES}

Record = tuple[int, list[str | None]]


@dataclass(frozen=True)
class Columns:
    """Which column is what: places in a record, and the names of those that are fields."""

    width: int
    id: int | None
    x: int | None
    y: int | None
    wkt: int | None
    crs: int | None
    degrees: bool
    fields: tuple[tuple[int, str], ...]


def read(path: Path, known: Mapping[str, Layer]) -> Found:
    """The one layer of the file, by its name: a known one, else as its cells look."""
    with readable(path):
        codec, guard = _encoding(path)
        records = _records(path, codec, guard)
        _, header = next(records, (1, [None]))
        if header == [None]:
            raise BadLayerFile(path.name, None, "has no line with the names of its columns")
        layer = known.get(layer_id(path.stem))
        columns = _columns(path, [name or "" for name in header], layer)
        if layer is None:
            layer = _inferred(path, columns, records)
    yield layer, _features(path, layer, columns, codec, guard)


def _features(
    path: Path, layer: Layer, columns: Columns, codec: str, guard: bool
) -> Iterator[NewFeature]:
    fields = {field.name: field for field in layer.schema.fields}
    named = [(place, fields[name]) for place, name in columns.fields]
    checked = Checked([field for _, field in named])
    with readable(path):
        records = _records(path, codec, guard)
        next(records)
        for number, record in records:
            try:
                _check_width(columns, record)
                shape = _shape(columns, record)
                values = [parsed(record[place], field.type) for place, field in named]
                properties = dict.fromkeys(fields) | checked(values)
            except ValueError as error:
                raise BadLayerFile(path.name, None, str(error), f"row {number}") from error
            yield NewFeature(_at(record, columns.id), shape, properties)


def _shape(columns: Columns, record: Sequence[str | None]) -> shapely.Geometry | None:
    wkt, x, y = (_at(record, place) for place in (columns.wkt, columns.x, columns.y))
    if wkt is None and x is None and y is None:
        return None
    named = _at(record, columns.crs)
    if named is None and not columns.degrees:
        raise ValueError(f"needs a {CRS_FIELD} that says what x and y are, like EPSG:4549")
    crs = WGS84 if named is None else crs_named(named)
    return shape_from(wkt, _coordinate(x), _coordinate(y), crs)


def _coordinate(text: str | None) -> float | None:
    number = parsed(text, "number")
    if number is None or isinstance(number, float):
        return number
    raise ValueError(f"has a coordinate that is no number: {text!r}")


def _at(record: Sequence[str | None], place: int | None) -> str | None:
    return None if place is None else record[place]


def _columns(path: Path, header: Sequence[str], layer: Layer | None) -> Columns:
    """Ours come first, before fields that may have the same names; the WKT comes last."""
    public = next((n for n, name in enumerate(header) if name in _ID), None)
    found = ((n, _X.fullmatch(name)) for n, name in enumerate(header[:-1]))
    x = next((n for n, name in found if name), None)
    wkt = next((n for n in reversed(range(len(header))) if _WKT.fullmatch(header[n])), None)
    crs = next((n for n, name in enumerate(header) if name.startswith(CRS_FIELD)), None)
    fields = None if layer is None else {field.name for field in layer.schema.fields}
    if crs is not None and fields and header[crs] in fields:
        crs = None
    y = None if x is None else x + 1
    ours = (public, x, y, wkt, crs)
    rest = [(n, name) for n, name in enumerate(header) if n not in ours]
    for n, (_, name) in enumerate(rest):
        if fields is not None and name not in fields:
            raise BadLayerFile(path.name, None, f"has the column {name[:80]!r}, which is no field")
        if name in [other for _, other in rest[:n]]:
            raise BadLayerFile(path.name, None, f"has the column {name[:80]!r} twice")
    degrees = x is None or "lon" in header[x]
    return Columns(len(header), public, x, y, wkt, crs, degrees, tuple(rest))


def _inferred(path: Path, columns: Columns, records: Iterator[Record]) -> Layer:
    inference = Inference()
    inference.add(None, dict.fromkeys(name for _, name in columns.fields))
    for number, record in records:
        try:
            _check_width(columns, record)
        except ValueError as error:
            raise BadLayerFile(path.name, None, str(error), f"row {number}") from error
        wkt = _at(record, columns.wkt)
        point = "Point" if _at(record, columns.x) else None
        kind = point if wkt is None else _KINDS.get(wkt.split("(")[0].split(" ")[0].upper())
        inference.add(kind, {name: guessed(record[place]) for place, name in columns.fields})
    layer = parse_layer({}, layer_id(path.stem), inference.schema())
    return replace(layer, title=Text(path.stem, path.stem))


def _check_width(columns: Columns, record: Sequence[str | None]) -> None:
    if len(record) != columns.width:
        raise ValueError(f"has {len(record)} cells, not {columns.width} as the first line")


def _encoding(path: Path) -> tuple[str, bool]:
    """How it is written, and whether its texts are guarded: `raw` files have no byte order mark."""
    with path.open("rb") as file:
        marked = file.read(len(BOM)) == BOM
    for codec in ("utf-8-sig",) if marked else ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return codec, marked or codec == "gb18030"
    raise BadLayerFile(path.name, None, "is written neither in UTF-8 nor in GBK")


def _records(path: Path, codec: str, guard: bool) -> Iterator[Record]:
    """Each record with its number as spreadsheets count, from 1; blank ones are left out."""
    with path.open(encoding=codec, newline="") as file:
        for number, text in enumerate(_whole_records(path, file), 1):
            if text:
                try:
                    cells = _cells(text)
                except ValueError as error:
                    raise BadLayerFile(path.name, None, str(error), f"row {number}") from error
                yield number, [unguarded(one) if one and guard else one for one in cells]


def _whole_records(path: Path, file: TextIO) -> Iterator[str]:
    """Lines, joined where an end of line stands between quotes."""
    pieces: list[str] = []
    length, inside = 0, False
    for line in file:
        pieces.append(line)
        length += len(line)
        inside ^= line.count('"') % 2 == 1
        if length > LARGEST_RECORD:
            raise BadLayerFile(path.name, None, "has a quote that is not closed")
        if not inside:
            yield "".join(pieces).rstrip("\r\n")
            pieces, length = [], 0
    if inside:
        raise BadLayerFile(path.name, None, "has a quote that is not closed")


def _cells(text: str) -> list[str | None]:
    if '"' not in text:
        return [one or None for one in text.split(",")]
    cells: list[str | None] = []
    at = 0
    while at <= len(text):
        found = _CELL.match(text, at)
        if found is None:
            raise ValueError(f"has a quote inside a cell without quotes: {text[at : at + 40]!r}")
        quoted = found[1]
        cells.append(quoted.replace('""', '"') if quoted is not None else found[2] or None)
        at = found.end() + 1
    return cells

"""A workbook that we wrote, and perhaps a person has edited, read back into layers."""

import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import orjson

from geo.crs import CRSError
from layers.errors import BadDocument, BadLayerFile
from layers.export.fields import text_list, without_crs
from layers.export.file_crs import FileCrs, file_crs
from layers.format import Found
from layers.formats._cells import Checked, crs_named, parsed, readable
from layers.formats._places import shape_from
from layers.formats._xlsx_look import YES_NO, pieces, words_of
from layers.formats._xlsx_sheet import FIRST, KINDS, columns_of
from layers.model import Field, Lang, Layer, NewFeature
from layers.schema import parse_layer

_ODD_FILES = (zipfile.BadZipFile, KeyError, ValueError, EOFError, SyntaxError, IndexError)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_FLAGS = {word: flag for flag, text in YES_NO.items() for word in text}


@dataclass(frozen=True)
class Sheets:
    """A layer as the workbook defines it, and the sheets its features are in."""

    layer: Layer
    names: tuple[str, ...]
    lang: Lang
    crs: str


def read(path: Path, known: Mapping[str, Layer]) -> Found:
    """Each layer as the file defines it, which our files do: `known` is not looked at."""
    from openpyxl import load_workbook

    with ExitStack() as stack:
        with _said(path):
            file = stack.enter_context(path.open("rb"))
            workbook = load_workbook(file, read_only=True, data_only=True)
        kept = stack.enter_context(closing(sqlite3.connect("", check_same_thread=False)))
        with _said(path):
            layers = list(_layers(path, workbook))
            _keep(workbook, kept)
        for one in layers:
            home, crs_field = without_crs(one.layer)
            yield home, _features(path, workbook, one, home, crs_field, kept)


def _layers(path: Path, workbook: Any) -> Iterator[Sheets]:
    if "_layers" not in workbook.sheetnames:
        raise BadLayerFile(path.name, None, "has no sheet _layers; only a workbook we wrote has it")
    found: dict[str, Sheets] = {}
    for sheet, name, lang, crs, *document in _rows(workbook, "_layers"):
        if sheet not in workbook.sheetnames:
            raise BadLayerFile(path.name, None, f"has no sheet {sheet!r} any more; was it renamed?")
        layer = parse_layer(orjson.loads("".join(document)), name)
        names = found[name].names if name in found else ()
        found[name] = Sheets(layer, (*names, sheet), "en" if lang == "en" else "zh", crs)
    yield from found.values()


def _keep(workbook: Any, kept: sqlite3.Connection) -> None:
    """Shapes and long texts by their feature, on disk: they may be much, and rows may be sorted."""
    kept.execute("CREATE TABLE texts (layer, id, name, text, PRIMARY KEY (layer, id, name))")
    for sheet, names in (("_shapes", 0), ("_texts", 1)):
        if sheet in workbook.sheetnames:
            for layer, feature, *rest in _rows(workbook, sheet):
                row = (layer, feature, rest[0] if names else "", "".join(rest[names:]))
                kept.execute("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)", row)


def _rows(workbook: Any, sheet: str) -> Iterator[list[str]]:
    for row in workbook[sheet].iter_rows(values_only=True):
        texts = ["" if one is None else _plain(str(one)) for one in row]
        while len(texts) > 3 and not texts[-1]:
            texts.pop()
        if any(texts):
            yield texts


def _features(
    path: Path,
    workbook: Any,
    sheets: Sheets,
    home: Layer,
    crs_field: str | None,
    kept: sqlite3.Connection,
) -> Iterator[NewFeature]:
    """Feature by feature; one whose row is empty is none."""
    for name in sheets.names:
        with _said(path):
            rows = workbook[name].iter_rows(values_only=True)
            names = next(_after(rows, FIRST - 1), ())
            header = [_plain(str(one)) for one in names if one is not None]
            to_feature = _Reader(sheets, home, crs_field, header, kept)
            for number, row in enumerate(rows, FIRST + 1):
                if all(one is None for one in row):
                    continue
                try:
                    cells = [_plain(one) if isinstance(one, str) else one for one in row]
                    yield to_feature(dict(zip(header, cells, strict=False)))
                except (ValueError, CRSError) as error:
                    place = f"sheet {name}, row {number}"
                    raise BadLayerFile(path.name, None, str(error), place) from error


def _plain(text: str) -> str:
    """Control characters, which XML has no place for, as themselves; openpyxl leaves them."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _after(rows: Iterator[Any], count: int) -> Iterator[Any]:
    for _ in range(count):
        next(rows, None)
    return rows


class _Reader:
    """Rows of one sheet as features."""

    def __init__(
        self,
        sheets: Sheets,
        home: Layer,
        crs_field: str | None,
        header: Sequence[str],
        kept: sqlite3.Connection,
    ) -> None:
        self._layer, self._crs_field, self._kept = sheets.layer, crs_field, kept
        self._crs = _crs(sheets.crs)
        crs = self._crs or FileCrs(sheets.crs, "CRS84")
        wanted = [column.name for column in columns_of(sheets.layer, crs, sheets.lang)]
        if missing := [one for one in wanted if one not in header]:
            raise ValueError(f"row 2 lacks the names {', '.join(missing)}")
        self._id, self._x, self._y, *_ = wanted
        fields = [(one, _codes(one, sheets.lang)) for one in home.schema.fields]
        self._fields = fields
        self._checked = Checked([one for one, _ in fields])
        before = len(wanted) - len(sheets.layer.schema.fields)
        self._kind = wanted[3] if before > 3 else None
        self._kinds = {word: kind for kind, text in KINDS.items() for word in (*text, kind)}

    def __call__(self, row: Mapping[str, object]) -> NewFeature:
        cell = row[self._id]
        public = None if cell is None else str(cell)
        sql = "SELECT name, text FROM texts WHERE layer = ? AND id = ?"
        texts = dict(self._kept.execute(sql, (self._layer.id, public)))
        values = [
            _value(field, codes, _whole(row[field.name], texts.get(field.name)))
            for field, codes in self._fields
        ]
        return NewFeature(public, self._shape(row, texts.get("")), self._checked(values))

    def _shape(self, row: Mapping[str, object], wkt: str | None) -> Any:
        crs = self._crs
        if self._crs_field is not None and row[self._crs_field] is not None:
            crs = crs_named(str(row[self._crs_field]))
        x, y = _coordinate(row[self._x]), _coordinate(row[self._y])
        kind = self._kinds.get(str(row[self._kind])) if self._kind else "Point"
        if kind in (None, "Point") or x is None:
            wkt = None
        elif wkt is None:
            raise ValueError(f"is a {kind} without a shape in the sheet _shapes")
        if x is None and y is None:
            return None
        if crs is None:
            raise ValueError("is in a coordinate system that is not known here")
        return shape_from(wkt, x, y, crs)


def _crs(name: str) -> FileCrs | None:
    """None for one of an office's own, which only the office knows."""
    try:
        return file_crs(name, {})
    except CRSError:
        return None


def _codes(field: Field, lang: Lang) -> Mapping[str, str]:
    words = words_of(field.codes, lang) if field.codes else {}
    return {word: code for code, word in words.items()}


def _whole(cell: object, text: str | None) -> object:
    """The text that the cell begins, unless somebody has written another into it."""
    return text if text is not None and next(pieces(text)) == (cell or "") else cell


def _value(field: Field, codes: Mapping[str, str], cell: object) -> object:
    """What the cell means: words are codes, numbers may have been typed as texts."""
    match cell:
        case datetime() if field.type == "date":
            return cell.date().isoformat()
        case datetime():
            return f"{cell.isoformat(timespec='milliseconds')}Z"
        case date() | time():
            return cell.isoformat()
        case str() if field.type == "list":
            members = text_list(cell)
            if isinstance(members, list):
                return [codes.get(one, one) for one in members]
        case str() if field.type == "boolean":
            return _FLAGS.get(cell, parsed(cell, field.type))
        case str() if field.type == "text":
            return codes.get(cell, cell)
        case str():
            return parsed(cell, field.type)
        case int() | float() if field.type in ("text", "list") and not isinstance(cell, bool):
            text = repr(cell)  # typed into a cell for texts, it became a number
            return [text] if field.type == "list" else codes.get(text, text)
    return cell


def _coordinate(cell: object) -> float | None:
    number = parsed(cell, "number") if isinstance(cell, str) else cell
    if number is None or (isinstance(number, int | float) and not isinstance(number, bool)):
        return None if number is None else float(number)
    raise ValueError(f"has a coordinate that is no number: {cell!r}")


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        with readable(path):
            yield
    except (BadDocument, orjson.JSONDecodeError) as error:
        raise BadLayerFile(path.name, None, f"sheet _layers is damaged: {error}") from error
    except _ODD_FILES as error:
        reason = f"is no XLSX file that can be read: {error or type(error).__name__}"
        raise BadLayerFile(path.name, None, reason) from error

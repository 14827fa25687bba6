"""The features of a layer in a sheet that can be edited, or in as many as they need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson
import shapely

from layers.export.content import Content, Part
from layers.export.fields import free_name, list_text
from layers.export.file_crs import FileCrs
from layers.filter.queryables import id_name
from layers.formats._places import axes, places, shapes_of
from layers.formats._xlsx_look import YES_NO, Look, height, pieces, sheet_name, width, words_of
from layers.model import Feature, Lang, Layer, Text
from layers.schema import layer_document

CHUNK = 1_000
LOOKED_AT = 200  # features that tell how wide a column shall be
LAST_ROW = 1_048_575  # of a sheet, from 0
FIRST = 2  # the row of the first feature: labels and names stand above
EXACT = 2**53  # beyond it a spreadsheet's number is another one
EARLIEST = "1900-03-01"  # before it a spreadsheet's calendar is a day off, or has none
KIND = "geometry_kind"
KINDS = {
    "Point": Text("点", "Point"), "MultiPoint": Text("多点", "Points"),
    "LineString": Text("线", "Line"), "MultiLineString": Text("多线", "Lines"),
    "Polygon": Text("面", "Area"), "MultiPolygon": Text("多面", "Areas"),
    "GeometryCollection": Text("组合", "Collection"),
}  # fmt: skip


_LANGUAGES = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}


class Exact(float):
    """A float that is written with all its digits: XlsxWriter writes 16, which may not be all."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


@dataclass(frozen=True)
class Column:
    """A column of a layer's sheet; `words` by code, where values are codes.

    `folded`: it says in another language what a column beside it says in the reader's.
    """

    name: str
    label: str
    type: str
    words: Mapping[str, str] = field(default_factory=dict)
    folded: bool = False


@dataclass
class Book:
    """A workbook being written, and the sheets behind: codes, definitions, shapes, long texts."""

    workbook: Any
    lang: Lang
    look: Look
    names: list[str]
    behind: dict[str, tuple[Any, int]] = field(default_factory=dict)
    long: int = 0  # cells whose text goes on in the sheet of texts

    def note(self, sheet: str, *cells: str) -> int:
        """A row in a hidden sheet of that name, long texts in several cells; the row's number."""
        made, row = self.behind.get(sheet) or (self._hidden(sheet), 0)
        texts = [piece for cell in cells for piece in pieces(cell)]
        for column, text in enumerate(texts):
            put_text(made, row, column, text, None)
        self.behind[sheet] = (made, row + 1)
        return row

    def _hidden(self, name: str) -> Any:
        sheet = self.workbook.add_worksheet(name)
        sheet.hide()
        self.names.append(name)
        return sheet


def put_text(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    """Never a formula, a link or a number. XlsxWriter takes `<r>...</r>` for markup of its own."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:2], look, text[2:], look)
    else:
        sheet.write_string(row, column, text, look)


class LayerSheets:
    """Writes one part; call `write` once."""

    def __init__(self, book: Book, content: Content, part: Part) -> None:
        self._book, self._content, self._part = book, content, part
        self._layer = part.layer
        self._points = part.layer.schema.geometry == "Point"
        self._columns = list(columns_of(part.layer, content.crs, book.lang))
        self._lists = self._drop_downs()
        self._widths: list[float] = []

    def write(self) -> None:
        features = iter(self._part.features())
        chunk = list(islice(features, CHUNK))
        sheet, row = self._begin(chunk[:LOOKED_AT]), FIRST
        while chunk:
            for values in self._rows(chunk):
                if row > LAST_ROW:
                    self._end(sheet, row)
                    sheet, row = self._begin(chunk[:LOOKED_AT]), FIRST
                self._put(sheet, row, values)
                row += 1
            chunk = list(islice(features, CHUNK))
        self._end(sheet, row)

    def _rows(self, chunk: Sequence[Feature]) -> Iterator[list[object]]:
        wkb = [feature.geometry for feature in chunk]
        found = places(wkb, self._content.crs)
        kinds: list[object] = [None] * len(chunk)
        if not self._points:
            shapes = shapes_of(wkb)
            kinds = [None if one is None else one.geom_type for one in shapes]
            whole = found.wkt or shapely.to_wkt(shapes)
            for feature, kind, wkt in zip(chunk, kinds, whole, strict=True):
                if kind not in (None, "Point") and wkt is not None:
                    self._book.note("_shapes", self._layer.id, feature.id, wkt)
        for feature, x, y, kind in zip(chunk, found.x, found.y, kinds, strict=True):
            place = [x, y] if self._points else [x, y, kind]
            yield [feature.id, *place, *feature.properties.values()]

    def _put(self, sheet: Any, row: int, values: Sequence[object]) -> None:
        cells = [
            None if value is None else cell_value(column, value, self._book.lang)
            for column, value in zip(self._columns, values, strict=True)
        ]
        texts = zip(cells, self._widths, strict=True)
        tall = height((text, wide) for text, wide in texts if isinstance(text, str))
        if tall is not None:
            sheet.set_row(row, tall)
        for number, (column, written) in enumerate(zip(self._columns, cells, strict=True)):
            if written is None:
                continue
            look = self._book.look.id if number == 0 else self._book.look.of(column.type)
            if isinstance(written, str):
                first, *rest = pieces(written)
                put_text(sheet, row, number, first, look)
                if rest or not written:  # an empty cell alone would be nothing, no empty text
                    self._book.note("_texts", self._layer.id, str(values[0]), column.name, written)
                    self._book.long += bool(rest)
            elif isinstance(written, datetime):
                sheet.write_datetime(row, number, written, look)
            else:
                sheet.write_number(row, number, written, look)

    def _begin(self, first: Sequence[Feature]) -> Any:
        book, look = self._book, self._book.look
        name = sheet_name(self._layer.title.of(book.lang), book.names)
        document = orjson.dumps(layer_document(self._layer)).decode()
        book.note("_layers", name, self._layer.id, book.lang, self._content.crs.name, document)
        sheet = book.workbook.add_worksheet(name)
        shown = [*zip(*self._rows_shown(first), strict=True)] or [()] * len(self._columns)
        pairs = zip(self._columns, shown, strict=True)
        self._widths = [width(column.label, *texts) for column, texts in pairs]
        for number, (column, wide) in enumerate(zip(self._columns, self._widths, strict=True)):
            form = look.id if number == 0 else look.of(column.type)
            sheet.set_column(number, number, wide, form, {"hidden": column.folded})
            if number:
                self._validate(sheet, number, column)
        sheet.set_row(0, 32)
        sheet.set_row(1, 14)
        for number, column in enumerate(self._columns):
            put_text(sheet, 0, number, column.label, look.header)
        for number, column in enumerate(self._columns):  # a row is gone when the next begins
            put_text(sheet, 1, number, column.name, look.name)
        sheet.freeze_panes(FIRST, 1)
        sheet.set_paper(8)  # A3
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        return sheet

    def _rows_shown(self, features: Sequence[Feature]) -> Iterator[list[str]]:
        """As text, to see how wide they are."""
        for feature in features:
            blank = len(self._columns) - 1 - len(feature.properties)
            values = [feature.id, *[None] * blank, *feature.properties.values()]
            yield [
                "" if value is None else str(cell_value(column, value, self._book.lang))[:100]
                for column, value in zip(self._columns, values, strict=True)
            ]

    def _validate(self, sheet: Any, number: int, column: Column) -> None:
        source: object = self._lists.get(column.name)
        if column.type == "boolean":
            source = [YES_NO[one].of(self._book.lang) for one in (True, False)]
        if source is not None:
            rule = {"validate": "list", "source": source}
            sheet.data_validation(FIRST, number, LAST_ROW, number, rule)

    def _end(self, sheet: Any, row: int) -> None:
        """Filter and lock. Excel sorts and deletes no locked cell, so that the ids lie in a range

        that may be changed; what is typed over one is refused by a rule instead.
        """
        last = max(row - 1, FIRST)
        sheet.autofilter(1, 0, last, len(self._columns) - 1)
        said = Text("编号由系统给出，不能修改；新增行请留空。",
                    "Ids are given by the system; leave them empty in new rows.")  # fmt: skip
        rule = {"validate": "custom", "value": "=FALSE", "error_message": said.of(self._book.lang)}
        sheet.data_validation(FIRST, 0, LAST_ROW, 0, rule)
        sheet.unprotect_range(f"A3:{_letters(len(self._columns))}{LAST_ROW + 1}", "rows")
        allowed = (
            "insert_rows", "delete_rows", "sort", "autofilter", "format_cells", "format_columns",
            "format_rows",
        )  # fmt: skip
        sheet.protect("", dict.fromkeys(allowed, True))

    def _drop_downs(self) -> dict[str, str]:
        """By column: where its words stand in the hidden sheet, each list in a row of its own."""
        found = {}
        for column in self._columns:
            if column.words and column.type == "text":
                row = self._book.note("_codes", *column.words.values()) + 1
                found[column.name] = f"=_codes!$A${row}:${_letters(len(column.words))}${row}"
        return found


def columns_of(layer: Layer, crs: FileCrs, lang: Lang) -> Iterator[Column]:
    """Id, coordinates, kind of geometry where there are several, then the fields."""
    yield Column(id_name(layer), Text("编号", "Id").of(lang), "text")
    for axis in axes(layer, crs):
        yield Column(axis.name, _with_unit(axis.label.of(lang), axis.unit, lang), "number")
    if layer.schema.geometry != "Point":
        words = {kind: word.of(lang) for kind, word in KINDS.items()}
        name = free_name(KIND, [one.name for one in layer.schema.fields])
        yield Column(name, Text("几何类型", "Geometry").of(lang), "text", words)
    labels = [one.label.of(lang) for one in layer.schema.fields]
    for one, named in zip(layer.schema.fields, labels, strict=True):
        unit = "UTC" if one.type == "datetime" else one.unit
        if unit is None and one.lang and labels.count(named) > 1:
            unit = _LANGUAGES[one.lang].of(lang)  # which of two fields of one label
        words = words_of(one.codes, lang) if one.codes else {}
        label = _with_unit(named or one.name, unit, lang)
        twins = {other.lang for other in layer.schema.fields if other.label == one.label}
        folded = one.lang not in (None, lang) and lang in twins
        yield Column(one.name, label, one.type, words, folded)


def cell_value(column: Column, value: object, lang: Lang) -> str | float | datetime:
    """What stands in the cell: a text, a number, or a moment."""
    match value:
        case bool():
            return YES_NO[value].of(lang)
        case list():
            return list_text([column.words.get(one, one) for one in value])
        case int() if -EXACT <= value <= EXACT:
            return value
        case float() if value == value and abs(value) != float("inf"):
            return Exact(value)
        case str() if column.type in ("date", "datetime"):
            return _moment(value)
        case str():
            return column.words.get(value, value)
    return str(value)


def _moment(text: str) -> str | datetime:
    if text < EARLIEST:
        return text
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).replace(tzinfo=None)
    except ValueError:  # another program may have written what it liked
        return text


def _with_unit(label: str, unit: str | None, lang: Lang) -> str:
    marks = "（{}）" if lang == "zh" else " ({})"
    return label + marks.format(unit) if unit else label


def _letters(number: int) -> str:
    """The name of a column, from 1: A to XFD."""
    name = ""
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name

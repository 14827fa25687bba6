"""The sheets about the layers: readme, sources, joint figures, fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from layers.export.content import Content
from layers.export.readme import lines
from layers.formats._xlsx_look import pieces, sheet_name
from layers.formats._xlsx_sheet import Book, put_text
from layers.model import Text

README, SOURCES = Text("说明", "Readme"), Text("来源", "Sources")
FIGURES, FIELDS = Text("合计数字", "Joint figures"), Text("字段", "Fields")
Row = Sequence[str]

_STATUS: Mapping[str | None, Text] = {
    "original": Text("原文", "original"), "mirror": Text("转载", "mirror"),
    "not_found": Text("未找到", "not found"), "data": Text("数据", "data"),
    "derived": Text("推算", "derived"), None: Text("", ""),
}  # fmt: skip
_HINTS = (
    Text("编号列受保护；其余单元格可以修改，可增删行、排序、筛选。第2行是字段名，请保留。",
         "The id column is locked; all else may be edited, rows added, deleted, sorted, filtered. "
         "Row 2 holds the names of the fields: keep it."),
    Text("内容相同的外文列已隐藏：选中两侧的列，右键“取消隐藏”即可显示。",
         "Columns that say the same in Chinese are hidden: select those beside them and unhide."),
    Text("线和面的坐标是其上的一个代表点，不是中心；完整图形在隐藏表 _shapes 中。",
         "The coordinates of a line or an area are a point that lies on it, not its centre; the "
         "whole shapes are in the hidden sheet _shapes."),
    Text("合计数字属于一组要素，只作文字，不能分摊或求和。",
         "Joint figures belong to a group; they are texts, not to be shared out or summed up."),
)  # fmt: skip


def about(book: Book, content: Content, readme: Any) -> None:
    """Fill the readme, which stands first, and add the other sheets."""
    lang = content.lang
    _table(book, SOURCES, _sources(content), (16, 52, 24, 12, 48, 10))
    _table(book, FIGURES, _figures(content), (24, 32, 24, 48, 32))
    _table(book, FIELDS, _fields(content), (24, 26, 24, 24, 10, 9, 48))
    title = content.zone.full_name.of(lang) or content.zone.title.of(lang)
    put_text(readme, 0, 0, title, book.look.title)
    readme.set_row(0, 26)
    _to_print(readme)
    readme.set_column(0, 0, 24, book.look.key)
    readme.set_column(1, 1, 84, book.look.text)
    rows = [*lines(content), *(("", hint.of(lang)) for hint in _HINTS)]
    if book.long:
        go_on = Text(f"{book.long}个单元格的文字超过32767字，全文在表 _texts 中。",
                     f"The texts of {book.long} cells are too long for one; whole, they are in the "
                     "sheet _texts.")  # fmt: skip
        rows.append(("", go_on.of(lang)))
    for number, (key, words) in enumerate(rows, 2):
        put_text(readme, number, 0, key, book.look.key)
        put_text(readme, number, 1, next(pieces(words)), book.look.text)


def _to_print(sheet: Any) -> None:
    """A4 across, as wide as the paper."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _table(book: Book, title: Text, rows: Iterable[Row], widths: Sequence[int]) -> None:
    sheet = book.workbook.add_worksheet(sheet_name(title.of(book.lang), book.names))
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, wide)
    for number, row in enumerate(rows):
        look = book.look.text if number else book.look.header
        for column, text in enumerate(row):
            put_text(sheet, number, column, next(pieces(text)), look)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 0)
    _to_print(sheet)


def _header(content: Content, *labels: tuple[str, str]) -> Row:
    return [Text(*label).of(content.lang) for label in labels]


def _sources(content: Content) -> Iterator[Row]:
    yield _header(content, ("编号", "Id"), ("标题", "Title"), ("发布者", "Publisher"),
                  ("日期", "Date"), ("地址", "Address"), ("状态", "Status"))  # fmt: skip
    layers = [part.layer for part in content.parts]
    every = [*(one for layer in layers for one in layer.sources), *content.zone.sources]
    for one in dict.fromkeys(every):
        publisher = one.publisher.of(content.lang) if one.publisher else ""
        status = _STATUS.get(one.status, Text(one.status or "", "")).of(content.lang)
        yield [
            one.id,
            one.title.of(content.lang),
            publisher,
            one.date or "",
            one.address or "",
            status,
        ]


def _figures(content: Content) -> Iterator[Row]:
    """As texts with their qualifier: a number in a cell would be summed up."""
    yield _header(content, ("图层", "Layer"), ("名称", "Name"), ("数字", "Figure"),
                  ("所属要素", "Members"), ("来源", "Source"))  # fmt: skip
    for layer in (part.layer for part in content.parts):
        for one in layer.figures:
            value = "" if one.value is None else f"{one.value:.15g}"
            plain = f"{one.qualifier or ''}{value}{one.unit or ''}"
            source = layer.source(one.source) if one.source else None
            yield [
                layer.title.of(content.lang), one.label.of(content.lang),
                one.text.of(content.lang) or plain, "；".join(one.members),
                source.title.of(content.lang) if source else one.source or "",
            ]  # fmt: skip


def _fields(content: Content) -> Iterator[Row]:
    yield _header(content, ("图层", "Layer"), ("字段", "Field"), ("中文名", "Chinese"),
                  ("英文名", "English"), ("类型", "Type"), ("单位", "Unit"),
                  ("代码", "Codes"))  # fmt: skip
    for layer in (part.layer for part in content.parts):
        for one in layer.schema.fields:
            words = (one.codes or {}).items()
            codes = "；".join(f"{code}={text.of(content.lang)}" for code, text in words)
            yield [
                layer.title.of(content.lang), one.name, one.label.zh, one.label.en, one.type,
                one.unit or "", codes,
            ]  # fmt: skip

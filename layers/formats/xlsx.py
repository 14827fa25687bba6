"""XLSX: a workbook to read and to edit, a sheet for each layer, that comes back as it was."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from layers.export.content import Content
from layers.format import Format
from layers.formats._files import folder, pieces
from layers.formats._xlsx_about import README, about
from layers.formats._xlsx_look import Look, sheet_name
from layers.formats._xlsx_read import read
from layers.formats._xlsx_sheet import Book, LayerSheets
from layers.model import Text


def write(content: Content) -> Iterator[bytes]:
    """Labels and words in the language of the content; geometry as coordinates, shapes behind."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with folder() as path:
        file = path / "map.xlsx"
        workbook = Workbook(str(file), {"constant_memory": True, "tmpdir": str(path)})
        try:
            _fill(workbook, content)
            workbook.close()
        except FileCreateError as error:  # folder() knows what its cause means
            raise error.args[0] from error
        finally:
            _let_go(workbook)
        yield from pieces(file)


def _let_go(workbook: Any) -> None:
    """Close the rows of sheets that were not finished: while open, they keep the disk full."""
    for sheet in workbook.worksheets():
        with suppress(OSError):  # what is still to be written has no room, and is not wanted
            sheet.row_data_fh.close()


def _fill(workbook: Any, content: Content) -> None:
    names: list[str] = []
    readme = workbook.add_worksheet(sheet_name(README.of(content.lang), names))
    book = Book(workbook, content.lang, Look(workbook), names)
    for part in content.parts:
        LayerSheets(book, content, part).write()
    about(book, content, readme)
    if book.long:
        book.behind["_texts"][0].hidden = False
    readme.activate()


FORMAT = Format(
    name="XLSX",
    purpose=Text("Excel：查看与修改", "Excel: to read and to edit"),
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extensions=("xlsx",),
    write=write,
    read=read,
    streams=False,
    many_layers=True,
    offsets=True,
    says_crs=False,
)

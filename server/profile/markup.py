"""What python-docx has no words for: tables of fixed columns, edges, rows that stay whole.

Lengths are points; colours are #rrggbb.
"""

from collections.abc import Sequence

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def lay_table(table: Table, widths: Sequence[float]) -> None:
    """Columns as wide as they are, whatever stands in them, from one margin to the other."""
    table.autofit = False
    properties = table._tbl.tblPr
    width = OxmlElement("w:tblW")
    width.set(qn("w:w"), _twentieths(sum(widths)))
    width.set(qn("w:type"), "dxa")
    for one in list(properties.iter(qn("w:tblW"))):
        properties.remove(one)
    properties.insert(0, width)
    for column, points in zip(table.columns, widths, strict=True):
        column.width = Pt(points)
    pad_cells(table, 0)


def pad_cells(table: Table, above: float) -> None:
    """Room above and below the words of each cell, and none beside them."""
    properties = table._tbl.tblPr
    for one in list(properties.iter(qn("w:tblCellMar"))):
        properties.remove(one)
    margins = OxmlElement("w:tblCellMar")
    for side, points in (("top", above), ("left", 0), ("bottom", above), ("right", 0)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), _twentieths(points))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # In the order of the schema it comes before what says how a table looks.
    looks = properties.find(qn("w:tblLook"))
    if looks is None:
        properties.append(margins)
    else:
        looks.addprevious(margins)


def at_least(row: _Row, points: float) -> None:
    row.height, row.height_rule = Pt(points), WD_ROW_HEIGHT_RULE.AT_LEAST
    keep_whole(row)


def keep_whole(row: _Row) -> None:
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().insert(0, whole)


def joined_cells(row: _Row, parts: Sequence[tuple[int, int]], grid: Sequence[float]) -> list[_Cell]:
    """Cells from one column of the grid to another, each one cell."""
    cells = row.cells
    found = [
        cells[first].merge(cells[last]) if last > first else cells[first] for first, last in parts
    ]
    for cell, (first, last) in zip(found, parts, strict=True):
        cell.width = Pt(sum(grid[first : last + 1]))
    return found


def first_paragraph(cell: _Cell, style: str) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.style = style
    return paragraph


def paragraph_borders(paragraph: Paragraph) -> BaseOxmlElement:
    borders = OxmlElement("w:pBdr")
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    return borders


def add_edge(
    borders: BaseOxmlElement, side: str, colour: str, width: float, space: int = 0
) -> None:
    """`width` in points."""
    edge = OxmlElement(f"w:{side}")
    edge.set(qn("w:val"), "single")
    edge.set(qn("w:sz"), str(round(8 * width)))
    edge.set(qn("w:space"), str(space))
    edge.set(qn("w:color"), colour.removeprefix("#").upper())
    borders.append(edge)


def colour_run(run: Run, colour: str) -> None:
    run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())


def _twentieths(points: float) -> str:
    return str(round(20 * points))

"""CSV: a table that Excel opens as it is, with the whole geometry as WKT beside the coordinates."""

from collections.abc import Iterator, Sequence

from layers.export.content import Content
from layers.export.fields import free_name
from layers.export.joined import joined
from layers.filter.queryables import id_name
from layers.format import Format
from layers.formats._csv_cells import cell, column, rows
from layers.formats._csv_read import BOM, read
from layers.formats._places import axes, places
from layers.model import Text

# Every Excel in China reads it as GBK, which it contains, and it has a place for every character.
CODECS = {"utf-8": "utf-8", "gbk": "gb18030"}


def write(content: Content) -> Iterator[bytes]:
    """Id, coordinates, fields, WKT. Codes stay codes; nothing is an empty cell.

    Texts that a spreadsheet would calculate begin with an apostrophe, and UTF-8 begins with a byte
    order mark, without which Excel takes it for GBK; `raw` is without both.
    """
    part, guard = joined(content), not content.raw
    codec = CODECS[content.encoding]
    names = [field.name for field in part.layer.schema.fields]
    x, y = axes(part.layer, content.crs)
    header = [id_name(part.layer), x.name, y.name, *names, free_name("WKT", names)]
    mark = BOM if guard and codec == "utf-8" else b""
    yield mark + rows([cell(name, guard)] for name in header).encode(codec)
    for batch in part.batches():
        found = places(batch.geometries, content.crs)
        x_cells, y_cells = column(found.x, guard), column(found.y, guard)
        cells = [
            column(batch.ids, guard),
            x_cells,
            y_cells,
            *(column(batch.columns[name], guard) for name in names),
            _points(x_cells, y_cells) if found.wkt is None else column(found.wkt, guard),
        ]
        yield rows(cells).encode(codec)


def _points(x_cells: Sequence[str], y_cells: Sequence[str]) -> list[str]:
    return [f"POINT ({x} {y})" if x else "" for x, y in zip(x_cells, y_cells, strict=True)]


FORMAT = Format(
    name="CSV",
    purpose=Text("表格与统计软件", "For spreadsheets and statistics"),
    media_type="text/csv",
    extensions=("csv",),
    write=write,
    read=read,
    same_bytes=True,
    offsets=True,
    says_crs=False,
    encodings=tuple(CODECS),
)

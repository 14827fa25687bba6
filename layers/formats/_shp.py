"""One shapefile: its geometry drawn by GDAL, its table by us."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from layers.export.content import Content
from layers.formats import _dbf, _ogr
from layers.formats._shapes import Shape

if TYPE_CHECKING:
    import pyarrow as pa

# The id of a feature, the name of a column, and the text that the table has only in part.
Unheld = Callable[[str, str, str], None]


def write(path: Path, shape: Shape, content: Content, unheld: Unheld) -> None:
    """`path` without an ending. A shape without geometry is its table alone."""
    if shape.kind is not None:
        _draw(path.with_name(f"{path.name}.shp"), shape, content)
    _fill(path.with_name(f"{path.name}.dbf"), shape, content, unheld)


def _draw(file: Path, shape: Shape, content: Content) -> None:
    import pyarrow as pa

    geometry = shape.schema.field(len(shape.schema) - 1)
    _ogr.write(
        file,
        "ESRI Shapefile",
        pa.schema([geometry]),
        (batch.select([geometry.name]) for batch in shape.batches()),
        layer=file.stem,
        crs=content.crs,
        geometry=geometry.name,
        kind=str(shape.kind),
        encoding="UTF-8",
    )
    if content.crs.is_offset:  # no program may take these positions for those of WGS 84
        file.with_suffix(".prj").unlink()


def _fill(file: Path, shape: Shape, content: Content, unheld: Unheld) -> None:
    """GDAL has put a table there too, of numbers; it is written over."""
    import pyarrow as pa

    schema = pa.schema(list(shape.schema)[: -1 if shape.kind else None])
    names, encoding = schema.names, content.encoding

    def batches() -> Iterator["pa.RecordBatch"]:
        return (batch.select(names) for batch in shape.batches())

    _dbf.write(
        file,
        _dbf.measured(schema, batches(), encoding),
        [one.encode(encoding) for one in _dbf.names_of(names, encoding)],
        batches(),
        encoding,
        content.time,
        lambda feature, column, text: unheld(feature, names[column], text),
    )

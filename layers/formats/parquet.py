"""GeoParquet 1.1: columns for analysis in Python, DuckDB and the cloud; all types kept."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from layers.export.content import Content
from layers.export.fields import free_name
from layers.export.file_crs import FileCrs
from layers.export.joined import joined
from layers.format import Format
from layers.formats._arrow import Table, table_of
from layers.formats._files import folder, pieces
from layers.model import Field, Text

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "1.1.0"
GROUP = 13  # batches, 65,000 rows: what a reader takes or leaves by their box
CORNERS = ("xmin", "ymin", "xmax", "ymax")
ZSTD_LEVEL = 3
# Of these the same values come again and again.
REPEATED = ("text", "list", "integer", "date")

Boxes = NDArray[np.float64]


def write(content: Content) -> Iterator[bytes]:
    """One table with a box for each feature, by which readers leave out what lies elsewhere."""
    with folder() as path:
        table = table_of(joined(content), path / "features", content.lang, lists=True)
        file = path / f"{content.name}.parquet"
        _write(file, table, content.crs)
        yield from pieces(file)


def _write(file: Path, table: Table, crs: FileCrs) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    box = free_name("bbox", table.schema.names)
    schema = _schema(table, box).with_metadata({"geo": _geo(table, box, crs)})
    fields = zip(table.schema.names[1:], table.layer.schema.fields, strict=False)
    repeated = [
        f"{name}.list.element" if one.type == "list" else name
        for name, one in fields
        if one.type in REPEATED
    ]
    with pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=repeated,
        write_statistics=[*table.schema.names[:-1], *(f"{box}.{one}" for one in CORNERS)],
    ) as writer:
        batches = table.batches()
        while group := list(islice(batches, GROUP)):
            boxed = [_with_box(batch, schema) for batch in group]
            writer.write_table(pa.Table.from_batches(boxed))


def _schema(table: Table, box: str) -> "pa.Schema":
    """With the labels in both languages: whoever reads columns wants to know of what."""
    import pyarrow as pa

    first, *columns, last = table.schema
    named = [
        column.with_metadata(_said(field))
        for column, field in zip(columns, table.layer.schema.fields, strict=True)
    ]
    corners = pa.struct([pa.field(one, pa.float64()) for one in CORNERS])
    return pa.schema([first, *named, pa.field(box, corners), last])


def _said(field: Field) -> dict[str, str]:
    said = {"label_zh": field.label.zh, "label_en": field.label.en, "unit": field.unit or ""}
    codes = {code: [*text] for code, text in (field.codes or {}).items()}
    if codes:
        said["codes"] = orjson.dumps(codes).decode()
    return {name: text for name, text in said.items() if text}


def _geo(table: Table, box: str, crs: FileCrs) -> bytes:
    """The metadata of the geometry column; a CRS of null is one that is not known."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(table.kinds),
        "crs": crs.proj.to_json_dict(),
        "covering": {"bbox": {corner: [box, corner] for corner in CORNERS}},
    }
    if table.kinds:
        column["bbox"] = _extent(table)
    document = {
        "version": VERSION,
        "primary_column": table.geometry,
        "columns": {table.geometry: column},
    }
    return orjson.dumps(document)


def _extent(table: Table) -> list[float]:
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for batch in table.batches():
        boxes = _boxes(batch.column(table.geometry))
        if not np.isnan(boxes).all():
            low = np.minimum(low, np.nanmin(boxes[:, :2], axis=0))
            high = np.maximum(high, np.nanmax(boxes[:, 2:], axis=0))
    return [*low.tolist(), *high.tolist()]


def _with_box(batch: "pa.RecordBatch", schema: "pa.Schema") -> "pa.RecordBatch":
    import pyarrow as pa

    *columns, shapes = batch.columns
    boxes = _boxes(shapes)
    corners = [pa.array(np.ascontiguousarray(one)) for one in boxes.T]
    nowhere = pa.array(np.isnan(boxes[:, 0]))
    box = pa.StructArray.from_arrays(corners, CORNERS, mask=nowhere)
    return pa.RecordBatch.from_arrays([*columns, box, shapes], schema=schema)


def _boxes(shapes: "pa.Array") -> Boxes:
    """West, south, east and north of each, nan where there is no geometry."""
    wkb = shapes.to_numpy(zero_copy_only=False)
    return np.asarray(shapely.bounds(shapely.from_wkb(wkb)), np.float64)


FORMAT = Format(
    name="GeoParquet",
    purpose=Text("数据分析（Python、DuckDB、云端）", "For analysis in Python, DuckDB, the cloud"),
    media_type="application/vnd.apache.parquet",
    extensions=("parquet",),
    write=write,
    streams=False,
    same_bytes=True,
)

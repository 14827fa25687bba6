"""File Geodatabase: every layer as a feature class, with its labels, for ArcGIS and QGIS."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.export.content import Content, Part
from layers.export.readme import Line
from layers.format import Format
from layers.formats import _ogr
from layers.formats._arrow import ALIAS, Table, as_text, table_of
from layers.formats._bundle import bundled
from layers.formats._files import folder
from layers.formats._plain_names import plain_names
from layers.formats._shapes import Shape, counted, shapes_of
from layers.model import Lang, Text

if TYPE_CHECKING:
    import pyarrow as pa

# Of names; UTF-16 has two bytes for nearly all characters.
LONGEST, COUNTED_IN, BYTES = 64, "utf-16-le", 2
# GDAL would change these names once more.
RESERVED = (
    "objectid", "shape", "shape_length", "shape_area", "fid", "ogc_fid", "add", "alter", "and",
    "as", "asc", "between", "by", "column", "create", "date", "delete", "desc", "drop", "exists",
    "for", "from", "in", "insert", "into", "is", "like", "not", "null", "or", "order", "select",
    "set", "table", "update", "values", "where",
)  # fmt: skip
_RESERVED_START = re.compile(r"\d|_|(sde|gdb|delta)_", re.IGNORECASE)
SMALL, EXACT = 2**31 - 1, 2**53
_TABLES = Text("属性表", "Tables")
_RULES = Text(
    "别名为字段的中文名称；多个值以“；”分隔；日期时间为 UTC，秒以下有值时写成文字；"
    "32 位以外的整数写成双精度数，超出其精确范围时写成文字；是/否写成 1/0；"
    "含多种几何的集合算作没有坐标，几何写成文字（WKT）。",
    "Aliases are the labels of the fields. Lists have '；' between their members. Times are UTC, "
    "and text where they have fractions of seconds. Whole numbers of more than 32 bits are "
    "doubles, or text where a double is not exact. Yes and no are 1 and 0. "
    "Collections of several kinds of geometry count as without coordinates and have theirs as text "
    "(WKT).",
)


def write(content: Content) -> Iterator[bytes]:
    """A feature class for each layer, or for each kind of geometry of it where there are several.

    Features without geometry have a null shape where there is one class, else a table of their own.
    """
    with folder() as path:
        packed = path / "packed"
        packed.mkdir()
        parts: list[Part] = []
        taken: list[str] = []
        for part in content.parts:
            table = table_of(part, path / "features", content.lang)
            parts.append(counted(part, table))
            shapes = shapes_of(table, null_shapes=True)
            for shape in shapes:
                wanted = part.layer.id if len(shapes) == 1 else f"{part.layer.id}_{shape.name}"
                [name] = _names([wanted], taken)
                taken.append(name)
                _add(packed / f"{content.name}.gdb", name, shape, table, content)
        yield from bundled(packed, replace(content, parts=tuple(parts)), _lines)


def _add(database: Path, name: str, shape: Shape, table: Table, content: Content) -> None:
    import pyarrow as pa

    schema = _schema(shape, table)

    def batches() -> Iterator["pa.RecordBatch"]:
        for batch in shape.batches():
            columns = [
                as_text(one) if kind == pa.string() else one.cast(kind)
                for one, kind in zip(batch.columns, schema.types, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    _ogr.write(
        database,
        "OpenFileGDB",
        schema,
        batches(),
        layer=name,
        crs=content.crs,
        geometry=schema.names[-1] if shape.kind else None,
        kind=shape.kind or "",
        layer_options={"LAYER_ALIAS": table.layer.title.of(content.lang)},
    )


def _schema(shape: Shape, table: Table) -> "pa.Schema":
    """In types that ArcGIS 10 has too, exact ones."""
    import pyarrow as pa

    fields = list(shape.schema)
    geometry = fields.pop() if shape.kind else None
    fractions = _with_fractions(shape)
    found = []
    for field, name in zip(fields, _names([one.name for one in fields]), strict=True):
        kind = field.type
        if pa.types.is_int64(kind):
            kind = _number(table.largest[field.name])
        elif pa.types.is_date(kind):
            kind = pa.timestamp("s", "UTC")  # without a zone GDAL warns and takes it for UTC
        elif field.name in fractions:
            kind = pa.string()
        said = field.metadata or {}
        if name != field.name and ALIAS.encode() not in said:
            said = {**said, ALIAS: field.name}
        found.append(pa.field(name, kind, metadata=said))
    return pa.schema([*found, *([geometry] if geometry else [])])


def _number(largest: int) -> "pa.DataType":
    import pyarrow as pa

    if largest <= SMALL:
        return pa.int32()
    return pa.float64() if largest <= EXACT else pa.string()


def _with_fractions(shape: Shape) -> set[str]:
    """Columns of times that have fractions of seconds, which the file has no type for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [one.name for one in shape.schema if pa.types.is_timestamp(one.type)]
    if not names:
        return set()
    return {
        name
        for batch in shape.batches()
        for name in names
        if pc.any(pc.not_equal(pc.millisecond(batch.column(name)), 0)).as_py()
    }


def _names(names: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    started = [f"f_{name}" if _RESERVED_START.match(name) else name for name in names]
    return plain_names(started, LONGEST * BYTES, COUNTED_IN, (*RESERVED, *taken))


def _lines(lang: Lang) -> list[Line]:
    return [Line(_TABLES.of(lang), _RULES.of(lang))]


FORMAT = Format(
    name="File Geodatabase",
    purpose=Text("ArcGIS 地理数据库，字段带中文别名", "For ArcGIS, with the labels of fields"),
    media_type="application/zip",
    extensions=("gdb",),
    saved_as="gdb.zip",
    write=write,
    streams=False,
    many_layers=True,
)

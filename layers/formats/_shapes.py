"""A table parted by kind of geometry, for formats whose tables hold one kind only."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import shapely

from layers.export.content import Part
from layers.export.fields import free_name
from layers.formats._arrow import Table

if TYPE_CHECKING:
    import pyarrow as pa

# What such a table is called, by the kinds in it; the last is what GDAL declares it as.
SHAPES: Mapping[str, tuple[str, ...]] = {
    "point": ("Point",),
    "multipoint": ("MultiPoint",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}
NO_GEOMETRY = "nogeometry"
_COLLECTION = "GeometryCollection"
_NO_SHAPE = (None, _COLLECTION)


class Shape(NamedTuple):
    """Features of one kind: `kind` is None where they have no geometry, and no column of it."""

    name: str
    kind: str | None
    schema: "pa.Schema"
    batches: Callable[[], Iterator["pa.RecordBatch"]]


def shapes_of(table: Table, *, null_shapes: bool = False) -> list[Shape]:
    """The kinds that occur; of an empty table the one it is meant for.

    Collections of several kinds, which no such format has, are with the features that have no
    geometry, in a text of their own (WKT). With `null_shapes` those are with the others where
    there is but one kind.
    """
    found = [
        Shape(name, kinds[-1], table.schema, partial(table.of_kinds, kinds))
        for name, kinds in SHAPES.items()
        if not table.kinds.keys().isdisjoint(kinds)
    ]
    if null_shapes and len(found) <= 1 and _COLLECTION not in table.kinds:
        one = found[0] if found else _meant(table)
        return [one._replace(batches=table.batches)]
    if table.placeless or _COLLECTION in table.kinds:
        found.append(_without_geometry(table))
    return found or [_meant(table)]


def counted(part: Part, table: Table) -> Part:
    """The part as its readme counts it: what no such format has a shape for has no coordinates."""
    number = table.placeless + table.kinds.get(_COLLECTION, 0)
    return replace(part, placeless=lambda: number)


def _meant(table: Table) -> Shape:
    kind = table.layer.schema.geometry
    named = {one: name for name, kinds in SHAPES.items() for one in kinds}
    name = named.get(kind, "point")
    return Shape(name, SHAPES[name][-1], table.schema, table.batches)


def _without_geometry(table: Table) -> Shape:
    import pyarrow as pa

    schema = table.schema.remove(len(table.schema) - 1)
    if _COLLECTION not in table.kinds:
        return Shape(
            NO_GEOMETRY,
            None,
            schema,
            lambda: (one.select(schema.names) for one in table.of_kinds(_NO_SHAPE)),
        )
    with_text = schema.append(pa.field(free_name("wkt", schema.names), pa.string()))

    def batches() -> Iterator["pa.RecordBatch"]:
        for batch in table.of_kinds(_NO_SHAPE):
            *columns, shapes = batch.columns
            found = shapely.from_wkb(shapes.to_numpy(zero_copy_only=False))
            texts = shapely.to_wkt(found, rounding_precision=-1)
            yield pa.RecordBatch.from_arrays(
                [*columns, pa.array(texts, pa.string())], schema=with_text
            )

    return Shape(NO_GEOMETRY, None, with_text, batches)

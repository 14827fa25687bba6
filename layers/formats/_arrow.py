"""A layer's features as Arrow batches, put down in a file of their own before a format is written.

What a file needs to know first (which kinds of geometry there are, whether some have none, how
large its integers get, whether every value is of its column's type) is known when all features
were read once, and the store is read once only. What goes wrong in the reading comes out as it
was, for no library stands in between; memory holds one batch.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.export.content import Part
from layers.export.fields import free_name, list_text, with_fields
from layers.filter.queryables import geometry_name, id_name
from layers.model import Batch, Field, Lang, Layer

if TYPE_CHECKING:
    import pyarrow as pa

CHUNKS = 10  # of the store in a batch, which has a cost of its own
# WKB codes of OGC 06-103r4, table 11.
KINDS: Mapping[int, str] = {
    1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString",
    6: "MultiPolygon", 7: "GeometryCollection",
}  # fmt: skip
# In the metadata of a field.
ALIAS, COMMENT = "GDAL:OGR:alternative_name", "GDAL:OGR:comment"
# A column of this name is the row number to GDAL, whatever is in it.
GDALS_OWN = "OGC_FID"
_HEAD = 5  # bytes of a WKB: its byte order, its kind


@dataclass(frozen=True)
class Table:
    """The features of a layer as batches: `schema` has the id, the fields, the geometry as WKB.

    A field with a value that its type cannot say exactly (a 31 February, a time with microseconds:
    other programs' GeoPackages hold anything) is text in `layer` and here. `kinds` counts features
    by kind of geometry, `placeless` those without one; `largest` is the greatest distance from zero
    in each column of integers.
    """

    layer: Layer
    schema: "pa.Schema"
    path: Path
    kinds: Mapping[str, int]
    placeless: int
    largest: Mapping[str, int]

    @property
    def id(self) -> str:
        """The name of the first column."""
        return str(self.schema.names[0])

    @property
    def geometry(self) -> str:
        """The name of the last column."""
        return str(self.schema.names[-1])

    @property
    def kind(self) -> str:
        """The one kind of geometry there is, else that of the schema, else `Geometry`."""
        found = set(self.kinds) or {self.layer.schema.geometry}
        return found.pop() if len(found) == 1 else "Geometry"

    def batches(self) -> Iterator["pa.RecordBatch"]:
        import pyarrow as pa

        # Not mapped into memory: pages of the file would count as ours.
        with pa.OSFile(str(self.path)) as file, pa.ipc.open_stream(file) as reader:
            yield from reader

    def of_kinds(self, kinds: Collection[str | None]) -> Iterator["pa.RecordBatch"]:
        """The batches with features of these kinds only, None for those without a geometry."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if {*self.kinds, *([None] if self.placeless else [])} <= {*kinds}:
            yield from self.batches()
            return
        for batch in self.batches():
            heads = _heads(batch)
            wanted = [one for one in heads.unique().to_pylist() if _kind(one) in kinds]
            yield batch.filter(pc.is_in(heads, pa.array(wanted, pa.binary())))


class Misfit(Exception):
    """The type of this field cannot say one of its values."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def table_of(part: Part, path: Path, lang: Lang, *, lists: bool = False) -> Table:
    """The features of a part in a new file at `path`; list fields as lists or as one text."""
    layer = part.layer
    while True:
        try:
            return _put_down(layer, part.batches(), path, lang, lists)
        except Misfit as misfit:
            layer = _with_text(layer, misfit.field)


def schema_of(layer: Layer, lang: Lang, *, lists: bool = False) -> "pa.Schema":
    """The id, the fields in their order, the geometry.

    Labels and units go with the fields, by the names that GDAL knows them by.
    """
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("ms", "UTC"),
        "list": pa.list_(pa.string()) if lists else pa.string(),
    }
    fields = layer.schema.fields
    first, *names, last = names_of(layer)
    return pa.schema(
        [
            pa.field(first, pa.string()),
            *(
                pa.field(name, types[one.type], metadata=_metadata(one, name, lang))
                for one, name in zip(fields, names, strict=True)
            ),
            pa.field(last, pa.binary()),
        ]
    )


def names_of(layer: Layer) -> list[str]:
    """Columns as GDAL tells them apart, which takes `Area` and `area` for one, and then falls."""
    names = [id_name(layer), *(one.name for one in layer.schema.fields), geometry_name(layer)]
    found = [GDALS_OWN]
    for name in names:
        found.append(free_name(name, found))
    return found[1:]


def batches_of(
    layer: Layer, batches: Iterable[Batch], schema: "pa.Schema"
) -> Iterator["pa.RecordBatch"]:
    """Misfit where the type of a field cannot say a value."""
    import pyarrow as pa

    makers = [
        (one.name, _maker(one, column.type))
        for one, column in zip(layer.schema.fields, list(schema)[1:-1], strict=True)
    ]
    for batch in batches:
        arrays = [
            pa.array(batch.ids, pa.string()),
            *(_column(name, make, batch.columns[name]) for name, make in makers),
            pa.array(batch.geometries, pa.binary()),
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def as_text(column: "pa.Array") -> "pa.Array":
    """Any column as texts; times as in JSON, with fractions of seconds where there are any."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        times = pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ")
        return pc.replace_substring(times, ".000Z", "Z")
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _heads(batch: "pa.RecordBatch") -> "pa.Array":
    import pyarrow.compute as pc

    return pc.binary_slice(batch.column(batch.num_columns - 1), 0, _HEAD)


def _put_down(layer: Layer, batches: Iterable[Batch], path: Path, lang: Lang, lists: bool) -> Table:
    import pyarrow as pa

    schema = schema_of(layer, lang, lists=lists)
    kinds: Counter[str | None] = Counter()
    largest = {one.name: 0 for one in schema if pa.types.is_int64(one.type)}
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, schema) as writer:
        chunks = batches_of(layer, batches, schema)
        while some := list(islice(chunks, CHUNKS)):
            batch = pa.concat_batches(some)
            writer.write_batch(batch)
            for one in _heads(batch).value_counts().to_pylist():
                kinds[_kind(one["values"])] += one["counts"]
            for name, before in largest.items():
                largest[name] = max(before, _largest(batch.column(name)))
    placeless = kinds.pop(None, 0)
    found = {kind: count for kind, count in kinds.items() if kind is not None}
    return Table(layer, schema, path, found, placeless, largest)


def _largest(column: "pa.Array") -> int:
    import pyarrow.compute as pc

    ends: dict[str, int | None] = pc.min_max(column).as_py()
    return max(abs(ends["min"] or 0), abs(ends["max"] or 0))


def _with_text(layer: Layer, name: str) -> Layer:
    fields = [replace(one, type="text") if one.name == name else one for one in layer.schema.fields]
    return with_fields(layer, fields)


def _metadata(field: Field, name: str, lang: Lang) -> dict[str, str]:
    label = field.label.of(lang)
    named = {ALIAS: label} if label and label != name else {}
    return named | ({COMMENT: field.unit} if field.unit else {})


def _kind(head: bytes | None) -> str | None:
    if head is None:
        return None
    return KINDS[int.from_bytes(head[1:], "little" if head[0] else "big")]


Values = Sequence[Any]


def _column(name: str, make: Callable[[Values], "pa.Array"], values: Values) -> "pa.Array":
    import pyarrow as pa

    try:
        return make(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise Misfit(name) from error


def _maker(field: Field, kind: "pa.DataType") -> Callable[[Values], "pa.Array"]:
    import pyarrow as pa

    if field.type == "list" and kind == pa.string():
        return lambda values: pa.array([one and list_text(one) for one in values], kind)
    if field.type == "text":
        return lambda values: _texts(values)
    if field.type in ("date", "datetime"):
        return lambda values: pa.array(values, pa.string()).cast(kind)
    return lambda values: pa.array(values, kind)


def _texts(values: Values) -> "pa.Array":
    import pyarrow as pa

    try:
        return pa.array(values, pa.string())
    except pa.ArrowTypeError:  # a field that became text
        return pa.array([None if one is None else _text(one) for one in values], pa.string())


def _text(value: object) -> str:
    if isinstance(value, list):
        return list_text(value)
    return str(value)

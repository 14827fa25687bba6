"""Arrow batches into a file of any GDAL driver."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from layers.export.file_crs import WGS84, FileCrs

if TYPE_CHECKING:
    import pyarrow as pa


def write(
    path: Path,
    driver: str,
    schema: "pa.Schema",
    batches: Iterable["pa.RecordBatch"],
    *,
    layer: str,
    crs: FileCrs,
    geometry: str | None,
    kind: str = "Geometry",
    encoding: str | None = None,
    append: bool = False,
    layer_options: Mapping[str, str] | None = None,
    dataset_options: Mapping[str, str] | None = None,
) -> None:
    """A layer of a new file, or one more of a file that is there (`append`).

    `geometry` is the column of WKB, None for a table without places; `kind` is the geometry type
    the layer is declared with. What the iterator of the batches raises comes out as it was;
    GDAL's own errors are RuntimeErrors.
    """
    import pyarrow as pa
    from pyogrio.raw import write_arrow

    raised: list[BaseException] = []

    def watched() -> Iterator["pa.RecordBatch"]:
        try:
            yield from batches
        except BaseException as error:
            raised.append(error)
            raise

    places = {"geometry_name": geometry, "geometry_type": _ANY.get(kind, kind), "crs": wkt(crs)}
    try:
        write_arrow(
            pa.RecordBatchReader.from_batches(schema, watched()),
            path,
            layer=layer,
            driver=driver,
            encoding=encoding,
            append=append,
            layer_options=dict(layer_options or {}),
            dataset_options=dict(dataset_options or {}),
            **(places if geometry else {}),
        )
    except Exception:
        if raised:  # GDAL knows only that the stream has ended
            raise raised[0] from None
        raise


# What GDAL calls a layer that holds any kind of geometry.
_ANY = {"Geometry": "Unknown"}


def wkt(crs: FileCrs) -> str:
    """Degrees as x before y: the order of axes of an authority is not that of a file.

    A layer of GDAL has to have a CRS. For GCJ-02 and BD-09, which have no definition, it is WGS 84,
    and who writes such a file takes it out again.
    """
    return str((WGS84 if crs.is_offset else crs).proj.to_wkt())

"""FlatGeobuf: one layer in one file that programs read by window straight from the web."""

from collections.abc import Iterator

from layers.export.content import Content
from layers.export.joined import joined
from layers.format import Format
from layers.formats import _ogr
from layers.formats._arrow import table_of
from layers.formats._files import folder, pieces
from layers.model import Text


def write(content: Content) -> Iterator[bytes]:
    """With a spatial index where every feature has a place: GDAL keeps no other ones in it."""
    with folder() as path:
        table = table_of(joined(content), path / "features", content.lang)
        file = path / f"{content.name}.fgb"
        _ogr.write(
            file,
            "FlatGeobuf",
            table.schema,
            table.batches(),
            layer=table.layer.id,
            crs=content.crs,
            geometry=table.geometry,
            kind=table.kind,
            layer_options={
                "SPATIAL_INDEX": "NO" if table.placeless else "YES",
                "TEMPORARY_DIR": str(path),
            },
        )
        yield from pieces(file)


FORMAT = Format(
    name="FlatGeobuf",
    purpose=Text("大数据量，网页按范围读取", "Large layers, read from the web by window"),
    media_type="application/flatgeobuf",
    extensions=("fgb",),
    write=write,
    streams=False,
    same_bytes=True,
)

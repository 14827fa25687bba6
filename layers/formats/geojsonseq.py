"""GeoJSON text sequences (RFC 8142): a feature a line, for programs that read one at a time."""

from collections.abc import Iterator

from layers.export.content import Content
from layers.export.joined import joined
from layers.format import Format
from layers.formats.geojson import chunks
from layers.model import Text

RECORD_SEPARATOR = b"\x1e"


def write(content: Content) -> Iterator[bytes]:
    part = joined(content)
    for lines in chunks(part.layer, part.batches(), content.crs):
        yield b"".join(RECORD_SEPARATOR + line + b"\n" for line in lines)


FORMAT = Format(
    name="GeoJSONSeq",
    purpose=Text("逐行读取的 GeoJSON，适合大数据量", "GeoJSON line by line, for large layers"),
    media_type="application/geo+json-seq",
    extensions=("geojsonseq", "geojsons"),
    write=write,
    same_bytes=True,
    projected=False,
    offsets=True,
)

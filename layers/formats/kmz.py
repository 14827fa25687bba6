"""KMZ: the KML with the map's own symbols in one zip, streamed; no other host is asked for them."""

from collections.abc import Iterator
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from layers.export.colours import colour
from layers.export.content import Content
from layers.format import Format
from layers.formats._kml_styles import looks
from layers.formats._symbols import symbol_png
from layers.formats.kml import document
from layers.model import Text

_PIECE = 64 * 1024
# From so many features on a document may pass the 4 GB that old readers of zips know.
_LARGE = 500_000


class _Sink(RawIOBase):
    """Takes what the zip writes, which cannot go back in it, until it is fetched."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # any buffer
        piece = bytes(data)
        self._written += piece
        return len(piece)

    def taken(self, least: int = 0) -> Iterator[bytes]:
        if len(self._written) > least:
            piece = bytes(self._written)
            self._written.clear()
            yield piece


def write(content: Content) -> Iterator[bytes]:
    sink, moment = _Sink(), content.time.timetuple()[:6]
    large = content.count() > _LARGE
    with ZipFile(sink, "w") as archive:
        entry = ZipInfo("doc.kml", moment)
        entry.compress_type = ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=large) as file:
            for piece in document(content, packed=True):
                file.write(piece)
                yield from sink.taken(_PIECE)
        for number, part in enumerate(content.parts, 1):
            # A style for each fill has the same symbol.
            for one in {one.image: one for one in looks(part.layer, number, True).all}.values():
                icon = ZipInfo(one.image, moment)
                icon.compress_type = ZIP_STORED
                archive.writestr(icon, symbol_png(one.symbol, colour(one.colour), one.hollow))
    yield from sink.taken()


FORMAT = Format(
    name="KMZ",
    purpose=Text(
        "带本图符号的 KML 压缩包", "KML with the map's own symbols, packed for Google Earth"
    ),
    media_type="application/vnd.google-earth.kmz",
    extensions=("kmz",),
    write=write,
    many_layers=True,
    projected=False,
    offsets=True,
)

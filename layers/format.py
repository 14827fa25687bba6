"""What a format is: a name, where it fits, and how a content becomes bytes."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from layers.export.content import Content
from layers.model import Layer, NewFeature, Text

Found = Generator[tuple[Layer, Iterator[NewFeature]], None, None]


@dataclass(frozen=True)
class Format:
    """One of these, called FORMAT, in a module of `layers.formats` is a format.

    `write` yields the file in pieces. A format that `streams` yields as it reads, in bounded
    memory; another writes into a temporary folder first, yields nothing before the file is whole,
    and takes the folder away whatever happens. A content of several layers comes as it is to a
    format with `many_layers`; others join them (`layers.export.joined`).

    `read(path, known)` gives each layer of a file that `write` made, and perhaps a person has
    edited since, with its features in CRS84; take those of one before the next, and close it, for
    it may hold a file open. `known` are layers by id, for files that do not define theirs.
    BadLayerFile names the row, the field and the value.
    """

    name: str
    purpose: Text
    media_type: str
    extensions: tuple[str, ...]
    write: Callable[[Content], Iterator[bytes]]
    saved_as: str = ""  # ending of the saved file, where that is not the extension
    streams: bool = True
    many_layers: bool = False
    same_bytes: bool = False  # whenever written: nothing in the file tells the time or is random
    projected: bool = True  # metres too, not only degrees
    offsets: bool = False  # GCJ-02 and BD-09 too: nothing in the file would call them WGS 84
    says_crs: bool = True  # the file itself names its CRS
    encodings: tuple[str, ...] = ("utf-8",)
    read: Callable[[Path, Mapping[str, Layer]], Found] | None = None

    def ending(self, extension: str) -> str:
        """What the name of a saved file ends in: `shp.zip` for what is asked for as `shp`."""
        return self.saved_as or extension

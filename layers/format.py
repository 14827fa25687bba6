"""What a format is: a name, where it fits, and how a content becomes bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from layers.export.content import Content
from layers.model import Text


@dataclass(frozen=True)
class Format:
    """One of these, called FORMAT, in a module of `layers.formats` is a format.

    `write` yields the file in pieces. A format that `streams` yields as it reads, in bounded
    memory; another writes into a temporary folder first, yields nothing before the file is whole,
    and takes the folder away whatever happens. A content of several layers comes as it is to a
    format with `many_layers`; others join them (`layers.export.joined`).
    """

    name: str
    purpose: Text
    media_type: str
    extensions: tuple[str, ...]
    write: Callable[[Content], Iterator[bytes]]
    saved_as: str = ""  # ending of the saved file, where that is not the extension
    streams: bool = True
    many_layers: bool = False
    projected: bool = True  # metres too, not only degrees
    offsets: bool = False  # GCJ-02 and BD-09 too: nothing in the file would call them WGS 84
    says_crs: bool = True  # the file itself names its CRS
    encodings: tuple[str, ...] = ("utf-8",)

    def ending(self, extension: str) -> str:
        """What the name of a saved file ends in: `shp.zip` for what is asked for as `shp`."""
        return self.saved_as or extension

"""What a file is made of: layers, their features, and what the reader has to know of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from layers.export.file_crs import FileCrs
from layers.model import Batch, Feature, Lang, Layer, Zone


@dataclass(frozen=True)
class Part:
    """A layer on its way into a file, and which of its features go there.

    `layer.schema` has the fields in the order they are written, those of the position first.
    `batches` begins to read each time it is called; geometries are WKB, two-dimensional, in the
    CRS of the content, x (east, longitude) before y; columns are the fields of the schema.
    `count` says how many there are, `placeless` how many of them have no geometry; both look into
    the store when they are first asked, so a format that streams asks before its first piece.
    """

    layer: Layer
    batches: Callable[[], Iterator[Batch]]
    count: Callable[[], int]
    placeless: Callable[[], int]

    def features(self) -> Iterator[Feature]:
        """The same one by one."""
        return chain.from_iterable(map(Batch.features, self.batches()))


@dataclass(frozen=True)
class Content:
    """What a format writes. Titles, codes and readme come in `lang`.

    `asked` are the restrictions of this export in words for a reader, name by name; `without` are
    layers that hold nothing here because the filter asks for what they do not have; `source` is
    the address the features came from, empty where there is none.
    """

    zone: Zone
    parts: tuple[Part, ...]
    crs: FileCrs
    lang: Lang
    time: datetime
    encoding: str = "utf-8"
    raw: bool = False  # for machines: no mark for Excel, no guard against formulas
    geometry: str = "position"
    asked: tuple[tuple[str, str], ...] = ()
    without: tuple[Layer, ...] = ()
    source: str = ""
    name: str = "map"  # plain, of the file and of what is packed in it

    def count(self) -> int:
        return sum(part.count() for part in self.parts)

    def placeless(self) -> int:
        return sum(part.placeless() for part in self.parts)

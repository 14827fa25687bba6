"""What QGIS has to know of a layer to draw it, and how our texts stand in its expressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from layers.model import Layer

Offset = tuple[float, float]
NONE: Mapping[str, Offset] = MappingProxyType({})


@dataclass(frozen=True)
class Look:
    """A layer of one kind of geometry: point, multipoint, line or area.

    `names` are those that the fields have in QGIS; the public id stands under None. `offsets`, in
    millimetres and by public id, are of features that share their point with others; without any,
    QGIS looks for those itself. In a file the positions may be in metres instead of `degrees`.
    """

    layer: Layer
    kind: str
    names: Mapping[str | None, str]
    lang: str
    offsets: Mapping[str, Offset] = field(default_factory=dict)
    degrees: bool = True

    @property
    def fans_out(self) -> bool:
        """Displacing works on single points. Town dots and the like are where they are."""
        return self.kind == "point" and self.layer.role == "sites"


def quoted(name: str) -> str:
    """A field in an expression of QGIS."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in an expression of QGIS, where a backslash means something too."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def one_of(place: str, codes: tuple[str, ...]) -> str:
    return f"{place} IN ({', '.join(map(text, codes))})"

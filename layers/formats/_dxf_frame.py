"""All of a drawing but its entities: header, tables, blocks and objects, from ezdxf."""

from collections.abc import Mapping
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from layers.export.colours import Colour
from layers.export.file_crs import FileCrs
from layers.formats._dxf_colours import nearest_index
from layers.formats._dxf_entities import TEXT_STYLE, Bounds
from layers.formats._dxf_xdata import APPLICATION

if TYPE_CHECKING:
    from ezdxf.document import Drawing

# Every Windows with Chinese has it, and it has the rare characters that gbcbig.shx has not.
_FONT, _FAMILY = "simsun.ttc", "SimSun"
_CROSS_IN_A_CIRCLE = 34
_UNITLESS, _METRES = 0, 6
_METRIC = 1


class Frame(NamedTuple):
    """What stands before the entities, between them and the records, and behind those."""

    head: str
    middle: str
    tail: str


def new_drawing(encoding: str) -> "Drawing":
    """Of AutoCAD 2007, the first whose files are UTF-8; for another encoding of 2004, the last
    whose files have the one that they name.
    """
    from ezdxf.filemanagement import new

    drawing = new("R2007" if encoding == "utf-8" else "R2004", units=_UNITLESS)
    if encoding != "utf-8":
        drawing.encoding = encoding
    return drawing


def first_handle(drawing: "Drawing") -> int:
    """The first that nothing in the drawing has."""
    return int(str(drawing.entitydb.handles), 16)


def frame(
    drawing: "Drawing",
    layers: Mapping[str, Colour],
    bounds: Bounds,
    next_handle: int,
    crs: FileCrs,
    point_size: float,
) -> Frame:
    """`next_handle`: all before it are taken; `point_size` in units of the drawing, for several
    programs draw nothing where it is a share of the screen.
    """
    from ezdxf.tools.handle import HandleGenerator

    drawing.entitydb.handles = HandleGenerator(f"{next_handle:X}")
    for name, colour in layers.items():
        true = (colour.red << 16) + (colour.green << 8) + colour.blue
        drawing.layers.add(name, color=nearest_index(colour), true_color=true)
    drawing.appids.add(APPLICATION)
    style = drawing.styles.add(TEXT_STYLE, font=_FONT)
    style.set_extended_font_data(_FAMILY)
    drawing.header["$PDMODE"] = _CROSS_IN_A_CIRCLE
    drawing.header["$PDSIZE"] = point_size
    drawing.header["$TEXTSTYLE"] = TEXT_STYLE
    drawing.header["$INSUNITS"] = _METRES if _in_metres(crs) else _UNITLESS
    drawing.header["$MEASUREMENT"] = _METRIC
    _show(drawing, bounds)
    text = StringIO()
    drawing.write(text)
    return _cut(text.getvalue())


def _in_metres(crs: FileCrs) -> bool:
    return not crs.is_degrees and crs.proj.axis_info[0].unit_conversion_factor == 1


def _show(drawing: "Drawing", bounds: Bounds) -> None:
    """The first view is the whole drawing."""
    least, most = (bounds.least, bounds.most) if bounds else ([0.0, 0.0], [1.0, 1.0])
    space = drawing.modelspace()
    space.reset_extents((*least, 0), (*most, 0))
    space.reset_limits((least[0], least[1]), (most[0], most[1]))
    middle = ((least[0] + most[0]) / 2, (least[1] + most[1]) / 2)
    # A window is about half as wide again as high.
    height = max(most[1] - least[1], (most[0] - least[0]) / 1.5) * 1.05
    drawing.set_modelspace_vport(height, middle)


def _cut(text: str) -> Frame:
    """Where entities go, and at the end of the objects."""
    end = "  0\nENDSEC\n"
    entities = text.index("  2\nENTITIES\n") + len("  2\nENTITIES\n")
    objects = text.index("  2\nOBJECTS\n", entities)
    records = text.index(end, objects)
    return Frame(text[:entities], text[entities:records], text[records:])

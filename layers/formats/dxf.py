"""DXF for CAD programs: a CAD layer for each of ours, fields as extended data.

Points are POINT, lines and the rings of areas LWPOLYLINE, names TEXT. What has no coordinates
stands in a list beside the drawing. The file is put together in a folder: its header says how
large the drawing is, which is known when all of it is written.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import shapely

from layers.export.content import Content, Part
from layers.export.readme import lines, plain
from layers.format import Format
from layers.formats._dxf_entities import Bounds, Entities
from layers.formats._dxf_frame import first_handle, frame, new_drawing
from layers.formats._dxf_layers import PLACELESS, CadLayers
from layers.formats._dxf_shapes import label_place, pieces_of
from layers.formats._dxf_text import CODED
from layers.formats._dxf_words import Column, Labels, Placeless
from layers.formats._dxf_xdata import fields_of
from layers.formats._files import folder, pieces
from layers.formats.geojson import decimals_of
from layers.model import Text

# Letters are so small a part of what the map is about, which its surroundings are not; where that
# has no size, they have these, of metres or degrees.
_LETTERS = 200
_METRES, _DEGREES = 5.0, 0.00005
_TITLE = Text("{layer}：无坐标的要素", "{layer}: features without coordinates")


class _Sheet(NamedTuple):
    """A drawing while it is written."""

    layers: CadLayers
    entities: Entities
    labels: Labels
    placeless: Placeless
    about: Bounds


def write(content: Content) -> Iterator[bytes]:
    with folder() as path:
        drawing = new_drawing(content.encoding)
        with ExitStack() as files:
            entities, records = (
                files.enter_context(
                    (path / name).open("w", encoding=content.encoding, errors=CODED, newline="\n")
                )
                for name in ("entities", "records")
            )
            labels, placeless = (
                files.enter_context((path / name).open("w+b")) for name in ("labels", "placeless")
            )
            space = drawing.modelspace().layout_key
            sheet = _Sheet(
                CadLayers(content.lang),
                Entities(entities, records, space, first_handle(drawing), decimals_of(content.crs)),
                Labels(labels),
                Placeless(placeless),
                Bounds(),
            )
            for part in content.parts:
                _draw(part, sheet)
            height = _letters(content, sheet)
            _write_words(content, sheet, height)
        around = frame(
            drawing,
            sheet.layers.colours,
            sheet.entities.bounds,
            sheet.entities.next_handle,
            content.crs,
            height,
        )
        yield around.head.encode(content.encoding, CODED)
        yield from pieces(path / "entities")
        yield around.middle.encode(content.encoding, CODED)
        yield from pieces(path / "records")
        yield around.tail.encode(content.encoding, CODED)


def _draw(part: Part, sheet: _Sheet) -> None:
    names, entities = sheet.layers.of(part.layer), sheet.entities
    for feature in part.features():
        fields = fields_of(part.layer.id, feature)
        shape = shapely.from_wkb(feature.geometry, on_invalid="ignore")
        if shape is None or shapely.is_empty(shape):
            sheet.placeless.add(names.placeless(feature), fields)
            continue
        drawn = names.drawn(feature, shape.geom_type == "Point")
        for number, ring, places in pieces_of(shape):
            if ring is None and len(places) == 1:
                entities.point(drawn.shape, places[0], fields, number)
            else:
                entities.line(drawn.shape, places, fields, number, ring)
        place = label_place(shape)
        sheet.labels.add(drawn, place)
        if part.layer.role != "backdrop":
            sheet.about.add(*place)


def _letters(content: Content, sheet: _Sheet) -> float:
    """Their height."""
    size = sheet.about.size or sheet.entities.bounds.size
    smallest = _DEGREES if content.crs.is_degrees else _METRES
    return float(f"{max(size / _LETTERS, smallest):.3g}")


def _write_words(content: Content, sheet: _Sheet, height: float) -> None:
    sheet.labels.write(sheet.entities, height)
    column = Column(sheet.entities, height)
    for line in filter(None, plain(lines(content)).splitlines()):
        column.paragraph(sheet.layers.note, line)
    column.begin_next()
    layer = ""
    for one in sheet.placeless.all():
        if one.layer != layer:
            layer = one.layer
            title = layer.removesuffix(f"_{PLACELESS.of(content.lang)}")
            column.line(sheet.layers.note, _TITLE.of(content.lang).format(layer=title))
        column.line(one.layer, one.text, one.fields)


FORMAT = Format(
    name="DXF",
    purpose=Text("AutoCAD 等 CAD 软件", "For AutoCAD and other CAD programs"),
    media_type="image/vnd.dxf",
    extensions=("dxf",),
    write=write,
    streams=False,
    many_layers=True,
    offsets=True,
    says_crs=False,
    encodings=("utf-8", "gbk"),
)

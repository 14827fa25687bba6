"""The ground of a map: neighbours, the zone lifted above them, borders, what is lifted out.

The paints are those of the page's style sheets (static/map.css, basemap.js, shapes.js).
"""

from collections.abc import Sequence

import numpy as np
import shapely

from geo.discs import discs
from server.drawing.drawing import Drawing, Line, Paint, rounded
from server.picture.camera import Shapes
from server.picture.colours import Palette, palette
from server.picture.ground import Region, fill_of
from server.picture.items import Item
from server.picture.plan import Plan
from server.picture.shading import UNKNOWN
from server.picture.symbols import colour_of

CLOSE = 12  # the zoom from which a generalised border is a soft band
TINT, OUTLINE, BAND = 12, 1.6, 8
# A soft shadow of three lines, each wider and fainter than the one before.
SHADOW = ((2.0, 0.35), (5.0, 0.22), (9.0, 0.12))
FALL = np.array([0.0, 2.0])
MOST_DOTS = 2_000
SPACING, DOT = 7, 1.1


def draw_ground(drawing: Drawing, plan: Plan) -> None:
    view, colours = plan.view, palette(plan.view.dark)
    paper = Paint(fill=colours["paper"].name)
    drawing.rectangle(0, 0, plan.camera.width, plan.camera.height, paper)
    backdrop = [one for one in view.ground.backdrop if one.item.layer.id in view.on]
    for region, shape in zip(backdrop, seen(plan, backdrop), strict=True):
        keys = (region.item.group, region.item.id)
        fill = fill_of(region.item.layer, keys, view.dark) or colours["paper"].name
        drawing.rings(rings(shape), Paint(fill, colours["backdrop-line"].name, 1))
    areas = [one for one in view.ground.areas if one.item.layer.id in view.on]
    shapes = seen(plan, areas)
    _zone(drawing, plan, areas, shapes, colours)
    if backdrop or areas:
        dash = Paint(stroke=colours["group-border"].name, width=1.4, dash=(9, 3, 1.5, 3))
        for line in plan.camera.shapes(view.ground.borders).tolist():
            drawing.lines(lines(line), dash)
    _highlight(drawing, plan, colours)


def _zone(
    drawing: Drawing, plan: Plan, areas: Sequence[Region], shapes: Shapes, colours: Palette
) -> None:
    """Its shadow, each area's ground with a tint inside of its border, and the outlines."""
    view = plan.view
    shadow = colours["zone-shadow"]
    for width, part in SHADOW:
        for shape in shapes.tolist():
            fallen = [ring + FALL for ring in rings(shape)]
            opacity = shadow.opacity * part
            drawing.rings(fallen, Paint(stroke=shadow.name, width=width, stroke_opacity=opacity))
    tones = view.shading.tones if view.shading else {}
    for region, shape in zip(areas, shapes.tolist(), strict=True):
        tone = tones.get(region.item.key, UNKNOWN)
        ground = "zone" if tone == UNKNOWN else f"tone-{tone}"
        drawing.rings(rings(shape), Paint(fill=colours[ground].name))
    for region, shape in zip(areas, shapes.tolist(), strict=True):
        around = rings(shape)
        if around and view.shading is None:
            keys = (region.item.id, *region.item.districts)
            tint = fill_of(region.item.layer, keys, view.dark) or colours["line"].name
            with drawing.clip(around):
                drawing.rings(around, Paint(stroke=tint, width=TINT))
    line = colours["zone-line"].name
    is_close = plan.camera.zoom >= CLOSE
    paint = Paint(stroke=line, width=BAND, stroke_opacity=0.16) if is_close else None
    for shape in shapes.tolist():
        drawing.rings(rings(shape), paint or Paint(stroke=line, width=OUTLINE))


def _highlight(drawing: Drawing, plan: Plan, colours: Palette) -> None:
    """The district of what is selected and has no place of its own."""
    item = plan.view.selected
    if item is None or len(item.districts) != 1:
        return
    area = plan.view.ground.by_district.get(item.districts[0])
    if area is None or (item.layer.role == "sites" and item.home == "map"):
        return
    accent = colours["accent"].name
    for shape in seen(plan, [area]).tolist():
        drawing.rings(rings(shape), Paint(accent, accent, 3, fill_opacity=0.1))


def draw_shapes(drawing: Drawing, plan: Plan) -> None:
    """Lines and areas of sites in their layers' colours, areas with a light fill."""
    view = plan.view
    items = [
        one
        for one in view.items
        if one.home == "map" and one.geometry is not None and not one.point
    ]
    world = view.ground.world([one.geometry for one in items])
    for item, shape in zip(items, plan.camera.shapes(world).tolist(), strict=True):
        is_selected = view.selected is not None and view.selected.key == item.key
        colour = colour_of(item.layer.style, view.dark)
        dash = (6.0, 4.0) if item.hollow or item.inferred else ()
        width = 4 if is_selected else 2
        fill = 0.25 if is_selected else 0.12
        drawing.rings(rings(shape), Paint(colour, colour, width, dash, fill_opacity=fill))
        drawing.lines(lines(shape), Paint(stroke=colour, width=width, dash=dash))
        for x, y in points(shape):
            drawing.circle(x, y, 5, Paint(colour, colour, width, fill_opacity=fill))


def draw_possible(drawing: Drawing, plan: Plan) -> None:
    """Where the selected one may be: a disc of soft dots, cut by its district."""
    item = plan.view.selected
    colours = palette(plan.view.dark)
    shape = _possible(plan, item) if item is not None else None
    if item is None or shape is None:
        return
    around = rings(shape)
    blue = colours["possible"].name
    if around:
        with drawing.clip(around):
            drawing.rings(_dots(shape, plan), Paint(fill=blue, fill_opacity=0.45))
        dash = (5.0, 4.0) if item.inferred else ()
        drawing.rings(around, Paint(stroke=blue, width=1.4, dash=dash, stroke_opacity=0.75))


def _possible(plan: Plan, item: Item) -> shapely.Geometry | None:
    if item.layer.role != "sites" or item.home != "map" or not item.point or not item.uncertainty:
        return None
    lon, lat, metres = (np.array([one]) for one in (*item.point, item.uncertainty))
    ground = plan.view.ground
    [shape] = ground.world(discs(lon, lat, metres)).tolist()
    area = ground.by_district.get(item.districts[0]) if len(item.districts) == 1 else None
    if area is not None:
        shape = shapely.intersection(shape, area.shape)
    [found] = plan.camera.shapes(np.array([shape], dtype=object)).tolist()
    return None if found is None or found.is_empty else found


def _dots(shape: shapely.Geometry, plan: Plan) -> list[Line]:
    west, north, east, south = shapely.bounds(shape).tolist()
    west, north = max(west, 0), max(north, 0)
    east, south = min(east, plan.camera.width), min(south, plan.camera.height)
    step = max(SPACING, float(np.sqrt(max(east - west, 1) * max(south - north, 1) / MOST_DOTS)))
    across, down = np.arange(west, east, step), np.arange(north, south, step)
    x, y = (one.ravel() for one in np.meshgrid(across, down))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, x, y)
    spot = rounded(-DOT, -DOT, 2 * DOT, 2 * DOT, DOT)
    return [spot + at for at in np.column_stack([x[inside], y[inside]])]


def draw_area(drawing: Drawing, plan: Plan) -> None:
    """What the view is narrowed to."""
    if plan.view.area is None:
        return
    accent = palette(plan.view.dark)["accent"].name
    world = plan.view.ground.world([plan.view.area])
    for shape in plan.camera.shapes(world).tolist():
        drawing.rings(rings(shape), Paint(accent, accent, 2, fill_opacity=0.07))


def seen(plan: Plan, regions: Sequence[Region]) -> Shapes:
    return plan.camera.shapes(np.array([one.shape for one in regions], dtype=object))


def rings(shape: shapely.Geometry | None) -> list[Line]:
    """Those of all its polygons."""
    parts = [one for one in _parts(shape) if one.geom_type == "Polygon"]
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(parts)] if parts else []


def lines(shape: shapely.Geometry | None) -> list[Line]:
    kinds = ("LineString", "LinearRing")
    return [shapely.get_coordinates(one) for one in _parts(shape) if one.geom_type in kinds]


def points(shape: shapely.Geometry | None) -> list[list[float]]:
    found = [one for one in _parts(shape) if one.geom_type == "Point"]
    return [shapely.get_coordinates(one)[0].tolist() for one in found if not one.is_empty]


def _parts(shape: shapely.Geometry | None) -> list[shapely.Geometry]:
    """What it consists of, however it is nested."""
    if shape is None or shape.is_empty:
        return []
    if not hasattr(shape, "geoms"):
        return [shape]
    return [part for one in shape.geoms for part in _parts(one)]

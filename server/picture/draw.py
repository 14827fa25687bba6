"""A plan as a drawing: the map alone, and its scale."""

from server.drawing.drawing import Drawing, Lettering, Paint, rounded
from server.picture.asked import distance
from server.picture.colours import palette
from server.picture.draw_ground import draw_area, draw_ground, draw_possible, draw_shapes
from server.picture.draw_labels import draw_labels
from server.picture.pasting import paste
from server.picture.plan import Plan, has_ticks
from server.picture.ticks import draw_ticks
from server.picture.wording import measured

WIDEST = 110  # of a scale bar


def draw_map(drawing: Drawing, plan: Plan, x: float = 0, y: float = 0, scale: float = 1) -> None:
    """With its upper left corner there; nothing of it reaches beyond its window.

    `scale`: points of the sheet for each of the plan's own.
    """
    camera = plan.camera
    part = Drawing(camera.width, camera.height)
    draw_ground(part, plan)
    draw_shapes(part, plan)
    draw_possible(part, plan)
    draw_area(part, plan)
    if has_ticks(camera.width, camera.height):
        draw_ticks(part, camera, plan.view.dark)
    draw_labels(part, plan)
    with drawing.clip([rounded(x, y, scale * camera.width, scale * camera.height, 0)]):
        paste(drawing, part, x, y, scale)


def draw_scale_bar(drawing: Drawing, plan: Plan, x: float, y: float) -> float:
    """A round length, true in the middle of the map; y is where it stands. Returns its width."""
    metres, length = scale_bar(plan)
    colours = palette(plan.view.dark)
    ink = colours["ink-quiet"].name
    paper = Paint(fill=colours["surface"].name, fill_opacity=0.7)
    drawing.rectangle(x - 4, y - 16, length + 8, 20, paper, radius=3)
    text = distance(metres, plan.view.words)
    line = [(x, y - 6), (x, y), (x + length, y), (x + length, y - 6)]
    drawing.lines([line], Paint(stroke=ink, width=1.5))
    drawing.text(x + length / 2, y - 4, text, Lettering(10, ink, anchor="middle"))
    return max(length, measured(text, 10))


def scale_bar(plan: Plan, widest: float = WIDEST) -> tuple[float, float]:
    """Metres and points: 1, 2, 3 or 5 times a power of ten, as the page has it."""
    most = plan.camera.metres_per_point * widest
    power = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 1.0
    times = next((one for one in (10, 5, 3, 2, 1) if one * power <= most), 1)
    metres = times * power
    return metres, metres / plan.camera.metres_per_point

"""All that has words on a map: dots and names, plates, pills; in the paints of static/map.css."""

from server.drawing.drawing import Drawing, Lettering, Paint
from server.picture.colours import Palette, palette
from server.picture.items import Item
from server.picture.names import DOT, GROUP, NEIGHBOUR, SPACING, TOWN, Label
from server.picture.pills import GAP, PADDING, SYMBOL, TEXT, Pill, badge_text, many_text
from server.picture.plan import Plan
from server.picture.plate_lines import NAME, WORDS, Line
from server.picture.plate_lines import SYMBOL as SMALL_SYMBOL
from server.picture.plates import Plate
from server.picture.symbols import Look, colour_of, draw_symbol
from server.picture.wording import measured

MIDDLE = 0.36  # of a letter's size: from the middle of a line to its baseline


def draw_labels(drawing: Drawing, plan: Plan) -> None:
    dark = plan.view.dark
    colours = palette(dark)
    for x, y in plan.dots:
        drawing.circle(x, y, DOT, Paint(colours["town-dot"].name, colours["zone"].name, 1))
    for pill in plan.numbers.values():
        if pill.group.places > 1:
            # What stands for several places leaves a dot at each.
            for x, y in pill.group.spots:
                drawing.circle(x, y, 2, Paint(colours["ink"].name, colours["surface"].name, 0.6))
    leader = Paint(stroke=colours["line-strong"].name, width=1)
    leads = [one.lead for one in plan.plates] + [one.lead for one in plan.pills]
    drawing.lines([one for one in leads if one], leader)
    is_shaded = plan.view.shading is not None
    for label in plan.labels:
        _label(drawing, label, colours, is_shaded)
    for plate in plan.plates:
        _plate(drawing, plate, colours, dark, is_shaded)
    for pill in sorted(plan.pills, key=lambda one: one.is_chosen):
        _pill(drawing, pill, colours, dark)
    if plan.area_label is not None:
        text, box = plan.area_label
        frame = Paint(colours["surface"].name, colours["accent"].name, 1)
        drawing.rectangle(*box, frame, radius=6)
        _centred(drawing, text, box.middle, Lettering(TEXT, colours["ink"].name))


def _label(drawing: Drawing, label: Label, colours: Palette, is_shaded: bool) -> None:
    x, y = label.box.x, label.box.middle[1]
    if label.kind == "town":
        name = "ink" if is_shaded else "town-name"
        ink = Lettering(TOWN, colours[name].name, halo=colours["halo"].name, halo_width=2.5)
    elif label.kind == "group":
        ink = Lettering(GROUP, colours["group-name"].name, spacing=SPACING)
    else:
        ink = Lettering(NEIGHBOUR, colours["backdrop-name"].name)
    drawing.text(x, y + MIDDLE * ink.size, label.text, ink)


def _plate(drawing: Drawing, plate: Plate, colours: Palette, dark: bool, is_shaded: bool) -> None:
    ink, halo = colours["ink"].name, colours["halo"].name
    quiet = ink if is_shaded else colours["ink-quiet"].name
    for line in plate.lines:
        at = line.box.middle
        if line.kind == "name":
            _centred(drawing, line.text, at, Lettering(NAME, ink, bold=True, halo=halo))
        elif line.kind == "focus":
            _centred(drawing, line.text, at, Lettering(WORDS, quiet, halo=halo))
        elif line.kind == "capsule":
            edge = Paint(colours["surface"].name, colours["line-strong"].name, 1, (3, 2))
            drawing.rectangle(*line.box, edge, radius=line.box.height / 2)
            _centred(drawing, line.text, at, Lettering(WORDS, ink))
        else:
            _counts(drawing, line, colours, dark)


def _counts(drawing: Drawing, line: Line, colours: Palette, dark: bool) -> None:
    x, y = line.box.x, line.box.middle[1]
    for count in line.counts:
        style = count.layer.style
        look = Look(hollow=count.inferred, dashed=count.inferred)
        corner = (x, y - SMALL_SYMBOL / 2)
        draw_symbol(drawing, colours, style, colour_of(style, dark), corner, SMALL_SYMBOL, look)
        ink = Lettering(WORDS, colours["ink"].name, halo=colours["halo"].name)
        drawing.text(x + SMALL_SYMBOL + 3, y + MIDDLE * WORDS, count.text, ink)
        x += count.width + 8


def _pill(drawing: Drawing, pill: Pill, colours: Palette, dark: bool) -> None:
    box = pill.box
    radius = box.height / 2
    if pill.is_chosen:
        ring = Paint(stroke=colours["accent"].name, width=3)
        drawing.rectangle(*box, ring, radius=radius)
    else:
        shadow = colours["zone-shadow"]
        fall = Paint(fill=shadow.name, fill_opacity=shadow.opacity / 2)
        drawing.rectangle(*box.moved(0, 1), fall, radius=radius)
    edge = colours["accent" if pill.is_chosen else "line-strong"].name
    drawing.rectangle(*box, Paint(colours["surface"].name, edge, 1), radius=radius)
    ink = Lettering(TEXT, colours["ink"].name, bold=True)
    quiet = Lettering(TEXT, colours["ink-quiet"].name, bold=True)
    if pill.number is None:
        words = [(pill.name, ink), (badge_text(pill.group), quiet)]
    else:
        words = [(str(pill.number), ink), (many_text(pill.group, len(pill.symbols)), quiet)]
    y = box.middle[1]
    if pill.form == "left":
        # To the left of its place the symbols come last: the first still stands on it.
        x = box.x + box.width - PADDING - SYMBOL
        for item in pill.symbols:
            draw_item(drawing, item, (x, y - SYMBOL / 2), SYMBOL, dark)
            x -= SYMBOL + 1
        x = box.x + PADDING
    else:
        x = box.x + PADDING
        for item in pill.symbols:
            draw_item(drawing, item, (x, y - SYMBOL / 2), SYMBOL, dark)
            x += SYMBOL + 1
        x += GAP - 1
    for text, lettering in (one for one in words if one[0]):
        drawing.text(x, y + MIDDLE * TEXT, text, lettering)
        x += measured(text, TEXT, True) + GAP


def draw_item(
    drawing: Drawing, item: Item, corner: tuple[float, float], size: float, dark: bool
) -> None:
    look = Look(
        hollow=item.home != "map" or item.hollow,
        dashed=item.inferred,
        possible=item.certain is False,
    )
    style = item.layer.style
    draw_symbol(drawing, palette(dark), style, colour_of(style, dark), corner, size, look)


def _centred(drawing: Drawing, text: str, at: tuple[float, float], lettering: Lettering) -> None:
    x = at[0] - measured(text, lettering.size, lettering.bold) / 2
    drawing.text(x, at[1] + MIDDLE * lettering.size, text, lettering)

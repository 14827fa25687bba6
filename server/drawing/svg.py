"""A drawing as an SVG that stands alone: the letters it needs are inside (SVG 2, CSS Fonts 4)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from server.drawing.drawing import Clip, Drawing, Lettering, Line, Link, Paint, Shape, Unclip, Words
from server.drawing.fonts import FAMILY, parts, printable

WEIGHTS = {False: 400, True: 700}


def write_svg(drawing: Drawing) -> bytes:
    width, height = _figure(drawing.width), _figure(drawing.height)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" xml:lang="{escape(drawing.lang)}"'
        f' font-family="{FAMILY}, sans-serif" stroke-linejoin="round" stroke-linecap="round">',
        f"<title>{_text(drawing.title)}</title>",
        f"<style>{_fonts(drawing)}</style>",
    ]
    clips = 0
    for mark in drawing.marks:
        match mark:
            case Shape():
                out.append(_shape(mark))
            case Words():
                out.append(_words(mark))
            case Clip():
                clips += 1
                path = f'<path d="{_path(mark.rings, True)}" clip-rule="evenodd"/>'
                out.append(
                    f'<clipPath id="c{clips}">{path}</clipPath><g clip-path="url(#c{clips})">'
                )
            case Unclip():
                out.append("</g>")
    out.extend(map(_link, drawing.links))
    return "\n".join([*out, "</svg>\n"]).encode("utf-8")


def _fonts(drawing: Drawing) -> str:
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{WEIGHTS[bold]};"
        f"src:url(data:font/ttf;base64,{b64encode(part.file).decode('ascii')})}}"
        for bold, part in parts([drawing]).items()
    )


def _shape(shape: Shape) -> str:
    return f'<path d="{_path(shape.lines, shape.closed)}"{_paint(shape.paint, shape.closed)}/>'


def _paint(paint: Paint, closed: bool) -> str:
    out = ""
    if paint.fill and closed:
        out += f' fill="{paint.fill}" fill-rule="evenodd"'
        if paint.fill_opacity != 1:
            out += f' fill-opacity="{_figure(paint.fill_opacity)}"'
    else:
        out += ' fill="none"'
    if paint.stroke:
        out += f' stroke="{paint.stroke}" stroke-width="{_figure(paint.width)}"'
        if paint.stroke_opacity != 1:
            out += f' stroke-opacity="{_figure(paint.stroke_opacity)}"'
    if paint.dash:
        # Round ends would fill the gaps.
        out += f' stroke-dasharray="{" ".join(map(_figure, paint.dash))}" stroke-linecap="butt"'
    return out


def _path(lines: Sequence[Line], closed: bool) -> str:
    return "".join(
        "M" + "L".join(f"{x:.6g} {y:.6g}" for x, y in line.round(2).tolist()) + "Z" * closed
        for line in lines
    )


def _words(words: Words) -> str:
    lettering = words.lettering
    text = printable(words.text)
    return (
        f'<text x="{_figure(words.x)}" y="{_figure(words.y)}"{_lettering(lettering)}>'
        f"{_text(text)}</text>"
    )


def _lettering(lettering: Lettering) -> str:
    out = f' font-size="{_figure(lettering.size)}" fill="{lettering.colour}"'
    if lettering.bold:
        out += f' font-weight="{WEIGHTS[True]}"'
    if lettering.anchor != "start":
        out += f' text-anchor="{lettering.anchor}"'
    if lettering.spacing:
        out += f' letter-spacing="{_figure(lettering.spacing)}"'
    if lettering.halo:
        width = _figure(lettering.halo_width)
        out += f' stroke="{lettering.halo}" stroke-width="{width}" paint-order="stroke"'
    return out


def _link(link: Link) -> str:
    sides = " ".join(
        f'{name}="{_figure(value)}"'
        for name, value in zip(
            ("x", "y", "width", "height"), (link.x, link.y, link.width, link.height), strict=True
        )
    )
    return f'<a href="{escape(link.address)}"><rect {sides} fill="none" pointer-events="all"/></a>'


def _text(text: str) -> str:
    return escape(printable(text), quote=False)


def _figure(number: float) -> str:
    return f"{round(number, 3):g}"

"""Drawings as pixels: their PDF drawn by PDFium, which comes as a wheel and needs nothing else."""

from __future__ import annotations

from io import BytesIO
from threading import Lock
from typing import Literal

import pypdfium2 as pdfium

from server.drawing.drawing import Drawing
from server.drawing.pdf import write_pdf

PixelFormat = Literal["png", "webp"]

# PDFium is not made for several threads; one sheet at a time bounds the memory as well.
_one_at_a_time = Lock()

POINTS_PER_INCH = 72


def write_pixels(drawing: Drawing, form: PixelFormat, scale: float = 1) -> bytes:
    """`scale` pixels a unit of the drawing; the file says how many that are to an inch."""
    document = write_pdf([drawing], packed=False)
    with _one_at_a_time, pdfium.PdfDocument(document) as opened:
        page = opened[0]
        picture = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    out = BytesIO()
    if form == "png":
        # Flat colours: a higher level costs twice the time for a few per cent.
        per_inch = round(POINTS_PER_INCH * scale)
        picture.save(out, "PNG", compress_level=4, dpi=(per_inch, per_inch))
    else:
        picture.save(out, "WEBP", quality=90, method=2)
    return out.getvalue()

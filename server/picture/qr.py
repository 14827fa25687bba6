"""/qr.svg and /qr.png: the address of a view for a telephone's camera (ISO/IEC 18004)."""

from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode

import segno
from fastapi import Response

from layers.errors import StoreError
from server import caching
from server.drawing.drawing import Drawing, Paint
from server.params import pairs, read
from server.picture.image import MEDIA_TYPES, SHARED, Form
from server.picture.parameters import VIEW_PARTS, of_view
from server.picture.view import check_view
from server.rate import TooMany
from server.share import not_kept, short_name
from server.site import Call, CallDep

# Modules of a code of more are too small for paper and camera.
LONGEST = 200
QUIET = 4  # modules around it that stay light: what the standard asks for
SCALE: dict[Form, int] = {"png": 8, "svg": 4}


async def png(call: CallDep) -> Response:
    return await qr(call, "png")


async def svg(call: CallDep) -> Response:
    return await qr(call, "svg")


async def qr(call: Call, form: Form) -> Response:
    await check_view(call, read(call.query, VIEW_PARTS))
    address, known = _long(call)
    if not has_code(address):
        try:
            address = await _short(call, known)
        except (TooMany, StoreError) as error:
            return not_kept(error)
    return caching.answer(call.request, qr_bytes(address, form), MEDIA_TYPES[form], SHARED)


async def address_of(call: Call) -> str:
    """The public address of the view that a request is about.

    A short link where it is long; where that cannot be had the long one, too long for a code.
    """
    address, known = _long(call)
    if has_code(address):
        return address
    try:
        return await _short(call, known)
    except (TooMany, StoreError):
        return address


def has_code(address: str) -> bool:
    return len(address) <= LONGEST


def _long(call: Call) -> tuple[str, Mapping[str, str]]:
    known = of_view(pairs(call.query))
    return call.links.to(query=known), known


async def _short(call: Call, view: Mapping[str, str]) -> str:
    return call.links.to("s", await short_name(call, urlencode(sorted(view.items()))))


def code_of(address: str) -> segno.QRCode:
    """Error correction M: 15 % of it may be lost."""
    return segno.make_qr(address, error="m", boost_error=False)


def qr_bytes(address: str, form: Form) -> bytes:
    out = BytesIO()
    code = code_of(address)
    code.save(out, kind=form, scale=SCALE[form], border=QUIET, dark="#000000", light="#ffffff")
    return out.getvalue()


def draw_qr(drawing: Drawing, address: str, x: float, y: float, size: float) -> None:
    """Dark on white with its quiet zone, so large with it, and a link where there can be one."""
    code = code_of(address)
    rows = [list(row) for row in code.matrix]
    module = size / (len(rows) + 2 * QUIET)
    drawing.rectangle(x, y, size, size, Paint(fill="#ffffff"))
    runs = []
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                runs.append((down, start, across))
                start = None
    drawing.rings(
        [
            [
                (x + (left + QUIET) * module, y + (down + QUIET) * module),
                (x + (right + QUIET) * module, y + (down + QUIET) * module),
                (x + (right + QUIET) * module, y + (down + QUIET + 1) * module),
                (x + (left + QUIET) * module, y + (down + QUIET + 1) * module),
            ]
            for down, left, right in runs
        ],
        Paint(fill="#000000"),
    )
    drawing.link(x, y, size, size, address)

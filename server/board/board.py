"""/board.pdf and /board.png: a view on paper, to print and to hand round."""

import asyncio
from datetime import datetime
from typing import Literal

from fastapi import Response
from starlette.exceptions import HTTPException

from server import caching
from server.attachments import attachment
from server.board.parameters import BOARD, BOARD_PNG, PAGE, RESOLUTION, wish_of
from server.board.sheets import sheets
from server.caching import Kept
from server.drawing.drawing import Drawing
from server.drawing.pdf import write_pdf
from server.drawing.raster import POINTS_PER_INCH, write_pixels
from server.media import PDF
from server.params import Given, read
from server.picture.image import SHARED, is_held, key_of, tag_of
from server.picture.qr import address_of
from server.picture.view import check_view, read_view
from server.site import Call, CallDep

Form = Literal["pdf", "png"]

MEDIA_TYPES: dict[Form, str] = {"pdf": PDF, "png": "image/png"}


async def pdf(call: CallDep) -> Response:
    return await board(call, "pdf")


async def png(call: CallDep) -> Response:
    return await board(call, "png")


async def board(call: Call, form: Form) -> Response:
    given = read(call.query, BOARD if form == "pdf" else BOARD_PNG)
    lang = call.lang(given)
    await check_view(call, given)
    address, day = await address_of(call), datetime.now().astimezone().date().isoformat()
    key = key_of(call, given, f"board.{form} {address} {day}")
    tag, zone = await call.look_up(lambda store: (tag_of(call, store, key), store.zone()))
    page = given.get(PAGE) or 1
    at = f"-{page}" if page > 1 else ""
    headers = {
        **SHARED,
        **attachment(f"{zone.id}{at}", f"{zone.title.of(lang)}{at}", form, opened=True),
        "Content-Language": lang,
    }
    if is_held(call, tag):
        return caching.not_modified(tag, {"Cache-Control": caching.REVALIDATE, **headers})

    async def make() -> Kept:
        view = await read_view(call, given)
        return await asyncio.to_thread(
            lambda: _written(given, sheets(view, wish_of(given), address, day), form, tag)
        )

    found = await call.site.pictures.kept(key, tag, make, call.site.pictures.board_turns)
    return found.answer(call.request, headers=headers)


def _written(given: Given, drawings: list[Drawing], form: Form, tag: str) -> Kept:
    if form == "pdf":
        return Kept(write_pdf(drawings), MEDIA_TYPES[form], tag)
    page = given.get(PAGE) or 1
    if page > len(drawings):
        raise HTTPException(404, f"This board has no page {page}, it ends with {len(drawings)}.")
    scale = (given.get(RESOLUTION) or 300) / POINTS_PER_INCH
    pages = {"Page-Count": str(len(drawings))}
    return Kept(write_pixels(drawings[page - 1], "png", scale), MEDIA_TYPES[form], tag, pages)

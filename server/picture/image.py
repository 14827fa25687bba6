"""/image.png, .svg and .webp: any view as a picture that other pages may show."""

import asyncio
from collections.abc import Mapping
from typing import Literal

from fastapi import Response

from layers.stores.store import Store
from server import caching
from server.caching import Kept
from server.drawing.raster import write_pixels
from server.drawing.svg import write_svg
from server.params import Given, read
from server.picture import parameters
from server.picture.parameters import IMAGE, MOST_PIXELS, Sheet, sheet_of
from server.picture.sheet import draw_picture
from server.picture.view import View, read_view
from server.scene import scene_key
from server.short_links import ordered
from server.site import Call, CallDep
from server.version import VERSION

Form = Literal["png", "svg", "webp"]

MEDIA_TYPES: Mapping[Form, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
SHARED = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Language, Accept-Encoding",
}
# An SVG carries its letters and how they are chosen inside, and nothing that runs.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; "
    "frame-ancestors *"
)


async def png(call: CallDep) -> Response:
    return await image(call, "png")


async def svg(call: CallDep) -> Response:
    return await image(call, "svg")


async def webp(call: CallDep) -> Response:
    return await image(call, "webp")


async def image(call: Call, form: Form) -> Response:
    given = read(call.query, IMAGE)
    sheet = sheet_of(given)
    if form != "svg" and sheet.pixels > MOST_PIXELS:
        raise given.misfit(
            parameters.SCALE, f"so small that there are at most {MOST_PIXELS:,} pixels"
        )
    headers = {**SHARED, "Content-Language": call.lang(given)}
    if form == "svg":
        headers["Content-Security-Policy"] = POLICY
    key = key_of(call, given, form)
    tag = await call.look_up(lambda store: tag_of(call, store, key))
    if is_held(call, tag):
        return caching.not_modified(tag, {"Cache-Control": caching.REVALIDATE, **headers})

    async def make() -> Kept:
        view = await read_view(call, given)
        body = await asyncio.to_thread(written, view, sheet, form)
        return Kept(body, MEDIA_TYPES[form], tag)

    found = await call.site.pictures.kept(key, tag, make)
    return found.answer(call.request, headers=headers)


def written(view: View, sheet: Sheet, form: Form) -> bytes:
    drawing = draw_picture(view, sheet)
    return write_svg(drawing) if form == "svg" else write_pixels(drawing, form, sheet.scale)


def key_of(call: Call, given: Given, name: str) -> str:
    """One for each picture there may be, whatever the order its parameters come in."""
    return f"{call.lang(given)}/{name}?{ordered(call.query)}"


def tag_of(call: Call, store: Store, key: str) -> str:
    """Changes with whatever may change the picture."""
    return caching.digest(VERSION, key, call.site.settings.map_approval_number, scene_key(store))


def is_held(call: Call, tag: str) -> bool:
    """Whether the client has it: only who was sent a picture can know its tag."""
    return tag in call.request.headers.get("if-none-match", "")

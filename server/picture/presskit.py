"""/presskit.zip: a view for the press, in the shapes that articles ask for, with its caption."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from layers.model import LANGUAGES, Lang
from server import caching
from server.attachments import attachment, plain_name
from server.caching import Kept
from server.drawing.raster import write_pixels
from server.drawing.svg import write_svg
from server.params import read
from server.picture.caption import alternative, caption
from server.picture.image import SHARED, is_held, key_of, tag_of
from server.picture.parameters import VIEW_PARTS, Sheet
from server.picture.qr import address_of, has_code, qr_bytes
from server.picture.sheet import draw_picture
from server.picture.view import View, check_view, read_view
from server.site import CallDep
from server.zips import zip_of

ZIP = "application/zip"
# By pixels: 16:9, 4:3, a square, and what links show in messages.
SHEETS = (
    Sheet(800, 450, 2),
    Sheet(800, 600, 1.5),
    Sheet(720, 720, 1.5),
    Sheet(800, 420, 1.5),
)
VECTORS = Sheet(1600, 900)
_RULE = "\n" + "-" * 40 + "\n\n"

Views = dict[Lang, View]


async def presskit(call: CallDep) -> Response:
    given = read(call.query, VIEW_PARTS)
    lang = call.lang(given)
    await check_view(call, given)
    address = await address_of(call)
    key = key_of(call, given, f"presskit {address}")
    tag, zone = await call.look_up(lambda store: (tag_of(call, store, key), store.zone()))
    headers = {
        **SHARED,
        **attachment(zone.id, zone.title.of(lang), "zip"),
        "Content-Language": lang,
    }
    if is_held(call, tag):
        return caching.not_modified(tag, {"Cache-Control": caching.REVALIDATE, **headers})

    async def make() -> Kept:
        views = {one: await read_view(call, given, one) for one in LANGUAGES}
        return Kept(await asyncio.to_thread(zipped, views, lang, address), ZIP, tag)

    found = await call.site.pictures.kept(key, tag, make)
    return found.answer(call.request, headers=headers)


def zipped(views: Views, lang: Lang, address: str) -> bytes:
    return zip_of(files(views, lang, address))


def files(views: Views, lang: Lang, address: str) -> Iterator[tuple[str, bytes]]:
    """One after the other: no two pictures are in memory as pixels."""
    view = views[lang]
    name = plain_name(view.zone.id)
    for sheet in SHEETS:
        size = f"{sheet.width * sheet.scale:g}x{sheet.height * sheet.scale:g}"
        yield f"{name}-{size}.png", write_pixels(draw_picture(view, sheet), "png", sheet.scale)
    yield f"{name}.svg", write_svg(draw_picture(view, VECTORS))
    yield "caption.txt", _both(caption(one, address) for one in views.values())
    yield "alt.txt", _both(alternative(one) + "\n" for one in views.values())
    if has_code(address):
        yield "qr.png", qr_bytes(address, "png")
    yield "link.txt", f"{address}\n".encode()


def _both(texts: Iterator[str]) -> bytes:
    """With a byte order mark: Windows takes the file for GBK else."""
    return _RULE.join(texts).encode("utf-8-sig")

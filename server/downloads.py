"""Layers as files: kept as bytes while they are small, streamed while they are large."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from fastapi import Response

from layers.export.positions import POSSIBLE_AREA
from layers.model import Batch
from layers.stores.store import Reading, Store
from server import caching
from server.asks import is_map, layers_of
from server.attachments import attachment
from server.caching import Kept
from server.media import GEOJSON, JSON
from server.order import Order, content_of, file_name, order_of
from server.params import Given
from server.site import Call, CallDep
from server.source import Source
from server.streams import Rest, Streamed
from server.version import VERSION

LARGEST_KEPT = 20_000_000
MOST_KEPT = 20_000  # features: of more a client gets the first ones while the last are read
FIRST_PIECE = 64 * 1024  # of a packed file this is a megabyte of text: it comes within 0.1 s
GATHER_SECONDS = 30.0
FILE_SECONDS = 600.0
# Above this, packing takes long enough to be felt by those who wait for the event loop.
PACKED_AT_ONCE = 200_000


async def download(call: CallDep, layer_id: str, extension: str) -> Response:
    settings = call.site.settings
    order = order_of(layer_id, extension, call.query, call.lang(Given({})), settings)
    media_type = order.kind.media_type
    # Who asks for JSON gets GeoJSON: many clients know no other word for it.
    call.must_accept(media_type, *((JSON,) if media_type == GEOJSON else ()))
    source = call.source(order.lang)
    tag, name = await call.look_up(lambda store: (tag_of(source, order), named(store, order)))
    headers = {"Cache-Control": caching.REVALIDATE, "Vary": caching.VARIES, **name}
    if caching.is_current(call.request, tag):
        return caching.not_modified(tag, headers)
    if order.is_plain and order.kind.streams:
        shelf, version = call.site.shelf, tag
        async with shelf.lock(order.key):
            found = shelf.find(order.key, version) or await gather(call, order, tag)
            if isinstance(found, Kept):
                shelf.put(order.key, version, found)
    elif call.request.method == "HEAD" and not order.kind.streams:
        await call.run(lambda _: content_of(call.source(order.lang), order))
        return unwritten(media_type, {**headers, "ETag": caching.entity_tag(tag, None)})
    else:
        found = await gather(call, order, tag)
    if isinstance(found, Rest):
        return Streamed(found, call.site.pool, call.request, headers)
    if len(found.body) > PACKED_AT_ONCE:
        await asyncio.to_thread(found.packed, caching.wanted_encoding(call.request))
    return found.answer(call.request, headers=headers)


def unwritten(media_type: str, headers: Mapping[str, str]) -> Response:
    """The head of a file that nobody has written: how long it would be is not known."""
    response = Response(None, 200, headers, media_type)
    del response.headers["Content-Length"]
    return response


def tag_of(source: Source, order: Order) -> str:
    """Changes with whatever may change the file, but for the time that it may say it was made.

    Weak where files of the same features may differ in their bytes: no range of one of them may be
    put together with a range of another (RFC 9110, 13.1.5).
    """
    store = source.store
    versions = source.versions(layers_of(store, order.name, order.given), order.given)
    if order.geometry == POSSIBLE_AREA:
        versions += [store.version(one.id) for one in store.layers() if one.role == "areas"]
    name = caching.digest(VERSION, order.key, *versions)
    return name if order.kind.same_bytes else f"W/{name}"


def named(store: Store, order: Order) -> dict[str, str]:
    """What the file is to be called where it is saved."""
    one = store.zone() if is_map(store, order.name) else store.layer(order.name)
    title = f"{one.title.of('zh')}{order.crs.suffix}"
    return {
        **attachment(file_name(one.id, order.crs), title, order.kind.ending(order.extension)),
        "Content-Language": order.lang,
    }


async def gather(call: Call, order: Order, tag: str) -> Kept | Rest:
    """The whole file; or, of a large one, its beginning and what is to be streamed."""
    address = call.links.to("downloads", f"{order.name}.{order.extension}")
    # One that is kept is not stopped when this client leaves: others may wait for the same bytes.
    whoever = order.is_plain and order.kind.streams

    def work(reading: Reading) -> Kept | Rest:
        return begin(call.source(order.lang), order, tag, address, reading)

    if order.kind.streams:
        return await call.run(work, seconds=GATHER_SECONDS, whoever=whoever)
    async with call.site.files.turn():
        return await call.run(work, seconds=FILE_SECONDS, whoever=whoever)


def begin(source: Source, order: Order, tag: str, address: str, reading: Reading) -> Kept | Rest:
    """Write until the file ends or is too large to keep; all that is in it is of one state."""
    content = content_of(source, order, address=address)
    kept = LARGEST_KEPT if order.is_plain and content.count() <= MOST_KEPT else FIRST_PIECE
    if order.kind.streams:
        # Begun here: what is read later, outside of this reading, would be of another state.
        parts = [replace(one, batches=begun(one.batches())) for one in content.parts]
        content = replace(content, parts=tuple(parts))
    chunks = order.kind.write(content)
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > kept:
            return Rest(tag, order.content_type, bytes(body), chunks, reading)
    return Kept(bytes(body), order.content_type, tag)


def begun(batches: Iterator[Batch]) -> Callable[[], Iterator[Batch]]:
    return lambda: batches

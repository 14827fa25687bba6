"""Whole layers as files: kept as bytes while they are small, streamed while they are large."""

import asyncio

from fastapi import Response
from starlette.exceptions import HTTPException

from layers.model import Layer, Query
from layers.registry import all_formats
from layers.stores.store import Reading, Store
from server import caching
from server.attachments import attachment
from server.caching import Kept
from server.params import DOWNLOAD, read
from server.site import Call, CallDep
from server.streams import Rest, Streamed

# Who asks for JSON gets GeoJSON: many clients know no other word for it.
JSON_TOO = ("application/json",)
LARGEST_KEPT = 20_000_000
GATHER_SECONDS = 30.0
# Above this, packing takes long enough to be felt by those who wait for the event loop.
PACKED_AT_ONCE = 200_000


async def download(call: CallDep, layer_id: str, extension: str) -> Response:
    read(call.query, DOWNLOAD)
    kind = all_formats().get(extension)
    if kind is None:
        raise HTTPException(404)
    call.must_accept(kind.media_type, *JSON_TOO)
    layer, version = await call.look_up(
        lambda store: (store.layer(layer_id), store.version(layer_id))
    )
    headers = attachment(layer.id, layer.title.of("zh"), extension)
    large_tag = caching.digest(layer.id, extension, version)
    if caching.is_current(call.request, large_tag):
        return caching.not_modified(large_tag, headers)
    name = f"{layer.id}.{extension}"
    async with call.site.shelf.lock(name):
        found = call.site.shelf.find(name, version) or await gather(call, layer, extension)
    if isinstance(found, Rest):
        return Streamed(found, call.site.pool, call.request, headers)
    if len(found.body) > PACKED_AT_ONCE:
        await asyncio.to_thread(found.packed, caching.wanted_encoding(call.request))
    return found.answer(call.request, headers=headers)


async def gather(call: Call, layer: Layer, extension: str) -> Kept | Rest:
    """The layer's file, kept for the next who asks; or, of a large one, what is to be streamed."""
    store = call.store
    # Not stopped when this client leaves: others may wait for the same bytes.
    found = await call.site.pool.run(
        lambda reading: begin(store, layer, extension, reading), seconds=GATHER_SECONDS
    )
    if isinstance(found, Rest):
        return found
    version, kept = found
    call.site.shelf.put(f"{layer.id}.{extension}", version, kept)
    return kept


def begin(store: Store, layer: Layer, extension: str, reading: Reading) -> tuple[str, Kept] | Rest:
    """Write until the layer ends or is too large to keep; version and features are of one state."""
    kind, version = all_formats()[extension], store.version(layer.id)
    chunks = iter(kind.write(layer, store.features(layer.id, Query())))
    begun = bytearray()
    for chunk in chunks:
        begun += chunk
        if len(begun) > LARGEST_KEPT:
            tag = caching.digest(layer.id, extension, version)
            return Rest(tag, kind.media_type, bytes(begun), chunks, reading)
    return version, Kept(bytes(begun), kind.media_type)

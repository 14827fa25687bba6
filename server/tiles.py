"""OGC API Tiles: tile matrix sets, tilesets, TileJSON and vector tiles, by layer and as one map.

A tile holds every feature that touches it, the smallest too, as far as its budget goes; beyond that
it says how many it leaves out.
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import shapely
from fastapi import Response
from starlette.exceptions import HTTPException

from geo.mvt import MARGIN, MEDIA_TYPE, TileLayer
from geo.tiles import Tile
from layers.model import Feature, Layer
from layers.stores.store import Reading, Store
from server import caching, tile_budget, tilesets
from server.errors import printable
from server.media import JSON
from server.params import DOCUMENT, JSON_FORMAT, LANG, Parameter, choice, enumeration, read
from server.site import Call, CallDep
from server.tilesets import Tileset
from server.version import VERSION

MVT_FORMAT = Parameter("f", choice("mvt"), "mvt", enumeration("mvt"), "Format of the answer")
JSON_ONLY = (JSON_FORMAT, LANG)
TILE = (MVT_FORMAT,)
WHOLE = re.compile(r"0|-?[1-9][0-9]*")
LONGEST = 12  # digits: more than any tile has, few enough for int()

Read = Callable[[Store, str], Tileset]


async def tile_matrix_sets(call: CallDep) -> Response:
    return await fixed(call, tilesets.matrix_sets_document(call.links))


async def tile_matrix_set(call: CallDep) -> Response:
    return await fixed(call, tilesets.matrix_set_document(call.links))


async def layer_tilesets(call: CallDep, layer_id: str) -> Response:
    return await list_of(call, of_layer(layer_id))


async def layer_tileset(call: CallDep, layer_id: str) -> Response:
    return await metadata(call, of_layer(layer_id))


async def layer_tilejson(call: CallDep, layer_id: str) -> Response:
    return await tilejson(call, of_layer(layer_id))


async def layer_tile(
    call: CallDep, layer_id: str, tile_matrix: str, tile_row: str, tile_col: str
) -> Response:
    return await tile(call, of_layer(layer_id), tile_of(tile_matrix, tile_row, tile_col))


async def map_tilesets(call: CallDep) -> Response:
    return await list_of(call, tilesets.map_tileset)


async def map_tileset(call: CallDep) -> Response:
    return await metadata(call, tilesets.map_tileset)


async def map_tilejson(call: CallDep) -> Response:
    return await tilejson(call, tilesets.map_tileset)


async def map_tile(call: CallDep, tile_matrix: str, tile_row: str, tile_col: str) -> Response:
    return await tile(call, tilesets.map_tileset, tile_of(tile_matrix, tile_row, tile_col))


def of_layer(layer_id: str) -> Read:
    return lambda store, lang: tilesets.layer_tileset(store, layer_id, lang)


async def fixed(call: Call, document: dict[str, Any]) -> Response:
    read(call.query, DOCUMENT)
    call.must_accept(JSON)
    return caching.answer(call.request, orjson.dumps(document), JSON)


async def list_of(call: Call, of: Read) -> Response:
    lang = call.lang(read(call.query, DOCUMENT))
    return await described(
        call, lang, lambda store: tilesets.tilesets_document(of(store, lang), call.links)
    )


async def metadata(call: Call, of: Read) -> Response:
    lang = call.lang(read(call.query, DOCUMENT))
    return await described(
        call,
        lang,
        lambda store: tilesets.tileset_document(of(store, lang), store.zone(), call.links, lang),
    )


async def tilejson(call: Call, of: Read) -> Response:
    lang = call.lang(read(call.query, JSON_ONLY))
    return await described(
        call,
        lang,
        lambda store: tilesets.tilejson_document(of(store, lang), store.zone(), call.links, lang),
    )


async def described(call: Call, lang: str, document: Callable[[Store], dict[str, Any]]) -> Response:
    call.must_accept(JSON)
    store = call.store
    body = await call.site.pool.run(lambda _: orjson.dumps(document(store)), call.request)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang})


async def tile(call: Call, of: Read, asked: Tile) -> Response:
    """Inside the limits the tile, or 204 where nothing is; outside them 404."""
    read(call.query, TILE)
    call.must_accept(MEDIA_TYPE)
    store = call.store

    def work(reading: Reading) -> tuple[str, bytes, dict[str, int]]:
        tileset = of(store, "en")  # the language changes no byte of a tile
        if not tileset.holds(asked):
            raise HTTPException(404, f"There is no tile {'/'.join(map(str, asked))} in this set.")
        layers = [layer for layer, _ in tileset.layers]
        versions = [f"{layer.id}={store.version(layer.id)}" for layer in layers]
        tag = caching.digest(VERSION, *map(str, asked), *versions)
        if caching.is_current(call.request, tag):
            return tag, b"-", {}  # the answer will be 304
        return tag, *drawn(store, layers, asked, reading)

    tag, body, left_out = await call.site.pool.run(work, call.request)
    headers = {}
    if left_out:
        said = ", ".join(f"{name}={number}" for name, number in left_out.items())
        headers["Features-Left-Out"] = said
    if not body:
        return Response(None, 204, {"Cache-Control": caching.REVALIDATE, **headers})
    # A tile is the same whoever asks: only its packing differs.
    headers["Vary"] = "Accept, Accept-Encoding"
    return caching.answer(call.request, body, MEDIA_TYPE, headers, tag)


def tile_of(matrix: str, row: str, column: str) -> Tile:
    """Numbers that no tile has are for the limits to refuse; what is no number is refused here.

    As what is not there, like they: programs take the {z} of a TileJSON for the name of a tile.
    """
    named = {"tileMatrix": matrix, "tileRow": row, "tileCol": column}
    for name, text in named.items():
        if not WHOLE.fullmatch(text):
            wanted = "a whole number without leading zeros"
            raise HTTPException(404, f"{name} must be {wanted}, not {printable(text)!r}.")
    return Tile(*(int(text[:LONGEST]) for text in named.values()))


def drawn(
    store: Store, layers: list[Layer], tile: Tile, reading: Reading
) -> tuple[bytes, dict[str, int]]:
    """The bytes of a tile, and of which layers how many features are left out."""
    near, most = tile.extent(MARGIN), tile_budget.MOST_FEATURES
    samples = [store.sample(layer.id, near, most) for layer in layers]
    there = [number for _, number in samples]
    parts = []
    for place, share in enumerate(tile_budget.shares(there, most)):
        reading.check()
        layer, (found, number) = layers[place], samples[place]
        if share < min(number, most):  # others want a part of what one alone could have
            found, _ = store.sample(layer.id, near, max(share, 1))
        parts.append(tile_layer(layer, tile_budget.bounded(found)))
    body, shown = tile_budget.draw(parts, tile, reading.check)
    missing = zip(layers, there, shown, strict=True)
    return body, {one.id: number - some for one, number, some in missing if number > some}


def tile_layer(layer: Layer, found: list[Feature]) -> TileLayer:
    wkb = np.array([one.geometry for one in found], dtype=object)
    attributes: dict[str, list[object]] = {
        tilesets.id_attribute(layer.schema): [one.id for one in found],
        **{
            field.name: [one.properties[field.name] for one in found]
            for field in layer.schema.fields
        },
    }
    # Another program's table may have negative keys: they wrap around, and stay different.
    # A view may have a key that is no number; then only the attribute tells its features apart.
    keys = [one.fid if isinstance(one.fid, int) else 0 for one in found]
    fids = np.array(keys, np.int64).astype(np.uint64)
    return TileLayer(layer.id, fids, shapely.from_wkb(wkb, on_invalid="ignore"), attributes)

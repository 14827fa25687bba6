"""What matches, feature by feature: how sure it is that each lies in an area, and how far away."""

import orjson
from fastapi import Response

from layers.stores.store import Reading
from server import caching, params
from server.asks import asks_of_map, listed
from server.match_document import document
from server.media import JSON
from server.params import MATCHES, split
from server.site import CallDep
from server.version import VERSION


async def matches(call: CallDep) -> Response:
    given, others = split(call.query, MATCHES)
    call.must_accept(JSON)
    lang = call.lang(given)

    def work(_: Reading) -> tuple[str, bytes]:
        source = call.source(lang)
        layers = listed(source.store, given)
        # What looks beyond the layers that are named is an answer about all of them.
        tag = caching.digest(VERSION, lang, call.query, *source.versions(layers, given))
        asks = asks_of_map(layers, given, others, source)
        wholes = asks_of_map(layers, given.without(params.AREA, params.CERTAINTY), others, source)
        if caching.is_current(call.request, tag):
            return tag, b""  # the answer will be 304
        pairs = list(zip(asks, (one.query for one in wholes), strict=True))
        if given.get(params.LAYERS) is None:
            pairs = [one for one in pairs if one[0].layer.role == "sites"] or pairs
        return tag, orjson.dumps(document(source, pairs, given))

    tag, body = await call.run(work)
    return caching.answer(call.request, body, JSON, {"Content-Language": lang}, tag=tag)

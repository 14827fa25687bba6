"""Short links over HTTP: POST the address of a view, and get a short one that leads to it."""

import asyncio

import orjson
from fastapi import Response
from starlette.exceptions import HTTPException

from layers.errors import StoreError
from server.errors import problem
from server.media import JSON
from server.params import read
from server.rate import TooMany
from server.short_links import ordered
from server.site import Call, CallDep
from server.view_params import VIEW

A_DAY = {"Cache-Control": "public, max-age=86400"}
NOT_KEPT = {"Cache-Control": "no-store"}


async def shorten(call: CallDep) -> Response:
    """201 with the link; the same view gets the same."""
    read(call.query, VIEW)
    try:
        name = await short_name(call, ordered(call.query))
    except (TooMany, StoreError) as error:
        return not_kept(error)
    href = call.links.to("s", name)
    body = orjson.dumps({"id": name, "href": href})
    return Response(body, 201, {**NOT_KEPT, "Location": href}, JSON)


async def short_name(call: Call, query: str) -> str:
    """The id of a view's short link. TooMany for who makes too many new ones; StoreError."""
    links, rate, client = call.site.short_links, call.site.link_rate, call.request.state.caller
    if name := await asyncio.to_thread(links.named, query):
        return name
    rate.check(client)
    rate.count(client)
    return await asyncio.to_thread(links.keep, query)


def not_kept(error: TooMany | StoreError) -> Response:
    """Why there is no short link."""
    if isinstance(error, TooMany):
        return problem(429, str(error), {"Retry-After": str(error.seconds)})
    return problem(503, str(error))


async def follow(call: CallDep, link_id: str) -> Response:
    """To the map with the view that was kept: never to another place."""
    read(call.query, ())
    query = await asyncio.to_thread(call.site.short_links.find, link_id)
    if query is None:
        raise HTTPException(404, "There is no such short link.")
    return Response(None, 303, {**A_DAY, "Location": f"{call.links.to()}?{query}"})

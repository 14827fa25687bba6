"""A page for people at every address, drawn from the JSON document of the same address.

So page and document cannot differ, and whatever parameter the document understands, its page does.
"""

import functools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response
from starlette.exceptions import HTTPException

from layers.errors import AtlasError
from server import caching, negotiation
from server.errors import NotAcceptable, on_atlas_error, on_http_error
from server.html_look import Kind, Look, Shown, language, look_of, render
from server.html_pages import PAGES
from server.html_problem import failure, wants_page
from server.media import HTML
from server.params import LANG, UnknownParameter, pairs, parsed, view
from server.site import Call

Endpoint = Callable[..., Awaitable[Response]]
Query = list[tuple[str, str]]

MOST_IGNORED = 20


def with_pages(routes: Iterable[tuple[str, Endpoint]]) -> list[tuple[str, Endpoint]]:
    """The routes, each of which there is a page for answering people with it."""
    endpoints = dict(routes)
    return [
        (path, readable(endpoint, PAGES[path], endpoints) if path in PAGES else endpoint)
        for path, endpoint in endpoints.items()
    ]


def readable(endpoint: Endpoint, kind: Kind, endpoints: Mapping[str, Endpoint]) -> Endpoint:
    documents = [endpoint, *(endpoints[path] for path in kind.also)]

    @functools.wraps(endpoint)
    async def either(call: Call, **path: str) -> Response:
        if wants_page(view(call.query), call.request.headers.get("accept")):
            return await page(call, path, kind, documents)
        try:
            return await endpoint(call, **path)
        except NotAcceptable as error:
            if accepts_page(call):
                return await page(call, path, kind, documents)
            raise NotAcceptable([*error.offered, HTML]) from None

    return either


def accepts_page(call: Call) -> bool:
    given = "f" in dict(pairs(call.query))
    return not given and negotiation.media_type(call.request.headers.get("accept"), (HTML,)) == HTML


async def page(
    call: Call, path: Mapping[str, str], kind: Kind, endpoints: list[Endpoint]
) -> Response:
    query = list(pairs(call.query))
    zone = await call.look_up(lambda store: store.zone())
    look = look_of(call, query, language(call, dict(query)), zone)
    try:
        parsed(LANG, dict(query).get(LANG.name, look.lang))
        asked, look = await without_unknown(call, path, kind, endpoints[0], look)
        others = [
            document(await one(program(call, [], look.lang), **own_part(one, path)))
            for one in endpoints[1:]
        ]
    except (AtlasError, HTTPException) as error:
        answer_of = on_atlas_error if isinstance(error, AtlasError) else on_http_error
        return failure(look, error, await answer_of(call.request, error))
    store = call.store

    def draw() -> bytes:
        return render(kind.template, look, kind.values(Shown(look, store, path, asked, others)))

    body = await call.site.pool.run(lambda _: draw(), call.request)
    return answer(call, look, body)


async def without_unknown(
    call: Call, path: Mapping[str, str], kind: Kind, endpoint: Endpoint, look: Look
) -> tuple[Any, Look]:
    """The page's document. Parameters it does not know are left out, and said (utm_source, say)."""
    query = kind.query([one for one in look.query if one[0] not in ("f", "lang")])
    ignored: list[str] = []
    while True:
        try:
            found = await endpoint(program(call, query, look.lang), **path)
        except UnknownParameter as error:
            if len(ignored) == MOST_IGNORED:
                raise
            ignored.append(error.parameter)
            query = [one for one in query if one[0] != error.parameter]
        else:
            kept = [one for one in look.query if one[0] not in ignored]
            return document(found), look._replace(query=kept, ignored=ignored)


def program(call: Call, query: Query, lang: str) -> Call:
    """The same call as a program in that language would make it."""
    headers = [(b"accept", b"*/*"), (b"accept-language", lang.encode())]
    scope = {
        **call.request.scope,
        "method": "GET",
        "headers": headers,
        "query_string": urlencode(query).encode(),
    }
    return Call(Request(scope, call.request.receive), call.site, call.links)


def own_part(endpoint: Endpoint, path: Mapping[str, str]) -> dict[str, str]:
    """Those of the path's values that another endpoint takes too."""
    return {name: text for name, text in path.items() if name in endpoint.__annotations__}


def document(response: Response) -> Any:
    return orjson.loads(response.body)


def answer(call: Call, look: Look, body: bytes) -> Response:
    return caching.answer(call.request, body, HTML, {"Content-Language": look.lang})

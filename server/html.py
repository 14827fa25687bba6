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

from layers.errors import AtlasError, InvalidQuery
from layers.model import LANGUAGES, Lang
from server import caching, negotiation
from server.errors import STATUS, NotAcceptable, printable, problem_of
from server.html_look import Kind, Link, Look, Shown, look_of
from server.html_pages import PAGES
from server.page import templates
from server.params import UnknownParameter, pairs
from server.site import Call

Endpoint = Callable[..., Awaitable[Response]]
Query = list[tuple[str, str]]

HTML = "text/html"
# Everything that documents come as; a browser likes none of them as much as a page.
DOCUMENTS = (
    "application/json",
    "application/geo+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
)
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
        if wants_page(call):
            return await page(call, path, kind, documents)
        try:
            return await endpoint(call, **path)
        except NotAcceptable as error:
            if accepts_page(call):
                return await page(call, path, kind, documents)
            raise NotAcceptable([*error.offered, HTML]) from None

    return either


def wants_page(call: Call) -> bool:
    """By `f` if it is given, else by what the client likes best; documents where it has no wish."""
    asked = dict(pairs(call.query)).get("f")
    if asked is not None:
        return asked == "html"
    accept = call.request.headers.get("accept")
    return negotiation.media_type(accept, (*DOCUMENTS, HTML)) == HTML


def accepts_page(call: Call) -> bool:
    given = "f" in dict(pairs(call.query))
    return not given and negotiation.media_type(call.request.headers.get("accept"), (HTML,)) == HTML


async def page(
    call: Call, path: Mapping[str, str], kind: Kind, endpoints: list[Endpoint]
) -> Response:
    query = pairs(call.query)
    zone = await call.look_up(lambda store: store.zone())
    look = look_of(call, query, language(call, query), zone)
    try:
        asked, look = await without_unknown(call, path, kind, endpoints[0], look)
        others = [
            document(await one(program(call, [], look.lang), **own_part(one, path)))
            for one in endpoints[1:]
        ]
    except (AtlasError, HTTPException) as error:
        return failure(call, look, error)
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


def language(call: Call, query: Query) -> Lang:
    asked = dict(query).get("lang")
    known = next((one for one in LANGUAGES if one == asked), None)
    return known or negotiation.language(call.request.headers.get("accept-language"))


def render(template: str, look: Look, values: Mapping[str, Any]) -> bytes:
    as_data = Link("JSON", look.as_data(), "application/json")
    values = {"trail": (), "scene": None, "intro": "", "facts": (), "as_data": as_data, **values}
    html = templates().get_template(template).render(look=look, words=look.words, **values)
    return html.encode()


def answer(call: Call, look: Look, body: bytes) -> Response:
    return caching.answer(call.request, body, HTML, {"Content-Language": look.lang})


def failure(call: Call, look: Look, error: AtlasError | HTTPException) -> Response:
    """The problem document's sentence on a page, with the same status."""
    if isinstance(error, HTTPException):
        status, detail = error.status_code, printable(str(error.detail))
    elif any(isinstance(error, kind) for kind in STATUS):
        problem = problem_of(error)
        status, detail = problem.status_code, orjson.loads(problem.body)["detail"]
    else:
        raise error
    bad = error.parameter if isinstance(error, InvalidQuery) else None
    rest = look.address([one for one in look.query if one[0] != bad]) if bad else None
    values = {"status": status, "detail": detail, "without": rest, "parameter": bad}
    body = render("problem.html", look, {**values, "title": look.words["html.failed"]})
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    return Response(body, status, headers, f"{HTML}; charset=utf-8")

"""What went wrong, on a page: for people whose browser came to an address that cannot answer."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ExceptionHandler

from layers.errors import AtlasError, InvalidQuery, UnknownFeature, UnknownLayer
from server import negotiation
from server.errors import on_atlas_error, on_client_gone, on_failure, on_http_error, printable
from server.html_look import Look, language, look_of, render
from server.html_sentences import in_language
from server.media import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from server.params import OwnWords, view
from server.pool import ClientGone
from server.site import call_of

# Everything that documents come as; a browser likes none of them as much as a page.
DOCUMENTS = (JSON, GEOJSON, SCHEMA, OPENAPI)
TITLES = {400: "html.failed_request", 404: "html.failed_missing", 503: "html.failed_busy"}


def wants_page(query: Mapping[str, str], accept: str | None) -> bool:
    """By `f` if it is given, else by what the client likes best; documents where it has no wish."""
    asked = query.get("f")
    if asked is not None:
        return asked == "html"
    return negotiation.media_type(accept, (*DOCUMENTS, HTML)) == HTML


def failure(look: Look, error: AtlasError | HTTPException, problem: Response) -> Response:
    """The problem document on a page, with the same status and the reader's own words for it."""
    status = problem.status_code
    values: dict[str, Any] = {
        "status": status,
        "title": look.words[TITLES.get(status, "html.failed")],
        "said": said(look, error),
        "detail": orjson.loads(problem.body)["detail"],
        "parameter": "",
        "without": "",
    }
    if isinstance(error, InvalidQuery):
        values["parameter"] = error.parameter
        values["without"] = look.without(error.parameter)
    if look.lang == "en" or (isinstance(error, InvalidQuery) and allowed(look, error)):
        values["detail" if look.lang == "zh" else "said"] = ""
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    headers |= {name: one for name, one in problem.headers.items() if name == "retry-after"}
    return Response(render("problem.html", look, values), status, headers, f"{HTML}; charset=utf-8")


def said(look: Look, error: AtlasError | HTTPException) -> str:
    if isinstance(error, InvalidQuery):
        got = printable(str(error.got))
        return look.word("html.bad_value", name=error.parameter, got=got) + allowed(look, error)
    if isinstance(error, UnknownLayer):
        return look.word("html.no_layer", layer=printable(error.layer))
    if isinstance(error, UnknownFeature):
        item = printable(error.feature)
        return look.word("html.no_item", layer=error.layer, id=item)
    if isinstance(error, HTTPException) and error.status_code == 404:
        return look.word("html.no_page", path=printable("/" + "/".join(look.path)))
    return ""


def allowed(look: Look, error: InvalidQuery) -> str:
    """Nothing where the error has words of its own, or nobody has written them in the language."""
    found = None if isinstance(error, OwnWords) else in_language(error.allowed, look.lang)
    return look.word("html.allowed", allowed=found) if found else ""


async def on_error(request: Request, error: Exception) -> Response:
    """A page for those who came with a browser; all others get the problem document."""
    assert isinstance(error, AtlasError | HTTPException)
    answer_of = on_atlas_error if isinstance(error, AtlasError) else on_http_error
    problem = await answer_of(request, error)
    call = await call_of(request)
    query = view(call.query)
    if not wants_page(query, request.headers.get("accept")):
        return problem
    try:
        zone = await call.look_up(lambda store: store.zone())
    except AtlasError:
        return problem
    return failure(look_of(call, list(query.items()), language(call, query), zone), error, problem)


HANDLERS: dict[type[Exception], ExceptionHandler] = {
    AtlasError: on_error,
    HTTPException: on_error,
    ClientGone: on_client_gone,
}


def handle_errors(app: FastAPI) -> None:
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(Exception, on_failure)

"""One table from error to status, and the problem documents (RFC 9457) that answer errors."""

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layers.errors import (
    AtlasError,
    InvalidQuery,
    NoRoom,
    QueryStopped,
    StoreError,
    StoreLocked,
    StoreReadOnly,
    TooManyFeatures,
    UnknownFeature,
    UnknownFormat,
    UnknownLayer,
)
from server.media import PROBLEM
from server.methods import allowed
from server.params import OwnWords
from server.pool import TimeIsUp, TooBusy
from server.search_index import NotReady

LONGEST_ECHO = 200

# The first class an error is an instance of decides.
STATUS: dict[type[Exception], HTTPStatus] = {
    UnknownFormat: HTTPStatus.NOT_FOUND,
    InvalidQuery: HTTPStatus.BAD_REQUEST,
    UnknownLayer: HTTPStatus.NOT_FOUND,
    UnknownFeature: HTTPStatus.NOT_FOUND,
    TooManyFeatures: HTTPStatus.FORBIDDEN,
    NoRoom: HTTPStatus.INSUFFICIENT_STORAGE,
    StoreReadOnly: HTTPStatus.FORBIDDEN,
    StoreLocked: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryStopped: HTTPStatus.SERVICE_UNAVAILABLE,
    TimeIsUp: HTTPStatus.SERVICE_UNAVAILABLE,
    TooBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
}

log = logging.getLogger("zoneatlas")


class NotAcceptable(HTTPException):
    def __init__(self, offered: list[str]) -> None:
        self.offered = offered
        super().__init__(406, f"This is offered as {' or '.join(offered)} only.")


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **members: object,
) -> Response:
    """A problem document; `members` are further facts, such as the parameter's name."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        **members,
    }
    extra = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding", **(headers or {})}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra.setdefault("Retry-After", "2")
    return Response(orjson.dumps(document), status, extra, PROBLEM)


def problem_of(error: AtlasError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), None)
    if status is None:
        raise error
    if isinstance(error, StoreError):
        # The sentence may name files of the server; the operator finds it in the log.
        log.warning("%s: %s", type(error).__name__, error)
        return problem(status, "The store cannot answer just now; please try again.")
    if isinstance(error, InvalidQuery):
        got = printable(str(error.got))
        return problem(
            status,
            sentence(error, got),
            parameter=error.parameter,
            got=got,
            allowed=error.allowed,
        )
    return problem(status, printable(str(error)))


def sentence(error: InvalidQuery, got: str) -> str:
    if isinstance(error, OwnWords):
        return printable(str(error))
    return f"{error.parameter} must be {error.allowed}, not {got!r}."


def printable(text: str) -> str:
    """What came, short enough to be read and always encodable."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "…"


async def on_atlas_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AtlasError)
    return problem_of(error)


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    details = {
        404: f"There is nothing at {printable(request.url.path)}.",
        405: f"{request.method} is not possible here.",
    }
    # Starlette fills `detail` with the bare phrase where nobody wrote a sentence.
    written = error.detail != HTTPStatus(error.status_code).phrase
    detail = error.detail if written else details.get(error.status_code, error.detail)
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette names those of one route only.
        headers = {"Allow": allowed(request.app.routes, request.scope)}
    return problem(error.status_code, detail, headers)


async def on_client_gone(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # nobody reads it; the number is what logs know for this


async def on_failure(request: Request, error: Exception) -> Response:
    return failure(error, request.url.path)


def failure(error: Exception, path: str) -> Response:
    """What nobody foresaw: an id for the person, everything else for the log."""
    name = secrets.token_hex(6)
    log.error("error %s at %s", name, printable(path), exc_info=error)
    return problem(
        500, f"The server failed at this request; its log has more under {name}.", id=name
    )


class CatchAll:
    """Outermost: what goes wrong around the app is answered too, and nothing is said twice."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = ended = False

        async def watched(message: Message) -> None:
            nonlocal started, ended
            started = True
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            # Starlette answers with on_failure and then raises the error for whoever is outside.
            if scope["type"] != "http" or (started and not ended):
                raise
            if not started:
                await failure(error, scope["path"])(scope, receive, send)

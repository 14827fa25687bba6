"""The first look at a request: sizes within bounds, and OPTIONS answered for every address."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from server.errors import printable, problem
from server.headers import PREFLIGHT
from server.methods import allowed

LONGEST_TARGET = 16_384
LONGEST_HEADERS = 65_536
LONGEST_BODY = 1_048_576  # nothing is read from bodies yet


class Gate:
    """Refuses what is too large, and what is no address here, before anything looks into it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = refusal(scope) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)


def refusal(scope: Scope) -> Response | None:
    target = len(scope.get("raw_path", b"")) + len(scope["query_string"])
    if target > LONGEST_TARGET:
        return problem(414, f"The address is longer than {LONGEST_TARGET} bytes.", CLOSE)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
        return problem(431, f"The headers are longer than {LONGEST_HEADERS} bytes.", CLOSE)
    length = Headers(scope=scope).get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:20]) > LONGEST_BODY:
        return problem(413, f"The body is longer than {LONGEST_BODY} bytes.", CLOSE)
    # Routes are matched to the decoded path, where an encoded slash would be one that divides;
    # no id of a layer or feature has a slash.
    if b"%2f" in scope.get("raw_path", b"").lower():
        return problem(404, f"There is nothing at {printable(scope['path'])}.")
    return None


# The rest of what was too long must not be taken for the next request.
CLOSE = {"Connection": "close"}


class Options:
    """Answers OPTIONS with the methods an address has, for browsers' preflight requests too."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allow = allowed(self.routes, scope) if is_options(scope) else ""
        if not allow:
            return await self.app(scope, receive, send)
        methods = {"Allow": allow, "Access-Control-Allow-Methods": allow}
        answer = Response(status_code=204, headers={**methods, **PREFLIGHT})
        await answer(scope, receive, send)


def is_options(scope: Scope) -> bool:
    return (scope["type"], scope.get("method")) == ("http", "OPTIONS")

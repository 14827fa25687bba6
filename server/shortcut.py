"""The hottest addresses by a way of their own, before FastAPI looks at a request.

FastAPI's own layers cost more than to read one feature does (bench: 0.1 ms a request), and
Starlette's routes a third of that.
"""

from collections.abc import Awaitable, Callable, Iterable

from fastapi import FastAPI, Request, Response
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from server.html_problem import HANDLERS
from server.site import Call

Endpoint = Callable[..., Awaitable[Response]]


class Shortcut:
    """Answers GET at `routes`; all other requests, and other methods, are for the app."""

    def __init__(self, app: FastAPI, routes: Iterable[tuple[str, Endpoint]]) -> None:
        self.app = app
        self.routes = [(compile_path(path)[0], endpoint) for path, endpoint in routes]
        self.short: ASGIApp = ExceptionMiddleware(answer, HANDLERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            for pattern, endpoint in self.routes:
                match = pattern.match(scope["path"])
                if match:
                    scope.update(app=self.app, endpoint=endpoint, path_params=match.groupdict())
                    return await self.short(scope, receive, send)
        await self.app(scope, receive, send)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """What FastAPI does for an endpoint, by hand: the call of a request, and what its path says."""
    request = Request(scope, receive, send)
    call = Call(request, request.app.state.site, request.state.links)
    response = await scope["endpoint"](call, **scope["path_params"])
    await response(scope, receive, send)

"""The hottest addresses by plain Starlette routes, before FastAPI looks at a request.

FastAPI's own layers cost more than to read one feature does (bench: 0.1 ms a request).
"""

from collections.abc import Awaitable, Callable, Iterable

from fastapi import FastAPI, Request, Response
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from server.errors import HANDLERS
from server.site import Call


class Shortcut:
    """Answers GET at `routes`; all other requests, and other methods, are for the app."""

    def __init__(
        self, app: FastAPI, routes: Iterable[tuple[str, Callable[..., Awaitable[Response]]]]
    ) -> None:
        self.app = app
        self.routes = [Route(path, plainly(endpoint), methods=["GET"]) for path, endpoint in routes]
        self.short: ASGIApp = ExceptionMiddleware(self.answer, HANDLERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            for route in self.routes:
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found, app=self.app, shortcut=route)
                    return await self.short(scope, receive, send)
        await self.app(scope, receive, send)

    @staticmethod
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        route: Route = scope["shortcut"]
        await route.handle(scope, receive, send)


def plainly(
    endpoint: Callable[..., Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """What FastAPI does for an endpoint, by hand: the call of a request, and what its path says."""

    async def answered(request: Request) -> Response:
        call = Call(request, request.app.state.site, request.state.links)
        return await endpoint(call, **request.path_params)

    return answered

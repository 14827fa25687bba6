"""Headers every answer carries: content security policy, CORS for public reading, no sniffing."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.basemaps import Basemap

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Location, Content-Disposition, Content-Crs, Retry-After, Features-Left-Out, "
        "Page-Count"
    ),
}
# Of every address; the methods are those that it has.
PREFLIGHT = {
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def content_policy(basemaps: Sequence[Basemap], ancestors: str = "'none'") -> str:
    """Everything from here; pictures also from the basemaps that are switched on.

    `ancestors` may hold it in a frame.
    """
    tiles = sorted({origin for one in basemaps for origin in one.origins})
    # Leaflet puts an empty picture of its own in the place of a tile it gives up.
    pictures = ["data:", *tiles] if tiles else []
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(["img-src 'self'", *pictures]),
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


class CommonHeaders:
    """Adds them to whatever the rest answers."""

    def __init__(self, app: ASGIApp, basemaps: Sequence[Basemap]) -> None:
        self.app = app
        headers = {
            "Content-Security-Policy": content_policy(basemaps),
            "X-Content-Type-Options": "nosniff",
            # The tile services refuse requests that do not say which site they are for.
            "Referrer-Policy": "strict-origin-when-cross-origin",
            **CORS,
        }
        self.headers = [(name.lower().encode(), text.encode()) for name, text in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                added = [pair for pair in self.headers if pair[0] not in there]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, with_headers)

"""The address the server is reached at, and the absolute links built on it."""

import ipaddress
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server import hosts
from server.errors import printable, problem
from server.settings import Settings

# A probe knows neither name nor public address of what it asks after.
FREE_OF_HOST = ("/health",)


def path_to(*segments: str, query: Mapping[str, object] | None = None) -> str:
    """A path below the base, without leading slash."""
    path = "/".join(quote(segment, safe="") for segment in segments)
    # Commas and slashes are allowed in a query (RFC 3986 3.4), and people read these addresses.
    return f"{path}?{urlencode(query, safe=',/')}" if query else path


class Links(NamedTuple):
    """Builds addresses below `base`, which has no closing slash."""

    base: str

    def to(self, *segments: str, query: Mapping[str, object] | None = None) -> str:
        return f"{self.base}/{path_to(*segments, query=query)}"


def link(rel: str, href: str, media_type: str, title: str | None = None) -> dict[str, str]:
    found = {"rel": rel, "href": href, "type": media_type}
    return {**found, "title": title} if title else found


class BadHost(Exception):
    """The request's host is none of ours; the text says what is allowed."""


class PublicAddress:
    """Finds where each request's links must begin, and takes the public path off its path."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.names = {*settings.allowed_hosts, settings.host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        public = self.settings.public_url
        scope["path"] = inner_path(scope["path"], public.path if public else "")
        try:
            base = str(public) if public else self.asked_for(scope)
        except BadHost as error:
            if scope["path"] not in FREE_OF_HOST:
                return await refusal(error)(scope, receive, send)
            base = ""
        scope.setdefault("state", {}).update(links=Links(base), caller=self.caller(scope))
        await self.app(scope, receive, send)

    def asked_for(self, scope: Scope) -> str:
        """Scheme and authority as the client wrote them, if the host is one of ours."""
        headers = Headers(scope=scope)
        scheme, host = scope["scheme"], headers.get("host", "")
        if len(headers.getlist("host")) > 1:
            raise BadHost("given once")
        if self.is_trusted(scope):
            host = first(headers.get("x-forwarded-host")) or host
            forwarded = first(headers.get("x-forwarded-proto")).lower()
            scheme = forwarded if forwarded in ("http", "https") else scheme
        if not host and scope.get("http_version") == "1.0":
            host = own_authority(scope)
        split = hosts.split_host(host)
        if split is None or not self.is_allowed(split[0]):
            known = "an IP address, localhost or a name in --allowed-hosts"
            raise BadHost(f"{known}, not {printable(host)!r}")
        return f"{scheme}://{host.lower()}"

    def is_allowed(self, name: str) -> bool:
        # A name that somebody else's DNS points here must not make it into our links.
        return name in self.names or hosts.is_address(name) or hosts.is_loopback_name(name)

    def is_trusted(self, scope: Scope) -> bool:
        client = scope.get("client")
        return self.is_proxy(client[0]) if client else False

    def is_proxy(self, name: str) -> bool:
        if not self.settings.trusted_proxies or not hosts.is_address(name):
            return False
        address = ipaddress.ip_address(name)
        return any(address in network for network in self.settings.trusted_proxies)

    def caller(self, scope: Scope) -> str:
        """Who asks: the last address that no proxy of ours has written of another one."""
        client = scope.get("client")
        name = str(client[0]) if client else ""
        if not self.is_proxy(name):
            return name
        passed = Headers(scope=scope).get("x-forwarded-for", "").split(",")
        foreign = [one.strip() for one in passed if not self.is_proxy(one.strip())]
        return foreign[-1] if foreign and hosts.is_address(foreign[-1]) else name


def inner_path(path: str, prefix: str) -> str:
    """The path below the public one, whether the proxy in front has cut that off or not.

    A closing slash is dropped: some clients add one, and nothing here differs by it.
    """
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        path = path.removeprefix(prefix)
    if path.endswith("/") and not path.endswith("//"):
        path = path[:-1]
    return path or "/"


def own_authority(scope: Scope) -> str:
    name, port = scope.get("server") or ("127.0.0.1", None)
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{port}" if port else name


def first(value: str | None) -> str:
    """The first member of a header that proxies append to."""
    return (value or "").split(",")[0].strip()


def refusal(error: BadHost) -> ASGIApp:
    return problem(400, f"Host must be {error}.", parameter="Host")

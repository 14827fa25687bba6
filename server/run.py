"""Running the server: its socket, uvicorn's settings, and an orderly end."""

import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from layers.catalog import Catalog
from layers.errors import AtlasError
from server.app import create_app
from server.connection import Connection
from server.settings import Settings

BACKLOG = 512
IDLE_SECONDS = 30
# Requests under way get so long to end; SIGTERM promises to be done within 10 s.
FAREWELL_SECONDS = 5


class CannotListen(AtlasError):
    """The address is taken, not ours, or not to be had."""


def listen(settings: Settings) -> socket.socket:
    """The listening socket. Taken first: a busy port is said before a store is opened."""
    host, port = settings.host, settings.port
    try:
        [(family, *_, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listening = socket.socket(family)
    except (OSError, UnicodeError):
        raise CannotListen(f"{host} is no address of this machine; give one with --host.") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise CannotListen(reason(error, host, port)) from None
    return listening


def reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use already; choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights this user has not; choose one above 1023 with --port."
    return f"{host} is no address of this machine; give one with --host."


def address_of(listening: socket.socket, settings: Settings) -> str:
    """The address to open in a browser on this machine."""
    host, port = listening.getsockname()[:2]
    if settings.public_url:
        return f"{settings.public_url}/"
    if host in ("0.0.0.0", "::"):  # compared, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run(
    catalog: Catalog, settings: Settings, listening: socket.socket, say: Callable[[str], None]
) -> None:
    """Serve until SIGINT or SIGTERM."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    server = uvicorn.Server(config(catalog, settings))
    # uvicorn raises the signal again when it is done; the default handler would end us before
    # the store is closed.
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    say(f"ZoneAtlas: {address_of(listening, settings)}")
    server.run(sockets=[listening])


def config(catalog: Catalog, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(catalog, settings),
        http=Connection,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        # Links are built from --public-url and --trusted-proxies, not from whoever says so.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
    )


def end(number: int, frame: FrameType | None) -> None:
    """Both signals are how a server is meant to be ended."""
    raise SystemExit(0)

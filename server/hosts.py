"""Which host names, proxies and public address the server answers for."""

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*\.?")
PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
AUTHORITY = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(:(?P<port>\d{1,5}))?")


class PublicUrl(NamedTuple):
    """The address the public sees; `path` is empty or begins with a slash and ends with none."""

    origin: str
    path: str

    def __str__(self) -> str:
        return self.origin + self.path


def parse_public_url(text: str) -> PublicUrl:
    expected = "an address such as https://maps.example.org/atlas, without query"
    try:
        parts = urlsplit(text.strip())
        host = split_host(parts.netloc)
    except ValueError:
        raise ValueError(expected) from None
    path = parts.path.rstrip("/")
    plain = parts.scheme in ("http", "https") and host and not parts.query and not parts.fragment
    if not plain or not PATH.fullmatch(path):
        raise ValueError(expected)
    return PublicUrl(f"{parts.scheme}://{parts.netloc.lower()}", path)


def parse_hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower().rstrip(".") for name in text.split(",") if name.strip())
    for name in names:
        if split_host(name) != (name, None):
            raise ValueError("host names without port, separated by commas")
    return names


def parse_origins(text: str) -> tuple[str, ...]:
    """Scheme and host, with a port where it has one; *.example.org stands for all below it."""
    origins = tuple(one.strip().lower().rstrip("/") for one in text.split(",") if one.strip())
    for one in origins:
        scheme, _, host = one.partition("://")
        if scheme not in ("http", "https") or split_host(host.removeprefix("*.")) is None:
            raise ValueError("origins such as https://www.example.org, separated by commas")
    return origins


def parse_exact_origins(text: str) -> tuple[str, ...]:
    origins = parse_origins(text)
    if "*" in "".join(origins):
        raise ValueError("origins without *, such as https://www.example.org, with commas")
    return origins


def parse_frames(text: str) -> tuple[str, ...]:
    """Origins, or * for whoever likes to."""
    if text.strip() == "*":
        return ("*",)
    try:
        return parse_origins(text)
    except ValueError as error:
        raise ValueError(f"* or {error}") from None


def parse_networks(text: str) -> tuple[Network, ...]:
    written = [one.strip() for one in text.split(",") if one.strip()]
    try:
        return tuple(ipaddress.ip_network(one, strict=False) for one in written)
    except ValueError:
        raise ValueError("IP addresses or networks such as 10.0.0.0/8, with commas") from None


@lru_cache(maxsize=1024)  # every request has a Host, and most have the same
def split_host(text: str) -> tuple[str, int | None] | None:
    """Name (lower case, IPv6 without brackets) and port of a Host header; None if it is none."""
    match = AUTHORITY.fullmatch(text.lower())
    if not match:
        return None
    name, port = match["name"], match["port"]
    if port is not None and int(port) > 65535:
        return None
    if is_address(name.strip("[]")):
        return name.strip("[]"), int(port) if port else None
    if name.startswith("[") or not NAME.fullmatch(name):
        return None
    return name.rstrip("."), int(port) if port else None


@lru_cache(maxsize=1024)
def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback_name(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")

"""Answers that can be kept: entity tags, 304, and the same bytes compressed once."""

import gzip
import hashlib
import re
from collections.abc import Mapping

import zstandard
from fastapi import Request, Response

from server import negotiation

REVALIDATE = "no-cache"
# Of answers in whatever type, language and packing the client likes best.
VARIES = "Accept, Accept-Language, Accept-Encoding"
IMMUTABLE = "public, max-age=31536000, immutable"
WORTH_PACKING = 1024
# Live answers: fast levels. What is packed once and sent often may take its time.
LIVE = {"zstd": 3, "gzip": 1}
KEPT = {"zstd": 10, "gzip": 6}
# Types that are compressed already.
PACKED_TYPES = frozenset(
    {
        "image/png", "image/webp", "image/jpeg", "font/woff2", "application/zip",
        "application/vnd.google-earth.kmz", "application/vnd.apache.parquet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)  # fmt: skip


def digest(*parts: str | bytes) -> str:
    """A short name for exactly these parts."""
    sink = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sink.update(len(data).to_bytes(8, "big") + data)
    return sink.hexdigest()


def pack(body: bytes, encoding: str, levels: Mapping[str, int]) -> bytes:
    if encoding == "zstd":
        return zstandard.compress(body, levels["zstd"])
    return gzip.compress(body, levels["gzip"], mtime=0)


class Kept:
    """Bytes that are sent again and again; packed when that is first asked for.

    `tag` is what they are known by where the bytes alone would not do; `headers` go with them.
    """

    def __init__(
        self,
        body: bytes,
        media_type: str,
        tag: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.body = body
        self.headers = headers or {}
        self.media_type = media_type
        self.tag = tag or digest(body)
        self._packed: dict[str, bytes] = {}

    @property
    def size(self) -> int:
        return len(self.body) + sum(len(one) for one in self._packed.values())

    def packed(self, encoding: str | None) -> tuple[bytes, str | None]:
        """The bytes to send and how they are packed."""
        if encoding is None or not worth_packing(self.body, self.media_type):
            return self.body, None
        if encoding not in self._packed:
            self._packed[encoding] = pack(self.body, encoding, KEPT)
        return self._packed[encoding], encoding

    def answer(
        self,
        request: Request,
        cache_control: str = REVALIDATE,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        encoding = wanted_encoding(request)
        extra = {"Cache-Control": cache_control, "Vary": "Accept-Encoding", **(headers or {})}
        if is_current(request, self.tag):
            return not_modified(self.tag, extra)
        body, used = self.packed(encoding)
        return sent(body, self.media_type, self.tag, used, {**extra, **self.headers})


def answer(
    request: Request,
    body: bytes,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    tag: str | None = None,
) -> Response:
    """A live answer. `tag` names the content when the bytes differ each time they are written."""
    tag = tag or digest(body)
    extra = {
        "Cache-Control": REVALIDATE,
        "Vary": VARIES,
        **(headers or {}),
    }
    if is_current(request, tag):
        return not_modified(tag, extra)
    encoding = wanted_encoding(request)
    if encoding and worth_packing(body, media_type):
        return sent(pack(body, encoding, LIVE), media_type, tag, encoding, extra)
    return sent(body, media_type, tag, None, extra)


def wanted_encoding(request: Request) -> str | None:
    return negotiation.encoding(request.headers.get("accept-encoding"))


def worth_packing(body: bytes, media_type: str) -> bool:
    return len(body) >= WORTH_PACKING and media_type not in PACKED_TYPES


def sent(
    body: bytes, media_type: str, tag: str, encoding: str | None, headers: dict[str, str]
) -> Response:
    headers["ETag"] = entity_tag(tag, encoding)
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(body, 200, headers, with_charset(media_type))


def not_modified(tag: str, headers: dict[str, str]) -> Response:
    return Response(None, 304, {**headers, "ETag": entity_tag(tag, None)})


def entity_tag(tag: str, encoding: str | None) -> str:
    """Strong, so another for each packing; a tag that begins with W/ is weak and stays so."""
    prefix, name = ("W/", tag[2:]) if tag.startswith("W/") else ("", tag)
    return f'{prefix}"{name}-{encoding}"' if encoding else f'{prefix}"{name}"'


def is_current(request: Request, tag: str) -> bool:
    """Whether the client holds this version already, in whatever packing it got it."""
    held = request.headers.get("if-none-match")
    if held is None:
        return False
    if held.strip() == "*":
        return True
    names = re.findall(r'"([^"]*)"', held[:8000])
    return tag.removeprefix("W/") in (re.sub(r"-(zstd|gzip)$", "", name) for name in names)


def with_charset(media_type: str) -> str:
    """Text types name their charset; JSON types have none (RFC 8259)."""
    unsaid = media_type.startswith("text/") and "charset=" not in media_type
    return f"{media_type}; charset=utf-8" if unsaid else media_type

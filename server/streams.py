"""Answers too large to keep: sent piece by piece, in bounded memory, at the client's pace."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import zstandard
from fastapi import Request
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from layers.stores.store import Reading
from server.caching import PACKED_TYPES, REVALIDATE, entity_tag, wanted_encoding
from server.pool import ClientGone, Pool

PIECE = 512 * 1024
# A client that takes nothing for so long does not get the rest.
STALL_SECONDS = 60.0
PIECE_SECONDS = 10.0


@dataclass(frozen=True)
class Rest:
    """What is written of a large layer already, and the reading that has the rest of it."""

    tag: str
    media_type: str
    begun: bytes
    chunks: Iterator[bytes]
    reading: Reading


class Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class Plain:
    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def packer(encoding: str | None) -> Packer:
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=3).compressobj()
    if encoding == "gzip":
        return zlib.compressobj(1, wbits=31)
    return Plain()


class Streamed(StreamingResponse):
    """Sends it; the next piece is written when the client has taken the one before."""

    def __init__(
        self, rest: Rest, pool: Pool, request: Request, headers: Mapping[str, str]
    ) -> None:
        self.rest, self.pool = rest, pool
        encoding = None if rest.media_type in PACKED_TYPES else wanted_encoding(request)
        extra = {
            "Cache-Control": REVALIDATE,
            "Vary": "Accept-Encoding",
            "ETag": entity_tag(rest.tag, encoding),
            **({"Content-Encoding": encoding} if encoding else {}),
            **headers,
        }
        content = () if request.method == "HEAD" else self.pieces(packer(encoding))
        super().__init__(content, 200, extra, rest.media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def in_time(message: Message) -> None:
            try:
                async with asyncio.timeout(STALL_SECONDS):
                    await send(message)
            except TimeoutError:
                raise ClientGone from None

        try:
            await super().__call__(scope, receive, in_time)
        except ClientGone:
            return  # uvicorn closes a connection whose answer was not brought to its end
        finally:
            self.rest.reading.interrupt()

    async def pieces(self, packing: Packer) -> AsyncIterator[bytes]:
        view = memoryview(self.rest.begun)
        for start in range(0, len(view), PIECE):
            piece = bytes(view[start : start + PIECE])
            yield await asyncio.to_thread(packing.compress, piece)
        while piece := await self.pool.run(
            lambda _: next_piece(self.rest.chunks), seconds=PIECE_SECONDS, reading=self.rest.reading
        ):
            yield await asyncio.to_thread(packing.compress, piece)
        yield packing.flush()


def next_piece(chunks: Iterator[bytes]) -> bytes:
    """The next chunks, together about as large as a piece; empty at the end."""
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) >= PIECE:
            break
    return bytes(found)

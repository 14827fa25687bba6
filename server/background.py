"""Long downloads: written in the background, kept for a day, fetched by a link that is a secret."""

import asyncio
import logging
import os
import re
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from layers.errors import AtlasError, NoRoom, QueryStopped
from layers.formats._files import FULL, YOUNG_SECONDS, locked
from layers.stores.store import Store
from server.export import TooLarge, write_file
from server.order import Order
from server.pool import Pool, TimeIsUp
from server.rate import HOUR, HourlyRate, TooMany
from server.settings import Settings
from server.source import Source

KEPT_SECONDS = 24 * 3600.0
LONGEST_SECONDS = 3600.0
MOST_WAITING = 20
AT_ONCE = 1  # the rest of the machine is for those who look at the map
TIDY_SECONDS = 600.0
MEGABYTE = 1_000_000
RECORD, FILE = "export.json", "file"
REASONS: dict[type[AtlasError], str] = {
    NoRoom: "no_room",
    TooLarge: "too_large",
    QueryStopped: "too_long",
    TimeIsUp: "too_long",
}
_ID = re.compile(r"[A-Za-z0-9_-]{22}")

log = logging.getLogger("zoneatlas")


@dataclass
class Export:
    """One file: what is known of it while it is written and after."""

    id: str
    disposition: str  # the header that says how the file is to be called
    media_type: str
    state: str = "waiting"  # then writing, and ready or failed
    written: int = 0
    total: int = 0
    placeless: int = 0
    size: int = 0
    reason: str | None = None  # why it failed: a word for programs, and a sentence
    detail: str | None = None
    made: float = field(default_factory=time.time)

    @property
    def expires(self) -> float:
        return self.made + KEPT_SECONDS

    def count(self, features: int) -> None:
        # A format that goes through its features twice has not written more than there are.
        self.written = min(self.written + features, self.total)


class Exports:
    """All exports of one data directory."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self.folder = settings.data_dir / "exports"
        self.settings, self.pool = settings, pool
        self._exports: dict[str, Export] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)
        allowed = settings.exports_per_hour
        self._rate = HourlyRate(
            allowed, f"No more than {allowed} exports an hour are made for one client."
        )

    def offered(self, store: Store) -> bool:
        """Not where nothing may be written."""
        return not store.read_only

    async def start(
        self, source: Source, order: Order, disposition: str, sizes: tuple[int, int], client: str
    ) -> Export:
        """Begin to write; `sizes` are its features and how many have no geometry. TooMany."""
        await self._clean()
        self._admit(client, await asyncio.to_thread(bytes_in, self.folder))
        export = Export(secrets.token_urlsafe(16), disposition, order.content_type)
        export.total, export.placeless = sizes
        self._exports[export.id] = export
        task = asyncio.create_task(self._run(source, order, export))
        self._tasks[export.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(export.id, None))
        return export

    def find(self, id: str) -> Export | None:
        """None if it was never made, was taken away, or is older than a day.

        One that an earlier run of the server made is found by its record.
        """
        if not _ID.fullmatch(id):
            return None
        found = self._exports.get(id) or read_record(self.folder / id)
        return None if found is None or found.expires < time.time() else found

    def path(self, export: Export) -> Path:
        return self.folder / export.id / FILE

    async def remove(self, id: str) -> None:
        """End it if it is still written, and take its file away."""
        task = self._tasks.get(id)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._exports.pop(id, None)
        await asyncio.to_thread(shutil.rmtree, self.folder / id, True)

    async def tidying(self) -> None:
        """For as long as the server runs: what nobody fetched goes when its day is over."""
        while True:
            await self._clean()
            await asyncio.sleep(TIDY_SECONDS)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _admit(self, client: str, kept: int) -> None:
        self._rate.check(client)
        if len(self._tasks) >= MOST_WAITING:
            raise TooMany(f"{MOST_WAITING} exports are waiting already.", 60)
        if kept > self.settings.exports_megabytes * MEGABYTE:
            raise TooMany(
                "The exports kept take all the room they may; some go within a day.", HOUR
            )
        self._rate.count(client)

    async def _run(self, source: Source, order: Order, export: Export) -> None:
        try:
            async with self._turn:
                export.state = "writing"
                await self.pool.run(
                    lambda _: self._write(source, order, export), seconds=LONGEST_SECONDS
                )
            export.written, export.state = export.total, "ready"
        except asyncio.CancelledError:
            shutil.rmtree(self.folder / export.id, ignore_errors=True)
            raise
        except tuple(REASONS) as error:
            self._failed(export, REASONS[type(error)], str(error))
        except Exception as error:
            name = secrets.token_hex(6)
            log.error("error %s in an export", name, exc_info=error)
            self._failed(export, "server", f"The server failed; its log has more under {name}.")

    def _failed(self, export: Export, reason: str, detail: str) -> None:
        export.state, export.reason, export.detail = "failed", reason, detail
        shutil.rmtree(self.folder / export.id, ignore_errors=True)

    def _write(self, source: Source, order: Order, export: Export) -> None:
        file = self.path(export)
        try:
            file.parent.mkdir(parents=True)
            with locked(file.parent):
                most = self.settings.exports_megabytes * MEGABYTE
                write_file(source, order, file, export.count, most)
                export.size = file.stat().st_size
                write_record(file.parent, export)
        except BaseException as error:
            shutil.rmtree(file.parent, ignore_errors=True)
            if isinstance(error, OSError) and error.errno in FULL:
                raise NoRoom from error
            raise

    async def _clean(self) -> None:
        """What is a day old goes; what a server that was killed has left goes too."""
        now = time.time()
        self._exports = {one.id: one for one in self._exports.values() if one.expires >= now}
        await asyncio.to_thread(clean, self.folder, now)


def clean(folder: Path, now: float) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):  # gone meanwhile, or held by the server that writes it
            record = read_record(path)
            if record is None and path.stat().st_mtime < now - YOUNG_SECONDS:
                with locked(path):
                    shutil.rmtree(path, ignore_errors=True)
            elif record is not None and record.expires < now:
                shutil.rmtree(path, ignore_errors=True)


def read_record(folder: Path) -> Export | None:
    try:
        return Export(**orjson.loads((folder / RECORD).read_bytes()))
    except (OSError, orjson.JSONDecodeError, TypeError):
        return None


def write_record(folder: Path, export: Export) -> None:
    """Beside the whole file, so that the link outlives this run of the server."""
    ready = replace(export, state="ready", written=export.total)
    beside = folder / f".{RECORD}"
    beside.write_bytes(orjson.dumps(ready))
    beside.replace(folder / RECORD)


def bytes_in(folder: Path) -> int:
    """Of all files, whichever come and go while they are counted."""
    found = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                found += (Path(path) / name).stat().st_size
    return found

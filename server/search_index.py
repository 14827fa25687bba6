"""The index that searches ask: brought up to the store by one thread while others wait."""

import asyncio
import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from layers.catalog import Catalog, store_name
from layers.errors import AtlasError, QueryStopped
from layers.search.build import catch_up, stale
from layers.search.sidecar import Sidecar
from layers.stores.store import Store
from server.settings import Settings


class NotReady(AtlasError):
    def __init__(self) -> None:
        super().__init__("The layers are being read for searching; please try again in a moment.")


class SearchIndex:
    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        self._catalog, self._settings = catalog, settings
        self._sidecar: Sidecar | None = None
        self._reading: asyncio.Task[None] | None = None
        self._closed = threading.Event()
        self._alone = threading.Lock()

    @property
    def sidecar(self) -> Sidecar:
        if self._sidecar is None:
            folder = self._settings.data_dir
            with suppress(OSError):  # said by what follows
                folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                folder = Path(tempfile.mkdtemp(prefix="zoneatlas-"))
            plain = Path(store_name(self._catalog.store.path)).stem
            self._sidecar = Sidecar(folder / f"search-{plain}.sqlite")
        return self._sidecar

    async def catch_up(self, seconds: float) -> None:
        """Read what has changed; NotReady when that takes longer, and it goes on meanwhile."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(asyncio.to_thread(self.read))
            # What went wrong is told to those who wait; if nobody does, the next one meets it.
            self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
        done, _ = await asyncio.wait({self._reading}, timeout=seconds)
        if not done:
            raise NotReady
        self._reading.result()

    def read(self) -> None:
        """Read what has changed, here and now, however long it takes."""
        with self._alone:
            catch_up(self._catalog.store, self.sidecar, self._check)

    @contextmanager
    def of(self, store: Store, layers: Iterable[str]) -> Iterator[sqlite3.Connection]:
        """The index as the store stands; NotReady where it is not."""
        with self.sidecar.open() as connection:
            if stale(store, connection, layers):
                raise NotReady
            yield connection

    def _check(self) -> None:
        if self._closed.is_set():
            raise QueryStopped("The server is being ended.")

    async def close(self) -> None:
        self._closed.set()
        if self._reading is not None:
            await asyncio.wait({self._reading})

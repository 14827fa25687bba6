"""The bounded threads for store work, which ends when time is up or the client has gone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from typing import Any, Generic, TypeVar

from starlette.requests import Request

from layers.errors import AtlasError, QueryStopped
from layers.stores.store import Reading, Store

T = TypeVar("T")
Entered = AbstractContextManager[Reading]
MOST_WAITING = 64
SOON = 0.02  # seconds
AGAIN = 0.1


class TimeIsUp(AtlasError):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"The query took longer than {seconds:g} s and was ended; ask for less.")


class TooBusy(AtlasError):
    def __init__(self) -> None:
        super().__init__("The server has too much to do just now; please try again.")


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class Turns:
    """Lets so many in at once; who waits too long, or comes when too many wait, is TooBusy."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting, self._most, self._seconds = 0, waiting, seconds

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._waiting >= self._most:
            raise TooBusy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise TooBusy from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


class Job(Generic[T]):
    """Work inside a reading of the store, which any thread may stop."""

    def __init__(self, work: Callable[[Reading], T], enter: Callable[[], Entered]) -> None:
        self._work, self._enter = work, enter
        self._reading: Reading | None = None
        self._stopped = False

    def __call__(self) -> T:
        with self._enter() as reading:
            self._reading = reading
            if self._stopped:
                raise QueryStopped("Stopped before it began.")
            return self._work(reading)

    def stop(self) -> None:
        self._stopped = True
        if self._reading is not None:
            self._reading.interrupt()


class Pool:
    def __init__(self, store: Callable[[], Store], threads: int, seconds: float) -> None:
        self._store = store
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query")
        self._free = asyncio.Semaphore(threads)
        self._waiting = 0
        self._jobs: set[Job[Any]] = set()

    async def run(
        self,
        work: Callable[[Reading], T],
        request: Request | None = None,
        *,
        seconds: float | None = None,
        reading: Reading | None = None,
    ) -> T:
        """What `work` makes of a reading: its own, or the `reading` that other work began.

        It is stopped after `seconds`, and when the client of `request` leaves.
        """
        limit = seconds or self._seconds
        await self._admit(limit)
        job = Job(work, self._store().reading if reading is None else lambda: nullcontext(reading))
        self._jobs.add(job)
        future = asyncio.get_running_loop().run_in_executor(self._threads, job)
        future.add_done_callback(lambda _: self._finish(job))
        gone = False
        try:
            # Most work is done before it would be worth a look whether the client is still there.
            await asyncio.wait({future}, timeout=min(limit, SOON))
            if not future.done() and limit > SOON:
                gone = await self._watch(future, request, limit - SOON)
        finally:
            if not future.done():
                future.add_done_callback(read_outcome)
                stop(job, future)
        if future.done():
            return future.result()
        raise ClientGone if gone else TimeIsUp(limit)

    async def _watch(
        self, future: asyncio.Future[Any], request: Request | None, limit: float
    ) -> bool:
        """Whether the client left before the work was done, or its time was up."""
        left = asyncio.ensure_future(has_left(request))
        try:
            await asyncio.wait({future, left}, timeout=limit, return_when="FIRST_COMPLETED")
            return left.done()
        finally:
            left.cancel()

    async def _admit(self, limit: float) -> None:
        """Wait for a free thread, not too long and not with too many others."""
        if self._waiting >= MOST_WAITING:
            raise TooBusy
        if not self._free.locked():
            await self._free.acquire()  # at once: nothing to wait for, no timer to set
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(limit):
                await self._free.acquire()
        except TimeoutError:
            raise TooBusy from None
        finally:
            self._waiting -= 1

    def _finish(self, job: Job[Any]) -> None:
        self._jobs.discard(job)
        self._free.release()

    def close(self) -> None:
        """Stop everything that runs; waits for nobody."""
        for job in list(self._jobs):
            job.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)


def stop(job: Job[Any], future: asyncio.Future[Any]) -> None:
    """Until it has stopped: between two statements an interrupt goes by unheard."""
    if not future.done():
        job.stop()
        future.get_loop().call_later(AGAIN, stop, job, future)


async def has_left(request: Request | None) -> None:
    """Return when the client has closed its connection; a missing request never leaves."""
    while request is not None:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            return
    await asyncio.Event().wait()


def read_outcome(future: asyncio.Future[Any]) -> None:
    """Take note of how abandoned work ended, or asyncio complains that nobody did."""
    with suppress(asyncio.CancelledError):
        future.exception()

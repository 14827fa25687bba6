"""Slow work: it ends when its time is up or its client leaves, and others do not wait for it."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from layers.catalog import Catalog
from layers.errors import QueryStopped
from layers.model import Query
from server import run
from server.pool import Pool, TimeIsUp, TooBusy
from tests.server.sites import Site, run_apart, serving, until

BOX = "bbox=-180,-90,180,90"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


class EndlessStore:
    """A store like the one it wraps, but counting in a box never comes to an end by itself."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._local = threading.local()
        self.running = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._local.connection = connection
        try:
            with self._store.reading():
                yield connection
        finally:
            connection.close()

    def count(self, layer: str, query: Query) -> int:
        if query.extent is None:
            return int(self._store.count(layer, query))
        self.running += 1
        try:
            [found] = self._local.connection.execute(ENDLESS).fetchone()
            return int(found)
        except sqlite3.OperationalError as error:
            raise QueryStopped(str(error)) from None
        finally:
            self.running -= 1


@pytest.fixture
def store(bundled: Catalog) -> EndlessStore:
    return EndlessStore(bundled.store)


@contextmanager
def endless_site(store: EndlessStore, **values: Any) -> Iterator[Site]:
    catalog = SimpleNamespace(store=store, refresh=lambda: False, notices=[])
    with serving(catalog, **values) as site:
        yield site


@pytest.mark.slow
def test_others_are_answered_while_a_query_runs_into_its_limit(store: EndlessStore) -> None:
    with endless_site(store, query_seconds=1.0, threads=2) as site:
        layer = site.largest()
        slow: list[httpx.Response] = []
        address = f"{site.url}/collections/{layer}/items?{BOX}"
        thread = threading.Thread(target=lambda: slow.append(httpx.get(address, timeout=20)))
        start = time.monotonic()
        thread.start()
        until(lambda: store.running == 1)
        asked = 0
        while not slow:
            before = time.monotonic()
            assert site.get("/health").status_code == 200
            assert site.get(f"/collections/{layer}").status_code == 200
            assert time.monotonic() - before < 0.5
            asked += 1
        thread.join()
        assert asked > 3
        assert 0.9 < time.monotonic() - start < 4
        [answer] = slow
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
        assert "longer than 1 s" in answer.json()["detail"]
        until(lambda: store.running == 0)


@pytest.mark.slow
def test_a_query_ends_when_its_client_leaves(store: EndlessStore) -> None:
    with endless_site(store, query_seconds=60.0, threads=1) as site:
        address = f"/collections/{site.largest()}/items?{BOX}"
        with pytest.raises(httpx.ReadTimeout):
            site.get(address, timeout=0.3)
        until(lambda: store.running == 0, seconds=3)
        # The only thread is free again.
        assert site.get("/collections").status_code == 200


@pytest.mark.slow
def test_too_many_at_once_are_sent_away(store: EndlessStore) -> None:
    with endless_site(store, query_seconds=0.5, threads=1) as site:
        address = f"{site.url}/collections/{site.largest()}/items?{BOX}"
        answers: list[int] = []

        def ask() -> None:
            answers.append(httpx.get(address, timeout=20).status_code)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [503] * 6
        assert time.monotonic() - start < 5


@pytest.mark.slow
def test_a_server_ends_while_queries_run(
    store: EndlessStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "FAREWELL_SECONDS", 1)
    with endless_site(store, query_seconds=60.0, threads=1) as site:
        address = f"{site.url}/collections/{site.largest()}/items?{BOX}"

        def ask() -> None:
            with pytest.raises(httpx.HTTPError):
                httpx.get(address, timeout=20).raise_for_status()

        thread = threading.Thread(target=ask)
        thread.start()
        until(lambda: store.running == 1)
        start = time.monotonic()
    thread.join()
    assert time.monotonic() - start < 4
    until(lambda: store.running == 0)


class NoStore:
    @contextmanager
    def reading(self) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(interrupt=lambda: None)


def test_the_outcome_comes_back_value_or_error() -> None:
    async def script() -> None:
        pool = Pool(NoStore, threads=1, seconds=5)
        assert await pool.run(lambda _: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await pool.run(lambda _: 1 // 0)
        pool.close()

    run_apart(script)


def test_who_waits_too_long_for_a_thread_is_told() -> None:
    async def script() -> None:
        pool = Pool(NoStore, threads=1, seconds=0.05)
        stuck = threading.Event()
        with pytest.raises(TimeIsUp):
            await pool.run(lambda _: stuck.wait(5))
        with pytest.raises(TooBusy):
            await pool.run(lambda _: 1)
        stuck.set()
        await asyncio.sleep(0.05)
        assert await pool.run(lambda _: 1) == 1
        pool.close()

    run_apart(script)

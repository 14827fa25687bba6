"""A server under measure: asked over a kept connection, its processor time read beside."""

import http.client
import json
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from bench.asks import Ask, Kind
from bench.cpu import cpu_seconds

ACCEPT = {"Accept": "application/geo+json, application/json"}
PATIENCE_S = 120.0
TURN = 20  # requests until it is the next server's turn: what else runs slows all of them alike
SHOWN = 160


class Refused(Exception):
    """The server cannot do this; the text is what it said."""


class Spent(NamedTuple):
    """Milliseconds of processor of each request."""

    each: list[float]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.each)

    @property
    def spread(self) -> str:
        return f"{len(self.each)} requests, median {statistics.median(self.each):.3g} ms"


class Outcome(NamedTuple):
    """What became of a kind of requests: time spent, or a refusal."""

    name: str
    spent: Spent | None
    refusal: str = ""

    def __str__(self) -> str:
        said = f"no ({self.refusal})" if self.spent is None else f"{self.spent.mean:.3g} ms"
        return f"{self.name} {said}"


@dataclass(frozen=True)
class Side:
    """Where a server listens, its dialect, and the roots of the processes that work for it."""

    name: str
    port: int
    pids: Sequence[int]
    collection: str = "sites"
    filter_lang: str = "cql2-text"

    def spend(self, kind: Kind) -> Spent:
        """Asks everything once; Refused when an answer is none or has no features."""
        return Spent(self.ask(kind.asks)[kind.warm :])

    def ask(self, asks: Sequence[Ask]) -> list[float]:
        """Milliseconds from each request to the next: what is done after an answer counts, too."""
        with self._connection() as connection:
            readings = [cpu_seconds(self.pids)]
            for ask in asks:
                self._get(connection, self.path(ask))
                readings.append(cpu_seconds(self.pids))
        return _steps(readings)

    def follow(self, path: str, pages: int) -> tuple[list[float], str]:
        """From page to page by `next`: milliseconds of each, and where it would go on."""
        with self._connection() as connection:
            readings = [cpu_seconds(self.pids)]
            for _ in range(pages):
                path = self._next(self._get(connection, path))
                readings.append(cpu_seconds(self.pids))
        return _steps(readings), path

    def answer(self, ask: Ask) -> dict[str, Any]:
        """One answer, read."""
        with self._connection() as connection:
            document: dict[str, Any] = json.loads(self._get(connection, self.path(ask)))
            return document

    def path(self, ask: Ask) -> str:
        return ask.path(self.collection, self.filter_lang)

    @contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            yield connection
        finally:
            connection.close()

    def _get(self, connection: http.client.HTTPConnection, path: str) -> bytes:
        connection.request("GET", path, headers=ACCEPT)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200 or b'"Feature"' not in body:
            raise Refused(f"{response.status} {body[:SHOWN].decode(errors='replace')}")
        return body

    def _next(self, body: bytes) -> str:
        links = json.loads(body)["links"]
        [address] = [link["href"] for link in links if link["rel"] == "next"]
        path: str = address.removeprefix(f"http://127.0.0.1:{self.port}")
        return path


def in_turns(asked: Sequence[tuple[Side, Kind]]) -> list[Outcome]:
    """Each side's requests, some at a time."""
    each: list[list[float]] = [[] for _ in asked]
    refusals: dict[int, str] = {}
    for start in range(0, max(len(kind.asks) for _, kind in asked), TURN):
        for number, (side, kind) in enumerate(asked):
            try:
                if number not in refusals:
                    each[number] += side.ask(kind.asks[start : start + TURN])
            except Refused as refused:
                refusals[number] = str(refused)
    return [
        Outcome(side.name, None, refusals[number])
        if number in refusals
        else Outcome(side.name, Spent(each[number][kind.warm :]))
        for number, (side, kind) in enumerate(asked)
    ]


def _steps(readings: Sequence[float]) -> list[float]:
    return [(b - a) * 1000 for a, b in pairwise(readings)]

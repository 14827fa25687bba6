"""Pictures of the bundled zone: processor time of a new one and of one that is kept, of boards, and
the memory of fifty different pictures asked for at once."""

import http.client
import statistics
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench.cpu import cpu_seconds
from bench.figure import Figure
from bench.serving import Server, resident_mb, serving

TIMES, KEPT_TIMES = 20, 300
AT_ONCE = 50
BOARDS = 7
TARGET, KEPT_TARGET, BOARD_TARGET = 150, 1, 1500  # milliseconds


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder:
        with serving(Path(folder)) as server:
            for form in ("png", "svg", "webp"):
                yield _new(server, form)
            yield _kept(server)
            for form in ("pdf", "png"):
                yield _board(server, form)
        with serving(Path(folder)) as server:
            yield _at_once(server)


def _new(server: Server, form: str) -> Figure:
    """Each a point wider than the one before, so that none is kept."""
    spent = []
    for width in range(790, 790 + TIMES):
        before = cpu_seconds([server.pid])
        _ask(server, f"/image.{form}?width={width}&height=600&lang=zh")
        spent.append(1000 * (cpu_seconds([server.pid]) - before))
    how = f"800x600, median of {TIMES}, up to {max(spent):.0f}, the whole request"
    return Figure(f"new picture, {form}", statistics.median(spent), "ms CPU", TARGET, how)


def _board(server: Server, form: str) -> Figure:
    """Each with a title of its own; of the PNG one page of 300 dpi."""
    spent = []
    for number in range(BOARDS):
        before = cpu_seconds([server.pid])
        _ask(server, f"/board.{form}?paper=A3&title={number}&lang=zh")
        spent.append(1000 * (cpu_seconds([server.pid]) - before))
    how = f"A3, median of {BOARDS}, up to {max(spent):.0f}, the whole request"
    return Figure(f"new board, {form}", statistics.median(spent), "ms CPU", BOARD_TARGET, how)


def _kept(server: Server) -> Figure:
    address = "/image.png?lang=zh"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    _fetch(connection, address)
    before = cpu_seconds([server.pid])
    for _ in range(KEPT_TIMES):
        _fetch(connection, address)
    spent = 1000 * (cpu_seconds([server.pid]) - before) / KEPT_TIMES
    connection.close()
    how = f"mean of {KEPT_TIMES} on one connection, the whole request"
    return Figure("kept picture, png", spent, "ms CPU", KEPT_TARGET, how)


def _at_once(server: Server) -> Figure:
    before = resident_mb(server.pid)
    addresses = [f"/image.png?width={750 + n}&height=600&lang=zh" for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(_ask, server), addresses))
    grown = _peak_mb(server.pid) - before
    how = f"peak of the server's memory above that before, {before:.0f} MB"
    return Figure(f"{AT_ONCE} different pictures at once", grown, "MB", None, how)


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:"))


def _ask(server: Server, address: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    _fetch(connection, address)
    connection.close()


def _fetch(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200 or not body:
        raise RuntimeError(f"{address} was answered with {answer.status}: {body[:300]!r}")

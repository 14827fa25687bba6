"""A ZoneAtlas server of its own for a measure: started, asked, weighed and ended."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from bench.cpu import family

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60.0  # the first start fills the store


class Server(NamedTuple):
    """A running server and how long it took from the command to the first answered page."""

    pid: int
    port: int
    seconds_to_first_page: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def serving(data_dir: Path, store: Path | None = None, *options: str) -> Iterator[Server]:
    """`zoneatlas serve` with a store, else the bundled zone, on a free port of 127.0.0.1."""
    port = free_port()
    command = [sys.executable, "-m", "server.cli", "serve", *([str(store)] if store else [])]
    command += ["--port", str(port), "--data-dir", str(data_dir), *options]
    log_path = data_dir / "bench.log"
    with log_path.open("ab") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for_page(process, port, log_path)
        yield Server(process.pid, port, time.perf_counter() - started)
    finally:
        end(process)


def resident_mb(pid: int) -> float:
    """Megabytes (10^6) of VmRSS of a process and all that descend from it."""
    return sum(_vm_rss(each) for each in family(pid)) / 1e6


def _wait_for_page(process: "subprocess.Popen[bytes]", port: int, log_path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(ConnectionRefusedError):
            _fetch_page(port)
            return
        time.sleep(0.002)
    said = log_path.read_text(errors="replace")[-2000:]
    raise RuntimeError(f"the server answered no page within {PATIENCE_S:g} s; it said:\n{said}")


def _fetch_page(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/", headers={"Accept": "text/html"})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200 or b"<html" not in body[:2000].lower():
        raise RuntimeError(f"the page was answered with {response.status}: {body[:300]!r}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a process this measure started in a session of its own, and nothing else."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environment() -> dict[str, str]:
    """Ours without settings of ZoneAtlas, so that the defaults are measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ZONEATLAS_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _vm_rss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0

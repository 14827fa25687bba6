"""From the command to the first answered page, and what the server weighs then."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.cpu import cpu_seconds
from bench.figure import Figure
from bench.serving import resident_mb, serving

WARM_STARTS = 5


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="zoneatlas-bench-") as folder:
        with serving(Path(folder)) as server:
            first, first_cpu = server.seconds_to_first_page, cpu_seconds([server.pid])
        seconds, megabytes, cpu = [], [], []
        for _ in range(WARM_STARTS):
            with serving(Path(folder)) as server:
                seconds.append(server.seconds_to_first_page)
                megabytes.append(resident_mb(server.pid))
                cpu.append(cpu_seconds([server.pid]))
    yield Figure(
        "first start to page", first, "s", None, f"fills the store, {first_cpu:.2f} s of CPU"
    )
    yield Figure(
        "start to first page, warm",
        statistics.median(seconds),
        "s",
        1.5,
        f"median of {WARM_STARTS}, {min(seconds):.2f} to {max(seconds):.2f}, "
        f"{statistics.median(cpu):.2f} s of CPU",
    )
    yield Figure(
        "memory after the first page", max(megabytes), "MB", 150, "VmRSS with children, most of all"
    )

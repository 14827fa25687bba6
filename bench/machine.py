"""What the figures were measured on, in one line."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numpy", "shapely", "pyproj", "orjson", "fastapi", "uvicorn", "folium")


def machine_line(browser: str | None) -> str:
    """Cores, memory, load, Python, packages and browser; figures compare within one line only."""
    parts = [
        f"{len(os.sched_getaffinity(0))} cores of {_processor()}",
        f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        f"load {os.getloadavg()[0]:.1f}",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in PACKAGES),
        browser or "no Chromium",
    ]
    return ", ".join(parts)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()

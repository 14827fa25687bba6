"""`python -m bench [MEASURE ...]`: runs the measures and prints their figures."""

import argparse
import os
import pkgutil
import signal
import subprocess
import sys
from importlib import import_module

import bench.measures
from bench.browser import chromium_path
from bench.figure import table
from bench.machine import machine_line


def main() -> None:
    names = sorted(module.name for module in pkgutil.iter_modules(bench.measures.__path__))
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measure", nargs="*", help=f"of {', '.join(names)}; the short ones if none")
    chosen = parser.parse_args().measure or [name for name in names if not _long(name)]
    unknown = sorted(set(chosen) - set(names))
    if unknown:
        parser.error(f"unknown measure {', '.join(unknown)}; there are {', '.join(names)}")
    # ended from outside, too, a measure ends the server and the browser it started
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    print(machine_line(_browser_version()), flush=True)
    figures = []
    for name in chosen:
        print(f"... {name}", flush=True)
        for figure in import_module(f"bench.measures.{name}").measure():
            print(f"    {figure.name}: {figure.measured}", flush=True)
            figures.append(figure)
    print(table(figures))
    print(f"load at the end {os.getloadavg()[0]:.1f}")  # others at work make the clock useless


def _long(name: str) -> bool:
    """Whether a measure says that it is run only when it is named."""
    return bool(getattr(import_module(f"bench.measures.{name}"), "BY_NAME_ONLY", False))


def _browser_version() -> str | None:
    path = chromium_path()
    if path is None:
        return None
    asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


if __name__ == "__main__":
    main()

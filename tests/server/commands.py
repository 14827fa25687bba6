"""The command in a process of its own, in surroundings that lead nowhere but to a test's folder."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "server.cli"]


def surroundings(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "ZONEATLAS" not in name}
    return {**kept, "XDG_DATA_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}


@contextmanager
def served(
    environ: dict[str, str], *arguments: object
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    words = [str(one) for one in arguments]
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *words],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+/", line)
            assert found, line + (process.stderr.read() if process.stderr else "")
            yield found[0], process
        finally:
            process.kill()

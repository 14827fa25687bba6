"""The page's own files, read once and served under a path that changes when any of them does."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from layers.errors import AtlasError
from server.caching import Kept, digest
from server.joined import joined_script, joined_sheets
from server.media import JSON

LEAFLET = "vendor/leaflet/leaflet.js"
MAIN = "main.js"
ELEMENT = "element.js"
# Made of the others when they are read.
SCRIPT, SHEET = "joined.js", "joined.css"
ELEMENT_SCRIPT = "zone-atlas.js"
HERE = Path(__file__).parent
FOLDERS = {"": HERE / "static", "text": HERE / "text"}
# Spelled out: what the operating system believes about .js differs from machine to machine.
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": JSON,
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


class Assets(NamedTuple):
    """All files by their path below /static/<hash>/."""

    hash: str
    files: dict[str, Kept]

    def path(self, name: str) -> str:
        """The path of a file below the public address; a name without a file is our own mistake."""
        if name not in self.files:
            raise KeyError(f"there is no page file {name}")
        return f"static/{self.hash}/{name}"

    def find(self, hash: str, path: str) -> Kept | None:
        # A plain look-up: no path of the file system is ever made from a request.
        return self.files.get(path) if hash == self.hash else None


class AssetsMissing(AtlasError):
    """The package was not built: Git does not hold the third-party JavaScript."""

    def __init__(self) -> None:
        super().__init__("The page's JavaScript is missing: start with ./run, or install with pip.")


@cache
def read_assets() -> Assets:
    """Once in a process, however many servers it has."""
    files = dict(sorted(page_files()))
    if LEAFLET not in files:
        raise AssetsMissing
    own = {name: kept.body.decode() for name, kept in files.items() if "/" not in name}
    files[SCRIPT] = Kept(joined_script(own, MAIN).encode(), MEDIA_TYPES[".js"])
    files[ELEMENT_SCRIPT] = Kept(joined_script(own, ELEMENT).encode(), MEDIA_TYPES[".js"])
    files[SHEET] = Kept(joined_sheets(own).encode(), MEDIA_TYPES[".css"])
    parts = [part for path, kept in files.items() for part in (path, kept.body)]
    return Assets(digest(*parts), files)


def page_files() -> Iterator[tuple[str, Kept]]:
    for prefix, folder in FOLDERS.items():
        for file in folder.rglob("*"):
            media_type = MEDIA_TYPES.get(file.suffix)
            if media_type and file.is_file():
                name = "/".join([*filter(None, [prefix]), *file.relative_to(folder).parts])
                yield name, Kept(file.read_bytes(), media_type)

"""Tables that go with a file whose own tables have no room for everything (CSV with a BOM)."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from layers.formats._csv_cells import cell


class Rows:
    """Rows written as they come; the file is made with the first one."""

    def __init__(self, path: Path, heading: Sequence[str]) -> None:
        self._path, self._heading = path, heading
        self._file: TextIO | None = None

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Iterable[str]) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._file.write(_line(self._heading))
        self._file.write(_line(row))


def _line(row: Iterable[str]) -> str:
    return ",".join(cell(one, guard=True) for one in row) + "\r\n"

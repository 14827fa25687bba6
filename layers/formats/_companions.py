"""Tables that go with a file whose own tables have no room for everything (CSV with a BOM)."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

# What a spreadsheet takes for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r|]")


class Rows:
    """Rows written as they come; the file is made with the first one."""

    def __init__(self, path: Path, heading: Sequence[str]) -> None:
        self._path, self._heading = path, heading
        self._file: Any = None
        self._writer: Any = None

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Iterable[str]) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(self._heading)
        self._writer.writerow([_guarded(one) for one in row])


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text

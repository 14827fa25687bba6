"""docs/notebook.ipynb: its cells run in order, and give what it shows."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.notebooks import cells, run, shown

NOTEBOOK = Path(__file__).parents[1] / "docs/notebook.ipynb"


@pytest.mark.slow
def test_the_notebook_gives_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells(NOTEBOOK), 1):
        assert run(cell, names) == shown(cell), f"cell {number}"
    assert (tmp_path / "map.html").exists()


def test_it_is_a_notebook_of_the_fourth_format_and_small() -> None:
    document = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert document["nbformat"] == 4
    assert NOTEBOOK.stat().st_size < 30_000
    ids = [one["id"] for one in document["cells"]]
    assert len(set(ids)) == len(ids)
    counts = [one["execution_count"] for one in document["cells"] if one["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))

"""Running a notebook's code cells, without Jupyter: what each prints and what its last line is."""

import ast
import contextlib
import io
import json
from pathlib import Path
from typing import Any


def cells(notebook: Path) -> list[dict[str, Any]]:
    document = json.loads(notebook.read_text(encoding="utf-8"))
    return [one for one in document["cells"] if one["cell_type"] == "code"]


def shown(cell: dict[str, Any]) -> list[str]:
    """The outputs that the notebook has for a cell, as plain text."""
    return ["".join(one.get("text") or one["data"]["text/plain"]) for one in cell["outputs"]]


def run(cell: dict[str, Any], names: dict[str, Any]) -> list[str]:
    """What it gives now; `names` are what the cells before have defined."""
    body = ast.parse("".join(cell["source"]))
    last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
    said = io.StringIO()
    value = None
    with contextlib.redirect_stdout(said):
        exec(compile(body, "notebook", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
    given = [said.getvalue()] if said.getvalue() else []
    return given + ([] if value is None else [repr(value)])

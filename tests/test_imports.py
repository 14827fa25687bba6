"""Who may import whom: geo <- layers <- server <- zoneatlas; heavy libraries late, nothing run."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("geo", "layers", "server", "zoneatlas")
MAY_NOT_IMPORT = {name: set(PACKAGES[number + 1 :]) for number, name in enumerate(PACKAGES)}
# Half a second and tens of megabytes each: imported where used, so that a start costs neither.
HEAVY = {"branca", "ezdxf", "folium", "geopandas", "pandas", "pyarrow", "pyogrio", "pyproj"}
# Modules that build on classes of those; they are themselves imported where used.
LATE = {"server/maps.py"}
ON_TOP_OF_LATE = {"zoneatlas/chart.py"}
NOT_FOR_HELP = HEAVY | {"fastapi", "numpy", "orjson", "shapely", "starlette", "uvicorn"}

MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(nodes: Iterator[ast.AST] | list[ast.stmt]) -> set[str]:
    """Top-level names of the packages these nodes import; a relative import counts as its own."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute here"
            names.add((node.module or "").partition(".")[0])
    return names


def on_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, without those for type checkers."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from on_import(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            for inner in ("body", "orelse", "finalbody"):
                yield from on_import(getattr(node, inner, []))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_downwards_and_heavy_libraries_late(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    assert not imported(ast.walk(tree)) & MAY_NOT_IMPORT[name.partition("/")[0]]
    assert bool(imported(list(on_import(tree.body))) & HEAVY) == (name in LATE)


def test_the_rules_above_see_what_they_forbid() -> None:
    tree = ast.parse(
        "import json\nif TYPE_CHECKING:\n    import folium\ntry:\n    import pandas as pd\n"
        "except ImportError:\n    pass\ndef late():\n    from geopandas.io import file\n"
    )
    assert imported(ast.walk(tree)) == {"json", "folium", "pandas", "geopandas"}
    assert imported(list(on_import(tree.body))) == {"json", "pandas"}


# Runs in a process of its own: what Python already imported for pytest must not count.
WATCH = """
import json, sys
seen = []

def watch(event, args):
    if event == "open":
        name, flags = str(args[0]), args[2]
        if flags & 3 or name.endswith((".geojson", ".gpkg")):
            seen.append(f"open {name}")
    elif event.startswith(("os.mkdir", "os.remove", "os.rename", "socket.", "sqlite3.connect",
                           "subprocess.", "urllib.")) and event != "socket.gethostname":
        seen.append(f"{event} {args}")

sys.addaudithook(watch)
for name in sys.argv[1:]:
    __import__(name)
loaded = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps({"seen": seen, "modules": loaded}))
"""


def watched_import(*names: str, path: Path = ROOT) -> dict[str, list[str]]:
    """What importing these modules from this folder touches, and which packages it loads."""
    run = subprocess.run(
        [sys.executable, "-B", "-c", WATCH, *names],
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.slow
def test_importing_opens_nothing_and_loads_no_heavy_library() -> None:
    late = {ROOT / name for name in LATE | ON_TOP_OF_LATE}
    after = watched_import(*(module_name(path) for path in MODULES if path not in late))
    assert after["seen"] == []
    assert not set(after["modules"]) & HEAVY


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def test_the_command_line_starts_without_the_libraries_it_may_not_need() -> None:
    after = watched_import("server.cli")
    assert after["seen"] == []
    assert not set(after["modules"]) & NOT_FOR_HELP


def test_the_watch_sees_a_module_that_opens_something(tmp_path: Path) -> None:
    source = f"import sqlite3\nsqlite3.connect({str(tmp_path / 'x.gpkg')!r}).close()\n"
    (tmp_path / "careless.py").write_text(source, encoding="utf-8")
    assert watched_import("careless", path=tmp_path)["seen"]

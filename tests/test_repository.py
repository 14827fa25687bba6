"""What the repository as a whole promises: pins, scripts, and no foreign address anywhere."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PACKAGES = ("geo", "layers", "server", "zoneatlas")
TOOLS_OWN = {".git", ".hypothesis", ".venv", "node_modules", "__pycache__"}
NOT_OURS = TOOLS_OWN | {"vendor", "build", "dist"}
SCRIPTS = ("run", "test", ".ci/run")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def our_files() -> Iterator[Path]:
    """Every file of the tree but what tools put there; also right where there is no git."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in NOT_OURS and not name.endswith("_cache")
        ]
        # .git is a file in a second work tree
        yield from (Path(folder, name) for name in files if name not in NOT_OURS)


def texts() -> Iterator[tuple[str, str]]:
    """Path from the root and content of each text file."""
    for path in our_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT).as_posix(), content.decode("utf-8")


# --- addresses and paths ---------------------------------------------------------------------

# These may name whom they like: licences, the peers we compare with, the sources of the data.
ANY_HOST = re.compile(r"LICENSE|docs/.*peers.*|layers/data/.*")
HOSTS = {
    "127.0.0.1": "this machine",
    "localhost": "this machine",
    "gdal.org": "the identifier of an extension in every GeoPackage, never fetched",
    "www.geopackage.org": "identifiers in every GeoPackage, never fetched",
    "www.opengis.net": "identifiers of the standards, never fetched",
    "json-schema.org": "the dialect that schemas name, never fetched",
    "www.w3.org": "XML name spaces, never fetched",
    "keepachangelog.com": "the changelog says how it is kept",
    "semver.org": "the changelog says how it is kept",
}
# Raster basemaps: named where they are switched on, nowhere else in the program.
BASEMAPS = re.compile(r"tile\.openstreetmap\.org|t(\d|\{\w+\})\.tianditu\.gov\.cn")
# Where a reader who wants the way there is led, by links alone.
GUIDES = re.compile(r"uri\.amap\.com|api\.map\.baidu\.com|apis\.map\.qq\.com")
MAY_NAME_GUIDES = re.compile(r"server/static/navigate\.js|tests/.*|docs/.*")
MAY_NAME_BASEMAPS = re.compile(r"server/basemaps\.py|tests/.*|docs/.*|README.*")
ADDRESS = re.compile(
    r"\b(?:https?|wss?|ftp)://(?:[^\s/@\"']+@)?([^\s/:?#@\"'`<>()\[\]\\,;]+)", re.IGNORECASE
)
# In parts, so that this file does not contain what it forbids.
FORBIDDEN = (
    "unpkg" + ".com",
    "jsdel" + "ivr",
    "cdn" + "js",
    "google" + "apis",
    "py" + "pi.org",
    "python" + "hosted",
    "registry.np" + "mjs",
    "deb.deb" + "ian.org",
    "/wo" + "rk/",
    "/ro" + "ot/",
)


def foreign_hosts(text: str, path: str = "") -> set[str]:
    """Hosts of the addresses in a text that are neither known nor made up nor filled in later."""
    hosts = {host.lower().replace("{{", "{").replace("}}", "}") for host in ADDRESS.findall(text)}
    made_up = re.compile(r"(|.*\.)(example(\.(com|org|net))?|test|invalid)|\{\w*\}")
    if MAY_NAME_BASEMAPS.fullmatch(path):
        hosts = {host for host in hosts if not BASEMAPS.fullmatch(host)}
    if MAY_NAME_GUIDES.fullmatch(path):
        hosts = {host for host in hosts if not GUIDES.fullmatch(host)}
    return {host for host in hosts - set(HOSTS) if not made_up.fullmatch(host)}


def test_no_foreign_host_stands_in_the_tree() -> None:
    found = {
        path: hosts
        for path, text in texts()
        if not ANY_HOST.fullmatch(path) and (hosts := foreign_hosts(text, path))
    }
    assert found == {}


def test_no_registry_content_network_or_machine_path_stands_in_the_tree() -> None:
    found = {
        path: words
        for path, text in texts()
        if not ANY_HOST.fullmatch(path) and (words := [word for word in FORBIDDEN if word in text])
    }
    assert found == {}


def test_the_search_finds_hosts() -> None:
    text = "see //u:p@maps.foreign.net:80/x, //Other.org. //a.example.com //localhost //{host}:1"
    assert foreign_hosts(text.replace("//", "https://")) == {"maps.foreign.net", "other.org."}


# --- pins ------------------------------------------------------------------------------------


def constraints() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def declared() -> list[Requirement]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group]


@pytest.mark.parametrize("requirement", declared(), ids=lambda requirement: requirement.name)
def test_a_requirement_is_bounded_and_runs_in_the_pinned_version(requirement: Requirement) -> None:
    assert {bound.operator for bound in requirement.specifier} == {">=", "<"}
    (pin,) = constraints()[canonicalize_name(requirement.name)].specifier
    assert pin.operator == "=="
    assert requirement.specifier.contains(pin.version)
    assert version(requirement.name) == pin.version


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folders", "extras"), [(PACKAGES, ()), (("tests",), ("test",)), (("bench",), ("bench",))]
)
def test_every_package_that_is_imported_is_declared(
    folders: tuple[str, ...], extras: tuple[str, ...]
) -> None:
    lines = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    names = {canonicalize_name(Requirement(line).name) for line in lines}
    known = packages_distributions()
    undeclared = {
        (name, path.relative_to(ROOT).as_posix())
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for name in third_party(path)
        if not {canonicalize_name(found) for found in known.get(name, [])} & names
    }
    assert undeclared == set()


def third_party(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    own = {*PACKAGES, "bench", "tests"}
    of_the_system = {"qgis"}  # ./test clients runs it with the system's Python
    return names - own - of_the_system - sys.stdlib_module_names


def test_the_javascript_is_pinned_by_hash_and_not_to_a_registry() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    third_party_packages = [entry for path, entry in lock.items() if path]
    assert all(entry["integrity"].startswith("sha512-") for entry in third_party_packages)
    assert not any("resolved" in entry for entry in third_party_packages)
    assert set(package["shipped"]) <= set(package["dependencies"])


# --- scripts and house rules -----------------------------------------------------------------


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_executable_posix_shell(name: str) -> None:
    script = ROOT / name
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize("name", [*SCRIPTS, ".ci/setup.sh"])
def test_a_script_parses(name: str) -> None:
    shell = shutil.which("dash") or "/bin/sh"
    subprocess.run([shell, "-n", ROOT / name], check=True)


def test_continuous_integration_runs_the_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ['exec "$(dirname -- "$0")/../test"']


@pytest.mark.slow
def test_no_test_leaves_itself_out() -> None:
    """A missing part is a failure, for ./test installs them all; another platform is no part."""
    found = {
        (path.relative_to(ROOT).as_posix(), node.lineno)
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and leaves_out(node)
    }
    assert found == set()


def leaves_out(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name == "skipif":
        return not ast.unparse(call.args[0]).startswith("sys.platform")
    return name in {"skip", "xfail", "importorskip", "skipTest"}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_owns(package: str) -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*.py")
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []

"""The built package: holds all it needs, builds again without a network, serves the page alone."""

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import httpx
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("geo", "layers", "server", "zoneatlas")

pytestmark = pytest.mark.slow


def build(kind: str, source: Path, folder: Path, path: str | None = None) -> Path:
    """The wheel or sdist of a source tree; with another PATH there is no npm to ask."""
    run = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", folder],
        cwd=source,
        env={**os.environ, "PATH": os.environ["PATH"] if path is None else path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_packages_whole(wheel: Path) -> None:
    tree = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffixes != [".d", ".ts"]
    }
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == tree


def test_the_wheel_holds_each_file_that_a_style_sheet_of_others_asks_for(wheel: Path) -> None:
    held = ZipFile(wheel)
    sheets = [name for name in held.namelist() if re.search(r"/vendor/.*\.css$", name)]
    assert sheets
    for sheet in sheets:
        folder = sheet.rpartition("/")[0]
        for target in re.findall(r"url\([\"']?([^)#\"']+)[\"']?\)", held.read(sheet).decode()):
            assert f"{folder}/{target}" in held.namelist()


def test_each_package_of_others_comes_with_its_licence(wheel: Path) -> None:
    shipped = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["shipped"]
    names = ZipFile(wheel).namelist()
    for package in shipped:
        assert any(re.match(rf"server/static/vendor/{package}/LICEN[CS]E", name) for name in names)
    ours = {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name}
    assert ours == {"LICENSE", "NOTICE"}


def test_the_sdist_builds_the_same_wheel_without_npm(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", ROOT, tmp_path / "sdist")
    subprocess.run(["tar", "-xf", sdist, "-C", tmp_path], check=True)
    again = build("wheel", tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path / "wheel", "")
    assert contents(again) == contents(wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that has the wheel and nothing of this tree.

    The third-party packages are those of the environment that runs the tests: a path file lends
    them, and the path file that makes this tree importable there is not followed.
    """
    environment = tmp_path_factory.mktemp("园区 environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", wheel], check=True)
    lent = sysconfig.get_path("purelib")
    own = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    (own / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return environment / "bin"


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that `zoneatlas serve` prints, started in a folder that is not ours."""
    folder = tmp_path_factory.mktemp("elsewhere")
    command = [installed / "zoneatlas", "serve", "--port", "0", "--data-dir", folder / "data"]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            yield printed_address(server)
        finally:
            server.terminate()


def printed_address(server: subprocess.Popen[str]) -> str:
    said = ""
    for line in server.stdout or ():
        said += line
        if found := re.search(r"http://[\w.:]+/", line):
            return found.group()
    raise AssertionError(f"zoneatlas serve ended without an address:\n{said}")


def test_the_command_runs_from_the_wheel_and_not_from_this_tree(installed: Path) -> None:
    names = ", ".join(PACKAGES)
    program = f"import {names}; print(*(one.__file__ for one in ({names})))"
    said = subprocess.run(
        [installed / "python", "-c", program],
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.count(str(installed.parent)) == len(PACKAGES)


def test_the_wheel_alone_serves_the_page_and_all_it_refers_to(served: str) -> None:
    with httpx.Client(base_url=served, headers={"Accept-Language": "zh"}) as client:
        page = client.get("/", headers={"Accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        seen = {served: page}
        waiting = references(page)
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            assert urlsplit(address).netloc == urlsplit(served).netloc
            seen[address] = client.get(address)
            assert seen[address].status_code == 200, address
            waiting |= references(seen[address])
    kinds = {answer.headers["content-type"].partition(";")[0] for answer in seen.values()}
    assert {"text/html", "text/css", "text/javascript", "image/png"} <= kinds
    assert any("/vendor/leaflet/leaflet.js" in address for address in seen)


def references(answer: httpx.Response) -> set[str]:
    """Absolute addresses of the scripts, modules, styles and pictures that an answer asks for."""
    kind = answer.headers["content-type"].partition(";")[0]
    patterns = {
        "text/html": r"<(?:script|link|img)\b[^>]*?\b(?:src|href)=[\"']([^\"']+)",
        "text/css": r"(?:url\(|@import\s+)[\"']?([^\"')#]+)",
        "text/javascript": r"\b(?:from|import)\s*\(?\s*[\"'](\.[^\"']+\.js)[\"']",
    }
    found = re.findall(patterns[kind], answer.text) if kind in patterns else []
    return {urljoin(str(answer.url), target) for target in found if not target.startswith("data:")}

"""Other servers of the same standard, from their packages, in an environment of their own."""

import hashlib
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench import sites
from bench.postgis import DATABASE, USER, Database
from bench.serving import end, free_port
from bench.side import Side

REQUIREMENTS = Path(__file__).with_name("peers-requirements.txt")
PATIENCE_S = 60.0
MOST = 10_000


def versions() -> str:
    """The peers and what they lean on most, as they are pinned."""
    named = ("pygeoapi", "tipg", "SQLAlchemy", "asyncpg", "uvicorn")
    lines = REQUIREMENTS.read_text().splitlines()
    return ", ".join(line.replace("==", " ") for line in lines if line.split("==")[0] in named)


def environment() -> Path:
    """The folder of programs of a virtual environment with the peers, made unless it is there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zoneatlas-bench"
    made_of = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache / f"peers-{made_of}"
    done = folder / "installed"
    if not done.exists():
        print(f"    installing {versions()}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip: list[str | Path] = [
            folder / "bin/python",
            "-m",
            "pip",
            "install",
            "-q",
            "-r",
            REQUIREMENTS,
        ]
        subprocess.run(pip, check=True)
        done.touch()
    return folder / "bin"


@contextmanager
def tipg(programs: Path, database: Database, folder: Path) -> Iterator[Side]:
    """With uvicorn, uvloop and httptools; its catalog is not read again while it is measured."""
    settings = {
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PORT": str(database.port),
        "POSTGRES_USER": USER,
        "POSTGRES_PASS": database.password,
        "POSTGRES_DBNAME": DATABASE,
        "TIPG_CATALOG_TTL": "0",
        "TIPG_MAX_FEATURES_PER_QUERY": str(MOST),
    }
    port = free_port()
    with _uvicorn(programs, "tipg.main:app", port, folder, settings) as pid:
        yield Side("tipg", port, (pid, database.pid), f"public.{sites.layer().id}")


@contextmanager
def pygeoapi(programs: Path, database: Database, folder: Path) -> Iterator[Side]:
    """Its Starlette application, which can be served by uvicorn as the others are."""
    config, openapi = folder / "pygeoapi.yml", folder / "openapi.json"
    port = free_port()
    config.write_text(json.dumps(_pygeoapi_config(database, port)))  # JSON is YAML
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    subprocess.run(
        [programs / "pygeoapi", "openapi", "generate", config, "--output-file", openapi],
        env=_environment(settings), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    app = "pygeoapi.starlette_app:APP"
    with _uvicorn(programs, app, port, folder, settings) as pid:
        yield Side("pygeoapi", port, (pid, database.pid), filter_lang="cql-text")


@contextmanager
def _uvicorn(
    programs: Path, app: str, port: int, folder: Path, settings: Mapping[str, str]
) -> Iterator[int]:
    command: list[str | Path] = [programs / "python", "-m", "uvicorn", app, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    log_path = folder / f"{app.partition('.')[0]}.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(settings), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait(process, port, log_path)
        yield process.pid
    finally:
        end(process)


def _wait(process: "subprocess.Popen[bytes]", port: int, log_path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            connection.request("GET", "/collections")
            if connection.getresponse().status == 200:
                return
        except ConnectionRefusedError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    said = log_path.read_text(errors="replace")[-2000:]
    raise RuntimeError(f"{log_path.stem} did not answer within {PATIENCE_S:g} s; it said:\n{said}")


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    return os.environ | dict(settings)


def _pygeoapi_config(database: Database, port: int) -> dict[str, Any]:
    site = {"en": "bench"}
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": "127.0.0.1",
            "port": database.port,
            "dbname": DATABASE,
            "user": USER,
            "password": database.password,
            "search_path": ["public"],
        },
        "id_field": "id",
        "table": sites.layer().id,
        "geom_field": "geom",
    }
    resource = {
        "type": "collection",
        "title": site,
        "description": site,
        "keywords": ["bench"],
        "links": [],
        "extents": {"spatial": {"bbox": list(sites.AROUND)}},
        "providers": [provider],
    }
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "pretty_print": False,
            "languages": ["en"],
            "limits": {"default_items": 10, "max_items": MOST, "on_exceed": "throttle"},
            "map": {"url": "about:blank", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": site,
                "description": site,
                "keywords": ["bench"],
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": "about:blank",
            },
            "license": {"name": "none", "url": "about:blank"},
            "provider": {"name": "bench", "url": "about:blank"},
            "contact": {"name": "bench", "url": "about:blank"},
        },
        "resources": {sites.layer().id: resource},
    }

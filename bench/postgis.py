"""A PostgreSQL with PostGIS of its own for a measure: made in a folder, filled, ended."""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from bench import sites
from bench.serving import end, free_port

APT_LINE = "apt-get install postgresql-15 postgresql-15-postgis-3"
USER = "postgres"  # of the database; and of the machine, where we are root
DATABASE = "postgres"
PATIENCE_S = 30.0
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling takes longer than these queries
    "max_parallel_workers_per_gather": "0",  # workers save time, and cost processor
    "max_wal_size": "4GB",
    "autovacuum": "off",  # not in the middle of a measure; it is vacuumed and analysed once
}
PLANNING = (
    "random_page_cost", "effective_cache_size", "work_mem", "jit",
    "max_parallel_workers_per_gather",
)  # fmt: skip
INDEXED = ("sector", "block", "employees", "investment", "opened", "listed")
COLUMNS = (
    "id integer PRIMARY KEY, geom geometry(Point, 4326), name text, address text, sector text,"
    " block text, employees integer, investment double precision, opened date, listed boolean"
)


@dataclass(frozen=True)
class Database:
    """A running cluster; `pid` is the root of all its processes."""

    pid: int
    port: int
    password: str
    programs: Path

    def psql(self, sql: str) -> str:
        return self._run(["-At", "-c", sql], None)

    def version(self) -> str:
        return self.psql(
            "SELECT 'PostgreSQL ' || current_setting('server_version') ||"
            " ', PostGIS ' || postgis_lib_version()"
        )

    def forget_tuning(self) -> None:
        """Plans as PostgreSQL makes them when it is installed; open connections follow at once."""
        for name in PLANNING:
            delivered = self.psql(f"SELECT boot_val FROM pg_settings WHERE name = '{name}'")
            self.psql(f"ALTER SYSTEM SET {name} = '{delivered}'")
        self.psql("SELECT pg_reload_conf()")

    def copy(self, table: str, lines: Iterator[str]) -> None:
        self._run(["-c", f"COPY {table} FROM STDIN"], lines)

    def _run(self, arguments: Sequence[str], lines: Iterator[str] | None) -> str:
        command = [str(self.programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", DATABASE]
        with subprocess.Popen(
            [*command, *arguments],
            env=os.environ | {"PGPASSWORD": self.password},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.writelines(lines or ())
            process.stdin.close()
            said = process.stdout.read()
        if process.returncode:
            raise RuntimeError(f"psql {arguments} failed")
        return said.strip()


def programs() -> Path | None:
    """Where Debian keeps a PostgreSQL that has PostGIS; None when there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        version = folder.parent.name
        if Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
            return folder
    return None


@contextmanager
def database(number: int) -> Iterator[Database]:
    """A cluster with so many sites, every index that a request can use, and warm buffers."""
    found = programs()
    if found is None:
        raise RuntimeError(f"PostgreSQL with PostGIS is missing: {APT_LINE}")
    with _folder() as folder, _running(folder, found) as running:
        _fill(running, number)
        yield running


def _fill(running: Database, number: int) -> None:
    table = sites.layer().id
    running.psql("CREATE EXTENSION postgis")
    running.psql("CREATE EXTENSION pg_prewarm")
    running.psql(f"CREATE TABLE {table} ({COLUMNS})")
    running.copy(table, _lines(number))
    for column in INDEXED:
        running.psql(f"CREATE INDEX ON {table} ({column})")
    running.psql(f"CREATE INDEX ON {table} USING gist (geom)")
    running.psql(f"VACUUM (FREEZE, ANALYZE) {table}")
    running.psql(
        f"SELECT pg_prewarm(oid) FROM pg_class WHERE oid = '{table}'::regclass OR oid IN"
        f" (SELECT indexrelid FROM pg_index WHERE indrelid = '{table}'::regclass)"
    )


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zoneatlas-bench-postgis-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(folder: Path, programs: Path) -> Iterator[Database]:
    password, port = secrets.token_hex(16), free_port()
    (folder / "password").write_text(password)
    subprocess.run(
        [
            programs / "initdb", "-D", folder / "data", "-U", USER, "-E", "UTF8",
            "--locale=C.UTF-8", "-A", "scram-sha-256", "--pwfile", folder / "password",
        ],
        cwd=folder, stdout=subprocess.DEVNULL, check=True, **_identity(),
    )  # fmt: skip
    settings = SETTINGS | {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
    }
    with (folder / "data/postgresql.conf").open("a") as configuration:
        configuration.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data"],
            cwd=folder, stdout=log, stderr=log, start_new_session=True, **_identity(),
        )  # fmt: skip
    try:
        _wait(programs, port)
        yield Database(process.pid, port, password, programs)
    finally:
        end(process)


def _wait(programs: Path, port: int) -> None:
    ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + PATIENCE_S
    while subprocess.run(ready, check=False).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL was not ready after {PATIENCE_S:g} s")
        time.sleep(0.1)


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to be root."""
    if os.geteuid():
        return {}
    return {"user": USER, "group": USER, "extra_groups": []}


def _lines(number: int) -> Iterator[str]:
    """The sites in the text format of COPY; nothing in them has to be escaped."""
    for first, places, rows in sites.chunks(number):
        points = shapely.to_wkb(
            shapely.set_srid(shapely.points(places), 4326), hex=True, include_srid=True
        )
        for offset, (point, row) in enumerate(zip(points, rows, strict=True)):
            yield "\t".join(map(str, (first + offset, point, *row))) + "\n"

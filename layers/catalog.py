"""The catalog: which store is served, opened from the bundled zone, a folder or a GeoPackage."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from layers.errors import StoreError, StoreLocked
from layers.ingest import LAYER_FILES, ZONE_FILE, Files, Ingest, is_layer_file, look, nameless
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_connect import BUSY_SECONDS

BUNDLED = Path(__file__).parent / "data"
BUNDLED_STORE = "zone.gpkg"
WAIT_SECONDS = 120.0


class Catalog:
    """Made by `Catalog.open`; whoever opened it closes it."""

    def __init__(self, store: GeoPackage, ingest: Ingest | None = None) -> None:
        self.store = store
        self._ingest = ingest
        self._seen: Files | None = None
        self._refreshing = threading.Lock()
        self._notices: list[str] = []
        self._without_layers: list[str] = []

    @classmethod
    def open(
        cls,
        store: str | Path | None,
        data_dir: Path,
        *,
        bundled: Path = BUNDLED,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Catalog:
        """`store`: None is the bundled zone, a folder its layer files, else a GeoPackage.

        `busy_seconds`: how long to wait for another program that is writing.
        """
        if store is None:
            return cls._of_folder(bundled, Path(data_dir) / BUNDLED_STORE, True, busy_seconds)
        path = Path(store)
        if path.is_dir():
            return cls._of_folder(path, Path(data_dir) / store_name(path), False, busy_seconds)
        if is_layer_file(path):
            folder = path.parent
            raise StoreError(f"{path} is not a GeoPackage; give the folder that holds it: {folder}")
        return cls(GeoPackage.open(path, busy_seconds))

    @property
    def is_read_from_files(self) -> bool:
        """Whether its layers are those of a folder, and read again when that changes."""
        return self._ingest is not None

    @property
    def notices(self) -> list[str]:
        """What the operator should know: layers kept though a newer one came, files that broke."""
        found = list(self._ingest.notices.values()) if self._ingest else []
        return self._notices + self._without_layers + found

    def refresh(self) -> bool:
        """Read again what has changed in the folder; whether anything had. Cheap if nothing has."""
        if self._ingest is None or self.store.read_only:
            return False
        with self._refreshing:
            files = look(self._ingest.folder)
            if files == self._seen:
                return False
            with _alone(self.store.path):
                changed = self._ingest.each(files)
            self._seen = files if self._ingest.finished else None
            self._look_for_layers()
            return changed

    def close(self) -> None:
        self.store.close()

    @classmethod
    def _of_folder(
        cls, folder: Path, target: Path, keep_edited: bool, busy_seconds: float
    ) -> Catalog:
        files = look(folder)
        if not any(file.layer for file in files.values()):
            raise StoreError(f"{folder} has no layer file ({LAYER_FILES}).")
        with _alone(target):
            if not target.exists():
                _build(folder, files, target)
            store = GeoPackage.open(target, busy_seconds)
            try:
                catalog = cls(store, Ingest(store, folder, keep_edited))
                catalog._bring_up_to(files)
            except BaseException:
                store.close()
                raise
        return catalog

    def _bring_up_to(self, files: Files) -> None:
        assert self._ingest is not None
        if self.store.read_only:
            self._notices.append(
                f"{self.store.path} is read only: it is served as it is, changes or no."
            )
            return
        self._ingest.whole(files)
        self._seen = files
        self._look_for_layers()

    def _look_for_layers(self) -> None:
        assert self._ingest is not None
        reason = f"no file of it ({LAYER_FILES}) is a GeoJSON FeatureCollection"
        nothing = f"{self._ingest.folder} has no layer: {reason}."
        self._without_layers = [] if self.store.layers() else [nothing]


def store_name(folder: Path) -> str:
    """Where a folder's layers are kept: a name to recognise, and its whole path as a digest."""
    path = folder.resolve()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", path.name).strip("-")[:40] or "folder"
    return f"{plain}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:12]}.gpkg"


def _build(folder: Path, files: Files, target: Path) -> None:
    """Make the GeoPackage beside its place and move it there whole: no one meets half of it."""
    new = target.with_name(f".{target.name}.new")
    _remove(new)  # what a process that was killed has left
    try:
        store = GeoPackage.create(new)
        try:
            if ZONE_FILE not in files:
                store.save_zone(nameless(folder))
            Ingest(store, folder, keep_edited=False).whole(files)
        finally:
            store.close()
        _sync(new)
        new.rename(target)
        _sync(target.parent)
    except BaseException:
        _remove(new)
        raise


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Until the disk has it. A folder cannot be opened for that on Windows."""
    with suppress(PermissionError):
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One process at a time looks after a data directory; SQLite's lock ends with its process."""
    folder = target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = bool(folder.stat().st_mode & 0o222) and os.access(folder, os.W_OK)
    except OSError as error:
        raise StoreError(f"{folder} cannot be used as data directory: {error.strerror}.") from error
    if not writable:
        if not target.exists():
            raise StoreError(f"{folder} cannot be used as data directory: it is read only.")
        yield
        return
    lock = sqlite3.connect(folder / f".{target.name}.lock", timeout=WAIT_SECONDS)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise StoreLocked(f"{target} is being prepared by another process; wait.") from error
        yield
    finally:
        lock.close()

"""Whether a file is a GeoPackage we can serve, asked before anything could be written to it."""

import sqlite3
from pathlib import Path

from layers.errors import StoreError
from layers.stores.geopackage_connect import mode_for
from layers.stores.geopackage_schema import FORMAT

_SQLITE = b"SQLite format 3\0"


def checked_mode(path: Path) -> str:
    """How the file can be opened, if it is a SQLite file at all; SQLite would fill an empty one."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
        mode = mode_for(path)
    except FileNotFoundError:
        raise StoreError(f"{path} does not exist.") from None
    except IsADirectoryError:
        raise StoreError(f"{path} is a folder, not a GeoPackage.") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    if head != _SQLITE:
        raise StoreError(f"{path} is not a GeoPackage; it was left as it is.")
    return mode


def is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether we made this GeoPackage; StoreError if it is none, or none that we can serve."""
    tables = {name for (name,) in connection.execute("SELECT lower(name) FROM sqlite_master")}
    if "gpkg_contents" not in tables:
        raise StoreError(f"{path} is a database, but not a GeoPackage; it was left as it is.")
    if "gpkg_geometry_columns" not in tables:
        raise StoreError(f"{path} is a GeoPackage without any layer of features.")
    if "zoneatlas_store" not in tables:
        return False
    sql = "SELECT value FROM zoneatlas_store WHERE key = 'format'"
    written = str((connection.execute(sql).fetchone() or ["?"])[0])
    if written != str(FORMAT):
        raise StoreError(
            f"{path} was written by a newer ZoneAtlas (format {written}); update this one."
        )
    return True

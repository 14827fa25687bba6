"""A folder of layer files into a GeoPackage: what has changed, once, all or nothing."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import orjson

from layers import layerfile
from layers.errors import AtlasError, BadDocument, BadFeature, BadLayerFile, StoreError
from layers.model import Text, Zone
from layers.names import layer_id
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_tables import read_tables
from layers.zone import parse_zone

ZONE_FILE = "zone.json"
LAYER_FILES = "*.geojson, *.json"


class File(NamedTuple):
    """A file of the folder as it stood when it was looked at."""

    path: Path
    layer: str  # empty for zone.json
    size: int
    mtime_ns: int


class Known(NamedTuple):
    """A file as it was when it was read into the GeoPackage."""

    layer: str
    size: int
    mtime_ns: int
    sha256: str
    loaded: str  # the version its layer got: another one now means somebody has edited it


def look(folder: Path) -> dict[str, File]:
    """The layer files of a folder by name, and its zone.json."""
    try:
        paths = sorted(path for path in folder.iterdir() if is_layer_file(path))
    except OSError as error:
        raise StoreError(f"{folder} cannot be read: {error.strerror}.") from error
    files: dict[str, File] = {}
    for path in paths:
        stat = path.stat()
        layer = "" if path.name == ZONE_FILE else layer_id(path.stem)
        files[path.name] = File(path, layer, stat.st_size, stat.st_mtime_ns)
    return files


def is_layer_file(path: Path) -> bool:
    return path.suffix in (".geojson", ".json") and path.name[0] != "." and path.is_file()


Files = Mapping[str, File]


class Ingest:
    """Brings a GeoPackage up to a folder.

    `keep_edited`: a layer that was edited in the GeoPackage stays as it is, and that is said. So
    for the bundled zone; in a folder that an operator serves, the files are what counts.
    """

    def __init__(self, store: GeoPackage, folder: Path, keep_edited: bool) -> None:
        self.store, self.folder, self._keep_edited = store, folder, keep_edited
        self.notices: dict[str, str] = {}
        self.finished = True

    def whole(self, files: Files) -> bool:
        """All changes in one transaction; raises at the first broken file. Whether any was made."""
        names = self._pending(files)
        self.notices = {}
        if not names:
            return False
        with self.store.transaction() as connection:
            changed = [self._update(connection, name, files.get(name)) for name in names]
        return any(changed)

    def each(self, files: Files) -> bool:
        """File by file: a broken one leaves its layer as it was, and a notice says so."""
        names = self._pending(files)
        self.notices = {name: text for name, text in self.notices.items() if name in names}
        changed, self.finished = False, True
        for name in names:
            self.notices.pop(name, None)
            try:
                with self.store.transaction() as connection:
                    changed |= self._update(connection, name, files.get(name))
            except AtlasError as error:
                self.notices[name] = f"{error} What was read before stays."
                # a broken file stays broken until it changes; a locked store does not stay locked
                self.finished &= not isinstance(error, StoreError)
        return changed

    def _pending(self, files: Files) -> list[str]:
        """Names that look different from what was read, without any lock; those gone come first,

        zone.json last: it names figures of the layers.
        """
        with self.store.reading() as reading:
            known = _known(reading.connection)
            layers = {"", *(layer.id for layer in self.store.layers())}
        return [
            name
            for name in sorted({*files, *known}, key=_turn(files))
            if not _same(files.get(name), known.get(name))
            or not (self._keep_edited or known[name].layer in layers)
        ]

    def _update(self, connection: sqlite3.Connection, name: str, file: File | None) -> bool:
        """One file, inside the transaction that is open: another process may have been faster."""
        known = _known(connection).get(name)
        if file is None:
            return known is not None and self._forget(connection, name, known)
        sha256 = layerfile.digest(file.path)
        version = _version(connection, file.layer)
        if known and known.sha256 == sha256 and (version or not known.layer or self._keep_edited):
            if not _same(file, known):
                _remember(connection, file, known.layer, sha256, known.loaded)
            return False
        if self._keep_edited and file.layer and version != (known.loaded if known else None):
            self.notices[name] = (
                f"Layer {file.layer} was {'edited' if version else 'removed'} here and stays so;"
                " the newer one that comes with this release was not taken."
            )
            return False
        layer = self._read(connection, file)
        _remember(connection, file, layer, sha256, _version(connection, layer) or "")
        return True

    def _forget(self, connection: sqlite3.Connection, name: str, known: Known) -> bool:
        """The file has gone, and its layer with it."""
        version = _version(connection, known.layer)
        if self._keep_edited and known.layer and version not in (known.loaded, None):
            self.notices[name] = (
                f"Layer {known.layer} was edited here and stays,"
                " though this release does not have it any more."
            )
            return False
        if known.layer:
            self.store.remove(known.layer)
        elif name == ZONE_FILE:
            self.store.save_zone(nameless(self.folder))
        connection.execute("DELETE FROM zoneatlas_files WHERE file = ?", (name,))
        return True

    def _read(self, connection: sqlite3.Connection, file: File) -> str:
        """The id of the layer that the file gave; empty for zone.json and other JSON."""
        name = file.path.name
        if name == ZONE_FILE:
            zone = read_zone(file.path, self.folder.name)
            if not self._keep_edited:  # an edited layer may lack what this release's zone names
                _check_figures(connection, zone)
            self.store.save_zone(zone)
            return ""
        try:
            found = layerfile.survey(file.path)
        except layerfile.NotALayerFile:
            if file.path.suffix == ".geojson":
                raise BadLayerFile(name, None, "is not a FeatureCollection") from None
            if name in _known(connection):
                self.store.remove(file.layer)
            return ""
        for other, known in _known(connection).items():
            if known.layer == file.layer and other != name:
                reason = f"gives layer {file.layer!r}, as {other} does; rename one of them"
                raise BadLayerFile(name, None, reason)
        try:
            self.store.load(found.layer, layerfile.read(found))
        except BadFeature as error:
            raise BadLayerFile(name, error.feature, error.reason) from error
        except BadDocument as error:
            raise BadLayerFile(name, None, str(error)) from error
        return file.layer


def _turn(files: Files) -> Callable[[str], tuple[bool, bool, str]]:
    return lambda name: (name in files, name == ZONE_FILE, name)


def _check_figures(connection: sqlite3.Connection, zone: Zone) -> None:
    tables = read_tables(connection, ours=True)
    for index, headline in enumerate(zone.headline):
        table = tables.get(headline.layer)
        known = [figure.id for figure in table.layer.figures] if table else headline.figures
        for name in headline.figures:
            if name not in known:
                reason = f"names {name!r}, which is no figure of layer {headline.layer!r}"
                raise BadLayerFile(ZONE_FILE, None, f"headline[{index}].figures {reason}")


def nameless(folder: Path) -> Zone:
    """The zone of a folder without a zone.json."""
    return Zone(id=folder.name, title=Text(folder.name, folder.name))


def read_zone(path: Path, name: str) -> Zone:
    """A zone.json; BadLayerFile names the key that is wrong and what is allowed."""
    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode()
        return parse_zone(orjson.loads(content), name)
    except UnicodeDecodeError as error:
        raise layerfile.not_utf8(path) from error
    except orjson.JSONDecodeError as error:
        raise BadLayerFile(path.name, None, f"is not valid JSON ({error})") from error
    except BadDocument as error:
        raise BadLayerFile(path.name, None, str(error)) from error
    except OSError as error:
        raise BadLayerFile(path.name, None, f"cannot be read: {error.strerror}") from error


def _known(connection: sqlite3.Connection) -> dict[str, Known]:
    sql = "SELECT file, layer, size, mtime_ns, sha256, loaded FROM zoneatlas_files"
    return {file: Known(*rest) for file, *rest in connection.execute(sql)}


def _same(file: File | None, known: Known | None) -> bool:
    if file is None or known is None:
        return False
    return (file.size, file.mtime_ns) == (known.size, known.mtime_ns)


def _version(connection: sqlite3.Connection, layer: str) -> str | None:
    """Of the features and the columns of a layer; None if it or its table is not there."""
    row = connection.execute(
        "SELECT l.version, t.sql FROM zoneatlas_layers l"
        " JOIN sqlite_master t ON t.name = l.table_name WHERE l.id = ?",
        (layer,),
    ).fetchone()
    return None if row is None else f"{row[0]}-{hashlib.sha256(row[1].encode()).hexdigest()[:8]}"


def _remember(
    connection: sqlite3.Connection, file: File, layer: str, sha256: str, loaded: str
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO zoneatlas_files VALUES (?, ?, ?, ?, ?, ?)",
        (file.path.name, layer, file.size, file.mtime_ns, sha256, loaded),
    )

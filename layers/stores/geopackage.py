"""The embedded store: layers in a GeoPackage that every GIS opens; many read, one writes."""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
import orjson

from geo.crs import CRS84, CRSError, transform
from geo.extent import Extent
from layers.errors import (
    BadDocument,
    InvalidQuery,
    StoreError,
    StoreReadOnly,
    UnknownFeature,
    UnknownLayer,
)
from layers.model import (
    Batch,
    By,
    Feature,
    Group,
    Layer,
    NewFeature,
    OfFeature,
    Query,
    Text,
    Zone,
)
from layers.stores import (
    geopackage_describe,
    geopackage_extent,
    geopackage_groups,
    geopackage_hits,
    geopackage_load,
    geopackage_query,
    geopackage_sample,
)
from layers.stores.geopackage_check import checked_mode, is_ours
from layers.stores.geopackage_columns import exists
from layers.stores.geopackage_connect import (
    BUSY_SECONDS,
    Entered,
    Readers,
    Said,
    SqliteReading,
    connect,
    empty_log,
    file_state,
    use_wal,
)
from layers.stores.geopackage_hits import Hits
from layers.stores.geopackage_numbers import read_numbers
from layers.stores.geopackage_order import keys_of
from layers.stores.geopackage_plan import Asked, ask
from layers.stores.geopackage_schema import create_store
from layers.stores.geopackage_tables import ZONE_STANDARD, Table, read_tables, with_only
from layers.stores.remembered import Remembered
from layers.zone import parse_zone, zone_document

T = TypeVar("T")
# Where more than one in so many features matches, all are looked at in the order they lie in.
MOST = 8


class GeoPackage:
    """A Store over one file. Made by another program, it is served read only as it stands."""

    def __init__(self, path: Path, mode: str, ours: bool, busy_seconds: float) -> None:
        self.path, self._mode, self._ours, self._busy = path, mode, ours, busy_seconds
        self._readers = Readers(path, self._reader)
        self._writing = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._writer_file = 0
        self._tables: tuple[object, dict[str, Table]] = (None, {})
        self._remembered = Remembered()

    @classmethod
    def create(cls, path: Path, busy_seconds: float = BUSY_SECONDS) -> GeoPackage:
        """A new, empty store; there must be no file yet."""
        try:
            path.touch(exist_ok=False)
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
        with Said(path):
            connection = connect(path, "rw", busy_seconds)
            try:
                use_wal(connection)
                connection.execute("BEGIN IMMEDIATE")
                create_store(connection)
                connection.execute("COMMIT")
            finally:
                connection.close()
        return cls(path, "rw", True, busy_seconds)

    @classmethod
    def open(cls, path: Path, busy_seconds: float = BUSY_SECONDS) -> GeoPackage:
        """An existing file; StoreError says in one sentence why not. Nothing is written."""
        mode = checked_mode(path)
        with Said(path):
            connection = connect(path, "immutable" if mode == "immutable" else "ro", busy_seconds)
            try:
                ours = is_ours(connection, path)
            finally:
                connection.close()
            if ours and mode == "rw":
                connection = connect(path, "rw", busy_seconds)
                use_wal(connection)
                connection.close()
        return cls(path, mode if ours or mode == "immutable" else "ro", ours, busy_seconds)

    @property
    def read_only(self) -> bool:
        return self._mode != "rw"

    def reading(self) -> Entered:
        return self._readers.reading()

    def zone(self) -> Zone:
        with self.reading() as reading:
            document = self._zone_document(reading)
        name = self.path.stem
        try:
            if document is not None:
                return _zone_of(document, name)
        except (orjson.JSONDecodeError, BadDocument):
            pass  # another program wrote over it: the layers can still be served
        return Zone(id=name, title=Text(name, name))

    def layers(self) -> list[Layer]:
        with self.reading() as reading:
            return [table.layer for table in self._all(reading).values()]

    def layer(self, id: str) -> Layer:
        with self.reading() as reading:
            return self._table(reading, id).layer

    def features(self, layer: str, query: Query) -> Iterator[Feature]:
        return chain.from_iterable(map(Batch.features, self.batches(layer, query)))

    def batches(
        self, layer: str, query: Query, fields: Collection[str] | None = None
    ) -> Iterator[Batch]:
        _check(query)
        with self.reading() as reading:
            asked = ask(self._turnable(reading, layer), query)
            _check_mark(query, len(keys_of(asked.table, query)))
            if OfFeature.VALUE in query.after_values:
                query = geopackage_query.with_mark(reading, asked.table, query)
            hits = None if query.limit is None or asked.is_plain else self._hits(reading, asked)
            if fields is not None:
                names = frozenset(fields).union(one.field for one in query.sort)
                asked = replace(asked, table=with_only(asked.table, names))
            reading.join()
        return self._kept(reading, geopackage_query.select(reading, asked, query, hits))

    def feature(self, layer: str, id: str) -> Feature:
        with self.reading() as reading:
            found = geopackage_query.find(reading, self._turnable(reading, layer), id)
        if found is None:
            raise UnknownFeature(layer, id)
        return found

    def count(self, layer: str, query: Query) -> int:
        _check(query)
        with self.reading() as reading:
            return self._hits(reading, ask(self._turnable(reading, layer), query)).number

    def keys(self, layer: str, query: Query) -> Sequence[int]:
        with self.reading() as reading:
            return geopackage_groups.keys(
                reading, ask(self._turnable(reading, layer), query), query
            )

    def groups(
        self,
        layer: str,
        query: Query,
        by: Sequence[By],
        of: Sequence[str | None] = (),
        spread: bool = False,
    ) -> Iterator[Group]:
        with self.reading() as reading:
            asked = ask(self._turnable(reading, layer), query)

            def is_most() -> bool:
                hits = self._hits(reading, asked)
                return hits.number > hits.total / MOST

            found = geopackage_groups.groups(reading, asked, by, of, spread, is_most)
            reading.join()
        return self._kept(reading, found)

    def sample(self, layer: str, extent: Extent, most: int) -> tuple[Iterator[Feature], int]:
        with self.reading() as reading:
            table = self._turnable(reading, layer)
            found, number = geopackage_sample.sample(reading, table, extent, most)
            reading.join()
        return self._kept(reading, found), number

    def extent(self, layer: str, query: Query | None = None) -> Extent | None:
        with self.reading() as reading:
            table = self._turnable(reading, layer)
            asked = ask(table, query or Query())
            if not asked.is_plain:
                condition = geopackage_groups.matching(reading, asked)
                return geopackage_extent.bounds_where(reading, table, condition)
            return self._remembered.get(
                (layer, "extent"),
                self._version(reading, table),
                lambda: geopackage_extent.bounds(reading, table),
            )

    def version(self, layer: str) -> str:
        with self.reading() as reading:
            return self._version(reading, self._table(reading, layer))

    def numbers(self) -> dict[str, int]:
        with self.reading() as reading:
            tables = self._all(reading)
            if self._ours:
                return read_numbers(reading.connection, tables)
            sql = "SELECT table_name, rowid FROM gpkg_contents"
            rows: dict[str, int] = dict(reading.connection.execute(sql).fetchall())
            return {layer: rows[table.name] - 1 for layer, table in tables.items()}

    def load(self, layer: Layer, features: Iterable[NewFeature]) -> int:
        with self.transaction() as connection:
            return geopackage_load.load(connection, layer, features)

    def remove(self, layer: str) -> None:
        with self.transaction() as connection:
            geopackage_describe.drop(connection, layer)

    def save_zone(self, zone: Zone) -> None:
        document = orjson.dumps(zone_document(zone)).decode()
        with self.transaction() as connection:
            sql = "UPDATE gpkg_metadata SET metadata = ? WHERE md_standard_uri = ?"
            if not connection.execute(sql, (document, ZONE_STANDARD)).rowcount:
                geopackage_describe.save_metadata(
                    connection, document, "dataset", ZONE_STANDARD, None
                )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All writes inside become one, or none; one inside another is part of it."""
        if self.read_only:
            raise StoreReadOnly(f"{self.path} is served read only; nothing was written.")
        with self._writing, Said(self.path):
            file = file_state(self.path).inode
            if self._writer is not None and self._writer_file != file:
                self._writer.close()  # another program has put a new file in its place
                self._writer = None
            if self._writer is None:
                self._writer, self._writer_file = connect(self.path, "rw", self._busy), file
            if self._writer.in_transaction:
                yield self._writer
                return
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                self._writer.rollback()
                raise
            empty_log(self._writer, self._busy)

    def close(self) -> None:
        self._readers.close()
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _reader(self) -> sqlite3.Connection:
        # not opened read only: the last connection to close has to be able to clear the log away
        connection = connect(self.path, self._mode, self._busy)
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _kept(self, reading: SqliteReading, found: Iterator[T]) -> Iterator[T]:
        """The stream has joined `reading`; begun here, it leaves it also when nobody iterates."""
        stream = self._streamed(reading, found)
        next(stream)
        return stream

    def _streamed(self, reading: SqliteReading, found: Iterator[T]) -> Iterator[T]:
        try:
            yield cast("T", None)
            with Said(self.path):
                yield from found
        finally:
            self._readers.leave(reading)

    def _table(self, reading: SqliteReading, id: str) -> Table:
        reading.check()
        table = self._all(reading).get(id)
        if table is None:
            raise UnknownLayer(id)
        return table

    def _turnable(self, reading: SqliteReading, id: str) -> Table:
        """The layer if its geometries can be turned to CRS84; a listing need not ask that."""
        table = self._table(reading, id)
        if table.crs != CRS84:
            try:
                transform(np.empty((0, 2)), table.crs, CRS84)
            except CRSError as error:
                raise StoreError(f"{self.path}, layer {id}: {error}.") from error
        return table

    def _all(self, reading: SqliteReading) -> dict[str, Table]:
        """The layers of this state of the file, read again only when a definition has changed."""
        if reading.tables is None:
            state: object = reading.file
            if self._ours:
                state = reading.connection.execute(
                    "SELECT schema_version, (SELECT value FROM zoneatlas_store"
                    " WHERE key = 'definitions') FROM pragma_schema_version"
                ).fetchone()
            known, tables = self._tables
            if known != state:
                tables = read_tables(reading.connection, self._ours)
                self._tables = (state, tables)
            reading.tables = tables
        return reading.tables

    def _version(self, reading: SqliteReading, table: Table) -> str:
        if not table.watched:
            return f"{'-'.join(f'{part:x}' for part in reading.file)}-{table.shape}"
        sql = "SELECT version FROM zoneatlas_layers WHERE id = ?"
        [version] = reading.connection.execute(sql, (table.layer.id,)).fetchone()
        return f"{version}-{table.shape}"

    def _hits(self, reading: SqliteReading, asked: Asked) -> Hits:
        """Whoever goes from page to page asks for the same number again and again."""
        table, version = asked.table, self._version(reading, asked.table)
        total = self._remembered.get(
            (table.layer.id, "total"), version, lambda: geopackage_hits.count_all(reading, table)
        )
        if asked.is_plain:
            return Hits(total, total)
        return self._remembered.get(
            (table.layer.id, asked.key),
            version,
            lambda: geopackage_hits.count(reading, asked, total),
        )

    @staticmethod
    def _zone_document(reading: SqliteReading) -> str | None:
        if not exists(reading.connection, "gpkg_metadata"):
            return None
        sql = "SELECT metadata FROM gpkg_metadata WHERE md_standard_uri = ? ORDER BY id DESC"
        row = reading.connection.execute(sql, (ZONE_STANDARD,)).fetchone()
        return None if row is None else str(row[0])


@lru_cache(maxsize=4)  # asked for with each page and picture, and seldom another one
def _zone_of(document: str, name: str) -> Zone:
    return parse_zone(orjson.loads(document), name)


def _check(query: Query) -> None:
    if query.limit is not None and query.limit < 1:
        raise InvalidQuery("limit", query.limit, "a whole number from 1")
    if query.after is not None and not -(2**63) <= query.after < 2**63:
        raise InvalidQuery("after", query.after, "the key of a feature")
    if query.offset < 0 or query.offset >= 2**63:
        raise InvalidQuery("offset", query.offset, "a whole number from 0")
    box = query.extent
    if box is not None and not (all(map(math.isfinite, box)) and box.south <= box.north):
        raise InvalidQuery("bbox", ",".join(map(str, box)), "west,south,east,north in degrees")


def _check_mark(query: Query, keys: int) -> None:
    """A mark goes with the order it was made for."""
    if len(query.after_values) != (keys - 1 if query.after is not None else 0):
        raise InvalidQuery("after", query.after, "the mark of a page in the same order")

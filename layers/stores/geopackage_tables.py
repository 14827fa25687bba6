"""What layers a GeoPackage has: ours by their definition, others as their tables stand."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count
from typing import Any, NamedTuple

import orjson

from geo.crs import CRS84
from geo.extent import Extent
from layers.errors import BadDocument
from layers.filter.queryables import id_name
from layers.model import Layer, Schema, Text
from layers.names import layer_id
from layers.schema import parse_layer
from layers.stores.geopackage_columns import (
    GEOMETRIES,
    Column,
    are_utf8,
    columns_of,
    exists,
    fields_of,
    fits,
    geometry_of,
    holds_ids,
    is_view,
    makes_text,
    with_roles,
)
from layers.stores.geopackage_rtree import edges, is_whole
from layers.stores.geopackage_schema import rtree_name
from layers.style import default_style, told_apart

LAYER_STANDARD = "urn:zoneatlas:layer:1"
ZONE_STANDARD = "urn:zoneatlas:zone:1"
_KEY = "fid"


@dataclass(frozen=True, eq=False)  # one of each: what is derived from it is kept by identity
class Table:
    """A layer and where it lies: its columns stand in the order of the schema's fields."""

    layer: Layer
    name: str
    key: str
    geom: str
    id: str | None  # the column of public ids; without one the key is the id
    columns: tuple[str, ...]
    rtree: str | None
    within: Extent | None  # around its R-tree in a CRS that is not CRS84
    flat: bool  # no Z or M that would have to be dropped
    texts: frozenset[str]  # fields of another program whose columns have texts and bytes only
    utf8: bool  # its texts are
    ours: bool  # laid out by us: its values are of the form we keep
    watched: bool  # our triggers are there, and change its version
    shape: str  # a digest of all that defines the table

    @property
    def crs(self) -> str:
        return self.layer.store_crs

    def column(self, name: str) -> str | None:
        """Where a field lies, or the public id under its name among the queryables."""
        for field, column in zip(self.layer.schema.fields, self.columns, strict=True):
            if field.name == name:
                return column
        return (self.id or self.key) if name == id_name(self.layer) else None


class _Row(NamedTuple):
    table: str
    identifier: str | None
    description: str | None
    geom: str
    geometry: str
    srs_id: int
    flat: bool
    organization: str
    code: int
    definition: str


def read_tables(connection: sqlite3.Connection, ours: bool) -> dict[str, Table]:
    """All layers by id, in the order of the panel; `ours` says that the file is a store of ours."""
    found = _definitions(connection)
    own = _own_ids(connection) if ours else {}
    tables: dict[str, Table] = {}
    taken = set(own.values())
    for row in _feature_tables(connection):
        columns = columns_of(connection, row.table)
        if row.geom not in [column.name for column in columns]:
            continue  # registered, but the table is gone
        definition = found.get(row.table)
        public = own.get(row.table) or _free_id(definition.id if definition else row.table, taken)
        table = None
        if definition and (row.table in own or holds_ids(connection, row.table, definition.public)):
            table = _defined_table(connection, row, columns, public, definition)
        table = table or _other_table(connection, row, columns, public)
        if row.table not in own:
            table = replace(table, rtree=table.rtree if is_whole(connection, table) else None)
            if table.crs != CRS84:
                table = replace(table, within=edges(connection, table))
        elif table.ours:
            table = replace(table, watched=_is_watched(connection, row.table))
        tables[table.layer.id] = table
        taken.add(table.layer.id)
    ordered = sorted(tables.values(), key=_panel_order)
    return {table.layer.id: table for table in _told_apart(ordered)}


def _told_apart(tables: list[Table]) -> Iterator[Table]:
    """A layer whose look was chosen among the others changes when that choice does."""
    layers = told_apart([table.layer for table in tables])
    for table, layer in zip(tables, layers, strict=True):
        if table.layer.style.automatic:
            look = (layer.style.symbol, layer.style.colour, layer.style.dark)
            table = replace(table, layer=layer, shape=_digest(table.shape, *look))
        yield table


def _panel_order(table: Table) -> tuple[bool, int, str]:
    return (table.layer.order is None, table.layer.order or 0, table.layer.id)


def _feature_tables(connection: sqlite3.Connection) -> Iterator[_Row]:
    rows = connection.execute(
        "SELECT c.table_name, c.identifier, c.description, g.column_name, g.geometry_type_name,"
        " g.srs_id, g.z = 0 AND g.m = 0, upper(s.organization), s.organization_coordsys_id,"
        " s.definition FROM gpkg_contents c JOIN gpkg_geometry_columns g"
        " ON lower(g.table_name) = lower(c.table_name)"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        " WHERE c.data_type = 'features' ORDER BY c.table_name"
    )
    return (_Row(*row) for row in rows.fetchall())


def _free_id(table: str, taken: set[str]) -> str:
    public = layer_id(table)
    more = (f"{public[:56]}-{number}" for number in count(2))
    return next(one for one in chain([public], more) if one not in taken)


class _Definition(NamedTuple):
    """What our metadata says of a table (`geopackage_describe.save_definition`)."""

    id: str
    public: str  # the column of public ids
    layer: Any
    columns: Mapping[str, str]
    text: str


def _definitions(connection: sqlite3.Connection) -> dict[str, _Definition]:
    """By table; what another program has written over is left out."""
    if not all(exists(connection, one) for one in ("gpkg_metadata", "gpkg_metadata_reference")):
        return {}
    rows = connection.execute(
        "SELECT r.table_name, m.metadata FROM gpkg_metadata_reference r"
        " JOIN gpkg_metadata m ON m.id = r.md_file_id AND m.md_standard_uri = ?"
        " WHERE r.table_name NOTNULL",
        (LAYER_STANDARD,),
    )
    found = {}
    for table, text in rows.fetchall():
        try:
            document = orjson.loads(text)
            found[table] = _Definition(
                id=str(document.get("id", table)),
                public=str(document.get("id_column", "id")),
                layer=document["layer"],
                columns={str(key): str(value) for key, value in document["columns"].items()},
                text=text,
            )
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
            continue
    return found


def _own_ids(connection: sqlite3.Connection) -> dict[str, str]:
    """Table name to layer id."""
    return dict(connection.execute("SELECT table_name, id FROM zoneatlas_layers").fetchall())


def _defined_table(
    connection: sqlite3.Connection,
    row: _Row,
    columns: list[Column],
    id: str,
    definition: _Definition,
) -> Table | None:
    """The layer by our definition, with the columns another program has added, changed or dropped;
    None if the definition is none any more, and the table can only be served as it stands.
    """
    try:
        layer = parse_layer(definition.layer, id)
    except BadDocument:
        return None
    present = {column.name: column for column in columns}
    if not present.keys() >= {_KEY, definition.public} or not present[_KEY].is_key:
        return None
    known = {_KEY, row.geom, definition.public}
    pairs = []
    for field in layer.schema.fields:
        column = present.get(definition.columns.get(field.name, ""))
        if column is not None and column.name not in known and fits(column, field):
            pairs.append((field, column.name))
            known.add(column.name)
    added = [column for column in columns if column.name not in known]
    pairs += fields_of(connection, row.table, added)
    schema = Schema(layer.schema.geometry, tuple(field for field, _ in pairs))
    return Table(
        layer=replace(layer, schema=schema, store_crs=_crs(row)),
        name=row.table,
        key=_KEY,
        geom=row.geom,
        id=definition.public,
        columns=tuple(column for _, column in pairs),
        rtree=_rtree(connection, row),
        within=None,
        flat=row.flat,
        texts=frozenset(),
        utf8=True,
        ours=True,
        watched=False,
        shape=_digest(definition.text, repr(row), repr(columns)),
    )


def _other_table(
    connection: sqlite3.Connection, row: _Row, columns: list[Column], public: str
) -> Table:
    """A table of another program: id is the text of its key, fields are its columns."""
    key = next((column.name for column in columns if column.is_key), None)
    if key is None:  # a view: by the standard its first column is the key
        key = columns[0].name if is_view(connection, row.table) else "rowid"
    rest = [one for one in columns if one.name not in (key, row.geom)]
    pairs = list(fields_of(connection, row.table, rest))
    geometry = GEOMETRIES.get(row.geometry.upper(), "Geometry")
    drawn = geometry_of(connection, row.table, row.geom, geometry)
    fields = with_roles(connection, row.table, [field for field, _ in pairs], drawn)
    utf8 = are_utf8(connection, row.table, [one.name for one in fields if one.type == "text"])
    title = row.identifier or row.table
    return Table(
        layer=Layer(
            id=public,
            title=Text(title, title),
            schema=Schema(geometry, tuple(fields)),
            style=default_style(public, drawn),
            description=Text(row.description or "", row.description or ""),
            store_crs=_crs(row),
        ),
        name=row.table,
        key=key,
        geom=row.geom,
        id=None,
        columns=tuple(column for _, column in pairs),
        rtree=_rtree(connection, row),
        within=None,
        flat=row.flat,
        texts=frozenset(one.name for one in rest if utf8 and makes_text(one)),
        utf8=utf8,
        ours=False,
        watched=False,
        shape=_digest(repr(row), repr(columns)),
    )


def _crs(row: _Row) -> str:
    """The CRS by the names of `geo.crs`; both undefined ones are taken as WGS 84 degrees."""
    if row.srs_id in (0, -1) or (row.organization, row.code) == ("EPSG", 4326):
        return "CRS84"
    if row.organization == "EPSG":
        return f"EPSG:{row.code}"
    return row.definition or f"srs_id {row.srs_id}"


def _rtree(connection: sqlite3.Connection, row: _Row) -> str | None:
    name = rtree_name(row.table, row.geom)
    return name if exists(connection, name) else None


def _is_watched(connection: sqlite3.Connection, table: str) -> bool:
    """Whoever makes the table anew under its old name, as GDAL does on overwriting, drops them."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(?)"
    names = [name for (name,) in connection.execute(sql, (table,))]
    events = ("_inserted", "_updated", "_deleted")
    return all(
        any(name.startswith("zoneatlas_") and name.endswith(event) for name in names)
        for event in events
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


@lru_cache(maxsize=256)
def with_only(table: Table, names: frozenset[str]) -> Table:
    """The same with these fields and no others."""
    layer = table.layer
    pairs = zip(layer.schema.fields, table.columns, strict=True)
    kept = [(field, column) for field, column in pairs if field.name in names]
    schema = replace(layer.schema, fields=tuple(field for field, _ in kept))
    return replace(
        table, layer=replace(layer, schema=schema), columns=tuple(column for _, column in kept)
    )

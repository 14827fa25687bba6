"""What layers a GeoPackage has: ours by their definition, others as their tables stand."""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import NamedTuple

import orjson

from layers.errors import BadDocument
from layers.filter.queryables import id_name
from layers.model import Layer, Schema, Text
from layers.names import layer_id
from layers.schema import parse_layer
from layers.stores.geopackage_columns import (
    GEOMETRIES,
    Column,
    columns_of,
    exists,
    fields_of,
    geometry_of,
    is_view,
    with_roles,
)
from layers.stores.geopackage_schema import quoted
from layers.style import default_style, told_apart

LAYER_STANDARD = "urn:zoneatlas:layer:1"
ZONE_STANDARD = "urn:zoneatlas:zone:1"
OUR_COLUMNS = ("fid", "geom", "id")


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
    flat: bool  # no Z or M that would have to be dropped
    ours: bool
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
    """All layers by id, in the order of the panel."""
    own = _own_layers(connection) if ours else {}
    tables: dict[str, Table] = {}
    taken = {layer for layer, _ in own.values()}
    for row in _feature_tables(connection):
        columns = columns_of(connection, row.table)
        if row.geom not in [column.name for column in columns]:
            continue  # registered, but the table is gone
        public, document = own.get(row.table) or (_free_id(row.table, taken), None)
        table = _own_table(connection, row, columns, public, document) if document else None
        table = table or _other_table(connection, row, columns, public)
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


def _own_layers(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Table name to layer id and definition."""
    rows = connection.execute(
        "SELECT l.table_name, l.id, m.metadata FROM zoneatlas_layers l"
        " JOIN gpkg_metadata_reference r ON r.table_name = l.table_name"
        " JOIN gpkg_metadata m ON m.id = r.md_file_id AND m.md_standard_uri = ?",
        (LAYER_STANDARD,),
    )
    return {table: (layer, document) for table, layer, document in rows}


def _own_table(
    connection: sqlite3.Connection, row: _Row, columns: list[Column], id: str, text: str
) -> Table | None:
    """Our layer by its definition, with the columns another program has added or dropped."""
    try:
        document = orjson.loads(text)
        layer = parse_layer(document["layer"], id)
        column_of: dict[str, str] = document["columns"]
    except (orjson.JSONDecodeError, BadDocument, KeyError, TypeError):
        return None  # another program wrote over it: the table can still be served as it stands
    present = {column.name: column for column in columns}
    if not present.keys() >= set(OUR_COLUMNS):
        return None
    pairs = [
        (field, column_of[field.name])
        for field in layer.schema.fields
        if column_of.get(field.name) in present
    ]
    known = {*OUR_COLUMNS, *column_of.values()}
    added = [column for column in columns if column.name not in known]
    pairs += fields_of(connection, row.table, added)
    schema = Schema(layer.schema.geometry, tuple(field for field, _ in pairs))
    return Table(
        layer=replace(layer, schema=schema),
        name=row.table,
        key="fid",
        geom=row.geom,
        id="id",
        columns=tuple(column for _, column in pairs),
        rtree=_rtree(connection, row),
        flat=row.flat,
        ours=True,
        watched=_is_watched(connection, row.table),
        shape=_digest(text, repr(columns)),
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
        flat=row.flat,
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
    name = f"rtree_{row.table}_{row.geom}"
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


def select_list(table: Table) -> str:
    """Key, public id, geometry, then the fields."""
    key = quoted(table.key)
    public = quoted(table.id) if table.id else key
    return ", ".join([key, public, quoted(table.geom), *map(quoted, table.columns)])

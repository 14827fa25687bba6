"""The tables and triggers of our GeoPackage: those of the standard (1.3) and our own few.

Our own tables are registered as an extension that only writers need to know, so that nobody warns
of them. They are not in gpkg_contents: GDAL's own check refuses what is neither features, tiles nor
attributes. It is the extension gdal_aspatial that keeps GDAL and QGIS from listing them as layers.
"""

import sqlite3
from collections.abc import Iterator

# 1.3, not 1.4: GDAL before 3.7, which many QGIS still run on, warns of a newer one.
APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10300
FORMAT = 1  # of our own tables; a larger one was written by a newer ZoneAtlas

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

_STANDARD = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""

# What another program may have made already.
_DESCRIBING = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE IF NOT EXISTS gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""

_OURS = """
CREATE TABLE zoneatlas_store (key TEXT NOT NULL PRIMARY KEY, value TEXT);
CREATE TABLE zoneatlas_layers (
  id TEXT NOT NULL PRIMARY KEY, table_name TEXT NOT NULL UNIQUE, version TEXT NOT NULL);
CREATE TABLE zoneatlas_files (
  file TEXT NOT NULL PRIMARY KEY, layer TEXT NOT NULL, size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, loaded TEXT NOT NULL);
CREATE TRIGGER zoneatlas_renamed AFTER UPDATE OF table_name ON gpkg_contents
BEGIN
  UPDATE zoneatlas_layers SET table_name = NEW.table_name WHERE table_name = OLD.table_name;
END;
"""

# Whatever a definition is read from; a change there makes every reader look again.
_DEFINING = (
    ("gpkg_contents", ("INSERT", "DELETE", "UPDATE OF table_name, data_type, srs_id")),
    ("gpkg_geometry_columns", ("INSERT", "DELETE", "UPDATE")),
    ("gpkg_metadata", ("INSERT", "DELETE", "UPDATE")),
    ("gpkg_metadata_reference", ("INSERT", "DELETE", "UPDATE")),
    ("gpkg_data_columns", ("INSERT", "DELETE", "UPDATE")),
)

_EXTENSIONS = (
    ("gpkg_data_columns", "gpkg_schema", "extension_schema", "read-write"),
    ("gpkg_data_column_constraints", "gpkg_schema", "extension_schema", "read-write"),
    ("gpkg_metadata", "gpkg_metadata", "extension_metadata", "read-write"),
    ("gpkg_metadata_reference", "gpkg_metadata", "extension_metadata", "read-write"),
)
_SPEC = "http://www.geopackage.org/spec130/#"
_OUR_TABLES = ("zoneatlas_store", "zoneatlas_layers", "zoneatlas_files")


def quoted(name: str) -> str:
    """A name for SQL; also one with a quotation mark in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text for the body of a trigger, where nothing can be bound."""
    return "'" + text.replace("'", "''") + "'"


def create_store(connection: sqlite3.Connection) -> None:
    """All tables of an empty GeoPackage, inside the transaction that is open."""
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={USER_VERSION}")
    for statement in _statements(_STANDARD):
        connection.execute(statement)
    create_describing(connection)
    for statement in _statements(_OURS):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian"),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic"),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, "longitude, latitude in degrees"),
        ],
    )
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)",
        [
            (table, "zoneatlas_store", "ZoneAtlas, docs/design.md", "write-only")
            for table in _OUR_TABLES
        ]
        + [(None, "gdal_aspatial", "http://gdal.org/geopackage_aspatial.html", "read-write")],
    )
    connection.executemany(
        "INSERT INTO zoneatlas_store VALUES (?, ?)", [("format", str(FORMAT)), ("definitions", "")]
    )
    for table, events in _DEFINING:
        for event in events:
            connection.execute(
                f"CREATE TRIGGER zoneatlas_{table}_{event.split()[0].lower()} AFTER {event}"
                f" ON {table} BEGIN UPDATE zoneatlas_store SET value = lower(hex(randomblob(8)))"
                " WHERE key = 'definitions'; END"
            )


def create_describing(connection: sqlite3.Connection) -> None:
    """The tables for labels, codes and definitions, inside the transaction that is open."""
    for statement in _statements(_DESCRIBING):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)",
        [(table, name, _SPEC + anchor, scope) for table, name, anchor, scope in _EXTENSIONS],
    )


def _statements(script: str) -> Iterator[str]:
    """Split a script; `executescript` would commit the transaction first."""
    text = ""
    for line in script.splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            yield text
            text = ""


def rtree_name(table: str, geom: str = "geom") -> str:
    return f"rtree_{table}_{geom}"


def rtree_triggers(table: str, key: str = "fid", geom: str = "geom") -> list[str]:
    """The triggers of annex F.3; 1.4 put 5, 6 and 7 for 1 and 3, to the same effect."""
    t, i, c, r = quoted(table), quoted(key), quoted(geom), quoted(rtree_name(table, geom))
    has_new = f"(NEW.{c} NOTNULL AND NOT ST_IsEmpty(NEW.{c}))"
    no_new = f"(NEW.{c} ISNULL OR ST_IsEmpty(NEW.{c}))"
    same, other = f"OLD.{i} = NEW.{i}", f"OLD.{i} != NEW.{i}"
    box = f"ST_MinX(NEW.{c}), ST_MaxX(NEW.{c}), ST_MinY(NEW.{c}), ST_MaxY(NEW.{c})"
    put = f"INSERT OR REPLACE INTO {r} VALUES (NEW.{i}, {box});"
    drop = f"DELETE FROM {r} WHERE id = OLD.{i};"
    drop_both = f"DELETE FROM {r} WHERE id IN (OLD.{i}, NEW.{i});"
    parts = [
        ("insert", "INSERT", has_new, put),
        ("update1", f"UPDATE OF {c}", f"{same} AND {has_new}", put),
        ("update2", f"UPDATE OF {c}", f"{same} AND {no_new}", drop),
        ("update3", "UPDATE", f"{other} AND {has_new}", f"{drop} {put}"),
        ("update4", "UPDATE", f"{other} AND {no_new}", drop_both),
        ("delete", "DELETE", f"OLD.{c} NOTNULL", drop),
    ]
    name = rtree_name(table, geom)
    return [
        f"CREATE TRIGGER {quoted(f'{name}_{suffix}')} AFTER {event} ON {t} WHEN {when}"
        f" BEGIN {body} END"
        for suffix, event, when, body in parts
    ]


def own_triggers(table: str, layer_id: str) -> list[str]:
    """Version, last change, extent and id, kept right whichever program writes.

    Those for the version are plain SQL: a program without the ST functions must not be stopped by
    them. The extent only ever grows here; a load writes it anew.
    """
    t, own_id = quoted(table), literal(layer_id)
    # by the layer's id: the table may be renamed, and SQLite does not rename inside literals
    this = f"(SELECT table_name FROM zoneatlas_layers WHERE id = {own_id})"
    touched = (
        f"UPDATE zoneatlas_layers SET version = lower(hex(randomblob(8))) WHERE id = {own_id};"
        " UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')"
        f" WHERE table_name = {this};"
    )
    new_id = "'f' || NEW.fid || '-' || lower(hex(randomblob(3)))"
    named = f"UPDATE {t} SET id = {new_id} WHERE fid = NEW.fid;"
    unnamed = "coalesce(NEW.id, '') = ''"
    has_new = "NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)"
    wider = (
        "UPDATE gpkg_contents SET min_x = min(ifnull(min_x, ST_MinX(NEW.geom)), ST_MinX(NEW.geom)),"
        " min_y = min(ifnull(min_y, ST_MinY(NEW.geom)), ST_MinY(NEW.geom)),"
        " max_x = max(ifnull(max_x, ST_MaxX(NEW.geom)), ST_MaxX(NEW.geom)),"
        " max_y = max(ifnull(max_y, ST_MaxY(NEW.geom)), ST_MaxY(NEW.geom))"
        f" WHERE table_name = {this};"
    )
    parts = [
        ("inserted", "INSERT", "", touched),
        ("updated", "UPDATE", "", touched),
        ("deleted", "DELETE", "", touched),
        ("named", "INSERT", f"WHEN {unnamed}", named),
        ("renamed", "UPDATE OF id", f"WHEN {unnamed}", named),
        ("placed", "INSERT", f"WHEN {has_new}", wider),
        ("moved", "UPDATE OF geom", f"WHEN {has_new}", wider),
    ]
    return [
        f"CREATE TRIGGER {quoted(f'zoneatlas_{table}_{suffix}')} AFTER {event} ON {t} {when}"
        f" BEGIN {body} END"
        for suffix, event, when, body in parts
    ]

"""The table of a GeoPackage in which QGIS and GDAL look for the styles of the others."""

import sqlite3
from typing import NamedTuple

NAME = "layer_styles"
_TABLE = f"""
CREATE TABLE {NAME} (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
_LONGEST_NAME = 30


class Stored(NamedTuple):
    """The style that a table is drawn with unless somebody chooses another."""

    table: str
    column: str  # of its geometry
    title: str
    description: str
    qml: str


def create_styles(connection: sqlite3.Connection) -> None:
    """Registered, as both programs do it: GDAL would not find it otherwise."""
    connection.execute(_TABLE)
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
        " VALUES (?, 'attributes', ?, 0)",
        (NAME, NAME),
    )


def save_style(connection: sqlite3.Connection, style: Stored) -> None:
    table, column, title, description, qml = style
    connection.execute(
        f"INSERT INTO {NAME} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
        " styleName, styleQML, useAsDefault, description, owner)"
        " VALUES ('', '', ?, ?, ?, ?, 1, ?, '')",
        (table, column, title[:_LONGEST_NAME], qml, description),
    )

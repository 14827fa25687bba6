"""What stands about a layer beside its rows: written for GIS programs and us, and taken away."""

import sqlite3
from collections.abc import Sequence

import numpy as np
import orjson

from layers.model import Lang, Layer
from layers.schema import layer_document
from layers.stores.geopackage_blob import SRS_ID, Floats
from layers.stores.geopackage_numbers import give_numbers
from layers.stores.geopackage_schema import quoted, rtree_name
from layers.stores.geopackage_tables import LAYER_STANDARD


def describe(
    connection: sqlite3.Connection, table: str, layer: Layer, columns: Sequence[str], box: Floats
) -> None:
    """Everything GIS programs and we read about a layer beside its rows."""
    give_numbers(connection, layer.id)
    bounds = box.tolist() if np.isfinite(box).all() else [None] * 4
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
        " min_x, min_y, max_x, max_y, srs_id) VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)",
        (table, _identifier(connection, table, layer), layer.description.of("zh"), *bounds, SRS_ID),
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (table, layer.schema.geometry.upper(), SRS_ID),
    )
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index',"
        " 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
        (table,),
    )
    connection.execute(
        "INSERT INTO zoneatlas_layers VALUES (?, ?, lower(hex(randomblob(8))))", (layer.id, table)
    )
    save_definition(connection, table, layer, columns, "id")
    describe_columns(connection, table, layer, columns, "zh")


def save_definition(
    connection: sqlite3.Connection, table: str, layer: Layer, columns: Sequence[str], public: str
) -> None:
    """The definition that `geopackage_tables` reads; `public` is the column of the public ids."""
    mapping = {
        field.name: column for field, column in zip(layer.schema.fields, columns, strict=True)
    }
    document = {
        "layer": layer_document(layer),
        "columns": mapping,
        "id": layer.id,
        "id_column": public,
    }
    text = orjson.dumps(document).decode()
    save_metadata(connection, text, "featureType", LAYER_STANDARD, table)


def save_metadata(
    connection: sqlite3.Connection,
    document: str,
    scope: str,
    standard: str,
    table: str | None,
    media_type: str = "application/json",
) -> None:
    cursor = connection.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
        " VALUES (?, ?, ?, ?)",
        (scope, standard, media_type, document),
    )
    connection.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, md_file_id)"
        " VALUES (?, ?, ?)",
        ("geopackage" if table is None else "table", table, cursor.lastrowid),
    )


def _identifier(connection: sqlite3.Connection, table: str, layer: Layer) -> str:
    """The title that other programs show; the standard wants it unique in the file."""
    title = layer.title.of("zh")
    sql = "SELECT 1 FROM gpkg_contents WHERE identifier = ?"
    taken = connection.execute(sql, (title,)).fetchone()
    return f"{title} ({table})" if taken else title


def describe_columns(
    connection: sqlite3.Connection, table: str, layer: Layer, columns: Sequence[str], lang: Lang
) -> None:
    """Labels, and codes as enumerations: QGIS then offers them in its forms."""
    for number, (field, column) in enumerate(zip(layer.schema.fields, columns, strict=True)):
        constraint = None
        if field.codes and field.type == "text":
            constraint = f"zoneatlas_{table.lower()}_{number}"
            connection.executemany(
                "INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type,"
                " value, description) VALUES (?, 'enum', ?, ?)",
                [(constraint, code, text.of(lang)) for code, text in field.codes.items()],
            )
        connection.execute(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                table,
                column,
                field.name,
                field.label.of(lang),
                field.unit,
                "application/json" if field.type == "list" else None,
                constraint,
            ),
        )


def drop(connection: sqlite3.Connection, layer_id: str) -> None:
    """Take the layer out; its highest key is remembered, so that none is ever used twice."""
    found = connection.execute("SELECT table_name FROM zoneatlas_layers WHERE id = ?", (layer_id,))
    row = found.fetchone()
    if row is None:
        return
    table = row[0]
    give_numbers(connection, layer_id)
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO zoneatlas_store VALUES (?, ?)",
        (f"last_fid:{layer_id}", str(last[0] if last else 0)),
    )
    connection.execute(f"DROP TABLE IF EXISTS {quoted(rtree_name(table))}")
    connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
    files = (
        "(SELECT md_file_id FROM gpkg_metadata_reference WHERE table_name = ?"
        " AND md_file_id NOT IN (SELECT md_file_id FROM gpkg_metadata_reference"
        " WHERE table_name IS NOT ?))"
    )
    constraints = "(SELECT constraint_name FROM gpkg_data_columns WHERE table_name = ?)"
    ours = "AND constraint_name LIKE 'zoneatlas\\_%' ESCAPE '\\'"
    connection.execute(
        f"DELETE FROM gpkg_data_column_constraints WHERE constraint_name IN {constraints} {ours}",
        (table,),
    )
    gone = connection.execute(f"SELECT id FROM gpkg_metadata WHERE id IN {files}", (table, table))
    ids = gone.fetchall()
    for name in (
        "gpkg_metadata_reference", "gpkg_data_columns", "gpkg_extensions",
        "gpkg_geometry_columns", "gpkg_contents", "zoneatlas_layers",
    ):  # fmt: skip
        connection.execute(f"DELETE FROM {name} WHERE table_name = ?", (table,))
    connection.executemany("DELETE FROM gpkg_metadata WHERE id = ?", ids)

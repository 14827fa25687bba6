"""GeoPackage: a table for each layer, opened styled by QGIS, served again by us as it was."""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from layers.export import readme
from layers.export.content import Content, Part
from layers.export.fields import free_name, with_fields
from layers.filter.queryables import id_name
from layers.filter.stored import KINDS
from layers.format import Format
from layers.formats import _ogr
from layers.formats._arrow import Table, table_of
from layers.formats._files import folder, pieces
from layers.model import NO_TEXT, Batch, Feature, Field, Layer, Text
from layers.qgis.fan import MOST_FEATURES, fan
from layers.qgis.look import Look
from layers.qgis.style import style_of
from layers.qgis.table import NAME as STYLES
from layers.qgis.table import Stored, create_styles, save_style
from layers.stores.geopackage_blob import wkb_of
from layers.stores.geopackage_describe import describe_columns, save_definition, save_metadata
from layers.stores.geopackage_load import column_names
from layers.stores.geopackage_schema import create_describing, quoted
from layers.stores.geopackage_tables import ZONE_STANDARD
from layers.style import usual_kind
from layers.zone import zone_document

if TYPE_CHECKING:
    import pyarrow as pa

KEY, GEOMETRY = "fid", "geom"
README = "urn:zoneatlas:readme:1"
_KEY = Field(KEY, "integer", NO_TEXT)


@dataclass(frozen=True)
class Written:
    """A layer in the file: its definition, its table, the columns of its fields, what is in it."""

    layer: Layer
    table: str
    public: str
    columns: Sequence[str]
    kinds: Sequence[str]

    @property
    def names(self) -> dict[str | None, str]:
        fields = [field.name for field in self.layer.schema.fields]
        return {None: self.public, **dict(zip(fields, self.columns, strict=True))}


def write(content: Content) -> Iterator[bytes]:
    """Data by GDAL; what the standard and QGIS have for describing them, into the same file."""
    with folder() as path:
        file = path / "content.gpkg"
        found: list[Written] = []
        for part in content.parts:
            name = table_name(part.layer.id, [STYLES, *(one.table for one in found)])
            titles = [STYLES, *(one.layer.title.of(content.lang) for one in found)]
            found.append(_write_layer(content, part, path, file, name, titles))
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=OFF")  # the file is ours alone until it is whole
            connection.execute("BEGIN")
            _describe(connection, content, found)
            _style(connection, content, found)
            time = content.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            connection.execute("UPDATE gpkg_contents SET last_change = ?", (time,))
            connection.execute("COMMIT")
        yield from pieces(file)


def table_name(layer_id: str, taken: Sequence[str]) -> str:
    reserved = layer_id.lower().startswith(("gpkg_", "rtree_", "sqlite_", "idx_"))
    return free_name(f"layer_{layer_id}" if reserved else layer_id, taken)


def _write_layer(
    content: Content, part: Part, path: Path, file: Path, name: str, titles: Sequence[str]
) -> Written:
    layer, lang = part.layer, content.lang
    laid_out, keys = _laid_out(part)
    table = table_of(laid_out, path / "features", lang)
    public, key, *columns, _ = table.schema.names
    kept = [one for one in table.schema.names if one != key or _all_differ(keys)]
    title = layer.title.of(lang)
    _ogr.write(
        file,
        "GPKG",
        table.schema if len(kept) == len(table.schema) else _without(table, key),
        (batch.select(kept) for batch in table.batches()),
        layer=name,
        crs=content.crs,
        geometry=table.geometry,
        kind=table.kind,
        # 1.3: GDAL before 3.7, which many QGIS still run on, warns of a newer one.
        dataset_options={} if file.exists() else {"VERSION": "1.3"},
        layer_options={
            "FID": KEY,
            "GEOMETRY_NAME": GEOMETRY,
            "IDENTIFIER": f"{title} ({name})" if title in titles else title,
            "DESCRIPTION": layer.description.of(lang),
        },
    )
    return Written(_defined(layer, table), name, public, columns, _kinds(layer, table))


def _laid_out(part: Part) -> tuple[Part, "array[int]"]:
    """The part as its table has it, lists as JSON; and, once it was read, the keys it has."""
    layer = part.layer
    public = id_name(with_fields(layer, [_KEY, *layer.schema.fields]))
    names = [field.name for field in layer.schema.fields]
    columns = [KEY, *column_names(names, public)]
    fields = [
        Field(column, "text" if field.type == "list" else field.type, NO_TEXT)
        for column, field in zip(columns[1:], layer.schema.fields, strict=True)
    ]
    keys = array("q")

    def batches() -> Iterator[Batch]:
        del keys[:]
        for batch in part.batches():
            keys.extend(batch.fids)
            values = [
                [*map(_as_json, batch.columns[field.name])]
                if field.type == "list"
                else batch.columns[field.name]
                for field in layer.schema.fields
            ]
            written = dict(zip(columns, [batch.fids, *values], strict=True))
            yield batch._replace(columns=written)

    return replace(part, layer=with_fields(layer, [_KEY, *fields]), batches=batches), keys


def _as_json(members: object) -> str | None:
    return None if members is None else orjson.dumps(members).decode()


def _all_differ(keys: "array[int]") -> bool:
    """A view of another program may say the same key twice; then the table counts for itself."""
    return len(np.unique(np.frombuffer(keys, np.int64))) == len(keys)


def _without(table: Table, column: str) -> "pa.Schema":
    return table.schema.remove(table.schema.get_field_index(column))


def _defined(layer: Layer, table: Table) -> Layer:
    """The layer as it is served again: a column with values of several types has become text."""
    _, *written = table.layer.schema.fields
    fields = [
        field if field.type in (one.type, "list") else replace(field, type="text", role=None)
        for field, one in zip(layer.schema.fields, written, strict=True)
    ]
    return with_fields(layer, fields)


def _kinds(layer: Layer, table: Table) -> Sequence[str]:
    """Areas, lines, points, as far as there are such; what it is for where there are none."""
    found = {KINDS[kind] for kind in table.kinds if kind in KINDS}
    if {"point", "multipoint"} <= found:
        found.remove("point")
    return sorted(found) or [KINDS.get(layer.schema.geometry) or usual_kind(layer)]


def _describe(connection: sqlite3.Connection, content: Content, found: Iterable[Written]) -> None:
    create_describing(connection)
    for one in found:
        save_definition(connection, one.table, one.layer, one.columns, one.public)
        describe_columns(connection, one.table, one.layer, one.columns, content.lang)
        _index_ids(connection, one)
    zone = orjson.dumps(zone_document(content.zone)).decode()
    save_metadata(connection, zone, "dataset", ZONE_STANDARD, None)
    words = readme.plain(readme.lines(content))
    save_metadata(connection, words, "dataset", README, None, "text/plain")
    connection.execute(
        "UPDATE gpkg_spatial_ref_sys SET srs_name = ? WHERE upper(organization) = 'NONE'"
        " AND srs_id IN (SELECT srs_id FROM gpkg_geometry_columns)",
        (content.crs.label,),
    )


def _index_ids(connection: sqlite3.Connection, one: Written) -> None:
    index, table = quoted(f"idx_{one.table}_{one.public}"), quoted(one.table)
    # Such a view again: what is not unique will be no id when the file is served.
    with suppress(sqlite3.IntegrityError):
        connection.execute(f"CREATE UNIQUE INDEX {index} ON {table} ({quoted(one.public)})")


def _style(connection: sqlite3.Connection, content: Content, found: Sequence[Written]) -> None:
    create_styles(connection)
    lang, degrees = content.lang, content.crs.is_degrees
    offsets = fan(
        (one.table, one.layer, _features(connection, one))
        for one in found
        if one.kinds == ["point"] and one.layer.role == "sites"
    )
    for one in found:
        aside = offsets.get(one.table, {})
        looks = [Look(one.layer, kind, one.names, lang, aside, degrees) for kind in one.kinds]
        title, description = one.layer.title.of(lang), one.layer.description.of(lang)
        qml = style_of(looks)
        save_style(connection, Stored(one.table, GEOMETRY, title, description, qml))


def _features(connection: sqlite3.Connection, one: Written) -> Iterator[Feature]:
    """As many as a fan may have, and one more; of their fields only how well they are placed."""
    field = one.layer.schema.with_role("placement")
    column = quoted(one.names[field.name]) if field else "NULL"
    rows = connection.execute(
        f"SELECT {KEY}, {quoted(one.public)}, {GEOMETRY}, {column} FROM {quoted(one.table)}"
        f" LIMIT {MOST_FEATURES + 1}"
    )
    for key, public, blob, placement in rows.fetchall():
        properties = {field.name: placement} if field else {}
        yield Feature(key, public, wkb_of(blob), properties)


FORMAT = Format(
    name="GeoPackage",
    purpose=Text("QGIS 打开即有样式、标注、字段名", "For QGIS: with styles, labels, field names"),
    media_type="application/geopackage+sqlite3",
    extensions=("gpkg",),
    write=write,
    streams=False,
    many_layers=True,
)

"""A small made-up layer with the traits of the OGC's test data, and every way to ask it at once."""

import sqlite3
from pathlib import Path
from typing import Any

import shapely

from geo.extent import Extent
from layers.filter import check, parse_json, parse_text
from layers.filter.evaluate import evaluate, matching
from layers.filter.functions import register
from layers.filter.sql import Columns, CompiledFilter, compile_filter
from layers.filter.tree import Node
from layers.model import Field, Layer, NewFeature, Schema, Style, Text
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_tables import Table, read_tables
from tests.layers.filter.write_json import to_json
from tests.layers.filter.write_text import to_text

NAMES = (
    "name", "plain", "pop", "area", "open", "date", "start", "end", "tags", "Geom", "q\"'`]",
)  # fmt: skip
_TYPES = (
    "text", "text", "integer", "number", "boolean", "date", "datetime", "datetime", "list",
    "text", "text",
)  # fmt: skip
# id, name, plain, pop, area, open, date, start, end, tags, geometry
ROWS: tuple[tuple[Any, ...], ...] = (
    ("koben", "København", "Kobenhavn", 1038288, 86.4, True, "2022-04-16",
     "2022-04-16T10:13:19Z", "2023-06-01T00:00:00Z", ["port", "capital"], "POINT (12.57 55.68)"),
    ("kiev", "Kiev", "Kiev", 2709000, 839.0, True, "2021-04-16",
     "2021-04-16T10:15:59Z", "2022-04-16T10:16:06Z", ["capital"], "POINT (30.51 50.43)"),
    ("suva", "Suva", "Suva", 88271, 2048.5, False, "2022-04-18",
     "2022-04-16T10:15:10Z", "2022-04-16T10:16:06Z", [], "POINT (178.44 -18.13)"),
    ("apia", "Āpia", "Apia", 61916, 123.81, None, None, None, None, ["port"],
     "POINT (-171.74 -13.84)"),
    ("berlin", "Berlin", "Berlin", 3406000, 891.0, None, None, None, None, None,
     "POINT (13.4 52.52)"),
    ("bern", "Bern", "Bern", 275329, -1.5, None, None, None, None, None, "POINT (7.47 46.92)"),
    ("street", "Straße 5%", "Strasse 5%", 5, 0.0, None, None, None, None, None,
     "POINT (7.02 49.92)"),
    ("shanghai", "上海", "Shanghai", 14987000, 6340.5, None, None, None, None, None,
     "POINT (121.43 31.22)"),
    ("yoshi", "𠮷野", "Yoshino", 0, None, None, None, None, None, None, "POINT (135.86 34.38)"),
    ("aquila", "L'Aquila_\\", "Aquila", -7, 473.91, None, None, None, None, None,
     "POINT (13.4 42.35)"),
    ("izmir", "İzmir", "Izmir", 9007199254740993, 1e16, None, None, None, None, None,
     "POINT (27.15 38.44)"),
    ("field", "field", "field", None, None, None, None, None, None, None,
     "POLYGON ((0 40, 10 40, 10 50, 0 50, 0 40))"),
    ("river", "river", "river", None, None, None, None, None, None, None,
     "LINESTRING (-5 45, 5 45)"),
    ("strait", "strait", "strait", None, None, None, None, None, None, None,
     "LINESTRING (179 0, 180 0)"),
    ("lost", None, None, None, None, None, None, None, None, None, None),
)  # fmt: skip
IDS = tuple(row[0] for row in ROWS)


def text(value: str) -> Text:
    return Text(value, value)


LAYER = Layer(
    id="places",
    title=text("places"),
    schema=Schema(
        "Geometry",
        tuple(Field(name, kind, text(name)) for name, kind in zip(NAMES, _TYPES, strict=True)),
    ),
    style=Style("dot", "#162759", "#8FA8E8"),
)


def features() -> list[NewFeature]:
    found = []
    for name, *values, wkt in ROWS:
        geometry = None if wkt is None else shapely.from_wkt(wkt)
        properties = dict(zip(NAMES, [*values, None, None], strict=True))
        found.append(NewFeature(name, geometry, properties))
    return found


class Places:
    """The layer in columns, and in a GeoPackage as the store writes it."""

    def __init__(self, folder: Path, new: list[NewFeature], layer: Layer = LAYER) -> None:
        self.layer = layer
        self.ids = [one.id for one in new]
        self.geometries = [one.geometry for one in new]
        self.columns: dict[str, list[Any]] = {
            field.name: [one.properties[field.name] for one in new] for field in layer.schema.fields
        }
        self.columns["id"] = list(self.ids)
        path = folder / "places.gpkg"
        store = GeoPackage.create(path)
        store.load(layer, new)
        store.close()
        self.connection = sqlite3.connect(path)
        register(self.connection)
        self.table: Table = read_tables(self.connection, ours=True)[layer.id]
        self.where_columns = Columns(
            dict(zip(self.columns, self.table.columns, strict=False)), "id", self.table.geom
        )

    def close(self) -> None:
        self.connection.close()

    def ask(self, filter: str, crs: str = "CRS84") -> list[str | None]:
        """The ids that match, the same by columns and by SQL, from text and from JSON."""
        parsed = parse_text(filter)
        assert parse_text(to_text(parsed)) == parsed
        assert parse_json(to_json(parsed)) == parsed
        return self.answer(check(parsed, self.layer, crs))

    def answer(self, checked: Node) -> list[str | None]:
        matches = matching(evaluate(checked, self.columns, self.geometries)).tolist()
        by_columns = [one for one, match in zip(self.ids, matches, strict=True) if match]
        compiled = compile_filter(checked, self.layer, self.where_columns)
        assert self.select(compiled) == by_columns, compiled
        if compiled.extents is not None:
            self._inside(compiled, matches)
        return by_columns

    def select(self, compiled: CompiledFilter) -> list[str | None]:
        sql = f"SELECT id FROM places WHERE {compiled.where} ORDER BY fid"
        return [found for (found,) in self.connection.execute(sql, compiled.parameters)]

    def _inside(self, compiled: CompiledFilter, matches: list[bool]) -> None:
        for geometry, match in zip(self.geometries, matches, strict=True):
            if match:
                around = Extent.of([geometry])
                assert around is not None
                assert any(around.intersects(extent) for extent in compiled.extents or [])

    def plan(self, compiled: CompiledFilter) -> str:
        sql = f"EXPLAIN QUERY PLAN SELECT id FROM places WHERE {compiled.where}"
        return " ".join(row[3] for row in self.connection.execute(sql, compiled.parameters))

"""What a query asks of a table: conditions for SQL, and boxes that are checked exactly beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import shapely

from geo.boxes import covered, covering
from geo.crs import CRS84
from geo.extent import Extent
from layers.filter import tree
from layers.filter.queryables import id_name
from layers.filter.sql import Columns, compile_filter
from layers.model import Query
from layers.stores.geopackage_order import ANY, Condition, united
from layers.stores.geopackage_schema import quoted
from layers.stores.geopackage_tables import Table
from layers.stores.geopackage_values import published


@dataclass(frozen=True)
class Asked:
    """A query on a table, whatever its order and its page.

    `area` is checked exactly outside of SQL. `boxes` are where the R-tree can look for all hits
    that have a geometry; without them it is of no help.
    """

    table: Table
    matching: Condition
    area: Extent | None
    unplaced: bool  # features without a geometry touch `area` (OGC API Features, 7.15.3)
    boxes: tuple[Extent, ...] | None

    @property
    def is_plain(self) -> bool:
        return self.matching == ANY and self.area is None

    @property
    def key(self) -> bytes:
        """What tells it from other queries on the same table: short, however long its values."""
        return sha256(repr((self.matching, self.area, self.unplaced)).encode()).digest()

    def in_boxes(self) -> Condition:
        """Rows that the R-tree finds; rows without a geometry where they can match."""
        keys = self.keys_in_boxes()
        return Condition(f"{quoted(self.table.key)} IN ({keys.sql})", keys.values)

    def keys_in_boxes(self) -> Condition:
        """A SELECT of their keys, named k; the same one may come twice."""
        key, name = quoted(self.table.key), quoted(self.table.name)
        found = [self.near(near(box)) for box in self.native()]
        if self.unplaced:
            nowhere = f"{quoted(self.table.geom)} IS NULL"
            found.append(Condition(f"SELECT {key} AS k FROM {name} WHERE {nowhere}"))
        return united(found)

    def near(self, box: Condition) -> Condition:
        rtree = quoted(self.table.rtree or "")
        return Condition(f"SELECT id AS k FROM {rtree} WHERE {box.sql}", box.values)

    def native(self) -> list[Extent]:
        """The boxes in the table's own CRS, or what surely covers them there."""
        if self.table.crs == CRS84:
            return self._parts()
        return [covering(part, self.table.crs) for part in self._parts()]

    def all_hits(self) -> list[Extent | None]:
        """For each of `native`, a box in which every geometry is a hit, if one is known."""
        if self.table.crs == CRS84:
            return [*self._parts()]
        known = self.table.within
        return [known and covered(part, self.table.crs, known) for part in self._parts()]

    def _parts(self) -> list[Extent]:
        return [part for box in self.boxes or () for part in box.parts]


def ask(table: Table, query: Query) -> Asked:
    wanted, area, unplaced = query.filter, query.extent, query.extent is not None
    if area is None and wanted is not None:
        wanted, area = _without_rectangle(wanted)
    if wanted is None:
        return Asked(table, ANY, area, unplaced, None if area is None else (area,))
    compiled = compile_filter(wanted, table.layer, _columns(table))
    matching = Condition(compiled.where, tuple(compiled.parameters))
    boxes = None if compiled.extents is None else tuple(compiled.extents)
    if area is not None and (boxes is None or _size((area,)) <= _size(boxes)):
        boxes = (area,)
    elif boxes is not None:
        unplaced = False  # the filter itself has no place for them
    return Asked(table, matching, area, unplaced, boxes)


def _without_rectangle(wanted: tree.Node) -> tuple[tree.Node | None, Extent | None]:
    """The rest of a filter, and a rectangle that must be touched: the R-tree alone counts those."""
    terms = list(wanted.terms) if isinstance(wanted, tree.And) else [wanted]
    for number, term in enumerate(terms):
        rectangle = _rectangle(term)
        if rectangle is not None:
            del terms[number]
            rest = tree.joined(tree.And, terms, wanted.at) if terms else None
            return rest, rectangle
    return wanted, None


def _rectangle(term: tree.Node) -> Extent | None:
    if not isinstance(term, tree.SpatialPredicate) or term.op != "S_INTERSECTS":
        return None
    sides = (term.left, term.right)
    shapes = [side.geometry for side in sides if isinstance(side, tree.Shape)]
    if len(shapes) != 1 or shapes[0].geom_type != "Polygon":
        return None
    bounds = shapes[0].bounds
    return Extent(*bounds) if shapely.equals(shapes[0], shapely.box(*bounds)) else None


@lru_cache(maxsize=256)
def _columns(table: Table) -> Columns:
    names = (field.name for field in table.layer.schema.fields)
    fields = dict(zip(names, table.columns, strict=True))
    as_published = dict(published(table))
    if table.id is None:  # the id is the text of a number
        as_published[id_name(table.layer)] = f"CAST({quoted(table.key)} AS TEXT)"
    return Columns(
        fields,
        table.id or table.key,
        table.geom,
        table.crs,
        table.key,
        as_published,
        table.texts,
    )


def _size(boxes: tuple[Extent, ...]) -> float:
    return sum(box.width * (box.north - box.south) for box in boxes)


def near(box: Extent) -> Condition:
    return Condition(
        "maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?",
        (box.west, box.east, box.south, box.north),
    )


def inside(box: Extent) -> Condition:
    return Condition(
        "minx >= ? AND maxx <= ? AND miny >= ? AND maxy <= ?",
        (box.west, box.east, box.south, box.north),
    )


def across(some: Condition, box: Extent | None) -> list[Condition]:
    """Of some boxes those that do not lie inside of one, edge by edge."""
    if box is None:
        return [some]
    sides = zip(("minx <", "miny <", "maxx >", "maxy >"), box, strict=True)
    return [some.and_(Condition(f"{side} ?", (edge,))) for side, edge in sides]


def elsewhere(boxes: Sequence[Extent | None]) -> Condition:
    """What lies inside of none of them."""
    found = ANY
    for box in boxes:
        if box is not None:
            found = found.and_(Condition(f"NOT ({inside(box).sql})", inside(box).values))
    return found

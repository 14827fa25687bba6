"""A checked filter compiled to SQL for a GeoPackage: a WHERE fragment, its parameters, its box.

Values are always bound; names come from the schema. Unknown is NULL, and SQLite's three-valued
logic is that of CQL2. Where a comparison cannot use an index as it stands (LIKE, times that may be
spelled in several ways), a range that can is put before it; only where unknown and false select the
same, that is, not below a NOT.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import shapely

from geo.extent import Extent
from layers.filter import tree
from layers.filter.boxes import boxes
from layers.filter.instants import AFTER_ALL, BEFORE_ALL, DAY, days_around
from layers.filter.patterns import after_prefix, glob, prefix
from layers.filter.queryables import geometry_name, id_name
from layers.filter.sql_text import SqlText
from layers.filter.tree import Literal, Node, Property
from layers.model import Layer

_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
# What our GeoPackage writes; anything else is turned to it row by row.
_CANONICAL = "'????-??-??T??:??:??.???Z'"
# The flag "empty geometry" of a GeoPackage's header: bit 4 of byte 3.
EMPTY = "substr(hex(substr({geom}, 4, 1)), 1, 1) IN ('1', '3')"
_NATIVE = ("+", "-", "*")
# A longer list is one value: else each length is a statement of its own to SQLite.
_MOST_BOUND = 16


@dataclass(frozen=True)
class Columns:
    """Where a table keeps what a filter asks for."""

    fields: Mapping[str, str]  # field of the schema -> column
    id: str
    geometry: str
    crs: str = "CRS84"  # of the geometries as they are stored
    key: str = "fid"  # the number that features have inside
    # In a file of another program: SQL of what is published, where a column may hold other things;
    # and of the texts among them those whose columns hold bytes besides, but no numbers.
    published: Mapping[str, str] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CompiledFilter:
    """`where` selects what matches; a NULL geometry never does where `extents` are given.

    What matches touches one of `extents` (CRS84): a hint for the R-tree, rechecked by `where`.
    None: anywhere, or nowhere at all; an empty list: nothing can match.
    """

    where: str
    parameters: list[object]
    extents: list[Extent] | None


def compile_filter(filter: Node, layer: Layer, columns: Columns) -> CompiledFilter:
    """SQL of a checked filter; its connection needs `functions.register`."""
    terms = filter.terms if isinstance(filter, tree.And) else (filter,)
    compilers = [_Compiler(layer, columns) for _ in terms]
    where = [one.whole(term) for one, term in zip(compilers, terms, strict=True)]
    parameters = [value for one in compilers for value in one.text.parameters]
    return CompiledFilter(" AND ".join(where), parameters, boxes(filter))


@dataclass
class _Compiler:
    layer: Layer
    columns: Columns
    text: SqlText = field(default_factory=SqlText)

    def whole(self, term: Node) -> str:
        """A condition that may stand between ANDs."""
        return self.text.whole(self.predicate(term, positive=True))

    def predicate(self, node: Node, positive: bool) -> str:
        """In parentheses, or as strong as if it were; parameters follow the order of the text."""
        return self.text.nested(lambda: self.truth(node, positive))

    def truth(self, node: Node, positive: bool) -> str:
        match node:
            case tree.And():
                terms = " AND ".join(self.predicate(term, positive) for term in node.terms)
                return f"({terms})"
            case tree.Or():
                terms = " OR ".join(self.predicate(term, positive) for term in node.terms)
                return f"({terms})"
            case tree.Not():
                return f"(NOT {self.predicate(node.term, positive=False)})"
            case tree.Comparison():
                return self.comparison(node, positive)
            case tree.Like():
                return self.like(node, positive)
            case tree.In():
                return self.within_list(node, positive)
            case tree.IsNull():
                return self.null(node.value)
            case tree.SpatialPredicate():
                return self.spatial(node)
            case tree.Among():
                keys = self.text.bound(node.keys)
                return f"({_quoted(self.columns.key)} IN (SELECT value FROM json_each({keys})))"
            case tree.OfKind():
                kind = f"zoneatlas_kind({_quoted(self.columns.geometry)})"
                same = f"{kind} IS {self.text.bound(node.kind)}"
                return f"({same} OR {kind} IS NULL)" if node.or_nothing else f"({same})"
            case tree.ArrayPredicate():
                left, right = self.blob(node.left), self.blob(node.right)
                return f"zoneatlas_lists('{node.op}', {left}, {right})"
            case Property():
                return self.property(node)
            case Literal():
                return "1" if node.value else "0"
        raise TypeError(node)

    def within_list(self, node: tree.In, positive: bool) -> str:
        hint = ""
        if positive and all(isinstance(member, Literal) for member in node.members):
            hint = self.stored(node.value, lambda one: f"{one} IN ({self.members(node.members)})")
        return f"({hint}{self.value(node.value)} IN ({self.members(node.members)}))"

    def members(self, members: Sequence[Node]) -> str:
        # Not of floating point: JSON's way back to the same number is SQLite's to choose.
        values = [
            one.value
            for one in members
            if isinstance(one, Literal) and not isinstance(one.value, float)
        ]
        if len(members) > _MOST_BOUND and len(values) == len(members):
            return f"SELECT value FROM json_each({self.text.json(values)})"
        return ", ".join(self.value(member) for member in members)

    def comparison(self, node: tree.Comparison, positive: bool) -> str:
        hint = self.days(node) + self.same(node) if positive else ""
        return f"({hint}{self.value(node.left)} {node.op} {self.value(node.right)})"

    def same(self, node: tree.Comparison) -> str:
        """The same comparison with the column as it is stored."""
        op, left, right = node.op, node.left, node.right
        if isinstance(left, Literal):
            op, left, right = _MIRRORED.get(op, op), right, left
        if op == "<>" or not isinstance(right, Literal):
            return ""
        return self.stored(left, lambda one: f"{one} {op} {self.value(right)}")

    def stored(self, node: Node, condition: Callable[[str], str]) -> str:
        """A condition that an index of the column can answer, before that on what is published.

        Whatever is published and fulfils it is stored so too: mostly it is the stored value, or
        null. Bytes, which are published as text, come after all texts. Numbers that are published
        as text compare otherwise as they are stored: there is no such condition.
        """
        if not isinstance(node, Property) or node.name not in self.columns.published:
            return ""
        if node.type in ("integer", "number", "date"):
            return f"{condition(self.column(node))} AND "
        if node.type == "text" and node.name in self.columns.texts:
            column = self.column(node)
            return f"(({condition(f'{column} COLLATE BINARY')}) OR {column} >= x'') AND "
        return ""

    def days(self, node: tree.Comparison) -> str:
        """The days that a stored time may begin with if it is to compare so."""
        op, left, right = node.op, node.left, node.right
        if isinstance(left, Literal):
            op, left, right = _MIRRORED.get(op, op), right, left
        left = left.value if isinstance(left, tree.Day) else left
        if not (isinstance(left, Property) and left.type == "timestamp"):
            return ""
        if not isinstance(right, Literal) or right.value in (BEFORE_ALL, AFTER_ALL) or op == "<>":
            return ""
        around = days_around(str(right.value))
        if around is None:
            return ""
        hint = ""
        for bound, ops in ((">= ", ("=", ">", ">=")), ("< ", ("=", "<", "<="))):
            if op in ops:
                day = self.text.bound(around[0] if bound == ">= " else around[1])
                hint += f"{self.column(left)} {bound}{day} AND "
        return hint

    def like(self, node: tree.Like, positive: bool) -> str:
        assert isinstance(node.pattern, Literal)
        pattern = str(node.pattern.value)
        hint = ""
        if positive and isinstance(node.value, Property) and (begin := prefix(pattern)):
            end = after_prefix(begin)

            def between(text: str) -> str:
                least = f"{text} >= {self.text.bound(begin)}"
                return least if end is None else f"{least} AND {text} < {self.text.bound(end)}"

            is_plain = node.value.name not in self.columns.published
            column = self.property(node.value)
            hint = f"{between(column)} AND " if is_plain else self.stored(node.value, between)
        return f"({hint}{self.value(node.value)} GLOB {self.text.bound(glob(pattern))})"

    def null(self, node: Node) -> str:
        if isinstance(node, tree.Shape):
            return "0"
        if not isinstance(node, Property):
            return f"({self.value(node)} IS NULL)"
        column = self.column(node)
        if node.type == "geometry":
            return f"({column} IS NULL OR {EMPTY.format(geom=column)})"
        # every value can be published as text
        return f"({column if node.type == 'text' else self.source(node)} IS NULL)"

    def spatial(self, node: tree.SpatialPredicate) -> str:
        left, right = self.place(node.left), self.place(node.right)
        crs = self.text.bound(self.columns.crs)
        return f"zoneatlas_spatial('{node.op}', {left}, {right}, {crs})"

    def place(self, node: Node) -> str:
        if isinstance(node, tree.Shape):
            return self.text.bound(shapely.to_wkb(node.geometry, output_dimension=2, byte_order=1))
        assert isinstance(node, Property)
        return self.column(node)

    def value(self, node: Node) -> str:
        match node:
            case Literal():
                return self.text.bound(int(node.value) if node.type == "boolean" else node.value)
            case Property():
                return self.property(node)
            case tree.Key():
                return _quoted(self.columns.key)
        return self.text.nested(lambda: self.composed(node))

    def composed(self, node: Node) -> str:
        match node:
            case tree.Arithmetic():
                return self.arithmetic(node)
            case tree.Folded():
                flags = f"{int(node.case)}, {int(node.accents)}"
                return f"zoneatlas_fold({self.blob(node.value)}, {flags})"
            case tree.Day():
                return f"substr({self.value(node.value)}, 1, {DAY})"
            case tree.Array():
                return self.array(node.members)
        return self.truth(node, positive=False)

    def blob(self, node: Node) -> str:
        """A text or a list for a function, which takes those of a file by their bytes."""
        value = self.value(node)
        return f"CAST({value} AS BLOB)" if isinstance(node, Property) else value

    def array(self, members: Sequence[Node]) -> str:
        """A list as the store keeps it; NULL if one of its members is."""
        values = [one.value for one in members if isinstance(one, Literal)]
        if len(values) == len(members):
            return self.text.json(values)
        # no function takes as many arguments as a list may have members
        rows = ", ".join(f"(zoneatlas_fold({self.blob(member)}, 0, 0))" for member in members)
        return (
            f"(WITH list(m) AS (VALUES {rows})"
            " SELECT CASE count(m) WHEN count(*) THEN json_group_array(m) END FROM list)"
        )

    def property(self, node: Property) -> str:
        source = self.source(node)
        if node.type == "boolean":
            return f"({source} <> 0)"
        if node.type == "text" and node.name not in self.columns.published:
            # by code points, whatever order another program declared for its column
            return f"{source} COLLATE BINARY"
        if node.type == "timestamp":
            return (
                f"CASE WHEN {source} GLOB {_CANONICAL} THEN {source}"
                f" ELSE zoneatlas_instant(CAST({source} AS BLOB)) END"
            )
        return source

    def source(self, node: Property) -> str:
        return self.columns.published.get(node.name) or self.column(node)

    def arithmetic(self, node: tree.Arithmetic) -> str:
        left, right = self.value(node.left), self.value(node.right)
        if node.op in _NATIVE:
            return f"({left} {node.op} {right})"
        if node.op == "/":
            return f"(CAST({left} AS REAL) / {right})"
        return f"zoneatlas_calculate('{node.op}', {left}, {right})"

    def column(self, node: Property) -> str:
        name = self.columns.fields.get(node.name)
        if name is None and node.name == geometry_name(self.layer):
            name = self.columns.geometry
        elif name is None and node.name == id_name(self.layer):
            name = self.columns.id
        if name is None:
            raise KeyError(node.name)
        return _quoted(name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""A parsed tree checked against a layer: names, types and places fit, or FilterError says why.

The checked tree means the same in fewer words: see `tree`. It is what `evaluate` and
`compile_filter` take.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from layers.filter import tree
from layers.filter.errors import FilterError, short
from layers.filter.folding import fold
from layers.filter.instants import canonical
from layers.filter.numbers import calculate
from layers.filter.places import shape
from layers.filter.queryables import queryables
from layers.filter.times import check_interval, compared, temporal
from layers.filter.tree import Literal, Node, Property
from layers.model import Layer

NUMBERS = ("integer", "number")
ORDERED = ("text", "number", "boolean", "date", "timestamp")


class Typed(NamedTuple):
    """A checked expression and its type: text, number, boolean, date, timestamp, interval, ..."""

    node: Node
    type: str


def check(filter: Node, layer: Layer, crs: str = "CRS84") -> Node:
    """The checked tree of a filter on `layer`, whose geometries are written in `crs`.

    `crs` is a name of `geo.crs`; positions have the order of its authority.
    """
    return _Checker(queryables(layer), crs).predicate(filter)


class _Checker:
    def __init__(self, known: dict[str, str], crs: str) -> None:
        self.known, self.crs = known, crs

    def predicate(self, node: Node) -> Node:
        """What is true, false or unknown."""
        found = self.typed(node)
        if found.type != "boolean":
            raise FilterError(
                f"a predicate is needed here, {described(node, found.type)} is not one", node.at
            )
        return found.node

    def typed(self, node: Node) -> Typed:
        read = _CHECKS.get(type(node))
        if read is None:
            raise FilterError("a list has no place here", node.at)
        return read(self, node)

    def junction(self, node: tree.And | tree.Or) -> Typed:
        terms = [self.predicate(term) for term in node.terms]
        return Typed(tree.joined(type(node), terms, node.at), "boolean")

    def negation(self, node: tree.Not) -> Typed:
        return Typed(tree.Not(self.predicate(node.term), at=node.at), "boolean")

    def comparison(self, node: tree.Comparison) -> Typed:
        return Typed(self.compare(node.op, node.left, node.right, node), "boolean")

    def compare(self, op: str, left: Node, right: Node, at: Node) -> tree.Comparison:
        return self.pair(op, self.scalar(left), left, self.scalar(right), right, at)

    def pair(
        self, op: str, left: Typed, wrote: Node, right: Typed, wrote_too: Node, at: Node
    ) -> tree.Comparison:
        found = compared(left.node, left.type, right.node, right.type)
        if found is None:
            raise FilterError(
                f"{described(wrote, left.type)} cannot be compared with"
                f" {described(wrote_too, right.type)}",
                at.at,
            )
        return tree.Comparison(op, *found, at=at.at)

    def scalar(self, node: Node) -> Typed:
        found = self.typed(node)
        if found.type == "boolean" and not isinstance(found.node, Literal | Property):
            raise FilterError("a predicate cannot be compared: use AND, OR and NOT", node.at)
        if found.type in ORDERED:
            return found
        hint = _HINTS.get(found.type, "")
        raise FilterError(
            f"{described(node, found.type)} cannot be compared with =, <, >{hint}", node.at
        )

    def between(self, node: tree.Between) -> Typed:
        low = self.compare(">=", node.value, node.low, node)
        high = self.compare("<=", node.value, node.high, node)
        return Typed(tree.And((low, high), at=node.at), "boolean")

    def within_list(self, node: tree.In) -> Typed:
        value = self.scalar(node.value)
        pairs = [
            self.pair("=", value, node.value, self.scalar(member), member, member)
            for member in node.members
        ]
        if all(pair.left is value.node for pair in pairs):
            members = tuple(pair.right for pair in pairs)
            return Typed(tree.In(value.node, members, at=node.at), "boolean")
        # a date among timestamps: each member is compared in its own way
        return Typed(tree.Or(tuple(pairs), at=node.at), "boolean")

    def like(self, node: tree.Like) -> Typed:
        value, pattern = self.text(node.value, "LIKE"), self.text(node.pattern, "LIKE")
        if not isinstance(pattern, Literal):
            raise FilterError("the pattern of LIKE must be a text", node.pattern.at)
        return Typed(tree.Like(value, pattern, at=node.at), "boolean")

    def is_null(self, node: tree.IsNull) -> Typed:
        found = self.typed(node.value).node
        if isinstance(found, tree.Interval):
            ends = (tree.IsNull(found.start, at=node.at), tree.IsNull(found.end, at=node.at))
            return Typed(tree.Or(ends, at=node.at), "boolean")
        return Typed(tree.IsNull(found, at=node.at), "boolean")

    def folded(self, node: tree.Function) -> Typed:
        names, inner = set(), node.argument
        names.add(node.name)
        while isinstance(inner, tree.Function):
            names.add(inner.name)
            inner = inner.argument
        value = self.text(inner, node.name)
        case, accents = "CASEI" in names, "ACCENTI" in names
        if isinstance(value, Literal):
            return Typed(Literal(fold(str(value.value), case, accents), "text", at=node.at), "text")
        return Typed(tree.Folded(value, case, accents, at=node.at), "text")

    def text(self, node: Node, user: str) -> Node:
        found = self.typed(node)
        if found.type != "text":
            hint = _HINTS["list"] if found.type == "list" else ""
            raise FilterError(
                f"{user} needs a text, not {described(node, found.type)}{hint}", node.at
            )
        return found.node

    def arithmetic(self, node: tree.Arithmetic) -> Typed:
        left, right = self.number(node.left, node.op), self.number(node.right, node.op)
        if isinstance(left, Literal) and isinstance(right, Literal):
            assert isinstance(left.value, int | float)
            assert isinstance(right.value, int | float)
            value = calculate(node.op, left.value, right.value)
            if value is not None and abs(value) != float("inf"):
                return Typed(Literal(value, "number", at=node.at), "number")
        return Typed(tree.Arithmetic(node.op, left, right, at=node.at), "number")

    def number(self, node: Node, op: str) -> Node:
        found = self.typed(node)
        if found.type != "number":
            raise FilterError(f"{op} needs numbers, not {described(node, found.type)}", node.at)
        return found.node

    def property(self, node: Property) -> Typed:
        kind = self.known.get(node.name)
        if kind is None:
            allowed = ", ".join(self.known)
            raise FilterError(
                f"there is no property {short(node.name)} (a text stands in single quotes);"
                f" there are {_cut(allowed)}",
                node.at,
            )
        checked = Property(node.name, kind, at=node.at)
        return Typed(checked, "number" if kind in NUMBERS else kind)

    def literal(self, node: Literal) -> Typed:
        if node.type == "timestamp":
            return Typed(Literal(canonical(str(node.value)), "timestamp", at=node.at), "timestamp")
        return Typed(node, node.type)

    def key(self, node: tree.Key) -> Typed:
        return Typed(node, "number")

    def interval(self, node: tree.Interval) -> Typed:
        start, end = self.typed(node.start), self.typed(node.end)
        for wrote, found in ((node.start, start), (node.end, end)):
            if found.type not in ("date", "timestamp", "unbounded"):
                raise FilterError(
                    "an interval is between dates, timestamps or '..',"
                    f" {described(wrote, found.type)} is none",
                    wrote.at,
                )
        interval = tree.Interval(start.node, end.node, at=node.at)
        check_interval(interval)
        return Typed(interval, "interval")

    def spatial(self, node: tree.SpatialPredicate) -> Typed:
        sides = [self.geometry(side, node.op) for side in (node.left, node.right)]
        return Typed(tree.SpatialPredicate(node.op, *sides, at=node.at), "boolean")

    def geometry(self, node: Node, op: str) -> Node:
        found = self.typed(node)
        if found.type != "geometry":
            raise FilterError(f"{op} needs geometries, not {described(node, found.type)}", node.at)
        return found.node

    def place(self, node: tree.GeometryLiteral | tree.BBox) -> Typed:
        return Typed(shape(node, self.crs), "geometry")

    def temporal(self, node: tree.TemporalPredicate) -> Typed:
        sides = []
        for side in (node.left, node.right):
            found = self.typed(side)
            if found.type not in ("date", "timestamp", "interval", "text"):
                raise FilterError(
                    f"{node.op} needs dates, timestamps or intervals,"
                    f" not {described(side, found.type)}",
                    side.at,
                )
            sides.append(found)
        return Typed(temporal(node, *sides), "boolean")

    def array(self, node: tree.ArrayPredicate) -> Typed:
        sides = [self.list(side, node.op) for side in (node.left, node.right)]
        return Typed(tree.ArrayPredicate(node.op, *sides, at=node.at), "boolean")

    def list(self, node: Node, op: str) -> Node:
        if isinstance(node, tree.Array):
            members = tuple(self.text(member, "a list") for member in node.members)
            return tree.Array(members, at=node.at)
        found = self.typed(node)
        if found.type != "list":
            raise FilterError(f"{op} needs lists, not {described(node, found.type)}", node.at)
        return found.node


def described(node: Node, type: str) -> str:
    """An expression as it may stand in a sentence."""
    if isinstance(node, Property):
        return f"{short(node.name)} ({_ARTICLES.get(type, 'a')} {type})"
    if isinstance(node, Literal) and node.type == "text":
        return f"the text {short(node.value)}"
    if isinstance(node, Literal) and node.type == "number":
        return f"the number {node.value}"
    return f"{_ARTICLES.get(type, 'a')} {'true or false' if type == 'boolean' else type}"


def _cut(text: str) -> str:
    return text if len(text) <= 400 else text[:397] + "..."


_ARTICLES = {"interval": "an"}
_HINTS = {
    "list": "; use A_CONTAINS(list, ('one')) or A_OVERLAPS(list, ('one', 'other'))",
    "geometry": "; use S_INTERSECTS and the like",
    "interval": "; use T_INTERSECTS and the like",
}
# Each gets the class of node it stands beside.
_CHECKS: dict[type[Node], Callable[[_Checker, Any], Typed]] = {
    tree.And: _Checker.junction,
    tree.Or: _Checker.junction,
    tree.Not: _Checker.negation,
    tree.Comparison: _Checker.comparison,
    tree.Between: _Checker.between,
    tree.In: _Checker.within_list,
    tree.Like: _Checker.like,
    tree.IsNull: _Checker.is_null,
    tree.Function: _Checker.folded,
    tree.Arithmetic: _Checker.arithmetic,
    tree.Property: _Checker.property,
    tree.Literal: _Checker.literal,
    tree.Key: _Checker.key,
    tree.Interval: _Checker.interval,
    tree.SpatialPredicate: _Checker.spatial,
    tree.GeometryLiteral: _Checker.place,
    tree.BBox: _Checker.place,
    tree.TemporalPredicate: _Checker.temporal,
    tree.ArrayPredicate: _Checker.array,
}

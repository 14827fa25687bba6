"""A `where` fitted to a layer: published names to fields, values to what fields really hold.

Esri's clients know no true and false (they compare with 1 and 0), no lists (their columns are
texts) and write dates as texts with a space; the tree says what is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from layers.filter import tree
from layers.filter.errors import FilterError, short
from layers.filter.patterns import parts
from layers.filter.tree import Literal, Node, Property
from layers.model import Layer

_INSTANTS = ("date", "datetime")
_NOT_FOUND = "there is no field {name}; there are {allowed}"


def fitted(node: Node, layer: Layer, names: Mapping[str, str], key: str) -> Node:
    """See `read_where.parse_where`; names are found whatever their case where that is clear."""
    types = {field.name: field.type for field in layer.schema.fields}
    return _Fitting(names, types, key).fit(node)


@dataclass(frozen=True)
class _Fitting:
    names: Mapping[str, str]
    types: Mapping[str, str]
    key: str

    def fit(self, node: Node) -> Node:
        """The trees that come here are of checked depth: recursion is safe."""
        match node:
            case Property():
                return self.property(node)
            case tree.And():
                return _all_of([self.fit(term) for term in node.terms], node)
            case tree.Or():
                return tree.Or(tuple(self.fit(term) for term in node.terms), at=node.at)
            case tree.Not():
                return tree.Not(self.fit(node.term), at=node.at)
            case tree.IsNull():
                return tree.IsNull(self.fit(node.value), at=node.at)
            case tree.Function():
                return replace(node, argument=self.fit(node.argument))
            case tree.Arithmetic():
                return replace(node, left=self.fit(node.left), right=self.fit(node.right))
            case tree.Comparison():
                left, right = self.sides(node.left, node.right)
                return self.comparison(node.op, left, right, node)
            case tree.Between():
                value, low, high = self.sides(node.value, node.low, node.high)
                return tree.Between(value, low, high, at=node.at)
            case tree.In():
                value, *members = self.sides(node.value, *node.members)
                return self.within(value, tuple(members), node)
            case tree.Like():
                value, pattern = self.sides(node.value, node.pattern)
                return self.like(value, pattern, node)
        return node

    def property(self, node: Property) -> Node:
        said = node.name.casefold()
        alike = [name for name in (self.key, *self.names) if name.casefold() == said]
        exact = [name for name in alike if name == node.name] or alike
        if len(exact) != 1:
            allowed = ", ".join((self.key, *self.names))[:400]
            raise FilterError(_NOT_FOUND.format(name=short(node.name), allowed=allowed), node.at)
        if exact[0] == self.key:
            return tree.Key(at=node.at)
        return Property(self.names[exact[0]], at=node.at)

    def type(self, node: Node) -> str | None:
        return self.types.get(node.name) if isinstance(node, Property) else None

    def sides(self, *nodes: Node) -> list[Node]:
        """What is compared with each other, made alike."""
        found = [self.fit(node) for node in nodes]
        kinds = {self.type(node) for node in found}
        if any(isinstance(node, tree.Function) for node in found):
            return [_folded(node) for node in found]
        if "boolean" in kinds:
            return [_truth(node) for node in found]
        if kinds & {*_INSTANTS}:
            return [_instant(node) for node in found]
        return found

    def comparison(self, op: str, left: Node, right: Node, at: Node) -> Node:
        for field, value in ((left, right), (right, left)):
            if self.type(field) == "list" and op in ("=", "<>"):
                member = tree.ArrayPredicate("A_CONTAINS", field, tree.Array((value,)), at=at.at)
                return member if op == "=" else tree.Not(member, at=at.at)
        if op == "=" and isinstance(left, Literal) and isinstance(right, Literal):
            # the 1=1 that clients put before everything
            return Literal(left.value == right.value, "boolean", at=at.at)
        return tree.Comparison(op, left, right, at=at.at)

    def within(self, value: Node, members: tuple[Node, ...], at: Node) -> Node:
        if self.type(value) == "list":
            return tree.ArrayPredicate("A_OVERLAPS", value, tree.Array(members), at=at.at)
        return tree.In(value, members, at=at.at)

    def like(self, value: Node, pattern: Node, at: Node) -> Node:
        if self.type(value) != "list" or not isinstance(pattern, Literal):
            return tree.Like(value, pattern, at=at.at)
        found = parts(str(pattern.value))
        text = "".join(part.text for part in found if not part.wildcard)
        if any(part.wildcard and part.text != "%" for part in found):
            raise FilterError("a list can be asked for a whole member, as '%member%'", pattern.at)
        member = Literal(text, "text", at=pattern.at)
        return tree.ArrayPredicate("A_CONTAINS", value, tree.Array((member,)), at=at.at)


def _all_of(terms: list[Node], node: Node) -> Node:
    """Without the terms that are always true."""
    kept = [term for term in terms if not (isinstance(term, Literal) and term.value is True)]
    if not kept:
        return Literal(True, "boolean", at=node.at)
    return kept[0] if len(kept) == 1 else tree.And(tuple(kept), at=node.at)


def _folded(node: Node) -> Node:
    """UPPER(x) = 'ABC' compares without case, so the other side has none either."""
    is_text = isinstance(node, Property) or (isinstance(node, Literal) and node.type == "text")
    return tree.Function("CASEI", node, at=node.at) if is_text else node


def _truth(node: Node) -> Node:
    if not isinstance(node, Literal) or node.type == "boolean":
        return node
    known: dict[Any, bool] = {1: True, 0: False, "1": True, "0": False}
    value = node.value.lower() if isinstance(node.value, str) else node.value
    truth = known.get(value, {"true": True, "false": False}.get(str(value)))
    if truth is None:
        raise FilterError("true and false are 1 and 0 here", node.at)
    return Literal(truth, "boolean", at=node.at)


def _instant(node: Node) -> Node:
    """'2024-08-23 10:00:00' as CQL2 writes it."""
    if not isinstance(node, Literal) or node.type != "text":
        return node
    day, space, time = str(node.value).partition(" ")
    return replace(node, value=f"{day}T{time}Z") if space and len(time) >= 8 else node

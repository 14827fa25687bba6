"""CQL2 JSON (OGC 21-065r2, annex C) to the same tree; what the schema does not name is refused."""

import json
from collections.abc import Callable
from typing import Any

from layers.filter import tree
from layers.filter.errors import FilterError, short
from layers.filter.instants import checked_date, checked_timestamp, instant_type
from layers.filter.limits import (
    LIMITS,
    Budget,
    Limits,
    check_json_depth,
    check_size,
    too_deep,
)
from layers.filter.literals import checked, number
from layers.filter.tree import Literal, Node, Property
from layers.filter.wkt import KINDS, MAX_DEPTH, bbox

_KINDS = frozenset(KINDS.values())
_POSITION_LEVEL = {
    "Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2,
    "MultiPolygon": 3,
}  # fmt: skip


def json_name(name: str) -> str:
    """T_FINISHEDBY is t_finishedBy in JSON, S_WITHIN s_within."""
    plain = name.lower()
    return plain[:-2] + "By" if plain.endswith("by") else plain


_SPATIAL = {json_name(name): name for name in tree.SPATIAL}
_TEMPORAL = {json_name(name): name for name in tree.TEMPORAL}
_ARRAY = {json_name(name): name for name in tree.ARRAY}
_FOLDS = {json_name(name): name for name in tree.FOLDS}


def parse_json(text: str, limits: Limits = LIMITS) -> Node:
    """The tree of a filter in CQL2 JSON; FilterError in all that is not one."""
    check_size(text, limits)
    check_json_depth(text, limits)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=lambda digits: number(digits, None),
            parse_float=lambda digits: checked(float(digits), digits, None),
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        raise FilterError(f"is not JSON: {error.msg}", error.pos) from None
    return tree.check_depth(_Reader(limits).node(document), limits)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FilterError(f"has the member {short(twice)} twice in one object")
    return members


def _no_number(name: str) -> object:
    raise FilterError(f"{name} is not a number of JSON")


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.budget = Budget(limits)
        self.path: list[str | int] = []

    @property
    def at(self) -> str:
        return "".join(f"/{step}" for step in self.path)

    def below(self, step: str | int, read: Callable[[Any], Any], value: object) -> Any:
        self.path.append(step)
        found = read(value)
        self.path.pop()
        return found

    def each(self, read: Callable[[Any], Any], values: list[Any]) -> list[Any]:
        return [self.below(index, read, value) for index, value in enumerate(values)]

    def node(self, value: object) -> Node:
        if isinstance(value, bool):
            return Literal(value, "boolean", at=self.at)
        if isinstance(value, int | float):
            return Literal(value, "number", at=self.at)
        if isinstance(value, str):
            return Literal(self.text(value), "text", at=self.at)
        if isinstance(value, dict):
            return self.members_of(value)
        raise self.expected("an object with op and args, a text, a number, true or false", value)

    def text(self, value: str) -> str:
        if "\0" in value:
            raise FilterError("has a NUL character", self.at)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise FilterError("has half a character (a lone surrogate)", self.at) from None
        return value

    def members_of(self, value: dict[str, Any]) -> Node:
        if "op" in value:
            return self.operation(value)
        for name, read in _INSTANCES.items():
            if name in value:
                if name != "type":
                    self.only(value, name)
                return read(self, value)
        known = ", ".join(["op", *_INSTANCES])
        raise FilterError(f"an object needs one of {known}, not {short(list(value))}", self.at)

    def only(self, value: dict[str, Any], *allowed: str) -> None:
        for name in value:
            if name not in allowed:
                raise FilterError(
                    f"the member {short(name)} is not known; allowed: {', '.join(allowed)}", self.at
                )

    def operation(self, value: dict[str, Any]) -> Node:
        self.only(value, "op", "args")
        op, args, at = value["op"], value.get("args"), self.at
        if not isinstance(op, str):
            raise self.expected("a text as op", op)
        if not isinstance(args, list):
            raise self.expected(f"a list of args for {short(op)}", args)
        if len(self.path) > 2 * self.limits.depth:
            raise too_deep(self.limits, at)
        self.path.append("args")
        found = self.known(op, args, at)
        self.path.pop()
        return found

    def known(self, op: str, args: list[Any], at: str) -> Node:
        if op in ("and", "or"):
            return self.junction(op, args, at)
        if op in tree.COMPARISONS:
            return tree.Comparison(op, *self.pair(op, args, self.node), at=at)
        if op in tree.ARITHMETIC:
            self.budget.term(at)
            return tree.Arithmetic(op, *self.pair(op, args, self.node), at=at)
        if op in _SPATIAL:
            return tree.SpatialPredicate(_SPATIAL[op], *self.pair(op, args, self.node), at=at)
        if op in _TEMPORAL:
            return tree.TemporalPredicate(_TEMPORAL[op], *self.pair(op, args, self.node), at=at)
        if op in _ARRAY:
            return tree.ArrayPredicate(_ARRAY[op], *self.pair(op, args, self.array_operand), at=at)
        if op in _FOLDS:
            self.budget.term(at)
            return tree.Function(_FOLDS[op], *self.nodes(op, args, 1), at=at)
        if op in _OTHERS:
            return _OTHERS[op](self, op, args, at)
        functions = ", ".join([*_FOLDS, *_SPATIAL, *_TEMPORAL, *_ARRAY])
        allowed = ", ".join(["and", "or", *_OTHERS, *tree.COMPARISONS, *tree.ARITHMETIC])
        raise FilterError(f"there is no op {short(op)}; allowed: {allowed}, {functions}", at)

    def junction(self, op: str, args: list[Any], at: str) -> Node:
        if len(args) < 2:
            raise FilterError(f"{op!r} needs 2 args or more, not {len(args)}", at)
        for _ in args[1:]:
            self.budget.term(at)
        return tree.joined(tree.And if op == "and" else tree.Or, self.each(self.node, args), at)

    def negation(self, op: str, args: list[Any], at: str) -> Node:
        return tree.Not(*self.nodes(op, args, 1), at=at)

    def is_null(self, op: str, args: list[Any], at: str) -> Node:
        return tree.IsNull(*self.nodes(op, args, 1), at=at)

    def like(self, op: str, args: list[Any], at: str) -> Node:
        return tree.Like(*self.nodes(op, args, 2), at=at)

    def between(self, op: str, args: list[Any], at: str) -> Node:
        return tree.Between(*self.nodes(op, args, 3), at=at)

    def within_list(self, op: str, args: list[Any], at: str) -> Node:
        self.count(op, args, 2)
        if not isinstance(args[1], list) or not args[1]:
            raise self.expected("a list with members as the second of args", args[1])
        value = self.below(0, self.node, args[0])
        return tree.In(value, self.below(1, self.members, args[1]), at=at)

    def array_operand(self, value: object) -> Node:
        if not isinstance(value, list):
            return self.node(value)
        return tree.Array(self.members(value), at=self.at)

    def members(self, values: list[Any]) -> tuple[Node, ...]:
        for _ in values:
            self.budget.member(self.at)
        return tuple(self.each(self.node, values))

    def pair(self, op: str, args: list[Any], read: Callable[[Any], Node]) -> tuple[Node, Node]:
        self.count(op, args, 2)
        left, right = self.each(read, args)
        return left, right

    def nodes(self, op: str, args: list[Any], count: int) -> list[Node]:
        self.count(op, args, count)
        return self.each(self.node, args)

    def count(self, op: str, args: list[Any], count: int) -> None:
        if len(args) != count:
            raise FilterError(f"{short(op)} needs {count} args, not {len(args)}", self.at)

    def property(self, value: dict[str, Any]) -> Node:
        name = value["property"]
        if not isinstance(name, str):
            raise self.expected("the name of a property", name)
        return Property(self.text(name), at=self.at)

    def date(self, value: dict[str, Any]) -> Node:
        return Literal(checked_date(value["date"], self.at), "date", at=self.at)

    def timestamp(self, value: dict[str, Any]) -> Node:
        return Literal(checked_timestamp(value["timestamp"], self.at), "timestamp", at=self.at)

    def interval(self, value: dict[str, Any]) -> Node:
        ends = value["interval"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise self.expected("a list of two instants as interval", ends)
        at = self.at
        self.path.append("interval")
        start, end = self.each(self.interval_end, ends)
        self.path.pop()
        return tree.Interval(start, end, at=at)

    def interval_end(self, value: object) -> Node:
        if value == "..":
            return Literal("..", "unbounded", at=self.at)
        if isinstance(value, str):
            return Literal(value, instant_type(value, self.at), at=self.at)
        return self.node(value)

    def bbox(self, value: dict[str, Any]) -> Node:
        numbers = value["bbox"]
        if not isinstance(numbers, list):
            raise self.expected("a list of 4 numbers as bbox", numbers)
        return bbox([self.coordinate(one) for one in numbers[:7]], self.at)

    def geometry(self, value: dict[str, Any], depth: int = 1) -> Node:
        kind = value["type"]
        if not isinstance(kind, str) or kind not in _KINDS:
            raise self.expected(f"a geometry type ({', '.join(sorted(_KINDS))})", kind)
        inside = "geometries" if kind == "GeometryCollection" else "coordinates"
        self.only(value, "type", inside, "bbox")
        if "bbox" in value:
            self.bbox(value)
        items = value.get(inside)
        if not isinstance(items, list) or not items:
            raise self.expected(f"a list with members as {inside} of the {kind}", items)
        if kind != "GeometryCollection":
            found = self.positions(items, _POSITION_LEVEL[kind])
            return tree.GeometryLiteral(kind, found, at=self.at)
        if depth > MAX_DEPTH:
            raise FilterError(f"collections are nested more than {MAX_DEPTH} deep", self.at)
        members = tuple(self.member(one, depth + 1) for one in items)
        return tree.GeometryLiteral(kind, members, at=self.at)

    def member(self, value: object, depth: int) -> Node:
        if not isinstance(value, dict) or "type" not in value:
            raise self.expected("a geometry", value)
        return self.geometry(value, depth)

    def positions(self, value: object, levels: int) -> tuple[object, ...]:
        if not isinstance(value, list) or (levels and not value):
            raise self.expected("a list of positions", value)
        if levels:
            return tuple(self.positions(one, levels - 1) for one in value)
        self.budget.point(self.at)
        if not 2 <= len(value) <= 4:
            raise self.expected("a position [x, y]", value)
        return tuple(self.coordinate(one) for one in value)[:2]  # the map has two dimensions

    def coordinate(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.expected("a number as coordinate", value)
        return float(value)

    def expected(self, what: str, value: object) -> FilterError:
        return FilterError(f"{what} is missing, there is {short(value)}", self.at)


_INSTANCES: dict[str, Callable[[_Reader, dict[str, Any]], Node]] = {
    "property": _Reader.property,
    "date": _Reader.date,
    "timestamp": _Reader.timestamp,
    "interval": _Reader.interval,
    "type": _Reader.geometry,  # before bbox: a geometry may have one of its own
    "bbox": _Reader.bbox,
}
_OTHERS: dict[str, Callable[[_Reader, str, list[Any], str], Node]] = {
    "not": _Reader.negation,
    "isNull": _Reader.is_null,
    "like": _Reader.like,
    "between": _Reader.between,
    "in": _Reader.within_list,
}

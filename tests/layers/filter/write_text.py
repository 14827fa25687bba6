"""The tree written as CQL2 text: one canonical way, which reads as the same tree again."""

import re

from layers.filter import tree
from layers.filter.tokens import START
from layers.filter.tree import Node

_OR, _AND, _NOT, _PREDICATE, _SUM, _PRODUCT, _POWER, _VALUE = range(1, 9)
_BINDS = {
    "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT, "div": _PRODUCT,
    "^": _POWER,
}  # fmt: skip
# Names that mean something else when they stand alone or before a parenthesis.
_KEYWORDS = frozenset(tree.FUNCTIONS) | {
    "AND", "OR", "NOT", "IS", "NULL", "LIKE", "BETWEEN", "IN", "DIV", "TRUE", "FALSE", "DATE",
    "TIMESTAMP", "INTERVAL", "BBOX", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT",
    "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "Z", "EMPTY",
}  # fmt: skip
_PLAIN_NAME = re.compile(rf"[{START}][{START}.0-9\u0300-\u036f\u203f-\u2040]*+")
_ESCAPES = {"\\": "\\\\", "'": "''", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n",
            "\v": "\\v", "\f": "\\f", "\r": "\\r"}  # fmt: skip
_ESCAPED = str.maketrans(_ESCAPES)


def to_text(node: Node) -> str:
    """CQL2 text of a parsed tree."""
    return _write(node)[0]


def _write(node: Node) -> tuple[str, int]:
    """The text, and how strongly it holds together."""
    match node:
        case tree.Or():
            return " OR ".join(_at_least(term, _AND) for term in node.terms), _OR
        case tree.And():
            return " AND ".join(_at_least(term, _NOT) for term in node.terms), _AND
        case tree.Not():
            return _negation(node.term)
        case tree.Arithmetic():
            return _arithmetic(node), _BINDS[node.op]
        case tree.Comparison() | tree.Like() | tree.Between() | tree.In() | tree.IsNull():
            return _predicate(node, ""), _PREDICATE
    return _primary(node), _VALUE


def _at_least(node: Node, binds: int) -> str:
    text, bound = _write(node)
    return text if bound >= binds else f"({text})"


def _negation(term: Node) -> tuple[str, int]:
    if isinstance(term, tree.Like | tree.Between | tree.In | tree.IsNull):
        return _predicate(term, "NOT "), _PREDICATE
    return f"NOT {_at_least(term, _PREDICATE)}", _NOT


def _predicate(node: Node, negated: str) -> str:
    match node:
        case tree.Comparison():
            return f"{_at_least(node.left, _SUM)} {node.op} {_at_least(node.right, _SUM)}"
        case tree.Like():
            value, pattern = _at_least(node.value, _SUM), _at_least(node.pattern, _SUM)
            return f"{value} {negated}LIKE {pattern}"
        case tree.Between():
            low, high = _at_least(node.low, _SUM), _at_least(node.high, _SUM)
            return f"{_at_least(node.value, _SUM)} {negated}BETWEEN {low} AND {high}"
        case tree.In():
            return f"{_at_least(node.value, _SUM)} {negated}IN ({_listed(node.members)})"
        case tree.IsNull():
            return f"{_at_least(node.value, _SUM)} IS {negated}NULL"
    raise TypeError(node)


def _arithmetic(node: tree.Arithmetic) -> str:
    binds = _BINDS[node.op]
    # a ^ b ^ c is not CQL2: on both sides of ^ stands a value
    left = _at_least(node.left, _VALUE if node.op == "^" else binds)
    return f"{left} {node.op} {_at_least(node.right, binds + 1)}"


def _primary(node: Node) -> str:
    match node:
        case tree.Property():
            return _name(node.name)
        case tree.Literal():
            return _literal(node)
        case tree.Function():
            return f"{node.name}({_at_least(node.argument, _SUM)})"
        case tree.Interval():
            return f"INTERVAL({_end(node.start)}, {_end(node.end)})"
        case tree.SpatialPredicate() | tree.TemporalPredicate() | tree.ArrayPredicate():
            return f"{node.op}({_at_least(node.left, _SUM)}, {_at_least(node.right, _SUM)})"
        case tree.Array():
            return f"({_listed(node.members)})"
        case tree.BBox():
            return f"BBOX({', '.join(map(_number, node.bounds))})"
        case tree.GeometryLiteral():
            return _geometry(node)
    raise TypeError(f"{type(node).__name__} only occurs in a checked tree")


def _listed(members: tuple[Node, ...]) -> str:
    return ", ".join(_at_least(member, _SUM) for member in members)


def _name(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name) and name.upper() not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return f"'{value.translate(_ESCAPED)}'"


def _literal(node: tree.Literal) -> str:
    if isinstance(node.value, str):
        text = _text(node.value)
        return f"{node.type.upper()}({text})" if node.type in ("date", "timestamp") else text
    return str(node.value).upper() if node.type == "boolean" else repr(node.value)


def _end(node: Node) -> str:
    """Instants stand as bare texts in an interval."""
    if isinstance(node, tree.Literal):
        return _text(str(node.value))
    return _at_least(node, _SUM)


def _number(value: object) -> str:
    assert isinstance(value, float)
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _geometry(node: tree.GeometryLiteral) -> str:
    if node.kind == "GeometryCollection":
        members = [
            _geometry(one) for one in node.coordinates if isinstance(one, tree.GeometryLiteral)
        ]
        return f"GEOMETRYCOLLECTION({', '.join(members)})"
    if node.kind == "Point":
        return f"POINT({_coordinates(node.coordinates)})"
    inner = ", ".join(
        f"({_coordinates(one)})" if node.kind == "MultiPoint" else _coordinates(one)
        for one in node.coordinates
    )
    return f"{node.kind.upper()}({inner})"


def _coordinates(value: object) -> str:
    """`x y` of a position, a list in parentheses of anything larger."""
    assert isinstance(value, tuple)
    if value and isinstance(value[0], tuple):
        return f"({', '.join(_coordinates(one) for one in value)})"
    return " ".join(map(_number, value))

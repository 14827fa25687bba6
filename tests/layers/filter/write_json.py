"""The tree written as CQL2 JSON, which reads as the same tree again."""

import json
from typing import Any

from layers.filter import tree
from layers.filter.read_json import json_name
from layers.filter.tree import Node


def to_json(node: Node) -> str:
    """CQL2 JSON of a parsed tree, as text."""
    return json.dumps(json_document(node), ensure_ascii=False)


def json_document(node: Node) -> Any:
    """The same as objects, lists and values of Python."""
    match node:
        case tree.And():
            return _op("and", *node.terms)
        case tree.Or():
            return _op("or", *node.terms)
        case tree.Not():
            return _op("not", node.term)
        case tree.Comparison() | tree.Arithmetic():
            return _op(node.op, node.left, node.right)
        case tree.Like():
            return _op("like", node.value, node.pattern)
        case tree.Between():
            return _op("between", node.value, node.low, node.high)
        case tree.In():
            members = [json_document(member) for member in node.members]
            return {"op": "in", "args": [json_document(node.value), members]}
        case tree.IsNull():
            return _op("isNull", node.value)
        case tree.Function():
            return _op(json_name(node.name), node.argument)
        case tree.SpatialPredicate() | tree.TemporalPredicate() | tree.ArrayPredicate():
            return _op(json_name(node.op), node.left, node.right)
    return _instance(node)


def _op(name: str, *args: Node) -> dict[str, Any]:
    return {"op": name, "args": [json_document(arg) for arg in args]}


def _instance(node: Node) -> Any:
    match node:
        case tree.Property():
            return {"property": node.name}
        case tree.Literal():
            return {node.type: node.value} if node.type in ("date", "timestamp") else node.value
        case tree.Interval():
            return {"interval": [_end(node.start), _end(node.end)]}
        case tree.Array():
            return [json_document(member) for member in node.members]
        case tree.BBox():
            return {"bbox": list(node.bounds)}
        case tree.GeometryLiteral(kind="GeometryCollection"):
            members = [json_document(one) for one in node.coordinates if isinstance(one, Node)]
            return {"type": node.kind, "geometries": members}
        case tree.GeometryLiteral():
            return {"type": node.kind, "coordinates": node.coordinates}
    raise TypeError(f"{type(node).__name__} only occurs in a checked tree")


def _end(node: Node) -> Any:
    """Instants stand as bare texts in an interval."""
    return node.value if isinstance(node, tree.Literal) else json_document(node)

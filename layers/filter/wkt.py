"""Geometries in CQL2 text: well-known text, and BBOX."""

from collections.abc import Callable

from layers.filter.errors import FilterError
from layers.filter.limits import Budget
from layers.filter.literals import number
from layers.filter.tokens import Tokens
from layers.filter.tree import BBox, GeometryLiteral

KINDS = {
    kind.upper(): kind
    for kind in (
        "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
        "GeometryCollection",
    )
}  # fmt: skip
MAX_DEPTH = 8  # of collections in collections
_LEVELS = {"LineString": 1, "Polygon": 2, "MultiPoint": 1, "MultiLineString": 2, "MultiPolygon": 3}

Position = tuple[float, float]


def read_geometry(tokens: Tokens, budget: Budget, depth: int = 1) -> GeometryLiteral:
    token = tokens.take()
    kind = KINDS[token.word]
    if tokens.next.word == "Z":
        tokens.take()
    if tokens.next.word == "EMPTY":
        raise FilterError(
            f"{token.value} EMPTY has no place: give a geometry with positions", token.at
        )
    if kind == "Point":
        return GeometryLiteral(kind, _bracketed(tokens, budget), at=token.at)
    if kind != "GeometryCollection":
        coordinates = _list(tokens, budget, _LEVELS[kind], kind == "MultiPoint")
        return GeometryLiteral(kind, coordinates, at=token.at)
    if depth > MAX_DEPTH:
        raise FilterError(f"collections are nested more than {MAX_DEPTH} deep", token.at)
    return GeometryLiteral(
        kind, _separated(tokens, lambda: _member(tokens, budget, depth + 1)), at=token.at
    )


def _member(tokens: Tokens, budget: Budget, depth: int) -> GeometryLiteral:
    if tokens.next.word not in KINDS:
        raise FilterError(f"a geometry is missing, there is {tokens.next.said}", tokens.next.at)
    return read_geometry(tokens, budget, depth)


def _list(tokens: Tokens, budget: Budget, levels: int, points: bool) -> tuple[object, ...]:
    """A list of positions, of such lists, or of those."""
    if levels > 1:
        return _separated(tokens, lambda: _list(tokens, budget, levels - 1, False))
    if points:
        return _separated(tokens, lambda: _loose(tokens, budget))
    return _separated(tokens, lambda: _position(tokens, budget))


def _separated(tokens: Tokens, read: Callable[[], object]) -> tuple[object, ...]:
    tokens.take_sign("(", "in the geometry")
    found = [read()]
    while tokens.at_sign(","):
        tokens.take()
        found.append(read())
    tokens.take_sign(")", "in the geometry")
    return tuple(found)


def _loose(tokens: Tokens, budget: Budget) -> Position:
    """A point of a MULTIPOINT; the standard's own tests leave its parentheses out."""
    return _bracketed(tokens, budget) if tokens.at_sign("(") else _position(tokens, budget)


def _bracketed(tokens: Tokens, budget: Budget) -> Position:
    tokens.take_sign("(", "in the geometry")
    position = _position(tokens, budget)
    tokens.take_sign(")", "in the geometry")
    return position


def _position(tokens: Tokens, budget: Budget) -> Position:
    """Two coordinates; a third is read and left, the map has two dimensions."""
    budget.point(tokens.next.at)
    position = (_coordinate(tokens), _coordinate(tokens))
    if not (tokens.at_sign(",") or tokens.at_sign(")")):
        _coordinate(tokens)
    return position


def _coordinate(tokens: Tokens) -> float:
    sign = ""
    if tokens.next.kind == "sign" and tokens.next.value in ("+", "-"):
        sign = tokens.take().value.replace("+", "")
    token = tokens.next
    if token.kind != "number":
        raise FilterError(f"a coordinate is missing, there is {token.said}", token.at)
    tokens.take()
    return float(number(sign + token.value, token.at))


def read_bbox(tokens: Tokens) -> BBox:
    at = tokens.take().at
    tokens.take_sign("(", "after BBOX")
    numbers = [_coordinate(tokens)]
    while tokens.at_sign(",") and len(numbers) < 6:
        tokens.take()
        numbers.append(_coordinate(tokens))
    tokens.take_sign(")", "at the end of BBOX, which has 4 numbers or 6 with heights")
    return bbox(numbers, at)


def bbox(numbers: list[float], at: int | str | None) -> BBox:
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        said = "west, south, east, north, or 6 numbers with heights"
        raise FilterError(f"a BBOX has 4 numbers ({said}), not {len(numbers)}", at)
    return BBox((numbers[0], numbers[1], numbers[2], numbers[3]), at=at)

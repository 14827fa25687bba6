"""Where the features that match can be, as far as the spatial predicates of a filter tell."""

import shapely

from geo.extent import Extent
from layers.filter import tree
from layers.filter.tree import Node

MOST = 8  # boxes; of more, the one around all of them


def boxes(node: Node) -> list[Extent] | None:
    """Extents of which every match touches one; None if it may be anywhere or have no place."""
    match node:
        case tree.And():
            found: list[Extent] | None = None
            for term in node.terms:
                found = _both(found, boxes(term))
            return found
        case tree.Or():
            either: list[Extent] = []
            for term in node.terms:
                one = boxes(term)
                if one is None:
                    return None
                either += one
            return _few(either)
        case tree.SpatialPredicate():
            return _of_predicate(node)
        case tree.Literal(value=False) | tree.Among(keys="[]"):
            return []
    return None


def _of_predicate(node: tree.SpatialPredicate) -> list[Extent] | None:
    shapes = [side for side in (node.left, node.right) if isinstance(side, tree.Shape)]
    if node.op == "S_DISJOINT" or len(shapes) != 1:
        return None
    parts = shapely.get_parts(shapes[0].geometry)
    return _few([Extent(*bounds) for bounds in shapely.bounds(parts).tolist()])


def _both(first: list[Extent] | None, second: list[Extent] | None) -> list[Extent] | None:
    """A match touches one of each; the R-tree is asked for the smaller ones."""
    if first is None or second is None:
        return first if second is None else second
    if not first or not second:
        return []
    return min(first, second, key=_area)


def _area(extents: list[Extent]) -> float:
    return sum(one.width * (one.north - one.south) for one in extents)


def _few(extents: list[Extent]) -> list[Extent]:
    if len(extents) <= MOST:
        return extents
    around = extents[0]
    for one in extents[1:]:
        around = around.union(one)
    return [around]

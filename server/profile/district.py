"""What lies in a district, as the statistics count it: by what features say of themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from layers.filter import tree
from layers.model import Field, Lang, Layer, Query
from layers.stores.store import Store
from server.picture.ground import Ground
from server.picture.items import Item, Reader
from server.stats_groups import plain

How = Literal["known", "inferred", "several"]
HOW: tuple[How, ...] = get_args(How)
MOST_NAMES = 200  # of a layer: no page has room for more
MOST_DRAWN = 2_000  # of a layer that is drawn on a map of this size


@dataclass(frozen=True)
class OfLayer:
    """How many of a layer: known to lie here, inferred to, and concerning several districts.

    `names` begin with those that are known.
    """

    layer: Layer
    known: int
    inferred: int
    several: int
    names: Sequence[tuple[str, How]]

    @property
    def count(self) -> int:
        return self.known + self.inferred + self.several


@dataclass(frozen=True)
class Lying:
    """`unsaid`: layers that do not say of a feature where it lies; `drawn` are for a map.

    `not_drawn`: layers with too many features here for it.
    """

    layers: Sequence[OfLayer] = ()
    unsaid: Sequence[Layer] = ()
    drawn: Sequence[Item] = ()
    not_drawn: Sequence[Layer] = ()


def lying_in(store: Store, district: Item, ground: Ground, lang: Lang) -> Lying:
    if not district.districts:
        return Lying()
    layers: list[OfLayer] = []
    unsaid: list[Layer] = []
    drawn: list[Item] = []
    not_drawn: list[Layer] = []
    for order, layer in enumerate(store.layers()):
        field = layer.schema.with_role("district")
        if layer.role != "sites":
            continue
        if field is None or field.type not in ("text", "list"):
            unsaid += [layer] if store.count(layer.id, Query()) else []
            continue
        known, inferred, several = _counted(store, layer, field, district.districts)
        number = known + inferred + several
        if not number:
            continue
        is_drawn = layer.visible and number <= MOST_DRAWN
        query = Query(
            filter=_lies_in(field, district.districts),
            limit=MOST_DRAWN if is_drawn else MOST_NAMES,
        )
        items = list(Reader(layer, order, lang, ground.by_district).read(store, query))
        items.sort(key=lambda one: HOW.index(_how(one)))
        names = [(one.name, _how(one)) for one in items[:MOST_NAMES]]
        layers.append(OfLayer(layer, known, inferred, several, names))
        drawn += items if is_drawn else []
        not_drawn += [layer] if layer.visible and not is_drawn else []
    return Lying(layers, unsaid, drawn, not_drawn)


def _counted(
    store: Store, layer: Layer, field: Field, codes: Sequence[str]
) -> tuple[int, int, int]:
    """One that concerns several districts is not counted as lying in one of them."""
    inferred = layer.schema.with_role("inferred")
    by = [field.name, *([inferred.name] if inferred else [])]
    counts = [0, 0, 0]
    for group in store.groups(layer.id, Query(), by):
        value = plain(group.values[0])
        if isinstance(value, tuple):
            counts[2] += group.number if set(map(str, value)) & set(codes) else 0
        elif value is not None and str(value) in codes:
            counts[inferred is not None and group.values[1] is True] += group.number
    return counts[0], counts[1], counts[2]


def _lies_in(field: Field, codes: Sequence[str]) -> tree.Node:
    members = tuple(tree.Literal(code, "text") for code in codes)
    this = tree.Property(field.name, field.type)
    if field.type == "list":
        return tree.ArrayPredicate("A_OVERLAPS", this, tree.Array(members))
    return tree.In(this, members)


def _how(item: Item) -> How:
    if len(item.districts) > 1:
        return "several"
    return "inferred" if item.inferred else "known"

"""From a store and a query to the part of a file: one layer's features as they are written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from layers.certainty.find import Within
from layers.districts import Areas
from layers.export import positions
from layers.export.areas import with_area
from layers.export.content import Content, Part
from layers.export.fields import fitted, position_first, with_crs
from layers.export.file_crs import WGS84, FileCrs
from layers.filter import tree
from layers.filter.queryables import geometry_name
from layers.model import Batch, Layer, Query, Schema
from layers.stores.store import Store


@dataclass(frozen=True)
class Manner:
    """How features are written, whichever they are; `watch` is told of each step."""

    crs: FileCrs
    geometry: str = positions.POSITION
    names_crs: bool = False  # in a field: for files that cannot say it, or must not be mistaken
    fields: frozenset[str] | None = None
    watch: Callable[[int], None] = lambda _: None


def part_of(
    store: Store,
    layer: Layer,
    query: Query,
    manner: Manner,
    areas: Areas,
    within: Within | None = None,
) -> Part:
    """The features of `query` as `manner` says; `within` an area, with what that says of each."""
    written = position_first(layer, manner.fields)
    if within is not None:
        written, said = with_area(written, within)
    extra: dict[str, object] = {}
    if manner.names_crs:
        written, name = with_crs(written, manner.crs)
        extra = {name: manner.crs.label}
    if manner.geometry == positions.POSSIBLE_AREA and written.schema.geometry == "Point":
        written = replace(written, schema=Schema("Geometry", written.schema.fields))

    def batches() -> Iterator[Batch]:
        found = store.batches(layer.id, query)
        if within is not None:
            found = (said(batch) for batch in found)
        shown = positions.placed(layer, found, manner.geometry, areas)
        moved = positions.turned(shown, manner.crs)
        return watched(fitted(written, moved, extra), manner.watch)

    return Part(
        written,
        batches,
        cache(lambda: store.count(layer.id, query)),
        cache(lambda: placeless(store, layer, query, manner)),
    )


def whole(store: Store, id: str, watch: Callable[[int], None] = lambda _: None) -> Content:
    """A layer as it stands, field by field, for a file that is to be read again by us."""
    layer = store.layer(id)
    part = Part(
        layer,
        lambda: watched(store.batches(id, Query()), watch),
        cache(lambda: store.count(id, Query())),
        cache(lambda: placeless(store, layer, Query(), Manner(WGS84))),
    )
    return Content(store.zone(), (part,), WGS84, "zh", datetime.now(UTC), name=id)


def placeless(store: Store, layer: Layer, query: Query, manner: Manner) -> int:
    """How many of them come without a geometry."""
    place = tree.Property(geometry_name(layer), "geometry")
    nowhere: tree.Node = tree.IsNull(place)
    field = layer.schema.with_role("placement")
    if manner.geometry == positions.WITHOUT_DISTRICT and field is not None:
        codes = tuple(tree.Literal(code, "text") for code in positions.DISTRICT_ONLY)
        known = tree.In(tree.Property(field.name, "text"), codes)
        nowhere = tree.Or((nowhere, tree.And((known, tree.OfKind("point", or_nothing=False)))))
    terms = nowhere if query.filter is None else tree.And((query.filter, nowhere))
    return store.count(layer.id, replace(query, filter=terms))


def watched(batches: Iterator[Batch], watch: Callable[[int], None]) -> Iterator[Batch]:
    for batch in batches:
        watch(len(batch.fids))
        yield batch

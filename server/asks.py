"""What a request means for each layer, when it is about one of them or about the whole map."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from layers.certainty.find import Within
from layers.errors import UnknownLayer
from layers.filter import queryables, tree
from layers.model import Layer, Query
from layers.stores.store import Store
from server import params
from server.params import Given, Parameter
from server.queries import NOTHING, chosen, narrowed, read_filter
from server.source import Source

MAP = "map"
_NARROWING: params.Table = (
    params.FILTER, params.FILTER_LANG, params.FILTER_CRS, params.DATETIME, *params.LOOKED_UP,
)  # fmt: skip

Others = Mapping[str, str]


@dataclass(frozen=True)
class Ask:
    """What is asked of one layer; `knows` is false where it lacks a field that is asked about.

    `within` is what lies in the area that it is narrowed to, whatever else is asked.
    """

    layer: Layer
    query: Query
    fields: frozenset[str] | None = None
    knows: bool = True
    within: Within | None = None


def is_map(store: Store, name: str) -> bool:
    """Whether the name stands for all layers: a layer of that name has it for itself."""
    return name == MAP and name not in store.numbers()


def asks_of(source: Source, name: str, given: Given, others: Others) -> list[Ask]:
    """One ask for each layer, in the order of the panel."""
    layers = layers_of(source.store, name, given)
    if is_map(source.store, name):
        return asks_of_map(layers, given, others, source)
    [layer] = layers
    query = narrowed(layer, given, others, source)
    return [Ask(layer, query, chosen(layer, given), within=source.within(layer, given))]


def asks_of_map(layers: list[Layer], given: Given, others: Others, source: Source) -> list[Ask]:
    """One ask for each of some layers of the map.

    A filter applies to the layers of sites that have all its properties; other
    layers of sites give nothing, and what frames the map (districts, towns, surroundings) stays.
    A property that no layer has is InvalidQuery.
    """
    sites = [one for one in layers if one.role == "sites"] or layers
    source.check(given)
    _check_names(layers, sites, given, others, source)
    about = _asked_about(given) | others.keys()
    return [
        _asked(layer, given, others, source, about)
        if layer in sites
        else _framing(layer, given, source)
        for layer in layers
    ]


def layers_of(store: Store, name: str, given: Given) -> list[Layer]:
    """The layers that a request names, in the order of the panel."""
    if is_map(store, name):
        return listed(store, given)
    known = store.numbers()
    if name not in known:
        raise UnknownLayer(name, [*known, MAP])
    layer = store.layer(name)
    if given.get(params.LAYERS) is not None:
        raise given.misfit(params.LAYERS, f"left out, for {name} is one layer")
    return [layer]


def listed(store: Store, given: Given) -> list[Layer]:
    """The layers that `layers` names, or all, in the order of the panel."""
    wanted = given.get(params.LAYERS)
    layers = store.layers()
    ids = [layer.id for layer in layers]
    if not set(wanted or ()) <= set(ids):
        raise given.misfit(params.LAYERS, f"some of {', '.join(ids)}, separated by commas")
    return [layer for layer in layers if wanted is None or layer.id in wanted]


def _check_names(
    layers: list[Layer], sites: list[Layer], given: Given, others: Others, source: Source
) -> None:
    """Whatever is named must be known to some layer."""
    fields = {one.name for layer in layers for one in layer.schema.fields}
    both: tuple[Parameter[Any], ...] = (params.SORTBY, params.PROPERTIES)
    for parameter in both:
        if not _names_in(given, parameter) <= fields:
            raise given.misfit(parameter, f"names of fields, some of {', '.join(sorted(fields))}")
    known = {name for layer in sites for name in queryables(layer)}
    for name, text in others.items():
        if name not in known:
            raise given.unknown(name, text, sorted(known))
    if not _asked_about(given) <= known:
        narrowed(sites[0], given, {}, source)  # says which one it does not have


def _asked(layer: Layer, given: Given, others: Others, source: Source, about: set[str]) -> Ask:
    fields = frozenset(one.name for one in layer.schema.fields)
    knows = about <= queryables(layer).keys()
    if not _names_in(given, params.SORTBY) <= fields:
        given = given.without(params.SORTBY)
    wanted = _names_in(given, params.PROPERTIES)
    kept = frozenset(wanted & fields) if wanted else None
    if not knows:
        query = narrowed(layer, given.without(*_NARROWING), {}, source)
        return Ask(layer, replace(query, filter=NOTHING), kept, knows=False)
    query = narrowed(layer, given, others, source)
    return Ask(layer, query, kept, within=source.within(layer, given))


def _framing(layer: Layer, given: Given, source: Source) -> Ask:
    return _asked(layer, given.without(*_NARROWING), {}, source, set())


def _names_in(given: Given, parameter: Parameter[Any]) -> set[str]:
    """The fields that sortby or properties name."""
    return {getattr(one, "field", one) for one in given.get(parameter) or ()}


def _asked_about(given: Given) -> set[str]:
    """The queryables that the filter speaks of."""
    found = read_filter(given)
    if found is None:
        return set()
    nodes = chain.from_iterable(tree.levels(found))
    return {one.name for one in nodes if isinstance(one, tree.Property)}

"""A view as pictures need it: what its parameters say, and what the store has for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import shapely

from layers.errors import UnknownFeature
from layers.model import Batch, Lang, Layer, Query, Zone
from layers.stores.store import Store
from server import params
from server.asks import Ask, asks_of_map
from server.match_document import undecided
from server.page import words_of
from server.params import Given
from server.picture import parameters
from server.picture.asked import asked_in_words
from server.picture.ground import Ground, read_ground
from server.picture.items import Item, Reader
from server.picture.shading import Shading, shading
from server.picture.wording import Words
from server.site import Call
from server.source import Source
from server.stats_fields import names_for

# A second of reading and drawing each, on one core.
MOST_ITEMS, MOST_SHAPES = 30_000, 5_000


@dataclass(frozen=True, eq=False)
class Shown:
    """A layer of sites that is on: how many of all its features are shown."""

    layer: Layer
    count: int
    all: int


@dataclass(frozen=True, eq=False)
class View:
    """What a picture shows, whatever its size."""

    lang: Lang
    dark: bool
    words: Words
    zone: Zone
    ground: Ground
    center: tuple[float, float] | None
    zoom: float | None
    on: frozenset[str]  # ids of layers
    shown: Sequence[Shown]
    items: Sequence[Item]  # of layers of sites, in their order
    all: int  # features of all layers of sites
    undecided: int  # of those layers, what may lie in the area as well as outside
    asked: Sequence[str]  # what it is narrowed by, in words
    area: shapely.Geometry | None  # in degrees
    selected: Item | None
    shading: Shading | None
    approval: str  # the number of the map's review, empty where it has none

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked)


async def read_view(call: Call, given: Given, lang: Lang | None = None) -> View:
    """Read inside of one reading of the store. InvalidQuery names the parameter that is broken."""
    return await call.run(lambda _: view_of(call, given, lang or call.lang(given)))


async def check_view(call: Call, given: Given) -> None:
    """InvalidQuery where a picture of the view would be refused."""
    await call.run(lambda _: _asks(call, given, call.source(call.lang(given))))


def _asks(call: Call, given: Given, source: Source) -> list[Ask]:
    """One for each layer; all that the parameters name is there."""
    layers = call.store.layers()
    _switched_on(layers, given)
    asks = asks_of_map(layers, given.without(params.LAYERS), {}, source)
    _check(call.store, call.site.settings.basemap, asks, given)
    return asks


def view_of(call: Call, given: Given, lang: Lang) -> View:
    """Inside of a reading."""
    store, settings = call.store, call.site.settings
    source = call.source(lang)
    layers = store.layers()
    on = _switched_on(layers, given)
    words = words_of(call.site.assets, lang)
    asks = _asks(call, given, source)
    state = " ".join(f"{one.id}={store.version(one.id)}" for one in layers if one.role != "sites")
    ground = call.site.pictures.ground.get(lang, state, lambda: read_ground(store, lang))
    sites = [ask for ask in asks if ask.layer.role == "sites"]
    drawn = [ask for ask in sites if ask.layer.id in on]
    counts = {ask.layer.id: store.count(ask.layer.id, ask.query) for ask in drawn}
    if sum(counts.values()) > MOST_ITEMS:
        raise given.misfit(
            parameters.LAYERS,
            f"layers with at most {MOST_ITEMS} features that match; a filter leaves fewer",
        )
    readers = {ask.layer.id: _reader(ask, layers, lang, ground) for ask in asks}
    items = list(
        chain.from_iterable(
            readers[ask.layer.id].read(store, ask.query, ask.within) for ask in drawn
        )
    )
    if sum(one.geometry is not None and not one.point for one in items) > MOST_SHAPES:
        raise given.misfit(
            parameters.LAYERS,
            f"layers with at most {MOST_SHAPES} lines and areas; a filter leaves fewer",
        )
    found = source.located(given)
    whole = {ask.layer.id: store.count(ask.layer.id, Query()) for ask in sites}
    summed = given.get(params.SUM) or ()
    name = summed[0] if summed else None
    shaded = given.get(parameters.SHADE) is not None
    return View(
        lang=lang,
        dark=given.get(parameters.THEME) == "dark",
        words=words,
        zone=store.zone(),
        ground=ground,
        center=given.get(parameters.CENTER),
        zoom=given.get(parameters.ZOOM),
        on=on,
        shown=[Shown(one.layer, counts[one.layer.id], whole[one.layer.id]) for one in drawn],
        items=items,
        all=sum(whole.values()),
        undecided=_undecided(source, layers, drawn, given),
        asked=asked_in_words(given, layers, None if found is None else found.label, lang, words),
        area=None if found is None else found.area.shape,
        selected=_selected(store, given, readers),
        shading=shading(store, drawn, name, ground, lang, words) if shaded else None,
        approval=settings.map_approval_number,
    )


def _undecided(source: Source, layers: Sequence[Layer], drawn: Sequence[Ask], given: Given) -> int:
    if given.get(params.AREA) is None:
        return 0
    besides = given.without(params.LAYERS, params.AREA, params.CERTAINTY)
    wholes = {one.layer.id: one.query for one in asks_of_map(list(layers), besides, {}, source)}
    return sum(
        len(undecided(source, ask.layer, wholes[ask.layer.id], given))
        for ask in drawn
        if ask.within is not None
    )


def _reader(ask: Ask, layers: Sequence[Layer], lang: Lang, ground: Ground) -> Reader:
    order = [one.id for one in layers].index(ask.layer.id)
    return Reader(ask.layer, order, lang, ground.by_district)


def _switched_on(layers: Sequence[Layer], given: Given) -> frozenset[str]:
    wanted = given.get(parameters.LAYERS)
    if wanted is None:
        return frozenset(one.id for one in layers if one.visible)
    known = [one.id for one in layers]
    if not set(wanted) <= set(known):
        raise given.misfit(parameters.LAYERS, f"some of {', '.join(known)}, separated by commas")
    return frozenset(wanted)


def _check(store: Store, basemaps: Sequence[object], asks: Sequence[Ask], given: Given) -> None:
    """What is no part of a picture must be right all the same: the address is that of a page."""
    sites = [ask.layer for ask in asks if ask.layer.role == "sites"]
    known = [str(getattr(one, "id", "")) for one in basemaps]
    basemap, table = given.get(parameters.BASEMAP), given.get(parameters.TABLE)
    if basemap is not None and basemap not in known:
        raise given.misfit(parameters.BASEMAP, _one_of(known))
    if table is not None and table not in [one.id for one in sites]:
        raise given.misfit(parameters.TABLE, _one_of([one.id for one in sites]))
    for parameter in (params.GROUP, params.SUM):
        fields = names_for(parameter, sites)
        names: tuple[str, ...] = given.get(parameter) or ()
        if not set(names) <= set(fields):
            raise given.misfit(parameter, f"some of {', '.join(fields) or 'none'}")
    for key in given.get(parameters.COMPARE) or ():
        _feature(store, given, parameters.COMPARE, key)
    if selected := given.get(parameters.SELECTED):
        _feature(store, given, parameters.SELECTED, selected)


def _one_of(known: Sequence[str]) -> str:
    return f"one of {', '.join(known)}" if known else "left out: there is none"


def _feature(
    store: Store, given: Given, parameter: params.Parameter[Any], key: str
) -> tuple[str, Batch]:
    layer, _, feature = key.partition("/")
    if layer not in store.numbers():
        raise given.misfit(parameter, f"of a layer that there is ({', '.join(store.numbers())})")
    try:
        return layer, Batch.of(store.feature(layer, feature))
    except UnknownFeature:
        raise given.misfit(parameter, "the layer/id of a feature that there is") from None


def _selected(store: Store, given: Given, readers: Mapping[str, Reader]) -> Item | None:
    key = given.get(parameters.SELECTED)
    if key is None:
        return None
    layer, batch = _feature(store, given, parameters.SELECTED, key)
    return next(readers[layer].items(batch))

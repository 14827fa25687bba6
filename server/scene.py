"""What the page's script is told: zone, layers, basemaps and addresses, as values for JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any

import orjson

from layers.model import LANGUAGES, Fill, Layer, Query, Spot, Text, Zone
from layers.stores.store import Store
from server.assets import Assets
from server.caching import digest
from server.links import path_to
from server.settings import Settings
from server.window import opening, unwrapped

# What stands in the layer but says nothing to the page.
NOT_TOLD = ("store_crs",)


@dataclass(frozen=True)
class Scene:
    """Everything the page is made of; `key` names the state of the store it was read from."""

    key: str
    zone: Zone
    title: Text
    base: str
    extent: list[float] | None
    layers: list[dict[str, Any]]
    config: dict[str, Any]


def scene_key(store: Store) -> str:
    """Changes when the page must be drawn anew; cheap, for it is asked at every request."""
    versions = [f"{layer.id}={store.version(layer.id)}" for layer in store.layers()]
    return digest(_zone_key(store.zone()), *versions)


@lru_cache(maxsize=4)
def _zone_key(zone: Zone) -> bytes:
    return orjson.dumps(plain(zone))


def read_scene(store: Store, assets: Assets, settings: Settings) -> Scene:
    base = (settings.public_url.path if settings.public_url else "") + "/"
    keys = {"tianditu": settings.tianditu_key}
    served = {
        "basemaps": [one.config(keys) for one in settings.basemap],
        "base": base,
        "text": {lang: base + assets.path(f"text/{lang}.json") for lang in LANGUAGES},
    }
    return _scene(store, settings, base, served, lambda layer: {"url": url(store, layer, base)})


def file_scene(store: Store, settings: Settings) -> Scene:
    """Of a map that is a file: without an address of ours."""
    return _scene(store, settings, "", {"basemaps": [], "base": "", "text": {}}, lambda _: {})


def _scene(
    store: Store,
    settings: Settings,
    base: str,
    served: Mapping[str, object],
    more: Callable[[Layer], Mapping[str, object]],
) -> Scene:
    zone, layers = store.zone(), store.layers()
    extent = opening(store, layers)
    window = unwrapped(extent) if extent else None
    config = {
        "zone": plain(zone),
        "extent": window,
        "approval": settings.map_approval_number,
        **served,
    }
    entries = [{**layer_entry(store, layer), **more(layer)} for layer in layers]
    return Scene(scene_key(store), zone, zone.title, base, window, entries, config)


def layer_entry(store: Store, layer: Layer) -> dict[str, Any]:
    entry = {name: value for name, value in plain(layer).items() if name not in NOT_TOLD}
    style = entry["style"]
    return {
        **entry,
        "style": {**style, "fills": {"values": style["fills"]}},
        "count": store.count(layer.id, Query()),
    }


def url(store: Store, layer: Layer, base: str) -> str:
    """Where the page gets the features."""
    return base + path_to("downloads", f"{layer.id}.geojson", query={"v": store.version(layer.id)})


def plain(value: Any) -> Any:
    """The model's values as JSON has them: texts by language, pairs as lists, the rest by name."""
    if isinstance(value, Fill | Spot):
        return list(value)
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value

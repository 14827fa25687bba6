"""What every page has around its content: language, words, addresses, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from layers.model import LANGUAGES, Lang, Layer, Text, Zone
from layers.model import Query as StoreQuery
from layers.registry import each_format
from layers.stores.store import Store
from server import negotiation
from server.assets import Assets
from server.html_values import Value
from server.links import path_to
from server.media import JSON
from server.page import templates, words_of
from server.scene import plain
from server.site import Call

Query = list[tuple[str, str]]

# What a reader chose for the page and not for the data goes along to the next page.
CARRIED = ("lang", "f")
# Context layers of a small map are drawn whole; beyond so many shapes they would only delay it.
MOST_CONTEXT = 500
TOLD = ("id", "title", "role", "order", "style")


class Step(NamedTuple):
    """One of the steps from the map to this page."""

    text: str
    href: str


class Link(NamedTuple):
    text: str
    href: str
    media_type: str


class Look(NamedTuple):
    """A page's language and addresses; all addresses on pages are paths."""

    lang: Lang
    words: Mapping[str, str]
    assets: Assets
    base: str
    origin: str
    path: tuple[str, ...]
    query: Query
    zone: Zone
    ignored: Sequence[str] = ()

    @property
    def other_lang(self) -> Lang:
        return "zh" if self.lang == "en" else "en"

    def asset(self, name: str) -> str:
        return self.base + self.assets.path(name)

    def to(self, *segments: str, **query: object) -> str:
        """Another page, in the language that was asked for."""
        return self.base + path_to(*segments, query={**query, **self.carried()})

    def address(self, query: Query) -> str:
        """This page with another query."""
        return self.base + path_to(*self.path, query=dict(query))

    def with_value(self, **values: str) -> str:
        return self.address([*(one for one in self.query if one[0] not in values), *values.items()])

    def without(self, *names: str) -> str:
        return self.address([one for one in self.query if one[0] not in names])

    def as_data(self, **more: str) -> str:
        """The document that this page was drawn from."""
        kept = [one for one in self.query if one[0] not in (*CARRIED, *more)]
        return self.address([*kept, *more.items(), ("f", "json")])

    def page_of(self, href: str) -> str:
        """A link of a document as the path of its page."""
        path = self.base + href.removeprefix(self.origin).removeprefix("/")
        carried = self.carried()
        if not carried:
            return path
        return path + ("&" if "?" in path else "?") + path_to(query=carried)[1:]

    def carried(self) -> dict[str, str]:
        return {name: text for name, text in self.query if name in CARRIED}

    def say(self, text: Text) -> str:
        return text.of(self.lang)

    def word(self, key: str, **values: object) -> str:
        """A sentence with its gaps filled; values are data and may themselves contain braces."""
        sentence = self.words[key]
        for name, value in values.items():
            sentence = sentence.replace("{" + name + "}", str(value))
        return sentence


class Shown(NamedTuple):
    """What a page is made of: its own document, and those of other addresses it asked for."""

    look: Look
    store: Store
    path: Mapping[str, str]
    document: Any
    others: Sequence[Any]

    @property
    def layer(self) -> Layer:
        return self.store.layer(self.path["layer_id"])


class Kind(NamedTuple):
    """A kind of page; `also` are the routes whose documents it needs besides its own."""

    template: str
    values: Callable[[Shown], dict[str, Any]]
    also: tuple[str, ...] = ()
    query: Callable[[Query], Query] = list


class Table(NamedTuple):
    """Rows under a heading; the first cell of a row is its name."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Value]]
    note: str = ""


def look_of(call: Call, query: Query, lang: Lang, zone: Zone) -> Look:
    public = call.site.settings.public_url
    return Look(
        lang,
        words_of(call.site.assets, lang),
        call.site.assets,
        (public.path if public else "") + "/",
        call.links.base,
        tuple(part for part in call.request.scope["path"].split("/") if part),
        query,
        zone,
    )


def language(call: Call, query: Mapping[str, str]) -> Lang:
    known = next((one for one in LANGUAGES if one == query.get("lang")), None)
    return known or negotiation.language(call.request.headers.get("accept-language"))


def render(template: str, look: Look, values: Mapping[str, Any]) -> bytes:
    as_data = Link("JSON", look.as_data(), JSON)
    values = {"trail": (), "scene": None, "intro": "", "facts": (), "as_data": as_data, **values}
    html = templates().get_template(template).render(look=look, words=look.words, **values)
    return html.encode()


def trail(look: Look, *steps: Step) -> list[Step]:
    return [Step(look.words["html.layers"], look.to("collections")), *steps]


def layer_step(look: Look, layer: Layer) -> Step:
    return Step(look.say(layer.title), look.to("collections", layer.id))


def downloads(look: Look, layer: Layer) -> list[Link]:
    """The whole layer in every format there is; a new format shows up here by itself."""
    return [
        Link(kind.name, look.base + path_to("downloads", f"{layer.id}.{ending}"), kind.media_type)
        for ending, kind in each_format().items()
    ]


def small_map(shown: Shown, layer: Layer, features: str, selected: str | None) -> str:
    """What the small map's script is told, as JSON for an attribute."""
    look, store = shown.look, shown.store
    # Towns give their bearings to a single thing; under a list's symbols they would crowd.
    roles = ("areas", "backdrop", *(("places",) if selected else ()))
    context = [
        one
        for one in store.layers()
        if one.role in roles and one.id != layer.id and is_small(store, one)
    ]
    scene = {
        "layer": map_layer(look, layer),
        "features": features,
        "selected": selected,
        "page": look.to("collections", layer.id, "items", "{id}").replace("%7Bid%7D", "{id}"),
        "context": [map_layer(look, one) for one in context],
        "label": look.word("html.map_label", name=look.say(layer.title)),
        "zoom_in": look.words["map.zoom_in"],
        "zoom_out": look.words["map.zoom_out"],
        "all_drawn": look.words["html.all_drawn"],
        "some_drawn": look.words["html.some_drawn"],
        "failed": look.word("status.failed", name=look.say(layer.title)),
    }
    return orjson.dumps(scene).decode()


def is_small(store: Store, layer: Layer) -> bool:
    return store.count(layer.id, StoreQuery()) <= MOST_CONTEXT


def map_layer(look: Look, layer: Layer) -> dict[str, Any]:
    """The layer's definition as far as the map draws by it: its fields with a role."""
    told = plain(layer)
    fields = [one for one in told["schema"]["fields"] if one["role"]]
    return {
        **{name: told[name] for name in TOLD},
        "style": {**told["style"], "fills": {"values": told["style"]["fills"]}},
        "schema": {"geometry": layer.schema.geometry, "fields": fields},
        "url": look.base + path_to("downloads", f"{layer.id}.geojson"),
    }

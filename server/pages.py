"""The map page and its script: drawn when the layers have changed, and kept until then."""

import asyncio
import importlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any, NamedTuple

from layers.model import LANGUAGES, Lang
from layers.stores.store import Reading, Store
from server.assets import Assets
from server.caching import Kept
from server.page import page_html
from server.pool import Pool
from server.scene import Scene, read_scene, scene_key
from server.settings import Settings

# A page fetched a moment ago still asks for the script it was made with.
SCRIPTS_KEPT = 8
DRAW_SECONDS = 20.0
# Only the first picture's: the page's script fits the zone into its window.
OPENING_ZOOM = 9
# Without a raster basemap nothing finer than generalised boundaries is to be seen.
OWN_MAX_ZOOM = 14


class Drawn(NamedTuple):
    key: str
    html: Mapping[tuple[Lang, bool], Kept]  # in a language; of a frame in a page of others
    script: Kept


class Pages:
    """Holds the page as it is now, in each language."""

    def __init__(
        self, store: Callable[[], Store], pool: Pool, assets: Assets, settings: Settings
    ) -> None:
        self._store, self._pool, self._assets, self._settings = store, pool, assets, settings
        self._drawn: Drawn | None = None
        self._scripts: OrderedDict[str, Kept] = OrderedDict()
        self._drawing = asyncio.Lock()

    async def current(self) -> Drawn:
        """The page for the store's present state."""
        key = await self._pool.run(lambda _: self._key())
        if self._drawn is None or self._drawn.key != key:
            async with self._drawing:
                if self._drawn is None or self._drawn.key != key:
                    self._drawn = await self._pool.run(self._draw, seconds=DRAW_SECONDS)
                    self._keep(self._drawn.script)
        return self._drawn

    async def script(self, hash: str) -> Kept | None:
        """The map script of that hash; one not drawn by this process may be the present one."""
        if hash not in self._scripts:
            await self.current()
        return self._scripts.get(hash)

    def _key(self) -> str:
        return scene_key(self._store())

    def _draw(self, _: Reading) -> Drawn:
        store = self._store()
        scene = read_scene(store, self._assets, self._settings)
        maps = import_maps()
        drawn = {lang: draw(maps, scene, lang) for lang in LANGUAGES}
        script = Kept(drawn[LANGUAGES[0]][1].encode(), "text/javascript")
        origins = self._settings.embed_message_origins
        html = {
            (lang, framed): page_html(
                scene, element, script.tag, self._assets, lang, origins if framed else None
            )
            for lang, (element, _) in drawn.items()
            for framed in (False, True)
        }
        return Drawn(scene.key, html, script)

    def _keep(self, script: Kept) -> None:
        self._scripts[script.tag] = script
        self._scripts.move_to_end(script.tag)
        while len(self._scripts) > SCRIPTS_KEPT:
            self._scripts.popitem(last=False)


def draw(maps: ModuleType, scene: Scene, lang: str) -> tuple[str, str]:
    """folium's element and script; the script is the same in every language."""
    chart = maps.ZoneMap(scene.title.of(lang), scene.config, **options_of(scene))
    for entry in scene.layers:
        maps.ZoneLayer(entry).add_to(chart)
    html, script = chart.parts()
    return html, script


def options_of(scene: Scene) -> dict[str, Any]:
    """folium's and Leaflet's."""
    west, south, east, north = scene.extent or (-180.0, -60.0, 180.0, 75.0)
    return {
        "location": [(south + north) / 2, (west + east) / 2],
        "zoom_start": OPENING_ZOOM if scene.extent else 1,
        # Quarter steps let the zone fill the window whatever its shape.
        "zoom_snap": 0.25,
        "zoom_delta": 0.5,
        "min_zoom": 1,
        "max_zoom": max([OWN_MAX_ZOOM, *(one["max_zoom"] for one in scene.config["basemaps"])]),
        "zoom_control": False,
        "attribution_control": False,
    }


def import_maps() -> ModuleType:
    """server.maps, and with it folium, without pandas.

    `import folium` costs 0.5 s and 112 MB when it finds pandas, 0.3 s and 42 MB when it does not.
    It needs pandas only to take coordinates out of a DataFrame and is written to do without.
    Measured with everything else the server loads: 147 MB against 78, so that no second process
    has to draw the page to stay within 150.
    """
    here = NotHere("pandas", threading.get_ident())
    sys.meta_path.insert(0, here)
    try:
        return importlib.import_module("server.maps")
    finally:
        sys.meta_path.remove(here)


class NotHere(MetaPathFinder):
    """A module that one thread is not to find; others may be in need of it at the same time."""

    def __init__(self, name: str, thread: int) -> None:
        self._name, self._thread = name, thread

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == self._name and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(name=name)

"""The map as folium has it: shown in a notebook, and saved as one file that needs no server."""

import html
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.catalog import Catalog
from layers.errors import BadFeature
from layers.frames.taken import BadFrame, layer_of
from layers.model import Lang, Query, Text, Zone
from layers.stores.geopackage import GeoPackage
from layers.stores.remembered import Remembered
from layers.stores.store import Store
from server.assets import read_assets
from server.copy import new_features
from server.known import check
from server.maps import ZoneLayer, ZoneMap
from server.onefile import OneFile
from server.pages import options_of
from server.params import pairs, read
from server.scene import file_scene
from server.search_index import SearchIndex
from server.settings import Settings
from server.source import Source
from server.view_params import FILE_VIEW
from server.whole import whole
from zoneatlas.asked import check_selected

if TYPE_CHECKING:
    import geopandas as gpd

# By the ids of their layers, each with its title.
Frames = Mapping[str, "tuple[gpd.GeoDataFrame, Text]"]


class Map(ZoneMap):
    """The page's map of a view; what folium draws by itself (circles, lines) may be added to it."""

    def __init__(self, source: Source, query: bytes, lang: Lang, height: int) -> None:
        given = read(query, FILE_VIEW)
        with source.store.reading():
            check(source, given)
            check_selected(source.store, dict(pairs(query)))
            scene = file_scene(source.store, source.settings)
            super().__init__(scene.title.of(lang), scene.config, **options_of(scene))
            for entry in scene.layers:
                ZoneLayer(entry).add_to(self)
        self._source, self._given, self._query = source, given, query
        self._lang, self._pixels, self._title = lang, height, scene.title.of(lang)

    def to_html(self) -> str:
        """The whole page, which needs no server and no network."""
        one_file = OneFile(read_assets())
        with self._source.store.reading():
            html = one_file.html(self._source, self._given, self._query, self._lang, self)
        return html.decode()

    def save(self, outfile: str | Path, **_: Any) -> None:  # type: ignore[override]  # folium's options are not ours
        """As a file that opens from a disk."""
        with whole(Path(outfile)) as sink:
            sink.write(self.to_html().encode())

    def _repr_html_(self, **_: Any) -> str:
        """For notebooks: the page in a frame of its own."""
        title, page = html.escape(self._title), html.escape(self.to_html())
        style = f"width: 100%; height: {self._pixels}px; border: 1px solid #ccc"
        return f'<iframe title="{title}" style="{style}" srcdoc="{page}"></iframe>'


def chart(
    source: Source,
    frames: Frames,
    query: bytes,
    lang: Lang,
    height: int,
) -> Map:
    """The layers of a store and, beside them, those of GeoDataFrames."""
    if not frames:
        return Map(source, query, lang, height)
    return _with_frames(
        source.store, source.store.zone(), frames, source.settings, (query, lang, height)
    )


def alone(frames: Frames, title: Text, query: bytes, lang: Lang, height: int) -> Map:
    return _with_frames(
        None, Zone(id="map", title=title), frames, Settings(), (query, lang, height)
    )


def _with_frames(
    store: Store | None,
    zone: Zone,
    frames: Frames,
    settings: Settings,
    shown: tuple[bytes, Lang, int],
) -> Map:
    folder = Path(tempfile.mkdtemp(prefix="zoneatlas-map-"))
    joined = GeoPackage.create(folder / "map.gpkg")
    try:
        _fill(joined, store, zone, frames)
        index = SearchIndex(Catalog(joined), settings)
        made = Map(Source(joined, settings, index, Remembered()), *shown)
    except BaseException:
        _remove(joined, folder)
        raise
    weakref.finalize(made, _remove, joined, folder)
    return made


def _fill(joined: GeoPackage, store: Store | None, zone: Zone, frames: Frames) -> None:
    joined.save_zone(zone)
    taken: set[str] = set()
    if store is not None:
        for layer in store.layers():
            taken.add(layer.id.casefold())
            joined.load(layer, new_features(store.batches(layer.id, Query())))
    for key, (frame, title) in frames.items():
        name = f"frames[{key!r}]"
        if key.casefold() in taken:
            raise BadFrame(name, f"the map has a layer {key!r} already; give this one another id")
        taken.add(key.casefold())
        layer, features = layer_of(name, key, frame, title)
        try:
            joined.load(layer, features)
        except BadFeature as error:
            raise BadFrame(name, str(error)) from error


def _remove(joined: GeoPackage, folder: Path) -> None:
    joined.close()
    shutil.rmtree(folder, ignore_errors=True)

"""A zone that is open: its layers as GeoDataFrames and on the map."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from layers.catalog import Catalog
from layers.errors import AtlasError, InvalidQuery
from layers.frames.given import frame_of
from layers.frames.taken import layer_of
from layers.model import Lang, Layer, Text
from layers.stores.remembered import Remembered
from server.order import content_of, order_of
from server.search_index import SearchIndex
from server.settings import Settings, default_data_dir
from server.source import Source
from zoneatlas.asked import height_of, lang_of, query_of

if TYPE_CHECKING:
    import geopandas as gpd

    from zoneatlas.chart import Map

Words = str | tuple[str, str]  # in one language, or in Chinese and English


class Fixed(AtlasError):
    """Layers that are read from files would be read again."""

    def __init__(self) -> None:
        super().__init__(
            "load: this zone is read from layer files; open a GeoPackage to keep layers in it."
        )


def open(  # noqa: A001  # as other libraries open what they read
    store: str | Path | None = None, *, data_dir: str | Path | None = None
) -> "Atlas":
    """A GeoPackage or a folder of layer files; the bundled zone if left out.

    `data_dir`: where the bundled zone and folders are kept once they are read.
    """
    folder = default_data_dir() if data_dir is None else Path(data_dir)
    return Atlas(Catalog.open(store, folder), Settings(data_dir=folder))


def map(  # noqa: A001  # what people look for
    frames: "gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame]",
    *,
    title: Words = ("地图", "Map"),
    lang: Lang = "zh",
    height: int = 600,
    **view: object,
) -> "Map":
    """GeoDataFrames of one's own on a map, without a zone; `view` as in `Atlas.map`."""
    from zoneatlas.chart import alone

    words = text_of("title", title)
    named = titled(frames) if isinstance(frames, Mapping) else {"frame": (frames, words)}
    return alone(named, words, query_of(view), lang_of(lang), height_of(height))


class Atlas:
    """Made by `open`; ends with `close`, or as a context."""

    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        self.catalog = catalog
        self._settings = settings
        self._index, self._remembered = SearchIndex(catalog, settings), Remembered()

    @property
    def layers(self) -> list[Layer]:
        return self.catalog.store.layers()

    def frame(
        self,
        layer: str,
        *,
        crs: str = "CRS84",
        filter: str | None = None,
        q: str | None = None,
        area: str | None = None,
        certainty: str | None = None,
        bbox: Sequence[float] | None = None,
        datetime: str | None = None,
        properties: Sequence[str] | None = None,
        geometry: str | None = None,
        lang: Lang = "zh",
    ) -> "gpd.GeoDataFrame":
        """The features of a layer, by their ids; asked for as a download is (docs/downloads.md)."""
        asked = {
            "crs": crs,
            "filter": filter,
            "q": q,
            "area": area,
            "certainty": certainty,
            "bbox": bbox,
            "datetime": datetime,
            "properties": properties,
            "geometry": geometry,
        }
        self.catalog.store.layer(layer)  # one of them: of the whole map there is no one frame
        order = order_of(layer, "geojson", query_of(asked), lang, self._settings)
        if order.crs.is_offset:
            allowed = "a CRS with a definition: GCJ-02 and BD-09 have none, and positions in them"
            raise InvalidQuery("crs", crs, f"{allowed} would be taken for WGS 84")
        source = self.source(lang)
        source.get_ready(order.given)
        with self.catalog.store.reading():
            [part] = content_of(source, order).parts
            return frame_of(part, order.crs)

    def load(self, id: str, frame: "gpd.GeoDataFrame", *, title: Words | None = None) -> int:
        """Keeps a GeoDataFrame as a layer, in the place of one of that id; how many features."""
        if self.catalog.is_read_from_files:
            raise Fixed
        layer, features = layer_of("frame", id, frame, text_of("title", title or id))
        return self.catalog.store.load(layer, features)

    def map(
        self,
        *,
        layers: Sequence[str] | None = None,
        filter: str | None = None,
        q: str | None = None,
        area: str | None = None,
        certainty: str | None = None,
        selected: str | None = None,
        center: tuple[float, float] | None = None,
        zoom: float | None = None,
        frames: "Mapping[str, gpd.GeoDataFrame] | None" = None,
        lang: Lang = "zh",
        height: int = 600,
        **view: object,
    ) -> "Map":
        """The map page with a view; the parameters are those of its address (docs/map.md).

        `layers`: the sites that are switched on, beside what frames the map; `center`: longitude
        and latitude; `selected`: layer/id; `frames`: GeoDataFrames of one's own, by the ids that
        they have as layers, which no layer of the zone may have.
        """
        from zoneatlas.chart import chart

        known = {
            "layers": None if layers is None else [*layers, *framing(self.layers)],
            "filter": filter,
            "q": q,
            "area": area,
            "certainty": certainty,
            "selected": selected,
            "center": center,
            "zoom": zoom,
        }
        query, pixels = query_of({**known, **view}), height_of(height)
        return chart(self.source(lang), titled(frames or {}), query, lang, pixels)

    def source(self, lang: Lang) -> Source:
        store, lang = self.catalog.store, lang_of(lang)
        return Source(store, self._settings, self._index, self._remembered, lang)

    def close(self) -> None:
        self.catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def framing(layers: Sequence[Layer]) -> list[str]:
    return [one.id for one in layers if one.role != "sites" and one.visible]


def titled(
    frames: "Mapping[str, gpd.GeoDataFrame]",
) -> "dict[str, tuple[gpd.GeoDataFrame, Text]]":
    return {name: (frame, Text(name, name)) for name, frame in frames.items()}


def text_of(name: str, words: Words) -> Text:
    match words:
        case str():
            return Text(words, words)
        case (str() as zh, str() as en):
            return Text(zh, en)
    raise InvalidQuery(name, words, "a text, or one in Chinese and one in English")

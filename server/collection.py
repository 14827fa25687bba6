"""What is said about a layer as a whole: the collection of OGC API Features."""

from typing import Any, NamedTuple

from geo.crs import CRS84, is_wgs84
from geo.extent import Extent
from layers.filter.instants import DAY, stored_instant
from layers.model import Layer, Query
from layers.registry import each_format
from layers.stores.store import Store
from server import crs, params, tilesets
from server.links import Links, link
from server.media import GEOJSON, HTML, JSON, SCHEMA
from server.params import Given
from server.queries import crs_of, instant_field
from server.settings import Settings
from server.site import Site

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
RELATIONS = "http://www.opengis.net/def/rel/ogc/1.0"


class Whole(NamedTuple):
    """What takes a look at all features of a layer."""

    extent: Extent | None
    interval: tuple[str, str] | None
    crs: tuple[str, ...]


def whole_of(site: Site, store: Store, layer: Layer) -> Whole:
    return site.remembered.get(
        ("whole", layer.id),
        store.version(layer.id),
        lambda: Whole(
            store.extent(layer.id), interval_of(store, layer), offered(site.settings, store, layer)
        ),
    )


def offered(settings: Settings, store: Store, layer: Layer) -> tuple[str, ...]:
    """The CRSs that features of the layer can be asked for in; the default first."""
    return crs.offered(settings, store.extent(layer.id))


def answer_crs(settings: Settings, store: Store, layer: Layer, given: Given) -> str:
    name = given.get(params.CRS) or CRS84
    return name if is_wgs84(name) else crs_of(given, params.CRS, offered(settings, store, layer))


def interval_of(store: Store, layer: Layer) -> tuple[str, str] | None:
    """The first and the last instant, as RFC 3339 writes them; days from their first second."""
    field = instant_field(layer)
    if field is None:
        return None
    [found] = store.groups(layer.id, Query(), [], [field.name])
    first, last = (_instant(end) for end in (found.of[0].least, found.of[0].greatest))
    return None if first is None or last is None else (first, last)


def _instant(value: object) -> str | None:
    if isinstance(value, str) and len(value) == DAY:
        return f"{value}T00:00:00Z"
    return stored_instant(value)  # another program may have spelled it otherwise


def page_of(links: Links, *path: str) -> dict[str, str]:
    """The same for people."""
    return link("alternate", links.to(*path, query={"f": "html"}), HTML)


def collection_document(layer: Layer, whole: Whole, links: Links, lang: str) -> dict[str, Any]:
    path = ("collections", layer.id)
    title = layer.title.of(lang)
    document: dict[str, Any] = {
        "id": layer.id,
        "title": title,
        "description": layer.description.of(lang),
        "itemType": "feature",
        "crs": [crs.uri(name) for name in whole.crs],
        "storageCrs": crs.CRS84_URI,
        "links": [
            link("self", links.to(*path), JSON, title),
            page_of(links, *path),
            link("items", links.to(*path, "items"), GEOJSON, title),
            link(f"{RELATIONS}/queryables", links.to(*path, "queryables"), SCHEMA),
            link(f"{RELATIONS}/schema", links.to(*path, "schema"), SCHEMA),
            # GDAL takes the first, and understands none but the schema of GeoJSON.
            link("describedby", links.to(*path, "schema", query={"f": "geojson"}), SCHEMA),
            link("describedby", links.to(*path, "schema"), SCHEMA),
            *tilesets.tileset_links(links, *path),
            *(
                link(
                    "enclosure",
                    links.to("downloads", f"{layer.id}.{extension}"),
                    kind.media_type,
                    kind.name,
                )
                for extension, kind in each_format().items()
            ),
        ],
    }
    if layer.licence and is_web_address(layer.licence.address):
        licence = layer.licence
        document["links"].append(
            link("license", str(licence.address), HTML, licence.title.of(lang))
        )
    extent: dict[str, Any] = {}
    if whole.extent:
        # Rounded outward: no feature may lie outside the extent its layer declares.
        box = list(whole.extent.outward())
        extent["spatial"] = {"bbox": [box], "crs": crs.CRS84_URI}
    if whole.interval:
        extent["temporal"] = {"interval": [list(whole.interval)], "trs": GREGORIAN}
    if extent:
        document["extent"] = extent
    return document


def is_web_address(address: str | None) -> bool:
    return bool(address) and str(address).lower().startswith(("https://", "http://"))

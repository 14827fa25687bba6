"""What is said about tiles: tile matrix sets, tilesets with their limits, TileJSON.

OGC API - Tiles 1.0 (20-057) with the metadata of OGC 17-083r4, and TileJSON 3.0.0. A tileset is one
layer's, or the whole map's with every layer in one tile.
"""

import html
from typing import Any, NamedTuple

from geo import mvt, tiles
from geo.extent import Extent
from layers.model import Field, Layer, Schema, Zone
from layers.stores.store import Store
from server.links import Links, link

JSON, HTML = "application/json", "text/html"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RELATIONS = "http://www.opengis.net/def/rel/ogc/1.0"
WORLD = Extent(-180.0, -90.0, 180.0, 90.0)
# A unit of a tile is then 4 cm on the ground; clients draw larger what is nearer.
MAX_ZOOM = 18
TILE_IN_OGC_ORDER = "/{tileMatrix}/{tileRow}/{tileCol}"
TILE_IN_XYZ_ORDER = "/{z}/{y}/{x}"
DIMENSIONS = {"Point": 0, "LineString": 1, "Polygon": 2}
TYPES: dict[str, tuple[str, dict[str, str]]] = {
    "text": ("String", {"type": "string"}),
    "integer": ("Number", {"type": "integer"}),
    "number": ("Number", {"type": "number"}),
    "boolean": ("Boolean", {"type": "boolean"}),
    "date": ("String", {"type": "string", "format": "date"}),
    "datetime": ("String", {"type": "string", "format": "date-time"}),
    "list": ("String", {"type": "string", "contentMediaType": JSON}),  # tiles have no lists
}

CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
    for name in (
        "core",
        "tileset",
        "tilesets-list",
        "dataset-tilesets",
        "geodata-tilesets",
        "mvt",
        "oas30",
    )
)


class Tileset(NamedTuple):
    """The layers that a tileset shows with their extents, and the path it is reached at."""

    path: tuple[str, ...]
    title: str
    layers: list[tuple[Layer, Extent | None]]

    @property
    def extent(self) -> Extent:
        """What its limits are drawn around; the world while there is nothing."""
        found = [extent for _, extent in self.layers if extent]
        whole = found[0] if found else WORLD
        for extent in found[1:]:
            whole = whole.union(extent)
        return whole

    def limits(self, zoom: int) -> tiles.TileRange:
        """With the buffer: a symbol at a tile's edge is drawn by its neighbour too."""
        return tiles.tile_limits(self.extent, zoom, mvt.MARGIN)

    def holds(self, tile: tiles.Tile) -> bool:
        return tile.exists and tile.zoom <= MAX_ZOOM and tile in self.limits(tile.zoom)


def layer_tileset(store: Store, layer_id: str, lang: str) -> Tileset:
    layer = store.layer(layer_id)
    path = ("collections", layer.id, "tiles")
    return Tileset(path, layer.title.of(lang), [(layer, store.extent(layer.id))])


def map_tileset(store: Store, lang: str) -> Tileset:
    layers = [(layer, store.extent(layer.id)) for layer in store.layers()]
    return Tileset(("tiles",), store.zone().title.of(lang), layers)


def matrix_sets_document(links: Links) -> dict[str, Any]:
    quad = tiles.web_mercator_quad()
    address = links.to("tileMatrixSets", tiles.ID)
    # The standard has `self`, the OGC's suite looks for `item`.
    own = [link(rel, address, JSON, str(quad["title"])) for rel in ("self", "item")]
    entry = {name: quad[name] for name in ("id", "title", "uri", "crs")}
    return {
        "links": document_links(links, "tileMatrixSets"),
        "tileMatrixSets": [{**entry, "links": own}],
    }


def matrix_set_document(links: Links) -> dict[str, Any]:
    return {**tiles.web_mercator_quad(), "links": document_links(links, "tileMatrixSets", tiles.ID)}


def tilesets_document(tileset: Tileset, links: Links) -> dict[str, Any]:
    return {
        "title": tileset.title,
        "links": document_links(links, *tileset.path),
        "tilesets": [summary(tileset, links)],
    }


def tileset_document(tileset: Tileset, zone: Zone, links: Links, lang: str) -> dict[str, Any]:
    path = (*tileset.path, tiles.ID)
    item = link("item", links.to(*path) + TILE_IN_OGC_ORDER, mvt.MEDIA_TYPE, tileset.title)
    described = link("describedby", links.to(*path, "tilejson.json"), JSON, "TileJSON")
    whole = summary(tileset, links)
    return {
        **whole,
        "attribution": zone.credit.of(lang),
        "boundingBox": bounding_box(tileset.extent),
        "layers": [data_layer(layer, extent, lang) for layer, extent in tileset.layers],
        "links": [
            *whole["links"],
            {**item, "templated": True},
            link_to_page(links, *path),
            described,
        ],
    }


def summary(tileset: Tileset, links: Links) -> dict[str, Any]:
    """What list and tileset both say.

    The OGC's suite takes the limits from the list and follows every link in it: no templates.
    """
    address = links.to(*tileset.path, tiles.ID)
    scheme = links.to("tileMatrixSets", tiles.ID)
    return {
        "title": tileset.title,
        "dataType": "vector",
        "crs": tiles.CRS_URI,
        "tileMatrixSetId": tiles.ID,
        "tileMatrixSetURI": tiles.URI,
        "tileMatrixSetLimits": [tileset.limits(zoom).document() for zoom in range(MAX_ZOOM + 1)],
        "links": [
            link("self", address, JSON, tileset.title),
            link(f"{RELATIONS}/tiling-scheme", scheme, JSON, tiles.ID),
        ],
    }


def data_layer(layer: Layer, extent: Extent | None, lang: str) -> dict[str, Any]:
    properties = {
        id_attribute(layer.schema): {"type": "string"},
        **{one.name: property_schema(one, lang) for one in layer.schema.fields},
    }
    found: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title.of(lang),
        "description": layer.description.of(lang),
        "dataType": "vector",
        "minTileMatrix": "0",
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {"type": "object", "properties": properties},
    }
    dimension = DIMENSIONS.get(layer.schema.geometry.removeprefix("Multi"))
    if dimension is not None:
        found["geometryDimension"] = dimension
    return {**found, "boundingBox": bounding_box(extent)} if extent else found


def property_schema(field: Field, lang: str) -> dict[str, str]:
    return {"title": field.label.of(lang), **TYPES[field.type][1]}


def id_attribute(schema: Schema) -> str:
    """The attribute that holds a feature's id, beside the fields: `id` unless one of them is."""
    name = "id"
    while schema.field(name):
        name += "_"
    return name


def bounding_box(extent: Extent) -> dict[str, Any]:
    west, south, east, north = extent.outward()
    return {
        "lowerLeft": [west, south],
        "upperRight": [east, north],
        "crs": CRS84,
        "orderedAxes": ["Lon", "Lat"],
    }


def tilejson_document(tileset: Tileset, zone: Zone, links: Links, lang: str) -> dict[str, Any]:
    west, south, east, north = tileset.extent.outward()
    if west > east:  # TileJSON has no box across the antimeridian
        west, east = -180.0, 180.0
    return {
        "tilejson": "3.0.0",
        "name": tileset.title,
        # Clients write it into their pages as markup; so it is.
        "attribution": html.escape(zone.credit.of(lang), quote=False),
        "scheme": "xyz",
        "tiles": [links.to(*tileset.path, tiles.ID) + TILE_IN_XYZ_ORDER],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": [west, south, east, north],
        "vector_layers": [vector_layer(layer, lang) for layer, _ in tileset.layers],
    }


def vector_layer(layer: Layer, lang: str) -> dict[str, Any]:
    fields = {one.name: TYPES[one.type][0] for one in layer.schema.fields}
    return {
        "id": layer.id,
        "description": layer.title.of(lang),
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "fields": {id_attribute(layer.schema): "String", **fields},
    }


def tileset_links(links: Links, *path: str) -> list[dict[str, str]]:
    """The links of a layer, or of the landing page, to its tiles."""
    own = (*path, "tiles")
    return [
        link(f"{RELATIONS}/tilesets-vector", links.to(*own), JSON, "Vector tiles"),
        # Not describedby: clients look there for the schema of the features.
        link("related", links.to(*own, tiles.ID, "tilejson.json"), JSON, "TileJSON"),
    ]


def matrix_sets_link(links: Links) -> dict[str, str]:
    address = links.to("tileMatrixSets")
    return link(f"{RELATIONS}/tiling-schemes", address, JSON, "Tile matrix sets")


def document_links(links: Links, *path: str) -> list[dict[str, str]]:
    return [link("self", links.to(*path), JSON), link_to_page(links, *path)]


def link_to_page(links: Links, *path: str) -> dict[str, str]:
    return link("alternate", links.to(*path, query={"f": "html"}), HTML)

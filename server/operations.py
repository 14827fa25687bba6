"""What can be asked of the server: one row for each route, which the API definition is made of."""

from typing import Any, NamedTuple

from geo.mvt import MEDIA_TYPE as MVT
from server import esri, params
from server.board.board import MEDIA_TYPES as BOARD_TYPES
from server.board.parameters import BOARD, BOARD_PNG
from server.embed import EMBED, OEMBED
from server.media import GEOJSON, HTML, JSON, OPENAPI_3_0, SCHEMA
from server.params import DOCUMENT, DOWNLOAD, FEATURE, ITEMS, LANDING, LANG, OFFER, Parameter
from server.picture.image import MEDIA_TYPES
from server.picture.parameters import IMAGE, VIEW_PARTS
from server.picture.presskit import ZIP
from server.picture.qr import SCALE
from server.profile.route import MEDIA_TYPES as PROFILES
from server.profile.route import PATH as PROFILE_PATH
from server.profile.route import PROFILE
from server.tiles import JSON_ONLY, TILE
from server.view_params import FILE_VIEW, VIEW

ANYTHING = "*/*"
TILE_PATH = "WebMercatorQuad/{tile_matrix}/{tile_row}/{tile_col}"


class Operation(NamedTuple):
    """A GET: its name, what it gives and as what, and the parameters after the question mark."""

    id: str
    tag: str
    summary: str
    media: tuple[str, ...]
    parameters: tuple[Parameter[Any], ...] = ()
    schema: str | None = None  # of the JSON among the media
    status: int = 200
    form: bool = False  # whether the parameters may come as a form by POST
    empty: bool = False  # whether there may be nothing to give: 204


LAYER = "/collections/{layer_id}"
SERVICE = "/rest/services/{zone_id}/FeatureServer"
OPERATIONS: dict[str, Operation] = {
    "/": Operation(
        "getLandingPage", "Server", "Landing page", (JSON, HTML), LANDING, "landingPage"
    ),
    "/api": Operation("getApi", "Server", "This document", (OPENAPI_3_0, JSON), DOCUMENT, "object"),
    "/conformance": Operation(
        "getConformance", "Server", "Conformance classes", (JSON,), DOCUMENT, "conformance"
    ),
    "/collections": Operation(
        "getCollections", "Layers", "All layers", (JSON,), DOCUMENT, "collections"
    ),
    LAYER: Operation("getCollection", "Layers", "One layer", (JSON,), DOCUMENT, "collection"),
    f"{LAYER}/queryables": Operation(
        "getQueryables", "Layers", "What a filter may ask for", (SCHEMA, JSON), DOCUMENT, "object"
    ),
    f"{LAYER}/schema": Operation(
        "getSchema", "Layers", "What the features are", (SCHEMA, JSON), params.SCHEMA, "object"
    ),
    f"{LAYER}/items": Operation(
        "getFeatures", "Features", "Features, page by page", (GEOJSON,), ITEMS, "features"
    ),
    f"{LAYER}/items/{{feature_id}}": Operation(
        "getFeature", "Features", "One feature", (GEOJSON,), FEATURE, "feature"
    ),
    f"{LAYER}/tiles": Operation(
        "collection.vector.getTileSetsList", "Tiles", "Tilesets of a layer", (JSON,), DOCUMENT,
        "object",
    ),
    f"{LAYER}/tiles/WebMercatorQuad": Operation(
        "collection.vector.getTileSet", "Tiles", "A tileset", (JSON,), DOCUMENT, "object"
    ),
    f"{LAYER}/tiles/WebMercatorQuad/tilejson.json": Operation(
        "collection.vector.getTileJson", "Tiles", "TileJSON 3.0", (JSON,), JSON_ONLY, "object"
    ),
    f"{LAYER}/tiles/{TILE_PATH}": Operation(
        "collection.vector.getTile", "Tiles", "A vector tile", (MVT,), TILE, empty=True
    ),
    "/tiles": Operation(
        "dataset.vector.getTileSetsList", "Tiles", "Tilesets of the map", (JSON,), DOCUMENT,
        "object",
    ),
    "/tiles/WebMercatorQuad": Operation(
        "dataset.vector.getTileSet", "Tiles", "The map's tileset", (JSON,), DOCUMENT, "object"
    ),
    "/tiles/WebMercatorQuad/tilejson.json": Operation(
        "dataset.vector.getTileJson", "Tiles", "TileJSON 3.0 of the map", (JSON,), JSON_ONLY,
        "object",
    ),
    f"/tiles/{TILE_PATH}": Operation(
        "dataset.vector.getTile", "Tiles", "A vector tile of the map", (MVT,), TILE, empty=True
    ),
    "/tileMatrixSets": Operation(
        "getTileMatrixSetsList", "Tiles", "Tile matrix sets", (JSON,), DOCUMENT, "object"
    ),
    "/tileMatrixSets/WebMercatorQuad": Operation(
        "getTileMatrixSet", "Tiles", "A tile matrix set", (JSON,), DOCUMENT, "object"
    ),
    "/downloads/{layer_id}.{extension}": Operation(
        "download", "Downloads", "A layer or the whole map as a file", (ANYTHING,), DOWNLOAD
    ),
    "/downloads/{layer_id}": Operation(
        "getDownloads", "Downloads", "What a layer or the map can be downloaded as", (JSON,),
        OFFER, "object",
    ),
    "/exports/{export_id}": Operation(
        "getExport", "Downloads", "How far a file is that is written in the background", (JSON,),
        (), "object",
    ),
    "/exports/{export_id}/file": Operation(
        "getExportFile", "Downloads", "The file itself", (ANYTHING,)
    ),
    "/search": Operation(
        "search", "Features", "Features found by what people type, and places by coordinates",
        (JSON,), params.SEARCH, "search",
    ),
    "/coordinates": Operation(
        "getCoordinates", "Features", "A position in every system that coordinates are written in",
        (JSON,), params.COORDINATES, "coordinates",
    ),
    "/s/{link_id}": Operation(
        "followLink", "Page", "To the map with the view of a short link", (), status=303
    ),
    "/embed": Operation(
        "getEmbed", "Page", "The map for a frame in another page", (HTML,), EMBED
    ),
    "/embed.js": Operation(
        "getElement", "Page", "The script that makes the element zone-atlas known", (ANYTHING,)
    ),
    "/oembed": Operation(
        "getOEmbed", "Page", "How a map of this server is put into a page (oEmbed 1.0)", (JSON,),
        OEMBED, "object",
    ),
    "/onefile.html": Operation(
        "getMapFile", "Page", "The map of a view as one HTML file that needs no server", (HTML,),
        FILE_VIEW,
    ),
    **{
        f"/image.{form}": Operation(
            f"getImage.{form}", "Pictures", "A view of the map as a picture", (media,), IMAGE
        )
        for form, media in MEDIA_TYPES.items()
    },
    **{
        f"/qr.{form}": Operation(
            f"getQr.{form}", "Pictures", "The address of a view as a QR code", (MEDIA_TYPES[form],),
            VIEW_PARTS,
        )
        for form in SCALE
    },
    "/presskit.zip": Operation(
        "getPressKit", "Pictures",
        "A view for the press: pictures in four shapes, an SVG, caption, QR code and link",
        (ZIP,), VIEW_PARTS,
    ),
    "/board.pdf": Operation(
        "getBoard.pdf", "Pictures", "A view on sheets of paper, to print and to hand round",
        (BOARD_TYPES["pdf"],), BOARD,
    ),
    "/board.png": Operation(
        "getBoard.png", "Pictures", "One page of a board as a picture; Page-Count says how many",
        (BOARD_TYPES["png"],), BOARD_PNG,
    ),
    **{
        f"{PROFILE_PATH}.{form}": Operation(
            f"getProfile.{form}", "Downloads", "One page about a feature, to print or to enclose",
            (media,), PROFILE,
        )
        for form, media in PROFILES.items()
    },
    "/matches": Operation(
        "getMatches", "Features", "What matches, how sure it is to be in an area, and how far away",
        (JSON,), params.MATCHES, "matches",
    ),
    "/stats": Operation(
        "getStatistics", "Features", "How many features there are, by the values of their fields",
        (JSON,), params.STATS, "statistics",
    ),
    "/connect/{name}.{extension}": Operation(
        "connect", "Downloads", "A file that opens a layer, or the map, in QGIS", (ANYTHING,),
        (LANG,),
    ),
    "/rest/info": Operation(
        "esri.getInfo", "Esri", "What this is to Esri's clients", (JSON,), esri.DOCUMENT, "object",
        form=True,
    ),
    "/rest/services": Operation(
        "esri.getServices", "Esri", "The services", (JSON,), esri.DOCUMENT, "object",
        form=True,
    ),
    SERVICE: Operation(
        "esri.getService", "Esri", "The feature service", (JSON,), esri.DOCUMENT, "object",
        form=True,
    ),
    f"{SERVICE}/layers": Operation(
        "esri.getLayers", "Esri", "Its layers", (JSON,), esri.DOCUMENT, "object",
        form=True,
    ),
    f"{SERVICE}/{{number}}": Operation(
        "esri.getLayer", "Esri", "One of its layers", (JSON,), esri.DOCUMENT, "object",
        form=True,
    ),
    f"{SERVICE}/{{number}}/query": Operation(
        "esri.query", "Esri", "Features, as Esri's clients ask", (JSON, GEOJSON), esri.QUERY,
        "object", form=True,
    ),
    "/health": Operation("getHealth", "Server", "Whether the server works", (JSON,), (), "object"),
    "/static/{hash}/{path}": Operation(
        "getAsset", "Page", "A file of the map page", (ANYTHING,)
    ),
    "/map-{hash}.js": Operation("getMapScript", "Page", "The script of the map", (ANYTHING,)),
    "/favicon.ico": Operation("getIcon", "Page", "No icon", (), status=204),
}  # fmt: skip
# What is no GET, by method and path.
WRITES: dict[tuple[str, str], Operation] = {
    ("post", "/downloads/{layer_id}.{extension}"): Operation(
        "beginExport", "Downloads", "Write the file in the background", (JSON,), DOWNLOAD,
        "object", status=202,
    ),
    ("delete", "/exports/{export_id}"): Operation(
        "deleteExport", "Downloads", "End an export, and take its file away", (), status=204
    ),
    ("post", "/"): Operation(
        "shorten", "Page", "A short link to the map with a view", (JSON,), VIEW, "object",
        status=201,
    ),
}  # fmt: skip

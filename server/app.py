"""The application: a catalog and settings in, an ASGI app out."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import FastAPI, Response
from starlette.types import ASGIApp

from layers.catalog import Catalog
from layers.errors import AtlasError
from server import (
    connect,
    coordinates,
    downloads,
    embed,
    esri,
    exports,
    features,
    files,
    landing,
    map_file,
    matches,
    offer,
    openapi,
    schemas,
    search,
    share,
    stats,
    tiles,
)
from server.assets import read_assets
from server.background import Exports
from server.board import board
from server.errors import CatchAll
from server.gate import Gate, Options
from server.headers import CommonHeaders
from server.html import with_pages
from server.html_problem import handle_errors
from server.links import PublicAddress
from server.pages import Pages
from server.picture import image, presskit, qr
from server.pool import Pool
from server.profile import route as profile
from server.search_index import SearchIndex
from server.settings import Settings
from server.shelf import Shelf
from server.shortcut import Shortcut
from server.site import Site

REFRESH_SECONDS = 2.0

ROUTES: tuple[tuple[str, Callable[..., Awaitable[Response]]], ...] = (
    ("/", landing.landing),
    ("/api", openapi.api),
    ("/conformance", landing.conformance),
    ("/collections", features.collections),
    ("/collections/{layer_id}", features.collection),
    ("/collections/{layer_id}/queryables", schemas.queryables),
    ("/collections/{layer_id}/schema", schemas.schema),
    ("/collections/{layer_id}/items", features.items),
    ("/collections/{layer_id}/items/{feature_id}", features.feature),
    ("/collections/{layer_id}/tiles", tiles.layer_tilesets),
    ("/collections/{layer_id}/tiles/WebMercatorQuad", tiles.layer_tileset),
    ("/collections/{layer_id}/tiles/WebMercatorQuad/tilejson.json", tiles.layer_tilejson),
    (
        "/collections/{layer_id}/tiles/WebMercatorQuad/{tile_matrix}/{tile_row}/{tile_col}",
        tiles.layer_tile,
    ),
    ("/tiles", tiles.map_tilesets),
    ("/tiles/WebMercatorQuad", tiles.map_tileset),
    ("/tiles/WebMercatorQuad/tilejson.json", tiles.map_tilejson),
    ("/tiles/WebMercatorQuad/{tile_matrix}/{tile_row}/{tile_col}", tiles.map_tile),
    ("/tileMatrixSets", tiles.tile_matrix_sets),
    ("/tileMatrixSets/WebMercatorQuad", tiles.tile_matrix_set),
    ("/downloads/{layer_id}.{extension}", downloads.download),
    ("/downloads/{layer_id}", offer.offer),
    ("/exports/{export_id}", exports.state),
    ("/exports/{export_id}/file", exports.file),
    ("/search", search.search),
    ("/coordinates", coordinates.coordinates),
    ("/s/{link_id}", share.follow),
    ("/embed", embed.embed),
    ("/embed.js", embed.element),
    ("/oembed", embed.oembed),
    ("/onefile.html", map_file.map_file),
    ("/image.png", image.png),
    ("/image.svg", image.svg),
    ("/image.webp", image.webp),
    ("/qr.png", qr.png),
    ("/qr.svg", qr.svg),
    ("/presskit.zip", presskit.presskit),
    ("/board.pdf", board.pdf),
    ("/board.png", board.png),
    (f"{profile.PATH}.pdf", profile.pdf),
    (f"{profile.PATH}.docx", profile.docx),
    ("/matches", matches.matches),
    ("/stats", stats.stats),
    ("/connect/{name}.{extension}", connect.connect),
    ("/health", landing.health),
    ("/static/{hash}/{path:path}", files.asset),
    ("/map-{hash}.js", files.map_script),
    ("/favicon.ico", files.no_icon),
)

WRITES: tuple[tuple[str, str, Callable[..., Awaitable[Response]]], ...] = (
    ("POST", "/downloads/{layer_id}.{extension}", exports.begin),
    ("DELETE", "/exports/{export_id}", exports.remove),
    ("POST", "/", share.shorten),
)

# Asked for most, and so often that the way to them counts.
HOT = frozenset(
    path for path, _ in ROUTES if "/items" in path or path.endswith("{tile_row}/{tile_col}")
)

log = logging.getLogger("zoneatlas")


def create_app(catalog: Catalog, settings: Settings) -> ASGIApp:
    """The server for one catalog; closing the catalog stays with who opened it."""
    site = make_site(catalog, settings)
    # FastAPI routes and fills in dependencies; parameters and documents are our own.
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan
    )
    app.state.site = site
    routes = with_pages(ROUTES)
    for path, endpoint in routes:
        app.add_api_route(path, endpoint, methods=["GET", "HEAD"], response_model=None)
    for method, path, endpoint in WRITES:
        app.add_api_route(path, endpoint, methods=[method], response_model=None)
    esri.add_routes(app)
    handle_errors(app)
    hot = Shortcut(app, [(path, endpoint) for path, endpoint in routes if path in HOT])
    inner: ASGIApp = PublicAddress(Options(hot, app.routes), settings)
    return CatchAll(CommonHeaders(Gate(inner), settings.basemap))


def make_site(catalog: Catalog, settings: Settings) -> Site:
    assets = read_assets()
    pool = Pool(lambda: catalog.store, settings.threads, settings.query_seconds)
    pages = Pages(lambda: catalog.store, pool, assets, settings)
    exports, index = Exports(settings, pool), SearchIndex(catalog, settings)
    return Site(catalog, settings, pool, assets, Shelf(), pages, exports, index)


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    site: Site = app.state.site
    # The page is drawn while nobody waits for it yet; who comes sooner waits for the same drawing.
    begun = (site.pages.current(), refreshing(site), site.exports.tidying())
    tasks = [asyncio.create_task(one) for one in begun]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        closing = (site.exports.close(), site.search.close())
        await asyncio.gather(*tasks, *closing, return_exceptions=True)
        site.pool.close()


async def refreshing(site: Site) -> None:
    """Read changed layer files again as long as the server runs; what is wrong is said once."""
    said = set(site.catalog.notices)
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        try:
            await asyncio.to_thread(site.catalog.refresh)
            wrong = site.catalog.notices
        except AtlasError as error:
            wrong = [str(error)]
        for notice in wrong:
            if notice not in said:
                log.warning("%s", notice)
        said = set(wrong)

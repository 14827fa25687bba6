"""Tiles and tilesets as the tests ask for them."""

from typing import Any

import httpx
import mapbox_vector_tile

from tests.server.sites import Site

MVT = "application/vnd.mapbox-vector-tile"


def tilesets_of(site: Site) -> list[str]:
    """The address of the list of tilesets of each layer and of the whole map."""
    layers = [f"/collections/{layer.id}/tiles" for layer in site.catalog.store.layers()]
    return ["/tiles", *layers]


def by_rel(document: Any) -> dict[str, Any]:
    return {link["rel"]: link for link in document["links"]}


def tile_at(tilesets: str, zoom: object, row: object, column: object) -> str:
    return f"{tilesets}/WebMercatorQuad/{zoom}/{row}/{column}"


def decoded(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code == 204:
        assert answer.content == b""
        return {}
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MVT
    found: dict[str, Any] = mapbox_vector_tile.decode(
        answer.content, default_options={"y_coord_down": True}
    )
    return found


def ids(layer: Any) -> list[str]:
    return [feature["properties"]["id"] for feature in layer["features"]]


def left_out(answer: httpx.Response) -> dict[str, int]:
    said = answer.headers.get("features-left-out", "")
    return {
        name: int(number)
        for name, _, number in (one.partition("=") for one in said.split(", ") if one)
    }

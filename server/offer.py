"""What a layer, or the map, can be downloaded as, and how much that would be under a filter."""

from typing import Any, NamedTuple

import orjson
from fastapi import Response

from geo.crs import BD09, GCJ02
from geo.gauss_kruger import zone_at
from layers.export.content import Content
from layers.export.file_crs import FileCrs, file_crs, title
from layers.export.joined import joined
from layers.export.positions import GEOMETRIES, WITHOUT_DISTRICT
from layers.model import Lang, Text
from layers.registry import all_formats, each_format
from layers.stores.store import Reading, Store
from server import caching, crs
from server.asks import is_map
from server.links import Links
from server.media import JSON
from server.order import content_of, order_of
from server.params import OFFER, Given
from server.settings import Settings
from server.site import CallDep

# Counted as if for the format that holds everything: what is counted differs in none.
ANY = "geojson"


class Preset(NamedTuple):
    """Who a file is for, and the format that suits them.

    For surveyors it comes in the grid that they use there, and holds no point that a drawing could
    take for a place and is none.
    """

    id: str
    extension: str
    text: Text
    surveyed: bool = False


PRESETS = (
    Preset("gis", "gpkg", Text("给 QGIS / ArcGIS", "For QGIS and ArcGIS")),
    Preset("bureau", "shp", Text("给规划院", "For the planning bureau"), surveyed=True),
    Preset("leader", "xlsx", Text("给领导", "For the director")),
    Preset("web", "geojson", Text("给网页", "For a web page")),
)

Json = dict[str, Any]


async def offer(call: CallDep, layer_id: str) -> Response:
    settings, store, links = call.site.settings, call.store, call.links
    order = order_of(layer_id, ANY, call.query, call.lang(Given({})), settings, OFFER)

    call.must_accept(JSON)

    def document(_: Reading) -> bytes:
        content = content_of(call.source(order.lang), order)
        one = store.zone() if is_map(store, layer_id) else content.parts[0].layer
        grid = grid_of(store, content)
        found = {
            "title": one.title.of(order.lang),
            "numberMatched": content.count(),
            "withoutGeometry": content.placeless(),
            "layers": [
                {
                    "id": part.layer.id,
                    "title": part.layer.title.of(order.lang),
                    "numberMatched": part.count(),
                    "withoutGeometry": part.placeless(),
                }
                for part in content.parts
            ],
            # The filter asks for what these do not have.
            "without": [
                {"id": layer.id, "title": layer.title.of(order.lang)} for layer in content.without
            ],
            "presets": presets(grid, order.lang),
            "formats": formats(links, layer_id, order.lang),
            # Of a format that does not hold many layers: the field that then says which.
            "layerField": layer_field(content),
            "crs": [
                {"name": each.name, "title": title(each).of(order.lang), **kind_of(each)}
                for each in known(settings, grid)
            ],
            "geometries": [
                {"name": name, "title": text.of(order.lang)} for name, text in GEOMETRIES.items()
            ],
            "background": call.site.exports.offered(store),
        }
        return orjson.dumps(found)

    body = await call.run(document)
    return caching.answer(call.request, body, JSON, {"Content-Language": order.lang})


def grid_of(store: Store, content: Content) -> str | None:
    """The surveyors' zone around the middle of what the map is about."""
    parts = [one for one in content.parts if one.layer.role == "areas"] or content.parts
    boxes = [box for part in parts if (box := store.extent(part.layer.id))]
    return zone_at(sum(box.west + box.east for box in boxes) / 2 / len(boxes)) if boxes else None


def presets(grid: str | None, lang: Lang) -> list[Json]:
    found = []
    for one in PRESETS:
        kind = all_formats().get(one.extension)
        if kind is not None:
            said = {"id": one.id, "title": one.text.of(lang)}
            said |= {"extension": one.extension, "format": kind.name}
            found.append(said | (surveyed(grid, lang) if one.surveyed else {}))
    return found


def surveyed(grid: str | None, lang: Lang) -> dict[str, str]:
    shapes = WITHOUT_DISTRICT
    found = {"geometry": shapes, "geometryTitle": GEOMETRIES[shapes].of(lang)}
    if grid is None:
        return found
    return {**found, "crs": grid, "crsTitle": title(file_crs(grid, {})).of(lang)}


def layer_field(content: Content) -> str | None:
    """What names the layer of a feature where several are joined; None where there is but one."""
    return joined(content).layer.schema.fields[0].name if len(content.parts) > 1 else None


def formats(links: Links, name: str, lang: Lang) -> list[Json]:
    """One line for each."""
    return [
        {
            "name": one.name,
            "purpose": one.purpose.of(lang),
            "extension": extension,
            "type": one.media_type,
            "href": links.to("downloads", f"{name}.{extension}"),
            "manyLayers": one.many_layers,
            "projected": one.projected,
            "offsets": one.offsets,
            "encodings": list(one.encodings),
        }
        for extension, one in each_format().items()
    ]


def known(settings: Settings, grid: str | None) -> list[FileCrs]:
    """Those that the menu lists; any other EPSG code may be asked for by its number."""
    names = [*crs.offered(settings), *([grid] if grid else []), *settings.local_crs, GCJ02, BD09]
    return [file_crs(name, settings.local_crs) for name in dict.fromkeys(names)]


def kind_of(one: FileCrs) -> Json:
    return {"projected": not one.is_degrees, "offset": one.is_offset}

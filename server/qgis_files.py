"""What QGIS opens with one click: a layer (.qlr), and the whole map as a project (.qgs)."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

import numpy as np
import shapely

from geo.crs import CRS84, transform_geometries
from geo.extent import Extent
from layers.model import Query, Zone
from layers.qgis.fan import MOST_FEATURES, fan
from layers.qgis.look import NONE
from layers.qgis.xml import VERSION, crs, put, written
from layers.stores.store import Store
from server.esri_layers import Published
from server.links import Links
from server.qgis_layer import WEB_MERCATOR, layer_id, map_layer, source_of, tree_entry


def layer_file(
    store: Store, zone: Zone, found: Sequence[Published], links: Links, most: int, lang: str
) -> bytes:
    root = Element("qlr")
    tree = put(root, "layer-tree-group", expanded=1, checked="Qt::Checked", name="")
    layers = put(root, "maplayers")
    for one in found:
        source = source_of(one, links, zone.id, most)
        tree_entry(tree, one, source, lang, visible=True)
        map_layer(layers, one, source, store.extent(one.layer.id), lang)
    return written(root, "qgis-layer-definition")


def project_file(
    store: Store,
    zone: Zone,
    found: Sequence[Published],
    links: Links,
    most: int,
    words: Mapping[str, str],
    lang: str,
) -> bytes:
    """The layers in two groups: what the map is about, over what it stands on."""
    root = Element("qgis", {"version": VERSION, "projectname": zone.title.of(lang)})
    put(root, "title", zone.title.of(lang))
    crs(root, "projectCrs", WEB_MERCATOR)
    tree = put(root, "layer-tree-group")
    groups = {}
    for key in ("sites", "context"):
        groups[key] = put(
            tree, "layer-tree-group", name=words[f"connect.group_{key}"], expanded=1,
            checked="Qt::Checked",
        )  # fmt: skip
    layers, order = Element("projectlayers"), Element("layerorder")
    offsets = fan(
        (one.number, one.layer, store.features(one.layer.id, Query(limit=MOST_FEATURES + 1)))
        for one in found
        if one.kind == "point" and one.layer.role == "sites"
    )
    for one in drawn_first_to_last(found):
        source = source_of(one, links, zone.id, most)
        group = groups["sites" if one.layer.role == "sites" else "context"]
        tree_entry(group, one, source, lang, one.layer.visible)
        aside = offsets.get(one.number, NONE)
        map_layer(layers, one, source, store.extent(one.layer.id), lang, aside)
        put(order, "layer", id=layer_id(one))
    _canvas(root, store, found)
    root.append(layers)
    root.append(order)
    _properties(root, zone, lang)
    return written(root, "qgis")


def drawn_first_to_last(found: Sequence[Published]) -> list[Published]:
    """From the top of the drawing down: points over lines over areas, in the panel's order."""
    ranks = {"sites": 0, "places": 1, "areas": 2, "backdrop": 3}
    kinds = {"point": 0, "multipoint": 0, "line": 1, "area": 2}
    return sorted(found, key=lambda one: (ranks[one.layer.role], kinds[one.kind]))


def _canvas(root: Element, store: Store, found: Sequence[Published]) -> None:
    canvas = put(root, "mapcanvas", name="theMapCanvas", annotationsVisible=1)
    put(canvas, "units", "meters")
    box = put(canvas, "extent")
    bounds = _in_metres(common_extent(store, found))
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), bounds, strict=True):
        put(box, name, repr(value))
    put(canvas, "rotation", "0")
    crs(canvas, "destinationsrs", WEB_MERCATOR)


def common_extent(store: Store, found: Sequence[Published]) -> Extent:
    """That of the zone's areas; where there are none, of everything."""
    for layers in ([one for one in found if one.layer.role == "areas"], found):
        extents = [extent for one in layers if (extent := store.extent(one.layer.id))]
        if extents:
            whole = extents[0]
            for extent in extents[1:]:
                whole = whole.union(extent)
            return whole
    return Extent(-180.0, -60.0, 180.0, 75.0)


def _in_metres(extent: Extent) -> list[float]:
    south, north = max(extent.south, -85.0), min(extent.north, 85.0)
    box = np.array([shapely.box(extent.west, south, extent.east, north)], dtype=object)
    found: list[float] = shapely.bounds(transform_geometries(box, CRS84, "EPSG:3857")[0]).tolist()
    return found


def _properties(root: Element, zone: Zone, lang: str) -> None:
    properties = put(root, "properties")
    gui = put(properties, "Gui")
    for name, value in (("Red", 244), ("Green", 241), ("Blue", 234)):
        put(gui, f"CanvasColor{name}Part", str(value), type="int")
    system = put(properties, "SpatialRefSys")
    put(system, "ProjectionsEnabled", "1", type="int")
    # whose boundaries these are is said wherever the map goes
    decoration = put(properties, "CopyrightLabel")
    put(decoration, "Enabled", "true", type="bool")
    put(decoration, "Label", zone.credit.of(lang), type="QString")
    put(decoration, "Placement", "3", type="int")

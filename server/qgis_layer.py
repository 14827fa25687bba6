"""One layer of ours live in QGIS: where it comes from, and how it looks."""

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from geo.extent import Extent
from layers.qgis.fields import fields
from layers.qgis.labels import labels
from layers.qgis.look import NONE, Look, Offset
from layers.qgis.renderer import renderer
from layers.qgis.xml import crs, put
from server.esri_documents import name_of
from server.esri_layers import Published
from server.links import Links

WGS84 = 4326
WEB_MERCATOR = 3857  # the projects' CRS
TYPES = {"point": "Point", "multipoint": "Point", "line": "Line", "area": "Polygon"}


class Source(NamedTuple):
    """What QGIS reads a layer with, and what its fields are called there."""

    provider: str
    address: str
    names: dict[str | None, str]  # by the fields' own; the public id's under None


def source_of(one: Published, links: Links, zone: str, most: int) -> Source:
    """OGC API Features; for a layer of several kinds of geometry, of which that would give QGIS
    only the first one, the feature service, which has a layer for each.
    """
    if one.parts > 1:
        url = links.to("rest", "services", zone, "FeatureServer", str(one.number))
        names = {column.field.name if column.field else None: column.name for column in one.columns}
        return Source("arcgisfeatureserver", f"crs='EPSG:4326' url='{url}'", names)
    url = links.to()
    address = (
        f"pagingEnabled='true' pageSize='{most}' restrictToRequestBBOX='1'"
        f" srsname='OGC:CRS84' typename='{one.layer.id}' url='{url}'"
    )
    own: dict[str | None, str] = {each.name: each.name for each in one.layer.schema.fields}
    return Source("OAPIF", address, own | {None: "id"})


def layer_id(one: Published) -> str:
    """QGIS wants it unique in a project and plain."""
    return f"zoneatlas_{one.number}"


def tree_entry(parent: Element, one: Published, source: Source, lang: str, visible: bool) -> None:
    put(
        parent, "layer-tree-layer", id=layer_id(one), name=name_of(one, lang),
        providerKey=source.provider, source=source.address, expanded=0,
        checked="Qt::Checked" if visible else "Qt::Unchecked",
    )  # fmt: skip


def map_layer(
    parent: Element,
    one: Published,
    source: Source,
    extent: Extent | None,
    lang: str,
    offsets: Mapping[str, Offset] = NONE,
) -> None:
    element = put(
        parent, "maplayer", type="vector", geometry=TYPES[one.kind], labelsEnabled=1, readOnly=1,
        styleCategories="AllStyleCategories", hasScaleBasedVisibilityFlag=0, autoRefreshEnabled=0,
    )  # fmt: skip
    put(element, "id", layer_id(one))
    put(element, "datasource", source.address)
    put(element, "layername", name_of(one, lang))
    put(element, "title", name_of(one, lang))
    put(element, "abstract", one.layer.description.of(lang))
    if extent is not None:
        _extent(element, extent)
    crs(element, "srs", WGS84)
    put(element, "provider", source.provider, encoding="UTF-8")
    look = Look(one.layer, one.kind, source.names, lang, offsets)
    renderer(element, look)
    labels(element, look)
    fields(element, look)


def _extent(parent: Element, extent: Extent) -> None:
    box = put(parent, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        put(box, name, repr(value))

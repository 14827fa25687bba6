"""One layer as QGIS keeps it: where it comes from, how its fields are called, its labels."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from xml.etree.ElementTree import Element

from geo.extent import Extent
from layers.filter.queryables import id_name
from layers.model import Field
from server.esri_documents import YES_NO, name_of
from server.esri_layers import Published
from server.links import Links
from server.qgis_fan import Offset
from server.qgis_renderer import aside, colour, quoted, renderer
from server.qgis_xml import computed_options, crs, put

WGS84 = 4326
WEB_MERCATOR = 3857  # the projects' CRS
NONE: Mapping[str, Offset] = MappingProxyType({})
TYPES = {"point": "Point", "multipoint": "Point", "line": "Line", "area": "Polygon"}
LABELS = {"point": "6", "multipoint": "6", "line": "3", "area": "4"}  # QgsPalLayerSettings
INK = {"areas": "#23272b", "backdrop": "#6a675f"}


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
    renderer(element, one, source.names, lang, offsets)
    _labels(element, one, source, lang, offsets)
    _fields(element, one, source, lang)


def _extent(parent: Element, extent: Extent) -> None:
    box = put(parent, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        put(box, name, repr(value))


def _names(one: Published, lang: str) -> Iterable[Field]:
    """The fields of the name: the reader's language first."""
    found = [each for each in one.layer.schema.fields if each.role == "name"]
    return sorted(found, key=lambda each: (each.lang != lang, each.lang is not None))


def name_expression(one: Published, source: Source, lang: str) -> str:
    known = [quoted(source.names[each.name]) for each in _names(one, lang)]
    if not known:
        return quoted(source.names[None])
    return known[0] if len(known) == 1 else f"coalesce({', '.join(known)})"


def _labels(
    parent: Element, one: Published, source: Source, lang: str, offsets: Mapping[str, Offset]
) -> None:
    role, expression = one.layer.role, name_expression(one, source, lang)
    settings = put(put(parent, "labeling", type="simple"), "settings", calloutType="simple")
    style = put(
        settings, "text-style", fieldName=expression, isExpression=1, textOpacity=1,
        fontSize=11 if role == "areas" else 8.5, fontSizeUnit="Point",
        fontWeight=75 if role == "areas" else 50, namedStyle="Bold" if role == "areas" else "",
        textColor=colour(INK.get(role, "#23272b")), multilineHeight=1,
    )  # fmt: skip
    put(
        style, "text-buffer", bufferDraw=1, bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor=colour("#ffffff"), bufferOpacity="0.85", bufferNoFill=1,
    )  # fmt: skip
    importance = max(0, min(10, round(one.layer.style.importance / 10)))
    # Right of its symbol or left, close to it: above and below it might be taken for another's.
    placement = put(
        settings, "placement", placement=LABELS[one.kind], dist="0.6", distUnits="MM",
        priority=importance, offsetType=1, predefinedPositionOrder="R,L",
    )  # fmt: skip
    if offsets:
        _follow(settings, placement, aside(source.names, offsets))
    put(settings, "rendering", drawLabels=1, obstacle=1, obstacleFactor=1, scaleVisibility=0)
    put(parent, "previewExpression", expression)


def _follow(settings: Element, placement: Element, where: str) -> None:
    """A label stands on the outer side of a symbol that was put aside."""
    x, y = (f"to_real(array_get(string_to_array({where}), {place}))" for place in (0, 1))
    # QGIS moves labels by no millimetres, but their points by units of the map.
    metres = f"transform($geometry, 'EPSG:{WGS84}', 'EPSG:{WEB_MERCATOR}')"
    scale = "coalesce(@map_scale, 0) / 1000"
    moved = f"translate({metres}, {x} * {scale}, -{y} * {scale})"
    placement.set("geometryGeneratorEnabled", "1")
    placement.set("geometryGeneratorType", "PointGeometry")
    placement.set("geometryGenerator", f"transform({moved}, 'EPSG:{WEB_MERCATOR}', 'EPSG:{WGS84}')")
    side = f"CASE WHEN {x} < 0 THEN 'L' WHEN {x} > 0 THEN 'R' ELSE 'R,L' END"
    computed_options(settings, "dd_properties", {"PredefinedPositionOrder": side})


def _fields(parent: Element, one: Published, source: Source, lang: str) -> None:
    """Aliases in the reader's language; codes in words; lists stay what they are."""
    configuration, aliases = put(parent, "fieldConfiguration"), put(parent, "aliases")
    for index, each in enumerate((None, *one.layer.schema.fields)):
        name = source.names[each.name if each else None]
        put(aliases, "alias", field=name, index=index, name=alias(each, one, lang))
        if each is not None and (values := _values(each, lang)):
            field = put(configuration, "field", name=name)
            widget = put(field, "editWidget", type="ValueMap")
            _value_map(put(widget, "config"), values)


def alias(field: Field | None, one: Published, lang: str) -> str:
    if field is None:
        return id_name(one.layer)
    label = field.label.of(lang) or field.name
    if not field.unit:
        return label
    return f"{label}（{field.unit}）" if lang == "zh" else f"{label} ({field.unit})"


def _values(field: Field, lang: str) -> dict[str, str]:
    """Code to words."""
    if field.type == "boolean":
        return dict(zip(("false", "true"), YES_NO[lang], strict=True))
    if field.type == "list" or not field.codes:
        return {}
    return {code: text.of(lang) or code for code, text in field.codes.items()}


def _value_map(parent: Element, values: dict[str, str]) -> None:
    listed = put(put(parent, "Option", type="Map"), "Option", name="map", type="List")
    for code, words in values.items():
        entry = put(listed, "Option", type="Map")
        put(entry, "Option", name=words, type="QString", value=code)

"""The labels of a layer in QGIS: its names, in the reader's language first."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from layers.model import Field
from layers.qgis.fan import aside
from layers.qgis.look import Look, quoted
from layers.qgis.renderer import colour, only
from layers.qgis.xml import computed_options, put

PLACEMENTS = {"point": "6", "multipoint": "6", "line": "3", "area": "4"}  # QgsPalLayerSettings
_FREE = 2  # the most there is: what a name has to be worth to stand on another's symbol
INK = {"areas": "#23272b", "backdrop": "#6a675f"}


def labels(parent: Element, look: Look) -> None:
    settings(put(parent, "labeling", type="simple"), look)
    put(parent, "previewExpression", name_expression(look))


def mixed_labels(parent: Element, looks: Sequence[Look]) -> None:
    root = put(put(parent, "labeling", type="rule-based"), "rules", key="{labels}")
    for look in looks:
        settings(put(root, "rule", filter=only(look), key=f"{{label-{look.kind}}}"), look)
    put(parent, "previewExpression", name_expression(looks[0]))


def name_expression(look: Look) -> str:
    known = [quoted(look.names[each.name]) for each in _names(look)]
    if not known:
        return quoted(look.names[None])
    return known[0] if len(known) == 1 else f"coalesce({', '.join(known)})"


def _names(look: Look) -> Iterable[Field]:
    """The fields of the name: the reader's language first."""
    found = [each for each in look.layer.schema.fields if each.role == "name"]
    return sorted(found, key=lambda each: (each.lang != look.lang, each.lang is not None))


def settings(parent: Element, look: Look) -> None:
    role = look.layer.role
    element = put(parent, "settings", calloutType="simple")
    style = put(
        element, "text-style", fieldName=name_expression(look), isExpression=1, textOpacity=1,
        fontSize=11 if role == "areas" else 8.5, fontSizeUnit="Point",
        fontWeight=75 if role == "areas" else 50, namedStyle="Bold" if role == "areas" else "",
        textColor=colour(INK.get(role, "#23272b")), multilineHeight=1,
    )  # fmt: skip
    put(
        style, "text-buffer", bufferDraw=1, bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor=colour("#ffffff"), bufferOpacity="0.85", bufferNoFill=1,
    )  # fmt: skip
    importance = max(0, min(10, round(look.layer.style.importance / 10)))
    # Right of its symbol or left, close to it: above and below it might be taken for another's.
    placement = put(
        element, "placement", placement=PLACEMENTS[look.kind], dist="0.6", distUnits="MM",
        priority=importance, offsetType=1, predefinedPositionOrder="R,L",
    )  # fmt: skip
    if look.offsets:
        _follow(element, placement, look)
    # Symbols of sites are kept free of others' names. An area is no obstacle: to QGIS its whole
    # inside would be, and names of what lies in it would be left away.
    put(
        element, "rendering", drawLabels=1, scaleVisibility=0,
        obstacle=0 if look.kind == "area" else 1, obstacleFactor=_FREE if role == "sites" else 1,
    )  # fmt: skip


def _follow(settings: Element, placement: Element, look: Look) -> None:
    """A label stands on the outer side of a symbol that was put aside."""
    x, y = (f"to_real(array_get(string_to_array({aside(look)}), {place}))" for place in (0, 1))
    # QGIS moves labels by no millimetres, but their points by units of the map.
    scale = "coalesce(@map_scale, 0) / 1000"
    metres = "transform($geometry, 'EPSG:4326', 'EPSG:3857')" if look.degrees else "$geometry"
    moved = f"translate({metres}, {x} * {scale}, -{y} * {scale})"
    placement.set("geometryGeneratorEnabled", "1")
    placement.set("geometryGeneratorType", "PointGeometry")
    placement.set(
        "geometryGenerator",
        f"transform({moved}, 'EPSG:3857', 'EPSG:4326')" if look.degrees else moved,
    )
    side = f"CASE WHEN {x} < 0 THEN 'L' WHEN {x} > 0 THEN 'R' ELSE 'R,L' END"
    computed_options(settings, "dd_properties", {"PredefinedPositionOrder": side})

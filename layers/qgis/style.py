"""The style of a layer as QGIS keeps it in a file or a database (QML)."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from layers.qgis.fields import fields
from layers.qgis.labels import labels, mixed_labels
from layers.qgis.look import Look
from layers.qgis.renderer import mixed_renderer, renderer
from layers.qgis.xml import VERSION, written

# Of 2 at most: what a name has to be worth to stand on the symbol of something else.
_FREE = "2"


def style_of(looks: Sequence[Look]) -> str:
    """One look for each kind of geometry that the layer has."""
    root = Element(
        "qgis",
        {"version": VERSION, "styleCategories": "AllStyleCategories", "labelsEnabled": "1"},
    )
    first = looks[0]
    if len(looks) == 1:
        renderer(root, first)
        labels(root, first)
    else:
        mixed_renderer(root, looks)
        mixed_labels(root, looks)
    for rendering, look in zip(root.iter("rendering"), looks, strict=True):
        _keep_free(rendering, look)
    fields(root, first)
    return written(root, "qgis").decode()


def _keep_free(rendering: Element, look: Look) -> None:
    """Symbols of sites are kept free of others' names. An area is no obstacle: to QGIS its whole
    inside would be, and names of what lies in it would be left away.
    """
    if look.kind == "area":
        rendering.set("obstacle", "0")
    elif look.layer.role == "sites":
        rendering.set("obstacleFactor", _FREE)

"""The style of a layer as QGIS keeps it in a file or a database (QML)."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from layers.qgis.fields import fields
from layers.qgis.labels import labels, mixed_labels
from layers.qgis.look import Look
from layers.qgis.renderer import mixed_renderer, renderer
from layers.qgis.xml import VERSION, written


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
    fields(root, first)
    return written(root, "qgis").decode()

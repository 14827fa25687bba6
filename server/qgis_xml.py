"""The XML that QGIS keeps layers and projects in: made by a library, fit for XML whatever came."""

from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from layers.export.xml import clean


def put(parent: Element, tag: str, text: str | None = None, /, **attributes: object) -> Element:
    """An element at the end of another. A name that Python keeps for itself ends with _ here."""
    names = {name.rstrip("_").replace("__", "-"): clean(one) for name, one in attributes.items()}
    element = SubElement(parent, tag, names)
    if text is not None:
        element.text = clean(text)
    return element


def options(parent: Element, values: Mapping[str, str]) -> None:
    """A map of texts, as QGIS reads it now (Option) and before 3.20 (prop)."""
    table = put(parent, "Option", type="Map")
    for name, value in values.items():
        put(table, "Option", name=name, type="QString", value=value)
    for name, value in values.items():
        put(parent, "prop", k=name, v=value)


def computed_options(parent: Element, tag: str, expressions: Mapping[str, str]) -> None:
    """What an expression decides from feature to feature."""
    table = put(put(parent, tag), "Option", type="Map")
    put(table, "Option", name="name", type="QString", value="")
    put(table, "Option", name="type", type="QString", value="collection")
    properties = put(table, "Option", name="properties", type="Map")
    for name, expression in expressions.items():
        entry = put(properties, "Option", name=name, type="Map")
        put(entry, "Option", name="active", type="bool", value="true")
        put(entry, "Option", name="expression", type="QString", value=expression)
        put(entry, "Option", name="type", type="int", value=3)


def crs(parent: Element, tag: str, code: int) -> None:
    """By its definition too: a project takes no CRS that has only a code."""
    system = put(put(parent, tag), "spatialrefsys", nativeFormat="Wkt")
    put(system, "wkt", definition(code))
    put(system, "srid", str(code))
    put(system, "authid", f"EPSG:{code}")


@lru_cache(maxsize=8)
def definition(code: int) -> str:
    from pyproj import CRS

    return str(CRS.from_epsg(code).to_wkt())


def written(root: Element, doctype: str) -> bytes:
    ElementTree.indent(root)
    head = f"<!DOCTYPE {doctype}>\n".encode()
    body: bytes = ElementTree.tostring(root, "utf-8")
    return head + body + b"\n"
